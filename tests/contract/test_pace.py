from __future__ import annotations

import itertools
import random
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from agora_rest.contract.safety.rate_limit import Pace


class Clock:
    def __init__(self) -> None:
        self.time = 100.0

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds


def most_in_a_second(calls: list[float]) -> int:
    return max(sum(1 for each in calls if start <= each < start + 1) for start in calls)


def test_no_second_sees_more_calls_than_the_pace_allows() -> None:
    clock, calls = Clock(), []
    pace = Pace(8, clock.now, clock.sleep)
    for _ in range(40):
        with pace.turn():
            calls.append(clock.time)
    assert most_in_a_second(calls) == 8
    assert calls[-1] - calls[0] < 5.01


def test_no_second_sees_more_even_if_the_network_holds_some_calls_back() -> None:
    """Each call reaches the server anywhere between its sending and its answer."""
    clock, arrivals, chance = Clock(), [], random.Random(1)
    pace = Pace(8, clock.now, clock.sleep)
    for _ in range(400):
        with pace.turn():
            there, back = chance.random() * chance.choice((0.01, 1)), chance.random() * 0.1
            arrivals.append(clock.time + there)
            clock.sleep(there + back)
    assert most_in_a_second(arrivals) <= 8


def test_a_pause_is_not_made_up_for() -> None:
    clock, calls = Clock(), []
    pace = Pace(8, clock.now, clock.sleep)
    with pace.turn():
        clock.time += 60
    for _ in range(9):
        with pace.turn():
            calls.append(clock.time)
    assert calls[-1] - calls[0] >= 1


def test_a_call_that_fails_counts_and_gives_its_permit_back() -> None:
    clock = Clock()
    pace = Pace(1, clock.now, clock.sleep)
    with pytest.raises(ValueError, match="gone"), pace.turn():
        raise ValueError("gone")
    with pace.turn():
        assert clock.time == 101


def test_calls_of_several_threads_share_the_permits() -> None:
    under_way, most = set(), []

    def call(number: int) -> None:
        with pace.turn():
            under_way.add(number)
            most.append(len(under_way))
            met.wait(timeout=30)
            under_way.discard(number)

    ticking = itertools.count()
    pace, met = Pace(3, lambda: 10.0 * next(ticking), lambda _: None), threading.Barrier(3)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(call, range(6)))
    assert max(most) == 3
