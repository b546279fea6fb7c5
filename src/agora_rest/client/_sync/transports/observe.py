# Derived from the file of the same name in `_async` by scripts/derive_sync.py. Change that one.
"""Reports every attempt to hooks, to the log, and to OpenTelemetry if the program uses it."""

from __future__ import annotations

import httpx

from agora_rest.client._transports import call_of
from agora_rest.client._transports.observe import Observation
from agora_rest.errors import CallError


class ObserveTransport(httpx.BaseTransport):
    """Observes an attempt from its request to its outcome without changing it."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request` and report the outcome."""
        with Observation(request, call_of(request)) as observation:
            try:
                response = self._inner.handle_request(request)
            except CallError as error:
                observation.failed(error)
                raise
            observation.responded(response)
            return response

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()
