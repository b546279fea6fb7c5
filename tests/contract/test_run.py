"""Whole runs against the emulator: as it is, and with a rule broken by hand."""

from __future__ import annotations

import gc
import json
import socket
from typing import Any

import pytest
from schemathesis.hooks import GLOBAL_HOOK_DISPATCHER

from agora_rest import spec
from agora_rest.contract import runner as run_module
from agora_rest.contract.checking.dialect import Dialect
from agora_rest.contract.options import parse_apis
from agora_rest.contract.results.events import (
    CheckSkipped,
    CoverageSeen,
    FindingFound,
    Outcome,
    RunStarted,
)
from agora_rest.emulator import Emulator, projects
from agora_rest.emulator.web import dialects
from tests.contract.runs import made, quick_checks, reason


@pytest.mark.slow
@pytest.mark.parametrize(("api", "dialect"), [("cloud-recording", "observed"), ("console", "documented")])
def test_fuzzing_the_emulator_finds_nothing_and_every_operation_succeeds(api: spec.Api, dialect: Dialect) -> None:
    outcome, heard = made(apis=(api,), dialect=dialect, facts=False, max_examples=3)
    assert heard.finished.findings == ()
    assert outcome is Outcome.HOLDS
    assert heard.finished.sentence == "The contract holds: nothing was found against the embedded emulator."
    succeeded = {each.operation for each in heard.of(CoverageSeen) if 200 <= each.status < 300}
    assert succeeded == {each.id for each in spec.operations("2019").values() if each.api == api}


@pytest.mark.slow
def test_a_run_leaves_nothing_behind_in_the_process() -> None:
    before = {name: list(hooks) for name, hooks in GLOBAL_HOOK_DISPATCHER.get_all().items()}
    made(apis=("cloud-recording",), facts=False, max_examples=1)
    after = {name: list(hooks) for name, hooks in GLOBAL_HOOK_DISPATCHER.get_all().items()}
    assert after == {**before, "before_call": []}
    gc.collect()  # an unclosed socket would speak up here, and warnings are errors


@pytest.mark.slow
def test_a_seed_repeats_a_run() -> None:
    def seen() -> list[Any]:
        _, heard = made(apis=("cloud-recording",), facts=False, max_examples=2, seed=7)
        return [(each.operation, each.status, each.parameters) for each in heard.of(CoverageSeen)]

    assert seen() == seen()


def test_a_rule_broken_by_hand_is_found_and_its_fact_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "all_checks", lambda: quick_checks("CO-18"))
    monkeypatch.setattr(projects.Projects, "delete", projects.Projects.get)
    outcome, heard = made(fuzz=False)
    assert outcome is Outcome.BROKEN
    assert "CO-18" in heard.finished.sentence
    findings = [finding for finding in heard.finished.findings if "CO-18" in finding.facts]
    assert findings
    assert all("curl" in line for finding in findings for line in finding.requests)


def test_a_wrong_shape_is_found_by_fuzzing(monkeypatch: pytest.MonkeyPatch) -> None:
    right = dialects.Documented.project
    monkeypatch.setattr(dialects.Documented, "project", lambda *args: {**right(*args), "status": "on"})
    outcome, heard = made(apis=("console",), facts=False, max_examples=1, max_findings=1)
    assert outcome is Outcome.BROKEN
    (found,) = heard.of(FindingFound)
    assert found.finding.check == "response_schema_conformance"
    assert found.finding.facts


@pytest.mark.slow
def test_a_slip_into_the_other_dialect_is_found_by_fuzzing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialects.Documented, "stop_recording", dialects.Observed.stop_recording)
    outcome, heard = made(apis=("cloud-recording",), facts=False, max_examples=1)
    assert outcome is Outcome.BROKEN
    assert {("one_dialect", "stop_recording", ("CR-61",))} == {
        (each.finding.check, each.finding.operation, each.finding.facts) for each in heard.of(FindingFound)
    }


@pytest.mark.slow
def test_an_operation_that_never_succeeds_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(self: projects.Projects, project_id: str) -> projects.Project:
        raise projects.NoSuchProject

    monkeypatch.setattr(projects.Projects, "reset_certificate", never)
    outcome, heard = made(apis=("console",), facts=False, max_examples=1)
    assert outcome is Outcome.BROKEN
    assert [(each.finding.check, each.finding.operation) for each in heard.of(FindingFound)] == [
        ("succeeds_once", "reset_certificate")
    ]


def test_a_server_that_is_not_there_cannot_be_checked() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    assert "cannot be reached" in reason(made(url))


def test_refused_credentials_stop_a_run_and_are_not_shown() -> None:
    with Emulator().serve() as server:
        why = reason(made(server.url, customer_certificate="not-this-one"))
    assert "refuses the credentials" in why
    assert "not-this-one" not in why


def test_a_url_needs_credentials() -> None:
    assert "AGORA_CUSTOMER_CERTIFICATE" in reason(made("http://127.0.0.1:9", customer_certificate=None))


@pytest.mark.parametrize("url", ["127.0.0.1:8080", "ftp://host", "http://user:password@host", ""])
def test_a_url_that_is_none_stops_a_run(url: str) -> None:
    assert "password" not in reason(made(url))


def test_a_running_emulator_keeps_its_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "all_checks", lambda: quick_checks("CR-11"))
    with Emulator(dialect="observed").serve() as server:
        url = server.url
        outcome, heard = made(url + "/dev/", fuzz=False)
        assert outcome is Outcome.HOLDS
        assert server.emulator.settings.rate_limit
        assert server.emulator.settings.dialect == "observed"
    (started,) = heard.of(RunStarted)
    assert (started.dialect, started.server) == ("observed", url)


def test_an_emulator_full_of_projects_is_tested_under_an_app_id_that_outlives_a_reset(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(run_module, "all_checks", lambda: quick_checks("CR-36"))
    emulator = Emulator()
    emulator.world.projects.delete("demo")
    emulator.add_project("mine", app_id="a" * 32)
    with emulator.serve() as server:
        assert made(server.url, fuzz=False)[0] is Outcome.HOLDS
        assert "does not outlive a reset" in reason(made(server.url, fuzz=False, app_id="a" * 32))


def test_a_server_without_control_is_tested_slowly_cleaned_up_and_honest_about_what_was_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The emulator again, its control out of reach, its rate limit in force."""
    monkeypatch.setattr(run_module, "all_checks", lambda: quick_checks("CR-11", "CR-36"))
    monkeypatch.setattr("agora_rest.contract.target.CALLS_PER_SECOND", 1000)
    monkeypatch.setattr("agora_rest.contract.target.ControlApi.of", lambda _: None)
    emulator = Emulator(dialect="documented", rate_limit=False)
    with emulator.serve() as server:
        outcome, heard = made(server.url, access="full", owned=True, fuzz=False)
    assert outcome is Outcome.HOLDS
    skipped = {fact for each in heard.of(CheckSkipped) for fact in each.facts}
    assert "CR-11" in skipped
    state = emulator.state()
    assert [project["name"] for project in state["projects"]] == ["demo"]
    assert json.dumps(state).count('"running": true') == 0


def test_apis_are_named_as_people_name_them() -> None:
    assert parse_apis(["all"]) == spec.APIS
    assert parse_apis(["console"]) == ("console",)
    with pytest.raises(ValueError, match="cloud-recording"):
        parse_apis(["recording"])
