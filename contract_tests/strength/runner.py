"""The matrix: every fault through every suite, on several processors at once."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from faults.fault import DIALECTS, Dialect, DoesNotApply, Fault

from agora_rest import spec
from strength import trial
from strength.trial import OURS, PLAIN, Branch, Suite, TrialResult

PROCESSES = 2

Say = Callable[[str], None]


@dataclass(frozen=True)
class Size:
    """How much is drawn: the same for both suites."""

    seed: int
    max_examples: int


@dataclass(frozen=True)
class CleanRun:
    """A run of our suite on the emulator as it is."""

    dialect: Dialect
    seed: int
    findings: tuple[str, ...]
    seconds: float


def matrix(faults: Sequence[Fault], suites: Sequence[Suite], size: Size, say: Say) -> dict[str, list[TrialResult]]:
    """The verdicts on each fault, by its name. Raises DoesNotApply when a fault proves to be none.

    A verdict whose `trouble` is not empty is none either: the suite could not run, or the fault itself broke down.
    """
    for fault in faults:
        fault.prove()
    verdicts: dict[str, list[TrialResult]] = {fault.name: [] for fault in faults}
    with TemporaryDirectory(prefix="strength-") as folder, pool() as processes:
        changes = []
        if PLAIN in suites:
            _record(processes, faults, Path(folder), size)
            changes = [processes.submit(_first_changes, fault.name, folder) for fault in faults]
        # Those of the rival take longest: they begin, so that no processor is left alone with one.
        whole = _plain_tasks(processes, [task.result() for task in changes], folder, size)
        tasks = [processes.submit(_ours, fault.name, size) for fault in faults] if OURS in suites else []
        results = (each for task in as_completed([*tasks, *whole]) for each in task.result())
        for shown, (name, found) in enumerate(results, start=1):
            verdicts[name].append(found)
            by = f"caught by {found.layer} ({found.check})" if found.caught else found.trouble or "MISSED"
            say(f"{shown:4}  {found.suite:12}  {name:40}  {found.seconds:5.1f} s  {by}")
    return {fault.name: _one_each(verdicts[fault.name], suites, fault) for fault in faults}


def _one_each(found: Sequence[TrialResult], suites: Sequence[Suite], fault: Fault) -> list[TrialResult]:
    """One result for each suite: of plain schemathesis, that of the first API on which it noticed anything.

    An API of which the fault changes no answer has none: there the run is the one without a fault.
    """
    results = []
    for suite in suites:
        of_suite = sorted((each for each in found if each.suite == suite), key=lambda each: each.api not in fault.apis)
        told = (each for each in of_suite if each.caught or each.trouble)
        results.append(next(told, None) or next(iter(of_suite), TrialResult(suite, "", "", (), 0.0)))
    return results


@dataclass(frozen=True)
class _Changes:
    """The first answer of each API that a fault changes; APIs of which it changes none are left out."""

    fault: str
    dialect: Dialect
    first: dict[spec.Api, int]


_CHUNK = 24
"""Faults that one run without a fault is made for: so few that no process is left alone with them in the end."""

_Task = Future[list[tuple[str, TrialResult]]]


def _plain_tasks(processes: ProcessPoolExecutor, changes: Sequence[_Changes], folder: str, size: Size) -> list[_Task]:
    tasks = []
    for dialect in reversed(DIALECTS):  # the present documents have most requests
        for api in spec.APIS:
            which = [
                Branch(each.fault, each.first[api]) for each in changes if each.dialect == dialect and api in each.first
            ]
            which.sort(key=lambda each: each.first)
            count = -(-len(which) // _CHUNK)
            chunks = [which[start::count] for start in range(count)]  # each with early and late ones
            tasks += [processes.submit(_plain, api, dialect, chunk, folder, size) for chunk in chunks]
    return tasks


def clean_runs(seeds: Sequence[int], max_examples: int, say: Say) -> list[CleanRun]:
    """Our suite on the emulator as it is, with each seed, in every dialect."""
    runs = []
    with pool() as processes:
        tasks = [processes.submit(_clean, dialect, seed, max_examples) for seed in seeds for dialect in DIALECTS]
        for task in as_completed(tasks):
            run = task.result()
            runs.append(run)
            say(f"clean run, {run.dialect}, seed {run.seed}: {len(run.findings)} findings, {run.seconds:.1f} s")
    return sorted(runs, key=lambda run: (run.dialect, run.seed))


def _record(processes: ProcessPoolExecutor, faults: Sequence[Fault], folder: Path, size: Size) -> None:
    dialects = {fault.dialect for fault in faults}
    tasks = [
        processes.submit(_record_one, api, dialect, folder, size) for api in spec.APIS for dialect in sorted(dialects)
    ]
    for task in as_completed(tasks):
        if false := task.result():
            raise RuntimeError(f"plain schemathesis fails without any fault: {', '.join(sorted(set(false)))}")


def _record_one(api: spec.Api, dialect: Dialect, folder: Path, size: Size) -> list[str]:
    from strength.plain import record

    return record(api, dialect, folder, seed=size.seed, max_examples=size.max_examples)


def _first_changes(name: str, folder: str) -> _Changes:
    from strength.plain import first_change, load

    fault = _fault(name)
    places = {api: first_change(fault, load(Path(folder), api, fault.dialect)) for api in spec.APIS}
    return _Changes(name, fault.dialect, {api: place for api, place in places.items() if place is not None})


def _plain(
    api: spec.Api, dialect: Dialect, which: Sequence[Branch], folder: str, size: Size
) -> list[tuple[str, TrialResult]]:
    from strength.trunk import branches

    found = branches(api, dialect, which, Path(folder), seed=size.seed, max_examples=size.max_examples)
    return [(name, replace(result, api=api)) for name, result in found.items()]


def _ours(name: str, size: Size) -> list[tuple[str, TrialResult]]:
    try:
        found = trial.ours(_fault(name), seed=size.seed, max_examples=size.max_examples)
    except DoesNotApply as error:
        found = TrialResult(OURS, "", "", (), 0.0, trouble=str(error))
    return [(name, found)]


def _fault(name: str) -> Fault:
    from faults.catalogue import catalogue

    return next(each for each in catalogue() if each.name == name)


def _clean(dialect: Dialect, seed: int, max_examples: int) -> CleanRun:
    started = time.monotonic()
    findings, _ = trial.clean(dialect, seed, max_examples=max_examples)
    titles = tuple(f"{each.operation}: {each.title}" for each in findings)
    return CleanRun(dialect, seed, titles, time.monotonic() - started)


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
