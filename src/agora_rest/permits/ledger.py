"""The interface of a store of shared permits (a database or Redis), and its rule.

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
    """The limit: its group, and the owner of the calls, hashed because a customer ID is half of a credential."""
    calls: int
    """How many permits the limit has."""
    rest: float
    """Seconds a permit rests after its use."""

    @classmethod
    def of(cls, quota: Quota, slack: float) -> PermitRequest:
        """The request of a call under `quota`; a permit rests `slack` seconds longer than the limit's span."""
        owner = hashlib.sha256(quota.owner.encode()).hexdigest()[:32]
        return cls(f"{quota.group}:{owner}", quota.limit.calls, quota.limit.per + slack)


class Row(NamedTuple):
    """A permit in the ledger. Times are the ledger's own."""

    number: int
    holder: str | None
    """Its holder, or the last one if the lease expired; None after a return."""
    since: float
    """When it was acquired or returned."""
    free_at: float
    """When it may be acquired again."""

    def corrected(self, now: float) -> Row:
        """This permit after the clock was set back: a start in the future becomes now, with the same duration."""
        return self if self.since <= now else self._replace(since=now, free_at=now + self.free_at - self.since)

    def earliest(self, now: float, rest: float) -> float:
        """The earliest time at which it can be free: a permit in use must first be returned and rest."""
        return self.free_at if self.holder is None else min(self.free_at, now + rest)


class Reply(NamedTuple):
    """The response of a ledger."""

    granted: bool
    wait: float
    """Seconds until the permits that were taken may be used, or until it makes sense to request again."""
    now: float
    """The ledger's time."""
    assume_all_taken: bool = False
    """Whether it refuses because it has lost its data."""


class Snapshot(NamedTuple):
    """The permits of one limit at one moment."""

    permits: int
    """How many there are."""
    rows: Sequence[Row]
    """The permits that were ever acquired, and maybe the others."""


class Unreachable(Exception):  # noqa: N818  what went wrong is the name
    """The ledger is unreachable, or did not respond. The request may have taken effect."""


class Ledger(Protocol):
    """Permits outside of this process. Methods can be called from any thread, and raise `Unreachable`."""

    name: str
    """The display name of the ledger: a URL without a password."""

    def take(self, requests: Sequence[PermitRequest], holder: str, lease: float, early: float) -> Reply:
        """Take a permit of every request, or none. A permit may be taken `early` seconds before its rest ends."""
        ...

    def give_back(self, requests: Sequence[PermitRequest], holder: str) -> None:
        """Return the permits of `holder`, if it has any: they rest from now on."""
        ...

    def read(self) -> tuple[Mapping[str, Snapshot], float]:
        """The permits of every limit by its key, and the ledger's time, without changing anything."""
        ...

    def close(self) -> None:
        """Close the connections."""
        ...

    def forked(self) -> None:
        """Drop the connections after a fork: they belong to the parent process."""
        ...


def choose(
    requests: Sequence[PermitRequest], rows: Mapping[str, Sequence[Row]], now: float, early: float
) -> tuple[list[Row], float]:
    """The permit for each request, and in how many seconds all may be used; or none, and when to try again."""
    best = [min(rows[request.key], key=lambda row: row.free_at) for request in requests]
    ready_at = max(row.free_at for row in best)
    if ready_at <= now + early:
        return best, max(0.0, ready_at - now)
    again_at = max(min(row.earliest(now, request.rest) for row in rows[request.key]) for request in requests)
    return [], again_at - now
