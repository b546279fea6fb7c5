"""A recording that a program makes by itself, written down so that a worker can end it if that program dies.

Its end is due from the beginning. What keeps the workers away is the lease, which a thread renews for as long as the
program lives: when that is over, whoever comes first does what is to be done about a recording whose end is due.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import SQLAlchemyError

from agora_rest.fleet import rows
from agora_rest.fleet.engines import unavailable
from agora_rest.fleet.entry import Entry
from agora_rest.fleet.errors import LeaseLost
from agora_rest.fleet.orders import MODE
from agora_rest.fleet.rows import Change
from agora_rest.fleet.states import Ended, Lane, State

if TYPE_CHECKING:
    from agora_rest.fleet.journal import Journal

logger = logging.getLogger("agora_rest.fleet")


class FollowedRecording:
    """See `agora_rest.following.Following`."""

    def __init__(self, journal: Journal, app_id: str, channel: str, uid: str, *, owner: str, lease: float) -> None:
        self._journal, self._lease, self._lock = journal, lease, threading.Lock()
        now = journal.clock.now()
        row: dict[str, Any] = {
            "key": uuid.uuid4().hex,
            "app_id": app_id,
            "channel": channel,
            "uid": uid,
            "mode": MODE,
            "storage": None,
            "secret": None,
            "config": {},
            "extra": {},
            "start_at": now,
            "stop_at": now,
            "lane": Lane.STOP,
        }
        try:
            with journal.engine.begin() as connection:
                self._entry: Entry = rows.add_held(connection, row, now, owner, now + lease)
        except SQLAlchemyError as error:
            raise unavailable(error) from None
        self._left = threading.Event()
        self._pulse = threading.Thread(target=self._beat, name="agora-journal-lease", daemon=True)
        self._pulse.start()

    @property
    def entry(self) -> Entry:
        """What stands in the journal."""
        return self._entry

    def acquired(self, resource_id: str) -> None:
        """See `Following`. Raises LeaseLost or JournalUnavailable: what is not written down must not be started."""
        now = self._journal.clock.now()
        values = {"state": State.ACQUIRED, "resource_id": resource_id, "acquired_at": now, "doubt": True}
        try:
            if not self._write(Change(values)):
                raise LeaseLost(f"A worker has taken over {self._entry}, so it is not started here.")
        except SQLAlchemyError as error:
            raise unavailable(error) from None

    def started(self, sid: str) -> None:
        """See `Following`."""
        now = self._journal.clock.now()
        self._note(Change({"state": State.STARTED, "sid": sid, "started_at": now, "doubt": False}))

    def stopping(self) -> None:
        """See `Following`."""
        self._note(Change({"state": State.STOPPING, "stopping_at": self._journal.clock.now()}))

    def stopped(self, files: Sequence[str], uploading_status: str | None) -> None:
        """See `Following`."""
        self._over(State.DONE, Ended.STOPPED, files=list(files), uploading_status=uploading_status)

    def put_offline(self) -> None:
        """See `Following`."""
        self._over(State.UNKNOWN if self._entry.sid is None else State.DONE, Ended.PUT_OFFLINE)

    def failed(self, why: str) -> None:
        """See `Following`."""
        self._over(State.FAILED, Ended.NOT_STARTED, error=" ".join(why.split())[:500])

    def leave(self) -> None:
        """See `Following`."""
        self._left.set()
        self._pulse.join()
        if not self._entry.state.is_final:
            held = {self._entry.id: self._entry.fence}
            try:
                with self._journal.engine.begin() as connection:
                    rows.release(connection, held, self._journal.clock.now())
            except SQLAlchemyError as error:
                logger.warning("%s will be taken up when its lease ends: %s", self._entry, unavailable(error))

    def _over(self, state: State, ended: Ended, **values: Any) -> None:
        ended_at = self._journal.clock.now()
        self._note(Change({"state": state, "ended": ended, "ended_at": ended_at, "doubt": False, **values}))

    def _note(self, change: Change) -> None:
        """Write down what has happened already. That this fails is no reason not to go on and stop it."""
        try:
            written = self._write(change)
        except SQLAlchemyError as error:
            logger.warning("%s could not be written down: %s", self._entry, unavailable(error))
        else:
            if not written:
                logger.warning("A worker has taken over %s meanwhile.", self._entry)

    def _write(self, change: Change) -> bool:
        now = self._journal.clock.now()
        with self._lock, self._journal.engine.begin() as connection:
            written = rows.write(connection, self._entry, change, now=now, lease=self._lease)
        if written:
            self._entry = change.applied(self._entry)
        return written

    def _beat(self) -> None:
        while not self._left.wait(self._lease / 3) and not self._entry.state.is_final:
            until = self._journal.clock.now() + self._lease
            try:
                with self._lock, self._journal.engine.begin() as connection:
                    rows.renew(connection, {self._entry.id: self._entry.fence}, until)
            except SQLAlchemyError as error:
                logger.warning("The lease of %s could not be renewed: %s", self._entry, unavailable(error))
