"""The entry of a recording that a program makes itself, so that a worker can end it if that program dies.

Its end is due from the beginning. The lease keeps workers away; a thread renews it for as long as the
program lives: when it expires, any worker ends the recording.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from agora_rest.fleet import rows
from agora_rest.fleet.database import Database
from agora_rest.fleet.engines import unavailable, without_statement
from agora_rest.fleet.entry import Entry
from agora_rest.fleet.errors import LeaseLost
from agora_rest.fleet.outcomes import one_line
from agora_rest.fleet.rows import Change
from agora_rest.fleet.states import Ended, Lane, State

logger = logging.getLogger("agora_rest.fleet")


class OwnedEntry:
    """See `agora_rest.client._journal_protocol.JournalEntry`."""

    def __init__(
        self, database: Database, app_id: str, channel: str, uid: str, *, mode: str = "mix", owner: str, lease: float
    ) -> None:
        self._database, self._lease, self._lock = database, lease, threading.Lock()
        self._unwritten: dict[str, Any] = {}
        row: dict[str, Any] = {
            "key": uuid.uuid4().hex,
            "app_id": app_id,
            "channel": channel,
            "uid": uid,
            "mode": mode,
            "storage": None,
            "secret": None,
            "config": {},
            "extra": {},
            "lane": Lane.STOP,
        }
        try:
            with database.transaction() as connection:
                now = database.clock.now()  # again: the transaction may have read the database's clock
                row |= {"start_at": now, "stop_at": now}
                self._entry: Entry = rows.add_held(connection, row, now, owner, now + lease)
        except SQLAlchemyError as error:
            raise unavailable(error) from None
        self._released = threading.Event()
        self._pulse = threading.Thread(target=self._beat, name="agora-journal-lease", daemon=True)
        self._pulse.start()

    @property
    def entry(self) -> Entry:
        """The row of the journal."""
        return self._entry

    def acquired(self, resource_id: str) -> None:
        """See `JournalEntry`. Raises LeaseLost or JournalUnavailable; then the start must not be sent."""
        now = self._database.clock.now()
        values = {"state": State.ACQUIRED, "resource_id": resource_id, "acquired_at": now, "maybe_started": True}
        try:
            if not self._write(values):
                raise LeaseLost(f"A worker has taken over {self._entry}, so it is not started here.")
        except SQLAlchemyError as error:
            raise unavailable(error) from None

    def started(self, sid: str) -> None:
        """See `JournalEntry`."""
        now = self._database.clock.now()
        self._note({"state": State.STARTED, "sid": sid, "started_at": now, "maybe_started": False})

    def stopping(self) -> None:
        """See `JournalEntry`."""
        self._note({"state": State.STOPPING, "stopping_at": self._database.clock.now()})

    def stopped(self, files: Sequence[str], uploading_status: str | None) -> None:
        """See `JournalEntry`."""
        self._over(State.DONE, Ended.STOPPED, files=list(files), uploading_status=uploading_status)

    def put_offline(self) -> None:
        """See `JournalEntry`."""
        is_known = self._entry.sid is not None or "sid" in self._unwritten
        self._over(State.DONE if is_known else State.UNKNOWN, Ended.PUT_OFFLINE)

    def failed(self, why: str) -> None:
        """See `JournalEntry`."""
        self._over(State.FAILED, Ended.NOT_STARTED, error=one_line(why))

    def release(self) -> None:
        """See `JournalEntry`."""
        self._released.set()
        self._pulse.join()
        self._settle()
        if not self._entry.state.is_final:
            held = {self._entry.id: self._entry.fence}
            try:
                with self._database.transaction() as connection:
                    rows.release(connection, held, self._database.clock.now())
            except SQLAlchemyError as error:
                logger.warning("%s can be claimed when its lease ends: %s", self._entry, unavailable(error))

    def _over(self, state: State, ended: Ended, **values: Any) -> None:
        ended_at = self._database.clock.now()
        self._note({"state": state, "ended": ended, "ended_at": ended_at, "maybe_started": False, **values})

    def _note(self, values: Mapping[str, Any]) -> None:
        """Write the change. A failure is only logged, because the recording must still be stopped."""
        with self._lock:
            self._unwritten |= values
        self._settle()

    def _settle(self) -> None:
        """Write changes that could not be written before."""
        if not self._unwritten:
            return
        try:
            written = self._write({})
        except Exception as error:  # noqa: BLE001  whatever it is
            logger.warning("%s could not be written, and will be later: %s", self._entry, without_statement(error))
        else:
            if not written:
                logger.warning("A worker has taken over %s meanwhile.", self._entry)

    def _write(self, values: Mapping[str, Any]) -> bool:
        """Write `values` and what is unwritten. False if a worker has claimed the recording, which gets the sid."""
        with self._lock:
            values = {**self._unwritten, **values}
            with self._database.transaction() as connection:
                now = self._database.clock.now()
                written = rows.write(connection, self._entry, Change(values), now=now, lease=self._lease)
                if written is None and "sid" in values:
                    rows.save_sid(connection, self._entry, values["sid"], now)
            self._unwritten = {}
            self._entry = written or self._entry
        return written is not None

    def _beat(self) -> None:
        while not self._released.wait(self._lease / 3) and not self._entry.state.is_final:
            self._settle()
            try:
                with self._lock, self._database.transaction() as connection:
                    until = self._database.clock.now() + self._lease
                    rows.renew(connection, {self._entry.id: self._entry.fence}, until)
            except SQLAlchemyError as error:
                logger.warning("The lease of %s could not be renewed: %s", self._entry, unavailable(error))
