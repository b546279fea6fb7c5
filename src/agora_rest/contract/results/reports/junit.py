"""A run as JUnit XML, `contract.junit.xml`, which every CI server reads.

A suite for each phase. In the phase of facts each check is a test case; in the fuzzing phases each operation is one.
Findings from outside the checks become separate test cases. The element names follow the schema that Jenkins uses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from agora_rest.contract.checking.checks import PHASE
from agora_rest.contract.results.events import Outcome, RunFinished
from agora_rest.contract.results.findings import CausePlace, Finding
from agora_rest.contract.results.reports.record import FinalReport, Record, finding_lines

FILE: Final = "contract.junit.xml"

_UNSPEAKABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot carry, not even as references."""


@dataclass
class _Case:
    """A test case. `known` are findings that the baseline accepts: alone they make it a skipped one."""

    name: str
    seconds: float = 0.0
    failures: list[Finding] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    skipped: str = ""
    error: str = ""


class JunitReport(FinalReport):
    """Writes the report into a directory when the run is over."""

    def __init__(self, directory: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        super().__init__()
        self._directory, self._now = directory, now

    def _finish(self, finished: RunFinished) -> None:
        self._directory.mkdir(parents=True, exist_ok=True)
        (self._directory / FILE).write_bytes(self._document(finished))

    def _document(self, finished: RunFinished) -> bytes:
        suites = _suites(self._record, finished)
        cases = [case for each in suites.values() for case in each.values()]
        heading = {"name": "agora-rest contract", "time": _seconds(finished.seconds)}
        root = ET.Element("testsuites", {**heading, **_counts(cases)})
        for phase, of_phase in suites.items():
            self._add_suite(root, phase, list(of_phase.values()), finished.dialect)
        ET.indent(root)
        document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
        return document + b"\n"

    def _add_suite(self, root: ET.Element, phase: str, cases: list[_Case], dialect: str) -> None:
        suite = ET.SubElement(
            root,
            "testsuite",
            {
                "name": phase,
                **_counts(cases),
                "skipped": str(sum(_is_skipped(case) for case in cases)),
                "time": _seconds(self._record.seconds[phase]),
                "timestamp": self._now().isoformat(timespec="seconds"),
            },
        )
        properties = ET.SubElement(suite, "properties")
        for name, value in self._properties(dialect).items():
            ET.SubElement(properties, "property", {"name": name, "value": _clean(value)})
        for case in cases:
            _add_case(suite, phase, case)

    def _properties(self, dialect: str) -> dict[str, str]:
        started = self._record.started
        if started is None:
            return {}
        return {
            "server": started.server,
            "seed": str(started.seed),
            "max-examples": str(started.max_examples),
            "dialect": dialect or started.dialect,
            "access": started.access,
        }


def _suites(record: Record, finished: RunFinished) -> dict[str, dict[str, _Case]]:
    """The test cases by phase and name."""
    suites: dict[str, dict[str, _Case]] = {}
    for result in (each for each in record.checks if each.facts or each.outcome == "skipped"):
        case = _Case(f"{result.check} [{', '.join(result.facts)}]", result.seconds, skipped=result.reason)
        suites.setdefault(result.phase, {})[result.check] = case
    for phase, operations in record.traffic.items():
        if phase != PHASE:
            suites.setdefault(phase, {}).update({operation: _Case(operation) for operation in operations})
    for finding in finished.findings:
        for place in finding.places or (finding,):
            _case_of(suites, place).failures.append(finding)
    for accepted in finished.accepted:
        _case_of(suites, accepted.finding).known.append(f"known until {accepted.until}: {accepted.reason}")
    if finished.outcome is Outcome.COULD_NOT_RUN:
        suites["run"] = {"run": _Case("run", error=finished.sentence)}
    return suites


def _case_of(suites: dict[str, dict[str, _Case]], finding: Finding | CausePlace) -> _Case:
    """The test case a finding belongs to; a new one for what no check of facts was looking for."""
    phase = suites.setdefault(finding.phase or "run", {})
    where = finding.operation or "the server"
    if finding.phase == PHASE:
        key = finding.check if finding.check in phase else f"{where}: {finding.check}"
    else:
        key = where
    return phase.setdefault(key, _Case(key))


def _add_case(suite: ET.Element, phase: str, case: _Case) -> None:
    attributes = {"classname": f"contract.{phase}", "name": _clean(case.name), "time": _seconds(case.seconds)}
    element = ET.SubElement(suite, "testcase", attributes)
    for finding in case.failures:
        kind = " ".join(finding.facts) or finding.check
        failure = ET.SubElement(element, "failure", {"type": kind, "message": _clean(finding.title)})
        failure.text = _clean("\n".join(finding_lines(finding)))
    if case.error:
        ET.SubElement(element, "error", {"type": "could-not-run", "message": _clean(case.error)})
    if _is_skipped(case):
        ET.SubElement(element, "skipped", {"message": _clean(case.skipped or "; ".join(case.known))})


def _is_skipped(case: _Case) -> bool:
    return not case.failures and bool(case.skipped or case.known)


def _counts(cases: Iterable[_Case]) -> dict[str, str]:
    listed = list(cases)
    return {
        "tests": str(len(listed)),
        "failures": str(sum(bool(case.failures) for case in listed)),
        "errors": str(sum(bool(case.error) for case in listed)),
    }


def _seconds(value: float) -> str:
    return f"{value:.3f}"


def _clean(text: str) -> str:
    """`text` with what XML cannot carry written as Python would write it."""
    return _UNSPEAKABLE.sub(lambda match: ascii(match.group())[1:-1], text)
