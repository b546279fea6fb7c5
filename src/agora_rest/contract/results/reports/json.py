"""A run as one JSON document, for programs: the file `contract.json`, or another path."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from agora_rest.contract.results.events import (
    CheckFailed,
    CheckPassed,
    CheckSkipped,
    CoverageSeen,
    Event,
    RunFinished,
    RunStarted,
)

FILE = "contract.json"


class JsonReport:
    """Gives the report when the run is over: into a directory, or to a function that takes it as JSON knows it."""

    def __init__(self, to: Path | Callable[[dict[str, Any]], None]) -> None:
        self._to = to
        self._started: dict[str, Any] = {}
        self._checks: list[dict[str, Any]] = []
        self._statuses: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        self._parameters: dict[str, set[str]] = defaultdict(set)

    def handle(self, event: Event) -> None:
        """Take note of `event`."""
        match event:
            case RunStarted():
                self._started = asdict(event)
            case CheckPassed():
                self._check(event.check, event.facts, "passed")
            case CheckFailed():
                self._check(event.check, event.facts, "failed")
            case CheckSkipped():
                self._check(event.check, event.facts, "skipped", event.reason)
            case CoverageSeen():
                self._statuses[event.operation][str(event.status)] += 1
                self._parameters[event.operation] |= event.parameters
            case RunFinished():
                self._give(self._report(event))
            case _:
                pass

    def _check(self, name: str, facts: tuple[str, ...], outcome: str, reason: str = "") -> None:
        entry: dict[str, Any] = {"check": name, "facts": list(facts), "outcome": outcome}
        self._checks.append({**entry, "reason": reason} if reason else entry)

    def _report(self, finished: RunFinished) -> dict[str, Any]:
        return {
            "outcome": finished.outcome.name.lower(),
            "exit_code": int(finished.outcome),
            "sentence": finished.sentence,
            "seconds": round(finished.seconds, 3),
            "run": self._started,
            "findings": [finding.as_dict() for finding in finished.findings],
            "accepted": [
                {**known.finding.as_dict(), "until": known.until.isoformat(), "reason": known.reason}
                for known in finished.accepted
            ],
            "remarks": list(finished.remarks),
            "checks": self._checks,
            "operations": {
                operation: {
                    "statuses": dict(sorted(self._statuses[operation].items())),
                    "parameters": sorted(self._parameters[operation]),
                }
                for operation in self._started.get("operations", ())
            },
        }

    def _give(self, report: dict[str, Any]) -> None:
        if not isinstance(self._to, Path):
            self._to(report)
            return
        self._to.mkdir(parents=True, exist_ok=True)
        text = json.dumps(report, indent=2, ensure_ascii=False) + "\n"
        (self._to / FILE).write_text(text, encoding="utf-8")
