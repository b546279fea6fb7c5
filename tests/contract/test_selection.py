"""Which checks are made, in which order, and what shows one cause."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from agora_rest.cli.contract import app
from agora_rest.contract import Outcome
from agora_rest.contract.checking import selection
from agora_rest.contract.checking.checks import all_checks
from agora_rest.contract.checking.passive import cause_of, conformance
from agora_rest.contract.checking.selection import (
    FUZZ_CHECKS,
    NothingSelected,
    fuzz_selected,
    require_known,
    selected,
    telling_first,
)
from agora_rest.contract.results.events import CheckFailed, CheckPassed, FindingFound, PhaseStarted
from agora_rest.contract.results.findings import Finding, grouped
from agora_rest.emulator.web import dialects
from tests.contract.conftest import exchange
from tests.contract.runs import made


def test_checks_are_chosen_by_fact_and_by_part_of_a_name() -> None:
    by_fact = selected(all_checks(), ["cr-11"], [])
    assert by_fact
    assert all("CR-11" in each.facts for each in by_fact)
    (one,) = selected(all_checks(), ["CR-11"], ["lasts_five"])
    assert one.name == "a_resource_id_lasts_five_minutes"
    assert selected(all_checks(), [], []) == list(all_checks())


def test_fuzzing_is_chosen_by_the_name_of_one_of_its_checks() -> None:
    assert fuzz_selected([], [])
    assert all(fuzz_selected([], [name]) for name in FUZZ_CHECKS)
    assert not fuzz_selected([], ["lasts_five"])
    assert not fuzz_selected(["CR-11"], [])


@pytest.mark.parametrize(
    ("only", "names", "words"),
    [(["CR-119O"], [], "no check guards CR-119O; perhaps CR-119"), ([], ["ignored_outh"], "perhaps ignored_auth")],
)
def test_a_choice_of_nothing_names_what_may_have_been_meant(only: list[str], names: list[str], words: str) -> None:
    with pytest.raises(NothingSelected, match=words):
        require_known(all_checks(), only, names)


def test_a_run_that_stops_at_the_first_finding_begins_with_the_most_telling_checks_and_leaves_nothing_out() -> None:
    ordered = telling_first(all_checks())
    assert sorted(each.name for each in ordered) == sorted(each.name for each in all_checks())
    assert len({each.function.__module__ for each in ordered[:15]}) >= 8
    assert not any("machine" in each.function.__module__ for each in ordered[:50])


def test_a_check_that_is_not_in_the_table_comes_after_those_that_are(monkeypatch: pytest.MonkeyPatch) -> None:
    known, *others = all_checks()
    monkeypatch.setattr(selection, "_places", lambda: {known.name: 0})
    assert telling_first([*others, known])[0] is known


def test_the_table_of_telling_checks_names_only_checks_that_there_are() -> None:
    assert set(selection._places()) <= {each.name for each in all_checks()}


def test_a_run_of_one_check_makes_no_other() -> None:
    outcome, heard = made(names=("lasts_five",))
    assert outcome is Outcome.HOLDS
    assert [each.check for each in heard.of(CheckPassed)] == ["a_resource_id_lasts_five_minutes"]
    assert [each.phase for each in heard.of(PhaseStarted)] == ["facts"]


def test_a_run_ends_with_its_last_wanted_finding_and_names_the_command_that_makes_the_check_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    right = dialects.Documented.project
    monkeypatch.setattr(dialects.Documented, "project", lambda *args: {**right(*args), "status": "on"})
    outcome, heard = made(fuzz=False, only=("CO-10", "CO-11"), max_findings=1)
    assert outcome is Outcome.BROKEN
    assert len(heard.of(CheckFailed)) + len(heard.of(CheckPassed)) <= 2
    (finding,) = heard.finished.findings
    words = finding.command.split()
    assert words[:3] == ["agora-rest", "contract", "run"]
    name = words[words.index("-k") + 1]
    again, repeated = made(fuzz=False, names=(name,))
    assert again is Outcome.BROKEN
    assert {each.check for each in repeated.of(CheckFailed)} <= {name}


@pytest.mark.slow
def test_what_follows_from_one_cause_is_one_finding_with_its_places(monkeypatch: pytest.MonkeyPatch) -> None:
    right = dialects.Documented.project
    monkeypatch.setattr(
        dialects.Documented, "project", lambda *args: {k: v for k, v in right(*args).items() if k != "created"}
    )
    outcome, heard = made(fuzz=False, only=("CO-10", "CO-11", "CO-12"))
    assert outcome is Outcome.BROKEN
    findings = heard.finished.findings
    assert len(heard.of(FindingFound)) > 3
    main = findings[0]
    assert main.check == "schema_of_responses"
    assert {place.check for place in main.places} > {"schema_of_responses"}
    assert {place.operation for place in main.places} >= {"create_project", "list_projects"}
    assert len(findings) <= 3


def test_findings_without_a_common_cause_stay_apart() -> None:
    one = Finding("acquire", "A rule", "this", "that", ("CR-11",), check="a")
    other = Finding("acquire", "Another rule", "this", "that", ("CR-12",), check="b")
    assert [len(each.places) for each in grouped([one, other])] == [1, 1]


def test_an_exchange_within_its_specification_is_no_cause() -> None:
    assert cause_of(exchange(operation="")) == ()
    assert cause_of(exchange(body={"projects": []})) == ()
    assert cause_of(exchange(body=b"{", status=200))[0] == "json_responses"


def test_json_that_cannot_be_parsed_is_not_called_another_media_type() -> None:
    (breach,) = conformance(exchange(body=b'{"projects": ['))
    assert breach.expected == "a JSON document"
    assert breach.got.startswith("a body that cannot be parsed: 200")


def test_the_command_lists_checks_and_refuses_a_name_that_is_none() -> None:
    result = CliRunner().invoke(app, ["run", "--list-checks", "--only", "CR-11", "--json"])
    assert result.exit_code == 0, result.output
    listed = json.loads(result.stdout)["checks"]
    assert "a_resource_id_lasts_five_minutes" in {each["name"] for each in listed}
    result = CliRunner().invoke(app, ["run", "-k", "no_such_check"])
    assert result.exit_code == 2
    assert "no check has 'no_such_check' in its name" in result.output
