"""Keeping below a server's rate limit."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Pace:
    """Lets calls through at an even pace of `per_second`, whatever thread they come from."""

    def __init__(
        self,
        per_second: float,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._interval, self._now, self._sleep = 1 / per_second, now, sleep
        self._next = 0.0
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Return when the next call may go out."""
        with self._lock:
            now = self._now()
            due = max(now, self._next)
            self._next = due + self._interval
        if due > now:
            self._sleep(due - now)
