"""Clocks, asynchronous and synchronous. Tests pass their own, so that no test waits."""

from __future__ import annotations

import math
import sys
import threading
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager, nullcontext
from typing import Final


class AsyncSignal:
    """Something that happens once, and that tasks wait for."""

    def __init__(self) -> None:
        import anyio

        self._event = anyio.Event()

    def set(self) -> None:
        """It has happened."""
        self._event.set()

    def is_set(self) -> bool:
        """Whether it has happened."""
        return self._event.is_set()

    async def wait(self) -> None:
        """Return when it has happened."""
        await self._event.wait()


class Signal(threading.Event):
    """Something that happens once, and that threads wait for."""


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

    def unix_time(self) -> float:
        """The real time in seconds since 1970."""
        return time.time()

    async def wait(self, signal: AsyncSignal, seconds: float) -> bool:
        """Wait until `signal` is set, at most `seconds`. Returns whether it is."""
        import anyio

        with anyio.move_on_after(seconds):
            await signal.wait()
        return signal.is_set()


class Clock:
    """The monotonic real time in seconds, and waits."""

    def now(self) -> float:
        """The time in seconds; only differences are meaningful."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def unix_time(self) -> float:
        """The real time in seconds since 1970."""
        return time.time()

    def wait(self, signal: Signal, seconds: float) -> bool:
        """Wait until `signal` is set, at most `seconds`. Returns whether it is."""
        return signal.wait(seconds)


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
