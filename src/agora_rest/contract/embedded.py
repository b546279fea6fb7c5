"""The server of a run without a base URL: our emulator, called in this process for the duration of the run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from agora_rest import spec
from agora_rest.contract.http.in_process import Application
from agora_rest.contract.http.server import Account
from agora_rest.contract.safety.access import RequestedAccess
from agora_rest.contract.safety.bounds import Bounds
from agora_rest.contract.safety.gate import Gate
from agora_rest.contract.target import Target, reach
from agora_rest.emulator import DEFAULT_CUSTOMER_CERTIFICATE, DEFAULT_CUSTOMER_ID, DEMO_APP_ID, Emulator, FrozenClock

EMBEDDED_URL: Final = "http://127.0.0.1"
"""The base URL of its requests. Nothing is sent there."""


@contextmanager
def embedded_emulator(dialect: spec.Dialect) -> Iterator[tuple[Application, Account, str]]:
    """Start an emulator; gives what its requests go to, its account and a live App ID.

    Its clock is frozen unless a check advances it: measurements do not depend on the machine's load. So
    it has no rate limit until a check wants one: no second would ever pass.
    """
    application = Application(Emulator(dialect=dialect, clock=FrozenClock(), rate_limit=False).app)
    try:
        yield application, Account(DEFAULT_CUSTOMER_ID, DEFAULT_CUSTOMER_CERTIFICATE), DEMO_APP_ID
    finally:
        application.shut()


@contextmanager
def embedded_target(
    dialect: spec.Dialect | None,
    *,
    requested: RequestedAccess | None,
    bounds: Bounds,
    gate: Gate | None = None,
    owned: bool = False,
) -> Iterator[Target]:
    """Start an emulator and reach it; the arguments are those of `reach`."""
    with (
        embedded_emulator(dialect or spec.DEFAULT_DIALECT) as (application, account, app_id),
        reach(
            EMBEDDED_URL,
            account,
            app_id=app_id,
            dialect=dialect,
            application=application,
            gate=gate,
            requested=requested,
            owned=owned,
            bounds=bounds,
        ) as target,
    ):
        yield target
