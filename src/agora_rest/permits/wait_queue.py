"""The order of waiting for permits, as a state without threads, tasks or a clock."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from agora_rest.permits.fair_share import FairShare
from agora_rest.permits.limits import Key, Limit, Priority, Quota
from agora_rest.permits.waiters import Waiter


class Bucket:
    """The permits of one limit: when each that is not held may be used again."""

    def __init__(self, limit: Limit, slack: float) -> None:
        self.limit = limit
        self._rest = limit.per + slack
        self._ready = deque([-math.inf] * limit.calls)

    def ready_at(self) -> float:
        """When the next permit may be used; infinity while all of them are out."""
        return self._ready[0] if self._ready else math.inf

    def take(self) -> None:
        """Take the permit that has rested longest."""
        self._ready.popleft()

    def give_back(self, now: float) -> None:
        """Return a permit, which rests from now on. Time is monotonic, so permits stay in order."""
        self._ready.append(now + self._rest)


class QueueKey(NamedTuple):
    """Waiters for the same permits with the same priority are served in order of arrival."""

    keys: tuple[Key, ...]
    priority: Priority


class Ticket:
    """A position in the queue, and later the permits that were granted."""

    __slots__ = ("holds", "number", "queue_key", "waiter")

    def __init__(self, queue_key: QueueKey, number: int, waiter: Waiter) -> None:
        self.queue_key, self.number, self.waiter = queue_key, number, waiter
        self.holds = False


class WaitQueue:
    """All waiters under one widest limit, e.g. the Console's with its kicking rules (CO-03, CO-49).

    The first waiter of each key sleeps until the next permit is ready. Every claim, departure and return wakes the
    first of every key, and each tries again. Permits are taken by waiters that are awake and not assigned to
    sleeping ones, so no permit ever belongs to a waiter that was cancelled meanwhile.
    """

    def __init__(self, slack: float) -> None:
        self._slack = slack
        self._buckets: dict[Key, Bucket] = {}
        self._queues: dict[QueueKey, dict[Ticket, None]] = {}
        self._fair_share = FairShare()
        self._tickets = 0

    def join(self, quotas: Sequence[Quota], priority: Priority, waiter: Waiter) -> Ticket:
        """Join behind all waiters of the same priority. Raises ValueError if a limit differs from before."""
        for quota in quotas:
            bucket = self._buckets.get(quota.key)
            if bucket is None:
                self._buckets[quota.key] = Bucket(quota.limit, self._slack)
            elif bucket.limit != quota.limit:
                raise ValueError(f"{quota.group} has a {bucket.limit} already; a {quota.limit} cannot hold as well")
        if all(queue_key.priority != priority for queue_key in list(self._queues)):
            self._fair_share.enter(priority)
        self._tickets += 1
        ticket = Ticket(QueueKey(tuple(quota.key for quota in quotas), priority), self._tickets, waiter)
        self._queues.setdefault(ticket.queue_key, {})[ticket] = None
        return ticket

    def claim(self, ticket: Ticket, now: float) -> float | None:
        """None if `ticket` has its permits; otherwise when to try again, infinity for a waiter that must be woken."""
        able = [first for first in self._firsts() if self._ready_at(first.queue_key) <= now]
        if ticket is min(able, key=self._order, default=None):
            for key in ticket.queue_key.keys:
                self._buckets[key].take()
            ticket.holds = True
            self._fair_share.served(ticket.queue_key.priority)
            self.leave(ticket)
            return None
        ready_at = self._ready_at(ticket.queue_key)
        return ready_at if ready_at > now and ticket is next(iter(self._queues[ticket.queue_key])) else math.inf

    def leave(self, ticket: Ticket) -> None:
        """Leave the queue, if `ticket` is still in it."""
        queue_key = self._queues.get(ticket.queue_key, {})
        queue_key.pop(ticket, None)
        if not queue_key:
            self._queues.pop(ticket.queue_key, None)
        self._wake()

    def give_back(self, ticket: Ticket, now: float) -> None:
        """Return the permits of `ticket`, if it has any: they rest from now on."""
        if not ticket.holds:
            return
        ticket.holds = False
        for key in ticket.queue_key.keys:
            self._buckets[key].give_back(now)
        self._wake()

    def _order(self, ticket: Ticket) -> tuple[tuple[float, Priority], int]:
        return self._fair_share.due(ticket.queue_key.priority), ticket.number

    def _ready_at(self, queue_key: QueueKey) -> float:
        return max(self._buckets[key].ready_at() for key in queue_key.keys)

    def _wake(self) -> None:
        for ticket in self._firsts():
            ticket.waiter.wake()

    def _firsts(self) -> Iterator[Ticket]:
        """The first waiter of every key, without those that can never try again."""
        for queue_key, tickets in list(self._queues.items()):
            for ticket in list(tickets):
                if not ticket.waiter.gone():
                    yield ticket
                    break
                tickets.pop(ticket, None)
            if not tickets:
                self._queues.pop(queue_key, None)
