"""Drivers, as checks use them, of emulators in this process: with a fault, or without control."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import httpx

from agora_rest.contract.checking.checks import Check
from agora_rest.contract.http.control import ControlApi
from agora_rest.contract.http.direct import DirectClient
from agora_rest.contract.http.server import Server
from agora_rest.contract.http.wire import Account
from agora_rest.contract.outcomes import Skipped
from agora_rest.contract.safety.access import Profile
from agora_rest.contract.safety.gate import Gate, GatedTransport
from agora_rest.contract.safety.ledger import Ledger
from agora_rest.emulator import DEFAULT_CUSTOMER_CERTIFICATE, DEFAULT_CUSTOMER_ID, DEMO_APP_ID, Clock, Emulator
from faults import asgi
from faults.fault import Dialect, Fault, emulator

_TURN: Final = 0.0005
"""Seconds after which a waiting thread looks whether the event loop needs a thread to run it."""


class InProcess(httpx.BaseTransport):
    """Calls `app` on one event loop, where requests of several threads meet as they would on a server.

    The loop has no thread of its own: handing every request from thread to thread costs more than the response. The
    thread that finds the loop at rest runs it until it has its response, and serves those of other threads meanwhile.
    """

    def __init__(self, app: Any) -> None:
        self._app = app
        self._loop = asyncio.new_event_loop()
        self._running = threading.Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request. What the application raises is raised here."""
        sent = self.send(request.method, request.url.raw_path, request.headers.raw, request.read())
        return httpx.Response(sent.status, headers=list(sent.headers), content=sent.content)

    def send(self, method: str, target: bytes, headers: asgi.Headers, content: bytes) -> asgi.Response:
        """The same as bytes."""
        coming = asgi.request(self._app, method, target, headers, content)
        if self._running.acquire(blocking=False):
            return self._run(coming)
        response = asyncio.run_coroutine_threadsafe(coming, self._loop)
        while True:
            try:
                return response.result(_TURN)
            except TimeoutError:
                if response.done():  # the application's own TimeoutError
                    raise
            if self._running.acquire(blocking=False):
                return self._run(asyncio.wrap_future(response, loop=self._loop))

    def _run(self, coming: Awaitable[asgi.Response]) -> asgi.Response:
        try:
            return self._loop.run_until_complete(coming)
        finally:
            self._running.release()

    def close(self) -> None:
        """End the loop. A second time does nothing."""
        self._loop.close()


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
