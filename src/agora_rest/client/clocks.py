"""Clocks, asynchronous and synchronous. Tests pass their own, so that no test waits."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager, nullcontext
from typing import Final


class AsyncClock:
    """The monotonic real time in seconds, and waits."""

    def now(self) -> float:
        """The time in seconds; only differences are meaningful."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait without blocking other tasks, under asyncio or trio."""
        trio = sys.modules.get("trio")
        if trio and trio.lowlevel.in_trio_run():
            await trio.sleep(seconds)
            return
        import asyncio

        await asyncio.sleep(seconds)


class Clock:
    """The monotonic real time in seconds, and waits."""

    def now(self) -> float:
        """The time in seconds; only differences are meaningful."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


def async_shield() -> AbstractContextManager[object]:
    """Shield the block from cancellation of the surrounding task."""
    import anyio

    return anyio.CancelScope(shield=True)


def shield() -> AbstractContextManager[object]:
    """Do nothing: threads are not cancelled."""
    return nullcontext()


def async_time_limit(seconds: float) -> AbstractAsyncContextManager[object]:
    """Cancel the block after `seconds`, and raise TimeoutError."""
    trio = sys.modules.get("trio")
    if trio and trio.lowlevel.in_trio_run():
        return _trio_time_limit(seconds)
    import asyncio

    return asyncio.timeout(seconds if seconds < math.inf else None)


def time_limit(_: float) -> AbstractContextManager[object]:
    """Do nothing: a thread cannot be cancelled; its network streams enforce the deadline (`_transports.deadline`)."""
    return _NO_LIMIT


_NO_LIMIT: Final = nullcontext()


@asynccontextmanager
async def _trio_time_limit(seconds: float) -> AsyncIterator[None]:
    import anyio

    with anyio.fail_after(seconds):
        yield
