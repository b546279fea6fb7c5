"""A server that does one thing wrong: the emulator behind a fault, or with one inside.

A fault at the edge sits between a check and the emulator and changes what is sent or answered; a fault inside replaces
a piece of the emulator. Both are written so that a table of them reads as a list of sentences.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Literal

import httpx
import pytest

from agora_rest import spec
from agora_rest.contract.checking.checks import Check
from agora_rest.contract.http.control import ControlApi
from agora_rest.contract.http.server import Server
from agora_rest.contract.http.wire import Account
from agora_rest.contract.outcomes import Skipped
from agora_rest.contract.safety.access import Profile
from agora_rest.contract.safety.gate import Gate, GatedTransport
from agora_rest.contract.safety.ledger import Ledger
from agora_rest.emulator import (
    DEFAULT_CUSTOMER_CERTIFICATE,
    DEFAULT_CUSTOMER_ID,
    DEMO_APP_ID,
    Clock,
    Emulator,
    FrozenClock,
)
from tests.contract.in_process import InProcess

Dialect = Literal["documented", "observed"]
DIALECTS: tuple[Dialect, ...] = ("documented", "observed")

RECORDING = ("acquire", "start_recording", "query_recording", "stop_recording")
ACQUIRE, START, QUERY, STOP = RECORDING


# -- a faulty server ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sent:
    """A request to an operation ("": to none)."""

    operation: str
    path: dict[str, str]
    request: httpx.Request
    body: Any = None

    def with_body(self, at: tuple[str, ...], value: Any) -> Sent:
        body = copy.deepcopy(self.body)
        inner = body
        for name in at[:-1]:
            inner = inner[name]
        inner[at[-1]] = value
        return self.again(content=json.dumps(body).encode(), body=body)

    def again(self, *, content: bytes | None = None, body: Any = None, **changes: Any) -> Sent:
        """With other bytes, method, URL or headers."""
        old = self.request
        headers = {name: value for name, value in old.headers.items() if name != "content-length"}
        request = httpx.Request(
            changes.get("method", old.method),
            changes.get("url", old.url),
            headers={**headers, **changes.get("headers", {})},
            content=old.read() if content is None else content,
        )
        return replace(self, request=request, body=self.body if content is None else body)

    def at(self, path: tuple[str, ...]) -> Any:
        """The value at `path` of the body, or None."""
        value = self.body
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        return value


Serve = Callable[[Sent], httpx.Response]
Edge = Callable[[Sent, Serve], httpx.Response]
Patch = Callable[[pytest.MonkeyPatch], object]


class FaultyTransport(httpx.BaseTransport):
    """The emulator behind a fault."""

    def __init__(self, inner: httpx.BaseTransport, fault: Edge | None) -> None:
        self._inner, self._fault = inner, fault

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self._fault is None or request.url.path.startswith("/_emulator"):
            return self._inner.handle_request(request)
        return self._fault(_sent(request), lambda sent: self._inner.handle_request(sent.request))

    def close(self) -> None:
        self._inner.close()


def _sent(request: httpx.Request) -> Sent:
    path = request.url.raw_path.decode().partition("?")[0]
    try:
        body = json.loads(request.read())
    except (ValueError, RecursionError):
        body = None
    for operation in spec.operations().values():
        prefix = "/dev" if operation.api == "console" else ""
        match = re.fullmatch(prefix + re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", operation.path), path)
        if match and request.method == operation.method:
            return Sent(operation.id, match.groupdict(), request, body)
    return Sent("", {}, request, body)


@dataclass(frozen=True)
class Fault:
    """One thing a server does wrong, and the checks that must see it."""

    what: str
    edge: Edge | None
    patch: Patch | None
    caught_by: tuple[str, ...]
    dialect: Dialect


def edge(what: str, how: Edge, *caught_by: str, dialect: Dialect = "documented") -> Fault:
    """A fault between a check and the emulator."""
    return Fault(what, how, None, caught_by, dialect)


def inside(what: str, how: Patch, *caught_by: str, dialect: Dialect = "documented") -> Fault:
    """A fault in the emulator."""
    return Fault(what, None, how, caught_by, dialect)


@contextmanager
def somebodys_server(emulator: Emulator, profile: Profile) -> Iterator[Server]:
    """An emulator as if it were somebody's account: without control, behind a gate of `profile`, its clock standing."""
    account = Account(DEFAULT_CUSTOMER_ID, DEFAULT_CUSTOMER_CERTIFICATE)
    gate = Gate(profile, Ledger(sleep=lambda _: None))
    with (
        InProcess(emulator.app) as inner,
        httpx.Client(transport=GatedTransport(inner, gate), base_url="http://127.0.0.1") as client,
    ):
        yield Server(client, account, app_id=DEMO_APP_ID, gate=gate)


@contextmanager
def faulty_server(dialect: Dialect, fault: Edge | None = None, clock: Clock | None = None) -> Iterator[Server]:
    """A driver of an emulator in this process, behind `fault`; its clock stands still, as in a run, or is `clock`."""
    emulator = Emulator(dialect=dialect, clock=clock or FrozenClock())
    with (
        InProcess(emulator.app) as inner,
        httpx.Client(transport=FaultyTransport(inner, fault), base_url="http://127.0.0.1") as client,
    ):
        account = Account(DEFAULT_CUSTOMER_ID, DEFAULT_CUSTOMER_CERTIFICATE)
        control = ControlApi.of(client)
        yield Server(client, account, app_id=DEMO_APP_ID, control=control, dialect=dialect)


def breaks(check: Check, server: Server) -> Exception | None:
    """How a check breaks on `server`, as the runner sees it, or None."""
    try:
        server.begin()
        check.function(server)
    except Skipped:
        return None
    except Exception as error:  # noqa: BLE001 -- to the runner, whatever a check raises is the server's doing
        return error
    finally:
        server.clean_up()
    return None


# -- kinds of faults ---------------------------------------------------------------------------------------------------


def answer(status: int, payload: Any, **headers: str) -> httpx.Response:
    return httpx.Response(status, headers={"content-type": "application/json", **headers}, content=json.dumps(payload))


def error(code: int, status: int = 400) -> httpx.Response:
    return answer(status, {"Code": status, "Body": {"code": code, "reason": "refused"}})


def takes(operation: str, at: str, wrong: Callable[[Any], bool], instead: Any) -> Edge:
    """What should be refused at `at` passes, taken for something that is right."""
    path = tuple(at.split("."))
    return lambda sent, serve: serve(
        sent.with_body(path, instead) if sent.operation == operation and wrong(sent.at(path)) else sent
    )


def refuses(operation: str, at: str, right: Callable[[Any], bool], code: int = 2) -> Edge:
    """What should pass at `at` is refused."""
    path = tuple(at.split("."))
    return lambda sent, serve: error(code) if sent.operation == operation and right(sent.at(path)) else serve(sent)


def rewrites(
    change: Callable[[Any, Sent], Any], *operations: str, when: Callable[[int], bool] = lambda _: True
) -> Edge:
    """An answer's payload is changed by `change`, which may also give another one."""

    def fault(sent: Sent, serve: Serve) -> httpx.Response:
        response = serve(sent)
        if sent.operation not in (operations or RECORDING) or not when(response.status_code):
            return response
        body = response.json()
        enveloped = "Body" in body
        payload = body["Body"] if enveloped else body
        changed = change(payload, sent)
        payload = payload if changed is None else changed
        return answer(response.status_code, {**body, "Body": payload} if enveloped else payload)

    return fault


def recodes(old: int, new: int, status: int = 400) -> Edge:
    """Another error code, or status, than the documented one."""

    def fault(sent: Sent, serve: Serve) -> httpx.Response:
        response = serve(sent)
        body = response.json() if response.status_code >= 400 else {}
        return error(new, status) if body.get("Body", {}).get("code") == old else response

    return fault


def responds(change: Callable[[httpx.Response, Sent], httpx.Response]) -> Edge:
    """Any change of an answer."""
    return lambda sent, serve: change(serve(sent), sent)


def sends(change: Callable[[Sent], Sent]) -> Edge:
    """Any change of a request."""
    return lambda sent, serve: serve(change(sent))


def is_(*values: Any) -> Callable[[Any], bool]:
    return lambda value: any(type(value) is type(each) and value == each for each in values)


def replaced(owner: Any, name: str, value: Any) -> Patch:
    return lambda patch: patch.setattr(owner, name, value)


def wrapped(owner: Any, name: str, around: Callable[..., Any]) -> Patch:
    """A method that is given the original first."""
    original = getattr(owner, name)
    return lambda patch: patch.setattr(owner, name, lambda *args, **more: around(original, *args, **more))


CONFIG, STORED = "clientRequest.recordingConfig", "clientRequest.storageConfig"
