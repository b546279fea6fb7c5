"""Permits shared by processes and machines, in any ledger: who requests them, how often, and how failures are handled.

Of the waiters for the same limits in one process, one calls the ledger; the others wait behind it in memory, by
priority. It calls when a permit may be free, which the ledger reports, and not before. So three thousand waiters cost
the ledger no more than one, and nothing runs in the background.
"""

from __future__ import annotations

import itertools
import logging
import math
import os
import random
import socket
import sys
import threading
import uuid
import weakref
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import nullcontext, suppress
from types import TracebackType
from typing import Any, Final, NamedTuple

from agora_rest.permits.clock import SystemClock, WaitingClock
from agora_rest.permits.ledger import Ledger, PermitRequest, Reply, Unreachable
from agora_rest.permits.limits import Limit, Priority, Quota
from agora_rest.permits.memory import MemoryPermits
from agora_rest.permits.store import Hold, Permit, PermitStoreError, PermitTimeoutError
from agora_rest.permits.usage import PermitUsage
from agora_rest.permits.waiters import AsyncWaiter, ThreadWaiter, Waiter, this_task
from agora_rest.permits.watch import ClockWatch
from agora_rest.pickling import NotPicklable

# Sketch of the algorithm.
#
#   with store.hold(quotas):
#     loop:
#       1  Wait for the turn.  Per group of limits, one waiter of this process calls the ledger; the others wait behind
#          it in a local queue, by priority (`MemoryPermits` with a limit of one at a time).
#       2  Request, in a worker thread: "a permit of each request, or none".
#            refused, with a time t  -> sleep until t, minus a random part of EARLY_CLAIM_RATIO, then request again.
#            no response             -> give back in any case (it may have been taken), back off, request again.
#            granted, usable at t    -> release the turn: the next waiter calls.
#       3  Sleep until t: the permits were claimed while they still rested.
#       4  If they are older than MAX_PERMIT_AGE_RATIO of the lease by now, this process was stopped: give them back and
#          start again, because the lease may end before the call does.
#     the call; then give the permits back, in a worker thread, and again later while the ledger cannot be reached.
#
# Nothing depends on a process that survives: a permit that is never given back returns when its lease ends. Nothing
# depends on the processes' clocks: all times are the ledger's, and `ClockWatch` distrusts a ledger whose clock jumps
# forward, for as long as a permit that seems to have rested may not have.

logger = logging.getLogger(__name__)

LEASE: Final = 120.0
"""Seconds after which the permits of a process that died come back. By then every call that holds one must be over;
a start may hold its permit while the resource ID is acquired, so there are two calls."""
MAX_PERMIT_AGE_RATIO: Final = 1 / 12
"""The share of a lease after which its permit is returned unused: this process was stopped, or the
network was. 10 seconds of 120."""
CONNECT_TIMEOUT: Final = 10.0
"""Seconds for connecting and TLS."""
SLACK: Final = 0.001
"""See `MemoryPermits`."""
EARLY_CLAIM_RATIO: Final = 0.1
"""How early a resting permit may be taken, as a share of its limit's span. Each process requests it earlier by up to
this, at random, which gives a distant one its turn, and keeps requests from delaying the permit's next use."""
RESPONSE_TIMEOUT: Final = 5.0
"""Seconds a ledger may take to respond."""

_ONE_AT_A_TIME: Final = Limit(1, sys.float_info.min)
"""One at a time, and the next one immediately."""
_THREADS: Final = 8
_chance: Final = random.SystemRandom()
_stores: weakref.WeakSet[LeasedPermits] = weakref.WeakSet()


def longest_timeout(lease: float) -> float:
    """The timeout of a call up to which a lease outlives two. Sending takes no time: requests fit into a buffer."""
    return lease * (1 - MAX_PERMIT_AGE_RATIO) / 2 - CONNECT_TIMEOUT


class LeasedPermits(NotPicklable):
    """A `PermitStore` over a ledger. One instance serves any number of threads, tasks and event loops.

    `lease` is in seconds and must be the same for all processes that share the ledger; so do the limits.
    """

    _instead = "it has connections; pass its URL, and open it in each process."

    def __init__(self, ledger: Ledger, *, lease: float = LEASE, clock: WaitingClock | None = None) -> None:
        if longest_timeout(lease) <= 0:
            raise ValueError(f"a lease has to outlive a call, and {lease:g} s does not: give it {LEASE:g} s or more")
        self.lease = lease
        self._ledger, self._clock = ledger, clock or SystemClock()
        self._closing = weakref.finalize(self, ledger.close)
        self._begin()
        _stores.add(self)

    def _begin(self) -> None:
        self._local_queue = MemoryPermits(clock=self._clock, slack=0.0)
        self._threads: Executor = ThreadPoolExecutor(_THREADS, thread_name_prefix="agora-rest-permits")
        self._owed: dict[str, Sequence[PermitRequest]] = {}
        self._watch, self._lock = ClockWatch(), threading.Lock()
        self._not_before = 0.0
        self._trouble: str | None = None
        self._name = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        self._numbers = itertools.count(1)

    def hold(
        self, quotas: Sequence[Quota], *, priority: Priority = Priority.OTHER, timeout: float | None = None
    ) -> Hold:
        """See `PermitStore`. PermitStoreError if the ledger was unreachable for that time."""
        if not quotas:
            return nullcontext(Permit(waited=0.0))
        return _Hold(self, quotas, priority, timeout)

    @property
    def name(self) -> str:
        """The display name of the store: a URL without a password."""
        return self._ledger.name

    def usage(self) -> list[PermitUsage]:
        """How much of every limit in the store is used now, by all processes, read at one moment of the store's clock.

        Takes no permit and changes nothing. A limit without calls so far is not listed.

        Raises:
            ConnectionError: The store cannot be reached.
        """
        try:
            snapshots, now = self._ledger.read()
        except Unreachable as error:
            raise ConnectionError(str(error)) from None
        return sorted(PermitUsage.of(key, snapshot.permits, snapshot.rows, now) for key, snapshot in snapshots.items())

    def close(self) -> None:
        """Return pending permits, and close the connections. For programs that continue without the store."""
        self._threads.shutdown()
        self._closing()

    def __repr__(self) -> str:
        if not hasattr(self, "_ledger"):  # The constructor failed.
            return f"<{type(self).__name__}>"
        return f"<{type(self).__name__} {self._ledger.name}>"

    # Operations that the holds of this store share.

    def turn(self, quotas: Sequence[Quota], priority: Priority, timeout: float | None) -> Hold:
        """The right to request permits under `quotas`, which one waiter of this process has at a time."""
        group = "+".join(quota.group for quota in quotas)
        return self._local_queue.hold(
            (Quota(group, quotas[0].owner, _ONE_AT_A_TIME),), priority=priority, timeout=timeout
        )

    def now(self) -> float:
        """The time of this process."""
        return self._clock.now()

    def waiter(self) -> ThreadWaiter:
        """A waiter for this thread."""
        return ThreadWaiter(self._clock)

    def task(self) -> AsyncWaiter:
        """A waiter for this task."""
        return this_task(self._clock)

    def request(self, requests: Sequence[PermitRequest]) -> PendingClaim:
        """Request a permit of each, in another thread."""
        holder = f"{self._name}:{next(self._numbers)}"
        early = EARLY_CLAIM_RATIO * min(request.rest for request in requests)
        sent = self._clock.now()
        try:
            reply = self._threads.submit(self._take, requests, holder, early)
        except RuntimeError:  # The interpreter is at its end, where a recording may still need to be stopped.
            reply = _done(self._take, requests, holder, early)
        return PendingClaim(holder, sent, early, reply)

    def _take(self, requests: Sequence[PermitRequest], holder: str, early: float) -> Reply:
        try:
            self._settle()
            sent = self._clock.now()
            reply = self._ledger.take(requests, holder, self.lease, early)
        except Unreachable as error:
            if self._trouble is None:
                logger.warning("no permits for now: %s", error)
            self._trouble = str(error)
            raise
        if reply.assume_all_taken:
            self._trouble = f"{self._ledger.name} has no memory: it is new, or was restarted or emptied"
        else:
            self._trouble = None
        trusted = self._trusted(reply, sent, requests)
        if reply.granted and not trusted.granted:
            self._owed[holder] = requests
        return trusted

    def _trusted(self, reply: Reply, sent: float, requests: Sequence[PermitRequest]) -> Reply:
        """`reply`, without its permit if a jump of the ledger's clock means that the permit may not have rested."""
        received = self._clock.now()
        with self._lock:
            jump = self._watch.forward_jump(sent, received, reply.now)
            if jump:
                logger.warning("the clock of %s was set forward by %.3f s or more", self._ledger.name, jump)
                unrested = max(request.rest for request in requests) + (0 if jump < RESPONSE_TIMEOUT else self.lease)
                self._not_before = max(self._not_before, received + unrested)
            distrust = self._not_before - received
        return reply if distrust <= 0 else reply._replace(granted=False, wait=max(reply.wait, distrust))

    def give_back(self, requests: Sequence[PermitRequest], holder: str) -> None:
        """Return the permits of a call. Done in another thread, and later if the ledger is unreachable."""
        if not holder.startswith(f"{self._name}:"):
            return  # This is a forked process, and its parent, which took the permits, still uses them.
        self._owed[holder] = requests
        try:
            self._threads.submit(self._settle_quietly)
        except RuntimeError:  # The interpreter, or this store, is at its end.
            self._settle_quietly()

    def _settle_quietly(self) -> None:
        with suppress(Unreachable):
            self._settle()

    def _settle(self) -> None:
        while self._owed:
            try:
                holder, requests = self._owed.popitem()
            except KeyError:
                return
            try:
                self._ledger.give_back(requests, holder)
            except Unreachable:
                self._owed[holder] = requests
                raise

    def too_late(self, quotas: Sequence[Quota], timeout: float) -> PermitTimeoutError:
        """The error for a waiter whose timeout has passed."""
        return (
            PermitStoreError(quotas, timeout, self._trouble) if self._trouble else PermitTimeoutError(quotas, timeout)
        )

    def forked(self) -> None:
        """Reset this copy in a forked process: the parent's permits and waiters do not belong to it."""
        self._closing.detach()
        self._ledger.forked()
        self._closing = weakref.finalize(self, self._ledger.close)
        self._begin()


class PendingClaim(NamedTuple):
    """A request to the ledger, pending or completed."""

    holder: str
    """The holder of the permits, if any are granted."""
    at: float
    """When the request was made."""
    early: float
    reply: Future[Reply]


class _Hold:
    """See `Hold`. Both forms of waiting are the same steps; only the sleep differs."""

    def __init__(
        self, store: LeasedPermits, quotas: Sequence[Quota], priority: Priority, timeout: float | None
    ) -> None:
        self._store, self._quotas, self._priority = store, quotas, priority
        self._timeout = math.inf if timeout is None else timeout
        self._requests = tuple(PermitRequest.of(quota, SLACK) for quota in quotas)
        self._claim: PendingClaim | None = None
        self._began = self._ready_at = 0.0

    def __enter__(self) -> Permit:
        waiter = self._store.waiter()
        self._began = self._store.now()
        try:
            while True:
                with self._turn():
                    for seconds in self._until_granted(waiter):
                        waiter.sleep(seconds)
                for seconds in self._until_rested():
                    waiter.sleep(seconds)
                if self._still_fresh():
                    return self._permit()
        except PermitTimeoutError:
            self._give_back()
            raise self._too_late() from None
        except BaseException:  # An interruption may come at any moment, even just after the permits were taken.
            self._give_back()
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._give_back()

    async def __aenter__(self) -> Permit:
        waiter = self._store.task()
        self._began = self._store.now()
        try:
            while True:
                async with self._turn():
                    for seconds in self._until_granted(waiter):
                        await waiter.sleep(seconds)
                for seconds in self._until_rested():
                    await waiter.sleep(seconds)
                if self._still_fresh():
                    return self._permit()
        except PermitTimeoutError:
            self._give_back()
            raise self._too_late() from None
        except BaseException:
            self._give_back()
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._give_back()

    # The steps. A generator yields how many seconds to sleep; a waiter that is woken earlier continues.

    def _turn(self) -> Hold:
        return self._store.turn(self._quotas, self._priority, None if math.isinf(self._timeout) else self._left())

    def _until_granted(self, waiter: Waiter) -> Iterator[float]:
        """Requests permits until they are granted. Raises PermitTimeoutError after the timeout."""
        failures = 0
        while True:
            claim = self._claim = self._store.request(self._requests)
            claim.reply.add_done_callback(lambda _: waiter.wake())
            while not claim.reply.done():
                yield self._left()
            try:
                reply = claim.reply.result()
            except Unreachable:
                self._give_back()  # The permits may have been taken anyway.
                failures += 1
                wait = min(1.0, 0.05 * 2**failures) * _chance.uniform(0.5, 1)
            else:
                if reply.granted:
                    self._ready_at = self._store.now() + reply.wait
                    return
                failures, wait = 0, reply.wait - _chance.uniform(0, claim.early)
            again_at = self._store.now() + wait
            while (pause := again_at - self._store.now()) > 0:
                yield min(pause, self._left())

    def _until_rested(self) -> Iterator[float]:
        """Waits for the rest of permits that were taken early to end. Other waiters may request permits meanwhile."""
        while (pause := self._ready_at - self._store.now()) > 0:
            yield pause

    def _still_fresh(self) -> bool:
        """Whether enough of the lease is left; otherwise the permits are returned."""
        if self._claim and self._store.now() - self._claim.at < self._store.lease * MAX_PERMIT_AGE_RATIO:
            return True
        self._give_back()
        return False

    def _give_back(self) -> None:
        claim, self._claim = self._claim, None
        if claim is None or claim.reply.cancel():  # The request was not sent yet, so nothing was taken.
            return
        claim.reply.add_done_callback(lambda _: self._store.give_back(self._requests, claim.holder))

    def _left(self) -> float:
        left = self._began + self._timeout - self._store.now()
        if left <= 0:
            raise self._too_late()
        return left

    def _too_late(self) -> PermitTimeoutError:
        return self._store.too_late(self._quotas, self._timeout)

    def _permit(self) -> Permit:
        return Permit(waited=self._store.now() - self._began)


def _done(work: Callable[..., Reply], *arguments: Any) -> Future[Reply]:
    """The outcome of `work`, done in this thread."""
    outcome: Future[Reply] = Future()
    try:
        outcome.set_result(work(*arguments))
    except Unreachable as error:
        outcome.set_exception(error)
    return outcome


def _forked() -> None:
    for store in list(_stores):
        store.forked()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)
