"""Runs of the suite for tests, and what is heard of them."""

from __future__ import annotations

from typing import Any

from agora_rest.contract.checking.checks import Check, checks_by_fact
from agora_rest.contract.options import Options
from agora_rest.contract.results.events import Outcome, RunFinished
from agora_rest.contract.runner import run
from agora_rest.contract.safety.gate import Gate
from agora_rest.emulator import DEFAULT_CUSTOMER_CERTIFICATE, DEFAULT_CUSTOMER_ID


class EventRecorder:
    """A handler that keeps every event."""

    def __init__(self) -> None:
        self.events: list[Any] = []

    def handle(self, event: object) -> None:
        self.events.append(event)

    def of(self, kind: type) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def finished(self) -> RunFinished:
        """The end of the run, of which there is one."""
        (found,) = self.of(RunFinished)
        return found


def quick_checks(*facts: str) -> tuple[Check, ...]:
    """The checks of some facts, without those that draw sequences of calls and take seconds."""
    checks = (each for fact in facts for each in checks_by_fact()[fact])
    return tuple(dict.fromkeys(each for each in checks if "machine" not in each.function.__module__))


def made(base_url: str | None = None, gate: Gate | None = None, **options: Any) -> tuple[Outcome, EventRecorder]:
    """A run against an emulator at `base_url`, or in this process against the embedded one as in 2019."""
    heard = EventRecorder()
    account = {"customer_id": DEFAULT_CUSTOMER_ID, "customer_certificate": DEFAULT_CUSTOMER_CERTIFICATE}
    where = {"dialect": "documented", "jobs": 1} if base_url is None else {"base_url": base_url, **account}
    return run(Options(**{"seed": 1, "max_examples": 2, **where, **options}), [heard], gate=gate), heard


def reason(run_and_heard: tuple[Outcome, EventRecorder]) -> str:
    """Why a run could not be made."""
    outcome, heard = run_and_heard
    assert outcome is Outcome.COULD_NOT_RUN
    return heard.finished.sentence
