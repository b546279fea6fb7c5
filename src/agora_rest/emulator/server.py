"""Serves the emulator on a port with uvicorn and some extensions."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import ssl
import threading
from collections.abc import Callable
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import uvicorn
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from agora_rest.addresses import is_loopback
from agora_rest.emulator.web.fault_injection import Connection
from agora_rest.emulator.web.messages import EXTENSION, Headers, Receive, Send

if TYPE_CHECKING:
    from agora_rest.emulator.emulator import Emulator

START_TIMEOUT: Final = 60.0
STOP_TIMEOUT: Final = 60.0
"""The maximum number of real seconds to start or stop a server: a busy machine can take many."""

BACKLOG: Final = 2048
"""Connections that may wait to be accepted."""

_logger = logging.getLogger("agora_rest.emulator")
_logger.setLevel(logging.ERROR)  # uvicorn's warnings concern faulty requests, which are reported to callers
# A call that a fault delays is cancelled when the server stops: that is no error worth a traceback.
_logger.addFilter(lambda record: not (record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError)))


HEAD_TIMEOUT: Final = 10.0
"""The maximum number of real seconds for the head of a request."""

MAX_HEAD: Final = 1 << 20
"""The maximum size of a request's head in bytes. One network read can be a quarter of it."""


class _Protocol(HttpToolsProtocol):
    """uvicorn's protocol with our scope extensions and our logger, because other servers share uvicorn's logger.

    A head that is too long or too slow ends the connection; so does unexpected data after a response.
    """

    loopback = False
    name = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.logger = _logger
        self.access_log = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        connection = Connection(transport)
        self._extension: dict[str, Any] = {
            "connection": connection,
            "take_body": self._take_body,
            "respond": self._respond,
            "loopback": self.loopback,
            "name": self.name,
        }
        self._extensions: Any = {EXTENSION: self._extension}  # shared by its requests, which do not change it
        self._in_body = False
        self._timer: asyncio.TimerHandle | None = None
        self._idle_timer: asyncio.TimerHandle | None = None
        self._idle_since = 0.0
        self._head_size = 0
        self._watch(self.timeout_keep_alive)

    def connection_lost(self, exc: Exception | None) -> None:
        self._unwatch()
        if self._idle_timer is not None:
            self._idle_timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        is_first = self._head_size == 0
        if not self._in_body:
            self._head_size += len(data)
            if self._head_size > MAX_HEAD:
                self.send_400_response("the head of the request is too long")
                return
        elif self.cycle.response_complete and self._timer is None:  # the rest of a refused body
            self._watch(HEAD_TIMEOUT)
        super().data_received(data)
        if self._head_size and not self._in_body and (is_first or self._timer is None):  # a part of a head
            self._watch(HEAD_TIMEOUT)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = self._extensions

    def on_headers_complete(self) -> None:
        self._unwatch()
        self._in_body = True
        if not self.url.startswith(b"/") and b"://" in self.url:  # this form overrides the Host header
            authority = self.url.partition(b"://")[2].partition(b"/")[0].partition(b"?")[0]
            extensions: Any = {EXTENSION: {**self._extension, "authority": authority}}
            self.scope["extensions"] = extensions
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._in_body = False
        self._unwatch()
        if self.cycle.response_complete:
            self._watch(self.timeout_keep_alive)

    def _take_body(self, receive: Receive) -> bytes | None:
        """While other requests wait in the pipeline, `cycle` is not the one whose body is wanted."""
        cycle = self.cycle
        is_current = receive == cycle.receive and not self.pipeline
        if not is_current or cycle.more_body or cycle.disconnected or cycle.response_complete:
            return None
        body, cycle.body = bytes(cycle.body), bytearray()
        self.flow.resume_reading()
        return body

    def _respond(self, send: Send, status: int, headers: Headers, body: bytes) -> bool:
        """A `Respond`: what uvicorn does with ASGI's two messages, without its checks of headers.

        While other requests wait in the pipeline, `cycle` is not the one that is responded to.
        """
        cycle = self.cycle
        if send != cycle.send or self.pipeline or self.flow.write_paused or cycle.response_started:
            return False
        if cycle.disconnected:
            return True
        lines = [STATUS_LINE[status]]
        for name, value in chain(cycle.default_headers, headers):
            lines += (name, b": ", value, b"\r\n")
        lines += (b"\r\n" if cycle.keep_alive else b"connection: close\r\n\r\n", body)
        self.transport.write(b"".join(lines))
        cycle.response_started = cycle.response_complete = True
        cycle.waiting_for_100_continue = False
        cycle.message_event.set()
        self.server_state.total_requests += 1
        if cycle.keep_alive:
            self.flow.resume_reading()
            self._begin_idling()
        else:
            self.transport.close()
        return True

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._idle_since = self.loop.time()

    def _begin_idling(self) -> None:
        """Close the connection after `timeout_keep_alive` without a request, by one timer for all its requests."""
        self._idle_since = self.loop.time()
        if self._idle_timer is None:
            self._idle_timer = self.loop.call_later(self.timeout_keep_alive, self._close_if_idle)

    def _close_if_idle(self) -> None:
        self._idle_timer = None
        if not self.cycle.response_complete or self._head_size:
            return  # the end of this request begins the next time
        rest = self._idle_since + self.timeout_keep_alive - self.loop.time()
        if rest > 0:
            self._idle_timer = self.loop.call_later(rest, self._close_if_idle)
        else:
            self.transport.close()

    def _watch(self, seconds: float) -> None:
        self._unwatch(size=self._head_size)
        self._timer = self.loop.call_later(seconds, self.transport.close)

    def _unwatch(self, size: int = 0) -> None:
        self._head_size = size
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def send_400_response(self, msg: str) -> None:
        # uvicorn's response is plain text; ours is JSON even for invalid HTTP.
        body = json.dumps({"message": msg}).encode("ascii")
        head = (
            b"HTTP/1.1 400 Bad Request\r\ncontent-type: application/json; charset=utf-8\r\nconnection: close\r\n"
            b"content-length: %d\r\n\r\n" % len(body)
        )
        self.transport.write(head + body)
        self.transport.close()


class _Server(uvicorn.Server):
    """uvicorn's server, with a callback when it is ready."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self.on_ready = on_ready
        self.on_stopped: Callable[[], None] = lambda: None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for call in self.server_state.tasks:  # otherwise delayed calls would block the shutdown
            call.cancel()
        await super().shutdown(sockets)
        self.on_stopped()


class EmulatorServer:
    """A listening emulator. In `with`, it runs in its own thread; `run` runs it in the calling thread."""

    def __init__(
        self,
        emulator: Emulator,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        certfile: str | Path | None = None,
        keyfile: str | Path | None = None,
    ) -> None:
        """Bind the port. `certfile` (with the key, or `keyfile`) enables HTTPS only. Raises OSError, ssl.SSLError."""
        self.emulator = emulator
        self._scheme = "http" if certfile is None else "https"
        if certfile is not None:  # uvicorn would end the process for an unreadable file
            _check_certificate(certfile, keyfile)
        self._socket = _listen(host, port)
        self.host: str
        self.port: int
        self.host, self.port = self._socket.getsockname()[:2]
        self._thread: threading.Thread | None = None
        self._ready = threading.Event()
        config = _config(emulator, host)
        config.ssl_certfile, config.ssl_keyfile = certfile, None if keyfile is None else str(keyfile)
        self._server = _Server(config, self._ready.set)

    @property
    def url(self) -> str:
        """Its address, without a trailing slash; if it listens on all interfaces, that of this machine."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104  the addresses of no host
        host = f"[{host}]" if ":" in host else host
        return f"{self._scheme}://{host}:{self.port}"

    def __enter__(self) -> Self:
        """Start, and wait until it responds. Raises RuntimeError if it does not."""
        self._thread = threading.Thread(target=self._serve, name="agora-emulator", daemon=True)
        self._thread.start()
        if not self._ready.wait(START_TIMEOUT) or not self._server.started:
            raise RuntimeError("the emulator did not start")
        return self

    def __exit__(self, *_error: object) -> None:
        """Stop, and wait until it has stopped; delayed calls are cancelled."""
        self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(STOP_TIMEOUT)

    def run(self, on_ready: Callable[[], None], on_stopped: Callable[[], None] = lambda: None) -> None:
        """Serve in the calling thread until a signal ends it.

        `on_ready` is called once it responds, `on_stopped` when it no longer does: before the signal ends the process.
        """
        self._server.on_ready, self._server.on_stopped = on_ready, on_stopped
        self._serve()

    def _serve(self) -> None:
        try:
            self._server.run(sockets=[self._socket])
        finally:
            self._ready.set()  # a start that failed is not waited for


def _check_certificate(certfile: str | Path, keyfile: str | Path | None) -> None:
    """Raises OSError or ssl.SSLError that names the file, which Python's own does not."""
    for file in (certfile, keyfile):
        if file is not None:
            Path(file).open("rb").close()
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certfile, keyfile)
    except ssl.SSLError as error:
        files = (
            f"{certfile} is not a certificate with its key"
            if keyfile is None
            else f"{certfile} and {keyfile} are not a certificate and its key"
        )
        raise ssl.SSLError(error.errno, f"{files} in PEM ({error.reason or error.strerror})") from None


def _listen(host: str, port: int) -> socket.socket:
    """Create a listening socket here, so that the port is known immediately and a taken one raises OSError."""
    # As bytes, where that is possible: for text, Python loads the tables of international names.
    name = host.encode("ascii") if host.isascii() else host
    family, kind, protocol, _, address = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)[0]
    # With explicit protocol: asyncio disables Nagle only for TCP, and Nagle costs 40 ms per response.
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        where = f"port {port} of {host}; choose another port, or 0 for any free one"
        raise OSError(error.errno, f"{error.strerror}: {where}") from None
    return listening


def _config(emulator: Emulator, host: str) -> uvicorn.Config:
    class Protocol(_Protocol):
        loopback = is_loopback(host)
        name = host.lower()

    return uvicorn.Config(
        emulator.app,
        http=Protocol,
        loop="uvloop" if find_spec("uvloop") else "asyncio",  # twice the throughput, if installed
        ws="none",
        lifespan="off",
        log_config=None,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=75,  # the same as Agora's gateway, so that idle clients behave the same
        timeout_graceful_shutdown=1,
    )
