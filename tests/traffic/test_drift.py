"""The summary of drift: of a client's file, and of recorded traffic."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from agora_rest.cli.traffic import app
from agora_rest.contract.traffic.drift import Drift, drift_in
from agora_rest.contract.traffic.units import HarError
from tests.traffic.hars import acquired, har, started, stream

LINE = {
    "run": "r1",
    "at": "2026-01-01T10:00:00+00:00",
    "operation": "list_projects",
    "check": "project_vendor_key",
    "rule": "The App ID of a project never changes",
    "facts": ["CO-11"],
    "expected": "the same",
    "got": "another",
    "times": 1,
}


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def lines(*entries: Any) -> io.BytesIO:
    return io.BytesIO("".join(f"{json.dumps(entry)}\n" for entry in entries).encode())


def test_a_line_counts_for_its_run() -> None:
    last = {**LINE, "times": 20, "at": "2026-01-03T10:00:00+00:00"}
    (found,) = drift_in(lines(LINE, {**LINE, "times": 2}, last, {**LINE, "run": "r2", "times": 5}))
    assert found == Drift(
        "list_projects",
        "project_vendor_key",
        "The App ID of a project never changes",
        ("CO-11",),
        25,
        "2026-01-01T10:00:00+00:00",
        "2026-01-03T10:00:00+00:00",
        "the same",
        "another",
    )


def test_the_most_frequent_comes_first() -> None:
    found = drift_in(lines(LINE, {**LINE, "operation": "find_project", "times": 3}))
    assert [each.operation for each in found] == ["find_project", "list_projects"]


def test_lines_that_a_killed_client_could_not_finish_are_passed_over() -> None:
    line = json.dumps(LINE)
    text = f"{line}\n{line[:50]}{line}\n{json.dumps({**LINE, 'times': 3})}\n{line[:-1]}"
    (found,) = drift_in(io.BytesIO(text.encode()))
    assert found.times == 3


def test_an_empty_file_is_one_without_drift() -> None:
    assert drift_in(io.BytesIO(b"")) == []


@pytest.mark.parametrize("change", [{"times": 0}, {"times": True}, {"facts": None}, {"at": 5}])
def test_a_line_of_another_kind_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(HarError, match="line 2"):
        drift_in(lines(LINE, {**LINE, **change}))


@pytest.mark.parametrize("content", [b"not JSON", b"[]", b'{"log": 1}', b"\xff\xfe"])
def test_a_file_of_another_kind_is_refused(content: bytes) -> None:
    with pytest.raises(HarError):
        drift_in(io.BytesIO(content))


@pytest.mark.fact("CR-12")
def test_recorded_traffic_is_summarised_with_its_times() -> None:
    again = [started(sid=f"s{number}", at=10.0 * number) for number in range(1, 4)]
    (found,) = drift_in(stream(har(acquired(at=0), *again)))
    assert (found.check, found.times) == ("resource_serves_once", 2)
    assert (found.first, found.last) == ("2023-11-14T22:13:40+00:00", "2023-11-14T22:13:50+00:00")


def test_the_command_prints_each_kind(tmp_path: Path) -> None:
    path = tmp_path / "drift.jsonl"
    path.write_bytes(lines(LINE, {**LINE, "times": 2}).getvalue())
    ran = run("watch", path)
    assert ran.exit_code == 1
    assert "list_projects: The App ID of a project never changes" in ran.output
    assert "CO-11" in ran.output
    assert "seen 2 times, 2026-01-01T10:00:00+00:00" in ran.output
    document = json.loads(run("watch", path, "--json").output)
    assert document["drift"][0]["times"] == 2


def test_the_command_says_that_there_is_none(tmp_path: Path) -> None:
    path = tmp_path / "drift.jsonl"
    path.touch()
    ran = run("watch", path)
    assert (ran.exit_code, ran.output) == (0, "No drift seen.\n")


def test_the_command_cannot_read_anything_else(tmp_path: Path) -> None:
    path = tmp_path / "other.txt"
    path.write_text("words", encoding="utf-8")
    assert run("watch", path).exit_code == 2
