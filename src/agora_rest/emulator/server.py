"""The emulator on a port: uvicorn, told a few things it could not know."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import threading
from collections.abc import Callable
from importlib.util import find_spec
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from agora_rest.addresses import is_loopback
from agora_rest.emulator.web.fault_injection import Connection
from agora_rest.emulator.web.messages import EXTENSION

if TYPE_CHECKING:
    from agora_rest.emulator.emulator import Emulator

PATIENCE: Final = 10.0
"""Real seconds a server may take to start or to stop."""

BACKLOG: Final = 2048
"""Connections that may wait to be accepted."""

_logger = logging.getLogger("agora_rest.emulator")
_logger.setLevel(logging.ERROR)  # uvicorn's warnings are about what callers do wrong, and callers are told themselves
# A call that a fault delays is cancelled when the server stops: that is no error worth a traceback.
_logger.addFilter(lambda record: not (record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError)))


class _Protocol(HttpToolsProtocol):
    """uvicorn's, with our extensions in each scope, and with our logger: uvicorn's own belongs to other servers too."""

    loopback = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.logger = _logger
        self.access_log = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._extensions = {EXTENSION: {"connection": Connection(transport), "loopback": self.loopback}}

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = self._extensions  # type: ignore[typeddict-item]

    def send_400_response(self, msg: str) -> None:
        # uvicorn's is plain text; ours is JSON even to those who do not speak HTTP.
        body = json.dumps({"message": msg}).encode("ascii")
        head = (
            b"HTTP/1.1 400 Bad Request\r\ncontent-type: application/json; charset=utf-8\r\nconnection: close\r\n"
            b"content-length: %d\r\n\r\n" % len(body)
        )
        self.transport.write(head + body)
        self.transport.close()


class _LoopbackProtocol(_Protocol):
    loopback = True


class _Server(uvicorn.Server):
    """uvicorn's, which says when it is ready."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self.on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for call in self.server_state.tasks:  # those that a fault delays would be waited for
            call.cancel()
        await super().shutdown(sockets)


class EmulatorServer:
    """An emulator that listens. In `with`, it runs in a thread; `run` runs it in the calling one."""

    def __init__(self, emulator: Emulator, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self.emulator = emulator
        self._socket = _listen(host, port)
        self.host: str
        self.port: int
        self.host, self.port = self._socket.getsockname()[:2]
        self._thread: threading.Thread | None = None
        self._ready = threading.Event()
        self._server = _Server(_config(emulator, loopback=is_loopback(host)), self._ready.set)

    @property
    def url(self) -> str:
        """Where it can be reached, without a slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    def __enter__(self) -> Self:
        """Start, and wait until it answers. Raises RuntimeError when it does not."""
        self._thread = threading.Thread(target=self._serve, name="agora-emulator", daemon=True)
        self._thread.start()
        if not self._ready.wait(PATIENCE):
            raise RuntimeError("the emulator did not start")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop, and wait until it has; calls that hang in a delay are cut off."""
        self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(PATIENCE)

    def run(self, on_ready: Callable[[], None]) -> None:
        """Serve in the calling thread until a signal ends it; `on_ready` is called once, when it answers."""
        self._server.on_ready = on_ready
        self._serve()

    def _serve(self) -> None:
        self._server.run(sockets=[self._socket])


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket. Bound here, so that the port is known at once and a taken one is the caller's OSError."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    # With its protocol named: asyncio switches Nagle off only where it sees TCP, and Nagle costs 40 ms an answer.
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(BACKLOG)
    except OSError:
        listening.close()
        raise
    return listening


def _config(emulator: Emulator, *, loopback: bool) -> uvicorn.Config:
    return uvicorn.Config(
        emulator.app,
        http=_LoopbackProtocol if loopback else _Protocol,
        loop="uvloop" if find_spec("uvloop") else "asyncio",  # twice the throughput where it is to be had
        ws="none",
        lifespan="off",
        log_config=None,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=75,  # as long as Agora's gateway, so that idle clients are not surprised
        timeout_graceful_shutdown=1,
    )
