"""The current usage of limits, computed from a ledger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Self

from agora_rest.permits.ledger import Row


class PermitUsage(NamedTuple):
    """The permits of one limit at one moment: each serves a call, rests after one, or is free."""

    group: str
    """The operations: `start`, `console`, …"""
    owner: str
    """The owner of the calls, an account at a host, as a hash, because a store has nothing else."""
    permits: int
    """The number of permits, which is the number of calls that the limit allows in its span."""
    in_use: int
    """Permits in use, including those of processes that died."""
    resting: int
    """Permits at rest: so many calls have ended within the span."""
    rate: float
    """Ended calls per second."""

    @property
    def free(self) -> int:
        """Permits that can be acquired now."""
        return self.permits - self.in_use - self.resting

    @classmethod
    def of(cls, key: str, permits: int, rows: Sequence[Row], now: float) -> Self:
        """The usage of the limit `key` from its rows. A permit that was never acquired need not have a row."""
        group, _, owner = key.rpartition(":")
        busy = [row for row in (row.corrected(now) for row in rows) if row.free_at > now]
        rests = [row.free_at - row.since for row in busy if row.holder is None]
        in_use = len(busy) - len(rests)
        return cls(group, owner, permits, in_use, len(rests), sum((1 / rest for rest in rests), 0.0))
