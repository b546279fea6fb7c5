"""A server that means harm: the deadline, the size of a response and what is shown of it hold all the same."""

from __future__ import annotations

import gzip
import importlib
import json
import pickle
import socket
import threading
import time
import tracemalloc
import zlib
from contextlib import suppress
from typing import Any

import httpx
import pytest

from agora_rest import (
    Agora,
    AgoraError,
    ApiError,
    AsyncClock,
    CallError,
    Clock,
    ConfigurationError,
    MalformedResponse,
    ResponseTooLarge,
    TimedOut,
)
from agora_rest.client.hooks import Hooks
from agora_rest.redaction import HIDDEN, without
from tests.client.conftest import BASE_URL, Client
from tests.client.sockets import Behaviour, answer, sends, serving

DEADLINE = 0.6
PATIENCE = 60.0
"""Seconds that a busy machine may take for a call with this deadline. Without a deadline it would never end."""
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n"


def dripping(begin: bytes, drop: bytes = b"a") -> Behaviour:
    """Sends `begin`, and then `drop` again and again, until the client hangs up."""

    def behave(connection: socket.socket) -> None:
        connection.sendall(begin)
        while True:
            time.sleep(0.03)
            connection.sendall(drop)

    return behave


SLOW: dict[str, Behaviour] = {
    "status line": dripping(b"HTTP/1.1 200 "),
    "header": dripping(HEAD + b"X-A: "),
    "headers": dripping(HEAD, b"X-A: b\r\n"),
    "body": dripping(HEAD + b"Content-Length: 100000\r\n\r\n", b" "),
    "chunk extension": dripping(CHUNKED + b"\r\n5;"),
    "chunks": dripping(CHUNKED + b"\r\n", b"1\r\n \r\n"),
    "trailer": dripping(CHUNKED + b"\r\n0\r\nX: "),
    "1xx": dripping(b"", b"HTTP/1.1 102 Processing\r\n\r\n"),
    "gzip header": dripping(
        CHUNKED + b"Content-Encoding: gzip\r\n\r\na\r\n\x1f\x8b\x08\x08\0\0\0\0\0\xff\r\n", b"1\r\nn\r\n"
    ),
}


@pytest.fixture(scope="module", autouse=True)
def imported() -> None:
    """The first call of a process imports the network libraries, which takes longer than these deadlines."""
    for name in ("httpcore", "aiohttp", "pyreqwest.client", "anyio"):
        importlib.import_module(name)


def client(form: str, url: str, **options: Any) -> Client:
    return Client(form, base_url=url, clock=Clock() if form == "sync" else AsyncClock(), **options)


def took(call: Any) -> float:
    began = time.monotonic()
    call()
    return time.monotonic() - began


@pytest.mark.slow
@pytest.mark.parametrize("part", SLOW)
def test_the_deadline_holds_whatever_is_slow(part: str, form: str, transport: str | None) -> None:
    with serving(SLOW[part]) as server:
        caller = client(form, server.url, transport=transport, deadline=DEADLINE)
        caller.options["retries"] = 0

        def call() -> None:
            with pytest.raises(TimedOut):
                caller(lambda agora: agora.projects.list())

        assert took(call) < PATIENCE


def test_the_deadline_holds_for_a_tls_handshake_that_drips(form: str) -> None:
    record = b"\x16\x03\x03\x40\x00"  # the head of a handshake record of 16 KiB
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with suppress(OSError), listener.accept()[0] as connection:
                dripping(record)(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        caller = client(form, f"https://127.0.0.1:{listener.getsockname()[1]}", deadline=DEADLINE)

        def call() -> None:
            with pytest.raises(TimedOut) as caught:
                caller(lambda agora: agora.projects.create("projectx"))
            assert (caught.value.sent, caught.value.may_have_taken_effect) == (False, False)

        assert took(call) < PATIENCE
        listener.shutdown(socket.SHUT_RDWR)  # it may still wait for a client that had no time left to connect
        thread.join()


def zipped(size: int, window: int) -> bytes:
    compressor = zlib.compressobj(9, zlib.DEFLATED, window)
    return b"".join(compressor.compress(b" " * 65_536) for _ in range(size // 65_536)) + compressor.flush()


SIZE = 64 * 1024 * 1024
LARGE = {
    "gzip": (zipped(SIZE, 31), "Content-Encoding: gzip"),
    "deflate": (zipped(SIZE, 15), "Content-Encoding: deflate"),
    "raw deflate": (zipped(SIZE, -15), "Content-Encoding: deflate"),
    "gzip twice": (gzip.compress(zipped(SIZE, 31)), "Content-Encoding: gzip, gzip"),
    "gzip, with more behind the inner stream": (
        gzip.compress(gzip.compress(b"{}") + bytes(SIZE)),
        "Content-Encoding: gzip, gzip",
    ),
    "plain": (b" " * 2_000_000, "X: y"),
}


@pytest.mark.parametrize("kind", LARGE)
def test_a_response_has_a_size(kind: str, form: str, transport: str | None) -> None:
    body, header = LARGE[kind]
    with serving(sends(answer(body, "200 OK", header))) as server:
        caller = client(form, server.url, transport=transport, max_response_size=1_000_000, retries=3)
        with pytest.raises(ResponseTooLarge, match="1000000 bytes") as caught:
            caller(lambda agora: agora.projects.create("projectx"))
    assert (caught.value.status, caught.value.may_have_taken_effect) == (200, True)
    assert len(server.requests) == 1, "the next response would be as large"


CHUNK = b"10000\r\n" + b" " * 65_536 + b"\r\n"
UNBOUNDED = {
    "chunks": CHUNKED,
    "chunks in spite of a length": CHUNKED + b"Content-Length: 5\r\n",
    "no chunks in spite of a length": HEAD + b"Transfer-Encoding: identity\r\nContent-Length: 5\r\n",
    "to the end of the connection": HEAD,
}


@pytest.mark.parametrize("kind", UNBOUNDED)
def test_no_more_is_read_whatever_length_is_stated(kind: str, form: str, transport: str | None) -> None:
    accepted = []

    def behave(connection: socket.socket) -> None:
        connection.sendall(UNBOUNDED[kind] + b"\r\n")
        for _ in range(1_000):
            connection.sendall(CHUNK)
            accepted.append(len(CHUNK))

    with serving(behave) as server:
        caller = client(form, server.url, transport=transport, max_response_size=1_000_000)
        # Some libraries refuse two statements about the length.
        with pytest.raises(CallError if "in spite" in kind else ResponseTooLarge):
            caller(lambda agora: agora.projects.create("projectx"))
    assert sum(accepted) < 32 * 1024 * 1024, "the client closed the connection, whose buffers are smaller"


@pytest.mark.parametrize("length", [b"Content-Length: 2, 2", b"Content-Length: 2\r\nContent-Length: 2"])
def test_a_length_that_is_stated_twice_is_an_error_of_the_response(
    length: bytes, form: str, transport: str | None
) -> None:
    with serving(sends(HEAD + length + b"\r\n\r\n{}")) as server, pytest.raises(CallError) as caught:
        client(form, server.url, transport=transport)(lambda agora: agora.projects.create("projectx"))
    assert caught.value.may_have_taken_effect
    assert "request cannot be written" not in str(caught.value)


def test_the_memory_of_a_bomb_is_bounded() -> None:
    body, header = LARGE["gzip"]
    with serving(sends(answer(body, "200 OK", header))) as server:
        tracemalloc.start()
        with pytest.raises(ResponseTooLarge):
            client("sync", server.url, max_response_size=1_000_000)(lambda agora: agora.projects.list())
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 1_000_000 + 32 * 1024 * 1024


def test_the_size_can_be_changed_for_a_view_and_is_checked(network: Any) -> None:
    network.route().respond(200, json={"projects": []})
    with Agora("id", "certificate-9", base_url=BASE_URL, permits=None, max_response_size=5) as agora:
        with pytest.raises(ResponseTooLarge):
            agora.projects.list()
        assert agora.with_options(max_response_size=50).projects.list() == ()
        for wrong in (0, -1, 1.5, True, "5"):
            with pytest.raises(ConfigurationError, match="max_response_size"):
                agora.with_options(max_response_size=wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("encoding", ["br", "zstd", "frob", "gzip, " * 20 + "gzip"])
def test_an_encoding_that_was_not_asked_for_is_malformed(encoding: str, form: str, transport: str | None) -> None:
    with serving(sends(answer(b"abc", "200 OK", f"Content-Encoding: {encoding}"))) as server:
        with pytest.raises(MalformedResponse):
            client(form, server.url, transport=transport)(lambda agora: agora.projects.list())
        assert b"accept-encoding: gzip, deflate\r\n" in server.requests[0].lower()


def test_what_is_compressed_and_cut_off_is_malformed(form: str, transport: str | None) -> None:
    body = gzip.compress(b'{"projects": []}')[:-9]
    behaviour = sends(answer(body, "200 OK", "Content-Encoding: gzip"))
    with serving(behaviour) as server, pytest.raises(MalformedResponse, match="truncated"):
        client(form, server.url, transport=transport)(lambda agora: agora.projects.list())


@pytest.mark.parametrize("status", [200, 400, 503])
@pytest.mark.parametrize("validate", ["off", "warn", "raise"])
@pytest.mark.parametrize("depth", [50, 99, 101, 400, 900, 5_000, 100_000])
def test_however_deep_it_is_nested_the_error_is_ours(depth: int, validate: Any, status: int, network: Any) -> None:
    for begin, end in (("[", "]"), ('{"a":', "}")):
        body = f'{{"message":"x","projects":[],"x":{begin * depth}1{end * depth}}}'
        network.route().respond(status, text=body)
        try:
            found = Client("sync", validate=validate)(lambda agora: agora.projects.list())
        except AgoraError as error:
            found = error
        assert isinstance(found, tuple | AgoraError)
        pickle.loads(pickle.dumps(found))
        assert repr(found)


EVIL = "\x1b[31mred\x1b]0;title\x07\u202e\ud800"


def test_nothing_unprintable_of_a_server_is_shown(client: Client, network: Any, caplog: Any) -> None:
    events: list[Any] = []
    client.options["hooks"] = Hooks(on_response=events.append)
    network.route().mock(
        return_value=httpx.Response(
            400,
            content=json.dumps({"message": f"no {EVIL}\r\n::error::x"}),
            headers={"X-Request-ID": "\x1b[31mred", "X-Other": "\x1b]0;"},
        )
    )
    with caplog.at_level("DEBUG", logger="agora_rest"), pytest.raises(ApiError) as caught:
        client(lambda agora: agora.projects.list())
    texts = [str(caught.value), caught.value.message, caught.value.request_id, events[0].request_id, *caplog.messages]
    assert [text for text in texts if not str(text).isprintable()] == []
    assert "red" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "secret", "shown"),
    [
        ("this channel", "s", "this channel"),
        ("s", "s", HIDDEN),
        ("a test of testing", "test", f"a {HIDDEN} of testing"),
        ("xlong-secret-1x", "long-secret-1", f"x{HIDDEN}x"),
    ],
)
def test_a_short_secret_does_not_eat_other_words(text: str, secret: str, shown: str) -> None:
    assert without(text, {secret}) == shown


@pytest.mark.parametrize("text", ["<script" * 50_000, "<" * 100_000, "<style " * 50_000, '"' + " " * 100_000])
def test_a_page_is_read_in_linear_time(text: str, network: Any) -> None:
    network.route().respond(500, text=text)
    began = time.process_time()
    with pytest.raises(ApiError):
        Client("sync")(lambda agora: agora.projects.list())
    assert time.process_time() - began < 1
