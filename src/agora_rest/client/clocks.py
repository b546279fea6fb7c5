"""Time and waiting, in an asynchronous and a synchronous form. Tests pass their own, so that no test ever waits."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager, nullcontext
from typing import Final


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


def async_time_limit(seconds: float) -> AbstractAsyncContextManager[object]:
    """Cancel what is in this block after `seconds`, and raise TimeoutError."""
    trio = sys.modules.get("trio")
    if trio and trio.lowlevel.in_trio_run():
        return _trio_time_limit(seconds)
    import asyncio

    return asyncio.timeout(seconds if seconds < math.inf else None)


def time_limit(_: float) -> AbstractContextManager[object]:
    """A thread cannot be cancelled: its network streams keep the deadline (`_transports.deadline`)."""
    return _NO_LIMIT


_NO_LIMIT: Final = nullcontext()


@asynccontextmanager
async def _trio_time_limit(seconds: float) -> AsyncIterator[None]:
    import anyio

    with anyio.fail_after(seconds):
        yield
