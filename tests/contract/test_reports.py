from __future__ import annotations

import io
import json

import pytest
from rich.console import Console

from agora_rest.contract.results import events
from agora_rest.contract.results.events import Event, Outcome
from agora_rest.contract.results.findings import Finding
from agora_rest.contract.results.reports.json import JsonReport
from agora_rest.contract.results.reports.terminal import TerminalReport

FINDING = Finding(
    operation="acquire",
    title="A resource ID is [bold]good[/bold] for five minutes",
    expected="error 433",
    got="200 {}",
    facts=("CR-11",),
    requests=('curl -sS -u "$AGORA_CUSTOMER_ID:$AGORA_CUSTOMER_CERTIFICATE" http://server/' + "x" * 200,),
    check="a_check",
    phase="facts",
    times=3,
)
STORY: list[Event] = [
    events.RunStarted(
        "http://server", ("console",), ("list_projects", "acquire"), 7, 30, "auto", "unlimited", ("clock",)
    ),
    events.PhaseStarted("facts", "", 2),
    events.Progress("facts", 0, "a_check"),
    events.CoverageSeen("list_projects", 200, frozenset({"id"}), "facts"),
    events.CoverageSeen("list_projects", 401, frozenset({"name"}), "facts"),
    events.CheckFailed("a_check", ("CR-11",), "facts"),
    events.FindingFound(FINDING),
    events.CheckPassed("b_check", ("CR-12",), "facts"),
    events.CheckSkipped("c_check", ("CR-28",), "the server does not let us control: clock"),
    events.PhaseFinished("facts", "", 1.5),
    events.RunFinished(Outcome.BROKEN, "The contract is broken: 1 finding.", (FINDING,), 2.0),
]


def printed(story: list[Event], *, terminal: bool, width: int = 100) -> str:
    out = io.StringIO()
    report = TerminalReport(Console(file=out, force_terminal=terminal, width=width, color_system=None))
    for event in story:
        report.handle(event)
    return out.getvalue()


@pytest.mark.parametrize("terminal", [False, True])
def test_the_terminal_tells_what_held_what_broke_and_what_was_skipped(terminal: bool) -> None:
    text = printed(STORY, terminal=terminal)
    assert "[CR-11]" in text
    assert "[bold]good[/bold]" in text, "what a finding says is no markup"
    assert "expected  error 433" in text
    assert "$AGORA_CUSTOMER_CERTIFICATE" in text
    assert "Skipped CR-28: the server does not let us control: clock" in text
    assert "seen 3 times" in text
    assert text.rstrip().endswith("The contract is broken: 1 finding.")
    row = next(line.split() for line in text.splitlines() if line.startswith("list_projects"))
    assert row == ["list_projects", "1", "1", "200", "401", "-"]


def test_a_long_request_is_not_cut_off() -> None:
    assert printed(STORY, terminal=False, width=60).count("x" * 200) == 1


def test_a_run_that_could_not_start_prints_one_sentence() -> None:
    story = [events.RunFinished(Outcome.COULD_NOT_RUN, "The contract could not be checked: nobody is there.", (), 0.1)]
    assert printed(story, terminal=False).strip() == "The contract could not be checked: nobody is there."


def test_the_json_report_holds_the_whole_run(tmp_path) -> None:
    report = JsonReport(tmp_path / "new")
    for event in STORY:
        report.handle(event)
    written = json.loads((tmp_path / "new" / "contract.json").read_text())
    assert (written["outcome"], written["exit_code"]) == ("broken", 1)
    assert written["run"]["seed"] == 7
    assert written["findings"][0]["facts"] == ["CR-11"]
    assert [(each["check"], each["outcome"]) for each in written["checks"]] == [
        ("a_check", "failed"),
        ("b_check", "passed"),
        ("c_check", "skipped"),
    ]
    assert written["operations"]["list_projects"] == {"statuses": {"200": 1, "401": 1}, "parameters": ["id", "name"]}
    assert written["operations"]["acquire"] == {"statuses": {}, "parameters": []}


def test_a_report_passes_over_events_it_does_not_know(tmp_path) -> None:
    class News:
        pass

    printed([News(), *STORY], terminal=False)  # type: ignore[list-item]
    JsonReport(tmp_path).handle(News())  # type: ignore[arg-type]
