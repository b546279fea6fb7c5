"""Enforces the deadline of a call where bytes are read and written.

A timeout bounds one read. A server that sends a byte now and then, of a header, a chunk extension, a trailer or an
endless series of 1xx responses, never exceeds it. So the timeouts of a request also carry the end of its attempt, and
for threads the network streams below httpx check it at each step. Tasks need no such streams: a cancel scope around the
exchange enforces the deadline (`AsyncSendTransport`).
"""

from __future__ import annotations

import queue
import socket
import ssl
import threading
import time
from collections.abc import Iterable
from typing import Any, Final

import httpcore

_WRITE_SIZE: Final = 65_536
"""The number of bytes written under one timeout."""


class DeadlineBackend(httpcore.NetworkBackend):
    """Opens connections that check the deadline of the current request at each step."""

    def __init__(self) -> None:
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first reachable address of `host`."""
        ends = _ends(timeout)
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in _addresses(host, port, timeout):
            left = _left(timeout, ends, httpcore.ConnectTimeout)
            try:
                stream = self._inner.connect_tcp(address, port, left, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return DeadlineStream(stream, ends)
        raise failure


class DeadlineStream(httpcore.NetworkStream):
    """A connection that checks the deadline; a step without a timeout uses that of connecting."""

    def __init__(self, inner: httpcore.NetworkStream, ends: float | None) -> None:
        self._inner, self._ends = inner, ends
        # These two need no deadline, and the first is called for each request.
        self.get_extra_info = inner.get_extra_info  # type: ignore[method-assign]
        self.close = inner.close  # type: ignore[method-assign]

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read available data, or wait for it."""
        return self._inner.read(max_bytes, self._left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of `buffer`."""
        if not buffer:
            return
        for begin in range(0, len(buffer), _WRITE_SIZE):
            self._inner.write(buffer[begin : begin + _WRITE_SIZE], self._left(timeout, httpcore.WriteTimeout))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Encrypt the connection. The timeout is for the whole handshake."""
        left = self._left(timeout, httpcore.ConnectTimeout)
        return DeadlineStream(self._inner.start_tls(ssl_context, server_hostname, left), self._ends)

    def _left(self, timeout: float | None, kind: type[Exception]) -> float | None:
        return _left(timeout, self._ends if timeout is None else _ends(timeout), kind)


def _ends(timeout: float | None) -> float | None:
    return getattr(timeout, "ends", None)


def _left(timeout: float | None, ends: float | None, kind: type[Exception]) -> float | None:
    """The seconds left for the next step. Raises `kind` if none are left."""
    if ends is None:
        return timeout
    left = ends - time.monotonic()
    if left <= 0:
        raise kind("the deadline of the call has passed")
    return left if timeout is None else min(timeout, left)


def _addresses(host: str, port: int, timeout: float | None) -> list[str]:
    """Resolve `host`. A thread does it, because the system call has no timeout."""
    resolved: queue.SimpleQueue[list[Any] | OSError] = queue.SimpleQueue()

    def resolve() -> None:
        try:
            resolved.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            resolved.put(error if isinstance(error, OSError) else OSError(str(error)))

    if _is_address(host):
        return [host]
    try:
        threading.Thread(target=resolve, daemon=True).start()
    except RuntimeError:  # The interpreter is at its end, or has no more threads.
        resolve()
    try:
        found = resolved.get(timeout=timeout)
    except queue.Empty:
        raise httpcore.ConnectTimeout("the name of the host was not resolved in time") from None
    if isinstance(found, OSError):
        raise httpcore.ConnectError(str(found)) from None
    return list(dict.fromkeys(str(address[4][0]) for address in found))


def _is_address(host: str) -> bool:
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, host)
        except OSError:
            continue
        return True
    return False
