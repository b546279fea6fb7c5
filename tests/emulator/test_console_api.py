"""The calls of the Console on the wire, in both dialects."""

from __future__ import annotations

from datetime import date

import pytest

from agora_rest.emulator import DEMO_ID, FrozenClock, Minutes
from tests.emulator.callers import APP, Api, complaint, one_project

PROJECT = "/dev/v1/project"


# Projects


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


# Usage


@pytest.mark.fact("CO-30", "CO-32", "CO-33")
def test_minutes_are_answered_for_the_projects_of_one_parameter(both: Api) -> None:
    other = both.project()["id"]
    both.emulator.seed_minutes(DEMO_ID, date(2015, 1, 2), Minutes(20, 100, 132, 225))
    window = "from_date=2015-01-01&to_date=2015-01-02"
    every = both("GET", f"/dev/v1/usage?{window}").json()["usages"]
    assert [usage["project"] for usage in every] == [DEMO_ID, other]
    assert every[0]["daily"] == [
        {"date": 20150101, "audio": 0, "sd": 0, "hd": 0, "hdp": 0},
        {"date": 20150102, "audio": 20, "sd": 100, "hd": 132, "hdp": 225},
    ]
    for projects in (f"{DEMO_ID},{other},nobody", f"{DEMO_ID},no%20such!,{other},%E8%AF%BE", f"{DEMO_ID}%2C{other}"):
        assert both("GET", f"/dev/v1/usage?{window}&projects={projects}").json()["usages"] == every
    assert both("GET", f"/dev/v1/usage?{window}&projects=nobody").json() == {"usages": []}
    assert both("GET", f"/dev/v1/usage?{window}&projects={DEMO_ID}&projects={other}").status_code == 400


@pytest.mark.fact("CO-34", "CO-35", "CO-36")
@pytest.mark.parametrize("business", ["default", "transcodeDuration", "recording", "cloudRecording", "miniapp"])
def test_metrics_are_answered_and_described(both: Api, business: str) -> None:
    window = f"from_date=2020-02-29&to_date=2020-03-01&business={business}"
    answer = both("GET", f"/dev/v3/usage?{window}&project_id={DEMO_ID}").json()
    assert [usage["date"] for usage in answer["usages"]] == ["2020-02-29T00:00:00.000Z", "2020-03-01T00:00:00.000Z"]
    assert all(usage["usage"].keys() == answer["meta"].keys() != set() for usage in answer["usages"])
    assert all(metric.keys() == {"cn", "en", "unit"} for metric in answer["meta"].values())
    missing = both("GET", f"/dev/v3/usage?{window}&project_id=nobody")
    assert (missing.status_code, complaint(missing)) == (404, "project not exit")
    assert both("GET", f"/dev/v3/usage?{window}").status_code == 400


# Kicking rules


@pytest.mark.fact("CO-40", "CO-45", "CO-46", "CO-47")
def test_a_rule_is_created_listed_updated_and_deleted(both: Api, clock: FrozenClock) -> None:
    created = both.kick(cname="lesson", uid=7).json()
    assert created == {"status": "success", "id": created["id"]}
    listing = both("GET", "/dev/v1/kicking-rule", params={"appid": APP}).json()
    assert listing["status"] == "success"
    (rule,) = listing["rules"]
    assert (rule["id"], rule["appid"], rule["cname"], rule["uid"], rule["ip"]) == (
        created["id"],
        APP,
        "lesson",
        7,
        None,
    )
    assert (rule["createAt"], rule["ts"]) == ("2026-01-01T00:00:00.000Z", "2026-01-01T01:00:00.000Z")
    clock.advance(0.5)
    updated = both("PUT", "/dev/v1/kicking-rule", {"appid": APP, "id": created["id"], "time": 5}).json()
    assert updated == {"status": "success", "result": {"id": created["id"], "ts": "2026-01-01T00:05:00.500Z"}}
    (rule,) = both("GET", "/dev/v1/kicking-rule", params={"appid": APP}).json()["rules"]
    assert (rule["ts"], rule["updateAt"]) == ("2026-01-01T00:05:00.500Z", "2026-01-01T00:00:00.500Z")
    # Whatever is below 1, but 0, is 1 to an update (CO-46).
    updated = both("PUT", "/dev/v1/kicking-rule", {"appid": APP, "id": created["id"], "time": -5}).json()
    assert updated["result"]["ts"] == "2026-01-01T00:01:00.500Z"
    deleted = both("DELETE", "/dev/v1/kicking-rule", {"appid": APP, "id": created["id"]})
    assert deleted.json() == {"status": "success", "id": created["id"]}
    for method in ("PUT", "DELETE"):
        assert both(method, "/dev/v1/kicking-rule", {"appid": APP, "id": created["id"]}).status_code == 404


# Channels


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
