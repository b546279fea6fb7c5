"""The engine behind a journal's URL, and the settings of each database."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from agora_rest.errors import ConfigurationError
from agora_rest.fleet.errors import JournalMissing, JournalUnavailable

WRITE_LOCK_TIMEOUT: Final = 30.0
"""Seconds to wait for another process that writes to the same SQLite file."""

_CONNECTION_TIMEOUTS: Final = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
"""Settings of libpq that detect a broken network within seconds, well before leases expire."""

IDLE_TRANSACTION_TIMEOUT: Final = 20.0
"""Seconds after which PostgreSQL rolls back a transaction whose process was suspended or cut off in the middle of it.
Otherwise its locks would last as long as the server keeps the connection: hours."""

_READING: Final = "agora_reading"
_SQLITE: Final = "sqlite"
_POSTGRESQL: Final = "postgresql"


def engine_of(url: str, *, create: bool = True) -> Engine:
    """The engine of a journal.

    Raises ConfigurationError for a URL that names neither SQLite's nor PostgreSQL's, and if the driver is not
    installed; without `create`, JournalMissing for a SQLite file that does not exist.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # The URL itself is not shown: it may have a password in it.
        known = "sqlite:///recordings.db or postgresql+psycopg://user@host/database"
        raise ConfigurationError(f"The journal URL must look like {known}.") from None
    backend = parsed.get_backend_name()
    settings: dict[str, Any]
    if backend == _SQLITE:
        if parsed.host:
            raise ConfigurationError(f"A journal in SQLite has three slashes before its file: sqlite:///{parsed.host}.")
        if parsed.database in (None, "", ":memory:"):
            raise ConfigurationError("A journal in memory would not outlive a crash; use sqlite:///recordings.db.")
        if not create and not Path(parsed.database).exists():
            raise JournalMissing(f"There is no journal {parsed.database}; `agora-rest fleet migrate` creates one.")
        settings = {"connect_args": {"timeout": WRITE_LOCK_TIMEOUT}, "hide_parameters": True}
        return _sqlite(create_engine(parsed, json_deserializer=_json_or_none, **settings))
    if backend == _POSTGRESQL:
        parsed = parsed.set(drivername="postgresql+psycopg")
        settings = {"pool_pre_ping": True, "pool_recycle": 600, "hide_parameters": True}
        try:
            return _postgresql(create_engine(parsed, connect_args=dict(_CONNECTION_TIMEOUTS), **settings))
        except ImportError:  # psycopg is not there, or its library is not
            raise ConfigurationError(
                "A journal in PostgreSQL needs psycopg, which is not installed: pip install 'agora-rest[postgresql]'."
            ) from None
    raise ConfigurationError(f"A journal is in SQLite or PostgreSQL (postgresql+psycopg://…), not in {backend}.")


def _json_or_none(text: str) -> Any:
    """The value in a column of JSON; None if it is damaged, which affects its own row only: see `Entry.of`."""
    try:
        return json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return None


def reading(connection: Connection) -> Connection:
    """A read-only connection, which blocks no writer."""
    return connection.execution_options(**{_READING: True})


@contextmanager
def translate_db_errors() -> Iterator[None]:
    """Convert errors of the database to JournalUnavailable, without statements and values."""
    try:
        yield
    except SQLAlchemyError as error:
        failure = unavailable(error)
    else:
        return
    raise failure


def unavailable(error: SQLAlchemyError) -> JournalUnavailable:
    """JournalUnavailable with the first line of the driver's message."""
    original = error.orig if isinstance(error, DBAPIError) else error
    return JournalUnavailable(
        f"The journal cannot be reached: {str(original).partition(chr(10))[0] or type(original).__name__}"
    )


def without_statement(error: Exception) -> Exception:
    """The error without statement and values, if it is one of the database's."""
    return unavailable(error) if isinstance(error, SQLAlchemyError) else error


def is_serialization_failure(error: SQLAlchemyError) -> bool:
    """Whether PostgreSQL rolled a transaction back because of a deadlock or a serialization conflict."""
    return str(getattr(getattr(error, "orig", None), "sqlstate", None) or "").startswith("40")


def store_time(connection: Connection) -> float:
    """The database's time; for SQLite this machine's."""
    if connection.dialect.name == _SQLITE:
        return time.time()
    return float(connection.execute(text("SELECT extract(epoch FROM clock_timestamp())")).scalar_one())


def is_sqlite(connection: Connection) -> bool:
    """Whether the journal is a SQLite file, which only one process at a time can write to."""
    return connection.dialect.name == _SQLITE


def _postgresql(engine: Engine) -> Engine:
    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if not connection.get_execution_options().get(_READING, False):
            connection.exec_driver_sql(
                f"SET LOCAL idle_in_transaction_session_timeout = {IDLE_TRANSACTION_TIMEOUT * 1000:.0f}"
            )

    return engine


def _use_wal(cursor: sqlite3.Cursor) -> None:
    """Let readers and a writer work at once. While another process begins to, SQLite fails instead of waiting."""
    deadline = time.monotonic() + WRITE_LOCK_TIMEOUT
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _sqlite(engine: Engine) -> Engine:
    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # The driver would begin transactions when it sees fit; see below.
        cursor = connection.cursor()
        _use_wal(cursor)
        cursor.execute("PRAGMA synchronous=FULL")  # What was written down must survive also a power cut.
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A transaction that reads first and writes later could not wait for another writer: it would fail.
        reads = connection.get_execution_options().get(_READING, False)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine
