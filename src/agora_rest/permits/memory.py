"""Permits for the threads and tasks of one process."""

from __future__ import annotations

import contextlib
import math
import os
import threading
import weakref
from collections.abc import Sequence
from functools import cache
from types import TracebackType
from typing import Final

from agora_rest.permits.clock import SystemClock, WaitingClock
from agora_rest.permits.limits import Key, Priority, Quota
from agora_rest.permits.store import Hold, Permit, PermitTimeoutError
from agora_rest.permits.wait_queue import Ticket, WaitQueue
from agora_rest.permits.waiters import ThreadWaiter, Waiter, this_task
from agora_rest.pickling import NotPicklable

_stores: Final[weakref.WeakSet[MemoryPermits]] = weakref.WeakSet()


class MemoryPermits(NotPicklable):
    """A PermitStore in memory. One instance serves any number of threads and event loops at the same time.

    Nothing runs in the background: a waiter sleeps and is woken when it may be served. There are no leases, because
    the calls and this store end with the process. Processes are independent of each other: each has the whole
    limit. Tasks are asyncio's or trio's.

    `slack` is how many seconds a permit rests beyond its limit's span: a thousandth covers a server whose clock is
    being adjusted (which changes its pace by half a thousandth at most), and one that counts both ends of the span.
    """

    _instead = "it belongs to one process; for several processes, pass the URL of a shared store to each."

    def __init__(self, *, clock: WaitingClock | None = None, slack: float = 0.001) -> None:
        self._clock = clock or SystemClock()
        self._slack = slack
        self._begin()
        _stores.add(self)

    def _begin(self) -> None:
        self._wait_queues: dict[Key, WaitQueue] = {}
        # Re-entrant: a signal handler may make a call, or the garbage collector end one by closing a forgotten
        # coroutine, in a thread that is in here already.
        self._lock = threading.RLock()

    def hold(
        self, quotas: Sequence[Quota], *, priority: Priority = Priority.OTHER, timeout: float | None = None
    ) -> Hold:
        """See `PermitStore`."""
        if not quotas:
            return contextlib.nullcontext(Permit(waited=0.0))
        return _Hold(self._clock, self._lock, self._wait_queue(quotas), quotas, priority, timeout)

    def _wait_queue(self, quotas: Sequence[Quota]) -> WaitQueue:
        """The queue of the widest group. Overlapping groups of which none contains the other are not supported."""
        with self._lock:
            wait_queue = self._wait_queues.get(quotas[0].key) or WaitQueue(self._slack)
            for quota in quotas:
                if self._wait_queues.setdefault(quota.key, wait_queue) is not wait_queue:
                    raise ValueError(f"{quota.group} is not inside {quotas[0].group}")
            return wait_queue

    def forked(self) -> None:
        """Reset this copy in a forked process, where the permits of the parent's threads would never be returned."""
        self._begin()


@cache
def shared() -> MemoryPermits:
    """The one store that all clients of this process share by default."""
    return MemoryPermits()


class _Hold:
    """See `Hold`. Both forms of waiting are the same steps; only the sleep differs."""

    def __init__(
        self,
        clock: WaitingClock,
        lock: threading.RLock,
        wait_queue: WaitQueue,
        quotas: Sequence[Quota],
        priority: Priority,
        timeout: float | None,
    ) -> None:
        self._clock, self._lock, self._wait_queue = clock, lock, wait_queue
        self._quotas, self._priority = quotas, priority
        self._timeout = math.inf if timeout is None else timeout
        self._ticket: Ticket
        self._since = 0.0

    def __enter__(self) -> Permit:
        waiter = ThreadWaiter(self._clock)
        self._join(waiter)
        try:
            while (seconds := self._claim()) is not None:
                waiter.sleep(seconds)
        except BaseException:  # An interruption may come at any moment, even just after the permits were taken.
            self._leave()
            raise
        return self._permit()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with self._lock:
            self._wait_queue.give_back(self._ticket, self._clock.now())

    async def __aenter__(self) -> Permit:
        waiter = this_task(self._clock)
        self._join(waiter)
        try:
            while (seconds := self._claim()) is not None:
                await waiter.sleep(seconds)
        except BaseException:
            self._leave()
            raise
        return self._permit()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.__exit__(kind, error, traceback)

    def _join(self, waiter: Waiter) -> None:
        with self._lock:
            self._since = self._clock.now()
            self._ticket = self._wait_queue.join(self._quotas, self._priority, waiter)

    def _claim(self) -> float | None:
        """None with the permit; otherwise how many seconds to sleep. Raises PermitTimeoutError after the timeout."""
        with self._lock:
            now = self._clock.now()
            again_at = self._wait_queue.claim(self._ticket, now)
        if again_at is None:
            return None
        ends_at = self._since + self._timeout
        if ends_at <= now:
            raise PermitTimeoutError(self._quotas, self._timeout)
        return min(again_at, ends_at) - now

    def _leave(self) -> None:
        with self._lock:
            self._wait_queue.leave(self._ticket)
            self._wait_queue.give_back(self._ticket, self._clock.now())

    def _permit(self) -> Permit:
        return Permit(waited=self._clock.now() - self._since)


def _forked() -> None:
    for store in list(_stores):
        store.forked()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)
