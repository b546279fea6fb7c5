"""Permits in SQLite, for the processes of one machine, or in PostgreSQL, for any number of machines.

    permits = SqlPermits("postgresql+psycopg://user:password@host/database")
    with Agora(permits=permits) as agora: ...

Needs `agora-rest[fleet]`, and for PostgreSQL `agora-rest[postgresql]`. The table `agora_permits` is created if it does
not exist. A restart of PostgreSQL loses nothing. It must keep committed data: do not delete rows
while calls are in progress, and fail over to synchronous standbys only.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Double,
    Engine,
    Integer,
    MetaData,
    Table,
    Text,
    create_engine,
    event,
    extract,
    func,
    literal,
    make_url,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from agora_rest.errors import ConfigurationError
from agora_rest.permits.clock import WaitingClock
from agora_rest.permits.leases import LEASE, RESPONSE_TIMEOUT, LeasedPermits
from agora_rest.permits.ledger import PermitRequest, Reply, Row, Snapshot, Unreachable, choose

permits: Final = Table(
    "agora_permits",
    MetaData(),
    Column("key", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("holder", Text),
    Column("since", Double, nullable=False),
    Column("free_at", Double, nullable=False),
)
"""See `ledger.Row`. Times are PostgreSQL's; in SQLite those of the machine's monotonic clock."""
_ROW: Final = tuple(permits.c[name] for name in Row._fields)

_CONNECTION_TIMEOUTS: Final = {
    "connect_timeout": int(RESPONSE_TIMEOUT),
    "tcp_user_timeout": int(RESPONSE_TIMEOUT * 1000),
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
}
_POOL: Final = 8
_LONG_AGO: Final = 0.0
_MAKING: Final = 0x7065726D697473  # "permits": any number that no other program locks
_NO_TRANSACTION: Final = "agora_permits_alone"
_EXAMPLES: Final = "it is like sqlite:///permits.db or postgresql+psycopg://user:password@host/database"


class SqlPermits(LeasedPermits):
    """A `PermitStore` in a table of SQLite or PostgreSQL. Raises ConfigurationError for any other URL."""

    def __init__(self, url: str, *, lease: float = LEASE, clock: WaitingClock | None = None) -> None:
        super().__init__(SqlLedger(url, clock.now if clock else time.monotonic), lease=lease, clock=clock)


class SqlLedger:
    """See `Ledger`. Permits are taken in a transaction, which first locks their rows."""

    def __init__(self, url: str, now: Callable[[], float] = time.monotonic) -> None:
        """`now` is the clock for SQLite. The default one is the same for all processes of a machine."""
        self._engine = _engine_of(url)
        self._embedded = self._engine.dialect.name == "sqlite"
        self.name = self._engine.url.set(query={}).render_as_string(hide_password=True)
        self._now = now
        alone: dict[str, Any] = {} if self._embedded else {"isolation_level": "AUTOCOMMIT"}
        self._alone = self._engine.execution_options(**{_NO_TRANSACTION: True}, **alone)
        self._ready = False

    def take(self, requests: Sequence[PermitRequest], holder: str, lease: float, early: float) -> Reply:
        """See `Ledger`. Reads without a lock first, because most concurrent requests come too late."""
        refusal = self._refusal(requests, early)
        if refusal:
            return refusal
        with self._transaction() as connection:
            rows, now = self._locked(connection, requests)
            taken, wait = choose(requests, rows, now, early)
            for request, row in zip(requests, taken, strict=False):
                _write(connection, request, row._replace(holder=holder, since=now, free_at=now + lease + request.rest))
            return Reply(granted=bool(taken), wait=wait, now=now)

    def give_back(self, requests: Sequence[PermitRequest], holder: str) -> None:
        """See `Ledger`. One statement each: the returns are independent, and their exact time does not matter."""
        with self._reached(), self._alone.connect() as connection:
            for request in requests:
                now = self._moment()
                its = (permits.c.key == request.key) & (permits.c.holder == holder)
                connection.execute(
                    update(permits).where(its).values(holder=None, since=now, free_at=now + request.rest)
                )

    def read(self) -> tuple[dict[str, Snapshot], float]:
        """See `Ledger`. Every permit of a limit has a row from the first call on."""
        found: dict[str, list[Row]] = {}
        with self._reached(), self._alone.connect() as connection:
            for key, *values in connection.execute(select(permits.c.key, *_ROW)):
                found.setdefault(key, []).append(Row(*values))
            now = self._time(connection)
        return {key: Snapshot(len(rows), rows) for key, rows in found.items()}, now

    def close(self) -> None:
        """See `Ledger`."""
        self._engine.dispose()

    def forked(self) -> None:
        """See `Ledger`."""
        self._engine.dispose(close=False)

    def _refusal(self, requests: Sequence[PermitRequest], early: float) -> Reply | None:
        """A refusal, if that can be determined without a lock; otherwise None."""
        with self._reached(), self._alone.connect() as connection:
            rows, now = _read(connection, requests, lock=False), self._time(connection)
        if any(
            len(rows[request.key]) < request.calls or any(row.since > now for row in rows[request.key])
            for request in requests
        ):
            return None
        taken, wait = choose(requests, rows, now, early)
        return None if taken else Reply(granted=False, wait=wait, now=now)

    def _locked(self, connection: Connection, requests: Sequence[PermitRequest]) -> tuple[dict[str, list[Row]], float]:
        """The permits of every limit, locked until this transaction ends, and the time.

        The time is read after the rows are locked, because waiting for the lock takes time.
        """
        rows = _read(connection, requests, lock=True)
        if missing := [
            {"key": request.key, "number": number, "since": _LONG_AGO, "free_at": _LONG_AGO}
            for request in requests
            for number in set(range(request.calls)) - {row.number for row in rows[request.key]}
        ]:
            insert = (sqlite if self._embedded else postgresql).insert(permits)
            connection.execute(insert.on_conflict_do_nothing(), missing)
            rows = _read(connection, requests, lock=True)
        now = self._time(connection)
        for request in requests:
            rows[request.key] = [_corrected(connection, request, row, now) for row in rows[request.key]]
        return rows, now

    def _time(self, connection: Connection) -> float:
        return float(connection.execute(select(self._moment())).scalar_one())

    def _moment(self) -> ColumnElement[float]:
        return literal(self._now()) if self._embedded else extract("epoch", func.clock_timestamp()).cast(Double)

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with self._reached(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _reached(self) -> Iterator[None]:
        try:
            if not self._ready:
                self._make()
            yield
        except (SQLAlchemyError, sqlite3.Error) as error:  # SQLAlchemy does not wrap errors of connect events.
            raise Unreachable(f"{self.name} did not respond: {_first_line(error)}") from error

    def _make(self) -> None:
        """Create the table if it does not exist. Several processes may do so at the same time."""
        with self._engine.begin() as connection:
            if not self._embedded:  # SQLite has locked the file
                connection.execute(select(func.pg_advisory_xact_lock(_MAKING)))
            permits.create(connection, checkfirst=True)
        self._ready = True


def _read(connection: Connection, requests: Sequence[PermitRequest], *, lock: bool) -> dict[str, list[Row]]:
    """The rows of every limit. They are locked in one order, so that no deadlock is possible."""
    found: dict[str, list[Row]] = {request.key: [] for request in requests}
    query = select(permits.c.key, *_ROW).where(permits.c.key.in_(found)).order_by(permits.c.key, permits.c.number)
    for key, *values in connection.execute(query.with_for_update() if lock else query):
        found[key].append(Row(*values))
    return {request.key: found[request.key][: request.calls] for request in requests}


def _write(connection: Connection, request: PermitRequest, row: Row) -> None:
    number, *_ = row
    this = (permits.c.key == request.key) & (permits.c.number == number)
    connection.execute(update(permits).where(this).values(holder=row.holder, since=row.since, free_at=row.free_at))


def _corrected(connection: Connection, request: PermitRequest, row: Row, now: float) -> Row:
    right = row.corrected(now)
    if right != row:
        _write(connection, request, right)
    return right


def _engine_of(url: str) -> Engine:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise ConfigurationError(f"permits is not a URL that SQLAlchemy understands; {_EXAMPLES}.") from None
    backend = parsed.get_backend_name()
    if backend == "sqlite" and parsed.host:
        raise ConfigurationError(f"permits in SQLite have three slashes before their file: sqlite:///{parsed.host}.")
    if backend == "sqlite" and parsed.database not in (None, "", ":memory:"):
        return _sqlite(create_engine(parsed, connect_args={"timeout": RESPONSE_TIMEOUT}, pool_size=_POOL))
    if backend == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
        # A server that was cut off is given up, however much has been sent to it.
        timeouts = {name: value for name, value in _CONNECTION_TIMEOUTS.items() if name not in parsed.query}
        return _postgresql(create_engine(parsed, pool_size=_POOL, connect_args=timeouts))
    raise ConfigurationError(
        f"permits can be kept in PostgreSQL or in a file of SQLite, not in {backend!r}; {_EXAMPLES}."
    )


def _postgresql(engine: Engine) -> Engine:
    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A process that is stopped or cut off must not keep its locks.
        if not connection.get_execution_options().get(_NO_TRANSACTION):
            timeouts = round(RESPONSE_TIMEOUT * 1000)
            settings = ("idle_in_transaction_session_timeout", "lock_timeout")
            connection.exec_driver_sql("; ".join(f"SET LOCAL {name} = {timeouts}" for name in settings))

    return engine


def _sqlite(engine: Engine) -> Engine:
    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # Otherwise the driver begins transactions on its own.
        connection.execute("PRAGMA journal_mode=WAL")
        # A power cut may lose rows, but it has ended their calls as well.
        connection.execute("PRAGMA synchronous=NORMAL")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if not connection.get_execution_options().get(_NO_TRANSACTION):
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # SQLite locks files, not rows.

    return engine


def _first_line(error: Exception) -> str:
    """The first line of the driver's message: SQLAlchemy's own text continues with the statement."""
    message = str(error.orig if isinstance(error, DBAPIError) else error).strip()
    return message.partition("\n")[0] or type(error).__name__
