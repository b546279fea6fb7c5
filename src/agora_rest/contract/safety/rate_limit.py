"""Keeping below a server's rate limit."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

#: How long a call counts, in seconds from the moment its answer is there.
_WINDOW: Final = 1.0


class Pace:
    """Lets at most `per_second` calls through in any second, whatever thread they come from.

    There are so many permits, and each rests for a second once its call is *answered*. So the server sees no more of
    them either, however unevenly the network carries calls.
    """

    def __init__(
        self,
        per_second: int,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._now, self._sleep = now, sleep
        self._rested: queue.Queue[float] = queue.Queue()  # when each free permit has rested, the first one first
        for _ in range(per_second):
            self._rested.put(now())

    @contextmanager
    def turn(self) -> Iterator[None]:
        """One call, which may go out at once: make it inside."""
        rested = self._rested.get()
        try:
            while (wait := rested - self._now()) > 0:
                self._sleep(wait)
            yield
        finally:
            self._rested.put(self._now() + _WINDOW)
