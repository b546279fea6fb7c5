"""The figures, for the terminal and for docs/strength.md."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version

from strength.fault import Category, Fault
from strength.runner import PROCESSES, CleanRun, Size
from strength.trial import OURS, PLAIN, Suite, Verdict

REQUIRED = 0.98
"""The share of the faults that our suite must notice."""

_NAMES: dict[Suite, str] = {OURS: "agora-rest contract", PLAIN: "plain schemathesis"}


@dataclass
class Results:
    """What a run of the benchmark gave."""

    faults: Sequence[Fault]
    verdicts: dict[str, list[Verdict]]
    suites: Sequence[Suite]
    size: Size
    seconds: float
    excluded: Sequence[Fault] = ()
    clean: list[CleanRun] = field(default_factory=list)

    def verdict(self, fault: Fault, suite: Suite) -> Verdict:
        """What a suite said of a fault."""
        return next(each for each in self.verdicts[fault.name] if each.suite == suite)

    def caught(self, suite: Suite, faults: Iterable[Fault] | None = None) -> int:
        """How many of these faults a suite noticed; of all, when none are named."""
        return sum(self.verdict(fault, suite).caught for fault in (self.faults if faults is None else faults))

    def missed(self, suite: Suite) -> list[Fault]:
        """The faults that a suite did not notice."""
        return [fault for fault in self.faults if not self.verdict(fault, suite).caught]

    @property
    def troubles(self) -> list[str]:
        """The trials that came to nothing, and why."""
        return [f"{name}: {each.trouble}" for name, said in self.verdicts.items() for each in said if each.trouble]

    @property
    def good(self) -> bool:
        """Is our score what it must be, and nothing found where nothing is wrong?"""
        strong = OURS not in self.suites or not self.faults or self.caught(OURS) >= REQUIRED * len(self.faults)
        return strong and not any(run.findings for run in self.clean)


def terminal(results: Results) -> str:
    """The scores as plain text."""
    lines = []
    if results.faults:
        lines += _text(["category", "faults", *(_NAMES[suite] for suite in results.suites)], _by_category(results))
        for suite in results.suites:
            lines += ["", *_text([f"noticed by ({_NAMES[suite]})", "faults"], _by_layer(results, suite))]
        if OURS in results.suites:
            lines += [
                "",
                *(
                    f"missed: {fault.name}: {fault.sentence} ({', '.join(fault.facts)})"
                    for fault in results.missed(OURS)
                ),
            ]
        lines += ["", f"{len(results.faults)} faults in {results.seconds:.0f} s on {PROCESSES} processes."]
    if results.clean:
        found = sum(len(run.findings) for run in results.clean)
        slowest = max(run.seconds for run in results.clean)
        lines.append(f"Clean: {found} findings in {len(results.clean)} runs; the slowest took {slowest:.0f} s.")
        lines += [f"  {run.dialect}, seed {run.seed}: {title}" for run in results.clean for title in run.findings]
    return "\n".join(lines)


def markdown(results: Results, today: date) -> str:
    """The whole report."""
    ours, plain, count = results.caught(OURS), results.caught(PLAIN), len(results.faults)
    examples = results.size.max_examples
    parts = [
        "# How strong the contract suite is",
        f"Written by `make strength` on {today.isoformat()}.",
        f"**{ours} of {count} seeded faults are noticed ({_share(ours, count)}), {plain} ({_share(plain, count)}) by "
        "plain schemathesis.** Each fault is one change of behaviour of the emulator that breaks a fact, at its edge "
        "or inside it; a suite notices it when a run ends with a finding. What the suite is worth with faults that are "
        "not in this catalogue, the figure cannot say. The faults are written from the facts, as the checks are, and "
        "without a look at these.",
        f"Both suites are given the same specifications, credentials, seed ({results.size.seed}) and number of "
        f"examples ({examples} an operation), and stop at the first finding. Schemathesis runs all its checks, in its "
        "examples, coverage, fuzzing and stateful phases, configured by the project's `schemathesis.toml`, under which "
        "it raises no false alarm here, and against an emulator without a rate limit. A fault that changes no answer "
        "of its run without faults is not run again: the same seed and the same answers make the same requests.",
        "## By category",
        _table(["Category", "Faults", "agora-rest contract", "plain schemathesis"], _by_category(results)),
        "## By what noticed",
        *(
            part
            for suite in results.suites
            for part in (
                f"### {_NAMES[suite].capitalize() if suite == PLAIN else _NAMES[suite]}",
                _table(["Layer", "Faults"], _by_layer(results, suite)),
            )
        ),
        f"Of the {ours} findings of `agora-rest contract`, {_named(results)} name a fact that the fault breaks.",
        "## Without a fault",
        _clean_part(results),
        "## Not noticed by agora-rest contract",
        _list(results.missed(OURS), lambda fault: fault.sentence) or "None.",
        "## Not counted",
        _list(results.excluded, lambda fault: f"{fault.sentence}. {fault.excluded}") or "None.",
        "## Every fault",
        _table(
            ["Fault", "Facts", "Dialect", "What is wrong", "agora-rest contract", "plain schemathesis"],
            [_row(results, fault) for fault in results.faults],
        ),
        "## Measured with",
        _table(["", ""], [*_versions(), ["Matrix", f"{results.seconds:.0f} s on {PROCESSES} processes"]]),
    ]
    return "\n\n".join(parts) + "\n"


def _by_category(results: Results) -> list[list[str]]:
    rows = []
    for category in Category:
        faults = [fault for fault in results.faults if fault.category is category]
        if faults:
            rows.append(
                [category.value, str(len(faults)), *(_score(results, suite, faults) for suite in results.suites)]
            )
    total = ["all", str(len(results.faults)), *(_score(results, suite, results.faults) for suite in results.suites)]
    return [*rows, total]


def _score(results: Results, suite: Suite, faults: Sequence[Fault]) -> str:
    caught = results.caught(suite, faults)
    return f"{caught} ({_share(caught, len(faults))})"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"


def _by_layer(results: Results, suite: Suite) -> list[list[str]]:
    layers = Counter(results.verdict(fault, suite).layer or "nothing" for fault in results.faults)
    return [[layer, str(count)] for layer, count in sorted(layers.items(), key=lambda each: (-each[1], each[0]))]


def _named(results: Results) -> int:
    return sum(bool(set(results.verdict(fault, OURS).facts) & set(fault.facts)) for fault in results.faults)


def _row(results: Results, fault: Fault) -> list[str]:
    verdicts = [results.verdict(fault, suite) for suite in (OURS, PLAIN)]
    told = [f"`{verdict.check}`" if verdict.caught else "-" for verdict in verdicts]
    return [f"`{fault.name}`", ", ".join(fault.facts), fault.dialect, fault.sentence, *told]


def _clean_part(results: Results) -> str:
    if not results.clean:
        return "Not measured in this run."
    rows = [[run.dialect, str(run.seed), str(len(run.findings)), f"{run.seconds:.0f} s"] for run in results.clean]
    return (
        f"The whole suite on the emulator as it is, {PROCESSES} runs at a time; any finding is a false alarm.\n\n"
        + _table(["Dialect", "Seed", "Findings", "Time"], rows)
    )


def _versions() -> list[list[str]]:
    names = ("agora-rest", "schemathesis", "hypothesis", "httpx", "uvicorn")
    return [["Python", platform.python_version()], *([name, version(name)] for name in names)]


def _list(faults: Iterable[Fault], text: Callable[[Fault], str]) -> str:
    return "\n".join(f"- `{fault.name}` ({', '.join(fault.facts)}): {text(fault)}" for fault in faults)


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _text(head: list[str], rows: list[list[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in (head, *rows)
    ]
