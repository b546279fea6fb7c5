"""What is sent in each dialect of 2019, to the letter: the checks take either."""

from __future__ import annotations

import pytest

from agora_rest.emulator import DEMO_ID, FrozenClock
from tests.emulator.callers import APP, Api, code, emulator_of_2019, one_project

PROJECT = "/dev/v1/project"


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


@pytest.mark.fact("CR-65")
def test_documented_refusals_are_enveloped_and_observed_ones_are_bare(both: Api, dialect: str) -> None:
    resource, sid = both.record()
    both.stop(resource, sid)
    answer = both.start(resource).json()
    if dialect == "documented":
        assert answer == {"Code": 400, "Body": {"code": 1005, "reason": answer["Body"]["reason"]}}
    else:
        assert answer == {"code": 1005, "reason": answer["reason"], "cname": "lesson", "uid": "527841"}


@pytest.mark.fact("CR-62")
def test_a_bad_channel_name_beside_another_fault_is_error_2(both: Api) -> None:
    assert code(both.acquire("ä", uid="0")) == 2
    assert code(both.acquire(cname=5)) == 2


@pytest.mark.fact("CO-10", "CO-11", "CO-12", "CO-13")
def test_a_project_is_created_and_found(both: Api, dialect: str) -> None:
    created = both("POST", PROJECT, {"name": "projectx", "enable_sign_key": True})
    project = one_project(created)
    assert created.status_code == (200 if dialect == "documented" else 201)
    assert isinstance(created.json()["project"], list if dialect == "documented" else dict)
    assert (project["name"], project["status"], len(project["vendor_key"]), len(project["sign_key"])) == (
        "projectx", 1, 32, 32,
    )  # fmt: skip
    now = both.emulator.clock.now()
    assert project["created"] == int(now if dialect == "documented" else now * 1000)
    for query in ({"id": project["id"]}, {"name": "projectx"}, {"id": project["id"], "name": "projectx"}):
        assert one_project(both("GET", PROJECT, params=query)) == project
    assert project in both("GET", "/dev/v1/projects").json()["projects"]


@pytest.mark.fact("CO-15", "CO-17")
def test_a_project_that_is_not_there_is_not_found(both: Api, dialect: str) -> None:
    answer = both("GET", PROJECT, params={"id": DEMO_ID, "name": "other"})
    assert answer.status_code == 404
    member = "error_msg" if dialect == "documented" else "message"
    assert answer.json() == {member: "project not exit"}


@pytest.mark.fact("CO-19", "CO-20", "CO-21")
def test_the_calls_about_server_and_certificate_change_what_they_say(both: Api, dialect: str) -> None:
    project = both.project(enable_sign_key=False)
    assert project["sign_key"] == ""
    seen = []
    for path, body in (
        ("/dev/v1/recording_config", {"recording_server": "10.12.1.5:8080"}),
        ("/dev/v1/signkey", {"enable": True}),
        ("/dev/v1/reset_signkey", {}),
        ("/dev/v1/signkey", {"enable": False}),
    ):
        answer = both("POST", path, {"id": project["id"], **body})
        if dialect == "documented":
            assert (answer.status_code, answer.json()) == (200, {"success": True})
        else:
            assert answer.status_code == 201
        seen.append(one_project(both("GET", PROJECT, params={"id": project["id"]})))
    assert [found["recording_server"] for found in seen] == ["10.12.1.5:8080"] * 4
    keys = [found["sign_key"] for found in seen]
    assert keys[0] == keys[3] == ""
    assert len({*keys}) == 3


@pytest.mark.fact("CO-50", "CO-51", "CO-54")
def test_the_channels_of_an_unknown_app_id_are_refused(both: Api, dialect: str) -> None:
    message = "invalid appid" if dialect == "documented" else "appid is invalid"
    for path in (
        f"channel/{'f' * 32}",
        f"channel/user/{'f' * 32}/lesson",
        f"channel/user/property/{'f' * 32}/7/lesson",
    ):
        answer = both("GET", f"/dev/v1/{path}")
        assert (answer.status_code, answer.json()) == (400, {"message": message})


def test_the_same_calls_give_the_same_ids_again_and_another_seed_others() -> None:
    def ids(seed: int | None, requests_before: int = 0) -> tuple[str, str, str]:
        caller = Api(emulator_of_2019(clock=FrozenClock(), seed=seed))
        for _ in range(requests_before):
            caller("GET", "/dev/v1/projects")
        return (*caller.record(), caller.project()["id"])

    assert ids(1) == ids(1) == ids(1, requests_before=3)
    assert ids(1) != ids(2)
    assert ids(None) != ids(None)
