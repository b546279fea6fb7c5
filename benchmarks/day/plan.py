"""What a day of recordings is, and what became of it: plain values, whoever simulates it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from agora_rest.emulator.quotas import Limit, Quotas
from agora_rest.fleet import Timings

HOUR: Final = 3600.0
SCHOOL_DAY: Final = (0.0,) * 7 + (1, 3, 4, 3, 2, 1, 2, 3, 2, 1, 1, 0.5, 0.5) + (0.0,) * 4
"""How many recordings start in each hour, over the average of the day: the busiest hour has four times as many."""
GROUPS: Final = ("acquire", "start", "stop", "query", "console")


@dataclass(frozen=True, kw_only=True, eq=False)
class Plan:
    """A day, who works it off, and under which limits. Times are in seconds."""

    name: str = ""
    recordings: int = 1_000_000
    accounts: int = 1
    """Each has its share of the recordings, limits, and workers of its own."""
    limits: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(GROUPS, 10))
    """Calls a second of each account."""
    timings: Timings = field(default_factory=Timings)
    stops_wait: bool = False
    """Whether a stop is answered only when the files are uploaded."""
    workers: int = 4
    hours: Sequence[float] = SCHOOL_DAY
    bell: float = 0.0
    """Recordings start at multiples of it only; 0: at any time."""
    lesson: float = 45 * 60.0
    answer: float = 0.25
    """Until a call is answered; the service counts it halfway."""
    stop_answer: float = 0.3
    """Until a stop is answered that waits for nothing."""
    upload: float = 20.0
    """After the end of a recording."""
    commit: float = 0.005
    """Until something is written in the journal."""

    @property
    def stop_takes(self) -> float:
        return self.upload if self.stops_wait else self.stop_answer

    def starts(self, account: int = 0) -> list[float]:
        """When the recordings of an account are to start, in seconds of the day."""
        generator = random.Random(account)
        whole, rest = divmod(self.recordings, self.accounts)
        hours = generator.choices(range(len(self.hours)), self.hours, k=whole + (account < rest))
        starts = sorted((hour + generator.random()) * HOUR for hour in hours)
        return [start // self.bell * self.bell for start in starts] if self.bell else starts


class StrictQuotas(Quotas):
    """The emulator's own counting, under a plan's limits, and what it has seen."""

    def __init__(self, limits: Mapping[str, int]) -> None:
        super().__init__()
        self._limits = limits
        self.refused, self.calls, self.busiest = Counter[str](), Counter[str](), Counter[str]()

    def admit(self, limits: tuple[Limit, ...], now: float) -> bool:
        limits = tuple(limit._replace(calls=self._limits.get(limit.group, limit.calls)) for limit in limits)
        passes = super().admit(limits, now)
        for limit in limits:
            self.calls[limit.group] += 1
            self.refused[limit.group] += not passes
            self.busiest[limit.group] = max(self.busiest[limit.group], self.used(limit, now))
        return passes


@dataclass
class Outcome:
    """What became of recordings. Late is what the service does after the moment at which it was wanted."""

    late_starts: list[float] = field(default_factory=list)
    late_stops: list[float] = field(default_factory=list)
    not_started: int = 0
    """Their end came before."""
    put_offline: int = 0
    """Their stop had not succeeded for too long."""
    unconfirmed: int = 0
    """They are over, and nobody has seen the end of their upload."""
    unsettled: int = 0
    """They have no outcome."""
    calls: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    busiest: Counter[str] = field(default_factory=Counter)
    """The most calls of a limit in any one second, of one account."""

    def hear(self, quotas: StrictQuotas) -> None:
        self.calls, self.refused, self.busiest = quotas.calls, quotas.refused, quotas.busiest

    def add(self, other: Outcome) -> None:
        """Another account's, too."""
        self.late_starts += other.late_starts
        self.late_stops += other.late_stops
        for name in ("not_started", "put_offline", "unconfirmed", "unsettled"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.calls += other.calls
        self.refused += other.refused
        self.busiest |= other.busiest


def spread(late: list[float]) -> tuple[float, float, float]:
    """The median, what 99 of 100 are below, and the worst."""
    late = sorted(late) or [0.0]
    return late[len(late) // 2], late[int(len(late) * 0.99)], late[-1]
