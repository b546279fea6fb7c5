"""Time and waiting, in an asynchronous and a synchronous form. Tests pass their own, so that no test ever waits."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager, nullcontext
from typing import Any, TypeVar

T = TypeVar("T")


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
    return nullcontext()


@asynccontextmanager
async def _trio_time_limit(seconds: float) -> AsyncIterator[None]:
    import anyio

    with anyio.fail_after(seconds):
        yield


async def async_to_the_end(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """What `work` gives, which is finished although the task around it is cancelled, before or meanwhile.

    A shield of anyio keeps off what its own scopes cancel, and not what asyncio does: `task.cancel()`, its timeouts,
    Ctrl-C. So there the work gets a task of its own, and who was cancelled learns of it when the work is done.
    """
    import anyio

    trio = sys.modules.get("trio")
    with anyio.CancelScope(shield=True):
        result = await (work() if trio and trio.lowlevel.in_trio_task() else _in_a_task_of_its_own(work))
    return result  # noqa: RET504  a scope might swallow an error, as mypy sees it


def to_the_end(work: Callable[[], T]) -> T:
    """What `work` gives. Without tasks there is nobody to cancel it."""
    return work()


async def _in_a_task_of_its_own(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    import asyncio

    cancelled: asyncio.CancelledError | None = None
    for _ in range(2):  # A program that ends cancels all tasks there are, this one as well: once.
        task = asyncio.create_task(work())
        while not task.done():
            try:
                await asyncio.wait([task])
            except asyncio.CancelledError as error:
                cancelled = error
        if not task.cancelled():
            break
    if cancelled is None or task.cancelled():
        return task.result()
    if failure := task.exception():
        cancelled.add_note(" ".join([str(failure), *getattr(failure, "__notes__", ())]))
    raise cancelled
