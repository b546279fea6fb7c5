"""Statements on the journal's rows, for a connection in a transaction.

A row is claimed by one worker at a time. Its lease is `next_at`: before that time no other worker sees the row as due.
`fence` is a fencing token: each claim increments it, and a write names the value that its claim got. A worker that was
stopped for longer than its lease therefore writes nothing when it continues.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, case, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from agora_rest.fleet.engines import is_sqlite
from agora_rest.fleet.entry import Entry
from agora_rest.fleet.errors import UnreadableEntry
from agora_rest.fleet.states import FINAL, LIVE, REENTRY_BLOCK, Ended, Lane, State
from agora_rest.fleet.tables import recordings

_T: Final = recordings.c

logger = logging.getLogger("agora_rest.fleet")

_MAX_ROWS: Final = 1000
"""The most rows in one statement."""
_TO_START: Final = (State.INTENT, State.ACQUIRED)
_REENTRY_BLOCKED: Final = "Its recorder was put offline a moment ago, for another recording, and cannot join yet."

_NEW: Final[dict[str, Any]] = {"state": State.INTENT, "lane": Lane.START, "files": []}


@dataclass(frozen=True, slots=True)
class Change:
    """The result of a step. With `next_at` the claim is released; without, it is kept or the recording is over."""

    values: Mapping[str, Any] = field(default_factory=dict)
    next_at: float | None = None
    """When the next step is due."""
    lane: Lane = Lane.START


def add(connection: Connection, rows: Sequence[Mapping[str, Any]], now: float) -> dict[str, Entry]:
    """Insert rows whose keys are new. Returns the resulting entries of all keys, by key."""
    into = sqlite.insert if is_sqlite(connection) else postgresql.insert
    filled = [{**_NEW, "created_at": now, "updated_at": now, "next_at": row["start_at"], **row} for row in rows]
    connection.execute(into(recordings).on_conflict_do_nothing(index_elements=["key"]), filled)
    return by_keys(connection, [row["key"] for row in rows])


def add_held(connection: Connection, row: Mapping[str, Any], now: float, owner: str, until: float) -> Entry:
    """Insert a row that `owner` has claimed."""
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


def same_recorder(connection: Connection, entry: Entry) -> list[Entry]:
    """The other recordings of the same recorder in the same channel that are not over."""
    same = _T.channel == entry.channel, _T.app_id == entry.app_id, _T.uid == entry.uid
    wanted = select(recordings).where(*same, _T.id != entry.id, _T.state.in_(LIVE))
    return [Entry.of(row) for row in connection.execute(wanted).mappings()]


def claim(
    connection: Connection, lane: Lane, limit: int, *, owner: str, now: float, until: float, held: Iterable[int] = ()
) -> list[Entry]:
    """Up to `limit` due rows of a lane, the longest due first, leased to `owner` until `until`.

    `held` are rows that the owner has claimed already, whose leases may have expired.
    """
    due = select(_T.id).where(_T.lane == lane, _T.next_at <= now).order_by(_T.next_at).limit(limit)
    if held := list(held):
        due = due.where(_T.id.not_in(held))
    taken = _take(connection, list(connection.scalars(due.with_for_update(skip_locked=True))), owner, until)
    return [entry for entry in _postpone(connection, taken, now) if entry.owner is not None]


def promote_due_stops(connection: Connection, now: float) -> None:
    """Move recordings whose end is due from the queries to the stops."""
    waits = (_T.lane == Lane.QUERY, _T.next_at <= now, _T.state == State.STARTED)
    due = select(_T.id).where(*waits, _T.stop_at <= now).limit(_MAX_ROWS).with_for_update(skip_locked=True)
    if numbers := list(connection.scalars(due)):
        connection.execute(update(recordings).where(_T.id.in_(numbers)).values(lane=Lane.STOP))


def claim_one(connection: Connection, number: int, *, owner: str, now: float, until: float) -> Entry | None:
    """Claim the row with this number, if it is free and not over. The result has no owner if it had to be postponed."""
    free = or_(_T.owner.is_(None), _T.next_at <= now)
    one = select(_T.id).where(_T.id == number, _T.next_at.is_not(None), free).with_for_update(skip_locked=True)
    taken = _take(connection, list(connection.scalars(one)), owner, until)
    return next(iter(_postpone(connection, taken, now)), None)


def _take(connection: Connection, numbers: list[int], owner: str, until: float) -> list[Entry]:
    # Two statements, because PostgreSQL may run a subquery with LIMIT more than once; the rows are locked meanwhile.
    if not numbers:
        return []
    taken = update(recordings).where(_T.id.in_(numbers)).values(owner=owner, fence=_T.fence + 1, next_at=until)
    return list(_readable(connection.execute(taken.returning(recordings)).mappings()))


def _readable(found: Iterable[RowMapping]) -> Iterator[Entry]:
    """The entries that can be read. The claim on any other row stays, so that it is tried again once a lease."""
    for row in found:
        try:
            yield Entry.of(row)
        except UnreadableEntry as error:
            logger.error("%s", error)  # noqa: TRY400  its traceback adds nothing


def _postpone(connection: Connection, taken: list[Entry], now: float) -> list[Entry]:
    """`taken` without the starts of recorders that were put offline a moment ago, which are postponed.

    The rule keeps such a recorder out for a while, so a recording that starts meanwhile would be empty.
    """
    starts = [entry for entry in taken if entry.state in _TO_START and not entry.is_to_end(now)]
    if not starts:
        return taken
    recorder = _T.channel, _T.app_id, _T.uid
    put_offline = or_(_T.ended == Ended.PUT_OFFLINE, _T.missing_since.is_not(None)), _T.ended_at > now - REENTRY_BLOCK
    here = _T.channel.in_({entry.channel for entry in starts})
    latest = select(*recorder, func.max(_T.ended_at)).where(here, *put_offline).group_by(*recorder)
    blocked = {tuple(who): at + REENTRY_BLOCK for *who, at in connection.execute(latest)}
    after = {}
    for entry in starts:
        until = blocked.get((entry.channel, entry.app_id, entry.uid))
        if until is not None:
            values = {"owner": None, "next_at": min(until, entry.stop_at or until), "error": _REENTRY_BLOCKED}
            put_back = update(recordings).where(_T.id == entry.id).values(values).returning(recordings)
            after[entry.id] = Entry.of(connection.execute(put_back).mappings().one())
    return [after.get(entry.id, entry) for entry in taken]


def write(connection: Connection, entry: Entry, change: Change, *, now: float, lease: float) -> Entry | None:
    """Write the result of a step. Returns the stored entry, including what others have written.

    Returns None if another worker has claimed it since.
    """
    values: dict[str, Any] = {**change.values, "updated_at": now}
    if "sid" in values and values["sid"] is None:
        # It is its own sid that a step takes back, not one that became known meanwhile.
        values["sid"] = case((_T.sid == entry.sid, None), else_=_T.sid)
    state = values.get("state", entry.state)
    if state in FINAL:
        values |= {"next_at": None, "owner": None}
    elif change.next_at is None:
        values["next_at"] = now + lease
    else:
        # If the order was changed meanwhile, the row is due at once.
        same = _T.revision == entry.revision
        values |= {
            "owner": None,
            "next_at": case((same, change.next_at), else_=now),
            "lane": case((same, int(change.lane)), else_=int(Lane.STOP)),
        }
    mine = and_(_T.id == entry.id, _T.fence == entry.fence)
    written = update(recordings).where(mine).values(values).returning(recordings)
    row = connection.execute(written).mappings().one_or_none()
    return None if row is None else Entry.of(row)


def renew(connection: Connection, held: Mapping[int, int], until: float) -> None:
    """Renew the leases of claimed rows, by number with their fence, until `until`."""
    for number, fence in sorted(held.items()):
        mine = and_(_T.id == number, _T.fence == fence, _T.owner.is_not(None))
        connection.execute(update(recordings).where(mine).values(next_at=until))


def release(connection: Connection, held: Mapping[int, int], now: float) -> None:
    """Release claims, so that the rows are due at once."""
    for number, fence in sorted(held.items()):
        mine = and_(_T.id == number, _T.fence == fence, _T.owner.is_not(None))
        connection.execute(update(recordings).where(mine).values(owner=None, next_at=now))


def end(connection: Connection, which: ColumnElement[bool], at: float, now: float) -> int:
    """End live rows at `at`, or at their earlier end. Returns their number."""
    sooner = or_(_T.stop_at.is_(None), _T.stop_at > at)
    wanted = update(recordings).where(which, _T.state.in_(LIVE), sooner)
    due = case((_T.next_at > max(at, now), max(at, now)), else_=_T.next_at)
    values = {
        "stop_at": at,
        "revision": _T.revision + 1,
        "next_at": case((_T.owner.is_(None), due), else_=_T.next_at),  # else it is a lease
        "lane": case((_T.state.in_(_TO_START), _T.lane), else_=int(Lane.STOP)),
        "updated_at": now,
    }
    return connection.execute(wanted.values(values)).rowcount


def note_sid(connection: Connection, which: ColumnElement[bool], sid: str, now: float) -> int:
    """Note a sid from another source for rows without one."""
    unnamed = update(recordings).where(which, _T.sid.is_(None), _T.resource_id.is_not(None), _T.state.in_(LIVE))
    values = {
        "sid": sid,
        "revision": _T.revision + 1,
        "next_at": case((_T.owner.is_(None), now), else_=_T.next_at),
        "updated_at": now,
    }
    return connection.execute(unnamed.values(values)).rowcount


def save_sid(connection: Connection, entry: Entry, sid: str, now: float) -> None:
    """Store the sid of a start whose recording another worker has claimed since: the sid is valid anyway.

    If that worker, unaware of this start, has declared the recording over, it is reopened and stopped.
    """
    same = and_(_T.id == entry.id, _T.resource_id == entry.resource_id)
    if note_sid(connection, same, sid, now):
        return
    which = and_(same, _T.sid.is_(None), _T.state.in_(FINAL))
    _reopen(connection, which, now, state=State.STARTED, sid=sid, started_at=now)


def save_doubt(connection: Connection, entry: Entry, now: float) -> None:
    """Reopen a recording that another worker has given up before this start was sent: its recorder is put offline."""
    same = and_(_T.id == entry.id, _T.resource_id == entry.resource_id, _T.sid.is_(None))
    given_up = _T.state.in_(FINAL), _T.ended.in_((Ended.PUT_OFFLINE, Ended.NOT_STARTED))
    _reopen(connection, and_(same, *given_up), now, state=State.LOST, maybe_started=True)


def _reopen(connection: Connection, which: ColumnElement[bool], now: float, **values: Any) -> None:
    """Take recordings up again that were over, in order to end them at once."""
    values |= {
        "stop_at": now,
        "ended": None,
        "ended_at": None,
        "revision": _T.revision + 1,
        "next_at": now,
        "lane": Lane.STOP,
        "updated_at": now,
    }
    connection.execute(update(recordings).where(which).values(values))


def make_due(connection: Connection, which: ColumnElement[bool], now: float) -> int:
    """Make live rows due at once, or when their claims are released."""
    values = {
        "revision": _T.revision + 1,
        "next_at": case((and_(_T.owner.is_(None), _T.next_at > now), now), else_=_T.next_at),
    }
    return connection.execute(update(recordings).where(which, _T.state.in_(LIVE)).values(values)).rowcount


def release_stuck(connection: Connection, now: float, horizon: float) -> int:
    """Make rows due whose next step is implausibly late, because the clock has since jumped back."""
    active = (State.ACQUIRED, State.STARTED, State.STOPPING, State.UPLOADING)
    waiting = or_(
        and_(_T.state == State.INTENT, _T.next_at > _T.start_at), and_(_T.state == State.LOST, _T.next_at > _T.stop_at)
    )
    far = and_(_T.lane.in_(Lane), _T.next_at > now + horizon)  # as the index has it
    stuck = and_(far, or_(_T.owner.is_not(None), _T.state.in_(active), waiting))
    freed = update(recordings).where(stuck).values(next_at=now, owner=None, fence=_T.fence + 1)
    return connection.execute(freed).rowcount


def counts(connection: Connection) -> dict[State, int]:
    """How many rows are in each state, with every state present. Rows of an unknown state are not counted."""
    found = connection.execute(select(_T.state, func.count()).group_by(_T.state))
    return dict.fromkeys(State, 0) | {State(row[0]): row[1] for row in found if row[0] in set(State)}


def next_due(connection: Connection) -> float | None:
    """When the next row is due, leases included; None if all are final."""
    # What is over comes first in the index, having no time; the lower bound passes it by.
    first = select(func.min(_T.next_at)).where(_T.next_at > 0.0)
    firsts = [connection.scalar(first.where(_T.lane == lane)) for lane in Lane]
    return min((first for first in firsts if first is not None), default=None)
