"""Time and waiting for permits. The clock is a parameter, so that a test of a minute takes a millisecond."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import asyncio


class WaitingClock(Protocol):
    """A clock that also waits, in threads and in tasks of asyncio."""

    def now(self) -> float:
        """Seconds since some moment; never less than before."""
        ...

    def wait(self, alarm: threading.Event, seconds: float) -> None:
        """Return after `seconds`, which may be infinite, or as soon as `alarm` is set."""
        ...

    async def wait_async(self, alarm: asyncio.Event, seconds: float) -> None:
        """The same for a task. May set `alarm` itself when the time is over."""
        ...


class SystemClock:
    """The machine's monotonic clock, which setting the date does not change."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.now = now

    def wait(self, alarm: threading.Event, seconds: float) -> None:
        """See `WaitingClock`."""
        alarm.wait(None if math.isinf(seconds) else min(seconds, threading.TIMEOUT_MAX))

    async def wait_async(self, alarm: asyncio.Event, seconds: float) -> None:
        """See `WaitingClock`."""
        import asyncio  # here, for a program without tasks has not loaded it

        if math.isinf(seconds):
            await alarm.wait()
            return
        timer = asyncio.get_running_loop().call_later(seconds, alarm.set)
        try:
            await alarm.wait()
        finally:
            timer.cancel()
