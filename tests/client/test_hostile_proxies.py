"""Proxies and HTTP/2 servers that mean harm: the deadline holds, errors say whether anything was sent."""

from __future__ import annotations

import socket
import ssl
import struct
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from agora_rest import AgoraError, AsyncClock, Clock, ConnectionFailed, TimedOut
from agora_rest.client._transports.proxied import ProxiedTransport
from tests.client.conftest import Client
from tests.client.sockets import Behaviour, serving
from tests.client.test_hostile_servers import PATIENCE, dripping

DEADLINE: Final = 0.4


def flooding(begin: bytes, more: bytes) -> Behaviour:
    def behave(connection: socket.socket) -> None:
        connection.sendall(begin)
        while True:
            connection.sendall(more * 50)

    return behave


PROXIES: Final[dict[str, tuple[Behaviour, type[AgoraError]]]] = {
    "drips a header": (dripping(b"HTTP/1.1 200 OK\r\nX: "), TimedOut),
    "drips 1xx": (dripping(b"", b"HTTP/1.1 102 Processing\r\n\r\n"), TimedOut),
    "never ends a refusal": (flooding(b"HTTP/1.1 407 No\r\nContent-Length: 999999999\r\n\r\n", b"a" * 99), AgoraError),
    "speaks no HTTP": (dripping(b"garbage \r\n\r\n"), AgoraError),
}


def failure_of(form: str, **options: Any) -> AgoraError:
    """The error of a call that changes something, which must come in time."""
    client = Client(form, deadline=DEADLINE, clock=Clock() if form == "sync" else AsyncClock(), **options)
    began = time.monotonic()
    with pytest.raises(AgoraError) as caught:
        client(lambda agora: agora.projects.create("projectx"))
    assert time.monotonic() - began < PATIENCE
    return caught.value


@pytest.mark.parametrize("transport", [None, "fast"], ids=["httpx", "fast"])
@pytest.mark.parametrize("form", ["sync", "async"])
@pytest.mark.parametrize("proxy", PROXIES)
def test_a_proxy_cannot_break_the_deadline(proxy: str, form: str, transport: str | None) -> None:
    behaviour, kind = PROXIES[proxy]
    with serving(behaviour) as server:
        error: Any = failure_of(form, base_url="https://127.0.0.1:1", transport=transport, proxy=server.url)
    if transport is None:  # The others do not tell a proxy's failure from a server's.
        assert isinstance(error, kind)
        assert (error.sent, error.may_have_taken_effect) == (False, False)


class MalformedReply(Exception):  # noqa: N818  the name in socksio is ProtocolError
    """As socksio raises it."""


MalformedReply.__module__ = "socksio.exceptions"


def test_a_proxy_that_does_not_speak_socks_is_a_failed_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: httpx.Request) -> httpx.Response:
        raise MalformedReply("Malformed reply")

    transport = ProxiedTransport(httpx.MockTransport(refuse))
    with pytest.raises(ConnectionFailed, match="SOCKS5: Malformed reply") as caught:
        Client("sync", transport=transport)(lambda agora: agora.projects.create("projectx"))
    assert not caught.value.may_have_taken_effect


def frame(kind: int, flags: int, stream: int, payload: bytes = b"") -> bytes:
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


SETTINGS: Final = frame(4, 0, 0)
HTTP2: Final[dict[str, Behaviour]] = {
    "drips settings": dripping(b"", SETTINGS),
    "floods with pings": flooding(SETTINGS, frame(6, 0, 0, b"12345678")),
}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate, with its key in the same file."""
    file = tmp_path_factory.mktemp("certificate") / "both.pem"
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", file.with_suffix(".key")]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(
        ["openssl", "req", "-x509", *key, "-out", file, "-days", "2", *names], check=True, capture_output=True
    )
    file.write_text(file.read_text() + file.with_suffix(".key").read_text())
    return file


@pytest.mark.parametrize("form", ["sync", "async"])
def test_a_certificate_that_is_not_trusted_is_refused_without_a_retry(
    form: str, transport: str | None, certificate: Path
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def serve() -> None:
        with suppress(OSError), listener.accept()[0] as plain, context.wrap_socket(plain, server_side=True):
            pass

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        port = listener.getsockname()[1]
        client = Client(form, base_url=f"https://127.0.0.1:{port}", transport=transport, retries=5)
        # rustls, which threads use in `fast`, accepts no authority's certificate as a server's, whatever is trusted.
        advice = "CaUsedAsEndEntity" if (form, transport) == ("sync", "fast") else "set SSL_CERT_FILE to the file"
        with pytest.raises(ConnectionFailed, match=advice) as caught:
            client(lambda agora: agora.projects.list())
        thread.join()
    assert (caught.value.attempts, caught.value.untrusted, client.clock.sleeps) == (1, True, [])
    assert f"127.0.0.1:{port}" in str(caught.value)


@pytest.mark.parametrize("form", ["sync", "async"])
@pytest.mark.parametrize("server", HTTP2)
def test_an_http2_server_cannot_break_the_deadline(
    server: str, form: str, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.set_alpn_protocols(["h2"])
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    def serve() -> None:
        with suppress(OSError), listener.accept()[0] as plain, context.wrap_socket(plain, server_side=True) as secure:
            secure.settimeout(PATIENCE)
            secure.recv(65_536)
            HTTP2[server](secure)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        failure_of(form, base_url=f"https://127.0.0.1:{listener.getsockname()[1]}", http2=True)
        listener.shutdown(socket.SHUT_RDWR)  # it may still wait for a client that had no time left to connect
        thread.join()
