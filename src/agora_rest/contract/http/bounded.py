"""Responses of bounded size, depth and duration, whatever a server sends.

- Size: the body is read and decompressed piece by piece; reading ends at `MAX_BODY` bytes.
- Depth: a body that nests more deeply than `MAX_DEPTH` is rejected, because JSON parsers are recursive.
- Duration: a timeout of a socket restarts with every byte, so a slow drip never exceeds it. A `Watchdog`
  shuts the connections of a request that takes longer than `RESPONSE_TIMEOUT` in all; the read that waits then fails.
"""

from __future__ import annotations

import re
import socket
import threading
import time
import weakref
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Final

MAX_BODY: Final = 16 * 2**20
"""Bytes of a body, decoded."""

MAX_DEPTH: Final = 100
"""Levels of arrays and objects in a body."""

RESPONSE_TIMEOUT: Final = 15.0
"""Seconds for one response, from the request to its last byte."""

_POLL_INTERVAL: Final = 0.25

_STRUCTURE: Final = re.compile(rb'\\.|["\[\]{}]', re.DOTALL)


class Unusable(Exception):  # noqa: N818  the response is unusable, not the program
    """A response is too large, too deep or too slow; the message says which."""


class TooSlow(Unusable):
    """A response took longer than it may."""


def read_bounded(pieces: Iterable[bytes], encoding: str = "") -> bytes:
    """The body that arrives in `pieces`, decompressed; raises `Unusable` where it is too large or too deep.

    A body of another encoding than gzip and deflate, or of one that is damaged, is returned as it came.
    """
    decoder = _Decoder(encoding.strip().lower())
    body, size = [], 0
    for piece in pieces:
        for decoded in decoder.decode(piece):
            size += len(decoded)
            if size > MAX_BODY:
                raise Unusable(f"a response of more than {MAX_BODY >> 20} MiB")
            body.append(decoded)
    whole = b"".join(body)
    if is_too_deep(whole):
        raise Unusable(f"a response that nests more than {MAX_DEPTH} levels")
    return whole


def is_too_deep(body: bytes) -> bool:
    """Whether JSON in `body` nests more deeply than `MAX_DEPTH`; checked without recursion, in linear time."""
    if body.count(b"[") + body.count(b"{") <= MAX_DEPTH:
        return False
    depth, in_text = 0, False
    for match in _STRUCTURE.finditer(body):
        mark = match[0]
        if mark == b'"':
            in_text = not in_text
        elif not in_text and mark in (b"[", b"{"):
            depth += 1
            if depth > MAX_DEPTH:
                return True
        elif not in_text and mark in (b"]", b"}"):
            depth -= 1
    return False


_STEP: Final = 2**16


class _Decoder:
    """Decompresses in small steps, so that a small piece cannot become gigabytes at once."""

    def __init__(self, encoding: str) -> None:
        self._zlib = zlib.decompressobj(zlib.MAX_WBITS | 32) if encoding in ("gzip", "x-gzip", "deflate") else None

    def decode(self, piece: bytes) -> Iterator[bytes]:
        more = bool(piece)
        while self._zlib is not None and more:
            try:
                decoded = self._zlib.decompress(piece, _STEP)
            except zlib.error:
                self._zlib = None
                break
            piece = self._zlib.unconsumed_tail
            more = bool(piece) or len(decoded) == _STEP  # output may be left where no input is
            yield decoded
        if self._zlib is None and piece:
            yield piece


class Watchdog:
    """Ends requests that take too long, by shutting their connections from another thread.

    Connections are shared by the requests of a run, so all of them are shut: it is one server that is too slow.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._sockets: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        self._ends_at: dict[object, float] = {}
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    def track(self, connection: socket.socket | None) -> None:
        """Shut this connection, too, when a request takes too long."""
        if connection is not None:
            with self._lock:
                self._sockets.add(connection)

    def watching(self, seconds: float) -> _Watched:
        """Make a request inside; raises `TooSlow` when it took longer than `seconds`, at most `self.seconds`."""
        return _Watched(self, min(seconds, self.seconds))

    def begin(self, request: object, ends_at: float) -> None:
        """Shut the connections if `request` has not ended at this moment of the monotonic clock."""
        self._ends_at[request] = ends_at  # without a lock, which costs as much as the rest: one step of the interpreter
        if self._thread is None:
            self._start()

    def end(self, request: object) -> None:
        """`request` has ended."""
        del self._ends_at[request]

    def close(self) -> None:
        """End the thread."""
        self._closed.set()
        if self._thread is not None:
            self._thread.join()

    def _start(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="contract-watchdog", daemon=True)
                self._thread.start()

    def _watch(self) -> None:
        while not self._closed.wait(_POLL_INTERVAL):
            now = time.monotonic()
            late = any(ends_at <= now for ends_at in tuple(self._ends_at.values()))
            with self._lock:
                connections = list(self._sockets) if late else []
            for connection in connections:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


class _Watched:
    """A request that is watched. A class, because a generator for each of a run's requests takes twice the time."""

    __slots__ = ("_ends_at", "_limit", "_watchdog")

    def __init__(self, watchdog: Watchdog, limit: float) -> None:
        self._watchdog, self._limit, self._ends_at = watchdog, limit, 0.0

    def __enter__(self) -> None:
        self._ends_at = time.monotonic() + self._limit
        self._watchdog.begin(self, self._ends_at)

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        try:
            if (error is None or isinstance(error, Exception)) and time.monotonic() >= self._ends_at:
                raise TooSlow(f"a response that took longer than {self._limit:g} s") from error
        finally:
            self._watchdog.end(self)
