"""Spans of time in which something was recorded."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from agora_rest.emulator.clock import Instant

K = TypeVar("K")


@dataclass
class Span:
    """From `since` to `until`, or still going on."""

    since: Instant
    until: Instant | None = None

    def overlap(self, begin: Instant, end: Instant) -> tuple[Instant, Instant] | None:
        """The part of it between `begin` and `end`, or None."""
        since, until = max(self.since, begin), end if self.until is None else min(self.until, end)
        return (since, until) if since <= until and self.since < end else None


@dataclass
class Spans(Generic[K]):
    """When each of some things was recorded, in the order in which they were first recorded."""

    by_key: dict[K, list[Span]] = field(default_factory=dict)

    def set_active(self, keys: Collection[K], now: Instant) -> None:
        """Let exactly `keys` be recorded from now on."""
        for key, spans in self.by_key.items():
            if key not in keys and spans[-1].until is None:
                spans[-1].until = now
        for key in keys:
            spans = self.by_key.setdefault(key, [])
            if not spans or spans[-1].until is not None:
                spans.append(Span(now))

    @property
    def active(self) -> list[K]:
        """What is recorded at present."""
        return [key for key, spans in self.by_key.items() if spans[-1].until is None]

    @property
    def first(self) -> Instant | None:
        """When anything was recorded for the first time."""
        return min((spans[0].since for spans in self.by_key.values()), default=None)
