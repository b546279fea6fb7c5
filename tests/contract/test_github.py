from __future__ import annotations

import io

from agora_rest.contract.results.reports.github import GithubReport, on_github
from tests.contract.sample_events import NOT_RUN, STORY, tell


def commands(story: list) -> list[str]:
    out = io.StringIO()
    tell(story, GithubReport(out))
    out.getvalue().encode()  # what cannot be printed would stop the run
    return [line for line in out.getvalue().splitlines() if line]


def test_every_finding_is_one_line_that_is_an_error() -> None:
    lines = commands(STORY)
    assert len([line for line in lines if line.startswith("::error ")]) == 4
    assert all(line.startswith(("::error title=", "::warning title=", "::notice title=")) for line in lines)


def test_nothing_a_server_says_becomes_a_command_or_an_escape() -> None:
    (line,) = [each for each in commands(STORY) if "create_project" in each]
    assert line.startswith("::error title=create_project [CO-11%2C CO-13]::")
    assert "100%25, so" in line
    assert "\\n::error::of the server's own%0A" in line


def test_stale_entries_are_warnings_and_known_findings_notices() -> None:
    lines = commands(STORY)
    assert any(line.startswith("::warning title=Contract baseline::Baseline: stop_recording") for line in lines)
    assert any(line.startswith("::notice title=list_projects%3A known until 2027-03-31::") for line in lines)


def test_skipped_facts_are_named_once_a_reason() -> None:
    assert "::notice title=Skipped: 1 check::the server does not let us control: users: CR-28".replace(
        "Skipped:", "Skipped%3A"
    ) in commands(STORY)


def test_a_run_that_could_not_start_is_an_error() -> None:
    assert commands(NOT_RUN) == ["::error title=Contract::The contract could not be checked: nobody is there."]


def test_it_knows_where_it_runs() -> None:
    assert on_github({"GITHUB_ACTIONS": "true"})
    assert not on_github({})
