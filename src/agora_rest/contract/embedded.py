"""The server of a run without a base URL: our emulator, on a local port, for the duration of the run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from agora_rest import spec
from agora_rest.contract.http.server import Account
from agora_rest.emulator import DEFAULT_CUSTOMER_CERTIFICATE, DEFAULT_CUSTOMER_ID, DEMO_APP_ID, Emulator, FrozenClock


@contextmanager
def embedded_emulator(dialect: spec.Dialect) -> Iterator[tuple[str, Account, str]]:
    """Start an emulator; gives its URL, its account and a live App ID.

    Its clock is frozen unless a check advances it: measurements do not depend on the machine's load. So
    it has no rate limit until a check wants one: no second would ever pass.
    """
    with Emulator(dialect=dialect, clock=FrozenClock(), rate_limit=False).serve() as server:
        yield server.url, Account(DEFAULT_CUSTOMER_ID, DEFAULT_CUSTOMER_CERTIFICATE), DEMO_APP_ID
