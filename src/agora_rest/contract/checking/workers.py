"""Processes that share a run against the embedded emulator, each with an emulator of its own.

Threads would share one interpreter. The processes are fresh interpreters and no copies of this one: it may have threads
and a main module that must not run again.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from queue import Empty, Queue
from types import TracebackType
from typing import Any, Final, Self

from agora_rest.contract.checking import worker as worker_module
from agora_rest.contract.checking.units import Done, Take, Unit
from agora_rest.contract.checking.worker import Failure, Frame, Work
from agora_rest.contract.http.wire import Gone
from agora_rest.contract.safety.bounds import Bounds, Stopped
from agora_rest.contract.target import CouldNotRun

__all__ = ["Work", "Workers", "jobs_for"]

_MOST: Final = 4
"""Processes that help: with more, the longest unit of fuzzing alone decides how long a run takes."""

_WORTH: Final = 4.0
"""Seconds of work below which a second process is not worth its start."""

_COST: Final = {
    ("cloud-recording", "examples"): 7.0,
    ("cloud-recording", "stateful"): 6.0,
    ("cloud-recording", "fuzzing"): 5.0,
    ("console", "fuzzing"): 4.0,
    ("console", "examples"): 2.0,
}
"""About how many seconds units of fuzzing take, by their first phase."""

_COST_OF_CHECK: Final = 0.03

_INTERVAL: Final = 0.2
"""Seconds after which the bounds of the run are checked in any case."""

_ENDING: Final = 5.0


def jobs_for(units: Sequence[Unit], requested: int | None) -> int:
    """How many processes make these units; 1 is this one."""
    if requested is not None:
        return max(1, min(requested, len(units)))
    if sum(map(_cost, units)) < _WORTH:
        return 1
    return max(1, min(_cores(), _MOST, len(units)))


def _cores() -> int:
    usable = getattr(os, "sched_getaffinity", None)
    return len(usable(0)) if usable else os.cpu_count() or 1


def _cost(unit: Unit) -> float:
    return _COST.get((unit.api or "", unit.phases[0]), 1.0) if unit.fuzzes else _COST_OF_CHECK * len(unit.checks)


@dataclass
class _Made:
    """The happenings of a unit that were not handed on yet, and its end."""

    happenings: list[Any] = field(default_factory=list)
    end: Done | Failure | None = None


class Workers:
    """Makes units in `jobs` processes. To follow one is to get what happens in it, in its order.

    bounds: those of the run; they end it also while nothing happens.
    """

    def __init__(self, jobs: int, units: Sequence[Unit], work: Work, bounds: Bounds | None) -> None:
        self._jobs, self._work, self._bounds = jobs, work, bounds or Bounds()
        self._numbers = {unit: number for number, unit in enumerate(units)}
        self._waiting = list(units)
        self._made: dict[int, _Made] = {number: _Made() for number in range(len(units))}
        self._frames: Queue[tuple[int, Frame | None]] = Queue()
        self._processes: list[subprocess.Popen[bytes]] = []
        self._readers: list[threading.Thread] = []

    def __enter__(self) -> Self:
        """Start the processes and give each its first unit."""
        try:
            for worker in range(self._jobs):
                self._start(worker)
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End the processes, whatever they are doing."""
        self._end()

    def follow(self, unit: Unit, take: Take) -> Done:
        """Hand on what happens in a unit until it is over. Raises what ended it early."""
        number = self._numbers[unit]
        made = self._made[number]
        while True:
            happenings, made.happenings = made.happenings, []
            for happening in happenings:
                take(happening)
            if isinstance(made.end, Failure):
                raise _error(made.end)
            if made.end is not None:
                return made.end
            self._receive()

    def _receive(self) -> None:
        self._bounds.require()
        try:
            worker, frame = self._frames.get(timeout=_INTERVAL)
        except Empty:
            return
        if frame is None:
            code = self._processes[worker].wait()
            raise CouldNotRun(f"a process of the run ended with code {code}")
        made = self._made[frame.number]
        made.happenings += frame.happenings
        if frame.end is not None:
            made.end = frame.end
            self._give(worker)

    def _start(self, worker: int) -> None:
        paths = os.pathsep.join(path for path in sys.path if path)
        process = subprocess.Popen(  # noqa: S603  this interpreter
            [sys.executable, "-P", "-c", f"from {worker_module.__name__} import main; main()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": paths},
            # Ctrl-C is for this process, which ends the others.
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        self._processes.append(process)
        reader = threading.Thread(target=self._read, args=(worker, process), daemon=True)
        self._readers.append(reader)
        reader.start()
        self._send(worker, replace(self._work, seconds=self._bounds.remaining))
        self._give(worker)

    def _give(self, worker: int) -> None:
        """Give a process its next unit, if one is left.

        The first process begins with the checks of facts, whose results come first; the others with the longest units.
        """
        unit = next(self._order(worker), None)
        if unit is not None:
            self._waiting.remove(unit)
            self._send(worker, (self._numbers[unit], unit))

    def _order(self, worker: int) -> Iterator[Unit]:
        facts = [unit for unit in self._waiting if not unit.fuzzes]
        fuzzing = sorted((unit for unit in self._waiting if unit.fuzzes), key=_cost, reverse=True)
        yield from (*facts, *fuzzing) if worker == 0 else (*fuzzing, *reversed(facts))

    def _send(self, worker: int, order: Any) -> None:
        stream = self._processes[worker].stdin
        with suppress(BrokenPipeError):  # it has ended, which its reader finds
            if stream is not None:
                pickle.dump(order, stream, pickle.HIGHEST_PROTOCOL)
                stream.flush()

    def _read(self, worker: int, process: subprocess.Popen[bytes]) -> None:
        try:
            while process.stdout is not None:
                self._frames.put((worker, pickle.load(process.stdout)))  # noqa: S301  from a process of ours
        except Exception:  # noqa: BLE001  half a frame can fail in any way
            self._frames.put((worker, None))

    def _end(self) -> None:
        for process in self._processes:
            process.kill()
        for process, reader in zip(self._processes, self._readers, strict=False):
            process.wait(_ENDING)
            reader.join(_ENDING)
            for stream in (process.stdin, process.stdout):
                with suppress(BrokenPipeError):
                    if stream is not None:
                        stream.close()


def _error(failure: Failure) -> BaseException:
    match failure.kind:
        case "could not run":
            return CouldNotRun(failure.text)
        case "stopped":
            return Stopped(failure.text)
        case "gone":
            return Gone(failure.text)
        case _:
            return RuntimeError(f"a process of the run failed:\n{failure.text}")
