"""The database of a journal: its engine, its clock, and transactions in it."""

from __future__ import annotations

import itertools
import os
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Final, Self, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from agora_rest.fleet import schema
from agora_rest.fleet.clock import StoreClock, UnixClock
from agora_rest.fleet.engines import (
    engine_of,
    is_serialization_failure,
    reading,
    store_time,
    translate_db_errors,
    unavailable,
)
from agora_rest.fleet.errors import JournalOutdated, JournalUnavailable
from agora_rest.pickling import NotPicklable

T = TypeVar("T")

_MAX_ATTEMPTS: Final = 5
"""Attempts at a transaction that the database rolls back because of a conflict."""
_databases: Final[weakref.WeakSet[Database]] = weakref.WeakSet()


class Database(NotPicklable):
    """SQLite or PostgreSQL with the journal's tables. Threads and processes may share it.

    Raises ConfigurationError for an invalid URL, JournalMissing for a missing file, JournalOutdated when the tables are
    of another version. Every method raises JournalUnavailable when the database cannot be reached.
    """

    _instead = "it has connections; pass its URL, and open it in each process."

    def __init__(self, url: str, *, clock: UnixClock | None = None, check: bool = True, create: bool = True) -> None:
        self.engine = engine_of(url, create=create)
        self.clock: UnixClock = clock or StoreClock()
        _databases.add(self)
        if check:
            try:
                with translate_db_errors():
                    schema.make_ready(self.engine)
                self.sync_clock()
            except BaseException as error:
                self.close()
                if isinstance(error, JournalUnavailable):
                    error.add_note(f"It is {self!r}.")
                raise

    def migrate(self) -> str | None:
        """Bring the tables to this version. Returns their former version, or None if there were none."""
        with translate_db_errors():
            return schema.migrate(self.engine)

    @property
    def is_current(self) -> bool:
        """Whether the tables have this version."""
        try:
            schema.make_ready(self.engine)
        except JournalOutdated:
            return False
        return True

    def sync_clock(self) -> None:
        """Read the database's clock unless it was read within the last few seconds."""
        with self.reading():
            pass

    @contextmanager
    def transaction(self, *, reads: bool = False) -> Iterator[Connection]:
        """A connection in a transaction; errors of the driver propagate. Reads the database's clock if necessary."""
        with self.engine.connect() as connection, (reading(connection) if reads else connection).begin():
            if isinstance(self.clock, StoreClock) and self.clock.is_due:
                self.clock.sync(store_time(connection))
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A read-only transaction, which blocks no writer. Raises JournalUnavailable."""
        with translate_db_errors(), self.transaction(reads=True) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A write transaction. Raises JournalUnavailable."""
        with translate_db_errors(), self.transaction() as connection:
            yield connection

    def committed(self, write: Callable[[Connection], T]) -> T:
        """The result of `write`, once committed; retried if the database rolls it back because of a conflict."""
        for attempt in itertools.count(1):
            try:
                with self.transaction() as connection:
                    return write(connection)
            except SQLAlchemyError as error:
                if attempt < _MAX_ATTEMPTS and is_serialization_failure(error):
                    continue
                failure = unavailable(error)
            raise failure
        raise AssertionError("unreachable")

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @property
    def name(self) -> str:
        """The display name of the database: its URL without a password."""
        return self.engine.url.render_as_string(hide_password=True)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"


def _forked() -> None:
    """Drop the connections without closing them: they belong to the parent process."""
    for database in list(_databases):
        database.engine.dispose(close=False)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)
