"""docs/performance.md: the words of the benchmarks with the figures of benchmarks/results.json, and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from benchmarks.processes import PROJECT
from benchmarks.rows import Results, Row, Section

DOCUMENT: Final = PROJECT / "docs" / "performance.md"
RESULTS: Final = Path(__file__).with_name("results.json")

_OPENING: Final = """# Performance

This page compares the costs of this package with those of others. `make bench` (`python -m benchmarks --write`) writes
it: the texts are those of the benchmarks in `benchmarks/`, the figures are in `benchmarks/results.json`.

Most figures are ratios, because they depend less on the machine. Each row compares two things that were measured in one
run, alternately, in short bursts (A B C, C B A, A B C …), so other load affected both in the same way. *Ratio* is the
median of the rounds, each compared with its neighbour. *Middle half* is the range of half of the rounds; a narrow range
is more reliable. *Figures* are the medians of the two. CPU is user and system time of the whole process with all its
threads. A line below each table states the load of the machine at the start: if it is above the number of cores, rates
and waits are rough.

The targets were set before the first measurement. *Met* and *not met* are computed from the ratio. Rows without a
target are for comparison.
"""

_UNEXPLAINED: Final = "**Why a target is not met here remains to be said.**"


def kept() -> dict[str, Results]:
    """What was measured last, by the name of the benchmark."""
    if not RESULTS.exists():
        return {}
    found = json.loads(RESULTS.read_text(encoding="utf-8"))
    return {name: Results.from_json(results) for name, results in found.items()}


def write(sections: Sequence[Section], results: Mapping[str, Results]) -> None:
    """Keep the results, and write the document from them."""
    RESULTS.write_text(
        json.dumps({name: one.to_json() for name, one in results.items()}, indent=1, ensure_ascii=False) + "\n",
        encoding="utf-8",
    )
    DOCUMENT.write_text(markdown(sections, results), encoding="utf-8")


def markdown(sections: Sequence[Section], results: Mapping[str, Results]) -> str:
    """The whole document. Benchmarks that have not been measured are left out."""
    measured = [(section, results[section.name]) for section in sections if section.name in results]
    parts = [_OPENING, _summary(measured), *(part for pair in measured for part in _chapter(*pair))]
    return "\n".join(part.strip("\n") + "\n" for part in parts)


def _summary(measured: Sequence[tuple[Section, Results]]) -> str:
    lines = ["| Benchmark | Targets met | Not met |", "| --- | --- | --- |"]
    for section, results in measured:
        judged = [row for row in results.rows if row.met is not None]
        missed = "; ".join(f"{row.what} ({row.ratio:.2f})" for row in judged if not row.met)
        met = f"{sum(row.met is True for row in judged)} of {len(judged)}" if judged else "none set"
        lines.append(f"| [{section.title}](#{_anchor(section.title)}) | {met} | {missed} |")
    return "\n".join(lines)


def _chapter(section: Section, results: Results) -> Iterator[str]:
    yield f"## {section.title}"
    yield section.meaning
    yield table(results.rows)
    if any(row.met is False for row in results.rows):
        yield section.limits or _UNEXPLAINED
    versions = ", ".join(f"{name} {version}" for name, version in results.versions.items())
    yield f"*Measured on {results.date}: {results.machine}; {versions}.*"


def table(rows: Sequence[Row]) -> str:
    lines = ["| What | Ratio | Middle half | Figures | Target | Verdict |", "| --- | --- | --- | --- | --- | --- |"]
    return "\n".join([*lines, *map(line, rows)])


def line(row: Row) -> str:
    spread = "" if row.low == row.high else f"{number(row.low)} … {number(row.high)}"
    return f"| {row.what} | {number(row.ratio)} | {spread} | {row.figures} | {row.target or ''} | {row.verdict} |"


def number(ratio: float) -> str:
    """Two digits after the point; more where it would be 0.0."""
    return f"{ratio:.2f}" if abs(ratio) >= 0.2 else f"{ratio:.4f}"


def _anchor(title: str) -> str:
    """The anchor that Markdown gives to a heading."""
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")
