"""What goes wrong on the wire has one meaning, whatever a request is sent by; over real sockets."""

from __future__ import annotations

import gzip
import json
import logging
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from agora_rest import (
    ApiError,
    AsyncClock,
    CallError,
    Clock,
    ConfigurationError,
    ConnectionFailed,
    MalformedResponse,
    TimedOut,
)
from agora_rest.client._config import Config
from agora_rest.client._transports import network as networks
from contract_tests.calls import WIRE_PROJECT
from tests.client.conftest import APP_ID, CERTIFICATE, CUSTOMER_ID, Client
from tests.client.sockets import HASTE, Behaviour, answer, hangs_up_after, sends, serving

PROJECT = json.dumps({"project": WIRE_PROJECT}).encode()
PROJECTS = json.dumps({"projects": [WIRE_PROJECT]}).encode()
BEGINNING = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"


def client(form: str, transport: str | None, url: str | list[str], **options: Any) -> Client:
    clock = Clock() if form == "sync" else AsyncClock()
    return Client(form, base_url=url, transport=transport, clock=clock, **options)


def create(agora: Any) -> Any:
    """A call that must not be repeated once it may have taken effect."""
    return agora.projects.create("projectx")


def twice(call: Callable[[], Any], form: str, then: Callable[[], Any] | None = None) -> Any:
    """One call after the other, by one client; the second may be another."""
    if form == "sync":
        call()
        return (then or call)()

    async def both() -> Any:
        await call()
        return await (then or call)()

    return both()


CLOSED = "http://127.0.0.1:1"
"""Where nothing listens. A port that was free a moment ago may be another test's."""


def trickling(connection: socket.socket) -> None:
    """A byte now and then, so that no single wait is long."""
    connection.sendall(BEGINNING)
    connection.settimeout(0.05)
    for _ in range(100):
        connection.sendall(b" ")
        try:
            if not connection.recv(1):
                return
        except TimeoutError:
            continue


def silent(connection: socket.socket) -> None:
    connection.recv(1)


def silent_after_a_part(connection: socket.socket) -> None:
    connection.sendall(BEGINNING + b"{")
    connection.recv(1)


LOST: dict[str, tuple[Behaviour, type[CallError]]] = {
    "it hangs up": (hangs_up_after(), ConnectionFailed),
    "it hangs up in the head": (hangs_up_after(BEGINNING[:20]), ConnectionFailed),
    "it hangs up in the body": (hangs_up_after(BEGINNING, b"{"), ConnectionFailed),
    "it says nothing": (silent, TimedOut),
    "it falls silent": (silent_after_a_part, TimedOut),
    "it trickles": (trickling, TimedOut),
    "it speaks no HTTP": (hangs_up_after(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"), ConnectionFailed),
    "its compression is broken": (sends(answer(b"no gzip", "200 OK", "Content-Encoding: gzip")), MalformedResponse),
}


@pytest.mark.parametrize("fault", LOST)
def test_a_lost_answer_is_never_asked_for_again_where_that_could_do_something_twice(
    fault: str, form: str, transport: str | None
) -> None:
    behaviour, kind = LOST[fault]
    for deadline in HASTE if kind is TimedOut else (60,):
        with serving(behaviour) as server, pytest.raises(CallError) as caught:
            client(form, transport, server.url, retries=3, deadline=deadline)(create)
        if server.requests:
            break
    assert type(caught.value) is kind, caught.value
    assert caught.value.may_have_taken_effect
    assert len(server.requests) == 1


def test_without_a_connection_nothing_has_been_sent(form: str, transport: str | None) -> None:
    with pytest.raises(ConnectionFailed) as caught:
        client(form, transport, CLOSED)(create)
    assert not caught.value.may_have_taken_effect
    assert not caught.value.sent


def test_without_a_connection_the_next_address_is_called(form: str, transport: str | None) -> None:
    with serving(sends(answer(PROJECT))) as server:
        project = client(form, transport, [CLOSED, server.url], retries=1)(create)
        host = server.url.partition("://")[2].encode()
        assert server.requests[0].lower().count(b"\r\nhost: " + host) == 1
    assert project.id == "xxxx"


@pytest.mark.parametrize("fault", [fault for fault in LOST if fault != "it trickles"])
def test_what_may_be_repeated_is_repeated(fault: str, form: str, transport: str | None) -> None:
    behaviour, kind = LOST[fault]
    with serving(behaviour, sends(answer(PROJECTS))) as server:
        timeout = 2 if kind is TimedOut else 60  # the second request must be answered in it
        projects = client(form, transport, server.url, retries=2, timeout=timeout)(lambda agora: agora.projects.list())
        assert len(projects) == 1
        assert len(server.requests) == 2


def test_a_kept_connection_that_the_server_has_closed_repeats_nothing_by_itself(
    form: str, transport: str | None
) -> None:
    """Also not a DELETE, which HTTP calls idempotent: the second would find nothing, and nobody would know why."""
    with serving(sends(answer(PROJECTS)), hangs_up_after()) as server:
        with pytest.raises(ConnectionFailed) as caught:
            client(form, transport, server.url)(
                lambda agora: twice(agora.projects.list, form, lambda: agora.projects.delete("xxxx"))
            )
        assert caught.value.may_have_taken_effect
        assert [request.split()[0] for request in server.requests] == [b"GET", b"DELETE"]


def test_credentials_follow_no_redirect(form: str, transport: str | None) -> None:
    with serving(sends(answer(PROJECTS))) as other:
        location = f"Location: {other.url}/dev/v1/projects"
        with serving(sends(answer(b"", "302 Found", location))) as server, pytest.raises(ApiError) as caught:
            client(form, transport, server.url)(lambda agora: agora.projects.list())
        assert caught.value.status == 302
        assert other.requests == []


def test_the_environments_proxy_is_not_asked_for_this_machine(
    form: str, transport: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(hangs_up_after()) as proxy, serving(sends(answer(PROJECTS))) as server:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        assert len(client(form, transport, server.url)(lambda agora: agora.projects.list())) == 1
        assert proxy.requests == []


def test_no_cookie_is_kept(form: str, transport: str | None) -> None:
    with serving(sends(answer(PROJECTS, "200 OK", "Set-Cookie: a=b; Path=/"))) as server:
        client(form, transport, server.url)(lambda agora: twice(agora.projects.list, form))
        assert len(server.requests) == 2
        assert b"cookie" not in server.requests[1].lower()


def test_a_compressed_answer_is_read(form: str, transport: str | None) -> None:
    packed = answer(gzip.compress(PROJECTS), "200 OK", "Content-Encoding: gzip")
    with serving(sends(packed)) as server:
        assert len(client(form, transport, server.url)(lambda agora: agora.projects.list())) == 1


def test_the_request_is_the_same_whatever_sends_it(form: str) -> None:
    """Headers apart whose order and capitals mean nothing."""
    name = "a b!#$%&()+-:;<=.>?@[]^_{}|~,"
    seen = []
    for transport in (None, "fast"):
        body = json.dumps({"success": True, "data": {"channel_exist": False}}).encode()
        with serving(sends(answer(body))) as server:
            client(form, transport, server.url)(lambda agora: agora.app(APP_ID).channels.users(name))
            line, *headers = server.requests[0].decode().split("\r\n")
        fields = {key.lower(): value for key, _, value in (header.partition(": ") for header in headers if header)}
        seen.append((httpx.URL(line.split()[1]).path, fields["authorization"], fields["user-agent"]))
    assert seen[0] == seen[1]


@pytest.mark.parametrize("kind", ["sync", "tasks"])
def test_an_error_of_the_fast_transport_quotes_no_header(kind: str) -> None:
    with serving(hangs_up_after()) as server, pytest.raises(ConnectionFailed) as caught:
        client("sync" if kind == "sync" else "async", "fast", server.url)(create)
    assert CERTIFICATE not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


# ---- How a client is made


def made(form: str, **options: Any) -> None:
    Client(form, **options)(lambda agora: agora.app(APP_ID).id and None)


@pytest.mark.parametrize(
    ("options", "rule"),
    [
        ({"transport": "quick"}, 'must be an httpx transport or "fast"'),
        ({"transport": object()}, "must be an httpx transport for (threads|tasks)"),
        (
            {"transport": httpx.MockTransport(lambda _: httpx.Response(200)), "http2": True},
            "enable HTTP/2 on your transport",
        ),
        ({"transport": "fast", "http2": True}, "HTTP/1.1 only"),
        ({"transport": "fast", "proxy": "socks5://127.0.0.1:9"}, "not SOCKS"),
    ],
)
def test_what_does_not_go_together_is_refused(options: Any, rule: str, form: str) -> None:
    with pytest.raises(ConfigurationError, match=rule):
        made(form, **options)


@pytest.mark.parametrize(
    ("options", "advice"), [({"transport": "fast"}, "agora-rest\\[fast\\]"), ({"http2": True}, "agora-rest\\[http2\\]")]
)
def test_what_is_not_installed_is_named(options: Any, advice: str, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(networks, "find_spec", lambda _: None)
    with pytest.raises(ConfigurationError, match=f"not installed: pip install '{advice}'"):
        made(form, **options)


def test_a_transport_of_the_other_kind_is_refused(form: str) -> None:
    other, needed = {"sync": (httpx.AsyncHTTPTransport, "threads"), "async": (httpx.HTTPTransport, "tasks")}[form]
    with pytest.raises(
        ConfigurationError, match=f"must be an httpx transport for {needed}.*; {other.__name__} has none"
    ):
        made(form, transport=other())


@pytest.mark.parametrize("source", ["proxy", "ALL_PROXY"])
def test_socks_needs_a_library_that_is_named(source: str, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(networks, "find_spec", lambda _: None)
    options = {"proxy": "socks5://127.0.0.1:9"} if source == "proxy" else {}
    if source != "proxy":
        monkeypatch.setenv(source, "socks5://127.0.0.1:9")
    with pytest.raises(ConfigurationError, match="not installed: pip install 'httpx\\[socks\\]'"):
        made(form, base_url="https://api.agora.io", **options)


def test_certificates_that_cannot_be_read_are_named(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere.pem")
    with pytest.raises(ConfigurationError, match="SSL_CERT_FILE"):
        made(form, base_url="https://api.agora.io")


@pytest.mark.parametrize("build", [networks.network, networks.async_network])
def test_http2_is_httpx_own(build: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(networks, "find_spec", lambda name: name)
    for name in ("HTTPTransport", "AsyncHTTPTransport"):
        real = getattr(httpx, name)
        monkeypatch.setattr(
            httpx,
            name,
            lambda real=real, **options: asked.append(options) or real(**{**options, "http2": False}),
        )
    config = Config.resolve(CUSTOMER_ID, CERTIFICATE, "https://api.agora.io")
    build(config, None, http2=True)
    build(config, None, http2=False)
    assert [options["http2"] for options in asked] == [True, False]
    # httpx writes into a context which protocols it speaks.
    assert asked[0]["verify"] is not asked[1]["verify"]


def test_http2_logs_no_header_blocks(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    hpack = pytest.importorskip("hpack")
    monkeypatch.setattr(logging.getLogger("hpack"), "level", logging.NOTSET)
    with caplog.at_level(logging.DEBUG):  # the root's, as `basicConfig(level=DEBUG)` has it
        networks.network(Config.resolve(CUSTOMER_ID, CERTIFICATE, "https://api.agora.io"), None, http2=True)
        hpack.Encoder().encode([(b"authorization", b"Basic " + CERTIFICATE.encode())])
    assert not caplog.records


def test_whom_to_trust_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[ssl.SSLContext] = []

    def reading() -> ssl.SSLContext:
        read.append(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
        return read[-1]

    monkeypatch.setattr(httpx, "create_ssl_context", reading)
    networks._read_trust.cache_clear()
    try:
        for file in (None, None, "/other.pem", "/other.pem"):
            if file:
                monkeypatch.setenv("SSL_CERT_FILE", file)
            made("sync", base_url="https://api.agora.io")
        assert len(read) == 2
        made("sync", base_url="http://127.0.0.1:1")
        assert len(read) == 2
    finally:
        networks._read_trust.cache_clear()


def test_a_process_that_was_forked_too_late_says_so() -> None:
    code = """
import os, sys
from agora_rest import Agora, ConfigurationError, ConnectionFailed
def client():
    return Agora("a", "b", base_url="http://127.0.0.1:1", transport="fast", retries=0)
try:
    client().projects.list()
except ConnectionFailed:
    pass
if child := os.fork():
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
try:
    client()
except ConfigurationError as error:
    os._exit(0 if "before forking" in str(error) else 2)
os._exit(1)
"""
    assert subprocess.run([sys.executable, "-W", "ignore", "-c", code], timeout=120).returncode == 0


def test_a_client_of_threads_loads_nothing_for_tasks() -> None:
    code = (
        "import sys; from agora_rest import Agora; Agora('a', 'b', base_url='http://127.0.0.1:1', transport='fast');"
        "assert not {'aiohttp', 'asyncio'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
