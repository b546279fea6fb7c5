"""An emulator whose clock stands still."""

from __future__ import annotations

import pytest

from agora_rest.emulator import Emulator, FrozenClock
from agora_rest.emulator.ids import Ids
from agora_rest.emulator.settings import DialectName, Settings
from agora_rest.emulator.world import World
from tests.emulator.callers import Api, emulator_of_2019
from tests.emulator.current_callers import CurrentApi


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def world(clock: FrozenClock) -> World:
    return World(clock, Ids(1), Settings(DialectName.DOCUMENTED))


@pytest.fixture(params=["documented", "observed"])
def dialect(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def emulator(clock: FrozenClock) -> Emulator:
    """An emulator of the documents of 2019; `current` calls one of the present documents."""
    return emulator_of_2019(clock=clock, rate_limit=False)


@pytest.fixture
def api(emulator: Emulator) -> Api:
    return Api(emulator)


@pytest.fixture
def both(clock: FrozenClock, dialect: str) -> Api:
    """The caller of an emulator of either dialect."""
    return Api(Emulator(clock=clock, rate_limit=False, dialect=dialect))


@pytest.fixture
def observed(clock: FrozenClock) -> Api:
    """The caller of an emulator that speaks as servers are known to."""
    return Api(Emulator(clock=clock, rate_limit=False, dialect="observed"))


@pytest.fixture
def current(clock: FrozenClock) -> CurrentApi:
    """The caller of an emulator that speaks as the present documents do."""
    return CurrentApi(Emulator(clock=clock, rate_limit=False, dialect="current"))
