"""A run as one JSON document, for programs: the file `contract.json`, or another path."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from agora_rest.contract.results.events import RunFinished
from agora_rest.contract.results.reports.record import CheckOutcome, CheckResult, FinalReport

FILE = "contract.json"

_OUTCOMES: Final[dict[CheckOutcome, str]] = {"held": "passed", "broken": "failed", "skipped": "skipped"}


class JsonReport(FinalReport):
    """Gives the report when the run is over: into a directory, or to a function that takes it as JSON knows it."""

    def __init__(self, to: Path | Callable[[dict[str, Any]], None]) -> None:
        super().__init__()
        self._to = to

    def _finish(self, finished: RunFinished) -> None:
        report = self._report(finished)
        if not isinstance(self._to, Path):
            self._to(report)
            return
        self._to.mkdir(parents=True, exist_ok=True)
        text = json.dumps(report, indent=2, ensure_ascii=False) + "\n"
        (self._to / FILE).write_text(text, encoding="utf-8")

    def _report(self, finished: RunFinished) -> dict[str, Any]:
        record = self._record
        return {
            "outcome": finished.outcome.name.lower(),
            "exit_code": int(finished.outcome),
            "sentence": finished.sentence,
            "seconds": round(finished.seconds, 3),
            "dialect": finished.dialect,
            "run": asdict(record.started) if record.started else {},
            "findings": [finding.as_dict() for finding in finished.findings],
            "accepted": [
                {**known.finding.as_dict(), "until": known.until.isoformat(), "reason": known.reason}
                for known in finished.accepted
            ],
            "remarks": list(finished.remarks),
            "checks": [_check(each) for each in record.checks],
            "operations": {
                operation: {
                    "statuses": {str(status): times for status, times in sorted(record.statuses[operation].items())},
                    "parameters": sorted(record.parameters[operation]),
                }
                for operation in record.operations
            },
        }


def _check(result: CheckResult) -> dict[str, Any]:
    entry = {"check": result.check, "facts": list(result.facts), "outcome": _OUTCOMES[result.outcome]}
    return {**entry, "reason": result.reason} if result.reason else entry
