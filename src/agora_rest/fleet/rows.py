"""What is done to the journal's rows: statements over a connection that is in a transaction.

A row is claimed by one worker at a time. Its lease is `next_at`: nobody else sees the row as due before. Each claim
counts `fence` up, and whoever writes names the number it was given, so that a worker which was taken for dead and comes
back writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, case, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from agora_rest.fleet.engines import is_sqlite
from agora_rest.fleet.entry import Entry
from agora_rest.fleet.states import FINAL, LIVE, Lane, State
from agora_rest.fleet.tables import recordings

_T: Final = recordings.c

_NEW: Final[dict[str, Any]] = {"state": State.INTENT, "lane": Lane.START, "files": []}


@dataclass(frozen=True, slots=True)
class Change:
    """What a step makes of an entry. With `next_at` it is put back; without, it is kept in hand or is over."""

    values: Mapping[str, Any] = field(default_factory=dict)
    next_at: float | None = None
    """When there is something to do again."""
    lane: Lane = Lane.START

    def applied(self, entry: Entry) -> Entry:
        """`entry` with these values."""
        return replace(entry, **self.values)


def add(connection: Connection, rows: Sequence[Mapping[str, Any]], now: float) -> None:
    """Write new rows down; those whose key is there already are left as they are."""
    into = sqlite.insert if is_sqlite(connection) else postgresql.insert
    filled = [{**_NEW, "created_at": now, "updated_at": now, "next_at": row["start_at"], **row} for row in rows]
    connection.execute(into(recordings).on_conflict_do_nothing(index_elements=["key"]), filled)


def add_held(connection: Connection, row: Mapping[str, Any], now: float, owner: str, until: float) -> Entry:
    """Write a new row down that `owner` has in hand already."""
    filled = {**_NEW, "created_at": now, "updated_at": now, **row, "owner": owner, "fence": 1, "next_at": until}
    return Entry.of(connection.execute(insert(recordings).values(filled).returning(recordings)).mappings().one())


def by_keys(connection: Connection, keys: Iterable[str]) -> dict[str, Entry]:
    """The entries of these keys, by key."""
    found = connection.execute(select(recordings).where(_T.key.in_(list(keys)))).mappings()
    return {entry.key: entry for entry in map(Entry.of, found)}


def by_id(connection: Connection, number: int) -> Entry | None:
    """The entry with this number."""
    row = connection.execute(select(recordings).where(_T.id == number)).mappings().one_or_none()
    return None if row is None else Entry.of(row)


def claim(
    connection: Connection, lane: Lane, limit: int, *, owner: str, now: float, until: float, held: Iterable[int] = ()
) -> list[Entry]:
    """Up to `limit` due rows of a lane, the longest due first, leased to `owner` until `until`.

    `held` are rows that the owner has in hand, whose lease may have run out all the same.
    """
    due = select(_T.id).where(_T.lane == lane, _T.next_at <= now).order_by(_T.next_at).limit(limit)
    if held := list(held):
        due = due.where(_T.id.not_in(held))
    return _take(connection, list(connection.scalars(due.with_for_update(skip_locked=True))), owner, until)


def claim_one(connection: Connection, number: int, *, owner: str, now: float, until: float) -> Entry | None:
    """The row with this number, if it is nobody's and not over."""
    free = or_(_T.owner.is_(None), _T.next_at <= now)
    one = select(_T.id).where(_T.id == number, _T.next_at.is_not(None), free).with_for_update(skip_locked=True)
    return next(iter(_take(connection, list(connection.scalars(one)), owner, until)), None)


def _take(connection: Connection, numbers: list[int], owner: str, until: float) -> list[Entry]:
    # Two statements, because PostgreSQL may run a subquery with LIMIT more than once; the rows are locked meanwhile.
    if not numbers:
        return []
    taken = update(recordings).where(_T.id.in_(numbers)).values(owner=owner, fence=_T.fence + 1, next_at=until)
    return [Entry.of(row) for row in connection.execute(taken.returning(recordings)).mappings()]


def write(connection: Connection, entry: Entry, change: Change, *, now: float, lease: float) -> bool:
    """Write down what a step has made of `entry`. False when somebody else has taken it over."""
    values: dict[str, Any] = {**change.values, "updated_at": now}
    state = values.get("state", entry.state)
    if state in FINAL:
        values |= {"next_at": None, "owner": None}
    elif change.next_at is None:
        values["next_at"] = now + lease
    else:
        # Somebody may have changed meanwhile what is wanted: then it has to be looked at now.
        same = _T.wish == entry.wish
        values |= {
            "owner": None,
            "next_at": case((same, change.next_at), else_=now),
            "lane": case((same, int(change.lane)), else_=int(Lane.STOP)),
        }
    mine = and_(_T.id == entry.id, _T.fence == entry.fence)
    return connection.execute(update(recordings).where(mine).values(values)).rowcount == 1


def renew(connection: Connection, held: Mapping[int, int], until: float) -> None:
    """Keep the rows in hand, by number with their fence, until `until`."""
    for number, fence in sorted(held.items()):
        mine = and_(_T.id == number, _T.fence == fence, _T.owner.is_not(None))
        connection.execute(update(recordings).where(mine).values(next_at=until))


def release(connection: Connection, held: Mapping[int, int], now: float) -> None:
    """Give rows back as they are, to be taken up at once."""
    for number, fence in sorted(held.items()):
        mine = and_(_T.id == number, _T.fence == fence, _T.owner.is_not(None))
        connection.execute(update(recordings).where(mine).values(owner=None, next_at=now))


def end(connection: Connection, which: ColumnElement[bool], at: float, now: float) -> int:
    """Let live rows end at `at`, or before if that was wanted already. Gives how many there are."""
    sooner = or_(_T.stop_at.is_(None), _T.stop_at > at)
    wanted = update(recordings).where(which, _T.state.in_(LIVE), sooner)
    due = case((_T.next_at > max(at, now), max(at, now)), else_=_T.next_at)
    values = {
        "stop_at": at,
        "wish": _T.wish + 1,
        "next_at": case((_T.owner.is_(None), due), else_=_T.next_at),  # else it is a lease
        "lane": case((_T.state.in_((State.INTENT, State.ACQUIRED)), _T.lane), else_=int(Lane.STOP)),
        "updated_at": now,
    }
    return connection.execute(wanted.values(values)).rowcount


def note_sid(connection: Connection, which: ColumnElement[bool], sid: str, now: float) -> int:
    """Note a sid that became known from elsewhere, where none is known."""
    unnamed = update(recordings).where(which, _T.sid.is_(None), _T.resource_id.is_not(None), _T.state.in_(LIVE))
    values = {
        "sid": sid,
        "wish": _T.wish + 1,
        "next_at": case((_T.owner.is_(None), now), else_=_T.next_at),
        "updated_at": now,
    }
    return connection.execute(unnamed.values(values)).rowcount


def look_again(connection: Connection, now: float, horizon: float) -> int:
    """Make rows due that are not before an implausible time, which a clock that has jumped back has left behind."""
    active = (State.ACQUIRED, State.STARTED, State.STOPPING, State.UPLOADING)
    stuck = and_(_T.next_at > now + horizon, or_(_T.owner.is_not(None), _T.state.in_(active)))
    freed = update(recordings).where(stuck).values(next_at=now, owner=None, fence=_T.fence + 1)
    return connection.execute(freed).rowcount


def counts(connection: Connection) -> dict[State, int]:
    """How many rows are in each state; all states are there."""
    found = connection.execute(select(_T.state, func.count()).group_by(_T.state))
    return dict.fromkeys(State, 0) | {State(row[0]): row[1] for row in found}


def next_due(connection: Connection) -> float | None:
    """When the next row is due, leases included; None when nothing is left to do."""
    firsts = [connection.scalar(select(func.min(_T.next_at)).where(_T.lane == lane)) for lane in Lane]
    return min((first for first in firsts if first is not None), default=None)
