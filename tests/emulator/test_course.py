"""The course of a recording: every status it went through, and when."""

from __future__ import annotations

import pytest

from agora_rest.emulator import FrozenClock
from agora_rest.emulator.recordings import Identity, Recording
from agora_rest.emulator.rules import Target
from agora_rest.emulator.world import DEMO_APP_ID, World
from tests.emulator.callers import Api

WHO = Identity(DEMO_APP_ID, "lesson", 5)


@pytest.fixture
def recording(world: World) -> Recording:
    world.join(DEMO_APP_ID, "lesson", 7)
    return world.start(world.acquire(WHO).id, WHO)


def course(recording: Recording, clock: FrozenClock) -> list[tuple[int, float]]:
    """Statuses, and the seconds after the start from which they held."""
    return [(int(step.status), step.since - recording.started_at) for step in recording.course(clock.now())]


@pytest.mark.fact("CR-42")
def test_it_grows_with_the_clock(recording: Recording, clock: FrozenClock) -> None:
    assert course(recording, clock) == [(1, 0)]
    clock.advance(3.5)
    assert course(recording, clock) == [(1, 0), (2, 1), (3, 2), (4, 3)]
    clock.advance(1000)
    assert course(recording, clock) == [(1, 0), (2, 1), (3, 2), (4, 3), (5, 5)]


@pytest.mark.fact("CR-42")
def test_a_stop_ends_what_had_begun_by_then(recording: Recording, world: World, clock: FrozenClock) -> None:
    clock.advance(2)
    world.stop(recording.resource_id, recording.sid, WHO)
    clock.advance(7)
    assert course(recording, clock) == [(1, 0), (2, 1), (3, 2), (6, 2), (7, 7)]


@pytest.mark.fact("CR-28")
def test_one_that_idled_out_ended_when_its_time_was_up(recording: Recording, world: World, clock: FrozenClock) -> None:
    clock.advance(10)
    world.leave(DEMO_APP_ID, "lesson", 7)
    clock.advance(100)
    assert course(recording, clock)[-4:] == [(5, 5), (6, 40), (7, 45), (8, 50)]


@pytest.mark.fact("CO-48")
def test_a_recorder_that_is_put_offline_ends_abnormally(recording: Recording, world: World, clock: FrozenClock) -> None:
    clock.advance(1)
    world.create_rule(DEMO_APP_ID, Target(uid=5), 10)
    clock.advance(60)
    assert course(recording, clock) == [(1, 0), (2, 1), (20, 1)]


def test_its_last_status_is_the_present_one(recording: Recording, world: World, clock: FrozenClock) -> None:
    for moment in range(40):
        clock.advance(0.5)
        if moment == 20:
            world.stop(recording.resource_id, recording.sid, WHO)
        assert recording.course(clock.now())[-1].status is recording.status(clock.now())


def test_the_state_shows_it(api: Api, clock: FrozenClock) -> None:
    api.record()
    clock.advance(1)
    (shown,) = api.emulator.state()["recordings"]
    assert shown["course"] == [
        {"status": 1, "since": "2026-01-01T00:00:00.000Z"},
        {"status": 2, "since": "2026-01-01T00:00:01.000Z"},
    ]
