"""What is recorded where nobody sends: in the observed dialect nothing, in either no file before the first."""

from __future__ import annotations

from agora_rest.emulator import FrozenClock
from agora_rest.emulator.recordings import FIRST_FILE_AFTER
from tests.emulator.callers import APP, Api, code, inner


def progress(api: Api, resource: str, sid: str) -> dict:
    """The status, and the names of files."""
    response = inner(api.query(resource, sid))["serverResponse"]
    return {"status": int(response["status"]), "files": response.get("fileList", "")}


def test_an_empty_channel_stays_at_status_4_and_has_no_file(observed: Api, clock: FrozenClock) -> None:
    resource, sid = observed.record(maxIdleTime=3600)
    for seconds in (10, 60, 600):
        clock.advance(seconds)
        assert progress(observed, resource, sid) == {"status": 4, "files": ""}


def test_the_stop_of_an_empty_channel_is_206_with_435_and_nothing_is_left(observed: Api, clock: FrozenClock) -> None:
    resource, sid = observed.record()
    clock.advance(10)
    stopped = observed.stop(resource, sid)
    assert (stopped.status_code, stopped.json()["code"]) == (206, 435)
    assert stopped.json()["reason"] == "no recorded data"
    assert stopped.json()["sid"] == sid
    assert observed.query(resource, sid).status_code == 404
    assert code(observed.stop(resource, sid)) == 404


def test_a_recording_of_an_empty_channel_is_gone_after_its_idle_time(observed: Api, clock: FrozenClock) -> None:
    resource, sid = observed.record(maxIdleTime=30)
    clock.advance(30)
    assert progress(observed, resource, sid)["status"] == 4
    clock.advance(1)
    assert code(observed.query(resource, sid)) == 404
    assert code(observed.stop(resource, sid)) == 404


def test_recording_begins_when_a_user_joins(observed: Api, clock: FrozenClock) -> None:
    resource, sid = observed.record(maxIdleTime=60)
    clock.advance(50)
    observed.emulator.join(APP, "lesson", 7)
    clock.advance(FIRST_FILE_AFTER - 1)
    assert progress(observed, resource, sid) == {"status": 4, "files": ""}
    clock.advance(1)
    assert progress(observed, resource, sid) == {"status": 5, "files": f"{sid}_lesson.m3u8"}
    observed.emulator.leave(APP, "lesson", 7)
    clock.advance(10)
    assert progress(observed, resource, sid)["status"] == 5
    stopped = observed.stop(resource, sid)
    assert stopped.status_code == 200
    assert stopped.json()["serverResponse"]["fileList"] == f"{sid}_lesson.m3u8"


def test_a_user_who_was_there_before_the_first_file_is_recorded(observed: Api, clock: FrozenClock) -> None:
    observed.emulator.join(APP, "lesson", 7)
    resource, sid = observed.record()
    observed.emulator.leave(APP, "lesson", 7)
    clock.advance(3)
    assert progress(observed, resource, sid) == {"status": 4, "files": ""}
    clock.advance(2)
    assert progress(observed, resource, sid) == {"status": 5, "files": f"{sid}_lesson.m3u8"}


def test_an_audience_sends_nothing(observed: Api, clock: FrozenClock) -> None:
    observed.emulator.join(APP, "lesson", 7, role=3)
    resource, sid = observed.record()
    clock.advance(60)
    assert progress(observed, resource, sid) == {"status": 4, "files": ""}
    observed.emulator.join(APP, "lesson", 8, role=2)
    clock.advance(5)
    assert progress(observed, resource, sid)["status"] == 5


def test_the_documents_record_an_empty_channel(api: Api, clock: FrozenClock) -> None:
    resource, sid = api.record()
    clock.advance(4)
    assert progress(api, resource, sid) == {"status": 4, "files": ""}
    clock.advance(1)
    assert progress(api, resource, sid) == {"status": 5, "files": f"{sid}_lesson.m3u8"}
    assert inner(api.stop(resource, sid))["serverResponse"]["fileList"] == f"{sid}_lesson.m3u8"


def test_a_recording_keeps_the_behaviour_it_began_with(api: Api, clock: FrozenClock) -> None:
    resource, sid = api.record()
    api.emulator.settings.dialect = "observed"
    clock.advance(10)
    assert progress(api, resource, sid)["status"] == 5
