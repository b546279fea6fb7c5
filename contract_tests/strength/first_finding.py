"""How soon a run that stops at its first finding has it: `python -m strength --first-finding`.

The emulator with a fault serves from a process of its own, over HTTP, as somebody's server would. The run is
`agora-rest contract run -x` with its defaults; its seconds count from the call of `run`, and imports are stated apart.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection

from faults.fault import Fault, planted

from agora_rest.contract import runner
from agora_rest.contract.options import Options
from agora_rest.contract.results.events import Event, FindingFound
from agora_rest.emulator import DEFAULT_CUSTOMER_CERTIFICATE, DEFAULT_CUSTOMER_ID, DEMO_APP_ID

_START_TIMEOUT = 60.0


@dataclass(frozen=True)
class FirstFinding:
    """The first finding of a run on a fault: what saw it, "" where nothing did, and when.

    seconds: by the clock, from the beginning of the run. cpu: of both sides, which take turns: what the clock shows on
    a machine that does nothing else.
    """

    fault: str
    check: str
    seconds: float
    cpu: float


class _Stopwatch:
    """A handler that notes when the first finding comes."""

    def __init__(self) -> None:
        self.check = ""
        self.seconds = self.cpu = 0.0
        self._began, self._used = time.monotonic(), time.process_time()

    def handle(self, event: Event) -> None:
        if isinstance(event, FindingFound) and not self.check:
            self.check = event.finding.check
            self.stop()

    def stop(self) -> None:
        self.seconds, self.cpu = time.monotonic() - self._began, time.process_time() - self._used


def sample(faults: Sequence[Fault], count: int) -> list[Fault]:
    """So many faults, evenly spread over the catalogue."""
    step = max(1, len(faults) // count)
    return list(faults)[::step][:count]


def first_findings(faults: Sequence[Fault], seed: int, say: Callable[[str], None]) -> list[FirstFinding]:
    """The first finding on each fault."""
    found = []
    with _server() as connection:
        for number, fault in enumerate(faults, start=1):
            found.append(_measured(fault, connection, seed))
            last = found[-1]
            by = last.check or "nothing"
            say(f"{number:4}/{len(faults)}  {fault.name:40}  {last.seconds:5.1f} s, {last.cpu:5.1f} s of CPU  {by}")
    return found


def figures(found: Sequence[FirstFinding]) -> str:
    """The figures as JSON, for docs/performance.md."""
    return json.dumps([asdict(each) for each in found])


def words(found: Sequence[FirstFinding]) -> str:
    """The same for people."""
    caught = [each for each in found if each.check]
    parts = [f"First finding on {len(caught)} of {len(found)} faults"]
    for name in ("seconds", "cpu"):
        values = [getattr(each, name) for each in caught]
        parts.append(f"{name}: median {statistics.median(values):.1f}, 95th percentile {percentile(values, 95):.1f}")
    return "; ".join(parts)


def percentile(values: Sequence[float], percent: float) -> float:
    """The value below which so many percent of them lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def _measured(fault: Fault, connection: Connection, seed: int) -> FirstFinding:
    connection.send(fault.name)
    url = connection.recv()
    watch = _Stopwatch()
    options = Options(
        base_url=url,
        customer_id=DEFAULT_CUSTOMER_ID,
        customer_certificate=DEFAULT_CUSTOMER_CERTIFICATE,
        app_id=DEMO_APP_ID,
        seed=seed,
        max_findings=1,
    )
    runner.run(options, [watch])
    if not watch.check:
        watch.stop()
    connection.send("")
    served: float = connection.recv()
    return FirstFinding(fault.name, watch.check, watch.seconds, watch.cpu + served)


@contextmanager
def _server() -> Iterator[Connection]:
    """A process that serves the emulator with the fault that it is told."""
    ours, its = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=_serve, args=(its,), daemon=True)
    process.start()
    try:
        if not ours.poll(_START_TIMEOUT):
            raise RuntimeError("the process that serves the faults did not start")
        ours.recv()
        yield ours
    finally:
        process.terminate()
        process.join()


def _serve(connection: Connection) -> None:
    from faults.catalogue import catalogue

    faults = {fault.name: fault for fault in catalogue()}
    connection.send("ready")
    while True:
        fault = faults[connection.recv()]
        with planted(fault.dialect, fault, rate_limit=True) as made, made.serve() as server:
            used = time.process_time()
            connection.send(server.url)
            connection.recv()
            spent = time.process_time() - used
        connection.send(spent)
