"""Time, as the emulator sees it: a value that is handed in, so that five minutes need not take five minutes."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, Protocol

Instant = float
"""A moment: seconds since 1970-01-01T00:00:00Z."""

LATEST: Final = datetime(9000, 1, 1, tzinfo=UTC).timestamp()
"""As far as a clock can be moved: dates beyond the year 9999 cannot be written down."""


NEW_YEAR_2026: Final = datetime(2026, 1, 1, tzinfo=UTC).timestamp()


class Clock(Protocol):
    """What the emulator asks for the time, and what its control moves."""

    def now(self) -> Instant:
        """The present moment. Never less than it was before, except after `reset`."""
        ...

    def advance(self, seconds: float) -> None:
        """Move on by `seconds`; ValueError when they are negative, not finite, or lead past `LATEST`."""
        ...

    def reset(self) -> None:
        """Undo every `advance`."""
        ...


class MovableClock:
    """The real time plus whatever the clock was moved by. It cannot be made to jump by setting the machine's clock."""

    def __init__(self, wall: Callable[[], float] = time.time, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._origin = wall() - monotonic()
        self._moved = 0.0

    def now(self) -> Instant:
        """The real time, moved."""
        return self._origin + self._monotonic() + self._moved

    def advance(self, seconds: float) -> None:
        """See `Clock`."""
        self._moved += _checked(seconds, self.now())

    def reset(self) -> None:
        """Back to the real time."""
        self._moved = 0.0


class FrozenClock:
    """A clock that stands still until it is moved: for tests of exact boundaries."""

    def __init__(self, start: Instant = NEW_YEAR_2026) -> None:
        self._start = self._now = float(start)

    def now(self) -> Instant:
        """The time it stands at."""
        return self._now

    def advance(self, seconds: float) -> None:
        """See `Clock`."""
        self._now += _checked(seconds, self._now)

    def reset(self) -> None:
        """Back to where it stood at first."""
        self._now = self._start


def iso(instant: Instant) -> str:
    """`instant` as the Console writes times: ISO 8601, UTC, with milliseconds (CO-45)."""
    return datetime.fromtimestamp(instant, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _checked(seconds: float, now: Instant) -> float:
    if not math.isfinite(seconds) or seconds < 0:
        raise ValueError("a clock is moved by a number of seconds that is finite and not negative")
    if now + seconds > LATEST:
        raise ValueError("the clock cannot be moved past the year 9000")
    return seconds
