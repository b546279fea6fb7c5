"""The check of recorded traffic as the events of a run, so that it has the same reports."""

from __future__ import annotations

from collections.abc import Iterator

from agora_rest.contract.results.baseline import Verdict
from agora_rest.contract.results.events import CoverageSeen, Event, Outcome, RunFinished
from agora_rest.contract.traffic.check import PHASE, Report


def events_of(report: Report, verdict: Verdict, outcome: Outcome, sentence: str, seconds: float) -> Iterator[Event]:
    """The events of a check: the operations in the traffic, and the outcome."""
    for operation, status in report.statuses:
        yield CoverageSeen(operation, status, frozenset(), PHASE)
    yield RunFinished(outcome, sentence, verdict.broken, seconds, verdict.accepted, verdict.remarks)
