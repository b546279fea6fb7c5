# Derived from the file of the same name in `_async` by scripts/derive_sync.py. Change that one.
"""The transports that do as `agora_rest.transports` decides, and how they are put together."""

from __future__ import annotations

import httpx

from ...clocks import Clock
from ...transports.retry import Addresses
from .errors import ErrorsTransport
from .observe import ObserveTransport
from .retry import RetryTransport
from .send import SendTransport


def chained(network: httpx.BaseTransport, addresses: Addresses, clock: Clock) -> httpx.BaseTransport:
    """`network`, under every transport that a request passes through."""
    attempt = ObserveTransport(ErrorsTransport(SendTransport(network)))
    return RetryTransport(attempt, addresses, clock)
