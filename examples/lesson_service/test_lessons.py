"""The service's own tests: agora-rest's pytest plugin gives each its own emulator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from lessons import RECORDER, app

from agora_rest.emulator import DEMO_APP_ID, Emulator


@pytest.fixture
def service(agora_environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """The running service. `agora_environment` makes its client call the emulator."""
    for name, value in {
        "LESSONS_APP_ID": DEMO_APP_ID,
        "LESSONS_BUCKET": "lessons",
        "LESSONS_ACCESS_KEY": "key",
        "LESSONS_SECRET_KEY": "secret",
    }.items():
        monkeypatch.setenv(name, value)
    with TestClient(app) as client:
        yield client


def recorders(emulator: Emulator) -> list[Any]:
    return [each for each in emulator.state()["recordings"] if each["running"]]


@pytest.mark.agora_dialect("current", "observed", "documented")
def test_a_lesson_is_recorded_and_its_files_are_named(service: TestClient, agora_emulator: Emulator) -> None:
    agora_emulator.join(DEMO_APP_ID, "maths", [1, 2])
    assert service.post("/lessons/maths/recording").status_code == 201
    agora_emulator.clock.advance(60)
    finished = service.delete("/lessons/maths/recording")
    assert finished.status_code == 200
    assert finished.json()["files"]
    assert recorders(agora_emulator) == []


def test_a_lesson_is_recorded_once(service: TestClient) -> None:
    assert service.post("/lessons/maths/recording").status_code == 201
    assert service.post("/lessons/maths/recording").status_code == 409
    assert service.delete("/lessons/physics/recording").status_code == 404


def test_a_service_that_ends_leaves_no_recording(service: TestClient, agora_emulator: Emulator) -> None:
    service.post("/lessons/maths/recording")
    assert len(recorders(agora_emulator)) == 1
    service.__exit__(None, None, None)
    assert recorders(agora_emulator) == []


def test_a_user_who_was_kicked_cannot_come_back(service: TestClient, agora_emulator: Emulator) -> None:
    agora_emulator.join(DEMO_APP_ID, "maths", [1, 2])
    assert service.post("/lessons/maths/kicks", json={"uid": 2}).status_code == 201
    assert service.get("/lessons/maths/users").json() == [1]
    with pytest.raises(Exception, match="rule"):
        agora_emulator.join(DEMO_APP_ID, "maths", 2)


def test_a_recording_whose_sid_is_lost_is_ended(
    service: TestClient, agora_emulator: Emulator, agora_faults: Callable[..., Any]
) -> None:
    agora_faults("cut_after", "start_recording", times=1)
    answer = service.post("/lessons/maths/recording")
    assert answer.status_code == 502
    assert "nothing runs" in answer.json()["detail"]
    assert recorders(agora_emulator) == []


def test_what_agora_refuses_is_said_without_a_secret(service: TestClient, agora_faults: Callable[..., Any]) -> None:
    agora_faults("status", "acquire", status=500)
    agora_faults("status", "create_kicking_rule", status=400, body={"message": "no"})
    assert service.post("/lessons/maths/kicks", json={"uid": 2}).status_code == 400
    assert service.post("/lessons/maths/kicks", json={"uid": RECORDER * 2}).status_code == 422
