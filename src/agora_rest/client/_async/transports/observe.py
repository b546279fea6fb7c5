"""Reports every attempt to hooks, to the log, and to OpenTelemetry if the program uses it."""

from __future__ import annotations

import httpx

from agora_rest.client._transports import call_of
from agora_rest.client._transports.observe import Observation
from agora_rest.errors import CallError


class AsyncObserveTransport(httpx.AsyncBaseTransport):
    """Observes an attempt from its request to its outcome without changing it."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request` and report the outcome."""
        with Observation(request, call_of(request)) as observation:
            try:
                response = await self._inner.handle_async_request(request)
            except CallError as error:
                observation.failed(error)
                raise
            observation.responded(response)
            return response

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()
