"""The log of what was asked and answered: the latest exchanges, secrets hidden when they are shown."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from agora_rest.emulator.clock import Instant, iso
from agora_rest.emulator.refusals import Refusal
from agora_rest.redaction import HIDDEN, is_secret, redact

KEPT: Final = 1000
"""So many exchanges are kept."""

LONGEST_BODY: Final = 64 * 1024
"""Longer bodies are not kept."""

MAX_BYTES: Final = 32 << 20
"""So many bytes of headers and bodies are kept: of large exchanges fewer than `KEPT`."""

RawHeaders = Iterable[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer, as they went over the wire: kept raw, and shown only by `shown`."""

    at: Instant
    seconds: float
    """Real time it took."""
    method: str
    target: str
    operation: str | None
    status: int | None
    """None when the connection was cut."""
    fault: str | None
    """The kind of fault that decided the answer."""
    refusal: Refusal | None
    """Why the emulator said no; None when it did not, or when it needed no look at what was asked."""
    request_headers: RawHeaders = field(repr=False)
    request_body: bytes = field(repr=False)
    answer_headers: RawHeaders = field(repr=False)
    answer_body: bytes = field(repr=False)

    @property
    def size(self) -> int:
        """The bytes that it takes to keep it, near enough."""
        headers = (*self.request_headers, *self.answer_headers)
        fields = sum(len(name) + len(value) for name, value in headers)
        return len(self.target) + fields + len(self.request_body) + len(self.answer_body)

    def shown(self, number: int) -> dict[str, Any]:
        """Everything that may be seen, as JSON."""
        return self.summary(number) | {
            "request": {"headers": _headers(self.request_headers), "body": _body(self.request_body)},
            "answer": {"headers": _headers(self.answer_headers), "body": _body(self.answer_body)},
        }

    def summary(self, number: int) -> dict[str, Any]:
        """What `shown` shows, but for headers and bodies."""
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


class Journal:
    """The latest exchanges, oldest first, numbered from 1. Secrets are hidden when somebody looks, not on the way."""

    def __init__(self) -> None:
        self._exchanges: deque[Exchange] = deque()
        self._size = 0
        self.total = 0

    def add(self, exchange: Exchange) -> None:
        """Note an exchange."""
        self.total += 1
        self._exchanges.append(exchange)
        self._size += exchange.size
        while len(self._exchanges) > KEPT or (self._size > MAX_BYTES and len(self._exchanges) > 1):
            self._size -= self._exchanges.popleft().size

    def since(self, after: int = 0) -> Iterator[tuple[int, Exchange]]:
        """The exchanges that are kept and have a number above `after`, with their numbers."""
        first = self.total - len(self._exchanges) + 1
        return ((number, found) for number, found in enumerate(self._exchanges, start=first) if number > after)

    def shown(self, after: int = 0) -> list[dict[str, Any]]:
        """Those of `since`, as they may be seen."""
        return [exchange.shown(number) for number, exchange in self.since(after)]


def kept(body: bytes) -> bytes:
    """What is kept of a body: all of it, or when it is very long, its size in words."""
    return body if len(body) <= LONGEST_BODY else b'"(%d bytes)"' % len(body)


def _headers(headers: RawHeaders) -> list[list[str]]:
    decoded = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
    return [[name, HIDDEN if is_secret(name) else value] for name, value in decoded]


def _body(body: bytes) -> Any:
    """A body as JSON without its secrets. What cannot be read as JSON cannot be searched for secrets: only its size."""
    if not body:
        return None
    try:
        return redact(json.loads(body))
    except (ValueError, RecursionError):
        return f"({len(body)} bytes that are not JSON)"
