"""A bucket that refuses files, as with a wrong storage key: starts succeed, and later calls find no recording."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agora_rest.emulator import FrozenClock
from tests.emulator.callers import APP, STORAGE, Api, inner
from tests.emulator.current_callers import CurrentApi, Running

WRONG: dict[str, Any] = {**STORAGE, "bucket": "wrong"}


@pytest.mark.fact("CR-65")
@pytest.mark.parametrize("start", [CurrentApi.mix, CurrentApi.individual, CurrentApi.web])
def test_a_recording_for_it_starts_and_is_not_found_later(
    current: CurrentApi, clock: FrozenClock, start: Callable[..., Running]
) -> None:
    current.emulator.refuse_buckets("b")
    found = start(current)
    clock.advance(5)
    assert current.ask(found).status_code == 200
    clock.advance(1)
    for answer in (current.ask(found), current.end(found)):
        assert (answer.status_code, answer.json()["code"]) == (404, 404)
    assert current.shown(found)["ending"] == "storage refused"


def test_a_recording_for_another_bucket_goes_on(current: CurrentApi, clock: FrozenClock) -> None:
    current.emulator.refuse_buckets("wrong")
    found = current.mix()
    clock.advance(6)
    assert current.ask(found).status_code == 200


@pytest.mark.fact("CR-65")
def test_the_dialects_of_2019_do_the_same(both: Api, clock: FrozenClock) -> None:
    both.emulator.refuse_buckets("wrong")
    both.emulator.join(APP, "lesson", 7)
    resource = both.resource()
    sid = inner(both.start(resource, storageConfig=WRONG))["sid"]
    assert both.query(resource, sid).status_code == 200
    clock.advance(6)
    assert both.query(resource, sid).status_code == 404
    assert both.stop(resource, sid).status_code == 404


def test_the_recorder_of_a_recording_that_is_lost_is_free_again(current: CurrentApi, clock: FrozenClock) -> None:
    current.emulator.refuse_buckets("wrong")
    current.mix(storageConfig=WRONG)
    clock.advance(6)
    assert current.ask(current.mix()).status_code == 200


def test_recordings_keep_what_was_set_when_they_started_also_in_a_saved_state(
    current: CurrentApi, clock: FrozenClock, tmp_path: Path
) -> None:
    kept = current.run("mix", uid="1", storageConfig=WRONG)
    current.emulator.refuse_buckets("wrong", "other")
    lost = current.run("mix", uid="2", storageConfig=WRONG)
    current.emulator.save(tmp_path / "state.json")
    current.emulator.reset()
    assert current.emulator.state()["settings"]["refused_buckets"] == []
    current.emulator.load(tmp_path / "state.json")
    assert current.emulator.state()["settings"]["refused_buckets"] == ["other", "wrong"]
    clock.advance(6)
    assert (current.ask(kept).status_code, current.ask(lost).status_code) == (200, 404)
