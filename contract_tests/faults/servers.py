"""Drivers, as checks use them, of emulators in this process: with a fault, or without control."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from agora_rest.contract.checking.checks import Check
from agora_rest.contract.http.control import ControlApi
from agora_rest.contract.http.direct import DirectClient
from agora_rest.contract.http.in_process import InProcess
from agora_rest.contract.http.server import Server
from agora_rest.contract.http.wire import Account
from agora_rest.contract.outcomes import Skipped
from agora_rest.contract.safety.access import Profile
from agora_rest.contract.safety.gate import Gate, GatedTransport
from agora_rest.contract.safety.ledger import Ledger
from agora_rest.emulator import DEFAULT_CUSTOMER_CERTIFICATE, DEFAULT_CUSTOMER_ID, DEMO_APP_ID, Clock, Emulator
from faults.fault import Dialect, Fault, emulator

_ACCOUNT = Account(DEFAULT_CUSTOMER_ID, DEFAULT_CUSTOMER_CERTIFICATE)
_URL = "http://127.0.0.1"


@contextmanager
def faulty_server(dialect: Dialect, fault: Fault | None = None, clock: Clock | None = None) -> Iterator[Server]:
    """A driver of an emulator with `fault`; its clock stands still, as in a run, or is `clock`.

    Raises DoesNotApply at the end when the fault itself raised.
    """
    with (
        emulator(dialect, fault, rate_limit=True, clock=clock) as broken,
        InProcess(broken.app) as transport,
        DirectClient(transport, base_url=_URL) as client,
    ):
        yield Server(client, _ACCOUNT, app_id=DEMO_APP_ID, control=ControlApi.of(client), dialect=dialect)


@contextmanager
def remote_server(emulator: Emulator, profile: Profile) -> Iterator[Server]:
    """A driver of an emulator as if it were an account at Agora: without control, behind a gate of `profile`."""
    gate = Gate(profile, Ledger(sleep=lambda _: None))
    with (
        InProcess(emulator.app) as inner,
        DirectClient(GatedTransport(inner, gate), base_url=_URL) as client,
    ):
        dialect: Dialect = emulator.settings.dialect.value
        yield Server(client, _ACCOUNT, app_id=DEMO_APP_ID, gate=gate, dialect=dialect)


def breaks(check: Check, server: Server) -> Exception | None:
    """How a check breaks on `server`, as the runner sees it, or None."""
    try:
        server.begin()
        check.function(server)
    except Skipped:
        return None
    except Exception as error:  # noqa: BLE001  the runner counts whatever a check raises as the server's fault
        return error
    finally:
        server.clean_up()
    return None
