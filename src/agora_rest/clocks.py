"""Time and waiting, in an asynchronous and a synchronous form. Tests pass their own, so that no test ever waits."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager, nullcontext


class AsyncClock:
    """The real time, in seconds from no particular moment, and a way to let some of it pass."""

    def now(self) -> float:
        """Seconds; only differences mean something."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait without holding others up, under asyncio or trio."""
        import anyio

        await anyio.sleep(seconds)


class Clock:
    """The real time, in seconds from no particular moment, and a way to let some of it pass."""

    def now(self) -> float:
        """Seconds; only differences mean something."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


def async_shield() -> AbstractContextManager[object]:
    """What is in this block is finished although the task around it has been cancelled."""
    import anyio

    return anyio.CancelScope(shield=True)


def shield() -> AbstractContextManager[object]:
    """Without tasks there is nothing to be shielded from."""
    return nullcontext()
