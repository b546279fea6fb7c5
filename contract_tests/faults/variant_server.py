"""An implementation of another make: the emulator behind another HTTP server, with variants of its behaviour.

Everything it does otherwise is something that the documents leave open. No run may find anything wrong with it.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Final, NamedTuple

from agora_rest.contract.http.in_process import InProcess
from agora_rest.emulator import Emulator
from faults.asgi import Response
from faults.middleware import At, Edge


class Received(NamedTuple):
    """A request as it was received."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        """The value of a header field, or ""."""
        return next((value for each, value in self.headers if each.lower() == name.lower()), "")


_NOTHING_THERE: Final = Response(
    404, ((b"content-type", b"text/html"),), b"<html><body><h1>404 Not Found</h1></body></html>"
)


@dataclass
class VariantServer:
    """One server."""

    emulator: Emulator
    variants: tuple[At, ...] = ()
    """Middlewares that change its behaviour; the first is outermost."""
    prefix: str = ""
    """The beginning of its paths."""
    http: str = "HTTP/1.1"
    """The version that it speaks."""
    chunked: bool = False
    """Responses are sent in pieces, without an announced length."""
    one_call_each: bool = False
    """Connections are closed after each response."""
    drops: Callable[[Received], bool] = lambda _: False
    """Which requests get no response: the connection is closed."""
    tls: ssl.SSLContext | None = None
    host: str = "127.0.0.1"
    received: list[Received] = field(default_factory=list)

    def respond(self, received: Received) -> Response:
        """Respond to a request below the prefix."""
        target = received.target.removeprefix(self.prefix)
        hidden = target == "/" or target.startswith(("/_emulator/", "/docs"))
        if hidden or not received.target.startswith(self.prefix + "/"):
            return _NOTHING_THERE
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in received.headers]
        sent = self._transport.send(received.method, target.encode("latin-1"), headers, received.body)
        return Response(*sent)

    def die(self) -> None:
        """Listen no more. For threads that respond: the one that listens is waited for."""
        self._server.shutdown()
        self._server.socket.close()

    @contextmanager
    def serve(self) -> Iterator[str]:
        """Listen; gives the base URL."""
        for variant in reversed(self.variants):
            self.emulator.app = Edge(self.emulator, variant.make())  # type: ignore[assignment]
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        handler = type("Handler", (_Handler,), {"variant": self, "protocol_version": self.http})
        server = type("Server", (_Server,), {"address_family": family})((self.host, 0), handler)
        if self.tls is not None:
            server.socket = self.tls.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        self._server, self._transport = server, InProcess(self.emulator.app)
        host = f"[{self.host}]" if ":" in self.host else self.host
        try:
            yield f"{'https' if self.tls else 'http'}://{host}:{server.server_address[1]}{self.prefix}"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
            self._transport.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a caller that has left."""


class _Handler(BaseHTTPRequestHandler):
    variant: ClassVar[VariantServer]
    disable_nagle_algorithm = True
    wbufsize = -1

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):  # whatever the method is
            return self._do
        raise AttributeError(name)

    def _do(self) -> None:
        received = Received(self.command, self.path, list(self.headers.items()), self._body())
        self.variant.received.append(received)
        if self.variant.drops(received):
            self.close_connection = True
            return
        response = self.variant.respond(received)
        status, body = response.status, response.content
        self.send_response(status)
        hop_by_hop = ("content-length", "connection", "date", "server")
        for name, value in response.headers:
            if name.decode().lower() not in hop_by_hop:
                self.send_header(name.decode(), value.decode("latin-1"))
        empty = self.command == "HEAD" or status in (204, 304)
        chunked = self.variant.chunked and self.protocol_version == "HTTP/1.1"
        if self.variant.one_call_each:
            self.send_header("Connection", "close")
        if chunked and not empty:
            self.send_header("Transfer-Encoding", "chunked")
        elif not (self.variant.one_call_each or self.protocol_version == "HTTP/1.0" or status in (204, 304)):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if not empty:
            self._send(body, chunked=chunked)

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

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the name of the original's
        """Says nothing."""
