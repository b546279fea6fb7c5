"""The short way to an application in this process sends what httpx sends, and gives what httpx gives."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agora_rest.contract.http.control import Control, ControlApi
from agora_rest.contract.http.exchange import Exchange
from agora_rest.contract.http.in_process import Application
from agora_rest.contract.http.server import Account, Server
from agora_rest.contract.http.straight import StraightClient
from agora_rest.contract.safety.access import Profile
from agora_rest.contract.safety.gate import Gate, UnusableResponse
from agora_rest.emulator import DEFAULT_CUSTOMER_CERTIFICATE, DEFAULT_CUSTOMER_ID, DEMO_APP_ID, Emulator

_ACCOUNT = Account(DEFAULT_CUSTOMER_ID, DEFAULT_CUSTOMER_CERTIFICATE)
_URL = "http://127.0.0.1"

Sent = tuple[str, str, bytes, list[tuple[bytes, bytes]], bytes]


class _Recorder:
    """An ASGI application that keeps what it is sent."""

    def __init__(self, headers: tuple[tuple[bytes, bytes], ...] = (), body: bytes = b"{}") -> None:
        self.sent: list[Sent] = []
        self._headers, self._body = headers, body

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        body = (await receive())["body"]
        self.sent.append((scope["method"], scope["path"], scope["query_string"], scope["headers"], body))
        await send({"type": "http.response.start", "status": 200, "headers": self._headers})
        await send({"type": "http.response.body", "body": self._body})


@contextmanager
def _server(app: Any, *, straight: bool = True) -> Iterator[Server]:
    application, gate = Application(app), Gate(Profile.LOCAL)
    http = StraightClient(application, gate, base_url=_URL)
    try:
        control = ControlApi(http, Control.ALL)
        server = Server(http, _ACCOUNT, app_id=DEMO_APP_ID, gate=gate, control=control, embedded=True)
        if not straight:
            http.exchange = lambda *_, **__: None  # type: ignore[method-assign]
        yield server
    finally:
        application.shut()


def _outcome(path: str, query: dict[str, str], body: bytes | None, method: str, *, straight: bool) -> object:
    recorder = _Recorder(headers=((b"content-type", b"application/json"), (b"x-twice", b"a"), (b"x-twice", b"b")))
    with _server(recorder, straight=straight) as server:
        try:
            response = server.request(
                method, path, query=query, **({} if body is None else {"content": body}), auth=_ACCOUNT.credentials
            )
        except httpx.InvalidURL as error:
            return str(error)
    return recorder.sent, _parts(response.exchange)


def _parts(exchange: Exchange) -> tuple[object, ...]:
    sides = list(exchange.request_headers.items()), list(exchange.headers.items())
    return exchange.method, exchange.url, exchange.request_body, exchange.status, exchange.body, sides


@given(
    path=st.one_of(
        st.from_regex(r"(/([A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})*)+", fullmatch=True),
        st.text(st.sampled_from('/ab.%2Fé?#\\"<> \n'), max_size=8).map("/a".__add__),
    ),
    query=st.dictionaries(st.text(max_size=3), st.text(max_size=5), max_size=2),
    body=st.sampled_from([None, b"", b"{}"]),
    method=st.sampled_from(["GET", "POST", "delete", "PATCH"]),
)
def test_the_short_way_sends_and_gives_what_httpx_does(
    path: str, query: dict[str, str], body: bytes | None, method: str
) -> None:
    short = _outcome(path, query, body, method, straight=True)
    assert short == _outcome(path, query, body, method, straight=False)


@pytest.mark.parametrize("straight", [True, False])
def test_header_fields_of_a_check_arrive(straight: bool) -> None:
    recorder = _Recorder()
    with _server(recorder, straight=straight) as server:
        server.request("POST", "/", content=b"{}", headers={"Content-Type": "text/plain"})
    assert (b"content-type", b"text/plain") in recorder.sent[0][3]


@pytest.mark.parametrize("straight", [True, False])
def test_calls_of_checks_and_of_control_are_in_the_trail(straight: bool) -> None:
    with _server(Emulator(rate_limit=False).app, straight=straight) as server:
        server.begin()
        assert server.join("room", 7)
        server.advance(seconds=1)
        server.list_projects()
    trail = [(each.method, each.operation) for each in server.trail]
    assert trail == [("POST", ""), ("POST", ""), ("GET", "list_projects")]


@pytest.mark.parametrize("straight", [True, False])
def test_a_refused_control_call_raises(straight: bool) -> None:
    with (
        _server(Emulator().app, straight=straight) as server,
        pytest.raises(httpx.HTTPStatusError, match="400"),
    ):
        server.advance(seconds=-1)


@pytest.mark.parametrize("straight", [True, False])
def test_a_response_that_nests_too_deeply_is_unusable(straight: bool) -> None:
    recorder = _Recorder(body=b"[" * 200 + b"]" * 200)
    with _server(recorder, straight=straight) as server, pytest.raises(UnusableResponse, match="levels"):
        server.request("GET", "/")
