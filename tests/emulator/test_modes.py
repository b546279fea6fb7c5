"""What each mode of the present documents records, and which mode a resource is for."""

from __future__ import annotations

import pytest

from agora_rest.emulator import FrozenClock, Mode, Role
from tests.emulator.callers import APP, STORAGE, code
from tests.emulator.current_callers import CurrentApi, files_of, services

READY = 5.0
"""Seconds after which a recording of users who publish has its first files."""


def test_mix_makes_one_file_for_all(current: CurrentApi, clock: FrozenClock) -> None:
    current.emulator.join(APP, "lesson", [7, 8])
    found = current.mix()
    began = int(clock.now() * 1000)
    assert current.progress(found) == {"status": 1, "sliceStartTime": began}
    clock.advance(READY)
    assert current.progress(found) == {
        "status": 5,
        "fileListMode": "string",
        "fileList": f"{found.sid}_lesson.m3u8",
        "sliceStartTime": began,
    }


@pytest.mark.fact("CR-141", "CR-142")
def test_mix_with_mp4_lists_its_files_one_by_one(current: CurrentApi, clock: FrozenClock) -> None:
    current.emulator.join(APP, "lesson", 7)
    found = current.mix(recordingFileConfig={"avFileType": ["hls", "mp4"]})
    clock.advance(READY)
    progress = current.progress(found)
    assert progress["fileListMode"] == "json"
    assert [each.pop("fileName") for each in progress["fileList"]] == [
        f"{found.sid}_lesson.m3u8",
        f"{found.sid}_lesson_0.mp4",
    ]
    since = int((clock.now() - 2) * 1000)
    about = {"trackType": "audio_and_video", "uid": "0", "mixedAllUser": True, "isPlayable": True}
    assert progress["fileList"] == [{**about, "sliceStartTime": since}] * 2


@pytest.mark.parametrize(
    ("config", "kind"),
    [({"streamTypes": 0}, "audio"), ({"streamTypes": 1}, "video"), ({"subscribeAudioUids": ["7"]}, "audio")],
)
def test_a_file_of_one_medium_says_so(current: CurrentApi, clock: FrozenClock, config: dict, kind: str) -> None:
    current.emulator.join(APP, "lesson", 7)
    found = current.mix(recordingConfig=config, recordingFileConfig={"avFileType": ["hls", "mp4"]})
    clock.advance(READY)
    assert {each["trackType"] for each in current.progress(found)["fileList"]} == {kind}


@pytest.mark.fact("CR-141", "CR-142")
def test_individual_makes_a_file_for_each_user_and_medium(current: CurrentApi, clock: FrozenClock) -> None:
    current.emulator.join(APP, "lesson", [7, 8])
    current.emulator.publish(APP, "lesson", 8, video=False)
    found = current.individual()
    clock.advance(READY)
    progress = current.progress(found)
    assert progress["fileListMode"] == "json"
    stem = f"{found.sid}_lesson__uid_s_"
    assert files_of(progress) == [
        f"{stem}7__uid_e_audio.m3u8",
        f"{stem}7__uid_e_video.m3u8",
        f"{stem}8__uid_e_audio.m3u8",
    ]
    assert [(each["uid"], each["trackType"]) for each in progress["fileList"]] == [
        ("7", "audio"),
        ("7", "video"),
        ("8", "audio"),
    ]
    assert not any(each["mixedAllUser"] for each in progress["fileList"])


@pytest.mark.fact("CR-116")
def test_stream_mode_standard_makes_one_more_file_for_both_media(current: CurrentApi, clock: FrozenClock) -> None:
    current.emulator.join(APP, "lesson", [7, 8])
    current.emulator.publish(APP, "lesson", 8, video=False)
    found = current.individual(streamMode="standard")
    clock.advance(READY)
    kinds = [(each["uid"], each["trackType"]) for each in current.progress(found)["fileList"]]
    assert kinds == [("7", "audio"), ("7", "video"), ("7", "audio_and_video"), ("8", "audio")]


def test_a_user_who_comes_later_gets_files_later(current: CurrentApi, clock: FrozenClock) -> None:
    current.emulator.join(APP, "lesson", 7)
    found = current.individual(streamTypes=0)
    clock.advance(60)
    current.emulator.join(APP, "lesson", 8)
    clock.advance(1)
    assert len(current.progress(found)["fileList"]) == 1
    clock.advance(1)
    first, second = current.progress(found)["fileList"]
    assert second["sliceStartTime"] - first["sliceStartTime"] == 57_000  # the recorder was ready after 3 s


@pytest.mark.fact("CR-143", "CR-125")
def test_snapshots_alone_have_no_file_list(current: CurrentApi, clock: FrozenClock) -> None:
    current.emulator.join(APP, "lesson", [7, 8])
    current.emulator.publish(APP, "lesson", 8, video=False)
    found = current.individual(snapshots={"captureInterval": 5})
    clock.advance(3 + 12)
    assert current.progress(found).keys() == {"status", "sliceStartTime"}
    (series,) = current.shown(found)["snapshots"]
    assert (series["uid"], series["taken"]) == (7, 3)
    assert series["latest"] == f"{found.sid}_lesson__uid_s_7__uid_e_video_20260101000013000.jpg"
    assert current.end(found).json()["serverResponse"] == {"uploadingStatus": "uploaded"}


@pytest.mark.fact("CR-124")
def test_snapshots_with_a_file_configuration_record_too(current: CurrentApi, clock: FrozenClock) -> None:
    current.emulator.join(APP, "lesson", 7)
    found = current.individual(snapshots={}, files={})
    clock.advance(READY)
    assert len(files_of(current.progress(found))) == 2
    assert current.shown(found)["snapshots"][0]["taken"] == 1


@pytest.mark.fact("CR-84")
@pytest.mark.parametrize(("scene", "mode"), [(0, "web"), (1, "mix"), (1, "individual")])
def test_scene_and_mode_must_agree(current: CurrentApi, scene: int, mode: str) -> None:
    resource = current.prepare(mode, scene=scene)
    config = {"recordingConfig": {"subscribeUidGroup": 0}, "extensionServiceConfig": services()}
    assert code(current.begin(mode, resource, **config)) == 2
    (waiting,) = current.emulator.state()["resources"]
    assert waiting["scene"] == scene


@pytest.mark.fact("CR-115")
def test_individual_needs_the_group_of_users(current: CurrentApi) -> None:
    resource = current.prepare("individual")
    for config in ({}, {"recordingConfig": {}}):
        assert code(current.begin("individual", resource, **config)) == 2


@pytest.mark.fact("CR-123")
def test_individual_makes_no_mp4(current: CurrentApi) -> None:
    config = {"recordingConfig": {"subscribeUidGroup": 0}, "recordingFileConfig": {"avFileType": ["hls", "mp4"]}}
    assert code(current.begin("individual", current.prepare("individual"), **config)) == 2


@pytest.mark.fact("CR-127")
def test_web_needs_its_services(current: CurrentApi) -> None:
    refused = current.begin("web", current.prepare("web"))
    assert refused.json() == {"code": 2, "reason": "services not selected!"}


@pytest.mark.fact("CR-127")
def test_members_of_another_mode_pass(current: CurrentApi) -> None:
    snapshots = {"snapshotConfig": {"fileType": ["jpg"]}, "extensionServiceConfig": services()}
    assert current.begin("mix", current.prepare("mix"), **snapshots).status_code == 200


@pytest.mark.fact("CR-80")
def test_a_recording_keeps_its_mode(current: CurrentApi) -> None:
    found = current.mix()
    for answer in (
        current.ask(found, "web"),
        current.end(found, "individual"),
        current.change(found, "web"),
    ):
        assert (answer.status_code, code(answer)) == (404, 404)
    assert current.shown(found)["running"]


@pytest.mark.fact("CR-117")
def test_the_picture_has_an_area_at_most(current: CurrentApi) -> None:
    current.mix({"width": 1440, "height": 1440})
    too_large = {"recordingConfig": {"transcodingConfig": {"width": 1441, "height": 1440}}}
    assert code(current.begin("mix", current.prepare("mix", uid="2"), uid="2", **too_large)) == 2


@pytest.mark.fact("CR-103", "CR-160")
def test_files_lie_in_their_folders(current: CurrentApi, clock: FrozenClock) -> None:
    current.emulator.join(APP, "lesson", 7)
    found = current.mix(storageConfig={**STORAGE, "fileNamePrefix": ["a", "b2"]})
    clock.advance(READY)
    assert current.progress(found)["fileList"] == f"a/b2/{found.sid}_lesson.m3u8"
    long = {**STORAGE, "fileNamePrefix": ["a" * 127]}
    assert current.begin("mix", current.prepare("mix", uid="2"), uid="2", storageConfig=long).status_code == 200
    longer = {**STORAGE, "fileNamePrefix": ["a" * 128]}
    assert code(current.begin("mix", current.prepare("mix", uid="3"), uid="3", storageConfig=longer)) == 2


def test_special_characters_become_dashes_in_names_of_files(current: CurrentApi, clock: FrozenClock) -> None:
    current.emulator.join(APP, "a b:c", 7)
    found = current.run("mix", cname="a b:c")
    clock.advance(READY)
    assert current.progress(found)["fileList"] == f"{found.sid}_a-b-c.m3u8"


@pytest.mark.fact("CR-86")
def test_calls_find_it_for_resource_expired_hour_only(current: CurrentApi, clock: FrozenClock) -> None:
    current.emulator.join(APP, "lesson", 7)
    resource = current.prepare("mix", resourceExpiredHour=1)
    sid = current.begin("mix", resource).json()["sid"]
    clock.advance(3600)
    path = f"/v1/apps/{APP}/cloud_recording/resourceid/{resource}/sid/{sid}/mode/mix/query"
    assert current("GET", path).status_code == 200
    clock.advance(1)
    assert current("GET", path).json()["reason"] == "failed to find worker"
    (recording,) = current.emulator.state()["recordings"]
    assert recording["running"]


@pytest.mark.fact("CR-108")
def test_a_live_channel_without_hosts_is_idle(current: CurrentApi, clock: FrozenClock) -> None:
    join = current.emulator.join
    join(APP, "lesson", 7, mode=Mode.LIVE)
    join(APP, "lesson", 8, role=Role.AUDIENCE)
    found = current.mix(recordingConfig={"maxIdleTime": 30})
    clock.advance(60)
    assert current.progress(found)["status"] == 5
    current.emulator.leave(APP, "lesson", 7)
    clock.advance(31)
    assert current.shown(found)["ending"] == "idle"


@pytest.mark.fact("CR-156")
def test_nothing_recorded_is_206_with_435(current: CurrentApi, clock: FrozenClock) -> None:
    current.emulator.join(APP, "lesson", 7)
    current.emulator.publish(APP, "lesson", 7, audio=False, video=False)
    found = current.mix()
    clock.advance(60)
    assert current.progress(found)["status"] == 4
    answer = current.end(found)
    assert (answer.status_code, answer.json()["code"], answer.json()["reason"]) == (206, 435, "no recorded data")


@pytest.mark.fact("CR-155", "CR-144")
def test_a_second_stop_is_49_while_it_exits_and_404_afterwards(current: CurrentApi, clock: FrozenClock) -> None:
    current.emulator.join(APP, "lesson", 7)
    found = current.mix()
    clock.advance(READY)
    assert current.end(found).status_code == 200
    for seconds, status in ((0, 6), (5, 7), (5, 8)):
        clock.advance(seconds)
        answer = current.end(found)
        assert (answer.status_code, code(answer), answer.json()["reason"]) == (400, 49, "invalid operation")
        assert current.progress(found)["status"] == status
        assert current.change(found).status_code == current.arrange(found).status_code == 404
    clock.advance(6)
    for gone in (current.end(found), current.ask(found), current.change(found), current.arrange(found)):
        assert (gone.status_code, code(gone), gone.json()["reason"]) == (404, 404, "failed to find worker")
    assert current.shown(found)["ending"] == "stopped"
    clock.advance(300)
    assert current.emulator.state()["recordings"] == []


@pytest.mark.fact("CR-152")
def test_a_stop_that_does_not_wait_does_not_know_of_the_upload(current: CurrentApi, clock: FrozenClock) -> None:
    current.emulator.join(APP, "lesson", 7)
    found = current.mix()
    clock.advance(READY)
    response = current.end(found, async_stop=True).json()["serverResponse"]
    assert response == {
        "fileListMode": "string",
        "fileList": f"{found.sid}_lesson.m3u8",
        "uploadingStatus": "unknown",
    }
