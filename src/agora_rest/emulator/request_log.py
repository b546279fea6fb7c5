"""The log of the latest requests and responses. Secrets are hidden when it is read."""

from __future__ import annotations

import contextlib
import json
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any, Final

from msgspec import Struct, msgpack

from agora_rest.emulator.clock import Instant, iso
from agora_rest.emulator.refusals import Refusal
from agora_rest.redaction import HIDDEN, is_secret, redact, secrets_in, secrets_of_credentials, without
from agora_rest.redaction.occurrences import SHORTEST_ECHO
from agora_rest.spec import Edition

KEPT: Final = 1000
"""The maximum number of stored exchanges."""

LONGEST_BODY: Final = 64 * 1024
"""Longer bodies are not stored."""

MAX_BYTES: Final = 32 << 20
"""The maximum number of stored bytes of headers and bodies: of large exchanges, fewer than `KEPT` are stored."""

RawHeaders = Sequence[tuple[bytes, bytes]]


class Exchange(Struct, frozen=True, kw_only=True):
    """One request and its response, stored unredacted; only `shown` may be displayed.

    A struct, because creating a frozen dataclass takes a tenth of the time of a whole call.
    """

    at: Instant
    seconds: float
    """The real duration."""
    method: str
    target: str
    operation: str | None
    edition: Edition
    """The edition of the documents that the emulator spoke."""
    status: int | None
    """None if the connection was cut."""
    fault: str | None
    """The kind of the fault that determined the response."""
    refusal: Refusal | None
    """The reason for a refusal; None if the call was not refused, or was refused without reading the request."""
    packed_request_headers: bytes
    request_body: bytes
    packed_response_headers: bytes
    response_body: bytes

    def __repr__(self) -> str:
        return f"<Exchange {self.method} {self.target}: {self.status}>"  # headers and bodies have secrets

    @property
    def size(self) -> int:
        """Its approximate size in memory, in bytes."""
        headers = len(self.packed_request_headers) + len(self.packed_response_headers)
        return len(self.target) + headers + len(self.request_body) + len(self.response_body)

    @property
    def request_headers(self) -> RawHeaders:
        """The header fields of the request."""
        return _unpack(self.packed_request_headers)

    @property
    def response_headers(self) -> RawHeaders:
        """The header fields of the response."""
        return _unpack(self.packed_response_headers)

    def shown(self, number: int) -> dict[str, Any]:
        """The redacted exchange, as JSON. Its secrets are hidden wherever they occur again, as in a fault's body."""
        secrets = self.secrets()
        summary: dict[str, Any] = redact(self.summary(number), secrets)
        return summary | {
            "request": {
                "headers": _headers(self.request_headers, secrets),
                "body": _body(self.request_body, secrets),
            },
            "answer": {"headers": _headers(self.response_headers, secrets), "body": _body(self.response_body, secrets)},
        }

    def secrets(self) -> frozenset[str]:
        """The secrets in its credentials and bodies, by the names of their fields."""
        found: set[str] = set()
        for name, value in (*self.request_headers, *self.response_headers):
            if name.lower() == b"authorization":
                found.update(secrets_of_credentials(value.decode("latin-1")))
        for body in (self.request_body, self.response_body):
            with contextlib.suppress(ValueError, RecursionError):
                found |= secrets_in(json.loads(body or b"null"), SHORTEST_ECHO)
        return frozenset(found)

    def summary(self, number: int) -> dict[str, Any]:
        """`shown` without headers and bodies."""
        return {
            "number": number,
            "at": iso(self.at),
            "seconds": round(self.seconds, 6),
            "method": self.method,
            "target": self.target,
            "operation": self.operation,
            "status": self.status,
            "fault": self.fault,
        }


class RequestLog:
    """The latest exchanges, oldest first, numbered from 1. Secrets are hidden on reading, not on writing."""

    def __init__(self) -> None:
        self._exchanges: deque[Exchange] = deque()
        self._sizes: deque[int] = deque()
        self._size = 0
        self.total = 0

    def add(self, exchange: Exchange) -> None:
        """Store an exchange."""
        size = exchange.size
        self.total += 1
        self._exchanges.append(exchange)
        self._sizes.append(size)
        self._size += size
        while len(self._exchanges) > KEPT or (self._size > MAX_BYTES and len(self._exchanges) > 1):
            self._exchanges.popleft()
            self._size -= self._sizes.popleft()

    def since(self, after: int = 0) -> Iterator[tuple[int, Exchange]]:
        """The stored exchanges with a number above `after`, with their numbers."""
        first = self.total - len(self._exchanges) + 1
        return ((number, found) for number, found in enumerate(self._exchanges, start=first) if number > after)

    def shown(self, after: int = 0) -> list[dict[str, Any]]:
        """The exchanges of `since`, redacted."""
        return [exchange.shown(number) for number, exchange in self.since(after)]


def kept(body: bytes) -> bytes:
    """The stored form of a body: all of it, or for a very long one a note of its size."""
    return body if len(body) <= LONGEST_BODY else b'"(%d bytes)"' % len(body)


_unpack: Final = msgpack.Decoder(list[tuple[bytes, bytes]]).decode

pack: Final = msgpack.Encoder().encode
"""Makes one object of header fields: to free the dozens of a request that was logged long ago takes longer."""


def _headers(headers: RawHeaders, secrets: frozenset[str]) -> list[list[str]]:
    decoded = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
    return [[name, HIDDEN if is_secret(name) else without(value, secrets)] for name, value in decoded]


def _body(body: bytes, secrets: frozenset[str]) -> Any:
    """A body as JSON without secrets; only the size of a body that is not JSON and cannot be searched."""
    if not body:
        return None
    try:
        return redact(json.loads(body), secrets)
    except (ValueError, RecursionError):
        return f"({len(body)} bytes that are not JSON)"
