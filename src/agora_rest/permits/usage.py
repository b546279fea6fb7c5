"""How much of a limit is used at this moment: what a ledger has, counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Self

from agora_rest.permits.ledger import Row


class Usage(NamedTuple):
    """The permits of one limit at one moment: each serves a call, rests after one, or is free."""

    group: str
    """The operations: `start`, `console`, …"""
    owner: str
    """Whose calls are counted: an account at a host, as a hash, for that is all a store knows."""
    permits: int
    """How many there are: as many as the limit allows calls in its span."""
    in_use: int
    """How many serve a call, or did when their process died."""
    resting: int
    """How many rest, so many calls have ended within the span."""
    rate: float
    """Calls that have ended, a second."""

    @property
    def free(self) -> int:
        """How many may be taken at once."""
        return self.permits - self.in_use - self.resting

    @classmethod
    def of(cls, key: str, permits: int, rows: Sequence[Row], now: float) -> Self:
        """What the rows of the limit `key` come to. A permit that was never taken need not have a row."""
        group, _, owner = key.rpartition(":")
        busy = [row for row in (row.corrected(now) for row in rows) if row.free_at > now]
        rests = [row.free_at - row.since for row in busy if row.holder is None]
        in_use = len(busy) - len(rests)
        return cls(group, owner, permits, in_use, len(rests), sum((1 / rest for rest in rests), 0.0))
