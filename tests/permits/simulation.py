"""A world with its own time: an event loop whose sleeps take none, and a server that counts strictly."""

from __future__ import annotations

import asyncio
import math
import selectors
import threading
from bisect import bisect_right
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from agora_rest.permits import Limit, MemoryPermits, PermitStore, Quota, SystemClock

T = TypeVar("T")

TICK = 1e-9
"""Every wait takes this much longer than asked, as waits do; without it a rounding error could stop the time."""


class _Jump(selectors.SelectSelector):
    """Passes the time the loop would have slept."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        ready = super().select(0)
        if not ready and timeout is None:
            raise RuntimeError("everybody waits, and nothing will ever happen")
        if not ready:
            # Time passes in a loop that only works, too: a timer within its resolution is due, and would be forever.
            self.now += (timeout or 0.0) + TICK
        return ready


class SimulatedLoop(asyncio.SelectorEventLoop):
    """An event loop in which an hour passes as fast as its events can be worked off."""

    def __init__(self) -> None:
        self._jump = _Jump()
        super().__init__(self._jump)

    def time(self) -> float:
        return self._jump.now


World = Callable[[PermitStore], Coroutine[Any, Any, T]]
Make = Callable[[SystemClock], PermitStore]


def in_memory(clock: SystemClock) -> PermitStore:
    return MemoryPermits(clock=clock)


def simulate(world: World[T], make: Make = in_memory) -> T:
    """Run `world` with permits whose clock is the simulation's."""
    with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
        loop = runner.get_loop()
        return runner.run(world(make(SystemClock(loop.time))))


class AloneClock:
    """The clock of a thread that has nobody to be woken by: waiting just moves it on."""

    def __init__(self) -> None:
        self.time = 0.0

    def now(self) -> float:
        return self.time

    def wait(self, alarm: threading.Event, seconds: float) -> None:
        if alarm.is_set():
            return
        assert math.isfinite(seconds), "nobody is there to wake the only thread"
        self.time += seconds

    async def wait_async(self, alarm: asyncio.Event, seconds: float) -> None:
        raise NotImplementedError


class StrictServer:
    """Knows when each request reached it, and the most that did in any span, both ends counted."""

    def __init__(self) -> None:
        self.arrivals: list[float] = []

    def busiest(self, span: float = 1.0) -> int:
        times = sorted(self.arrivals)
        return max((bisect_right(times, start + span) - i for i, start in enumerate(times)), default=0)


def quota(group: str = "start", calls: int = 10, per: float = 1.0) -> Quota:
    return Quota(group, "somebody", Limit(calls, per))


async def now() -> float:
    return asyncio.get_running_loop().time()


async def cancelled(task: asyncio.Task[Any]) -> None:
    """Cancel `task` and see it end."""
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
