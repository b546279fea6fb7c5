"""Retries a request if its operation allows it and there is time."""

from __future__ import annotations

import httpx

from agora_rest.client._retries import RetryBudget
from agora_rest.client._transports import call_of
from agora_rest.client._transports.observe import call_span
from agora_rest.client._transports.retry import Addresses, RetryLoop
from agora_rest.client.clocks import AsyncClock
from agora_rest.errors import CallError


class AsyncRetryTransport(httpx.AsyncBaseTransport):
    """Retries a request as `_retries` decides. The final error states the number of attempts."""

    def __init__(self, inner: httpx.AsyncBaseTransport, addresses: Addresses, clock: AsyncClock) -> None:
        self._inner, self._addresses, self._clock = inner, addresses, clock
        self._budget = RetryBudget()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request` until it succeeds or must not be retried."""
        call = call_of(request)
        with call_span(call):
            return await self._sent(request, RetryLoop(request, call, self._budget, self._addresses))

    async def _sent(self, request: httpx.Request, loop: RetryLoop) -> httpx.Response:
        while True:
            loop.select_address()
            try:
                response = await self._inner.handle_async_request(request)
            except CallError as error:
                failure = error
            else:
                loop.succeeded()
                return response
            delay = loop.failed(failure)
            if delay is None:
                raise failure
            await self._clock.sleep(delay)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()
