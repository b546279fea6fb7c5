# Derived from the file of the same name in `_async` by scripts/derive_sync.py. Change that one.
"""Retries a request if its operation allows it and there is time."""

from __future__ import annotations

import httpx

from agora_rest.client._retries import RetryBudget
from agora_rest.client._transports import call_of
from agora_rest.client._transports.observe import call_span
from agora_rest.client._transports.retry import Addresses, RetryLoop
from agora_rest.client.clocks import Clock
from agora_rest.errors import CallError


class RetryTransport(httpx.BaseTransport):
    """Retries a request as `_retries` decides. The final error states the number of attempts."""

    def __init__(self, inner: httpx.BaseTransport, addresses: Addresses, clock: Clock) -> None:
        self._inner, self._addresses, self._clock = inner, addresses, clock
        self._budget = RetryBudget()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request` until it succeeds or must not be retried."""
        call = call_of(request)
        with call_span(call):
            return self._sent(request, RetryLoop(request, call, self._budget, self._addresses))

    def _sent(self, request: httpx.Request, loop: RetryLoop) -> httpx.Response:
        while True:
            loop.select_address()
            try:
                response = self._inner.handle_request(request)
            except CallError as error:
                failure = error
            else:
                loop.succeeded()
                return response
            delay = loop.failed(failure)
            if delay is None:
                raise failure
            self._clock.sleep(delay)

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()
