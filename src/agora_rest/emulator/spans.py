"""Spans of time in which something was recorded."""

from __future__ import annotations

from collections.abc import Iterable
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
    """When each of some things was recorded, in the order in which they were first recorded.

    A change costs as much as is recorded at present, however much was recorded before.
    """

    by_key: dict[K, list[Span]] = field(default_factory=dict)
    first: Instant | None = field(init=False)
    """When anything was recorded for the first time."""
    _active: set[K] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.first = min((spans[0].since for spans in self.by_key.values()), default=None)
        self._active = {key for key, spans in self.by_key.items() if spans[-1].until is None}

    def set_active(self, keys: Iterable[K], now: Instant) -> None:
        """Let exactly `keys` be recorded from now on."""
        wanted = dict.fromkeys(keys)
        for key in self._active - wanted.keys():
            self.by_key[key][-1].until = now
        for key in wanted:
            if key not in self._active:
                self.by_key.setdefault(key, []).append(Span(now))
                self.first = now if self.first is None else min(self.first, now)
        self._active = set(wanted)

    @property
    def active(self) -> list[K]:
        """The streams that are recorded at present."""
        return [key for key in self.by_key if key in self._active]
