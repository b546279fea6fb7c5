"""A contract run from beginning to end."""

from __future__ import annotations

import logging
import os
import secrets
import shlex
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Final

import httpx

from agora_rest import spec
from agora_rest.contract.checking.checks import PHASE, Check, all_checks
from agora_rest.contract.checking.selection import (
    NothingSelected,
    fuzz_selected,
    is_reported,
    require_known,
    selected,
    telling_first,
)
from agora_rest.contract.checking.successes import demand_success
from agora_rest.contract.checking.units import Done, Drawn, Take, Unit, execute, units_of
from agora_rest.contract.checking.workers import Work, Workers, jobs_for
from agora_rest.contract.embedded import embedded_target
from agora_rest.contract.http.added_headers import AddedHeaders
from agora_rest.contract.http.server import Account
from agora_rest.contract.http.wire import Gone
from agora_rest.contract.options import Options
from agora_rest.contract.results.baseline import BaselineError, BaselineFile, Entry, Verdict, judge, read_baseline
from agora_rest.contract.results.events import (
    CheckSkipped,
    CleaningUp,
    Event,
    Events,
    FindingFound,
    Handler,
    Outcome,
    PhaseFinished,
    PhaseStarted,
    RunFinished,
    RunStarted,
)
from agora_rest.contract.results.findings import Finding, Findings, grouped
from agora_rest.contract.results.last_failure import Failed, Kept, failed_first
from agora_rest.contract.safety.bounds import Bounds, Stopped
from agora_rest.contract.safety.gate import Gate
from agora_rest.contract.safety.interrupts import stoppable, undisturbed
from agora_rest.contract.target import CouldNotRun, Target, reach
from agora_rest.text import printable

logger = logging.getLogger("agora_rest.contract")


class _Enough(BaseException):
    """Ends a run with its last wanted finding. No `Exception`: no check takes it for a response it cannot read."""


_LONGEST_SENTENCE: Final = 2_000


def run(options: Options, handlers: Iterable[Handler] = (), *, gate: Gate | None = None) -> Outcome:
    """Test a server; everything that happens goes to `handlers`. Never raises for what the server does.

    However it ends (Ctrl-C too), it first cleans up on a server that cannot be reset. gate: the gate to use
    instead of the one that the options ask for.
    """
    summary = _RunSummary()
    events = Events([summary, *handlers])
    started = time.monotonic()
    today = datetime.now(UTC).date()
    findings = Findings()
    course = _execute(options, events, findings, gate)
    verdict = judge(course.known, findings, today, operations=summary.operations, skipped=summary.skipped)
    written = _write_baseline(course, findings, today)
    outcome = Outcome.BROKEN if verdict.broken else Outcome.COULD_NOT_RUN if course.trouble else Outcome.HOLDS
    remarks = (
        *verdict.remarks,
        *written,
        *(f"Could not be removed, remove it by hand: {each}" for each in course.left),
    )
    events.send(
        RunFinished(
            outcome,
            printable(_sentence(verdict, course.name, course.trouble), limit=_LONGEST_SENTENCE),
            grouped(verdict.broken),
            time.monotonic() - started,
            verdict.accepted,
            tuple(printable(remark, limit=_LONGEST_SENTENCE) for remark in remarks),
            course.dialect,
        )
    )
    return outcome


def _write_baseline(course: _Course, findings: Findings, today: date) -> tuple[str, ...]:
    """Write the baseline that the run was asked for, if it came to its end; returns a remark about that."""
    if course.baseline is None:
        return ()
    if course.trouble:
        return ("The baseline was not written, because the run ended early.",)
    try:
        return (course.baseline.write(findings, today, course.known),)
    except OSError as error:
        course.trouble = f"the baseline {course.baseline.path} cannot be written: {error.strerror}"
        return ()


@dataclass
class _Course:
    """How a run went, also if it ended early."""

    name: str
    """The display name of the server."""
    known: tuple[Entry, ...] = ()
    """The entries of the baseline."""
    baseline: BaselineFile | None = None
    """The file for a new one."""
    dialect: str = ""
    """The dialect of the server, as far as it is known."""
    left: tuple[str, ...] = ()
    """The objects that could not be removed, in words."""
    trouble: str = ""
    """Why the run ended early; "" if it did not."""


def _execute(options: Options, events: Events, findings: Findings, gate: Gate | None) -> _Course:
    """Run the checks and the fuzzing, and clean up in any case."""
    course = _Course(options.base_url or "the embedded emulator")
    try:
        course.known = read_baseline(options.baseline) if options.baseline else ()
        if options.write_baseline is not None:
            course.baseline = BaselineFile.opened(options.write_baseline, overwrite=options.overwrite_baseline)
        require_known(all_checks(), options.only, options.names)
        with stoppable(), _target(options, gate, Bounds(options.timeout)) as target:
            course.name = target.name
            parted = target.embedded and gate is None
            made = _Run(options, target, events, findings, course.known, parted=parted)
            try:
                made.run()
            finally:
                course.dialect = made.dialect or ""
                course.left = _leave(target, events)
    except _Enough:
        pass
    except KeyboardInterrupt:
        course.trouble = "the run was interrupted"
    except Stopped as stopped:
        course.trouble = f"{stopped}"
    except (BaselineError, CouldNotRun, NothingSelected) as error:
        logger.debug("The run could not be made", exc_info=True)
        course.trouble = str(error)
    except (Gone, httpx.HTTPError) as error:
        logger.debug("The run could not continue", exc_info=True)
        course.trouble = f"{course.name} went away ({error if isinstance(error, Gone) else type(error).__name__})"
    return course


def _leave(target: Target, events: Events) -> tuple[str, ...]:
    """Remove everything the run created, uninterruptibly; returns what remains, in words."""
    ledger = target.gate.ledger
    if ledger is None or ledger.is_clear:
        return ()
    with undisturbed():
        events.send(CleaningUp())
        return target.leave()


@contextmanager
def _target(options: Options, gate: Gate | None, bounds: Bounds) -> Iterator[Target]:
    try:
        headers = AddedHeaders.read(options.headers, os.environ)
    except ValueError as error:
        raise CouldNotRun(str(error)) from None
    if options.base_url is None:
        if options.headers:
            raise CouldNotRun("headers are added to requests to the server of a base URL; none was given")
        with embedded_target(
            options.dialect, requested=options.access, bounds=bounds, gate=gate, owned=options.owned
        ) as target:
            yield target
        return
    if not options.customer_id or not options.customer_certificate:
        raise CouldNotRun(
            "a customer ID and a customer certificate are needed "
            "(AGORA_CUSTOMER_ID and AGORA_CUSTOMER_CERTIFICATE or AGORA_CUSTOMER_SECRET, "
            "or a profile: see agora-rest config show)"
        )
    with reach(
        options.base_url,
        Account(options.customer_id, options.customer_certificate),
        app_id=options.app_id,
        dialect=options.dialect,
        gate=gate,
        requested=options.access,
        owned=options.owned,
        bounds=bounds,
        headers=headers,
    ) as target:
        yield target


class _RunSummary:
    """A handler that records what the end of a run needs: the operations, and the skipped checks."""

    def __init__(self) -> None:
        self.operations: tuple[str, ...] = ()
        self.skipped: set[str] = set()

    def handle(self, event: Event) -> None:
        """Take note of `event`."""
        match event:
            case RunStarted():
                self.operations = event.operations
            case CheckSkipped():
                self.skipped.add(event.check)
            case _:
                pass


_Make = Callable[[Unit, Take], Done]
"""Makes a unit and hands on what happens in it."""


class _Run:
    """One run on one target."""

    def __init__(
        self,
        options: Options,
        target: Target,
        events: Events,
        findings: Findings,
        known: tuple[Entry, ...],
        *,
        parted: bool,
    ) -> None:
        """parted: its units may go side by side."""
        self._options, self._target, self._events, self._findings = options, target, events, findings
        self._known, self._today, self._parted = known, datetime.now(UTC).date(), parted
        self._kept = Kept(options.keep) if options.keep else None
        self._last = self._kept.recall(self._place) if self._kept and options.seed is None else None
        self._seed = self._choose_seed()
        self._watch = target.watch()
        self._edition = spec.edition_of(target.dialect)

    @property
    def dialect(self) -> spec.Dialect | None:
        """The dialect that was required, or the first that a response showed."""
        return self._watch.dialect.dialect

    @property
    def _place(self) -> str:
        """The key of a stored failure: the server and the options of the run."""
        return f"{self._target.name}, {self._target.dialect or 'auto'}, {' '.join(self._options.apis)}"

    def _choose_seed(self) -> int:
        if self._options.seed is not None:
            return self._options.seed
        return secrets.randbelow(2**32) if self._last is None else self._last.seed

    def run(self) -> None:
        """Check the facts, then fuzz one API after the other; keep the outcome for the next run."""
        complete = False
        try:
            self._run()
            complete = self._options.seed is None and not (self._options.only or self._options.names)
        finally:
            failed = self._failed()
            if self._kept is not None and (failed or complete):
                self._kept.remember(self._place, failed)

    def _failed(self) -> Failed | None:
        broken = self._broken()
        return Failed(self._seed, tuple(dict.fromkeys(each.check for each in broken))) if broken else None

    def _broken(self) -> tuple[Finding, ...]:
        return judge(self._known, self._findings, self._today, operations=()).broken

    def _run(self) -> None:
        found = spec.operations(self._edition).values()
        operations = tuple(each.id for each in found if each.api in self._options.apis and not each.is_deprecated)
        self._started = RunStarted(
            server=self._target.name,
            apis=self._options.apis,
            operations=operations,
            seed=self._seed,
            max_examples=self._options.max_examples,
            dialect=self._target.dialect or "auto",
            access=self._target.profile.word,
            controls=self._target.control.offers.names if self._target.control else (),
            note=self._target.note,
            edition=self._edition,
            profile=self._options.profile or "",
            app_id=self._options.app_id or "",
            recognised=self._target.recognised,
            headers=self._target.headers.texts,
        )
        self._events.send(self._started)
        checks = self._checks()
        fuzzes = self._options.fuzz and fuzz_selected(self._options.only, self._options.names)
        units = units_of(checks, self._options.apis if fuzzes else (), parted=self._parted)
        with self._making(units, checks) as make:
            if self._options.facts:
                self._check_facts(units, len(checks), make)
            for api in self._options.apis if fuzzes else ():
                self._fuzz(api, units, make)

    def _report(self, finding: Finding) -> None:
        if finding.phase != PHASE and not is_reported(finding.check, self._options.names):
            return
        finding = replace(finding, command=self._command(finding))
        if self._findings.add(finding):
            self._events.send(FindingFound(finding))
            most = self._options.max_findings
            if most is not None and len(grouped(self._broken())) >= most:
                raise _Enough

    def _command(self, finding: Finding) -> str:
        """The command that makes the check of a finding again, with the seed of this run."""
        options, words = self._options, ["agora-rest", "contract", "run", *self._started.server_options]
        if options.access is not None:
            words += ["--access", options.access, *(["--i-own-this-account"] if options.owned else [])]
        if self._target.dialect is not None:
            words += ["--dialect", self._target.dialect]
        words += ["--seed", str(self._seed)]
        if finding.phase != "facts":
            if finding.operation:
                words += ["--api", spec.operation(finding.operation).api]
            words += ["--max-examples", str(options.max_examples)]
        return shlex.join([*words, "-k", finding.during or finding.check])

    def _checks(self) -> list[Check]:
        """The checks of facts, in the order to make them."""
        options = self._options
        if not options.facts:
            return []
        checks = [each for each in all_checks() if each.apis & set(options.apis) and each.applies_to(self._edition)]
        checks = selected(checks, options.only, options.names)
        if options.max_findings is not None:
            checks = telling_first(checks)
        if self._last is not None:
            checks = failed_first(checks, self._last.checks)
        return checks

    @contextmanager
    def _making(self, units: Sequence[Unit], checks: Sequence[Check]) -> Iterator[_Make]:
        """Makes units: each in this process when it is asked for, or in others, some of them before."""
        options, drawn = self._options, Drawn(self._seed, self._options.max_examples)
        jobs = jobs_for(units, options.jobs) if self._parted else 1
        if jobs == 1:
            yield lambda unit, take: execute(unit, self._target, self._watch, checks, drawn, take)
            return
        with Workers(jobs, units, Work(options.dialect, options.access, drawn), self._target.gate.bounds) as workers:
            yield workers.follow

    def _check_facts(self, units: Sequence[Unit], total: int, make: _Make) -> None:
        self._events.send(PhaseStarted(PHASE, "", total))
        seconds = sum(make(unit, self._take).seconds for unit in units if not unit.fuzzes)
        self._events.send(PhaseFinished(PHASE, "", seconds))

    def _fuzz(self, api: spec.Api, units: Sequence[Unit], make: _Make) -> None:
        succeeded: set[str] = set()
        for unit in units:
            if unit.api == api:
                succeeded |= make(unit, self._take).succeeded
        demand_success(api, self._edition, self._target.profile, succeeded, self._report, self._events)

    def _take(self, happening: Event | Finding) -> None:
        if isinstance(happening, Finding):
            self._report(happening)
        else:
            self._events.send(happening)


def _sentence(verdict: Verdict, server: str, trouble: str) -> str:
    findings = grouped(verdict.broken)
    if not findings:
        if trouble:
            return f"The contract could not be checked: {trouble}."
        new = f"nothing new was found ({len(verdict.accepted)} known)" if verdict.accepted else "nothing was found"
        return f"The contract holds: {new} against {server}."
    facts = sorted({fact for finding in findings for fact in finding.all_facts})
    named = f" ({', '.join(facts)})" if facts else ""
    count = "1 finding" if len(findings) == 1 else f"{len(findings)} findings"
    rest = f", and the run ended early: {trouble}" if trouble else ""
    return f"The contract is broken: {count}{named} against {server}{rest}."
