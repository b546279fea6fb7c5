"""The Console as the present documents describe it."""

from __future__ import annotations

from typing import Any

import pytest

from agora_rest.emulator import FrozenClock, Platform
from tests.emulator.callers import APP
from tests.emulator.current_callers import CurrentApi


def created(api: CurrentApi, name: str = "project1") -> dict[str, Any]:
    answer = api("POST", "/dev/v1/project", {"name": name, "enable_sign_key": True})
    assert answer.status_code == 201, answer.text
    return answer.json()["project"]


@pytest.mark.fact("CO-68", "CO-71", "CO-72", "CO-73")
def test_projects_are_objects_with_201(current: CurrentApi, clock: FrozenClock) -> None:
    project = created(current)
    assert (project["recording_server"], project["created"]) == (None, int(clock.now()))
    found = current("GET", f"/dev/v1/project?id={project['id']}")
    assert (found.status_code, found.json()) == (201, {"projects": [project]})
    listed = current("GET", "/dev/v1/projects")
    assert (listed.status_code, listed.json()["projects"][-1]) == (201, project)


@pytest.mark.fact("CO-70", "CO-64")
def test_a_name_is_taken_until_its_project_is_deleted(current: CurrentApi) -> None:
    project = created(current)
    again = current("POST", "/dev/v1/project", {"name": "project1", "enable_sign_key": True})
    assert (again.status_code, again.json()) == (400, {"message": "name: a project has it already"})
    created(current, "Project1")
    assert current("DELETE", "/dev/v1/project", {"id": project["id"]}).json() == {"success": True}
    created(current)


@pytest.mark.fact("CO-85")
def test_a_mute_without_duration_does_nothing(current: CurrentApi) -> None:
    current.emulator.join(APP, "lesson", 7)
    assert current.kick(uid=7, privileges=["publish_audio"], time=0).json()["id"] == 0
    (channel,) = current.emulator.state()["channels"]
    assert channel["users"][0]["muted"] == []


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
