"""Recordings of web pages, and their pushes."""

from __future__ import annotations

import pytest

from agora_rest.emulator import FrozenClock, PageFate
from tests.emulator.callers import APP, code
from tests.emulator.current_callers import PAGE, PUSH, CurrentApi, Running


def recorder(api: CurrentApi, found: Running) -> dict:
    """The state of the recording of the page."""
    service = api.progress(found)["extensionServiceState"][0]
    assert service["serviceName"] == "web_recorder_service"
    return service["payload"]


def push(api: CurrentApi, found: Running) -> dict:
    """The state of the push."""
    service = api.progress(found)["extensionServiceState"][1]
    assert service["serviceName"] == "rtmp_publish_service"
    return service["payload"]


@pytest.mark.fact("CR-139")
def test_a_page_is_recorded_without_a_channel(current: CurrentApi, clock: FrozenClock) -> None:
    found = current.web()
    assert recorder(current, found) == {"state": "init", "onhold": False, "fileList": []}
    clock.advance(5)
    assert recorder(current, found)["state"] == "inProgress"
    clock.advance(2)
    assert current.progress(found).keys() == {"status", "extensionServiceState"}
    assert current.progress(found)["status"] == 5
    (file,) = recorder(current, found)["fileList"]
    assert file["filename"] == f"{found.sid}_a-label---of-no-channel.m3u8"
    clock.advance(3600)
    assert current.progress(found)["status"] == 5


@pytest.mark.fact("CR-132")
def test_it_ends_after_max_recording_hour(current: CurrentApi, clock: FrozenClock) -> None:
    found = current.web(maxRecordingHour=1)
    clock.advance(3600)
    assert current.shown(found)["running"]
    clock.advance(1)
    assert current.shown(found)["ending"] == "max hours"
    assert recorder(current, found)["state"] == "exit"
    clock.advance(15)
    assert current.ask(found).status_code == 404


def test_an_mp4_file_is_cut_after_max_video_duration(current: CurrentApi, clock: FrozenClock) -> None:
    found = current.web(files={"avFileType": ["hls", "mp4"]}, maxVideoDuration=30)
    clock.advance(2 * 1800 + 10)
    assert [each["filename"][-6:] for each in recorder(current, found)["fileList"]] == [
        "l.m3u8",
        "_0.mp4",
        "_1.mp4",
        "_2.mp4",
    ]


@pytest.mark.fact("CR-147")
def test_a_pause_does_not_count_for_the_length_of_an_mp4_file(current: CurrentApi, clock: FrozenClock) -> None:
    found = current.web(files={"avFileType": ["hls", "mp4"]}, maxVideoDuration=30)
    clock.advance(5 + 1200)
    for on_hold, minutes, files in ((True, 45, 1), (False, 9, 1), (True, 45, 1), (False, 2, 2), (True, 45, 2)):
        assert current.change(found, webRecordingConfig={"onhold": on_hold}).status_code == 200
        clock.advance(minutes * 60)
        assert len(recorder(current, found)["fileList"]) == 1 + files


@pytest.mark.fact("CR-136")
def test_a_page_that_fails_ends_its_recording_after_a_good_start(current: CurrentApi, clock: FrozenClock) -> None:
    current.emulator.set_page(PAGE, PageFate.FAILS)
    found = current.web()
    clock.advance(5)
    assert current.progress(found)["status"] == 4
    clock.advance(1)
    assert current.progress(found)["status"] == 20
    assert current.shown(found)["ending"] == "page failed"
    assert code(current.end(found)) == 49
    clock.advance(15)
    assert current.ask(found).status_code == 404


@pytest.mark.fact("CR-134")
def test_a_page_that_is_never_ready_ends_its_recording_after_ready_timeout(
    current: CurrentApi, clock: FrozenClock
) -> None:
    current.emulator.set_page(PAGE, "times_out")
    patient, strict = current.web(), None
    strict = current.run("web", uid="2", extensionServiceConfig=_with_timeout(20))
    clock.advance(25)
    assert current.shown(strict)["running"]
    clock.advance(1)
    assert current.shown(strict)["ending"] == "page failed"
    assert current.shown(patient)["running"]


def _with_timeout(seconds: int) -> dict:
    from tests.emulator.current_callers import services

    return services(readyTimeout=seconds)


@pytest.mark.fact("CR-140", "CR-148")
def test_a_push_connects_publishes_pauses_and_moves(current: CurrentApi, clock: FrozenClock) -> None:
    found = current.web(push=PUSH)
    clock.advance(5)
    assert push(current, found) == {
        "state": "inProgress",
        "outputs": [{"rtmpUrl": PUSH, "status": "connecting"}],
    }
    clock.advance(2)
    assert push(current, found)["outputs"][0]["status"] == "publishing"
    current.change(found, webRecordingConfig={"onhold": True})
    assert push(current, found)["outputs"][0]["status"] == "onhold"
    current.change(found, webRecordingConfig={"onhold": False})
    current.emulator.set_page("rtmp://elsewhere/live", "fails")
    current.change(found, rtmpPublishConfig={"outputs": [{"rtmpUrl": "rtmp://elsewhere/live"}]})
    clock.advance(2)
    assert push(current, found)["outputs"] == [{"rtmpUrl": "rtmp://elsewhere/live", "status": "disconnected"}]
    assert current.progress(found)["status"] == 5


def test_the_state_hides_the_secrets_in_the_address_of_a_page(current: CurrentApi) -> None:
    found = current.web(url="https://me:planted@a.example/lesson?room=1&access_token=planted")
    assert current.shown(found)["page"]["url"] == "https://<hidden>@a.example/lesson?room=1&access_token=<hidden>"


def test_the_state_hides_the_key_of_a_push(current: CurrentApi) -> None:
    found = current.web(push=PUSH)
    assert current.shown(found)["push"] == {"url": "rtmp://push.example.com/…", "status": "connecting"}
    assert "planted-stream-key" not in str(current.emulator.requests())


def test_a_label_that_is_a_channels_name_has_nothing_to_do_with_it(current: CurrentApi, clock: FrozenClock) -> None:
    found = current.run("web", extensionServiceConfig=_with_timeout(0))
    current.emulator.join(APP, "lesson", 527841)  # the recorder's uid
    current.emulator.leave(APP, "lesson", 527841)
    current.kick(cname="lesson")
    clock.advance(600)
    assert current.shown(found)["running"]
