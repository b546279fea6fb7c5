"""The four calls of Cloud Recording on the wire, in both dialects."""

from __future__ import annotations

import re

import pytest

from agora_rest.emulator import FrozenClock
from tests.emulator.callers import APP, Api, code, emulator_of_2019, inner


@pytest.mark.fact("CR-10", "CR-36", "CR-40", "CR-50", "CR-61")
def test_a_recording_is_acquired_started_queried_and_stopped(both: Api, clock: FrozenClock) -> None:
    both.emulator.join(APP, "lesson", 7)
    resource, sid = both.record()
    assert re.fullmatch(r"[A-Za-z0-9_-]+", resource)
    assert inner(both.query(resource, sid))["resourceId"] == resource
    assert both.status(resource, sid) == 1
    clock.advance(6)
    assert both.status(resource, sid) == 5
    stopped = inner(both.stop(resource, sid))
    assert (stopped["sid"], stopped["resourceId"]) == (sid, resource)
    assert stopped["serverResponse"]["fileList"] == f"{sid}_lesson.m3u8"
    assert stopped["serverResponse"]["uploadingStatus"] == "uploaded"
    assert both.status(resource, sid) == 6


@pytest.mark.fact("CR-61")
def test_documented_answers_are_enveloped_and_nothing_else(api: Api, clock: FrozenClock) -> None:
    acquired = api.acquire().json()
    assert acquired == {"Code": 200, "Body": {"resourceId": acquired["Body"]["resourceId"]}}
    resource = acquired["Body"]["resourceId"]
    started = api.start(resource).json()
    sid = started["Body"]["sid"]
    assert started == {"Code": 200, "Body": {"sid": sid, "resourceId": resource}}
    assert api.query(resource, sid).json()["Body"]["serverResponse"] == {"fileList": "", "status": "1"}
    clock.advance(5)
    expected = {"fileList": f"{sid}_lesson.m3u8", "status": "5"}
    assert api.query(resource, sid).json()["Body"]["serverResponse"] == expected


@pytest.mark.fact("CR-61")
def test_observed_answers_are_bare_and_say_more(api: Api, clock: FrozenClock) -> None:
    api.emulator.settings.dialect = "observed"
    api.emulator.join(APP, "lesson", 7)
    begin = clock.now()
    acquired = api.acquire().json()
    assert acquired == {"cname": "lesson", "uid": "527841", "resourceId": acquired["resourceId"]}
    started = api.start(acquired["resourceId"]).json()
    assert started.keys() == {"cname", "uid", "resourceId", "sid"}
    slice_start = int(begin * 1000)
    progress = api.query(started["resourceId"], started["sid"]).json()["serverResponse"]
    assert progress == {"status": 1, "sliceStartTime": slice_start}
    clock.advance(5)
    progress = api.query(started["resourceId"], started["sid"]).json()["serverResponse"]
    name = f"{started['sid']}_lesson.m3u8"
    assert progress == {"status": 5, "fileListMode": "string", "fileList": name, "sliceStartTime": slice_start}


@pytest.mark.fact("CR-11", "CR-12", "CR-38", "CR-39", "CR-64", "CR-65")
def test_refusals_have_their_codes(both: Api, clock: FrozenClock) -> None:
    expired = both.resource()
    clock.advance(301)
    assert code(both.start(expired)) == 433
    assert code(both.start("forged")) == 1001
    resource, sid = both.record()
    assert code(both.start(both.resource("other"), "lesson")) == 1003
    assert code(both.query(resource, "0" * 32)) == 1003
    assert code(both.start(both.resource())) == 53
    both.stop(resource, sid)
    assert code(both.start(resource)) == 1005
    again = both.stop(resource, sid)
    assert (again.status_code, code(again)) == (404, 404)
    clock.advance(301)
    assert both.query(resource, sid).status_code == 404


@pytest.mark.fact("CR-37")
def test_a_second_start_is_1004_as_documented_and_201_with_code_7_as_observed(both: Api, dialect: str) -> None:
    resource, _ = both.record()
    answer = both.start(resource)
    if dialect == "documented":
        assert (answer.status_code, code(answer)) == (400, 1004)
    else:
        assert answer.status_code == 201
        assert answer.json()["code"] == 7
        assert "sid" not in answer.json()
    assert both.emulator.state()["totals"]["recordings"] == 1


@pytest.mark.fact("CR-65")
def test_documented_refusals_are_enveloped_and_observed_ones_are_bare(both: Api, dialect: str) -> None:
    resource, sid = both.record()
    both.stop(resource, sid)
    answer = both.start(resource).json()
    if dialect == "documented":
        assert answer == {"Code": 400, "Body": {"code": 1005, "reason": answer["Body"]["reason"]}}
    else:
        assert answer == {"code": 1005, "reason": answer["reason"], "cname": "lesson", "uid": "527841"}


@pytest.mark.fact("CR-15", "CR-65")
@pytest.mark.parametrize("app", ["f" * 32, "x", APP.upper(), APP[:-1]])
def test_an_unknown_app_id_is_invalid_and_bare_in_both_dialects(both: Api, dialect: str, app: str) -> None:
    message = "invalid appid" if dialect == "documented" else "appid is invalid"
    resource, sid = both.record()
    for answer in (
        both.acquire(app=app),
        both.start(resource, app=app),
        both.query(resource, sid, app=app),
        both.stop(resource, sid, app=app),
    ):
        assert (answer.status_code, answer.json()) == (400, {"message": message})


@pytest.mark.fact("CR-62")
def test_a_bad_channel_name_beside_another_fault_is_error_2(both: Api) -> None:
    assert code(both.acquire("ä", uid="0")) == 2
    assert code(both.acquire(cname=5)) == 2


@pytest.mark.fact("CR-51", "CR-52", "CR-53")
@pytest.mark.parametrize("outcome", ["uploaded", "backuped", "unknown"])
def test_a_stop_can_be_made_to_answer_each_outcome(both: Api, outcome: str) -> None:
    both.emulator.stop_with(outcome)
    both.emulator.join(APP, "lesson", 7)
    resource, sid = both.record()
    assert inner(both.stop(resource, sid))["serverResponse"]["uploadingStatus"] == outcome


def test_the_same_calls_give_the_same_ids_again_and_another_seed_others() -> None:

    def ids(seed: int | None, requests_before: int = 0) -> tuple[str, str, str]:
        caller = Api(emulator_of_2019(clock=FrozenClock(), seed=seed))
        for _ in range(requests_before):
            caller("GET", "/dev/v1/projects")
        return (*caller.record(), caller.project()["id"])

    assert ids(1) == ids(1) == ids(1, requests_before=3)
    assert ids(1) != ids(2)
    assert ids(None) != ids(None)
