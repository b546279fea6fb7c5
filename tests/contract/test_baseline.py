from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agora_rest.contract import runner
from agora_rest.contract.results.baseline import (
    ACCEPTED_FOR,
    BaselineError,
    BaselineFile,
    Entry,
    baseline_text,
    judge,
    parse_baseline,
    read_baseline,
)
from agora_rest.contract.results.events import Outcome, RunStarted
from agora_rest.contract.results.findings import Finding
from tests.contract.runs import made, quick_checks

TODAY = date(2026, 5, 1)
FINDING = Finding(
    operation="query_recording",
    title="Recording '5f3a' has a status from 0 to 5",
    expected="0 to 5",
    got="9",
    facts=("CR-42", "CR-41"),
    check="a_check",
)
ENTRY = Entry("query_recording", "a_check", ("CR-41", "CR-42"), date(2026, 5, 1), "reported")

VALID = """
[[accepted]]
operation = "query_recording"
check = "a_check"
facts = ["CR-42"]
until = 2027-03-31
reason = "reported"
"""


def verdict(entry: Entry, finding: Finding = FINDING, today: date = TODAY, **more: tuple[str, ...]):
    return judge([entry], [finding], today, **{"operations": ("query_recording",), **more})


def test_a_known_finding_is_accepted_until_the_end_of_its_last_day() -> None:
    accepted = verdict(ENTRY)
    assert accepted.broken == ()
    assert [(each.finding, each.reason) for each in accepted.accepted] == [(FINDING, "reported")]
    assert accepted.remarks == ()


def test_past_its_date_it_counts_as_broken_and_says_so() -> None:
    late = verdict(ENTRY, today=date(2026, 5, 2))
    assert late.broken == (FINDING,)
    assert late.accepted == ()
    (remark,) = late.remarks
    assert remark.startswith(
        "Baseline: query_recording, a_check [CR-41, CR-42] was accepted until 2026-05-01 (reported)"
    )
    assert remark.endswith("counts as broken.")


@pytest.mark.parametrize(
    "change",
    [{"operation": "acquire"}, {"check": "another"}, {"facts": ("CR-42",)}, {"title": "Another rule"}],
    ids=str,
)
def test_a_finding_that_differs_in_anything_is_broken(change: dict) -> None:
    entry = dataclasses.replace(ENTRY, title=FINDING.title)
    assert verdict(entry).broken == ()
    other = dataclasses.replace(FINDING, **change)
    assert verdict(entry, other).broken == (other,)


def test_ids_and_numbers_in_a_title_do_not_matter() -> None:
    entry = dataclasses.replace(ENTRY, title="Recording 'another' has a status from 0 to 7")
    assert verdict(entry).broken == ()


def test_an_entry_without_a_title_accepts_every_rule_of_its_check() -> None:
    assert verdict(ENTRY, dataclasses.replace(FINDING, title="Another rule")).broken == ()


def test_an_entry_nothing_was_found_for_is_reported() -> None:
    assert judge([ENTRY], [], TODAY, operations=("query_recording",)).remarks == (
        "Baseline: query_recording, a_check [CR-41, CR-42] was not found; the entry is not needed any more.",
    )


def test_an_entry_that_was_not_tried_is_not_called_unneeded() -> None:
    assert judge([ENTRY], [], TODAY, operations=("acquire",)).remarks == ()
    assert judge([ENTRY], [], TODAY, operations=("query_recording",), skipped=("a_check",)).remarks == ()


def test_of_two_entries_the_longer_lasting_one_counts() -> None:
    longer = dataclasses.replace(ENTRY, until=date(2027, 1, 1), reason="promised")
    expired = dataclasses.replace(ENTRY, until=date(2020, 1, 1))
    found = judge([expired, ENTRY, longer], [FINDING], TODAY, operations=())
    assert [each.reason for each in found.accepted] == ["promised"]
    assert found.remarks == ()


def test_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "known.toml").write_text(VALID)
    assert read_baseline(tmp_path / "known.toml") == (
        Entry("query_recording", "a_check", ("CR-42",), date(2027, 3, 31), "reported"),
    )


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("until = 2027-03-31\n", ""), "entry 1 lacks until"),
        (("until", "untill"), "entry 1 has untill, which no entry has"),
        (("2027-03-31", '"2027-03-31"'), "entry 1: until is no date such as 2027-03-31"),
        (("2027-03-31", "2027-03-31T00:00:00Z"), "entry 1: until is no date"),
        (('["CR-42"]', '"CR-42"'), "entry 1: facts is no list"),
        (('["CR-42"]', "[42]"), "entry 1: facts are strings"),
        (('"reported"', '" "'), "entry 1: reason is empty"),
        (("[[accepted]]", "[accepted]"), "begin with [[accepted]]"),
        (("[[accepted]]", "[[ignored]]"), "it has ignored"),
        (("[[accepted]]", "[[accepted"), "cannot be read"),
    ],
    ids=str,
)
def test_a_mistake_is_named_with_the_file(tmp_path: Path, change: tuple[str, str], complaint: str) -> None:
    file = tmp_path / "known.toml"
    file.write_text(VALID.replace(*change))
    with pytest.raises(BaselineError) as raised:
        read_baseline(file)
    assert complaint in str(raised.value)
    assert "known.toml" in str(raised.value)


def test_a_missing_file_is_a_mistake_too(tmp_path: Path) -> None:
    with pytest.raises(BaselineError, match=r"known\.toml cannot be read"):
        read_baseline(tmp_path / "known.toml")


def test_a_written_baseline_accepts_what_it_was_written_for(tmp_path: Path) -> None:
    file = tmp_path / "new" / "known.toml"
    BaselineFile.opened(file).write([FINDING], TODAY)
    (entry,) = read_baseline(file)
    assert entry.until == TODAY + ACCEPTED_FOR
    assert entry.title == FINDING.title
    assert verdict(entry).broken == ()


def test_a_baseline_written_anew_keeps_dates_and_reasons() -> None:
    other = dataclasses.replace(FINDING, operation="acquire")
    entries = parse_baseline(baseline_text([FINDING, other], TODAY, known=[ENTRY]))
    assert entries[0] == ENTRY
    assert entries[1].operation == "acquire"


def test_an_expired_entry_is_not_kept() -> None:
    (entry,) = parse_baseline(baseline_text([FINDING], date(2026, 5, 2), known=[ENTRY]))
    assert entry.until > date(2026, 5, 2)
    assert entry.reason == ENTRY.reason


def test_entries_that_were_not_met_stay_unless_they_are_dropped(tmp_path: Path) -> None:
    file = tmp_path / "known.toml"
    other = dataclasses.replace(FINDING, operation="acquire")
    file.write_text(VALID.replace('["CR-42"]', '["CR-41", "CR-42"]'))
    assert "1 of the former ones" in BaselineFile.opened(file).write([other], TODAY)
    assert [(each.operation, each.reason == "reported") for each in read_baseline(file)] == [
        ("acquire", False),
        ("query_recording", True),
    ]
    BaselineFile.opened(file).write([FINDING], TODAY)
    assert len(read_baseline(file)) == 2
    BaselineFile.opened(file, overwrite=True).write([FINDING], TODAY)
    assert [each.reason for each in read_baseline(file)] == ["reported"]


def test_a_file_of_another_kind_is_overwritten_only_if_told(tmp_path: Path) -> None:
    file = tmp_path / "known.toml"
    file.write_text("precious = 1\n")
    with pytest.raises(BaselineError, match="it has precious"):
        BaselineFile.opened(file)
    BaselineFile.opened(file, overwrite=True).write([FINDING], TODAY)
    assert len(read_baseline(file)) == 1


@pytest.mark.parametrize("place", ["/proc/known.toml", "/dev/null/known.toml", "."])
def test_a_file_that_cannot_be_written_is_named_before_the_run(place: str, tmp_path: Path) -> None:
    outcome, heard = made(write_baseline=tmp_path / place)
    assert outcome is Outcome.COULD_NOT_RUN
    assert heard.of(RunStarted) == []
    assert f"the baseline {tmp_path / place} cannot be written" in heard.finished.sentence


def test_a_run_says_that_it_has_written_a_baseline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "all_checks", lambda: quick_checks("CO-18"))
    file = tmp_path / "known.toml"
    file.write_text(VALID)
    outcome, heard = made(apis=("console",), fuzz=False, write_baseline=file)
    assert outcome is Outcome.HOLDS
    assert any(remark.startswith(f"Baseline written: {file} has 1 entry") for remark in heard.finished.remarks)
    assert read_baseline(file) == parse_baseline(VALID)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_text_survives_being_written(text: str) -> None:
    finding = Finding(operation=text, title=text, expected="", got="", facts=(text,), check=text)
    (entry,) = parse_baseline(baseline_text([finding], TODAY))
    assert entry.covers(finding)
    assert (entry.operation, entry.check, entry.facts, entry.title) == (finding.operation, text, (text,), finding.title)


def test_text_that_no_file_can_hold_does_not_stop_the_writing() -> None:
    assert parse_baseline(baseline_text([dataclasses.replace(FINDING, title="\ud800")], TODAY))
