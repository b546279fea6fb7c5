"""The record of a run, for the reports that are written at its end."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from agora_rest.contract.results import events
from agora_rest.contract.results.events import Event
from agora_rest.contract.results.findings import Finding

CheckOutcome = Literal["held", "broken", "skipped"]


@dataclass(frozen=True)
class CheckResult:
    """The outcome of a check. `reason` explains a skip; `seconds` is its duration."""

    check: str
    facts: tuple[str, ...]
    outcome: CheckOutcome
    phase: str = ""
    reason: str = ""
    seconds: float = 0.0


class Record:
    """A handler that keeps a run.

    checks: those that were made, in their order; in the fuzzing phases they have no facts. statuses: for each operation
    how often it returned which. parameters: for each operation the names seen in requests. traffic: for each phase how
    many requests went to each operation. seconds: how long each phase took, over both APIs.
    """

    def __init__(self) -> None:
        self.started: events.RunStarted | None = None
        self.checks: list[CheckResult] = []
        self.statuses: dict[str, Counter[int]] = defaultdict(Counter)
        self.parameters: dict[str, set[str]] = defaultdict(set)
        self.traffic: dict[str, Counter[str]] = defaultdict(Counter)
        self.seconds: dict[str, float] = defaultdict(float)

    def handle(self, event: Event) -> None:
        """Take note of `event`."""
        match event:
            case events.RunStarted():
                self.started = event
            case events.CheckPassed() | events.CheckFailed():
                outcome: CheckOutcome = "held" if isinstance(event, events.CheckPassed) else "broken"
                self.checks.append(CheckResult(event.check, event.facts, outcome, event.phase, "", event.seconds))
            case events.CheckSkipped():
                self.checks.append(CheckResult(event.check, event.facts, "skipped", "facts", event.reason))
            case events.CoverageSeen():
                self.statuses[event.operation][event.status] += 1
                self.parameters[event.operation] |= event.parameters
                self.traffic[event.phase][event.operation] += 1
            case events.PhaseFinished():
                self.seconds[event.phase] += event.seconds
            case _:
                pass

    @property
    def operations(self) -> tuple[str, ...]:
        """The operations of the run; none when it could not start."""
        return self.started.operations if self.started else ()

    def skipped_by_reason(self) -> dict[str, list[CheckResult]]:
        """The skipped checks by the reason they were skipped for."""
        found: dict[str, list[CheckResult]] = defaultdict(list)
        for each in self.checks:
            if each.outcome == "skipped":
                found[each.reason].append(each)
        return dict(found)


def skipped_names(skipped: Iterable[CheckResult]) -> str:
    """The facts of skipped checks, or the names of checks that guard none."""
    listed = list(skipped)
    facts = sorted({fact for each in listed for fact in each.facts})
    return ", ".join(facts or dict.fromkeys(each.check for each in listed))


class FinalReport(ABC):
    """A report that is written when the run is over, from the record of it."""

    def __init__(self) -> None:
        self._record = Record()

    def handle(self, event: Event) -> None:
        """Take note of `event`."""
        self._record.handle(event)
        if isinstance(event, events.RunFinished):
            self._finish(event)

    @abstractmethod
    def _finish(self, finished: events.RunFinished) -> None:
        """Write the report."""


def finding_lines(finding: Finding) -> Iterator[str]:
    """A finding as plain lines, without its title."""
    if finding.facts:
        yield f"facts: {', '.join(finding.facts)}"
    yield f"expected: {finding.expected}"
    yield f"got: {finding.got}"
    seen = f", seen {finding.times} times" if finding.times > 1 else ""
    yield f"check: {finding.check} ({finding.phase}{seen})"
    if len(finding.places) > 1:
        yield f"places: {'; '.join(map(str, finding.places))}"
    if finding.command:
        yield f"again: {finding.command}"
    yield from finding.requests
