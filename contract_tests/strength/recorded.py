"""What recorded traffic proves: each fault is planted, an afternoon is recorded, `contract check` reads the file.

A fault is *touched* if the recording shows it at all: the exchanges differ from those without it, once random IDs are
taken out. That is the ceiling: no reader of the file could notice more.
"""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from faults.fault import DIALECTS, DoesNotApply, Fault

from agora_rest import spec
from agora_rest.contract.results.findings import Finding
from agora_rest.contract.traffic.check import Report, check
from agora_rest.contract.traffic.record import Recorder
from strength.afternoon import afternoon
from strength.recorded_program import Call

FIXTURES: Final = Path(__file__).parents[1] / "fixtures"

_ID: Final = re.compile(r"[A-Za-z0-9_-]{100,}={0,2}|\b[0-9a-f]{32}\b|(?<=[\"=])[A-Za-z0-9]{11}(?=[\"&,]|$)")
"""Resource IDs; sids, App IDs and certificates; IDs of projects."""

_NOT_COMPARED: Final = frozenset({"x-request-id", "content-length", "date"})


@dataclass(frozen=True)
class RecordedTrial:
    """What became of a fault. touched: whether the recording shows it."""

    name: str
    touched: bool
    findings: tuple[Finding, ...] = ()
    seconds: float = 0.0
    trouble: str = ""

    @property
    def caught(self) -> bool:
        """Was it noticed?"""
        return bool(self.findings)


def trial(fault: Fault) -> RecordedTrial:
    """Record an afternoon with a fault, and check the file if it shows the fault."""
    started = time.process_time()
    try:
        calls = afternoon(fault.dialect, fault)
    except DoesNotApply as error:
        return RecordedTrial(fault.name, False, trouble=str(error))
    touched = shown(calls) != clean(fault.dialect)
    findings = findings_in(calls) if touched else ()
    return RecordedTrial(fault.name, touched, findings, time.process_time() - started)


@cache
def clean(dialect: spec.Dialect) -> tuple[str, ...]:
    """What the afternoon without a fault shows."""
    return shown(afternoon(dialect))


def shown(calls: Sequence[Call]) -> tuple[str, ...]:
    """The exchanges as text, with each random ID replaced by the place where it was seen first."""
    names: dict[str, str] = {}

    def named(match: re.Match[str]) -> str:
        return names.setdefault(match[0], f"id {len(names)}")

    return tuple(_ID.sub(named, _text(call)) for call in calls)


def _text(call: Call) -> str:
    exchange = call.exchange
    headers = sorted(f"{name}: {value}" for name, value in exchange.headers.items() if name not in _NOT_COMPARED)
    asked = f"{call.at} {exchange.method} {exchange.url} {exchange.request_body.decode()}"
    return f"{asked} {exchange.status} {headers} {exchange.body.decode('utf-8', 'backslashreplace')}"


def findings_in(calls: Sequence[Call]) -> tuple[Finding, ...]:
    """What `contract check` finds in a file that our recorder wrote of these calls."""
    with tempfile.TemporaryDirectory(prefix="recorded-") as folder:
        path = Path(folder) / "afternoon.har"
        with Recorder(path) as recorder:
            for call in calls:
                recorder.add(call.exchange, call.at)
        return findings_of(path)


def findings_of(*paths: Path) -> tuple[Finding, ...]:
    """What `contract check` finds in these files."""
    report = Report()
    for path in paths:
        with path.open("rb") as stream:
            check(stream, report, name=path.name)
    return tuple(report.findings)


def false_findings() -> dict[str, tuple[Finding, ...]]:
    """What is found where nothing is wrong: on afternoons in every dialect."""
    return {f"an afternoon, {dialect}": findings_in(afternoon(dialect)) for dialect in DIALECTS}
