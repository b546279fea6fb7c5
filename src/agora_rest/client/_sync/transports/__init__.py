# Derived from the file of the same name in `_async` by scripts/derive_sync.py. Change that one.
"""The transports that carry out the decisions of `agora_rest.client._transports`, and their composition."""

from __future__ import annotations

import httpx

from agora_rest.client._sync.transports.errors import ErrorsTransport
from agora_rest.client._sync.transports.observe import ObserveTransport
from agora_rest.client._sync.transports.retry import RetryTransport
from agora_rest.client._sync.transports.send import SendTransport
from agora_rest.client._transports.retry import Addresses
from agora_rest.client.clocks import Clock


def chained(network: httpx.BaseTransport, addresses: Addresses, clock: Clock) -> httpx.BaseTransport:
    """`network`, wrapped in every transport that a request passes through."""
    attempt = ObserveTransport(ErrorsTransport(SendTransport(network)))
    return RetryTransport(attempt, addresses, clock)
