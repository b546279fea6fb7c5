"""States, lanes and timings of recordings: plain values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from typing import Any, Final, Self


class State(StrEnum):
    """How far a recording is. Each is written down *before* the call that it leads to."""

    INTENT = "intent"
    """It is wanted; there is no resource ID, or none that is good any more."""
    ACQUIRED = "acquired"
    """It has a resource ID; the start may have been sent."""
    STARTED = "started"
    """It runs, and its sid is known."""
    LOST = "lost"
    """It runs, or may, and its sid is not known: it goes on until its end is due and is then put offline."""
    STOPPING = "stopping"
    """Its end is due; the stop may have been sent."""
    UPLOADING = "uploading"
    """It is over; where its files are is still asked for."""
    DONE = "done"
    """It is over, and what became of it is known."""
    UNKNOWN = "unknown"
    """It is over for certain, if it ever ran; what was recorded is not known."""
    FAILED = "failed"
    """Nothing was recorded."""

    @property
    def is_final(self) -> bool:
        """Whether nothing is left to do."""
        return self in FINAL


FINAL: Final = frozenset({State.DONE, State.UNKNOWN, State.FAILED})
LIVE: Final = tuple(state for state in State if state not in FINAL)


class Lane(IntEnum):
    """Who goes first: the smaller number."""

    STOP = 0
    """A recording that is not stopped costs money."""
    START = 1
    QUERY = 2


class Ended(StrEnum):
    """Why a recording is over."""

    STOPPED = "stopped"
    BY_ITSELF = "by itself"
    """The channel was empty for the idle time, or the service ended the recording."""
    PUT_OFFLINE = "put offline"
    """By a kicking rule of a minute, because its sid was not known or its stop did not succeed."""
    NOT_STARTED = "not started"


REENTRY_BLOCK: Final = 60.0
"""Seconds for which a recorder that was put offline cannot come back (CO-42): started in them it records nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timings:
    """How long things take, in seconds. The defaults are what is known of Agora's servers; tests make them shorter."""

    lease: float = 60.0
    """How long a claim lasts without renewal. Longer than the client's deadline for a call: a
    start, which is sent when a lease has just been renewed, is then answered or given up before the lease ends."""
    repeat: tuple[float, ...] = (3.0, 6.0, 9.0)
    """Before each repetition of a call whose outcome is unclear."""
    longest: float = 60.0
    """Between two attempts, at most."""
    turned_away: float = 1.0
    """Before the next attempt of a call that certainly did nothing: too many calls, no connection."""
    resource_life: float = 300.0
    """How long a resource ID is good for (CR-11)."""
    first_query: float = 5.0
    """After the start, before which a query tells nothing."""
    query_every: float = 120.0
    """Between two queries of a recording that runs."""
    join_within: float = 90.0
    """After the start: a recorder that is not in the channel by then will not come."""
    missing_for: float = 90.0
    """A recording that is not found for longer is over; before that, the service may be moving it."""
    look_again: float = 15.0
    """Between two looks at one that is not found."""
    stop_within: float = 300.0
    """A stop that has not succeeded for so long is given up for putting the recorder offline."""
    upload_within: float = 300.0
    """How long to ask where the files are."""

    def scaled_down(self, factor: float) -> Self:
        """Everything so much shorter, the life of a resource ID excepted, which is the server's."""
        shorter: dict[str, Any] = {
            name: tuple(each / factor for each in value) if isinstance(value, tuple) else value / factor
            for name in self.__slots__
            if name != "resource_life"
            for value in (getattr(self, name),)
        }
        return replace(self, **shorter)

    def backoff(self, attempt: int) -> float:
        """How long to wait after attempt number `attempt` (from 1) whose outcome is unclear."""
        if attempt <= len(self.repeat):
            return self.repeat[attempt - 1]
        return min(self.longest, self.repeat[-1] * 2.0 ** min(attempt - len(self.repeat), 32))
