"""An implementation that is not ours: the emulator behind a server of another make, with other manners.

Everything it does otherwise is something that the documents leave open. No run may find anything wrong with it.
"""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import httpx

from agora_rest.emulator import Emulator
from tests.contract.in_process import InProcess


@dataclass
class Answer:
    """What is about to be answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def is_json(self) -> bool:
        """Whether there is an object in it."""
        return self.body.startswith(b"{")

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @json.setter
    def json(self, value: Any) -> None:
        self.body = json.dumps(value).encode()


@dataclass
class Asked:
    """What was asked."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        return next((value for each, value in self.headers if each.lower() == name.lower()), "")


Serve = Callable[[Asked], Answer]

Manner = Callable[[Asked, Serve], Answer | None]
"""How it does one thing otherwise: it is given what was asked and what would answer that. None breaks off."""


@dataclass
class Front:
    """One server.

    manners: the first is outermost. prefix: where its paths begin. one_call_each: connections are closed after each
    answer. http: the version it speaks. chunked: answers are sent in pieces of no announced length.
    """

    emulator: Emulator
    manners: tuple[Manner, ...] = ()
    prefix: str = ""
    http: str = "HTTP/1.1"
    chunked: bool = False
    one_call_each: bool = False
    tls: ssl.SSLContext | None = None
    host: str = "127.0.0.1"
    asked: list[Asked] = field(default_factory=list)

    def answer(self, asked: Asked) -> Answer | None:
        """Answer a call, below the prefix."""
        if not asked.target.startswith(self.prefix + "/"):
            return nothing_there()
        asked.target = asked.target.removeprefix(self.prefix)
        if asked.target == "/" or asked.target.startswith(("/_emulator/", "/docs")):
            return nothing_there()  # nothing of an emulator is to be seen
        serve = self._serve
        for manner in reversed(self.manners):
            serve = _wrapped(manner, serve)
        return serve(asked)

    def die(self) -> None:
        """Listen no more. For threads that answer: the one that listens is waited for."""
        self.server.shutdown()
        self.server.socket.close()

    def _serve(self, asked: Asked) -> Answer:
        request = httpx.Request(
            asked.method, f"http://127.0.0.1{asked.target}", headers=asked.headers, content=asked.body
        )
        response = self.inner.handle_request(request)
        return Answer(response.status_code, dict(response.headers), response.read())

    @contextmanager
    def serve(self) -> Iterator[str]:
        """Listen; gives the base URL."""
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        handler = type("Handler", (_Handler,), {"front": self, "protocol_version": self.http})
        server = type("Server", (_Server,), {"address_family": family})((self.host, 0), handler)
        if self.tls is not None:
            server.socket = self.tls.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        self.server = server
        host = f"[{self.host}]" if ":" in self.host else self.host
        try:
            with InProcess(self.emulator.app) as self.inner:
                yield f"{'https' if self.tls else 'http'}://{host}:{server.server_address[1]}{self.prefix}"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


def _wrapped(manner: Manner, serve: Serve) -> Serve:
    return lambda asked: manner(asked, serve)  # type: ignore[return-value]


def nothing_there() -> Answer:
    """What a web server says of a path that nothing is at."""
    return Answer(404, {"Content-Type": "text/html"}, b"<html><body><h1>404 Not Found</h1></body></html>")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Callers may leave when they like."""


class _Handler(BaseHTTPRequestHandler):
    front: ClassVar[Front]
    disable_nagle_algorithm = True
    wbufsize = -1

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):  # whatever the method is
            return self._do
        raise AttributeError(name)

    def _do(self) -> None:
        asked = Asked(self.command, self.path, list(self.headers.items()), self._body())
        self.front.asked.append(asked)
        answer = self.front.answer(asked)
        if answer is None:
            self.close_connection = True
            return
        self.send_response(answer.status)
        hop_by_hop = ("content-length", "connection", "date", "server")
        for name, value in answer.headers.items():
            if name.lower() not in hop_by_hop:
                self.send_header(name, value)
        empty = self.command == "HEAD" or answer.status in (204, 304)
        chunked = self.front.chunked and self.protocol_version == "HTTP/1.1"
        if self.front.one_call_each:
            self.send_header("Connection", "close")
        if chunked and not empty:
            self.send_header("Transfer-Encoding", "chunked")
        elif not (self.front.one_call_each or self.protocol_version == "HTTP/1.0" or answer.status in (204, 304)):
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if not empty:
            self._send(answer.body, chunked=chunked)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            found = b""
            while size := int(self.rfile.readline().strip() or b"0", 16):
                found += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return found
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _send(self, body: bytes, *, chunked: bool) -> None:
        if not chunked:
            self.wfile.write(body)
            return
        for start in range(0, len(body), 7):
            piece = body[start : start + 7]
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- the name of the original's
        """Says nothing."""
