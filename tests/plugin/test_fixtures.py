"""The fixtures that other projects' tests use, used here as they would."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from respx.models import AllMockedAssertionError

from agora_rest import (
    Agora,
    AlreadyRecording,
    NotFound,
    RateLimited,
    ResourceExpired,
    S3Region,
    S3Storage,
    ServerError,
    spec,
)
from agora_rest.emulator import DEMO_APP_ID, Emulator, Refused
from agora_rest.mocks import AgoraRouter, examples

STORAGE = S3Storage(region=S3Region.EU_WEST_1, bucket="lessons", access_key="planted-key", secret_key="planted-secret")


@pytest.mark.parametrize("again", [1, 2])
def test_each_test_has_an_account_of_its_own(agora: Agora, again: int) -> None:
    agora.projects.create("lessons")
    assert [project.name for project in agora.projects.list()] == ["demo", "lessons"]


def test_the_emulator_and_the_router_speak_the_default_dialect(
    agora_emulator: Emulator, agora_respx: AgoraRouter
) -> None:
    assert agora_emulator.settings.dialect == agora_respx.dialect == Emulator().settings.dialect == spec.DEFAULT_DIALECT


def test_waiting_takes_no_time_and_moves_the_clock(agora: Agora, agora_emulator: Emulator, agora_clock: Any) -> None:
    agora_emulator.join(DEMO_APP_ID, "lesson-42", 1)
    before = agora_clock.now()
    with agora.app(DEMO_APP_ID).recordings.record("lesson-42", uid=7, storage=STORAGE) as recording:
        recording.wait_until_started()
    assert agora_clock.now() - before >= 5
    assert recording.files


def test_a_resource_id_expires_when_the_clock_is_moved(agora: Agora, agora_clock: Any) -> None:
    recordings = agora.app(DEMO_APP_ID).recordings
    resource = recordings.acquire("lesson-42", 7)
    agora_clock.advance(301)
    with pytest.raises(ResourceExpired):
        recordings.start(resource, STORAGE)


def test_the_clock_stands_still_where_a_test_wants_that(agora: Agora, agora_clock: Any) -> None:
    agora_clock.freeze()
    before = agora_clock.now()
    agora.projects.list()
    agora_clock.advance(1)
    assert agora_clock.now() == before + 1
    agora_clock.thaw()
    assert agora_clock.now() >= before + 1


def test_a_fault_strikes_as_often_as_it_is_told_to(agora: Agora, agora_faults: Any) -> None:
    fault = agora_faults("status", "list_projects", status=500, times=1)
    assert [project.name for project in agora.projects.list()] == ["demo"]
    assert fault.struck == 1
    agora_faults("status", "list_projects", status=500)
    with pytest.raises(ServerError):
        agora.with_options(retries=0).projects.list()


def test_a_fault_of_an_unknown_operation_names_those_there_are(agora_faults: Any) -> None:
    with pytest.raises(
        ValueError, match=r"'start' is not .* operation: .* one of acquire, start_recording, "
    ) as caught:
        agora_faults("status", "start")
    assert all(operation in str(caught.value) for operation in spec.operations())
    with pytest.raises(ValueError, match=r"Did you mean find_project\?$"):
        agora_faults("status", "find_projct")


def test_a_user_of_an_unknown_project_is_refused_by_an_error_that_can_be_caught(agora_emulator: Emulator) -> None:
    with pytest.raises(Refused, match="no enabled project of this emulator has it; use DEMO_APP_ID"):
        agora_emulator.join("f" * 32, "lesson-42", 1)


def test_the_asynchronous_client(async_agora: Any, agora_emulator: Emulator) -> None:
    agora_emulator.join(DEMO_APP_ID, "lesson-42", 1)

    async def record() -> Any:
        async with async_agora as agora:
            async with agora.app(DEMO_APP_ID).recordings.record("lesson-42", uid=7, storage=STORAGE) as recording:
                await recording.wait_until_started()
            return recording

    assert asyncio.run(record()).files
    assert agora_emulator.requests()


def test_the_environment_leads_to_the_emulator(agora_environment: dict[str, str], agora_url: str) -> None:
    with Agora.from_env() as agora:
        assert [project.name for project in agora.projects.list()] == ["demo"]
    assert agora_environment["AGORA_BASE_URL"] == agora_url


def test_calls_are_not_counted_unless_a_test_says_so(agora: Agora) -> None:
    for _ in range(30):
        agora.projects.list()


@pytest.mark.agora_rate_limit
def test_calls_are_counted_where_a_test_says_so(agora: Agora) -> None:
    hasty = agora.with_options(retries=0)

    def calls() -> None:
        for _ in range(200):
            hasty.projects.list()

    with pytest.raises(RateLimited):
        calls()


@pytest.mark.agora_dialect("current", "observed", "documented")
def test_a_test_runs_once_in_each_dialect(
    agora: Agora, agora_emulator: Emulator, request: pytest.FixtureRequest, agora_respx: AgoraRouter
) -> None:
    assert agora_emulator.settings.dialect in request.node.name
    assert agora_respx.dialect == agora_emulator.settings.dialect


class TestRouter:
    """`agora_respx`."""

    @pytest.fixture
    def client(self) -> Any:
        with Agora("customer", "planted-certificate", permits=None, retries=0) as agora:
            yield agora

    @pytest.mark.agora_dialect("current", "observed", "documented")
    def test_every_operation_answers_without_a_server(self, agora_respx: AgoraRouter, client: Agora) -> None:
        app = client.app(DEMO_APP_ID)
        started = app.recordings.start(app.recordings.acquire("lesson-42", 7), STORAGE)
        assert app.recordings.query(started).status
        app.recordings.stop(started)
        assert client.projects.list()
        assert agora_respx["start_recording"].call_count == 1

    @pytest.mark.parametrize("mode", ["mix", "individual", "web"])
    def test_a_recording_is_answered_in_its_mode(self, agora_respx: AgoraRouter, mode: str) -> None:
        url = f"https://api.agora.io/v1/apps/x/cloud_recording/resourceid/x/sid/x/mode/{mode}/query"
        given = httpx.get(url).json()["serverResponse"]
        expected = {"mix": "string", "individual": "json"}
        assert ("extensionServiceState" in given) == (mode == "web")
        assert given.get("fileListMode", "json") == expected.get(mode, "json")
        agora_respx["query_recording"].return_value = httpx.Response(418)
        assert httpx.get(url).status_code == 418
        agora_respx.set_response("query_recording", example="snapshots")
        assert "fileList" not in httpx.get(url).text

    def test_an_answer_is_chosen_by_status_and_example(self, agora_respx: AgoraRouter, client: Agora) -> None:
        recordings = client.app(DEMO_APP_ID).recordings
        resource = recordings.acquire("lesson-42", 7)
        agora_respx.set_response("start_recording", 201, "alreadyStarted")
        with pytest.raises(AlreadyRecording):
            recordings.start(resource, STORAGE)
        agora_respx.set_response("find_project", 404)
        with pytest.raises(NotFound):
            client.projects.find(name="unknown")

    def test_an_answer_there_is_not_names_those_there_are(self, agora_respx: AgoraRouter) -> None:
        with pytest.raises(KeyError, match="alreadyStarted"):
            agora_respx.response("start_recording", 418)

    def test_a_base_url_may_end_in_a_slash(self) -> None:
        url = "http://127.0.0.1:1/agora/"
        with AgoraRouter(base_url=url), Agora("customer", "certificate", base_url=url) as client:
            assert client.projects.list()

    @pytest.mark.fact("CO-05")
    def test_a_path_of_the_console_may_end_in_a_slash(self) -> None:
        with AgoraRouter() as router:
            for path in ("/v1/projects", "/v1/projects/", "/v1/project?id=x", "/v1/project/?id=x"):
                assert httpx.get(f"https://api.agora.io/dev{path}").is_success
            with pytest.raises(AllMockedAssertionError):
                httpx.get("https://api.agora.io/dev/v1/projects/x")
            assert [router[name].call_count for name in ("list_projects", "find_project")] == [2, 2]

    def test_a_dialect_that_nobody_speaks_is_refused(self) -> None:
        with pytest.raises(ValueError, match="one of 'documented', 'observed', 'current', not 'obsreved'"):
            AgoraRouter(dialect="obsreved")

    def test_every_example_can_be_answered(self, agora_respx: AgoraRouter) -> None:
        operations = [route.name for route in agora_respx.routes]
        assert len(operations) > 1
        for operation in operations:
            for status, name in examples(operation):
                assert agora_respx.response(operation, status, name).status_code == status
