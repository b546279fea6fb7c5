"""Every fact is stated, enforced and checked, and the table that shows it is current."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from agora_rest import spec
from scripts import facts_table

PROJECT = Path(__file__).parents[2]

STALE = "is not current"


@pytest.fixture(scope="module")
def table() -> list[facts_table.Row]:
    return facts_table.rows()


def stating(row: facts_table.Row, **members: str) -> facts_table.Row:
    """The row of a fact that states something else."""
    return replace(row, fact=row.fact._replace(**members))


@pytest.fixture(scope="module")
def problems() -> list[str]:
    """What is wrong, seen from a process of its own: other tests add checks to the registry of this one."""
    script = [sys.executable, "-m", "scripts.facts_table", "--check"]
    return subprocess.run(script, cwd=PROJECT, capture_output=True, text=True, check=False).stderr.splitlines()


def test_every_fact_is_checked_or_says_why_nothing_can(problems: list[str]) -> None:
    assert [problem for problem in problems if STALE not in problem] == []


def test_the_table_in_the_documentation_is_current(problems: list[str]) -> None:
    assert [problem for problem in problems if STALE in problem] == []


def test_the_table_has_every_fact_once(table: list[facts_table.Row]) -> None:
    assert [row.fact.number for row in table] == list(spec.facts())


def test_the_page_states_every_decision(table: list[facts_table.Row]) -> None:
    page = facts_table.markdown(table)
    decided = [fact for fact in spec.facts().values() if fact.decision]
    assert [fact.number for fact in decided if f"- **{fact}**: {fact.decision}\n" not in page] == []
    assert page.count("\n- **C") == len(decided)


def test_a_fact_that_nothing_checks_is_a_hole(table: list[facts_table.Row]) -> None:
    bare = replace(stating(table[0], unchecked=""), checks=(), tests=())
    assert facts_table.holes([bare, *table[1:]]) == [
        f"{bare.fact}: nothing checks it, and it does not say why nothing can"
    ]
    assert facts_table.holes([stating(bare, unchecked="it cannot be seen"), *table[1:]]) == []


def test_a_fact_that_is_checked_does_not_say_that_nothing_can(table: list[facts_table.Row]) -> None:
    (hole,) = facts_table.holes([replace(stating(table[0], unchecked="it cannot be seen"), checks=("a",)), *table[1:]])
    assert "and something does" in hole


def test_a_fact_that_no_specification_states_is_a_hole(table: list[facts_table.Row]) -> None:
    (hole,) = facts_table.holes([replace(table[0], specification=()), *table[1:]])
    assert "no specification states it" in hole


def test_a_number_that_no_fact_has_is_a_hole(table: list[facts_table.Row]) -> None:
    others = [row for row in table if row.fact.number != "CO-57"]
    assert any("CO-57" in hole and "no fact" in hole for hole in facts_table.holes(others))


def test_marks_are_found_wherever_they_stand(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_sample.py").write_text(
        "import pytest\n"
        'pytestmark = pytest.mark.fact("CR-01")\n'
        '@pytest.mark.fact("CR-02", "CR-03")\n'
        "def test_a(): ...\n"
        '@pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.fact("CR-04"))])\n'
        'def test_b(x): "CR-05"\n'
    )
    found = facts_table.marked_tests([tmp_path / "tests"])
    assert found == {number: {"tests/test_sample.py"} for number in ("CR-01", "CR-02", "CR-03", "CR-04")}


def test_cells_do_not_break_the_table(table: list[facts_table.Row]) -> None:
    lines = facts_table.markdown([stating(table[0], title="a | b"), *table[1:]]).splitlines()
    assert {line.count("|") for line in lines if line.startswith("|")} == {6}
