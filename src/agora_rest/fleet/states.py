"""States, lanes and timings of recordings: plain values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from typing import Any, Final, Self

from agora_rest.client._field_docs import with_field_docs


class State(StrEnum):
    """The state of a recording. It is written *before* the call that it leads to."""

    INTENT = "intent"
    """Ordered; there is no valid resource ID."""
    ACQUIRED = "acquired"
    """A resource ID is acquired; the start may have been sent."""
    STARTED = "started"
    """Running, with a known sid."""
    LOST = "lost"
    """It runs, or may run, with an unknown sid. When its end is due, its recorder is put offline."""
    STOPPING = "stopping"
    """The end is due; the stop may have been sent."""
    UPLOADING = "uploading"
    """Over; its files are still being queried."""
    DONE = "done"
    """Over, with a known outcome."""
    UNKNOWN = "unknown"
    """Certainly over, if it ever ran; it is unknown what was recorded."""
    FAILED = "failed"
    """Nothing was recorded."""

    @property
    def is_final(self) -> bool:
        """Whether nothing is left to do."""
        return self in FINAL


FINAL: Final = frozenset({State.DONE, State.UNKNOWN, State.FAILED})
LIVE: Final = tuple(state for state in State if state not in FINAL)


class Lane(IntEnum):
    """The order of urgency: the smaller number goes first."""

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
    """By a kicking rule of one minute, because its sid was unknown or its stops failed."""
    NOT_STARTED = "not started"


REENTRY_BLOCK: Final = 60.0
"""Seconds for which a recorder that was put offline cannot rejoin (CO-42). A start within them records nothing."""


@with_field_docs
@dataclass(frozen=True, slots=True, kw_only=True)
class Timings:
    """Durations in seconds. The defaults fit Agora's servers; tests shorten them."""

    lease: float = 60.0
    """How long a claim lasts without renewal."""
    repeat: tuple[float, ...] = (3.0, 6.0, 9.0)
    """Before each retry of a call whose outcome is unclear."""
    longest: float = 60.0
    """The maximum time between two attempts."""
    turned_away: float = 1.0
    """Before the retry of a call that certainly had no effect: too many calls, no connection."""
    resource_life: float = 300.0
    """How long a resource ID is valid (CR-11)."""
    first_query: float = 5.0
    """From the start to the first useful query."""
    query_every: float = 120.0
    """Between two queries of a running recording."""
    join_within: float = 90.0
    """From the start: a recorder that is not in the channel by then will not join."""
    missing_for: float = 90.0
    """A recording that is not found for longer is over; until then, the service may be moving it."""
    look_again: float = 15.0
    """Between two queries of a recording that is not found."""
    stop_within: float = 300.0
    """After so long without success, stops are given up and the recorder is put offline."""
    upload_within: float = 300.0
    """How long the files are queried."""

    @property
    def call_deadline(self) -> float:
        """The maximum duration of a call. A start, which is sent when a lease has just been renewed, is then answered
        or given up before the lease ends.
        """
        return self.lease / 2

    def scaled_down(self, factor: float) -> Self:
        """All durations divided by `factor`, except the lifetime of a resource ID, which the server sets."""
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
