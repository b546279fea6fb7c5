"""A run ends, whatever the server does: bounded in time, requests, and the size and depth of a response."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import httpx
import pytest
import requests.adapters
from schemathesis.engine.core import EventStream

from agora_rest import spec
from agora_rest.contract.checking import _schemathesis
from agora_rest.contract.http import bounded
from agora_rest.contract.http.bounded import Unusable, Watchdog, is_too_deep, read_bounded
from agora_rest.contract.results.events import Outcome
from agora_rest.contract.safety.access import Profile
from agora_rest.contract.safety.bounds import Bounds, Stopped
from agora_rest.contract.safety.gate import Gate, GatedTransport, UnusableResponse, pace_of
from agora_rest.contract.safety.ledger import Ledger
from agora_rest.redaction import Secret
from tests.contract.runs import made

# -- the bounds of a run -----------------------------------------------------------------------------------------------


def test_time_is_up_for_every_request_after_it() -> None:
    now = [0.0]
    bounds = Bounds(900, now=lambda: now[0])
    bounds.count()
    now[0] = 900
    with pytest.raises(Stopped, match="it took longer than 15 minutes, the limit of --timeout"):
        bounds.count()
    bounds.allow(10)
    bounds.count()
    now[0] = 911
    with pytest.raises(Stopped):
        bounds.count()


def test_requests_are_counted() -> None:
    bounds = Bounds(requests=2)
    bounds.count()
    bounds.count()
    with pytest.raises(Stopped, match="it sent 2 requests"):
        bounds.count()


def test_a_server_that_fails_on_everything_ends_the_run_and_one_broken_operation_does_not() -> None:
    one, all_of_them = Bounds(), Bounds()
    for number in range(200):
        one.failed("acquire", 0.1, "status 500")
        all_of_them.failed(("acquire", "list_projects", "find_project")[number % 3], 0.1, "status 500")
    one.require()
    with pytest.raises(Stopped, match=r"requests in a row failed, the last one with status 500"):
        all_of_them.require()


def test_a_success_between_failures_begins_the_count_anew() -> None:
    bounds = Bounds()
    for number in range(200):
        bounds.failed(f"operation {number % 5}", 1, "ReadTimeout")
        if number % 30 == 0:
            bounds.succeeded()
    bounds.require()


# -- one response ------------------------------------------------------------------------------------------------------


def test_a_body_is_read_up_to_its_limit_and_no_further(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "MAX_BODY", 2**20)
    read = 0

    def endless() -> Iterator[bytes]:
        nonlocal read
        while True:
            read += 1
            yield b" " * 2**16

    with pytest.raises(Unusable, match="more than 1 MiB"):
        read_bounded(endless())
    assert read == 17


def test_a_body_that_grows_when_it_is_decompressed_is_judged_while_it_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "MAX_BODY", 2**20)
    bomb = gzip.compress(b"0" * 2**26)
    assert len(bomb) < 2**17
    with pytest.raises(Unusable, match="more than 1 MiB"):
        read_bounded([bomb], "gzip")


@pytest.mark.parametrize("size", [0, 1, 2**16, 2**16 + 1, 300_000])
def test_a_compressed_body_is_read_whole(size: int) -> None:
    body = bytes(number % 61 for number in range(size))
    packed = gzip.compress(body)
    assert read_bounded([packed[:7], packed[7:]], "gzip") == body
    assert read_bounded([body]) == body


def test_a_body_that_is_not_what_its_encoding_says_is_read_as_it_came() -> None:
    assert read_bounded([b"plain"], "gzip") == b"plain"
    assert read_bounded([b"plain"], "br") == b"plain"


@pytest.mark.parametrize(
    ("body", "deep"),
    [
        (b"[" * 100 + b"]" * 100, False),
        (b"[" * 101 + b"]" * 101, True),
        (b'{"a":' * 5000, True),
        (json.dumps([[]] * 5000).encode(), False),
        (json.dumps(["[" * 500, '"{\\"' * 500]).encode(), False),
        (b'"' + b'\\"[' * 500, False),
    ],
    ids=["100 levels", "101 levels", "unclosed", "wide", "in texts", "in a text without an end"],
)
def test_the_depth_of_a_body_is_judged_without_recursion(body: bytes, deep: bool) -> None:
    assert is_too_deep(body) is deep


def test_depth_is_judged_in_linear_time() -> None:
    began = time.process_time()
    is_too_deep(b'"\\"[' * 500_000)
    assert time.process_time() - began < 10


def test_an_unusable_response_is_an_error_of_the_transport_and_names_the_limit() -> None:
    gate = Gate(Profile.LOCAL)
    deep = b"[" * 5000
    transport = GatedTransport(httpx.MockTransport(lambda _: httpx.Response(200, content=deep)), gate)
    with httpx.Client(transport=transport) as http, pytest.raises(UnusableResponse, match="more than 100 levels"):
        http.get("http://server/")


# -- hostile servers ---------------------------------------------------------------------------------------------------

PROJECTS = json.dumps(
    {"projects": [{"id": "demo", "name": "demo", "vendor_key": "0" * 32, "status": 1, "created": 1, "sign_key": None}]}
).encode()

Serve = Callable[[socket.socket], None]

PATIENCE = 100.0
"""Seconds that a busy machine may take for what has to end in a few."""


def respond(connection: socket.socket, body: bytes, status: str = "200 OK", *headers: str) -> None:
    lines = [f"HTTP/1.1 {status}", "Content-Type: application/json", f"Content-Length: {len(body)}", *headers, "", ""]
    connection.sendall("\r\n".join(lines).encode() + body)


def hang(_: socket.socket) -> None:
    OVER.wait()


def drip(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    while not OVER.wait(0.02):
        connection.sendall(b"a")


def drip_body(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while not OVER.wait(0.02):
        connection.sendall(b" ")


def flood(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not OVER.is_set():
        connection.sendall(b"10000\r\n" + b" " * 65536 + b"\r\n")


def redirect(connection: socket.socket) -> None:
    respond(connection, b"{}", "307 Temporary Redirect", "Location: http://127.0.0.1:1/")


def deep(connection: socket.socket) -> None:
    respond(connection, b'{"message":' * 500 + b"1" + b"}" * 500)


def fail(connection: socket.socket) -> None:
    respond(connection, b"{}", "503 Service Unavailable")


def speak_escapes(connection: socket.socket) -> None:
    respond(connection, b'"\\u001b]0;PWNED\\u0007\\r\\n::error::forged \\u202e"')


OVER = threading.Event()


@contextmanager
def hostile(serve: Serve, honest: int) -> Iterator[str]:
    """A server that lists one project `honest` times, and then does what `serve` does to every request."""
    OVER.clear()
    count = 0

    def handle(connection: socket.socket) -> None:
        nonlocal count
        with connection, suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head:
                piece = connection.recv(65536)
                if not piece:
                    return
                head += piece
            count += 1
            if b" /_emulator" in head:
                respond(connection, b"{}", "404 Not Found", "Connection: close")
            elif count <= honest:
                respond(connection, PROJECTS, "200 OK", "Connection: close")
            else:
                serve(connection)

    def listen() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=handle, args=(listener.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=listen, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            OVER.set()
            listener.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits as long as a test may take, but for that of a response, which a busy machine may give late."""
    monkeypatch.setattr("agora_rest.contract.target.CALLS_PER_SECOND", 100_000)
    monkeypatch.setattr("agora_rest.contract.http.wire._PAUSES", (0, 0))
    monkeypatch.setattr(bounded, "MAX_BODY", 2**20)


@pytest.mark.slow
@pytest.mark.usefixtures("in_a_hurry")
@pytest.mark.parametrize(
    ("serve", "layer"),
    [
        *((serve, {"fuzz": False}) for serve in (hang, drip, drip_body, flood, redirect, deep, fail)),
        *((serve, {"facts": False, "apis": ("console",)}) for serve in (drip, flood, deep)),
    ],
    ids=lambda each: getattr(each, "__name__", "facts" if each == {"fuzz": False} else "fuzz"),
)
def test_a_hostile_server_ends_a_run_in_bounded_time_with_a_sentence(
    serve: Serve, layer: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a bound it would never end: the server hangs, drips and floods until the run is over."""
    monkeypatch.setattr("agora_rest.contract.target.RESPONSE_TIMEOUT", 0.5)
    began = time.monotonic()
    with hostile(serve, honest=4) as url:
        outcome, heard = made(url, max_examples=1, timeout=4.0, **layer)
    assert time.monotonic() - began < PATIENCE
    assert outcome in (Outcome.BROKEN, Outcome.COULD_NOT_RUN)
    assert heard.finished.sentence.startswith(("The contract is broken", "The contract could not be checked: "))


def test_the_workers_of_the_engine_end_before_the_gate_is_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else their last request passes no gate and no watchdog: against a server that drips, it never ends."""
    send = requests.adapters.HTTPAdapter.send
    guarded: list[bool] = []

    def phases() -> Iterator[object]:
        try:
            while True:
                yield object()
        finally:  # here the engine waits for its workers
            guarded.append(requests.adapters.HTTPAdapter.send is not send)

    class Engine:
        def execute(self) -> EventStream:
            return EventStream(phases(), threading.Event())  # type: ignore[arg-type]

    monkeypatch.setattr(_schemathesis, "from_schema", lambda _: Engine())
    monkeypatch.setattr(_schemathesis.Run, "_translate", lambda *_: iter([_schemathesis.PhaseBegan("fuzzing")]))
    plan = _schemathesis.Plan(spec.document("console"), "http://127.0.0.1:1", ("a", "b"), seed=1, max_examples=1)
    happenings = iter(_schemathesis.Run(plan, Gate(Profile.LOCAL), lambda _: [], lambda *_: None))
    next(happenings)
    happenings.close()
    assert guarded == [True]
    assert requests.adapters.HTTPAdapter.send is send


@pytest.mark.usefixtures("in_a_hurry")
def test_a_certificate_of_the_environment_is_used_for_fuzzing_too() -> None:
    """It is a text whose `repr` is hidden."""
    with hostile(deep, honest=4) as url:
        outcome, _ = made(url, facts=False, apis=("console",), max_examples=1, customer_certificate=Secret("b" * 20))
    assert outcome in (Outcome.BROKEN, Outcome.COULD_NOT_RUN)


@pytest.mark.usefixtures("in_a_hurry")
def test_what_a_server_sends_is_harmless_in_every_text_of_a_run() -> None:
    with hostile(speak_escapes, honest=4) as url:
        _, heard = made(url, fuzz=False, only=("CO-14",))
    finished = heard.finished
    assert finished.findings
    texts = [text for each in finished.findings for text in (each.title, each.got, each.expected, *each.requests)]
    assert all(text.isprintable() for text in texts)
    assert any("::error::forged" in text for text in texts)


def test_a_watchdog_ends_reading_from_a_server_that_drips() -> None:
    watchdog = Watchdog(0.3)
    gate = Gate(Profile.LOCAL, bounds=Bounds())
    gate.watchdog = watchdog
    with hostile(drip, honest=0) as url, httpx.Client(transport=GatedTransport(httpx.HTTPTransport(), gate)) as http:
        began = time.monotonic()
        with pytest.raises(httpx.ReadTimeout, match=r"longer than 0\.3 s"):
            http.get(url)
        assert time.monotonic() - began < PATIENCE
    watchdog.close()


def test_a_tls_handshake_that_drips_ends_with_the_run() -> None:
    ended = threading.Event()

    def serve() -> None:
        with listener.accept()[0] as connection, suppress(OSError):
            connected.append(time.monotonic())
            connection.sendall(b"\x16\x03\x03\x40\x00")  # the head of a handshake record of 16 KiB
            while not ended.wait(0.02):
                connection.sendall(b"a")

    connected: list[float] = []
    # The time begins with the connection, because a busy machine may need longer than this to make one.
    gate = Gate(Profile.LOCAL, bounds=Bounds(0.4, now=lambda: time.monotonic() - connected[0] if connected else 0.0))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        began = time.monotonic()
        transport = GatedTransport(httpx.HTTPTransport(), gate)
        with httpx.Client(transport=transport, timeout=30) as http, pytest.raises(httpx.ConnectTimeout):
            http.get(f"https://127.0.0.1:{listener.getsockname()[1]}")
        ended.set()
        thread.join()
    assert time.monotonic() - began < PATIENCE


# -- what is lost ------------------------------------------------------------------------------------------------------


def test_each_lost_thing_is_looked_for_once_a_clean_up_and_named_when_it_stays_lost(
    serve: Callable[..., object],
) -> None:
    """A server that gives resource IDs and fails on everything else: what it did is never known."""
    sent: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request.url.path)
        if request.url.path.endswith("acquire"):
            return httpx.Response(200, json={"resourceId": "r1"})
        return httpx.Response(503, json={})

    gate = Gate(Profile.FULL, Ledger(sleep=lambda _: None))
    server = serve(answer, gate=gate)
    server.begin()
    body = {"cname": server.fresh_channel(), "uid": "7", "clientRequest": {}}
    server.send("acquire", body=body)
    server.send("start_recording", path={"resourceid": "r1"}, body=body)
    counts = []
    for _ in range(5):
        before = len(sent)
        server.clean_up()
        counts.append(len(sent) - before)
    assert counts[0] <= 3
    assert sum(counts[1:]) <= 1
    before = len(sent)
    left = server.clean_up_for_good()
    assert len(sent) - before <= 5 * 4
    assert any("start_recording" in each and "cname" in each for each in left)


# -- the pace ----------------------------------------------------------------------------------------------------------


def test_calls_keep_to_the_pace_and_one_that_fails_counts() -> None:
    pace, calls = pace_of(4), []
    began = time.monotonic()
    for number in range(9):
        with suppress(ValueError), pace():
            calls.append(time.monotonic())
            if number % 2:
                raise ValueError
    assert time.monotonic() - began >= 2
    assert max(sum(1 for each in calls if start <= each < start + 1) for start in calls) <= 4
