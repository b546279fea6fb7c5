"""The emulator's clock: an injected value, so that five minutes need not take five minutes."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from threading import Lock
from typing import Final, NamedTuple, Protocol

Instant = float
"""A moment: seconds since 1970-01-01T00:00:00Z."""

LATEST: Final = datetime(9000, 1, 1, tzinfo=UTC).timestamp()
"""The latest time of a clock: dates beyond the year 9999 cannot be formatted."""


NEW_YEAR_2026: Final = datetime(2026, 1, 1, tzinfo=UTC).timestamp()


class Clock(Protocol):
    """The emulator's source of time, which its control advances, stops and restarts."""

    @property
    def frozen(self) -> bool:
        """Whether it is stopped."""
        ...

    def now(self) -> Instant:
        """The current time. It never goes back, except after `reset`."""
        ...

    def advance(self, seconds: float) -> None:
        """Advance by `seconds`. Raises ValueError if they are negative, not finite, or lead past `LATEST`."""
        ...

    def freeze(self) -> None:
        """Stop the clock. Does nothing if it is stopped already."""
        ...

    def thaw(self) -> None:
        """Let the clock run on from the time at which it stopped. Does nothing if it is running."""
        ...

    def reset(self) -> None:
        """Undo every `advance` and every stop. Whether it is stopped now does not change."""
        ...


class _Reading(NamedTuple):
    """A time, and the reading of the machine's clock at that time; None while the clock is stopped."""

    at: Instant
    since: float | None


class MovableClock:
    """The real time plus all advances; it can be stopped, and then runs on from the time at which it stopped.

    It is unaffected by changes of the machine's clock, and thread-safe.
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
        """The advanced real time, or the time at which it is stopped."""
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
        """Return to the real time, or to the initial time of a `FrozenClock`."""
        with self._lock:
            self._reading = _Reading(self._first(), None if self.frozen else self._monotonic())


class FrozenClock(MovableClock):
    """A clock that is stopped from the start, at a time of your choice, for tests of exact boundaries."""

    def __init__(self, start: Instant = NEW_YEAR_2026, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__(monotonic=monotonic)
        self._first = lambda: float(start)
        self._reading = _Reading(self._first(), None)


@lru_cache(maxsize=1024)  # the times of a rule are in every list of rules
def iso(instant: Instant) -> str:
    """`instant` in the Console's format: ISO 8601, UTC, with milliseconds (CO-45)."""
    return datetime.fromtimestamp(instant, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _checked(seconds: float, now: Instant) -> float:
    if not math.isfinite(seconds) or seconds < 0:
        raise ValueError("a clock is moved by a number of seconds that is finite and not negative")
    if now + seconds > LATEST:
        raise ValueError("the clock cannot be moved past the year 9000")
    return seconds
