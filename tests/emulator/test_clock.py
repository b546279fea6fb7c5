"""The two clocks."""

from __future__ import annotations

import math

import pytest

from agora_rest.emulator import FrozenClock, MovableClock
from agora_rest.emulator.clock import LATEST, iso


def test_a_movable_clock_is_the_real_time_and_what_it_was_moved_by() -> None:
    machine = {"wall": 1000.0, "monotonic": 7.0}
    clock = MovableClock(wall=lambda: machine["wall"], monotonic=lambda: machine["monotonic"])
    assert clock.now() == 1000
    machine["monotonic"] = 9.0
    assert clock.now() == 1002
    clock.advance(300)
    assert clock.now() == 1302
    clock.reset()
    assert clock.now() == 1002


def test_a_movable_clock_does_not_jump_when_the_machines_clock_is_set() -> None:
    machine = {"wall": 1000.0, "monotonic": 7.0}
    clock = MovableClock(wall=lambda: machine["wall"], monotonic=lambda: machine["monotonic"])
    machine["wall"] = 0.0
    assert clock.now() == 1000


def test_a_frozen_clock_stands_still() -> None:
    clock = FrozenClock(1000)
    assert clock.now() == clock.now() == 1000
    clock.advance(1.5)
    assert clock.now() == 1001.5
    clock.reset()
    assert clock.now() == 1000


class Machine:
    """A machine whose two clocks are set by hand."""

    def __init__(self) -> None:
        self.wall, self.monotonic = 1000.0, 7.0

    def pass_(self, seconds: float) -> None:
        self.wall += seconds
        self.monotonic += seconds


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture(params=["movable", "frozen"])
def any_clock(request: pytest.FixtureRequest, machine: Machine) -> MovableClock:
    if request.param == "frozen":
        return FrozenClock(1000, monotonic=lambda: machine.monotonic)
    return MovableClock(wall=lambda: machine.wall, monotonic=lambda: machine.monotonic)


def test_a_clock_is_stopped_and_runs_on_from_where_it_stood(any_clock: MovableClock, machine: Machine) -> None:
    any_clock.thaw()
    machine.pass_(2)
    assert (any_clock.now(), any_clock.frozen) == (1002, False)
    any_clock.freeze()
    machine.pass_(60)
    assert (any_clock.now(), any_clock.frozen) == (1002, True)
    any_clock.advance(0.5)
    assert any_clock.now() == 1002.5
    any_clock.thaw()
    assert (any_clock.now(), any_clock.frozen) == (1002.5, False)
    machine.pass_(3)
    assert any_clock.now() == 1005.5


def test_what_is_done_twice_is_done_once(any_clock: MovableClock, machine: Machine) -> None:
    any_clock.freeze()
    any_clock.freeze()
    machine.pass_(9)
    any_clock.thaw()
    machine.pass_(2)
    any_clock.thaw()
    assert any_clock.now() == 1002


def test_a_reset_goes_back_to_the_time_it_would_be_and_leaves_the_clock_standing_or_running(machine: Machine) -> None:
    clock = MovableClock(wall=lambda: machine.wall, monotonic=lambda: machine.monotonic)
    clock.advance(300)
    clock.freeze()
    machine.pass_(60)
    clock.reset()
    assert (clock.now(), clock.frozen) == (1060, True)
    machine.pass_(5)
    clock.thaw()
    assert clock.now() == 1060
    clock.reset()
    machine.pass_(1)
    assert (clock.now(), clock.frozen) == (1066, False)


def test_a_frozen_clock_that_runs_begins_where_it_began_at_first(machine: Machine) -> None:
    clock = FrozenClock(1000, monotonic=lambda: machine.monotonic)
    clock.thaw()
    machine.pass_(10)
    clock.reset()
    machine.pass_(1)
    assert (clock.now(), clock.frozen) == (1001, False)


@pytest.mark.parametrize("clock", [FrozenClock(), MovableClock()])
@pytest.mark.parametrize("seconds", [-1, math.inf, math.nan, LATEST])
def test_a_clock_is_moved_forward_and_within_what_can_be_written_down(clock, seconds: float) -> None:
    with pytest.raises(ValueError, match="clock"):
        clock.advance(seconds)


@pytest.mark.fact("CO-45")
def test_times_are_written_in_utc_with_milliseconds() -> None:
    assert iso(1515482586) == "2018-01-09T07:23:06.000Z"
    assert iso(0.0625) == "1970-01-01T00:00:00.062Z"
