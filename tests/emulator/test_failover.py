"""Recordings that are moved to another server: calls do not find them for some time."""

from __future__ import annotations

import pytest

from agora_rest.emulator import FrozenClock
from tests.emulator.callers import APP, code
from tests.emulator.current_callers import CurrentApi, files_of


@pytest.mark.fact("CR-144")
def test_calls_do_not_find_it_and_then_do_again(current: CurrentApi, clock: FrozenClock) -> None:
    current.emulator.join(APP, "lesson", 7)
    found = current.mix()
    clock.advance(10)
    current.emulator.fail_over(found.sid, 30)
    for answer in (current.ask(found), current.change(found), current.arrange(found), current.end(found)):
        assert (answer.status_code, code(answer), answer.json()["reason"]) == (404, 404, "failed to find worker")
    assert current.shown(found)["failing_over"]
    clock.advance(30)
    assert current.progress(found)["status"] == 5
    clock.advance(2)
    assert current.progress(found)["fileList"] == f"bak0_{found.sid}_lesson.m3u8"
    assert current.end(found).status_code == 200


def test_each_failover_begins_new_files(current: CurrentApi, clock: FrozenClock) -> None:
    current.emulator.join(APP, "lesson", 7)
    found = current.individual(streamTypes=0)
    clock.advance(10)
    for _ in range(2):
        current.emulator.fail_over(found.sid)
        clock.advance(70)
    stem = f"{found.sid}_lesson__uid_s_7__uid_e_audio.m3u8"
    assert files_of(current.progress(found)) == [stem, f"bak0_{stem}", f"bak1_{stem}"]


def test_a_recorder_that_is_moved_is_busy(current: CurrentApi, clock: FrozenClock) -> None:
    current.emulator.join(APP, "lesson", 7)
    found = current.mix()
    current.emulator.fail_over(found.sid)
    answer = current.begin("mix", current.prepare("mix"))
    assert (answer.status_code, code(answer), answer.json()["reason"]) == (400, 53, "task conflict")


@pytest.mark.parametrize("seconds", [0, -1, 91])
def test_a_failover_takes_up_to_90_seconds(current: CurrentApi, seconds: float) -> None:
    found = current.mix()
    with pytest.raises(ValueError, match="at most 90 seconds"):
        current.emulator.fail_over(found.sid, seconds)


def test_control_moves_a_recording(current: CurrentApi, clock: FrozenClock) -> None:
    found = current.mix()
    path = f"/_emulator/recordings/{found.sid}/failover"
    answer = current.send("POST", path, json={"seconds": 45})
    assert answer.status_code == 200, answer.text
    assert answer.json()["failovers"] == [{"since": "2026-01-01T00:00:00.000Z", "until": "2026-01-01T00:00:45.000Z"}]
    assert current.send("POST", path, json={"seconds": 91}).status_code == 400
    assert current.send("POST", path).status_code == 409  # it is on its way
    assert current.send("POST", "/_emulator/recordings/x/failover").status_code == 404
    clock.advance(46)
    current.end(found)
    assert current.send("POST", path).status_code == 409
