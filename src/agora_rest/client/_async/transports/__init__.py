"""The transports that carry out the decisions of `agora_rest.client._transports`, and their composition."""

from __future__ import annotations

import httpx

from agora_rest.client._async.transports.errors import AsyncErrorsTransport
from agora_rest.client._async.transports.observe import AsyncObserveTransport
from agora_rest.client._async.transports.retry import AsyncRetryTransport
from agora_rest.client._async.transports.send import AsyncSendTransport
from agora_rest.client._transports.retry import Addresses
from agora_rest.client.clocks import AsyncClock


def chained(network: httpx.AsyncBaseTransport, addresses: Addresses, clock: AsyncClock) -> httpx.AsyncBaseTransport:
    """`network`, wrapped in every transport that a request passes through."""
    attempt = AsyncObserveTransport(AsyncErrorsTransport(AsyncSendTransport(network)))
    return AsyncRetryTransport(attempt, addresses, clock)
