"""Time, as the emulator sees it: a value that is handed in, so that five minutes need not take five minutes."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock
from typing import Final, NamedTuple, Protocol

Instant = float
"""A moment: seconds since 1970-01-01T00:00:00Z."""

LATEST: Final = datetime(9000, 1, 1, tzinfo=UTC).timestamp()
"""As far as a clock can be moved: dates beyond the year 9999 cannot be written down."""


NEW_YEAR_2026: Final = datetime(2026, 1, 1, tzinfo=UTC).timestamp()


class Clock(Protocol):
    """What the emulator asks for the time, and what its control moves, stops and lets run."""

    @property
    def frozen(self) -> bool:
        """Does it stand still until it is moved?"""
        ...

    def now(self) -> Instant:
        """The present moment. Never less than it was before, except after `reset`."""
        ...

    def advance(self, seconds: float) -> None:
        """Move on by `seconds`; ValueError when they are negative, not finite, or lead past `LATEST`."""
        ...

    def freeze(self) -> None:
        """Stand still, at the moment it is. One that stands still already goes on doing so."""
        ...

    def thaw(self) -> None:
        """Run on from the moment at which it stood still. One that runs goes on running."""
        ...

    def reset(self) -> None:
        """Undo every `advance`, and every standing still. Whether it stands still now stays as it is."""
        ...


class _Reading(NamedTuple):
    """A moment, and what the machine's own clock said then; None where no time passes since."""

    at: Instant
    since: float | None


class MovableClock:
    """The real time plus whatever the clock was moved by; it can stand still, and then goes on from where it stood.

    It cannot be made to jump by setting the machine's clock. Any thread may use it.
    """

    def __init__(self, wall: Callable[[], float] = time.time, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = Lock()
        origin = wall() - monotonic()
        self._first: Callable[[], Instant] = lambda: origin + monotonic()
        self._reading = _Reading(self._first(), monotonic())

    @property
    def frozen(self) -> bool:
        """See `Clock`."""
        return self._reading.since is None

    def now(self) -> Instant:
        """The real time, moved; or the moment at which it stands."""
        at, since = self._reading
        return at if since is None else at + (self._monotonic() - since)

    def advance(self, seconds: float) -> None:
        """See `Clock`."""
        with self._lock:
            at, since = self._reading
            self._reading = _Reading(at + _checked(seconds, self.now()), since)

    def freeze(self) -> None:
        """See `Clock`."""
        with self._lock:
            self._reading = _Reading(self.now(), None)

    def thaw(self) -> None:
        """See `Clock`."""
        with self._lock:
            if self.frozen:
                self._reading = _Reading(self._reading.at, self._monotonic())

    def reset(self) -> None:
        """Back to the real time, or to where a `FrozenClock` began."""
        with self._lock:
            self._reading = _Reading(self._first(), None if self.frozen else self._monotonic())


class FrozenClock(MovableClock):
    """A clock that stands still from the beginning, at a moment of your choice: for tests of exact boundaries."""

    def __init__(self, start: Instant = NEW_YEAR_2026, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__(monotonic=monotonic)
        self._first = lambda: float(start)
        self._reading = _Reading(self._first(), None)


def iso(instant: Instant) -> str:
    """`instant` as the Console writes times: ISO 8601, UTC, with milliseconds (CO-45)."""
    return datetime.fromtimestamp(instant, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _checked(seconds: float, now: Instant) -> float:
    if not math.isfinite(seconds) or seconds < 0:
        raise ValueError("a clock is moved by a number of seconds that is finite and not negative")
    if now + seconds > LATEST:
        raise ValueError("the clock cannot be moved past the year 9000")
    return seconds
