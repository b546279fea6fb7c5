"""The log of what was asked and answered: the latest exchanges, secrets hidden."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from agora_rest.emulator.clock import Instant, iso

KEPT: Final = 1000
"""So many exchanges are kept."""

LONGEST_BODY: Final = 64 * 1024
"""Longer bodies are not kept."""

HIDDEN: Final = "<hidden>"
"""What stands in the place of a secret."""

SECRETS: Final = frozenset({"authorization", "accesskey", "secretkey", "secret", "sign_key", "token", "password"})
"""Names of header fields and JSON members whose values nobody is shown, in whatever case they come."""

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
    request_headers: RawHeaders = field(repr=False)
    request_body: bytes = field(repr=False)
    answer_headers: RawHeaders = field(repr=False)
    answer_body: bytes = field(repr=False)

    def shown(self, number: int) -> dict[str, Any]:
        """Everything that may be seen, as JSON."""
        return {
            "number": number,
            "at": iso(self.at),
            "seconds": round(self.seconds, 6),
            "method": self.method,
            "target": self.target,
            "operation": self.operation,
            "status": self.status,
            "fault": self.fault,
            "request": {"headers": _headers(self.request_headers), "body": _body(self.request_body)},
            "answer": {"headers": _headers(self.answer_headers), "body": _body(self.answer_body)},
        }


class Journal:
    """The latest exchanges, oldest first, numbered from 1. Secrets are hidden when somebody looks, not on the way."""

    def __init__(self) -> None:
        self._exchanges: deque[Exchange] = deque(maxlen=KEPT)
        self.total = 0

    def add(self, exchange: Exchange) -> None:
        """Note an exchange."""
        self.total += 1
        self._exchanges.append(exchange)

    def shown(self, after: int = 0) -> list[dict[str, Any]]:
        """The exchanges that are kept and have a number above `after`."""
        first = self.total - len(self._exchanges) + 1
        return [
            exchange.shown(number) for number, exchange in enumerate(self._exchanges, start=first) if number > after
        ]


def kept(body: bytes) -> bytes:
    """What is kept of a body: all of it, or when it is very long, its size in words."""
    return body if len(body) <= LONGEST_BODY else b'"(%d bytes)"' % len(body)


def _headers(headers: RawHeaders) -> list[list[str]]:
    decoded = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
    return [[name, HIDDEN if name.lower() in SECRETS else value] for name, value in decoded]


def _body(body: bytes) -> Any:
    """A body as JSON without its secrets. What cannot be read as JSON cannot be searched for secrets: only its size."""
    if not body:
        return None
    try:
        return _without_secrets(json.loads(body))
    except (ValueError, RecursionError):
        return f"({len(body)} bytes that are not JSON)"


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: HIDDEN if member and name.lower() in SECRETS else _without_secrets(member)
            for name, member in value.items()
        }
    if isinstance(value, list):
        return [_without_secrets(member) for member in value]
    return value
