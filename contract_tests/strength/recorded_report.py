"""The figure of recorded traffic: the matrix, and its part of docs/strength.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from faults.fault import DIALECTS, Category, Fault

from strength.recorded import UNDISTURBED, RecordedTrial

REQUIRED: Final = 0.6
"""The share of the touched faults that a check of the recording must notice."""
BEGIN: Final = "<!-- recorded traffic: begin -->"
END: Final = "<!-- recorded traffic: end -->"

_WHY: Final = """
Whoever cannot run a suite against an account can record an afternoon. An ordinary program talks to the emulator through
our recorder: the office of a school looks at projects, pages through channels, puts pupils out, records lessons in
every mode and reads usage, about 350 calls within a few hours of the emulator's clock, and at the end one call of every
operation. It makes no call that is wrong on purpose, and is the same for every fault. `agora-rest contract check` reads
the redacted file, and nothing else. The faults are blind ones, but the program and the models behind the check were
written with the catalogue at hand: the figure says what such a check can notice, and does not cover other faults.

A fault is *touched* if the recording shows it at all: its exchanges differ from those without the fault, once random
IDs are taken out. That is the ceiling: the other faults are in answers to calls that this program does not make. A
recording whose fault breaks down ends there.

By default a check reports only what nobody else can have caused. With `--undisturbed 10` it also reports what another
client, or users who come and go, could have caused between two exchanges at most ten seconds apart.
"""


@dataclass
class RecordedResults:
    """The results of all trials."""

    faults: Sequence[Fault]
    trials: dict[str, RecordedTrial]
    false: dict[str, list[str]] = field(default_factory=dict)
    """What was found where nothing is wrong, by recording."""
    processor_seconds: float = 0.0

    def touched(self, faults: Sequence[Fault]) -> list[RecordedTrial]:
        """The trials of these faults whose recording shows them."""
        return [self.trials[fault.name] for fault in faults if self.trials[fault.name].touched]

    @property
    def good(self) -> bool:
        """Is the score what it must be, and nothing found where nothing is wrong?"""
        touched = self.touched(self.faults)
        return sum(bool(each.found) for each in touched) >= REQUIRED * len(touched) and not any(self.false.values())


def terminal(results: RecordedResults) -> str:
    """The scores as plain text."""
    lines = [" ".join(row) for row in _rows(results)]
    false = [f"false: {name}: {title}" for name, titles in results.false.items() for title in titles]
    missed = [f"missed: {each.name}" for each in results.touched(results.faults) if not each.found]
    return "\n".join([*lines, *missed, *false, f"{results.processor_seconds:.0f} s of processor time"])


def section(results: RecordedResults) -> str:
    """The part of docs/strength.md, between its two marks."""
    touched = results.touched(results.faults)
    found, assuming = sum(bool(each.found) for each in touched), sum(bool(each.assuming) for each in touched)
    head = ["Category", "Faults", "Touched", "Noticed", "Noticed with `--undisturbed 10`"]
    named = sum(bool(set(each.found.facts) & set(_facts(results, each))) for each in touched if each.found)
    missed = ", ".join(f"`{each.name}`" for each in touched if not each.found)
    parts = [
        BEGIN,
        "## From recorded traffic",
        f"**Of {len(touched)} faults that a recorded afternoon shows at all, `agora-rest contract check` notices "
        f"{found} ({_share(found, len(touched))}), and {assuming} ({_share(assuming, len(touched))}) with "
        f"`--undisturbed {UNDISTURBED:.0f}`.**",
        "\n\n".join(" ".join(part.split()) for part in _WHY.strip().split("\n\n")),
        _table(head, _rows(results)),
        f"Of the {found} first findings {named} name a fact that the fault breaks.",
        f"Without a fault {sum(map(len, results.false.values()))} findings in {len(results.false)} checks: an "
        "afternoon in each dialect, with and without `--undisturbed`, and what Chromium recorded.",
        f"Touched and not noticed: {missed or 'none'}.",
        f"Measured in {results.processor_seconds:.0f} s of processor time.",
        END,
    ]
    return "\n\n".join(parts)


def replaced(document: str, part: str) -> str:
    """A document with `part` in the place of the part between the marks, or at its end if it has none."""
    before, mark, rest = document.partition(BEGIN)
    if not mark:
        return f"{document.rstrip()}\n\n{part}\n"
    return f"{before}{part}{rest.partition(END)[2]}"


def _rows(results: RecordedResults) -> list[list[str]]:
    rows = []
    for name, faults in (
        *((each.value, [fault for fault in results.faults if fault.category is each]) for each in Category),
        *((f"dialect {each}", [fault for fault in results.faults if fault.dialect == each]) for each in DIALECTS),
        ("all", list(results.faults)),
    ):
        touched = results.touched(faults)
        scores = [sum(bool(each.found) for each in touched), sum(bool(each.assuming) for each in touched)]
        shares = [f"{score} ({_share(score, len(touched))})" for score in scores]
        if faults:
            rows.append([name, str(len(faults)), str(len(touched)), *shares])
    return rows


def _facts(results: RecordedResults, tried: RecordedTrial) -> tuple[str, ...]:
    return next(fault.facts for fault in results.faults if fault.name == tried.name)


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"


def _table(head: list[str], rows: list[list[str]]) -> str:
    return "\n".join(f"| {' | '.join(line)} |" for line in [head, ["---"] * len(head), *rows])
