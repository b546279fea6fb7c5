"""What is found at a server that does not look at credentials: one finding, whatever else is wrong with it."""

from __future__ import annotations

from typing import Any

import pytest
from faults.middleware import RIGHT_CREDENTIALS, At, on_request, on_response
from faults.variant_server import VariantServer

from agora_rest import spec
from agora_rest.contract import runner as run_module
from agora_rest.contract.results.events import CoverageSeen, Outcome
from agora_rest.contract.results.findings import Finding
from agora_rest.contract.safety.access import Profile
from agora_rest.contract.safety.gate import Gate
from agora_rest.contract.safety.ledger import Ledger
from agora_rest.emulator import DEMO_APP_ID, Emulator
from tests.contract import runs
from tests.contract.runs import EventRecorder, quick_checks


def letting_everybody_in() -> At:
    return on_request("", lambda call: call.set_header(b"authorization", RIGHT_CREDENTIALS))


def without_a_member() -> At:
    def change(call: Any) -> None:
        call.payload = {"projects": [{**each, "status": "on"} for each in call.payload["projects"]], "success": True}

    return on_response("list_projects", change)


@pytest.fixture(autouse=True)
def in_no_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls are not limited."""
    monkeypatch.setattr("agora_rest.contract.target.CALLS_PER_SECOND", 100_000)


def made(*ways: At, profile: Profile = Profile.LOCAL, **options: Any) -> EventRecorder:
    emulator = Emulator(rate_limit=False, dialect="current")
    with VariantServer(emulator, ways).serve() as url:
        outcome, heard = runs.made(url, Gate(profile, Ledger()), max_examples=1, apis=("console",), **options)
    assert outcome is Outcome.BROKEN
    return heard


def about_strangers(findings: tuple[Finding, ...]) -> list[Finding]:
    return [each for each in findings if {"CO-01", "CR-02"} & set(each.all_facts)]


def test_a_server_that_lets_everybody_in_breaks_one_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "all_checks", lambda: quick_checks("CO-01", "CO-18"))
    heard = made(letting_everybody_in())
    (finding,) = heard.finished.findings
    assert finding.title == "API accepts requests without authentication"
    assert finding.check == "ignored_auth"
    assert {place.operation for place in finding.places} >= {"list_projects", "create_project", "delete_kicking_rule"}
    assert {place.check for place in finding.places} >= {"ignored_auth", "the_console_needs_the_right_credentials"}
    assert "-u " not in finding.requests[-1]


def test_a_shape_hides_no_missing_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "all_checks", lambda: quick_checks("CO-01"))
    heard = made(letting_everybody_in(), without_a_member(), profile=Profile.READ_ONLY, app_id=DEMO_APP_ID)
    findings = heard.finished.findings
    (strangers,) = about_strangers(findings)
    assert strangers.title == "API accepts requests without authentication"
    assert "list_projects" in {place.operation for place in strangers.places}
    assert f"--app-id {DEMO_APP_ID}" in strangers.command, "what is pasted finds the same"
    shapes = [each for each in findings if each is not strangers]
    assert {("list_projects", "schema_of_responses")} <= {
        (place.operation, place.check) for each in shapes for place in each.places
    }


def test_what_strangers_made_is_taken_back_before_the_next_request() -> None:
    heard = made(letting_everybody_in(), facts=False)
    assert {each.check for each in heard.finished.findings} == {"ignored_auth"}


def test_the_credentials_of_one_api_are_checked_without_a_call_of_the_other() -> None:
    outcome, heard = runs.made(apis=("console",), fuzz=False, names=("credentials",))
    assert outcome is Outcome.HOLDS
    assert {spec.operation(each.operation).api for each in heard.of(CoverageSeen)} == {"console"}
