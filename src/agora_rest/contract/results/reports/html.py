"""A run as one page, `contract.html`, that needs nothing else: no server, no network, no other file.

Everything on it is escaped by the template engine. The page's own policy lets only its own style and script run, so
so that no response content can run, even if it got past the escaping.
"""

from __future__ import annotations

import base64
import hashlib
import shlex
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Final, Literal

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from agora_rest import spec
from agora_rest.contract.checking.surface import documented_parameters, documented_statuses
from agora_rest.contract.results.events import Outcome, RunFinished
from agora_rest.contract.results.findings import Finding
from agora_rest.contract.results.reports.record import CheckResult, FinalReport, Record

FILE: Final = "contract.html"

HEADINGS: Final = {
    Outcome.HOLDS: "The contract holds",
    Outcome.BROKEN: "The contract is broken",
    Outcome.COULD_NOT_RUN: "The contract could not be checked",
}

FactOutcome = Literal["broken", "known", "held", "skipped", "unchecked"]


@dataclass(frozen=True)
class FactRow:
    """A fact and what became of it in the run; `findings` are the numbers of those that name it."""

    fact: spec.Fact
    outcome: FactOutcome
    checks: tuple[CheckResult, ...]
    findings: tuple[int, ...]


@dataclass(frozen=True)
class StatusCell:
    """A status of an operation: how often it was seen, and whether the specification has it."""

    status: int
    times: int
    documented: bool


@dataclass(frozen=True)
class OperationRow:
    """Statuses, parameters and facts of an operation that the run has covered."""

    operation: spec.Operation
    statuses: tuple[StatusCell, ...]
    parameters: tuple[str, ...]
    unused: tuple[str, ...]
    facts: tuple[FactRow, ...]
    findings: int

    @property
    def succeeded(self) -> int:
        """The number of its 2xx responses."""
        return sum(cell.times for cell in self.statuses if 200 <= cell.status < 300)


@dataclass(frozen=True)
class Share:
    """`part` things of `whole`."""

    name: str
    part: int
    whole: int


class Page:
    """The template's view of a run."""

    def __init__(self, record: Record, finished: RunFinished, made: datetime) -> None:
        self.record, self.finished, self.made = record, finished, made
        self.heading = HEADINGS[finished.outcome]
        self.outcome = finished.outcome.name.lower().replace("_", "-")

    @cached_property
    def findings(self) -> list[tuple[int, Finding, list[spec.Fact]]]:
        """The findings with their numbers and their facts."""
        return [
            (number, finding, [spec.facts()[fact] for fact in finding.facts if fact in spec.facts()])
            for number, finding in enumerate(self.finished.findings, 1)
        ]

    @cached_property
    def facts(self) -> list[FactRow]:
        """Every fact of the APIs of the run, in the order of the documents."""
        apis = self.record.started.apis if self.record.started else ()
        return [
            self._fact_row(fact) for fact in spec.facts().values() if fact.api in apis and self.edition in fact.editions
        ]

    @property
    def edition(self) -> spec.Edition:
        """The edition of the documents that the server was held to."""
        return self.record.started.edition if self.record.started else "2019"

    @cached_property
    def operations(self) -> list[OperationRow]:
        """Every operation of the run."""
        rows = {row.fact.number: row for row in self.facts}
        return [self._operation_row(spec.operation(each, self.edition), rows) for each in self.record.operations]

    @cached_property
    def shares(self) -> list[Share]:
        """The coverage in figures."""
        cells = [cell for row in self.operations for cell in row.statuses if cell.documented]
        used = sum(len(row.parameters) for row in self.operations)
        unused = sum(len(row.unused) for row in self.operations)
        return [
            Share("operations that succeeded", sum(row.succeeded > 0 for row in self.operations), len(self.operations)),
            Share("documented statuses seen", sum(cell.times > 0 for cell in cells), len(cells)),
            Share("parameters used", used, used + unused),
            Share("facts checked", len(self.facts) - self.count("skipped") - self.count("unchecked"), len(self.facts)),
        ]

    def count(self, outcome: FactOutcome) -> int:
        """How many facts came to this."""
        return sum(row.outcome == outcome for row in self.facts)

    @property
    def command(self) -> str:
        """The command that repeats the run; "" when it could not start."""
        started = self.record.started
        if started is None:
            return ""
        words = ["agora-rest contract run", *map(shlex.quote, started.server_options)]
        if len(started.apis) < len(spec.APIS):
            words += [f"--api {api}" for api in started.apis]
        if started.dialect != "auto":
            words.append(f"--dialect {started.dialect}")
        return " ".join([*words, f"--seed {started.seed} --max-examples {started.max_examples}"])

    @cached_property
    def _checks_by_fact(self) -> dict[str, list[CheckResult]]:
        found: dict[str, list[CheckResult]] = defaultdict(list)
        for check in self.record.checks:
            for fact in check.facts:
                found[fact].append(check)
        return found

    def _fact_row(self, fact: spec.Fact) -> FactRow:
        checks = tuple(self._checks_by_fact.get(fact.number, ()))
        findings = tuple(number for number, finding, _ in self.findings if fact.number in finding.all_facts)
        known = any(fact.number in each.finding.facts for each in self.finished.accepted)
        return FactRow(fact, _outcome(checks, broken=bool(findings), known=known), checks, findings)

    def _operation_row(self, operation: spec.Operation, facts: dict[str, FactRow]) -> OperationRow:
        documented, seen = documented_statuses(operation.id, operation.edition), self.record.statuses[operation.id]
        used = self.record.parameters[operation.id]
        parameters = documented_parameters(operation.id, operation.edition)
        return OperationRow(
            operation=operation,
            statuses=tuple(
                StatusCell(status, seen[status], status in documented) for status in sorted({*documented, *seen})
            ),
            parameters=tuple(name for name in parameters if name in used),
            unused=tuple(name for name in parameters if name not in used),
            facts=tuple(facts[number] for number in operation.facts if number in facts),
            findings=sum(
                any(place.operation == operation.id for place in finding.places or (finding,))
                for finding in self.finished.findings
            ),
        )


class HtmlReport(FinalReport):
    """Writes the page into a directory when the run is over."""

    def __init__(self, directory: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        super().__init__()
        self._directory, self._now = directory, now

    def _finish(self, finished: RunFinished) -> None:
        text = _render(Page(self._record, finished, self._now()))
        self._directory.mkdir(parents=True, exist_ok=True)
        (self._directory / FILE).write_text(text, encoding="utf-8", errors="backslashreplace")


def _outcome(checks: Iterable[CheckResult], *, broken: bool, known: bool) -> FactOutcome:
    outcomes = {check.outcome for check in checks}
    if broken:
        return "broken"
    if known:
        return "known"
    if "held" in outcomes:
        return "held"
    return "skipped" if "skipped" in outcomes else "unchecked"


def _render(page: Page) -> str:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    style, script = _part("report.css"), _part("report.js")
    return environment.from_string(_part("report.html.j2")).render(
        page=page,
        style=Markup(style),  # noqa: S704  our own file
        script=Markup(script),  # noqa: S704  our own file
        policy=f"default-src 'none'; style-src {_digest(style)}; script-src {_digest(script)}",
    )


def _part(name: str) -> str:
    return files(__package__).joinpath("page", name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    """`text` as a source of a content security policy."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
