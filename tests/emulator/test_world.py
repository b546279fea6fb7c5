"""What the world keeps, where the checks of the contract suite do not look: they test it by its facts.

tests/contract/test_every_check.py runs them, in every dialect.
"""

from __future__ import annotations

from datetime import date

import pytest

from agora_rest.emulator import DEMO_APP_ID, DEMO_ID, FrozenClock, Mode, Role
from agora_rest.emulator.recordings import Ending, Identity
from agora_rest.emulator.refusals import (
    Barred,
    Code,
    Conflict,
    InvalidAppId,
    InvalidInput,
    NoSuchProject,
    NotInChannel,
    RecordingRefused,
)
from agora_rest.emulator.rules import Target
from agora_rest.emulator.usage import check_range
from agora_rest.emulator.world import World

LESSON = Identity(DEMO_APP_ID, "lesson", 527841)


def record(world: World, identity: Identity = LESSON):
    return world.start(world.acquire(identity).id, identity)


# Projects


def test_the_world_begins_with_one_project(world: World) -> None:
    (demo,) = world.projects.all()
    assert (demo.id, demo.name, demo.app_id, demo.enabled) == (DEMO_ID, "demo", DEMO_APP_ID, True)


def test_deleting_a_project_ends_its_recordings_and_channels(world: World) -> None:
    recording = record(world)
    world.join(DEMO_APP_ID, "lesson", 1)
    world.delete_project(DEMO_ID)
    assert recording.ending is Ending.PUT_OFFLINE
    assert world.channels.all() == []


def test_a_project_that_gets_the_app_id_of_a_deleted_one_begins_without_its_rules(world: World) -> None:
    world.create_rule(DEMO_APP_ID, Target(uid=1), 60)
    world.delete_project(DEMO_ID)
    world.create_project("again", app_id=DEMO_APP_ID)
    world.join(DEMO_APP_ID, "lesson", 1)
    assert world.list_rules(DEMO_APP_ID) == []


def test_names_may_repeat_but_ids_may_not(world: World) -> None:
    assert world.create_project("demo").id != DEMO_ID
    with pytest.raises(Conflict):
        world.create_project("x", app_id=DEMO_APP_ID)
    with pytest.raises(Conflict):
        world.create_project("x", project_id=DEMO_ID)


def test_a_project_does_not_show_its_certificate(world: World) -> None:
    project = world.create_project("projectx", enable_certificate=True)
    assert project.sign_key not in repr(project)


def test_a_search_names_something(world: World) -> None:
    with pytest.raises(InvalidInput):
        world.projects.find()
    with pytest.raises(NoSuchProject):
        world.projects.find(name="nobody")


# Recordings


@pytest.mark.fact("CR-42")
@pytest.mark.parametrize(
    ("elapsed", "status"), [(0, 1), (0.9, 1), (1, 2), (1.9, 2), (2, 3), (2.9, 3), (3, 4), (4.9, 4), (5, 5), (25, 5)]
)
def test_a_recording_goes_through_its_statuses_as_it_starts(world, clock, elapsed: float, status: int) -> None:
    recording = record(world)
    clock.advance(elapsed)
    assert recording.status(clock.now()) == status


@pytest.mark.fact("CR-42")
@pytest.mark.parametrize(("elapsed", "status"), [(0, 6), (4.9, 6), (5, 7), (9.9, 7), (10, 8), (300, 8)])
def test_a_stopped_recording_goes_through_its_last_statuses(world, clock, elapsed: float, status: int) -> None:
    recording = record(world)
    world.stop(recording.resource_id, recording.sid, LESSON)
    clock.advance(elapsed)
    assert world.query(DEMO_APP_ID, recording.resource_id, recording.sid).status(clock.now()) == status


@pytest.mark.fact("CR-28")
def test_a_recording_ends_when_its_time_is_up_and_not_when_somebody_looks(world: World, clock: FrozenClock) -> None:
    recording = record(world)
    clock.advance(31)
    world.join(DEMO_APP_ID, "lesson", 1)
    assert not recording.is_running(clock.now())
    assert recording.ended_at == clock.now() - 1


@pytest.mark.fact("CR-14")
def test_a_recorders_uid_is_nobody_elses_in_the_channel(world: World) -> None:
    world.join(DEMO_APP_ID, "lesson", LESSON.uid)
    resource = world.acquire(LESSON)
    with pytest.raises(RecordingRefused) as refusal:
        world.start(resource.id, LESSON)
    assert refusal.value.code is Code.INVALID_PARAMETER
    world.leave(DEMO_APP_ID, "lesson", LESSON.uid)
    recording = world.start(resource.id, LESSON)
    with pytest.raises(Conflict):
        world.join(DEMO_APP_ID, "lesson", LESSON.uid)
    world.stop(recording.resource_id, recording.sid, LESSON)
    world.join(DEMO_APP_ID, "lesson", LESSON.uid)


# Channels


def test_a_recorder_makes_no_channel(world: World) -> None:
    record(world)
    assert world.find_channel(DEMO_APP_ID, "lesson") is None
    world.join(DEMO_APP_ID, "lesson", 1)
    assert list(world.find_channel(DEMO_APP_ID, "lesson").users) == [1]


@pytest.mark.parametrize(
    ("role", "mode", "expected"),
    [
        (None, None, (Mode.COMMUNICATION, Role.COMMUNICATION)),
        (None, Mode.LIVE, (Mode.LIVE, Role.HOST)),
        (Role.AUDIENCE, None, (Mode.LIVE, Role.AUDIENCE)),
        (Role.HOST, None, (Mode.LIVE, Role.HOST)),
        (Role.COMMUNICATION, None, (Mode.COMMUNICATION, Role.COMMUNICATION)),
        (Role.UNKNOWN, Mode.LIVE, (Mode.LIVE, Role.UNKNOWN)),
    ],
)
def test_mode_and_role_follow_from_each_other(world: World, role, mode, expected) -> None:
    user = world.join(DEMO_APP_ID, "lesson", 1, role=role, mode=mode)
    assert (world.find_channel(DEMO_APP_ID, "lesson").mode, user.role) == expected


@pytest.mark.parametrize(
    ("role", "mode"),
    [(Role.HOST, Mode.COMMUNICATION), (Role.AUDIENCE, Mode.COMMUNICATION), (Role.COMMUNICATION, Mode.LIVE)],
)
def test_mode_and_role_may_not_contradict_each_other(world: World, role: Role, mode: Mode) -> None:
    with pytest.raises(Conflict):
        world.join(DEMO_APP_ID, "lesson", 1, role=role, mode=mode)
    assert world.find_channel(DEMO_APP_ID, "lesson") is None


def test_a_channel_keeps_its_mode(world: World) -> None:
    world.join(DEMO_APP_ID, "lesson", 1, mode=Mode.LIVE)
    with pytest.raises(Conflict):
        world.join(DEMO_APP_ID, "lesson", 2, mode=Mode.COMMUNICATION)
    assert world.join(DEMO_APP_ID, "lesson", 3).role is Role.HOST


def test_who_joins_again_is_there_once_as_what_they_now_are(world: World) -> None:
    world.join(DEMO_APP_ID, "lesson", 1, role=Role.AUDIENCE)
    world.join(DEMO_APP_ID, "lesson", 1, role=Role.HOST)
    channel = world.find_channel(DEMO_APP_ID, "lesson")
    assert (channel.with_role(Role.HOST), channel.with_role(Role.AUDIENCE)) == ([1], [])


def test_who_is_not_there_cannot_leave(world: World) -> None:
    with pytest.raises(NotInChannel):
        world.leave(DEMO_APP_ID, "lesson", 1)
    world.join(DEMO_APP_ID, "lesson", 1)
    with pytest.raises(NotInChannel):
        world.leave(DEMO_APP_ID, "lesson", 2)


# Kicking rules


@pytest.mark.fact("CO-42", "CO-44")
def test_a_rule_about_nobody_or_of_negative_minutes_is_refused(world: World) -> None:
    with pytest.raises(InvalidInput):
        Target()
    with pytest.raises(InvalidInput):
        world.create_rule(DEMO_APP_ID, Target(uid=1), -1)


def test_the_rules_of_a_disabled_project_cannot_be_touched_but_hold(world: World) -> None:
    world.create_rule(DEMO_APP_ID, Target(uid=1), 60)
    world.set_project_status(DEMO_ID, enabled=False)
    with pytest.raises(InvalidAppId):
        world.list_rules(DEMO_APP_ID)
    world.set_project_status(DEMO_ID, enabled=True)
    with pytest.raises(Barred):
        world.join(DEMO_APP_ID, "lesson", 1)


# Usage


def test_the_years_of_usage_have_four_digits() -> None:
    check_range(date(1000, 1, 1), date(1000, 1, 2))
    check_range(date(9999, 12, 30), date(9999, 12, 31))
    with pytest.raises(InvalidInput):
        check_range(date(999, 12, 31), date(1000, 1, 1))
