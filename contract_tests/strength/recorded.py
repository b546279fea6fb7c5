"""What recorded traffic proves: each fault is planted, an afternoon is recorded, `contract check` reads the file.

A fault is *touched* if the recording shows it at all: the exchanges differ from those without it, once random IDs are
taken out. That is the ceiling: no reader of the file could notice more.
"""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from faults.fault import DIALECTS, Fault

from agora_rest import spec
from agora_rest.contract.results.findings import Finding
from agora_rest.contract.traffic.check import Report, check
from agora_rest.contract.traffic.record import Recorder
from strength.afternoon import afternoon
from strength.recorded_program import Call

UNDISTURBED: Final = 10.0
"""Seconds of the assumption under which the second figure is measured."""

FIXTURES: Final = Path(__file__).parents[1] / "fixtures"

_ID: Final = re.compile(r"[A-Za-z0-9_-]{100,}={0,2}|\b[0-9a-f]{32}\b|(?<=[\"=])[A-Za-z0-9]{11}(?=[\"&,]|$)")
"""Resource IDs; sids, App IDs and certificates; IDs of projects."""

_NOT_COMPARED: Final = frozenset({"x-request-id", "content-length", "date"})


@dataclass(frozen=True)
class RecordedTrial:
    """What became of a fault. touched: whether the recording shows it."""

    name: str
    touched: bool = False
    found: Finding | None = None
    """The first finding."""
    assuming: Finding | None = None
    """The first finding on the assumption that nobody else changed anything within ten seconds."""
    seconds: float = 0.0


def trial(fault: Fault) -> RecordedTrial:
    """Record an afternoon with a fault, and check the file if it shows the fault."""
    started = time.process_time()
    calls = afternoon(fault.dialect, fault)
    if shown(calls) == clean(fault.dialect)[: len(calls)]:
        return RecordedTrial(fault.name, seconds=time.process_time() - started)
    with _recording(calls) as path:
        found, assuming = first_findings(path)
    return RecordedTrial(fault.name, True, found, assuming, time.process_time() - started)


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


@contextmanager
def _recording(calls: Sequence[Call]) -> Iterator[Path]:
    """A file that our recorder wrote of these calls."""
    with tempfile.TemporaryDirectory(prefix="recorded-") as folder:
        path = Path(folder) / "afternoon.har"
        with Recorder(path) as recorder:
            for call in calls:
                recorder.add(call.exchange, call.at)
        yield path


def findings_of(path: Path, undisturbed: float = 0.0) -> tuple[Finding, ...]:
    """What `contract check` finds in a file."""
    report = Report()
    with path.open("rb") as stream:
        check(stream, report, name=path.name, undisturbed=undisturbed)
    return tuple(report.findings)


class _FirstFound(Exception):  # noqa: N818  no error
    """One finding is enough."""


@dataclass
class _FirstReport(Report):
    """Ends a check at its first finding that needs no assumption; keeps the first that does."""

    certain: Finding | None = None
    assuming: Finding | None = None

    def found(self, finding: Finding, at: float | None, *, doubtful: bool = False) -> None:
        """Take it in, and end if it is certain."""
        super().found(finding, at, doubtful=doubtful)
        self.assuming = self.assuming or finding
        if not doubtful:
            self.certain = finding
            raise _FirstFound


def first_findings(path: Path) -> tuple[Finding | None, Finding | None]:
    """What `contract check` finds first in a file: by default, and with `--undisturbed`."""
    report = _FirstReport()
    with path.open("rb") as stream, suppress(_FirstFound):
        check(stream, report, name=path.name, undisturbed=UNDISTURBED)
    return report.certain, report.assuming


def false_findings() -> dict[str, tuple[Finding, ...]]:
    """What is found where nothing is wrong: on afternoons in every dialect, and in what Chromium recorded."""
    found: dict[str, tuple[Finding, ...]] = {}
    for dialect in DIALECTS:
        with _recording(afternoon(dialect)) as path:
            found[f"an afternoon, {dialect}"] = findings_of(path)
            found[f"an afternoon, {dialect}, undisturbed"] = findings_of(path, UNDISTURBED)
    for path in sorted((FIXTURES / "browser").glob("*.har")):
        found[path.name] = findings_of(path)
    return found
