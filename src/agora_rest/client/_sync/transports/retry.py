# Derived from the file of the same name in `_async` by scripts/derive_sync.py. Change that one.
"""A request goes out again where its operation allows it and there is time."""

from __future__ import annotations

import httpx

from agora_rest.client._retries import RetryBudget
from agora_rest.client._transports import call_of
from agora_rest.client._transports.retry import Addresses, Trials
from agora_rest.client.clocks import Clock
from agora_rest.errors import CallError


class RetryTransport(httpx.BaseTransport):
    """Sends a request again as `_retries` decides; what is raised in the end knows of every attempt."""

    def __init__(self, inner: httpx.BaseTransport, addresses: Addresses, clock: Clock) -> None:
        self._inner, self._addresses, self._clock = inner, addresses, clock
        self._budget = RetryBudget()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request` until it has its answer or there is no sense in going on."""
        trials = Trials(request, call_of(request), self._budget, self._addresses)
        while True:
            trials.aim()
            try:
                response = self._inner.handle_request(request)
            except CallError as error:
                failure = error
            else:
                trials.succeeded()
                return response
            delay = trials.failed(failure)
            if delay is None:
                raise failure
            self._clock.sleep(delay)

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()
