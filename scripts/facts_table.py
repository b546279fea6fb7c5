"""Joins every fact with what states it, what enforces it and what checks it, and writes the table `docs/facts.md`.

`python -m scripts.facts_table` writes and prints; with `--check` it writes nothing and fails when the table is not
current. Both fail for a fact that nothing checks (unless it says why nothing can: `unchecked` in
contract_tests/facts.yaml), for one that says so and that a check of servers guards all the same, and for a number that
no fact has. Our own tests may well show on the emulator what no check can see on a server.
"""

from __future__ import annotations

import argparse
import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from agora_rest import spec
from agora_rest.contract.checking.fact_locations import Location, locations
from agora_rest.contract.checking.guards import guards
from scripts import facts_json

PROJECT = Path(__file__).resolve().parent.parent
TABLE = PROJECT / "docs" / "facts.md"
EMULATOR = PROJECT / "src" / "agora_rest" / "emulator"
TESTS = (PROJECT / "tests", PROJECT / "contract_tests")

NUMBER = re.compile(r"\bC[RO]-\d{2,}\b")

HEADINGS = {"cloud-recording": "Cloud Recording", "console": "Console"}

INTRODUCTION = """\
# The facts

Written by `make facts`; do not edit. Every statement of Agora's documents that can be checked, those of 2019 and the
present ones, has a number (`agora-rest contract explain CR-11` prints one in full). The tables join the numbers with

- **specification**: where `x-facts` has them in `openapi/`: operations, then components;
- **emulator**: the modules of `src/agora_rest/emulator/` that carry them; *validation* where the rule is one of the
  specification's for requests, to which the emulator holds them;
- **edition**: the documents in which the fact holds: those of 2019 (and 2020), the present ones, or both;
- **checked by**: the checks of `agora-rest contract run`, which run against any server, and the files with tests that
  are marked with the number.

Where a document contradicts itself, has a misprint or is silent, and software must decide, a
[decision](#decisions) says how.
"""


@dataclass(frozen=True)
class Row:
    """A fact and everything with its number, each in a fixed order."""

    fact: spec.Fact
    specification: tuple[str, ...]
    emulator: tuple[str, ...]
    checks: tuple[str, ...]
    tests: tuple[str, ...]


def rows() -> list[Row]:
    """Every fact, in the order of the documents."""
    emulated, tested = emulator_modules(), marked_tests()
    return [_row(fact, emulated, tested) for fact in spec.facts().values()]


def _row(fact: spec.Fact, emulated: Mapping[str, Iterable[str]], tested: Mapping[str, Iterable[str]]) -> Row:
    number = fact.number
    stated = locations(number)
    modules = tuple(sorted(emulated.get(number, ())))
    if not modules and any(place.in_request for place in stated):
        modules = ("*validation*",)
    return Row(
        fact=fact,
        specification=tuple(dict.fromkeys(map(short_place, stated))),
        emulator=modules,
        checks=tuple(guard.name for guard in guards(number)),
        tests=tuple(sorted(tested.get(number, ()))),
    )


def short_place(place: Location) -> str:
    """A place as people call it: the operation it is in, or the component."""
    steps = place.pointer.split("/")
    if steps[1] == "paths":
        return place.operations[0] if place.operations else place.pointer
    if steps[1] == "components":
        return ".".join([steps[3], *(step for step in steps[4:] if step != "properties")])
    return steps[1]


def emulator_modules() -> dict[str, set[str]]:
    """The emulator's modules by the numbers that stand in them."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted(EMULATOR.rglob("*.py")):
        for number in NUMBER.findall(path.read_text(encoding="utf-8")):
            found[number].add(path.relative_to(EMULATOR).as_posix())
    return found


def marked_tests(places: Iterable[Path] = TESTS) -> dict[str, set[str]]:
    """The files with tests by the numbers they are marked with."""
    found: dict[str, set[str]] = defaultdict(set)
    for place in places:
        for path in sorted(place.rglob("test_*.py")):
            for number in _marks(ast.parse(path.read_text(encoding="utf-8"))):
                found[number].add(path.relative_to(place.parent).as_posix())
    return found


def _marks(module: ast.Module) -> Iterator[str]:
    """The arguments of every `pytest.mark.fact(…)`, wherever it stands: decorator, `pytestmark` or parameter."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.fact":
            values = (each.value for each in node.args if isinstance(each, ast.Constant))
            yield from (value for value in values if isinstance(value, str))


def holes(table: Iterable[Row]) -> list[str]:
    """What is wrong with the table, a sentence each."""
    found = []
    known = set()
    for row in table:
        fact = row.fact
        known.add(fact.number)
        if not row.checks and not row.tests and not fact.unchecked:
            found.append(f"{fact}: nothing checks it, and it does not say why nothing can")
        if fact.unchecked and row.checks:
            found.append(f"{fact}: it says that nothing can check it, and something does")
        if not row.specification:
            found.append(f"{fact}: no specification states it")
    for where, numbers in (("the emulator", emulator_modules()), ("a test's mark", marked_tests())):
        found += [f"{number}: no fact, but {where} has it" for number in sorted(numbers.keys() - known)]
    return found


def markdown(table: Iterable[Row]) -> str:
    listed = list(table)
    checked = sum(bool(row.checks or row.tests) for row in listed)
    on_servers = sum(bool(row.checks) for row in listed)
    parts = [
        INTRODUCTION,
        f"{len(listed)} facts: {checked} are checked, {on_servers} of them on any server; "
        f"{len(listed) - checked} cannot be, and say why.\n",
    ]
    for api, heading in HEADINGS.items():
        columns = ("Fact", "Edition", "Specification", "Emulator", "Checked by")
        parts.append(f"## {heading}\n\n| {' | '.join(columns)} |\n|{' --- |' * len(columns)}")
        parts += [_line(row) for row in listed if row.fact.api == api]
        parts.append("")
    parts.append("## Decisions\n")
    parts += [f"- **{row.fact}**: {row.fact.decision}" for row in listed if row.fact.decision]
    parts.append("")
    return "\n".join(parts)


def _line(row: Row) -> str:
    checked = [f"`{name}`" for name in row.checks] + list(row.tests)
    fact = row.fact
    if fact.unchecked:
        checked.append(f"on no server: {fact.unchecked}" if checked else f"nothing: {fact.unchecked}")
    elif not checked:
        checked = ["**nothing**"]
    cells = (
        f"**{fact.number}** {fact.title}",
        fact.editions[0] if len(fact.editions) == 1 else "both",
        ", ".join(f"`{each}`" for each in row.specification),
        ", ".join(row.emulator) or "-",
        "<br>".join(checked),
    )
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def overview(table: Iterable[Row]) -> str:
    """The table in brief, for a terminal."""
    lines = [f"{'fact':<6} {'spec':>4} {'emulator':>8} {'checks':>6} {'tests':>5}  title"]
    for row in table:
        counts = (len(row.specification), len(row.emulator), len(row.checks), len(row.tests))
        lines.append("{:<6} {:>4} {:>8} {:>6} {:>5}  {}".format(row.fact.number, *counts, row.fact.title))
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when docs/facts.md is not current")
    check = parser.parse_args(arguments).check
    if facts_json.TARGET.read_text(encoding="utf-8") != facts_json.facts_json(facts_json.SOURCE):
        raise SystemExit(f"{facts_json.TARGET.relative_to(PROJECT)} is not current: run `make generate`")
    table = rows()
    text = markdown(table)
    problems = holes(table)
    if check:
        if not TABLE.exists() or TABLE.read_text(encoding="utf-8") != text:
            problems.append(f"{TABLE.relative_to(PROJECT)} is not current: run `make facts`")
    else:
        print(overview(table))
        TABLE.parent.mkdir(exist_ok=True)
        TABLE.write_text(text, encoding="utf-8")
    if problems:
        raise SystemExit("\n".join(problems))


if __name__ == "__main__":
    main()
