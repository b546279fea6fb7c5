"""The events of a run, as a stream; every report is a handler of it.

A report is any object with `handle(event)`. It processes the events it knows and ignores the others, so that new kinds
of event break no report.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from agora_rest.contract.results.baseline import Accepted
from agora_rest.contract.results.findings import Finding
from agora_rest.spec import Edition


class Outcome(IntEnum):
    """How a run ended; the value is the exit code of the command."""

    HOLDS = 0
    BROKEN = 1
    COULD_NOT_RUN = 2


@dataclass(frozen=True)
class RunStarted:
    """A run begins. `server` is the display name of the server under test ("http://…", "the embedded emulator").

    note: why the run may do less than it could, and how to get more; "" if there is nothing to report.
    """

    server: str
    apis: tuple[str, ...]
    operations: tuple[str, ...]
    seed: int
    max_examples: int
    dialect: str
    access: str
    controls: tuple[str, ...]
    note: str = ""
    edition: Edition = "2019"
    """The edition of the documents that the server is held to."""
    profile: str = ""
    """The profile that was named, if any."""
    app_id: str = ""
    """The App ID that was given; "" if it is the server's first one."""

    recognised: str = ""
    """By which documents the server is judged, and why; "" if the dialect was required."""
    headers: tuple[str, ...] = ()
    """Headers that go with every request, as `NAME=VARIABLE`."""

    @property
    def server_options(self) -> tuple[str, ...]:
        """The options that choose the same server, account and App ID again."""
        if not self.server.startswith(("http://", "https://")):
            return ()
        named = {"--profile": self.profile, "--base-url": self.server, "--app-id": self.app_id}
        words = tuple(word for option, value in named.items() if value for word in (option, value))
        return words + tuple(word for header in self.headers for word in ("--header", header))


@dataclass(frozen=True)
class PhaseStarted:
    """A part of the run begins.

    `api` is "" if the phase belongs to both; `total` is how many steps it will take, if known.
    """

    phase: str
    api: str = ""
    total: int | None = None


@dataclass(frozen=True)
class Progress:
    """`done` of a phase's steps are complete; `note` names the current one."""

    phase: str
    done: int
    note: str = ""


@dataclass(frozen=True)
class PhaseFinished:
    """A part of the run is over. `seconds` is how long it took; of parts made side by side, all of them together."""

    phase: str
    api: str
    seconds: float


@dataclass(frozen=True)
class CoverageSeen:
    """An operation returned `status` for a request with these parameters.

    They are names, with `body.` before a member of the body. `check` is "" for traffic of a fuzzing phase.
    """

    operation: str
    status: int
    parameters: frozenset[str]
    phase: str
    check: str = ""


@dataclass(frozen=True)
class CheckPassed:
    """A check held. `facts` are what it guards."""

    check: str
    facts: tuple[str, ...]
    phase: str
    seconds: float = 0.0


@dataclass(frozen=True)
class CheckFailed:
    """A check did not hold; its findings come as events of their own."""

    check: str
    facts: tuple[str, ...]
    phase: str
    seconds: float = 0.0


@dataclass(frozen=True)
class CheckSkipped:
    """A check could not be made on this server; `reason` completes the sentence "skipped: …"."""

    check: str
    facts: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class FindingFound:
    """A defect, when it is first seen."""

    finding: Finding


@dataclass(frozen=True)
class CleaningUp:
    """Cleanup has started; it cannot be interrupted."""


@dataclass(frozen=True)
class RunFinished:
    """A run is over. `findings` are grouped: one for each cause. `sentence` is the outcome in one sentence.

    accepted: the findings that a baseline accepts; they are not among `findings`. remarks: sentences about the run
    itself, such as which entries of the baseline are out of date. dialect: the one that was required, or the first that
    the responses showed; "" if none did.
    """

    outcome: Outcome
    sentence: str
    findings: tuple[Finding, ...]
    seconds: float
    accepted: tuple[Accepted, ...] = ()
    remarks: tuple[str, ...] = ()
    dialect: str = ""


Event = (
    RunStarted
    | PhaseStarted
    | Progress
    | PhaseFinished
    | CoverageSeen
    | CheckPassed
    | CheckFailed
    | CheckSkipped
    | FindingFound
    | CleaningUp
    | RunFinished
)


class Handler(Protocol):
    """Something that follows a run: a report, a progress line, a test."""

    def handle(self, event: Event) -> None:
        """Take note of `event`."""


class Events:
    """The stream: `send` gives an event to every handler, one event at a time."""

    def __init__(self, handlers: Iterable[Handler] = ()) -> None:
        self._handlers = tuple(handlers)
        self._lock = threading.Lock()

    def send(self, event: Event) -> None:
        """Give `event` to every handler. May be called from several threads."""
        with self._lock:
            for handler in self._handlers:
                handler.handle(event)
