"""The matrix: every fault through every suite, on several processors at once."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from faults.fault import DIALECTS, Dialect, DoesNotApply, Fault

from agora_rest import spec
from strength import trial
from strength.trial import OURS, PLAIN, Suite, TrialResult

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
        if PLAIN in suites:
            _record(processes, faults, Path(folder), size)
        # Those of the rival that are not noticed take longest: they begin, so that no processor is left alone with one.
        order = sorted(((suite, fault) for suite in suites for fault in faults), key=lambda each: each[0] == OURS)
        tasks = {processes.submit(_try, fault.name, suite, size, folder): (suite, fault) for suite, fault in order}
        for done, task in enumerate(as_completed(tasks), start=1):
            suite, fault = tasks[task]
            found = task.result()
            verdicts[fault.name].append(found)
            by = f"caught by {found.layer} ({found.check})" if found.caught else found.trouble or "MISSED"
            say(f"{done:4}/{len(tasks)}  {suite:12}  {fault.name:40}  {found.seconds:5.1f} s  {by}")
    return verdicts


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


def _try(name: str, suite: Suite, size: Size, folder: str) -> TrialResult:
    from faults.catalogue import catalogue

    from strength.plain import plain

    fault = next(each for each in catalogue() if each.name == name)
    try:
        if suite == PLAIN:
            return plain(fault, Path(folder), seed=size.seed, max_examples=size.max_examples)
        return trial.ours(fault, seed=size.seed, max_examples=size.max_examples)
    except DoesNotApply as error:
        return TrialResult(suite, "", "", (), 0.0, trouble=str(error))


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
    """Have the collector of a process look less often at what stays, which is nearly everything: a tenth of its time."""
    from faults.catalogue import catalogue

    import strength.plain  # noqa: F401

    catalogue()
    gc.freeze()
    gc.set_threshold(100_000, 50, 1_000)
