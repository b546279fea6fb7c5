"""The figures, for the terminal and for docs/strength.md."""

from __future__ import annotations

import os
import platform
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from typing import Final

from faults.fault import DIALECTS, Category, Fault

from agora_rest.contract.options import DEFAULT_MAX_EXAMPLES
from strength.runner import PROCESSES, CleanRun, Measured, Plan
from strength.trial import OURS, PLAIN, Suite, TrialResult

REQUIRED = 0.98
"""The share of the faults that our suite must notice."""

_WHY = """
A test suite that finds nothing says little: the server may be right, or the suite may not look. So the emulator,
which keeps to every fact, is given one fault after the other, and each time the suite is run.
"""

_FAULT = """
One change of behaviour that breaks a fact, a numbered statement of the API's documents (see [facts](facts.md)): a
field that is missing, a limit that is off by one, a ban in seconds instead of minutes, a deletion that is forgotten.
It is planted inside the emulator, or at its edge, where a request or an answer is changed on its way. Before it
counts it is proved: a few calls must come out otherwise with the fault than without. A fault of a fact that only the
present documents state is tried in the dialect `current`, any other in one of the two dialects of 2019.

The faults that the figure counts were written from the facts, without looking at the checks; where one was not
noticed, a check was written from its fact. Faults that were written for a check are in the catalogue as well, to prove
that the check works, and are not counted. The figure does not cover faults outside this catalogue.

How the suite does with a fault that no check was written after is another question. The last 223 faults of the
catalogue were written to be subtle: rules about combinations, about order and time, about what a call leaves as it is,
and about what a server keeps. Before checks were added for them, the suite noticed 69 of the first 133 (52 %), 31 of
the 50 after them (62 %), and 22 of the last 40 (55 %). For these 90 the state machines were widened, instead of one
check being added for each.
"""

_METHOD = """
Both suites get the same specifications, the same credentials, the same seed ({seed}) and the same number of examples,
{examples} an operation, and stop at their first finding. (By default `agora-rest contract run` draws {default};
`--max-examples {default}` does so here, and takes longer.) A finding is a catch; a fault that breaks down by itself
is none, and with one no figures are published.

*agora-rest contract* runs whole, over HTTP, with the rate limit on. To be sooner at its first finding it begins with
the checks of the broken fact and goes on with those of the same API, and looks for no shorter way to what it found;
nothing is left out.

*Plain schemathesis* has all its checks on and runs its examples, coverage, fuzzing and stateful phases on both APIs. It
is spared what would be held against it unfairly. It runs with the project's `schemathesis.toml`, under which it raises
no false alarm here, on an emulator without a rate limit. It gets the edition of the specifications that the dialect
follows. Except in the documented dialect it runs without the check `unsupported_method`, which servers of the others do
not pass; and what servers take although it breaks a schema (null, and in the observed dialect digits in quotes) is no
failure. The App ID, the project and the channels that the documents' examples name are there, with users in the
channels; what the examples delete or switch off is a project that nothing else needs. Three things shorten its runs and
change nothing in them. Its requests are answered in the same process instead of over a socket. What its coverage phase
draws with a seed that is always the same, and what it makes of a schema by itself, is kept for the next run; its
configuration is merged once in a run. And what its runs share is made once: the same seed and the same answers make the
same requests, so a run on a fault is the run without faults up to the first answer that the fault changes. There the
process is forked, and the copy goes on as the run on the fault, up to its first failure. As long as its requests are
those of the run without faults, it gets the answers that the fault gave to those requests before; with another request,
it gets an emulator with the fault in the state in which it would be. A fault that changes no answer of the run without
faults is not run: that run would be the one without faults again. (Where it replaces functions of the emulator only,
and that run calls none of them, its answers are not asked for.)

A fourth thing shortens the runs that go on without a failure: a run ends with the scenario of the last answer that the
fault changes, if its requests were those of the run without faults so far. (A scenario is one operation in one phase,
or one run of the state machine.) Schemathesis keeps a little of a response for later scenarios, so this is no proof; on
2026-11-30 all 214 runs that it shortens went on to their end (`python -m strength --suite plain --whole`), and none of
them failed.
"""

_LAYERS = """
*Fact checks* try one rule each; *state machines* make calls in any order beside a model of the documents; *watching
all traffic* is looking at every answer that a check or the fuzzing gets, whatever it was asked for; *fuzzing* is
schemathesis with live IDs, by phase.
"""

_IN_README: Final = re.compile(r"Of \d+ seeded faults, `agora-rest contract run` notices [^.]*?dialects\.")

_NAMES: dict[Suite, str] = {OURS: "agora-rest contract", PLAIN: "plain schemathesis"}


@dataclass(frozen=True)
class Results:
    """The results of a run of the benchmark. excluded: the faults that the figure does not count."""

    plan: Plan
    measured: Measured
    excluded: Sequence[Fault] = ()

    @property
    def faults(self) -> Sequence[Fault]:
        """Those that were planted for the suites."""
        return self.plan.faults if self.suites else ()

    @property
    def suites(self) -> Sequence[Suite]:
        """Those that were run on the faults."""
        return self.plan.suites

    @property
    def clean(self) -> Sequence[CleanRun]:
        """The runs without a fault."""
        return self.measured.clean

    def verdict(self, fault: Fault, suite: Suite) -> TrialResult:
        """The result of a suite for a fault."""
        return next(each for each in self.measured.verdicts[fault.name] if each.suite == suite)

    def caught(self, suite: Suite, faults: Iterable[Fault] | None = None) -> int:
        """How many of these faults a suite noticed; of all, when none are named."""
        return sum(self.verdict(fault, suite).caught for fault in (self.faults if faults is None else faults))

    def missed(self, suite: Suite) -> list[Fault]:
        """The faults that a suite did not notice."""
        return [fault for fault in self.faults if not self.verdict(fault, suite).caught]

    @property
    def troubles(self) -> list[str]:
        """The trials that came to nothing, and why."""
        verdicts = self.measured.verdicts.items()
        return [f"{name}: {each.trouble}" for name, said in verdicts for each in said if each.trouble]

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
    if results.clean:
        found = sum(len(run.findings) for run in results.clean)
        slowest = max(run.seconds for run in results.clean)
        lines.append(
            f"Clean: {found} findings in {len(results.clean)} runs; the slowest took {slowest:.0f} s of processor time."
        )
        lines += [f"  {run.dialect}, seed {run.seed}: {title}" for run in results.clean for title in run.findings]
    return "\n".join([*lines, "", _times(results)])


def markdown(results: Results, today: date) -> str:
    """The whole report."""
    ours, plain, count = results.caught(OURS), results.caught(PLAIN), len(results.faults)
    parts = [
        "# How strong the contract suite is",
        f"Written by `make strength` on {today.isoformat()}.",
        f"**Of {count} seeded faults `agora-rest contract run` notices {ours} ({_share(ours, count)}), plain "
        f"schemathesis {plain} ({_share(plain, count)}).**",
        _flow(_WHY),
        "## What a fault is",
        _flow(_FAULT),
        "## How it is measured",
        _flow(
            _METHOD.format(
                seed=results.plan.size.seed, examples=results.plan.size.max_examples, default=DEFAULT_MAX_EXAMPLES
            )
        ),
        "## By category",
        _table(["Category", "Faults", "agora-rest contract", "plain schemathesis"], _by_category(results)),
        "## By what noticed",
        _flow(_LAYERS),
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
        "## Not noticed by plain schemathesis",
        _missed_by_category(results) or "None.",
        "## Not counted",
        "These change an answer and break nothing that the documents say, or change none.",
        _list(results.excluded, lambda fault: f"{fault.sentence}. {fault.excluded}") or "None.",
        "## Time",
        _times(results),
        "## Every fault",
        _table(
            ["Fault", "Facts", "Dialect", "What is wrong", "agora-rest contract", "plain schemathesis"],
            [_row(results, fault) for fault in results.faults],
        ),
        "## Measured with",
        _table(["", "Version"], _versions()),
    ]
    return "\n\n".join(parts) + "\n"


def readme(text: str, results: Results) -> str:
    """The README with the figures of these results. Raises ValueError unless one sentence of it has figures."""
    false = sum(len(run.findings) for run in results.clean)
    sentence = (
        f"Of {len(results.faults)} seeded faults, `agora-rest contract run` notices {results.caught(OURS)}, plain "
        f"schemathesis {results.caught(PLAIN)}; {false} false findings in {len(results.clean)} runs, with\n"
        f"  {len({run.seed for run in results.clean})} seeds in each of {len({run.dialect for run in results.clean})} "
        "dialects."
    )
    written, count = _IN_README.subn(lambda _: sentence, text)
    if count != 1:
        raise ValueError(f"the README has {count} sentences with the figures of strength")
    return written


def _flow(text: str) -> str:
    """Paragraphs, each in a line of its own."""
    return "\n\n".join(" ".join(part.split()) for part in text.strip().split("\n\n"))


def _by_category(results: Results) -> list[list[str]]:
    rows = []
    for category in Category:
        faults = [fault for fault in results.faults if fault.category is category]
        if faults:
            rows.append(
                [category.value, str(len(faults)), *(_score(results, suite, faults) for suite in results.suites)]
            )
    for dialect in DIALECTS:
        faults = [fault for fault in results.faults if fault.dialect == dialect]
        if faults:
            name = f"of these, in dialect {dialect}"
            rows.append([name, str(len(faults)), *(_score(results, suite, faults) for suite in results.suites)])
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


def _missed_by_category(results: Results) -> str:
    missed = results.missed(PLAIN)
    named = {each: [f"`{fault.name}`" for fault in missed if fault.category is each] for each in Category}
    return "\n".join(f"- {each.value} ({len(names)}): {', '.join(names)}" for each, names in named.items() if names)


def _times(results: Results) -> str:
    measured = results.measured
    parts = ", ".join(f"{part} {seconds:.0f} s" for part, seconds in sorted(measured.processor_seconds.items()))
    total = sum(measured.processor_seconds.values())
    return (
        f"Everything together: {measured.seconds:.0f} s by the clock and {total:.0f} s of "
        f"processor time ({parts}), in {PROCESSES} processes on {os.cpu_count()} processors, of which others wanted "
        f"{measured.load:.1f} when it began."
    )


def _row(results: Results, fault: Fault) -> list[str]:
    verdicts = [results.verdict(fault, suite) for suite in (OURS, PLAIN)]
    caught_by = [f"`{verdict.check}`" if verdict.caught else "-" for verdict in verdicts]
    return [f"`{fault.name}`", ", ".join(fault.facts), fault.dialect, fault.sentence, *caught_by]


def _clean_part(results: Results) -> str:
    if not results.clean:
        return "Not measured in this run."
    rows = [[run.dialect, str(run.seed), str(len(run.findings)), f"{run.seconds:.0f} s"] for run in results.clean]
    return (
        f"The whole suite, as `agora-rest contract run` runs it ({DEFAULT_MAX_EXAMPLES} examples an operation), on the "
        "emulator as it is; any finding would be a false alarm.\n\n"
        + _table(["Dialect", "Seed", "Findings", "Processor time"], rows)
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
