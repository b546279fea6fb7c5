"""Permits in SQLite, PostgreSQL and Redis whose time is a simulation's: what they keep is real, their clock is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import sqlalchemy

from agora_rest.permits import PermitStore, SystemClock
from agora_rest.permits.leases import LeasedPermits
from agora_rest.permits.ledger import Ledger, PermitRequest, Snapshot
from agora_rest.permits.redis import READ, SCRIPT, RedisLedger
from agora_rest.permits.sql import SqlLedger
from tests.permits.simulation import Make

LATER = 10_000.0
"""A simulation begins with its clock at 0, which for a ledger would be the beginning of time."""


class Inline(Executor):
    """Does at once, and in no time, what it is given."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **options: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(function(*arguments, **options))
        except Exception as error:  # noqa: BLE001  it is the future's
            future.set_exception(error)
        return future


class SimulatedSql(SqlLedger):
    """PostgreSQL and SQLite with the simulation's clock, which a test can set back."""

    clock: Callable[[], float]
    set_back = 0.0

    def _moment(self) -> sqlalchemy.ColumnElement[float]:
        return sqlalchemy.literal(self.clock() - self.set_back, sqlalchemy.Double)

    def clear(self) -> None:
        with self._transaction() as connection:
            connection.execute(sqlalchemy.text("DELETE FROM agora_permits"))


class SimulatedRedis(RedisLedger):
    """Redis with the simulation's clock, which a test can set back."""

    clock: Callable[[], float]
    set_back = 0.0

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._script, self._read_all = map(self._simulated, (SCRIPT, READ))

    def _simulated(self, script: str) -> Any:
        assert "redis.call('TIME')" in script
        return self._client.register_script(script.replace("redis.call('TIME')", "{0, redis.call('GET', 'simulated')}"))

    def read(self) -> tuple[dict[str, Snapshot], float]:
        self._tell_time()
        return super().read()

    def _run(
        self, action: str, holder: str, lease: float, early: float, requests: Sequence[PermitRequest]
    ) -> list[Any]:
        self._tell_time()
        return super()._run(action, holder, lease, early, requests)

    def _tell_time(self) -> None:
        self._client.set("simulated", round((self.clock() - self.set_back) * 1e6))

    def clear(self) -> None:
        self.begin()


def simulated(ledger: SimulatedSql | SimulatedRedis) -> Make:
    """What makes a store over `ledger` with nothing in it and no threads."""

    def make(clock: SystemClock) -> PermitStore:
        later = SystemClock(lambda: clock.now() + LATER)
        ledger.clock, ledger.set_back = later.now, 0.0
        ledger.clear()
        return inline(ledger, later)

    return make


def inline(ledger: Ledger, clock: SystemClock) -> LeasedPermits:
    """A store that asks without threads. The ledger stays open when it is gone."""
    store = LeasedPermits(ledger, clock=clock)
    store._closing.detach()
    store._threads = Inline()
    return store


def sqlite_url(directory: Path) -> str:
    return f"sqlite:///{directory}/permits.db"
