"""Applies faults to responses and connections."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import struct
from collections.abc import Callable, Iterable
from typing import Final

from agora_rest.emulator.faults import Fault, FaultKind
from agora_rest.emulator.web.messages import Receive, Request, Response, json_response

HTML: Final = b"<html><head><title>Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>"
UNKNOWN_SHAPE: Final = {"unexpected": ["shape"]}

_BODILESS: Final = (204, 304)


class Connection:
    """A connection that can be cut, provided by our own server with each request (see `EXTENSION`)."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport

    def reset(self) -> None:
        """Cut it immediately."""
        # Closing a socket without lingering sends RST, like a crashed server.
        found: socket.socket | None = self._transport.get_extra_info("socket")
        # The client may have disconnected: the socket is closed, or under uvloop has no descriptor or is missing.
        with contextlib.suppress(OSError, ValueError):
            if found is not None:
                found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()

    def close(self) -> None:
        """Close it after sending pending data."""
        self._transport.close()


class ConnectionCut(ConnectionResetError):  # noqa: N818
    """A cut connection for a caller in the same process, which has no real connection."""


async def delay(faults: Iterable[Fault], *, after_effect: bool) -> None:
    """Wait for these delays."""
    seconds = sum(fault.seconds for fault in faults if fault.after_effect == after_effect)
    if seconds:
        await asyncio.sleep(seconds)


def apply_fault(fault: Fault, response: Response | None) -> Response | None:
    """Apply a fault to a response (None if the call was not carried out). Returns None for no response."""
    if fault.kind is FaultKind.STATUS:
        return _status(fault)
    if response is None or fault.kind is FaultKind.CUT_AFTER:
        return None
    if fault.kind is FaultKind.NOT_JSON:
        return Response(response.status, HTML, ((b"content-type", b"text/html; charset=utf-8"),))
    if fault.kind is FaultKind.WRONG_SHAPE:
        return json_response(response.status, UNKNOWN_SHAPE if fault.body is None else fault.body)
    return response


async def cut(request: Request, receive: Receive) -> None:
    """Cut the connection without a response. Raises ConnectionCut if there is no connection."""
    await _end(request, receive, Connection.reset)


async def break_off(request: Request, receive: Receive) -> None:
    """Close the connection after sending pending data. Raises ConnectionCut if there is no connection."""
    await _end(request, receive, Connection.close)


def reset(request: Request) -> None:
    """Cut the connection of a request, if it has one."""
    if (connection := _connection(request)) is not None:
        connection.reset()


async def _end(request: Request, receive: Receive, how: Callable[[Connection], None]) -> None:
    connection = _connection(request)
    if connection is None:
        raise ConnectionCut("a fault has cut this connection")
    how(connection)
    # While the connection counts as open, the server would treat a return as a missing response.
    while (await receive())["type"] != "http.disconnect":
        pass


def _connection(request: Request) -> Connection | None:
    found: Connection | None = request.extension.get("connection")
    return found


def _status(fault: Fault) -> Response:
    headers = tuple((name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in fault.headers.items())
    if fault.body is None or fault.status in _BODILESS:
        return Response(fault.status, b"", headers)
    if not any(name == b"content-type" for name, _ in headers):
        kind = b"text/plain; charset=utf-8" if isinstance(fault.body, str) else b"application/json; charset=utf-8"
        headers = (*headers, (b"content-type", kind))
    text = fault.body if isinstance(fault.body, str) else json.dumps(fault.body, ensure_ascii=False)
    return Response(fault.status, text.encode("utf-8"), headers)
