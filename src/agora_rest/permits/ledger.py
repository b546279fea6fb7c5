"""Where permits that processes share are kept: the interface of a database or Redis, and its rule.

A ledger has a row for each permit of a limit, with the moment from which the permit may be taken. Taking one moves that
moment to the end of the lease plus the rest; giving it back brings the moment to the end of the rest from then on. So
the permits of a process that died return without any cleanup.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from agora_rest.permits.limits import Quota


class PermitRequest(NamedTuple):
    """One permit of one limit."""

    key: str
    """The limit: its group, and whose calls it counts, which is hashed, for a customer ID is half of a credential."""
    calls: int
    """How many permits the limit has."""
    rest: float
    """Seconds a permit rests after its use."""

    @classmethod
    def of(cls, quota: Quota, slack: float) -> PermitRequest:
        """What a call under `quota` wants; a permit rests `slack` seconds longer than the limit's span."""
        owner = hashlib.sha256(quota.owner.encode()).hexdigest()[:32]
        return cls(f"{quota.group}:{owner}", quota.limit.calls, quota.limit.per + slack)


class Row(NamedTuple):
    """A permit as the ledger has it. Times are the ledger's own."""

    number: int
    holder: str | None
    """Who has it, or had it when its lease ended; None when it was given back."""
    since: float
    """When it was taken or given back."""
    free_at: float
    """From when on it may be taken."""

    def corrected(self, now: float) -> Row:
        """This permit after the clock was set back: what has begun in the future begins now, and takes as long."""
        return self if self.since <= now else self._replace(since=now, free_at=now + self.free_at - self.since)

    def earliest(self, now: float, rest: float) -> float:
        """When it can be free at the earliest: one that is out has its rest before it, and is not back yet."""
        return self.free_at if self.holder is None else min(self.free_at, now + rest)


class Reply(NamedTuple):
    """What a ledger answers."""

    granted: bool
    wait: float
    """Seconds until the permits that were taken may be used, or until it makes sense to ask again."""
    now: float
    """The ledger's time."""
    assume_all_taken: bool = False
    """Whether it refuses because it has lost its memory."""


class Snapshot(NamedTuple):
    """The permits of one limit, as they are at a moment."""

    permits: int
    """How many there are."""
    rows: Sequence[Row]
    """Those that were ever taken, and maybe the others."""


class Unreachable(Exception):  # noqa: N818  what went wrong is the name
    """The ledger could not be asked, or gave no answer. What was asked may have been done."""


class Ledger(Protocol):
    """Permits outside of this process. Its methods are called from any thread, and raise `Unreachable`."""

    name: str
    """Where it is, for people: a URL without a password."""

    def take(self, requests: Sequence[PermitRequest], holder: str, lease: float, early: float) -> Reply:
        """Take a permit of every want, or none. One that rests may be taken up to `lead` seconds early."""
        ...

    def give_back(self, requests: Sequence[PermitRequest], holder: str) -> None:
        """The call of `holder` is over: what it has, if it has anything, rests from now on."""
        ...

    def look(self) -> tuple[Mapping[str, Snapshot], float]:
        """The permits of every limit by its key, and the ledger's time. Changes nothing."""
        ...

    def close(self) -> None:
        """Close the connections."""
        ...

    def forked(self) -> None:
        """This is a new process now: leave the connections to the other one."""
        ...


def choose(
    requests: Sequence[PermitRequest], rows: Mapping[str, Sequence[Row]], now: float, early: float
) -> tuple[list[Row], float]:
    """The permit to take for each want, and in how many seconds all may be used; or none, and when to ask again."""
    best = [min(rows[request.key], key=lambda row: row.free_at) for request in requests]
    ready_at = max(row.free_at for row in best)
    if ready_at <= now + early:
        return best, max(0.0, ready_at - now)
    again_at = max(min(row.earliest(now, request.rest) for row in rows[request.key]) for request in requests)
    return [], again_at - now
