"""Waiting threads, asyncio tasks and trio tasks. Each can be woken from any thread."""

from __future__ import annotations

import contextlib
import sys
import threading
from typing import Any, Protocol

from agora_rest.permits.clock import WaitingClock


class Waiter(Protocol):
    """A waiting thread or task, as the queue sees it."""

    def wake(self) -> None:
        """Wake the waiter. Called while the queue is locked, so the waiter must not try immediately."""
        ...

    def gone(self) -> bool:
        """Whether it can never try again."""
        ...


class AsyncWaiter(Waiter, Protocol):
    """A waiting task."""

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds`, which may be infinite, or when woken, even if that was before this call."""
        ...


class ThreadWaiter:
    """A waiting thread."""

    def __init__(self, clock: WaitingClock) -> None:
        self._clock, self._alarm = clock, threading.Event()

    def wake(self) -> None:
        """See `Waiter`."""
        self._alarm.set()

    def gone(self) -> bool:
        """A thread always continues."""
        return False

    def sleep(self, seconds: float) -> None:
        """See `AsyncWaiter`."""
        self._clock.wait(self._alarm, seconds)
        self._alarm.clear()


class AsyncioWaiter:
    """A task of asyncio."""

    def __init__(self, clock: WaitingClock) -> None:
        import asyncio  # here, for a program without tasks has not loaded it

        self._clock, self._alarm, self._loop = clock, asyncio.Event(), asyncio.get_running_loop()

    def wake(self) -> None:
        """See `Waiter`."""
        with contextlib.suppress(RuntimeError):  # The loop has been closed.
            self._loop.call_soon_threadsafe(self._alarm.set)

    def gone(self) -> bool:
        """A loop can be closed with tasks in it that never continue."""
        return self._loop.is_closed()

    async def sleep(self, seconds: float) -> None:
        """See `AsyncWaiter`."""
        await self._clock.wait_async(self._alarm, seconds)
        self._alarm.clear()


class TrioWaiter:
    """A task of trio, which has its own clock for tests."""

    def __init__(self, trio: Any) -> None:
        self._trio, self._alarm, self._token = trio, trio.Event(), trio.lowlevel.current_trio_token()

    def wake(self) -> None:
        """See `Waiter`."""
        with contextlib.suppress(RuntimeError):  # The run has finished.
            self._token.run_sync_soon(lambda: self._alarm.set())  # the alarm of that moment, for each rings only once

    def gone(self) -> bool:
        """A run does not end before its tasks."""
        return False

    async def sleep(self, seconds: float) -> None:
        """See `AsyncWaiter`."""
        with self._trio.move_on_after(seconds):
            await self._alarm.wait()
        self._alarm = self._trio.Event()


def this_task(clock: WaitingClock) -> AsyncWaiter:
    """The calling task, of asyncio or trio. If trio is not loaded, it is of asyncio."""
    trio = sys.modules.get("trio")
    return TrioWaiter(trio) if trio and trio.lowlevel.in_trio_task() else AsyncioWaiter(clock)
