"""One fault, one suite: is it noticed, by what, and how fast."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any, Literal

from faults.fault import Dialect, Fault, emulator
from faults.patches import method, value

from agora_rest import spec
from agora_rest.contract import runner as run_module
from agora_rest.contract.checking.checks import Check, all_checks
from agora_rest.contract.checking.selection import telling_first
from agora_rest.contract.machines import base
from agora_rest.contract.options import DEFAULT_MAX_EXAMPLES, Options
from agora_rest.contract.results.events import Event, FindingFound, Outcome, RunFinished
from agora_rest.contract.results.findings import Finding
from agora_rest.emulator import DEFAULT_CUSTOMER_CERTIFICATE, DEFAULT_CUSTOMER_ID, DEMO_APP_ID

Suite = Literal["agora-rest", "schemathesis"]

OURS: Suite = "agora-rest"
PLAIN: Suite = "schemathesis"


@dataclass(frozen=True)
class TrialResult:
    """The result of a suite for a fault, or for the emulator without one.

    layer: the part of the suite that noticed, "" when none did. check: its name. facts: those the finding names.
    api: the one that was tested, "" where all were.
    """

    suite: Suite
    layer: str
    check: str
    facts: tuple[str, ...]
    seconds: float
    trouble: str = ""
    api: spec.Api | Literal[""] = ""

    @property
    def caught(self) -> bool:
        """Was it noticed?"""
        return bool(self.layer)


@dataclass(frozen=True)
class Branch:
    """A fault, and the answers of plain schemathesis' run that it changes, by their place."""

    fault: str
    changed: dict[int, tuple[Any, ...]]

    @property
    def first(self) -> int:
        """The place of the first one."""
        return min(self.changed)

    @property
    def last(self) -> int:
        """The place of the last one."""
        return max(self.changed)


@dataclass
class _EventRecorder:
    """A handler that keeps what was found."""

    findings: list[Finding] = field(default_factory=list)
    sentence: str = ""

    def handle(self, event: Event) -> None:
        match event:
            case FindingFound():
                self.findings.append(event.finding)
            case RunFinished():
                self.sentence = event.sentence
            case _:
                pass


def ours(fault: Fault, *, seed: int = 1, max_examples: int = DEFAULT_MAX_EXAMPLES) -> TrialResult:
    """Run the whole suite on a fault, up to its first finding.

    The checks of the broken facts come first, then those of the same API, then the others, then fuzzing: nothing is
    left out, only the wait for the first finding is shorter.
    """
    started = time.monotonic()
    recorder = _EventRecorder()
    others = tuple(api for api in spec.APIS if api not in fault.apis)

    def nearest_first(original: object) -> tuple[Check, ...]:
        return tuple(sorted(telling_first(all_checks()), key=lambda check: _distance(check, fault)))

    with (
        emulator(fault.dialect, fault, rate_limit=True) as broken,
        broken.serve() as server,
        method(run_module, "all_checks", nearest_first).applied(),
        method(run_module, "telling_first", lambda _, checks: list(checks)).applied(),
        value(base, "SHRINK_TIMEOUT", 0.0).applied(),  # what was found is enough: no search for a shorter way to it
    ):
        options = _options(server.url, fault.dialect, seed, max_examples, apis=(*fault.apis, *others))
        outcome = run_module.run(options, [recorder])
    trouble = recorder.sentence if outcome is Outcome.COULD_NOT_RUN else ""
    return _verdict(recorder.findings, time.monotonic() - started, trouble)


def clean(dialect: Dialect, seed: int, *, max_examples: int = DEFAULT_MAX_EXAMPLES) -> tuple[list[Finding], float]:
    """Run the whole suite, as `agora-rest contract run` does, on the emulator as it is; what it found, and seconds."""
    recorder = _EventRecorder()
    started = time.monotonic()
    outcome = run_module.run(Options(dialect=dialect, seed=seed, max_examples=max_examples, jobs=1), [recorder])
    if outcome is Outcome.COULD_NOT_RUN:
        raise RuntimeError(recorder.sentence)
    return recorder.findings, time.monotonic() - started


def _options(url: str, dialect: Dialect, seed: int, max_examples: int, apis: tuple[spec.Api, ...]) -> Options:
    return Options(
        apis=apis,
        base_url=url,
        customer_id=DEFAULT_CUSTOMER_ID,
        customer_certificate=DEFAULT_CUSTOMER_CERTIFICATE,
        app_id=DEMO_APP_ID,
        dialect=dialect,
        seed=seed,
        max_examples=max_examples,
        max_findings=1,
    )


def _distance(check: Check, fault: Fault) -> int:
    if set(check.facts) & set(fault.facts):
        return 0
    return 1 if check.apis & set(fault.apis) else 2


def _verdict(findings: list[Finding], seconds: float, trouble: str) -> TrialResult:
    if not findings:
        return TrialResult(OURS, "", "", (), seconds, trouble)
    first = findings[0]
    return TrialResult(OURS, _layer(first), first.check, first.facts, seconds)


def _layer(finding: Finding) -> str:
    """The part of the suite a finding comes from."""
    if finding.phase != "facts":
        return f"fuzzing: {finding.phase}"
    check = next((each for each in all_checks() if each.name == finding.check), None)
    if check is None:
        return "watching all traffic"
    return "state machines" if "machine" in check.function.__module__ else "fact checks"
