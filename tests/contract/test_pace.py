from __future__ import annotations

from agora_rest.contract.pace import Pace


class Clock:
    def __init__(self) -> None:
        self.time = 100.0

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds


def test_no_second_sees_more_calls_than_the_pace_allows() -> None:
    clock, calls = Clock(), []
    pace = Pace(8, clock.now, clock.sleep)
    for _ in range(40):
        pace.wait()
        calls.append(clock.time)
    assert max(sum(1 for each in calls if start <= each < start + 1) for start in calls) <= 8
    assert calls[-1] - calls[0] < 5.01


def test_a_pause_is_not_made_up_for() -> None:
    clock, calls = Clock(), []
    pace = Pace(8, clock.now, clock.sleep)
    pace.wait()
    clock.time += 60
    for _ in range(9):
        pace.wait()
        calls.append(clock.time)
    assert calls[-1] - calls[0] >= 1
