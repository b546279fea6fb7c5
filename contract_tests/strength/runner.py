"""The whole benchmark: every fault through every suite, and the emulator as it is, on several processors at once.

All of it is in one queue, from which whichever process is free takes what has the highest rank. What others wait for
comes first, then what takes longest, and the shortest pieces come last, so that no processor is idle before the end.
"""

from __future__ import annotations

import gc
import heapq
import itertools
import os
import resource
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Literal

from faults.fault import DIALECTS, Dialect, DoesNotApply, Fault

from agora_rest import spec
from agora_rest.contract.options import DEFAULT_MAX_EXAMPLES
from strength import trial
from strength.recorded import RecordedTrial
from strength.trial import OURS, PLAIN, Branch, Suite, TrialResult

PROCESSES: Final = 4
"""Two more than processors that it is meant for: runs on faults of concurrency and of absent responses wait."""

Part = Literal["agora-rest", "schemathesis", "clean runs", "recorded traffic"]
"""What a piece of the work belongs to."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Size:
    """How much is drawn: the same for both suites."""

    seed: int
    max_examples: int


@dataclass(frozen=True)
class CleanRun:
    """A run of our suite on the emulator as it is. seconds: of processor time."""

    dialect: Dialect
    seed: int
    findings: tuple[str, ...]
    seconds: float


@dataclass(frozen=True)
class Plan:
    """What is measured: the suites on the faults, clean runs with some seeds, and what recorded traffic proves.

    whole: plain schemathesis goes on to its end where nothing that a fault changes is left (see `trunk`).
    """

    faults: Sequence[Fault]
    suites: Sequence[Suite]
    size: Size
    seeds: Sequence[int] = ()
    recorded: bool = False
    whole: bool = False


@dataclass
class Measured:
    """What came of a plan."""

    verdicts: dict[str, list[TrialResult]]
    clean: list[CleanRun] = field(default_factory=list)
    recorded: dict[str, RecordedTrial] = field(default_factory=dict)
    false: dict[str, list[str]] = field(default_factory=dict)
    """What recorded traffic shows where nothing is wrong, by recording."""
    seconds: float = 0.0
    processor_seconds: dict[Part, float] = field(default_factory=lambda: defaultdict(float))
    """Of each part, in all processes together: what it costs, whatever else the machine has to do."""
    load: float = 0.0
    """How many processes wanted a processor when it began, by the system's average of the last minute."""


def measure(plan: Plan, say: Say) -> Measured:
    """Carry a plan out. Raises DoesNotApply when a fault proves to be none.

    A verdict whose `trouble` is not empty is none either: the suite could not run, or the fault itself broke down.
    """
    measured = Measured({fault.name: [] for fault in plan.faults}, load=os.getloadavg()[0])
    began = time.monotonic()
    with TemporaryDirectory(prefix="strength-") as folder, pool() as processes:
        work = _Work(processes, plan, measured, Path(folder), say)
        work.put_all()
        work.run()
    measured.verdicts = {fault.name: _one_each(measured.verdicts[fault.name], plan, fault) for fault in plan.faults}
    measured.clean.sort(key=lambda run: (run.dialect, run.seed))
    measured.seconds = time.monotonic() - began
    return measured


def _one_each(found: Sequence[TrialResult], plan: Plan, fault: Fault) -> list[TrialResult]:
    """One result for each suite: of plain schemathesis, that of the first API on which it noticed anything.

    An API of which the fault changes no answer has none: there the run is the one without a fault.
    """
    results = []
    for suite in plan.suites:
        of_suite = sorted((each for each in found if each.suite == suite), key=lambda each: each.api not in fault.apis)
        told = (each for each in of_suite if each.caught or each.trouble)
        results.append(next(told, None) or next(iter(of_suite), TrialResult(suite, "", "", (), 0.0)))
    return results


@dataclass(frozen=True)
class _Changes:
    """What a fault changes: a branch of each API's run; APIs of which it changes no answer are left out."""

    fault: str
    branches: dict[spec.Api, Branch]


_CHUNK = 90_000
"""Requests of runs on faults for which one run without a fault is made: about two minutes of work."""
_BATCH = 8
"""Faults that are handed to a process at once where each takes a moment only."""

_TO_RECORD, _TO_PROVE, _TO_COMPARE, _PLAIN_RANK, _CLEAN, _RECORDED, _OURS = 6e6, 5e6 + 1, 5e6, 1e6, 3e3, 2e3, 1e3
"""Ranks: what others wait for comes first, what is short last."""

Then = Callable[[Any], None]


class _Work:
    """The queue. What is done may put more into it."""

    def __init__(self, processes: ProcessPoolExecutor, plan: Plan, measured: Measured, folder: Path, say: Say) -> None:
        self._processes, self._plan, self._measured, self._folder, self._say = processes, plan, measured, folder, say
        self._waiting: list[tuple[float, int, Part, Then, Callable[..., Any], tuple[Any, ...]]] = []
        self._numbers = itertools.count()
        self._shown = 0
        self._kept: set[tuple[spec.Api, Dialect]] = set()
        self._changes: dict[Dialect, list[_Changes]] = defaultdict(list)

    def put_all(self) -> None:
        """Put in what waits for nothing."""
        plan = self._plan
        for names in _batches(plan.faults):
            self._put(OURS, _TO_PROVE, _nothing, _prove, names)
        if PLAIN in plan.suites:
            self._put_recorders()
        for seed in plan.seeds:
            for dialect in DIALECTS:
                self._put("clean runs", _CLEAN, self._ran_clean, _clean, dialect, seed, DEFAULT_MAX_EXAMPLES)
        if plan.recorded:
            self._put("recorded traffic", _RECORDED + 1, self._measured.false.update, _false_findings)
            for names in _batches(plan.faults):
                self._put("recorded traffic", _RECORDED, self._tried, _recorded, names)
        if OURS in plan.suites:
            for fault in plan.faults:
                self._put(OURS, _OURS, self._judged, _ours, fault.name, plan.size)

    def _put_recorders(self) -> None:
        for dialect in DIALECTS[::-1]:  # the present documents have most requests
            if any(fault.dialect == dialect for fault in self._plan.faults):
                for api in spec.APIS:
                    then = self._recorder(api, dialect)
                    self._put(PLAIN, _TO_RECORD, then, _record, api, dialect, self._folder, self._plan.size)

    def run(self) -> None:
        """Do it all."""
        running: dict[Future[tuple[Any, float]], tuple[Part, Then]] = {}
        while self._waiting or running:
            while self._waiting and len(running) < PROCESSES:
                _, _, part, then, function, arguments = heapq.heappop(self._waiting)
                running[self._processes.submit(_timed, function, *arguments)] = part, then
            for task in wait(running, return_when=FIRST_COMPLETED).done:
                part, then = running.pop(task)
                result, seconds = task.result()
                self._measured.processor_seconds[part] += seconds
                then(result)

    def _put(self, part: Part, rank: float, then: Then, function: Callable[..., Any], *arguments: Any) -> None:
        heapq.heappush(self._waiting, (-rank, next(self._numbers), part, then, function, arguments))

    # What becomes of what is done

    def _recorder(self, api: spec.Api, dialect: Dialect) -> Then:
        def recorded(false: Sequence[str]) -> None:
            self._kept.add((api, dialect))
            if false:
                raise RuntimeError(f"plain schemathesis fails without any fault: {', '.join(sorted(set(false)))}")
            if all((each, dialect) in self._kept for each in spec.APIS):
                for names in _batches([fault for fault in self._plan.faults if fault.dialect == dialect]):
                    self._put(PLAIN, _TO_COMPARE, self._compared, _all_changes, names, dialect, self._folder)

        return recorded

    def _compared(self, result: tuple[Dialect, list[_Changes]]) -> None:
        dialect, changes = result
        known = self._changes[dialect]
        known += changes
        if len(known) == sum(fault.dialect == dialect for fault in self._plan.faults):
            for api in spec.APIS:
                self._put_branches(api, dialect, known)

    def _put_branches(self, api: spec.Api, dialect: Dialect, changes: Sequence[_Changes]) -> None:
        which = [each.branches[api] for each in changes if api in each.branches]
        which.sort(key=lambda each: each.first)

        def left(some: Sequence[Branch]) -> int:
            return sum(each.last - each.first + 1 for each in some)

        count = -(-left(which) // _CHUNK)
        for chunk in (which[start::count] for start in range(count)):  # each with early and late ones
            arguments = api, dialect, chunk, self._folder, self._plan.size, self._plan.whole
            self._put(PLAIN, _PLAIN_RANK + left(chunk), self._judged, _plain, *arguments)

    def _judged(self, results: Sequence[tuple[str, TrialResult]]) -> None:
        for name, found in results:
            self._shown += 1
            self._measured.verdicts[name].append(found)
            by = f"caught by {found.layer} ({found.check})" if found.caught else found.trouble or "MISSED"
            self._say(f"{self._shown:4}  {found.suite:12}  {name:40}  {found.seconds:5.1f} s  {by}")

    def _ran_clean(self, run: CleanRun) -> None:
        self._measured.clean.append(run)
        self._say(f"clean run, {run.dialect}, seed {run.seed}: {len(run.findings)} findings, {run.seconds:.1f} s")

    def _tried(self, trials: Sequence[RecordedTrial]) -> None:
        for each in trials:
            self._measured.recorded[each.name] = each
            if each.touched:
                by = each.found.check if each.found else "MISSED"
                self._say(f"{len(self._measured.recorded):4}  recorded      {each.name:40}  {by}")


def _batches(faults: Sequence[Fault]) -> Iterator[list[str]]:
    names = [fault.name for fault in faults]
    return (names[start : start + _BATCH] for start in range(0, len(names), _BATCH))


# -- in the other processes -------------------------------------------------------------------------------------------


def _timed(function: Callable[..., Any], *arguments: Any) -> tuple[Any, float]:
    """The result of a piece of the work, and the processor seconds of this process and its children."""
    began = processor_seconds()
    result = function(*arguments)
    return result, processor_seconds() - began


def processor_seconds() -> float:
    """Of this process and of those it has waited for."""
    spent = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in spent)


def _nothing(_: None) -> None:
    """What becomes of a proof that holds."""


def _prove(names: Sequence[str]) -> None:
    """Raise DoesNotApply when one of these faults proves to be none."""
    for name in names:
        _fault(name).prove()


def _record(api: spec.Api, dialect: Dialect, folder: Path, size: Size) -> Sequence[str]:
    """The false failures of plain schemathesis without a fault."""
    from strength.plain import record

    return record(api, dialect, folder, seed=size.seed, max_examples=size.max_examples)


def _all_changes(names: Sequence[str], dialect: Dialect, folder: Path) -> tuple[Dialect, list[_Changes]]:
    from strength.plain import changes_in_run

    found = []
    for name in names:
        branches = {api: Branch(name, changes_in_run(_fault(name), api, folder)) for api in spec.APIS}
        found.append(_Changes(name, {api: branch for api, branch in branches.items() if branch.changed}))
    return dialect, found


def _plain(
    api: spec.Api, dialect: Dialect, which: Sequence[Branch], folder: Path, size: Size, whole: bool
) -> list[tuple[str, TrialResult]]:
    from strength.trunk import branches

    found = branches(api, dialect, which, folder, seed=size.seed, max_examples=size.max_examples, whole=whole)
    return [(name, replace(result, api=api)) for name, result in found.items()]


def _ours(name: str, size: Size) -> list[tuple[str, TrialResult]]:
    try:
        found = trial.ours(_fault(name), seed=size.seed, max_examples=size.max_examples)
    except DoesNotApply as error:
        found = TrialResult(OURS, "", "", (), 0.0, trouble=str(error))
    return [(name, found)]


def _recorded(names: Sequence[str]) -> list[RecordedTrial]:
    from strength import recorded

    return [recorded.trial(_fault(name)) for name in names]


def _false_findings() -> dict[str, list[str]]:
    from strength import recorded

    found = recorded.false_findings().items()
    return {name: [f"{each.operation}: {each.title}" for each in findings] for name, findings in found}


def _fault(name: str) -> Fault:
    from faults.catalogue import catalogue

    return next(each for each in catalogue() if each.name == name)


def _clean(dialect: Dialect, seed: int, max_examples: int) -> CleanRun:
    began = processor_seconds()
    findings, _ = trial.clean(dialect, seed, max_examples=max_examples)
    titles = tuple(f"{each.operation}: {each.title}" for each in findings)
    return CleanRun(dialect, seed, titles, processor_seconds() - began)


@contextmanager
def pool() -> Iterator[ProcessPoolExecutor]:
    """Processes for trials."""
    # Fresh processes: what is planted in one is in no other, and a thread of the parent is not copied halfway.
    with ProcessPoolExecutor(PROCESSES, get_context("spawn"), _begin) as processes:
        try:
            yield processes
        except BaseException:
            processes.shutdown(cancel_futures=True)
            raise


def _begin() -> None:
    """Have the collector look less often at what stays: with its own thresholds it takes a tenth of the time."""
    from faults.catalogue import catalogue

    import strength.plain  # noqa: F401

    catalogue()
    gc.freeze()
    gc.set_threshold(100_000, 50, 1_000)
