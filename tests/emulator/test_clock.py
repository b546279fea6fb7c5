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


@pytest.mark.parametrize("clock", [FrozenClock(), MovableClock()])
@pytest.mark.parametrize("seconds", [-1, math.inf, math.nan, LATEST])
def test_a_clock_is_moved_forward_and_within_what_can_be_written_down(clock, seconds: float) -> None:
    with pytest.raises(ValueError, match="clock"):
        clock.advance(seconds)


@pytest.mark.fact("CO-45")
def test_times_are_written_in_utc_with_milliseconds() -> None:
    assert iso(1515482586) == "2018-01-09T07:23:06.000Z"
    assert iso(0.0625) == "1970-01-01T00:00:00.062Z"
