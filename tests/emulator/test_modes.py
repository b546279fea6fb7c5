"""What each mode of the present documents records, and which mode a resource is for."""

from __future__ import annotations

import pytest

from agora_rest.emulator import FrozenClock
from tests.emulator.callers import APP, code
from tests.emulator.current_callers import CurrentApi, files_of

READY = 5.0
"""Seconds after which a recording of users who publish has its first files."""


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


@pytest.mark.fact("CR-127")
def test_web_needs_its_services(current: CurrentApi) -> None:
    refused = current.begin("web", current.prepare("web"))
    assert refused.json() == {"code": 2, "reason": "services not selected!"}


def test_special_characters_become_dashes_in_names_of_files(current: CurrentApi, clock: FrozenClock) -> None:
    current.emulator.join(APP, "a b:c", 7)
    found = current.run("mix", cname="a b:c")
    clock.advance(READY)
    assert current.progress(found)["fileList"] == f"{found.sid}_a-b-c.m3u8"


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


@pytest.mark.fact("CR-108")
def test_a_live_channel_is_idle_when_its_last_host_becomes_audience(current: CurrentApi, clock: FrozenClock) -> None:
    current.emulator.join(APP, "lesson", 7, role=2)
    found = current.mix(recordingConfig={"maxIdleTime": 60})
    current.emulator.join(APP, "lesson", 7, role=3)
    clock.advance(50)
    current.emulator.join(APP, "lesson", 7, role=2)
    clock.advance(100)
    assert current.progress(found)["status"] == 5
    current.emulator.join(APP, "lesson", 7, role=3)
    clock.advance(80)
    assert code(current.ask(found)) == 404
