"""The stores that processes share, each as a world on simulated time."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.permits.ledgers import SimulatedRedis, SimulatedSql, simulated, sqlite_url
from tests.permits.simulation import Make, World, simulate


@pytest.fixture(scope="module", params=["sqlite", "postgresql", "redis"])
def ledger(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SimulatedSql | SimulatedRedis]:
    """A place that processes share, with a simulation's clock."""
    made: SimulatedSql | SimulatedRedis
    if request.param == "sqlite":
        made = SimulatedSql(sqlite_url(tmp_path_factory.mktemp("permits")))
    elif request.param == "postgresql":
        made = SimulatedSql(request.getfixturevalue("postgresql").database())
    else:
        made = SimulatedRedis(request.getfixturevalue("redis_server").url)
    yield made
    made.close()


@pytest.fixture(scope="module")
def make(ledger: SimulatedSql | SimulatedRedis) -> Make:
    """Makes a store that is empty."""
    return simulated(ledger)


@pytest.fixture(scope="module")
def shared(make: Make) -> Callable[[World[None]], None]:
    """Runs a world with such a store."""
    return lambda world: simulate(world, make)
