"""Resource IDs and recordings, as the world keeps them."""

from __future__ import annotations

import pytest

from agora_rest.emulator import DEMO_APP_ID, DEMO_ID, FrozenClock, UploadingStatus
from agora_rest.emulator.recordings import Ending, Identity, Status
from agora_rest.emulator.refusals import Code, Conflict, InvalidAppId, RecordingRefused
from agora_rest.emulator.rules import Target
from agora_rest.emulator.world import World

LESSON = Identity(DEMO_APP_ID, "lesson", 527841)


def refused(call, *arguments, **options) -> Code:
    with pytest.raises(RecordingRefused) as refusal:
        call(*arguments, **options)
    return refusal.value.code


def record(world: World, identity: Identity = LESSON, **config: float):
    return world.start(world.acquire(identity).id, identity, **config)


@pytest.mark.fact("CR-11")
@pytest.mark.parametrize("age", [0, 299, 300])
def test_a_resource_id_starts_a_recording_for_five_minutes(world: World, clock: FrozenClock, age: float) -> None:
    resource = world.acquire(LESSON)
    clock.advance(age)
    assert world.start(resource.id, LESSON).is_running(clock.now())


@pytest.mark.fact("CR-11")
def test_a_resource_id_is_expired_after_more_than_five_minutes(world: World, clock: FrozenClock) -> None:
    resource = world.acquire(LESSON)
    clock.advance(300.001)
    assert refused(world.start, resource.id, LESSON) is Code.RESOURCE_EXPIRED


@pytest.mark.fact("CR-12", "CR-37", "CR-54")
def test_a_resource_id_serves_one_recording_only(world: World) -> None:
    recording = record(world)
    assert refused(world.start, recording.resource_id, LESSON) is Code.ALREADY_RECORDING
    world.stop(recording.resource_id, recording.sid, LESSON)
    assert refused(world.start, recording.resource_id, LESSON) is Code.RESOURCE_USED
    assert record(world).sid != recording.sid


@pytest.mark.fact("CR-12")
def test_a_used_resource_id_says_so_even_when_it_is_old(world: World, clock: FrozenClock) -> None:
    recording = record(world)
    clock.advance(1000)
    assert refused(world.start, recording.resource_id, LESSON) is Code.RESOURCE_USED


@pytest.mark.fact("CR-38")
def test_a_resource_id_nobody_gave_out_cannot_be_decoded(world: World) -> None:
    assert refused(world.start, "forged", LESSON) is Code.RESOURCE_UNDECODABLE
    assert refused(world.query, DEMO_APP_ID, "forged", "sid") is Code.RESOURCE_UNDECODABLE
    assert refused(world.stop, "forged", "sid", LESSON) is Code.RESOURCE_UNDECODABLE


@pytest.mark.fact("CR-39")
def test_channel_and_uid_must_be_those_of_the_resource_id(world: World) -> None:
    resource = world.acquire(LESSON)
    for other in (LESSON._replace(cname="other"), LESSON._replace(uid=2)):
        assert refused(world.start, resource.id, other) is Code.RESOURCE_MISMATCH
    recording = world.start(resource.id, LESSON)
    for other in (LESSON._replace(cname="other"), LESSON._replace(uid=2)):
        assert refused(world.stop, resource.id, recording.sid, other) is Code.RESOURCE_MISMATCH
    assert recording.is_running(world.clock.now())


@pytest.mark.fact("CR-39")
def test_app_id_and_sid_must_be_those_of_the_resource_id(world: World) -> None:
    other = world.create_project("other").app_id
    recording, second = record(world), record(world, LESSON._replace(uid=2))
    assert refused(world.query, other, recording.resource_id, recording.sid) is Code.RESOURCE_MISMATCH
    assert refused(world.query, DEMO_APP_ID, recording.resource_id, second.sid) is Code.RESOURCE_MISMATCH
    assert refused(world.start, recording.resource_id, LESSON._replace(app_id=other)) is Code.RESOURCE_MISMATCH
    assert refused(world.stop, recording.resource_id, second.sid, LESSON) is Code.RESOURCE_MISMATCH


@pytest.mark.fact("CR-15")
def test_an_app_id_is_valid_while_its_project_is_there_and_enabled(world: World) -> None:
    recording = record(world)
    world.set_project_status(DEMO_ID, enabled=False)
    with pytest.raises(InvalidAppId):
        world.acquire(LESSON)
    with pytest.raises(InvalidAppId):
        world.query(DEMO_APP_ID, recording.resource_id, recording.sid)
    world.set_project_status(DEMO_ID, enabled=True)
    assert world.query(DEMO_APP_ID, recording.resource_id, recording.sid) is recording
    world.delete_project(DEMO_ID)
    with pytest.raises(InvalidAppId):
        world.acquire(LESSON)


def test_deleting_a_project_ends_its_recordings(world: World) -> None:
    recording = record(world)
    world.delete_project(DEMO_ID)
    assert recording.ending is Ending.PUT_OFFLINE


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


@pytest.mark.fact("CR-65")
def test_a_recording_is_forgotten_some_time_after_its_end(world: World, clock: FrozenClock) -> None:
    recording = record(world)
    world.stop(recording.resource_id, recording.sid, LESSON)
    clock.advance(300.001)
    assert refused(world.query, DEMO_APP_ID, recording.resource_id, recording.sid) is Code.RECORDING_NOT_FOUND


@pytest.mark.fact("CR-65")
def test_a_recording_that_is_over_cannot_be_stopped(world: World, clock: FrozenClock) -> None:
    recording, idle = record(world), record(world, LESSON._replace(uid=2))
    world.stop(recording.resource_id, recording.sid, LESSON)
    assert refused(world.stop, recording.resource_id, recording.sid, LESSON) is Code.RECORDING_NOT_FOUND
    clock.advance(31)
    assert refused(world.stop, idle.resource_id, idle.sid, LESSON._replace(uid=2)) is Code.RECORDING_NOT_FOUND


@pytest.mark.fact("CR-41", "CR-51")
def test_the_index_file_bears_the_names_of_recording_and_channel(world: World) -> None:
    recording = record(world)
    assert recording.index_file == f"{recording.sid}_lesson.m3u8"


@pytest.mark.fact("CR-51", "CR-52", "CR-53")
@pytest.mark.parametrize("outcome", UploadingStatus)
def test_a_stop_says_of_the_files_what_control_chose(world: World, outcome: UploadingStatus) -> None:
    world.recordings.stop_outcome = outcome
    recording = record(world)
    assert world.stop(recording.resource_id, recording.sid, LESSON).uploading_status is outcome


@pytest.mark.fact("CR-28")
@pytest.mark.parametrize("limit", [5, 30, 3600])
def test_an_empty_channel_ends_its_recording_after_the_idle_time_and_not_before(world, clock, limit: int) -> None:
    recording = record(world, max_idle_time=limit)
    clock.advance(limit)
    assert recording.is_running(clock.now())
    clock.advance(0.001)
    assert not recording.is_running(clock.now())
    assert recording.ending is Ending.IDLE


@pytest.mark.fact("CR-28")
def test_the_idle_time_is_thirty_seconds_by_default(world: World, clock: FrozenClock) -> None:
    recording = record(world)
    clock.advance(30)
    assert recording.is_running(clock.now())
    clock.advance(0.001)
    assert not recording.is_running(clock.now())


@pytest.mark.fact("CR-28")
def test_a_recording_goes_on_while_anybody_is_there_and_idles_from_the_last_ones_leaving(world, clock) -> None:
    world.join(DEMO_APP_ID, "lesson", 1)
    recording = record(world)
    clock.advance(1000)
    world.join(DEMO_APP_ID, "lesson", 2)
    world.leave(DEMO_APP_ID, "lesson", 1)
    clock.advance(1000)
    world.leave(DEMO_APP_ID, "lesson", 2)
    clock.advance(30)
    assert recording.is_running(clock.now())
    clock.advance(1)
    assert recording.status(clock.now()) is Status.STOPPED


@pytest.mark.fact("CR-28")
def test_somebody_who_comes_in_time_keeps_a_recording_going(world: World, clock: FrozenClock) -> None:
    recording = record(world)
    clock.advance(30)
    world.join(DEMO_APP_ID, "lesson", 1)
    clock.advance(1000)
    assert recording.is_running(clock.now())


@pytest.mark.fact("CR-28")
def test_somebody_who_comes_too_late_does_not_bring_a_recording_back(world: World, clock: FrozenClock) -> None:
    recording = record(world)
    clock.advance(31)
    world.join(DEMO_APP_ID, "lesson", 1)
    assert not recording.is_running(clock.now())
    # It ended when its time was up, not when somebody looked.
    assert recording.ended_at == clock.now() - 1


@pytest.mark.fact("CR-28")
def test_users_of_other_channels_keep_nothing_going(world: World, clock: FrozenClock) -> None:
    other = world.create_project("other").app_id
    recording = record(world)
    world.join(DEMO_APP_ID, "other", 1)
    world.join(other, "lesson", 1)
    clock.advance(31)
    assert not recording.is_running(clock.now())


@pytest.mark.fact("CR-28")
def test_a_second_recorder_is_no_user(world: World, clock: FrozenClock) -> None:
    first, second = record(world), record(world, LESSON._replace(uid=2))
    clock.advance(31)
    assert not first.is_running(clock.now())
    assert not second.is_running(clock.now())


def test_the_same_recorder_is_busy_until_its_recording_is_over(world: World) -> None:
    recording = record(world)
    second = world.acquire(LESSON)
    assert refused(world.start, second.id, LESSON) is Code.RECORDER_BUSY
    world.stop(recording.resource_id, recording.sid, LESSON)
    assert world.start(second.id, LESSON).sid != recording.sid


@pytest.mark.fact("CR-14")
def test_a_recorders_uid_is_nobody_elses_in_the_channel(world: World) -> None:
    world.join(DEMO_APP_ID, "lesson", LESSON.uid)
    resource = world.acquire(LESSON)
    assert refused(world.start, resource.id, LESSON) is Code.INVALID_PARAMETER
    world.leave(DEMO_APP_ID, "lesson", LESSON.uid)
    recording = world.start(resource.id, LESSON)
    with pytest.raises(Conflict):
        world.join(DEMO_APP_ID, "lesson", LESSON.uid)
    world.stop(recording.resource_id, recording.sid, LESSON)
    world.join(DEMO_APP_ID, "lesson", LESSON.uid)


@pytest.mark.fact("CO-48")
@pytest.mark.parametrize(
    "target", [Target(cname="lesson"), Target(uid=LESSON.uid), Target(cname="lesson", uid=LESSON.uid)]
)
def test_a_kicked_recorder_leaves_and_its_recording_ends_abnormally(world: World, target: Target) -> None:
    recording = record(world)
    world.create_rule(DEMO_APP_ID, target, 1)
    assert world.query(DEMO_APP_ID, recording.resource_id, recording.sid).status(world.clock.now()) == 20
    assert refused(world.stop, recording.resource_id, recording.sid, LESSON) is Code.RECORDING_NOT_FOUND


@pytest.mark.fact("CO-48")
@pytest.mark.parametrize("target", [Target(cname="other"), Target(uid=1), Target(ip="10.0.0.1")])
def test_a_rule_about_somebody_else_leaves_a_recording_alone(world: World, target: Target) -> None:
    recording = record(world)
    world.create_rule(DEMO_APP_ID, target, 1)
    assert recording.is_running(world.clock.now())


@pytest.mark.fact("CO-42", "CO-48")
def test_a_rule_of_no_minutes_ends_no_recording_since_the_recorder_comes_back(world: World) -> None:
    recording = record(world)
    world.create_rule(DEMO_APP_ID, Target(uid=LESSON.uid), 0)
    assert recording.is_running(world.clock.now())


@pytest.mark.fact("CO-48")
def test_a_recorder_that_is_kept_out_records_nothing_until_the_rule_is_over(world: World, clock: FrozenClock) -> None:
    world.create_rule(DEMO_APP_ID, Target(uid=LESSON.uid), 1)
    assert record(world).status(clock.now()) is Status.ABNORMAL_EXIT
    clock.advance(60)
    assert record(world).is_running(clock.now())


@pytest.mark.fact("CO-48", "CR-28")
def test_kicking_the_last_user_makes_a_channel_idle(world: World, clock: FrozenClock) -> None:
    world.join(DEMO_APP_ID, "lesson", 1)
    recording = record(world)
    clock.advance(100)
    world.create_rule(DEMO_APP_ID, Target(uid=1), 60)
    clock.advance(30)
    assert recording.is_running(clock.now())
    clock.advance(1)
    assert not recording.is_running(clock.now())
