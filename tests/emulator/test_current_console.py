"""The Console as the present documents describe it."""

from __future__ import annotations

from typing import Any

import pytest

from agora_rest.emulator import FrozenClock, Mode, Platform, Role
from tests.emulator.callers import APP
from tests.emulator.current_callers import CurrentApi


def created(api: CurrentApi, name: str = "project1") -> dict[str, Any]:
    answer = api("POST", "/dev/v1/project", {"name": name, "enable_sign_key": True})
    assert answer.status_code == 201, answer.text
    return answer.json()["project"]


def rules(api: CurrentApi) -> list[dict[str, Any]]:
    return api("GET", f"/dev/v1/kicking-rule?appid={APP}").json()["rules"]


@pytest.mark.fact("CO-68", "CO-71", "CO-72", "CO-73")
def test_projects_are_objects_with_201(current: CurrentApi, clock: FrozenClock) -> None:
    project = created(current)
    assert (project["recording_server"], project["created"]) == (None, int(clock.now()))
    found = current("GET", f"/dev/v1/project?id={project['id']}")
    assert (found.status_code, found.json()) == (201, {"projects": [project]})
    listed = current("GET", "/dev/v1/projects")
    assert (listed.status_code, listed.json()["projects"][-1]) == (201, project)


@pytest.mark.fact("CO-74")
@pytest.mark.parametrize(
    ("path", "change", "member", "value"),
    [
        ("project_status", {"status": 0}, "status", 0),
        ("recording_config", {"recording_server": "10.12.1.5:8080"}, "recording_server", "10.12.1.5:8080"),
        ("signkey", {"enable": False}, "sign_key", ""),
    ],
)
def test_a_change_is_answered_with_the_project(
    current: CurrentApi, path: str, change: dict, member: str, value: object
) -> None:
    project = created(current)
    answer = current("POST", f"/dev/v1/{path}", {"id": project["id"], **change})
    assert (answer.status_code, answer.json()) == (201, {"project": {**project, member: value}})


@pytest.mark.fact("CO-74")
def test_a_new_certificate_is_in_the_answer(current: CurrentApi) -> None:
    project = created(current)
    answer = current("POST", "/dev/v1/reset_signkey", {"id": project["id"]})
    assert answer.status_code == 201
    assert answer.json()["project"]["sign_key"] not in ("", project["sign_key"])


@pytest.mark.fact("CO-70", "CO-64")
def test_a_name_is_taken_until_its_project_is_deleted(current: CurrentApi) -> None:
    project = created(current)
    again = current("POST", "/dev/v1/project", {"name": "project1", "enable_sign_key": True})
    assert (again.status_code, again.json()) == (400, {"message": "name: a project has it already"})
    created(current, "Project1")
    assert current("DELETE", "/dev/v1/project", {"id": project["id"]}).json() == {"success": True}
    created(current)


@pytest.mark.fact("CO-64", "CO-67", "CO-75")
def test_errors_are_messages(current: CurrentApi) -> None:
    missing = current("GET", "/dev/v1/project?id=none")
    assert (missing.status_code, missing.json()) == (404, {"message": "project not exit"})
    unknown = current("GET", f"/dev/v1/kicking-rule?appid={'0' * 32}")
    assert (unknown.status_code, unknown.json()) == (400, {"message": "invalid appid"})


@pytest.mark.fact("CO-65")
def test_another_media_type_is_415(current: CurrentApi) -> None:
    for headers in ({"content-type": "text/plain"}, {}):
        answer = current("POST", "/dev/v1/project", content=b"{}", headers=headers)
        assert answer.status_code == 415
        assert answer.json().keys() == {"message"}


@pytest.mark.fact("CO-63", "CO-81")
def test_a_rule_is_listed_with_its_privileges(current: CurrentApi) -> None:
    answer = current.kick(uid=7, privileges=["publish_video", "publish_audio"])
    assert (answer.status_code, answer.json()) == (200, {"status": "success", "id": 1})
    (rule,) = rules(current)
    assert rule["privileges"] == ["publish_audio", "publish_video"]


@pytest.mark.fact("CO-79")
@pytest.mark.parametrize("privileges", [[], ["leave_channel"], "join_channel"])
def test_other_privileges_are_refused(current: CurrentApi, privileges: object) -> None:
    assert current.kick(uid=7, privileges=privileges).status_code == 400


@pytest.mark.fact("CO-85")
@pytest.mark.parametrize("duration", [{"time": 0}, {"time_in_seconds": 0}, {"time": 5, "time_in_seconds": 0}])
def test_a_rule_without_duration_kicks_once_and_is_not_kept(current: CurrentApi, duration: dict) -> None:
    current.emulator.join(APP, "lesson", [7, 8])
    assert current.kick(cname="lesson", uid=7, **duration).json() == {"status": "success", "id": 0}
    assert current.users("lesson")["users"] == [8]
    assert rules(current) == []
    current.emulator.join(APP, "lesson", 7)
    for method, body in (("DELETE", {}), ("PUT", {"time": 1})):
        assert current(method, "/dev/v1/kicking-rule", {"appid": APP, "id": 0, **body}).status_code == 404


@pytest.mark.fact("CO-85")
def test_a_mute_without_duration_does_nothing(current: CurrentApi) -> None:
    current.emulator.join(APP, "lesson", 7)
    assert current.kick(uid=7, privileges=["publish_audio"], time=0).json()["id"] == 0
    (channel,) = current.emulator.state()["channels"]
    assert channel["users"][0]["muted"] == []


@pytest.mark.fact("CO-84")
@pytest.mark.parametrize(("given", "seconds"), [(1, 10), (90, 90), (100_000, 86_430)])
def test_a_rule_lasts_for_its_seconds(current: CurrentApi, clock: FrozenClock, given: int, seconds: int) -> None:
    current.kick(uid=7, time=5, time_in_seconds=given)
    clock.advance(seconds - 1)
    assert len(rules(current)) == 1
    clock.advance(1)
    assert rules(current) == []


@pytest.mark.fact("CO-83")
def test_an_update_without_duration_ends_a_rule_and_kicks_once_more(current: CurrentApi) -> None:
    rule = current.kick(uid=7, cname="lesson").json()["id"]
    update = {"appid": APP, "id": rule, "time_in_seconds": 0}
    assert current("PUT", "/dev/v1/kicking-rule", update).status_code == 200
    assert rules(current) == []
    current.emulator.join(APP, "lesson", 7)


@pytest.mark.fact("CO-90")
def test_the_hosts_of_a_live_channel_are_listed_alone(current: CurrentApi) -> None:
    current.emulator.join(APP, "lesson", [7, 8], mode=Mode.LIVE)
    current.emulator.join(APP, "lesson", 9, role=Role.AUDIENCE)
    expected = {"channel_exist": True, "mode": 2, "broadcasters": [7, 8]}
    for path in ("/hosts_only", "?hosts_only", "?hosts_only=1"):
        answer = current("GET", f"/dev/v1/channel/user/{APP}/lesson{path}")
        assert answer.json() == {"success": True, "data": expected}
    assert current.users("lesson") == {**expected, "audience": [9], "audience_total": 1}


@pytest.mark.fact("CO-89", "CO-90")
def test_the_hosts_of_other_channels(current: CurrentApi) -> None:
    current.emulator.join(APP, "call", [7, 8])
    hosts = current("GET", f"/dev/v1/channel/user/{APP}/call/hosts_only").json()["data"]
    assert hosts == {"channel_exist": True, "mode": 1, "total": 2, "users": [7, 8]}
    gone = current("GET", f"/dev/v1/channel/user/{APP}/none/hosts_only").json()["data"]
    assert gone == {"channel_exist": False}


@pytest.mark.fact("CO-88", "CO-89")
def test_a_user_has_an_id_and_a_platform(current: CurrentApi, clock: FrozenClock) -> None:
    current.emulator.join(APP, "lesson", 7, platform=Platform.WEB)
    path = f"/dev/v1/channel/user/property/{APP}/7/lesson"
    assert current("GET", path).json()["data"] == {
        "join": int(clock.now()),
        "uid": 7,
        "in_channel": True,
        "platform": 7,
        "role": 1,
    }
    current.emulator.leave(APP, "lesson", 7)
    assert current("GET", path).json()["data"] == {"in_channel": False}


@pytest.mark.fact("CO-76", "CO-77")
def test_metrics_have_no_chinese_name(current: CurrentApi) -> None:
    from datetime import date

    current.emulator.seed_metrics("demo", date(2026, 1, 1), {"durationAudioAll": 779, "durationVideo2K": 5})
    query = "project_id=demo&from_date=2026-01-01&to_date=2026-01-01&business=default"
    answer = current("GET", f"/dev/v3/usage?{query}")
    assert answer.status_code == 200
    meta = answer.json()["meta"]
    assert meta["durationVideo2K"] == {"en": "2K Video Duration(including Recording)", "unit": "second"}
    expected = {"AudioAll", "VideoHd", "VideoHdp", "Video1080P", "Video2K", "Video4K"}
    assert meta.keys() == {f"duration{name}" for name in expected}
    (day,) = answer.json()["usages"]
    assert (day["usage"]["durationAudioAll"], day["usage"]["durationVideo2K"]) == (779, 5)


def test_what_the_documents_no_longer_have_goes_on(current: CurrentApi) -> None:
    query = "from_date=2026-01-01&to_date=2026-01-01&projects=demo"
    assert current("GET", f"/dev/v1/usage?{query}").status_code == 200
