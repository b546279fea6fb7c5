from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from rich.console import Console

from agora_rest.contract.results.events import CheckSkipped, Event, RunFinished, RunStarted
from agora_rest.contract.results.findings import CausePlace
from agora_rest.contract.results.reports.json import JsonReport
from agora_rest.contract.results.reports.terminal import TerminalReport
from tests.contract.sample_events import LATE, NOT_RUN, STORY, tell


def printed(story: list[Event], *, terminal: bool, width: int = 100) -> str:
    out = io.StringIO()
    report = TerminalReport(Console(file=out, force_terminal=terminal, width=width, color_system=None))
    tell(story, report)
    return out.getvalue()


@pytest.mark.parametrize("terminal", [False, True])
def test_the_terminal_tells_what_held_what_broke_and_what_was_skipped(terminal: bool) -> None:
    text = printed(STORY, terminal=terminal)
    assert "[CR-11]" in text
    assert '[bold]"string"[/bold]' in text, "what a finding says is no markup"
    assert "expected  error 433" in text
    assert "$AGORA_CUSTOMER_CERTIFICATE" in text
    assert "Skipped CR-28: the server does not let us control: users" in text
    assert "seen 7 times" in text
    assert text.rstrip().endswith("The contract is broken: 4 findings.")
    row = next(line.split() for line in text.splitlines() if line.startswith("list_projects"))
    assert row == ["list_projects", "1", "1", "200", "502", "-"]


def test_the_terminal_names_every_operation_that_one_cause_affects() -> None:
    places = tuple(CausePlace(each, "a_check", "facts", ("CO-11",), 1) for each in ("list_projects", "create_project"))
    shared = replace(LATE, operation="list_projects", places=places)
    (end,) = (event for event in STORY if isinstance(event, RunFinished))
    story = [event for event in STORY if event is not end]
    text = printed([*story, replace(end, findings=(shared,))], terminal=False)
    assert "affects   list_projects, create_project\n" in text
    row = next(line.split() for line in text.splitlines() if line.startswith("list_projects"))
    assert row == ["list_projects", "1", "1", "200", "502", "1"]


def test_the_terminal_tells_by_which_documents_it_judges_and_which_dialect_it_saw() -> None:
    (begin, *middle, end) = STORY
    assert isinstance(begin, RunStarted)
    assert isinstance(end, RunFinished)
    why = "Judged by the documents of 2019, because it says so."
    begin = replace(begin, dialect="auto", recognised=why)
    lines = printed([begin, *middle, replace(end, dialect="observed")], terminal=False).splitlines()
    assert why in lines
    assert "Dialect: observed, as the responses show." in lines


def test_a_skipped_check_without_a_fact_is_called_by_its_name() -> None:
    skipped = CheckSkipped("succeeds_once", (), "query_recording found nothing to read")
    text = printed([*STORY[:-1], skipped, STORY[-1]], terminal=False)
    assert "Skipped succeeds_once: query_recording found nothing to read\n" in text


def test_the_facts_that_no_check_can_guard_are_named() -> None:
    begin, *rest = STORY
    assert isinstance(begin, RunStarted)
    text = printed([replace(begin, edition="current"), *rest], terminal=False)
    assert "no check can guard CR-70, CR-96, " in text
    assert "`agora-rest contract explain CR-70` says why" in " ".join(text.split())


def test_a_long_request_is_not_cut_off() -> None:
    assert printed(STORY, terminal=False, width=60).count(LATE.requests[0]) == 1


def test_a_run_that_could_not_start_prints_one_sentence() -> None:
    assert printed(NOT_RUN, terminal=False).strip() == "The contract could not be checked: nobody is there."


def test_the_json_report_holds_the_whole_run(tmp_path) -> None:
    tell(STORY, JsonReport(tmp_path / "new"))
    written = json.loads((tmp_path / "new" / "contract.json").read_text())
    assert (written["outcome"], written["exit_code"]) == ("broken", 1)
    assert written["run"]["seed"] == 7
    assert written["findings"][0]["facts"] == ["CR-11"]
    assert [(each["check"], each["outcome"]) for each in written["checks"]] == [
        ("a_resource_id_lasts_five_minutes", "failed"),
        ("after_a_stop_recording_needs_a_new_resource_id", "passed"),
        ("an_idle_recording_ends", "skipped"),
        ("succeeds_once", "passed"),
    ]
    assert written["operations"]["list_projects"] == {"statuses": {"200": 1, "502": 1}, "parameters": []}
    assert written["operations"]["start_recording"]["parameters"] == ["appid", "body.cname"]
    assert written["operations"]["acquire"] == {"statuses": {}, "parameters": []}


def test_a_report_passes_over_events_it_does_not_know(tmp_path) -> None:
    class News:
        pass

    printed([News(), *STORY], terminal=False)  # type: ignore[list-item]
    JsonReport(tmp_path).handle(News())  # type: ignore[arg-type]
