"""What a recorded afternoon proves: nothing where nothing is wrong, and what its faults show."""

from __future__ import annotations

import pytest
from faults.catalogue import catalogue
from faults.fault import DIALECTS, Category, Fault
from strength import recorded, recorded_report
from strength.afternoon import afternoon
from strength.recorded import RecordedTrial, trial

from agora_rest import spec
from agora_rest.contract.results.findings import Finding

FAULTS = {fault.name: fault for fault in catalogue() if fault.counted}


def test_nothing_is_found_where_nothing_is_wrong() -> None:
    found = recorded.false_findings()
    assert {name: [each.title for each in findings] for name, findings in found.items()} == {key: [] for key in found}
    assert {"an afternoon, current, undisturbed", "chromium-observed.har"} <= found.keys()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_same_afternoon_is_recorded_each_time_and_has_every_operation(dialect: spec.Dialect) -> None:
    calls = afternoon(dialect)
    assert recorded.shown(calls) == recorded.clean(dialect)
    paths = {call.exchange.url for call in calls}
    assert len(paths) > 50
    assert {call.exchange.method for call in calls} == {"GET", "POST", "PUT", "DELETE"}


@pytest.mark.parametrize(
    ("name", "check"),
    [
        ("resource-serves-again", "resource_serves_once"),
        ("status-falls-back", "status_grows"),
        ("deleted-rule-stays", "deleted_rule"),
        ("pages-are-one-short", "page_is_full"),
        ("bans-in-seconds", "rule_lasts"),
        ("reset-changes-nothing", "reset_renews"),
        ("former-push-stays", "one_push"),
        ("update-in-seconds-from-creation", "update_counts"),
    ],
)
def test_a_fault_is_noticed_in_the_recording(name: str, check: str) -> None:
    found = trial(FAULTS[name])
    assert found.touched
    assert found.found is not None
    assert found.found.check == check
    assert set(found.found.facts) & set(FAULTS[name].facts)


def test_what_others_may_have_caused_is_noticed_by_assumption_only() -> None:
    found = trial(FAULTS["kicked-and-there"])
    assert (found.touched, found.found) == (True, None)
    assert found.assuming is not None
    assert found.assuming.check == "banned_user"


def test_a_fault_in_calls_that_nobody_makes_is_not_touched() -> None:
    assert not trial(FAULTS["query-for-everybody"]).touched


def results(*caught: bool) -> recorded_report.RecordedResults:
    faults: list[Fault] = [fault for fault in FAULTS.values() if fault.category is Category.PAGING][: len(caught)]
    finding = Finding("list_channels", "title", "one", "two", ("CO-54", "CO-55"), check="page_is_full")
    trials = {
        fault.name: RecordedTrial(fault.name, True, finding if is_caught else None, finding)
        for fault, is_caught in zip(faults, caught, strict=True)
    }
    return recorded_report.RecordedResults(faults, trials, {"an afternoon": []}, 7.0)


def test_the_figure_is_of_the_touched_faults() -> None:
    text = recorded_report.section(results(True, True, False))
    assert (
        "**Of 3 faults that a recorded afternoon shows at all, `agora-rest contract check` notices 2 (66.7 %)" in text
    )
    assert "| all | 3 | 3 | 2 (66.7 %) | 3 (100.0 %) |" in text
    assert text.startswith(recorded_report.BEGIN)
    assert text.endswith(recorded_report.END)


@pytest.mark.parametrize(("caught", "good"), [((True, True, False), True), ((True, False), False)])
def test_less_than_required_is_not_good(caught: tuple[bool, ...], good: bool) -> None:
    assert results(*caught).good is good


def test_a_false_finding_is_not_good() -> None:
    measured = results(True)
    measured.false["an afternoon"].append("something")
    assert not measured.good


def test_the_part_of_the_report_is_replaced() -> None:
    part = f"{recorded_report.BEGIN}\n\nfirst\n\n{recorded_report.END}"
    document = recorded_report.replaced("# Title\n\nText.\n", part)
    assert document == f"# Title\n\nText.\n\n{part}\n"
    second = part.replace("first", "second")
    assert recorded_report.replaced(document, second) == document.replace("first", "second")
