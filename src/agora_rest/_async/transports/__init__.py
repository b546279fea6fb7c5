"""The transports that do as `agora_rest.transports` decides, and how they are put together."""

from __future__ import annotations

import httpx

from ...clocks import AsyncClock
from ...transports.retry import Addresses
from .errors import AsyncErrorsTransport
from .observe import AsyncObserveTransport
from .retry import AsyncRetryTransport
from .send import AsyncSendTransport


def chained(network: httpx.AsyncBaseTransport, addresses: Addresses, clock: AsyncClock) -> httpx.AsyncBaseTransport:
    """`network`, under every transport that a request passes through."""
    attempt = AsyncObserveTransport(AsyncErrorsTransport(AsyncSendTransport(network)))
    return AsyncRetryTransport(attempt, addresses, clock)
