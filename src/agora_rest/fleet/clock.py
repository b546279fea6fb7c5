"""The fleet's time: the database's clock, extrapolated by a monotonic one."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Final, Protocol

logger = logging.getLogger("agora_rest.fleet")

MAX_DRIFT: Final = 0.5
"""The maximum difference in seconds between the two clocks that is not considered a jump."""
JUMP_CONFIRMATION: Final = 60.0
"""Seconds for which a jump must last before it is adopted."""
SYNC_INTERVAL: Final = 5.0
"""Seconds between two readings of the database's clock."""


class UnixClock(Protocol):
    """A source of the time."""

    def now(self) -> float:
        """Seconds since 1970."""
        ...


def steady() -> float:
    """Monotonic seconds, including suspended time on systems that count it."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class StoreClock:
    """The database's time, so that the clocks of machines need not agree; SQLite's is this machine's.

    Between two readings a monotonic clock extrapolates. A jump of the database's clock is adopted only after it has
    lasted a minute, so a mistake that is corrected within that time ends no recording and no lease early. After a
    longer gap between readings, and at the first reading, the clock is adopted as it is.
    """

    def __init__(self, steady: Callable[[], float] = steady) -> None:
        self._steady = steady
        self._offset: float | None = None
        self._synced_at = 0.0
        self._lock = threading.Lock()
        self._jumped_at: float | None = None
        self._jumped_to = 0.0

    @property
    def is_due(self) -> bool:
        """Whether the database's clock should be read again."""
        return self._offset is None or self._steady() - self._synced_at >= SYNC_INTERVAL

    def now(self) -> float:
        """Seconds since 1970, by this machine's clock until the database's is known."""
        return time.time() if self._offset is None else self._steady() + self._offset

    def sync(self, store_time: float) -> None:
        """Adopt a reading of the database's clock. Thread-safe."""
        with self._lock:
            self._sync(store_time)

    def _sync(self, store_time: float) -> None:
        steady = self._steady()
        offset, stale = store_time - steady, steady - self._synced_at > JUMP_CONFIRMATION
        self._synced_at = steady
        if self._offset is None or stale or abs(offset - self._offset) <= MAX_DRIFT:
            self._offset, self._jumped_at = offset, None
        elif self._jumped_at is None or abs(offset - self._jumped_to) > MAX_DRIFT:
            self._jumped_at, self._jumped_to = steady, offset
            logger.warning("The journal's clock has jumped by %.1f s; waiting to see it stay.", offset - self._offset)
        elif steady - self._jumped_at >= JUMP_CONFIRMATION:
            logger.warning("The journal's clock has stayed where it jumped to, and is adopted.")
            self._offset, self._jumped_at = offset, None
