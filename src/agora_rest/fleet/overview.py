"""A summary of a journal: recordings by state, due work, load of workers, and lost recordings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from sqlalchemy import Connection, func, select

from agora_rest.fleet.entry import Entry
from agora_rest.fleet.rows import counts
from agora_rest.fleet.states import LIVE, Lane, State
from agora_rest.fleet.tables import recordings

CHANGE_WINDOW: Final = 10.0
"""Seconds over which changes are counted."""
LOST_SHOWN: Final = 5
"""The maximum number of lost recordings that are listed."""

_T: Final = recordings.c


class Due(NamedTuple):
    """Due recordings of a lane that no worker has claimed."""

    waiting: int
    since: float | None
    """Since when the oldest of them has been due; None if there are none."""


class WorkerLoad(NamedTuple):
    """A worker with claims. A worker without claims writes nothing, so it is not listed."""

    owner: str
    claimed: int
    until: float
    """When its first lease ends. If that is in the past, the worker has died or lost its connection to the journal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """A journal at one moment. Times are seconds since 1970 on its clock."""

    at: float
    states: Mapping[State, int]
    """How many recordings are in each state, with every state present."""
    lanes: Mapping[Lane, Due]
    workers: tuple[WorkerLoad, ...]
    """Workers, the one with the most claims first."""
    changes: float
    """Recordings in progress that were written about, a second, over the last ten seconds. Those that are over are left
    out: there may be millions of them."""
    lost: tuple[Entry, ...]
    """Some of the recordings without a known sid, the next to end first."""


def read(connection: Connection, now: float) -> Overview:
    """The overview of a journal, in one transaction."""
    # With the lanes named, the index is read from where something is due.
    due = select(_T.lane, func.count(), func.min(_T.next_at)).where(_T.lane.in_(Lane), _T.next_at <= now)
    lanes = dict.fromkeys(Lane, Due(0, None))
    lanes |= {Lane(lane): Due(count, since) for lane, count, since in connection.execute(due.group_by(_T.lane))}
    held = select(_T.owner, func.count(), func.min(_T.next_at)).where(_T.state.in_(LIVE), _T.owner.is_not(None))
    workers = [WorkerLoad(*row) for row in connection.execute(held.group_by(_T.owner))]
    recent = select(func.count()).where(_T.state.in_(LIVE), _T.updated_at > now - CHANGE_WINDOW)
    lost = select(recordings).where(_T.state == State.LOST).order_by(_T.stop_at.is_(None), _T.stop_at).limit(LOST_SHOWN)
    return Overview(
        at=now,
        states=counts(connection),
        lanes=lanes,
        workers=tuple(sorted(workers, key=lambda load: (-load.claimed, load.owner))),
        changes=(connection.scalar(recent) or 0) / CHANGE_WINDOW,
        lost=tuple(map(Entry.of, connection.execute(lost).mappings())),
    )
