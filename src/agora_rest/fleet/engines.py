"""The engine behind a journal's URL, and what each database has to be told."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from agora_rest.errors import ConfigurationError
from agora_rest.fleet.errors import JournalUnavailable

BUSY: Final = 30.0
"""Seconds to wait for another process that writes to the same SQLite file."""

_NOT_FOR_EVER: Final = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
"""What libpq is told, so that a database behind a broken network is missed in seconds: well before leases end."""

_READING: Final = "agora_reading"
_SQLITE: Final = "sqlite"
_POSTGRESQL: Final = "postgresql"


def engine_of(url: str) -> Engine:
    """The engine of a journal. Raises ConfigurationError for a URL that names neither SQLite's nor PostgreSQL's."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        # The URL itself is not shown: it may have a password in it.
        known = "sqlite:///recordings.db or postgresql+psycopg://user@host/database"
        raise ConfigurationError(f"The journal's URL must be like {known}.") from None
    backend = parsed.get_backend_name()
    if backend == _SQLITE:
        if parsed.database in (None, "", ":memory:"):
            raise ConfigurationError("A journal in memory would not outlive a crash; use sqlite:///recordings.db.")
        return _sqlite(create_engine(parsed, connect_args={"timeout": BUSY}, hide_parameters=True))
    if backend == _POSTGRESQL:
        parsed = parsed.set(drivername="postgresql+psycopg")
        settings: dict[str, Any] = {"pool_pre_ping": True, "pool_recycle": 600, "hide_parameters": True}
        return create_engine(parsed, connect_args=dict(_NOT_FOR_EVER), **settings)
    raise ConfigurationError(f"A journal is in SQLite or PostgreSQL (postgresql+psycopg://…), not in {backend}.")


def reading(connection: Connection) -> Connection:
    """A connection that only reads, so that it holds no writer up."""
    return connection.execution_options(**{_READING: True})


@contextmanager
def told_in_our_words() -> Iterator[None]:
    """Errors of the database become JournalUnavailable, without statements and values."""
    try:
        yield
    except SQLAlchemyError as error:
        failure = unavailable(error)
    else:
        return
    raise failure


def unavailable(error: SQLAlchemyError) -> JournalUnavailable:
    """What the driver says, the first line of it."""
    original = error.orig if isinstance(error, DBAPIError) else error
    return JournalUnavailable(
        f"The journal does not answer: {str(original).partition(chr(10))[0] or type(original).__name__}"
    )


def store_time(connection: Connection) -> float:
    """What time it is for the database; SQLite's clock is this machine's."""
    if connection.dialect.name == _SQLITE:
        return time.time()
    return float(connection.execute(text("SELECT extract(epoch FROM clock_timestamp())")).scalar_one())


def is_sqlite(connection: Connection) -> bool:
    """Whether the journal is a file, which one process at a time writes to."""
    return connection.dialect.name == _SQLITE


def _sqlite(engine: Engine) -> Engine:
    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # The driver would begin transactions when it sees fit; see below.
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")  # What was written down must survive also a power cut.
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A transaction that reads first and writes later could not wait for another writer: it would fail.
        reads = connection.get_execution_options().get(_READING, False)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine
