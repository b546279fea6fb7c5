"""Whole runs against the emulator: as it is, and with a rule broken by hand."""

from __future__ import annotations

import gc
import json
import socket
from collections.abc import Callable
from typing import Any

import pytest
from schemathesis.hooks import GLOBAL_HOOK_DISPATCHER

from agora_rest import spec
from agora_rest.contract import runner as run_module
from agora_rest.contract.checking.dialect import Dialect
from agora_rest.contract.options import Options, parse_apis
from agora_rest.contract.results.events import (
    CheckSkipped,
    CoverageSeen,
    FindingFound,
    Outcome,
    RunFinished,
    RunStarted,
)
from agora_rest.contract.runner import run
from agora_rest.emulator import Emulator, channels, projects, quotas, recordings, rules
from agora_rest.emulator.web import calls, dialects
from tests.contract.test_checks import EventRecorder, quick_checks


@pytest.fixture
def outcome_of() -> Callable[..., tuple[Outcome, EventRecorder]]:
    def make(**options: Any) -> tuple[Outcome, EventRecorder]:
        heard = EventRecorder()
        of_2019 = {} if "base_url" in options else {"dialect": "documented"}  # which has most of the rules broken here
        return run(Options(**{"seed": 1, "max_examples": 3, "jobs": 1, **of_2019, **options}), [heard]), heard

    return make


@pytest.mark.slow
@pytest.mark.parametrize(("api", "dialect"), [("cloud-recording", "observed"), ("console", "documented")])
def test_fuzzing_the_emulator_finds_nothing_and_every_operation_succeeds(
    api: spec.Api, dialect: Dialect, outcome_of
) -> None:
    outcome, heard = outcome_of(apis=(api,), dialect=dialect, facts=False)
    (finished,) = heard.of(RunFinished)
    assert finished.findings == ()
    assert outcome is Outcome.HOLDS
    assert finished.sentence == "The contract holds: nothing was found against the embedded emulator."
    succeeded = {each.operation for each in heard.of(CoverageSeen) if 200 <= each.status < 300}
    assert succeeded == {each.id for each in spec.operations("2019").values() if each.api == api}


@pytest.mark.slow
def test_a_run_leaves_nothing_behind_in_the_process(outcome_of) -> None:
    before = {name: list(hooks) for name, hooks in GLOBAL_HOOK_DISPATCHER.get_all().items()}
    outcome_of(apis=("cloud-recording",), facts=False, max_examples=1)
    after = {name: list(hooks) for name, hooks in GLOBAL_HOOK_DISPATCHER.get_all().items()}
    assert after == {**before, "before_call": []}
    gc.collect()  # an unclosed socket would speak up here, and warnings are errors


@pytest.mark.slow
def test_a_seed_repeats_a_run(outcome_of) -> None:
    def seen() -> list[Any]:
        _, heard = outcome_of(apis=("cloud-recording",), facts=False, max_examples=2, seed=7)
        return [(each.operation, each.status, each.parameters) for each in heard.of(CoverageSeen)]

    assert seen() == seen()


class _EndlessQuotas(quotas.Quotas):
    def admit(self, *_: Any) -> bool:
        return True


def _second_use(self: recordings.Resource, now: float) -> None:
    if self.recording is not None and self.recording.is_running(now):
        raise self.refused(recordings.Code.ALREADY_RECORDING, "recording")


def _page_from_one(self: channels.Channels, app_id: str, number: int, size: int) -> channels.ChannelPage:
    found = self.of(app_id)
    return channels.ChannelPage(found[(number - 1) * size : number * size] if number else [], len(found))


def _forgetful_delete(self: projects.Projects, project_id: str) -> projects.Project:
    return self.get(project_id)


def _ban_in_seconds(original: Any) -> Any:
    def create(
        self: rules.Rules, app_id: str, target: rules.Target, minutes: float, now: float, **more: Any
    ) -> rules.Rule:
        return original(self, app_id, target, minutes / 60, now, **more)

    return create


BROKEN = {
    "a resource ID that lives an hour": ("CR-11", recordings, "RESOURCE_LIFETIME", 3600.0),
    "a resource ID for several recordings": ("CR-12", recordings.Resource, "check_startable", _second_use),
    "a deletion that is forgotten": ("CO-18", projects.Projects, "delete", _forgetful_delete),
    "pages counted from 1": ("CO-54", channels.Channels, "page", _page_from_one),
    "bans in seconds": ("CO-42", rules.Rules, "create", _ban_in_seconds(rules.Rules.create)),
    "an eleventh recording call a second": ("CR-05", quotas.Quotas, "admit", _EndlessQuotas.admit),
    "an eleventh Console call a second": ("CO-03", quotas.Quotas, "admit", _EndlessQuotas.admit),
    "anybody's credentials for recordings": ("CR-02", calls.Calls, "_is_authenticated", lambda *_: True),
    "anybody's credentials for the Console": ("CO-01", calls.Calls, "_is_authenticated", lambda *_: True),
}


@pytest.mark.slow
@pytest.mark.parametrize(("fact", "owner", "name", "broken"), BROKEN.values(), ids=BROKEN.keys())
def test_a_rule_broken_by_hand_is_found_and_its_fact_named(
    fact: str, owner: Any, name: str, broken: Any, outcome_of, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_module, "all_checks", lambda: quick_checks(fact))
    monkeypatch.setattr(owner, name, broken)
    outcome, heard = outcome_of(fuzz=False)

    assert outcome is Outcome.BROKEN
    (finished,) = heard.of(RunFinished)
    assert fact in finished.sentence
    findings = [finding for finding in finished.findings if fact in finding.facts]
    assert findings
    assert all("curl" in line for finding in findings for line in finding.requests)


def test_a_wrong_shape_is_found_by_fuzzing(outcome_of, monkeypatch: pytest.MonkeyPatch) -> None:
    right = dialects.Documented.project
    monkeypatch.setattr(dialects.Documented, "project", lambda *args: {**right(*args), "status": "on"})
    outcome, heard = outcome_of(apis=("console",), facts=False, max_examples=1, max_findings=1)
    assert outcome is Outcome.BROKEN
    (found,) = heard.of(FindingFound)
    assert found.finding.check == "response_schema_conformance"
    assert found.finding.facts


@pytest.mark.slow
def test_a_slip_into_the_other_dialect_is_found_by_fuzzing(outcome_of, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialects.Documented, "stop_recording", dialects.Observed.stop_recording)
    outcome, heard = outcome_of(apis=("cloud-recording",), facts=False, max_examples=1)
    assert outcome is Outcome.BROKEN
    assert {("one_dialect", "stop_recording", ("CR-61",))} == {
        (each.finding.check, each.finding.operation, each.finding.facts) for each in heard.of(FindingFound)
    }


@pytest.mark.slow
def test_an_operation_that_never_succeeds_is_a_finding(outcome_of, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(self: projects.Projects, project_id: str) -> projects.Project:
        raise projects.NoSuchProject

    monkeypatch.setattr(projects.Projects, "reset_certificate", never)
    outcome, heard = outcome_of(apis=("console",), facts=False, max_examples=1)
    assert outcome is Outcome.BROKEN
    assert [(each.finding.check, each.finding.operation) for each in heard.of(FindingFound)] == [
        ("succeeds_once", "reset_certificate")
    ]


def test_a_server_that_is_not_there_cannot_be_checked(outcome_of) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    outcome, heard = outcome_of(base_url=url, customer_id="emulator", customer_certificate="emulator-secret")
    assert outcome is Outcome.COULD_NOT_RUN
    (finished,) = heard.of(RunFinished)
    assert "cannot be reached" in finished.sentence


def test_refused_credentials_stop_a_run_and_are_not_shown(outcome_of) -> None:
    with Emulator().serve() as server:
        outcome, heard = outcome_of(base_url=server.url, customer_id="emulator", customer_certificate="not-this-one")
    assert outcome is Outcome.COULD_NOT_RUN
    (finished,) = heard.of(RunFinished)
    assert "refuses the credentials" in finished.sentence
    assert "not-this-one" not in finished.sentence


def test_a_url_needs_credentials(outcome_of) -> None:
    outcome, heard = outcome_of(base_url="http://127.0.0.1:9", customer_id="emulator")
    assert outcome is Outcome.COULD_NOT_RUN
    assert "AGORA_CUSTOMER_CERTIFICATE" in heard.of(RunFinished)[0].sentence


@pytest.mark.parametrize("url", ["127.0.0.1:8080", "ftp://host", "http://user:password@host", ""])
def test_a_url_that_is_none_stops_a_run(url: str, outcome_of) -> None:
    outcome, heard = outcome_of(base_url=url, customer_id="a", customer_certificate="b")
    assert outcome is Outcome.COULD_NOT_RUN
    assert "password" not in heard.of(RunFinished)[0].sentence


def test_a_running_emulator_keeps_its_settings(outcome_of, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "all_checks", lambda: quick_checks("CR-11"))
    with Emulator(dialect="observed").serve() as server:
        url = server.url
        outcome, heard = outcome_of(
            base_url=url + "/dev/", customer_id="emulator", customer_certificate="emulator-secret", fuzz=False
        )
        assert outcome is Outcome.HOLDS
        assert server.emulator.settings.rate_limit
        assert server.emulator.settings.dialect == "observed"
    (started,) = heard.of(RunStarted)
    assert (started.dialect, started.server) == ("observed", url)


def test_an_emulator_full_of_projects_is_tested_under_an_app_id_that_outlives_a_reset(
    outcome_of, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_module, "all_checks", lambda: quick_checks("CR-36"))
    emulator = Emulator()
    emulator.world.projects.delete("demo")
    emulator.add_project("mine", app_id="a" * 32)
    with emulator.serve() as server:
        options = {"base_url": server.url, "customer_id": "emulator", "customer_certificate": "emulator-secret"}
        assert outcome_of(**options, fuzz=False)[0] is Outcome.HOLDS
        outcome, heard = outcome_of(**options, fuzz=False, app_id="a" * 32)
    assert outcome is Outcome.COULD_NOT_RUN
    assert "does not outlive a reset" in heard.of(RunFinished)[0].sentence


def test_a_server_without_control_is_tested_slowly_cleaned_up_and_honest_about_what_was_not(
    outcome_of, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The emulator again, its control out of reach, its rate limit in force."""
    monkeypatch.setattr(run_module, "all_checks", lambda: quick_checks("CR-11", "CR-36"))
    monkeypatch.setattr("agora_rest.contract.target.CALLS_PER_SECOND", 1000)
    monkeypatch.setattr("agora_rest.contract.target.ControlApi.of", lambda _: None)
    emulator = Emulator(dialect="documented", rate_limit=False)
    with emulator.serve() as server:
        outcome, heard = outcome_of(
            base_url=server.url,
            customer_id="emulator",
            customer_certificate="emulator-secret",
            access="full",
            owned=True,
            fuzz=False,
        )
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
