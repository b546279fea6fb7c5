"""The journal: which recordings are ordered, the state of each, and its outcome."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, delete, func, select, true

from agora_rest.errors import InvalidArgument
from agora_rest.fleet import overview, rows
from agora_rest.fleet.clock import UnixClock
from agora_rest.fleet.database import Database
from agora_rest.fleet.entry import Entry
from agora_rest.fleet.errors import KeyTaken, NoSuchRecording
from agora_rest.fleet.notifications import Notification, NotificationEffect, apply_notification
from agora_rest.fleet.orders import Order, instant
from agora_rest.fleet.overview import Overview
from agora_rest.fleet.owned_entry import OwnedEntry
from agora_rest.fleet.states import FINAL, LIVE, Lane, State, Timings
from agora_rest.fleet.tables import recordings

DEFAULT_URL: Final = "sqlite:///recordings.db"
"""URL of the journal that commands use without `--journal`."""

LEASE: Final = Timings().lease
"""Seconds after which a program that has stopped renewing loses its claim."""

_CHUNK: Final = 500
"""Rows written in one statement."""
_WANTED: Final = ("app_id", "channel", "uid", "storage", "secret", "config", "extra")
"""The fields that must be equal if an order is submitted again. Times may differ, because it is submitted later."""


class Journal(Database):
    """Future, current and past recordings, in SQLite or PostgreSQL.

        journal = Journal("sqlite:///recordings.db")
        journal.submit(Order(app_id=…, channel="lesson-42", uid=527841, storage="lessons", stop_at=…))

    Any thread and any process may use it. A file that does not exist is created, unless `create` is False; a PostgreSQL
    database needs `agora-rest fleet migrate` once, and again for a newer version of the tables.

    Raises ConfigurationError for an invalid URL, JournalMissing for a missing file, JournalOutdated when the
    tables are of another version. Every method raises JournalUnavailable when the database cannot be reached.
    """

    def __init__(
        self, url: str = DEFAULT_URL, *, clock: UnixClock | None = None, check: bool = True, create: bool = True
    ) -> None:
        super().__init__(url, clock=clock, check=check, create=create)

    # What is wanted

    def submit(self, order: Order) -> Entry:
        """Add an order to the journal and return its entry.

        For an existing key, returns the existing entry; raises KeyTaken if that entry is of a different order, and
        InvalidArgument for a new one whose `stop_at` has passed already.
        """
        return self.submit_many([order])[0]

    def submit_many(self, orders: Iterable[Order]) -> list[Entry]:
        """Add many orders, a few hundred in each transaction; returns their entries in order."""
        return [entry for chunk in self.submitting(orders) for entry in chunk]

    def submitting(self, orders: Iterable[Order]) -> Iterator[list[Entry]]:
        """Add many orders; yields the entries of each transaction once it is committed."""
        remaining = iter(orders)
        while chunk := list(itertools.islice(remaining, _CHUNK)):
            now = self.clock.now()
            wanted = [order.row(now) for order in chunk]
            found = self.committed(lambda connection, wanted=wanted, now=now: _add(connection, wanted, now))  # type: ignore[misc]
            yield [_same(found[row["key"]], row) for row in wanted]

    def stop(self, *keys: str | int, at: datetime | float | None = None) -> int:
        """End recordings, now or at a given time; returns how many of them had not ended already.

        Raises NoSuchRecording before any is changed. A recording whose end is before `at` keeps its end.
        """
        numbers = [self.get(key).id for key in keys]
        return self._end(recordings.c.id.in_(numbers), at)

    def stop_all(self, *, app_id: str | None = None, at: datetime | float | None = None) -> int:
        """End all recordings, or all of one App ID."""
        which = true() if app_id is None else recordings.c.app_id == app_id
        return self._end(which, at)

    def forget(self, before: datetime | float) -> int:
        """Delete recordings that ended before that time; returns their number. Their keys may be used again."""
        old = recordings.c.state.in_(FINAL), recordings.c.ended_at < instant("before", before)
        return self.committed(lambda connection: connection.execute(delete(recordings).where(*old)).rowcount)

    def note_sid(self, key: str | int, sid: str) -> bool:
        """Note a sid that the response to the start did not contain: from a webhook, or from a file's name.

        True when it was news. See `sid_of_file`.
        """
        with self.writing() as connection:
            return rows.note_sid(connection, recordings.c.id == self.get(key).id, sid, self.clock.now()) == 1

    def note_file(self, name: str) -> bool:
        """Note the sid in the name of a recorded file (`<sid>_<channel>.m3u8`). Returns True if it was unknown."""
        sid, channel = sid_of_file(name)
        lost = (recordings.c.channel == channel) & (recordings.c.state == State.LOST)
        with self.writing() as connection:
            candidates = list(connection.scalars(select(recordings.c.id).where(lost)))
            if len(candidates) != 1:  # With several it could be any of them.
                return False
            return rows.note_sid(connection, recordings.c.id == candidates[0], sid, self.clock.now()) == 1

    def note_webhook(self, notification: Notification, *, app_id: str | None = None) -> NotificationEffect:
        """Apply one of Agora's notifications to the journal, and return its effect.

        A recording without a known sid gets its sid, unless several recordings match. One that has ended is
        queried immediately. Duplicate notifications and those about anything else are ignored.
        `app_id` is the project of the notification: pass it if several projects use the same channel names.
        """
        if not notification.is_relevant:
            return NotificationEffect.NOTHING
        return self.committed(lambda connection: apply_notification(connection, notification, app_id, self.clock.now()))

    # Programs that make their recordings themselves

    def open_entry(self, app_id: str, channel: str, uid: str, *, mode: str = "mix", lease: float = LEASE) -> OwnedEntry:
        """Add a recording that this program makes itself; `record(…, journal=journal)` calls it.

        A thread renews the lease; `lease` seconds after this program has died, any worker ends the recording.
        """
        return OwnedEntry(self, app_id, channel, uid, mode=mode, owner=f"pid {os.getpid()}", lease=lease)

    # What is there

    def get(self, key: str | int) -> Entry:
        """The entry of a key, or of a number. Raises NoSuchRecording."""
        with self.reading() as connection:
            found = rows.by_id(connection, key) if isinstance(key, int) else rows.by_keys(connection, [key]).get(key)
        if found is None:
            raise NoSuchRecording(f"The journal has no recording {key!r}; `agora-rest fleet list` shows those it has.")
        return found

    def entries(self, *states: State, app_id: str | None = None, limit: int | None = None) -> Iterator[Entry]:
        """The entries, oldest first; optionally of some states or of an App ID, and limited in number."""
        wanted = select(recordings).order_by(recordings.c.id).limit(limit)
        if states:
            wanted = wanted.where(recordings.c.state.in_(states))
        if app_id is not None:
            wanted = wanted.where(recordings.c.app_id == app_id)
        with self.reading() as connection:
            for row in connection.execution_options(yield_per=_CHUNK).execute(wanted).mappings():
                yield Entry.of(row)

    def counts(self) -> dict[State, int]:
        """How many recordings are in each state."""
        with self.reading() as connection:
            return rows.counts(connection)

    def overview(self) -> Overview:
        """Recordings by state, due work with its age, claims by worker, and lost recordings."""
        self.sync_clock()
        with self.reading() as connection:
            return overview.read(connection, self.clock.now())

    def due(self, *, limit: int = 1000) -> list[int]:
        """The numbers of due recordings, the most urgent first."""
        urgent = recordings.c.lane, recordings.c.next_at
        # With the lanes named, the index is read from where something is due, and not past all that is over.
        due = recordings.c.lane.in_(Lane), recordings.c.next_at <= self.clock.now()
        with self.reading() as connection:
            return list(connection.scalars(select(recordings.c.id).where(*due).order_by(*urgent).limit(limit)))

    def changed_since(self, moment: float) -> int:
        """How many recordings have changed since then."""
        with self.reading() as connection:
            return connection.scalar(select(func.count()).where(recordings.c.updated_at > moment)) or 0

    def is_anything_due(self, *, claimed: bool = True) -> bool:
        """Whether there are recordings whose end is due, with or without those that a worker has claimed."""
        now = self.clock.now()
        due = select(recordings.c.id).where(recordings.c.stop_at <= now, recordings.c.state.in_(LIVE))
        if not claimed:
            due = due.where(recordings.c.owner.is_(None) | (recordings.c.next_at <= now))
        with self.reading() as connection:
            return connection.scalar(due.limit(1)) is not None

    def next_due(self) -> float | None:
        """When the next recording is due; None if all are over."""
        with self.reading() as connection:
            return rows.next_due(connection)

    def _end(self, which: ColumnElement[bool], at: datetime | float | None) -> int:
        given, now = instant("at", at), self.clock.now()
        return self.committed(lambda connection: rows.end(connection, which, now if given is None else given, now))


def sid_of_file(name: str) -> tuple[str, str]:
    """Sid and channel of the recording that a file belongs to, from its name: `<sid>_<channel>.m3u8`, with any folder.

    Raises ValueError for any other name.
    """
    sid, underscore, rest = name.rpartition("/")[2].partition("_")
    channel, dot, _ = rest.rpartition(".")
    if not (sid and underscore and channel and dot):
        raise ValueError(f"a recorded file is called <sid>_<channel>.m3u8, not {name!r}")
    return sid, channel


def _add(connection: Connection, wanted: list[dict[str, Any]], now: float) -> dict[str, Entry]:
    """Add rows. Raises InvalidArgument for a new one whose end has passed: it would never be recorded."""
    past = {row["key"]: row["stop_at"] for row in wanted if row["stop_at"] is not None and row["stop_at"] <= now}
    known = rows.by_keys(connection, past) if past else {}
    for key, stop_at in past.items():
        if key not in known:  # An order that is submitted again may be over by now.
            ended = datetime.fromtimestamp(stop_at, UTC).isoformat(timespec="seconds")
            raise InvalidArgument("stop_at", f"of the order {key!r} must be later than now", ended)
    return rows.add(connection, wanted, now)


def _same(entry: Entry, row: dict[str, Any]) -> Entry:
    for name in _WANTED:
        if getattr(entry, name) != row[name]:
            raise KeyTaken(
                f"The key {entry.key!r} belongs to another recording, whose {name} is not the same: "
                "give this one a key of its own."
            )
    return entry
