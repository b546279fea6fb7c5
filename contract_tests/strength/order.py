"""The order of the checks in a run that stops at its first finding, computed from the faults that each check catches.

`python -m strength --order` makes the checks of a fault's facts on it, in this process, and notes which of them fail.
The table is a greedy cover: next comes the check that catches most faults a second among those that no check before it
catches. It is written to `contract/checking/telling.json`, which the runner reads.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any, Final

from faults.fault import DIALECTS, Dialect, DoesNotApply, Fault
from faults.servers import faulty_server

from agora_rest import spec
from agora_rest.contract.checking.checks import Check, all_checks, run_checks
from agora_rest.contract.checking.dialect import DialectWatch
from agora_rest.contract.checking.passive import Watch
from agora_rest.contract.results.events import CheckPassed, Event, Events
from agora_rest.contract.results.findings import Finding

TABLE: Final = Path(__file__).parents[2] / "src" / "agora_rest" / "contract" / "checking" / "telling.json"

_LEAST: Final = 0.002
"""Seconds that a check is taken to need at least: what a request and a reset cost."""


def order(pool: ProcessPoolExecutor, faults: Sequence[Fault], say: Callable[[str], None]) -> list[str]:
    """The names of all checks, the most telling first."""
    times = [pool.submit(_seconds, dialect) for dialect in DIALECTS]
    tasks = {pool.submit(_caught, fault.name): fault for fault in faults}
    caught: dict[str, set[str]] = defaultdict(set)
    for done, task in enumerate(as_completed(tasks), start=1):
        names = task.result()
        for name in names:
            caught[name].add(tasks[task].name)
        say(f"{done:4}/{len(tasks)}  {tasks[task].name:40}  {len(names)} checks")
    seconds: dict[str, float] = {}
    for each in times:
        for name, taken in each.result().items():
            seconds[name] = max(taken, seconds.get(name, _LEAST))
    return cover(caught, seconds, [check.name for check in all_checks()])


def cover(caught: Mapping[str, set[str]], seconds: Mapping[str, float], names: Iterable[str]) -> list[str]:
    """The checks by how many faults a second they catch that none before them does; the others by what they catch."""
    left = list(names)
    uncaught = {fault for faults in caught.values() for fault in faults}
    ordered: list[str] = []

    def yields(name: str, among: set[str]) -> float:
        return len(caught.get(name, set()) & among) / seconds.get(name, 1.0)

    every = set(uncaught)
    while left:
        best = max(left, key=lambda name: (yields(name, uncaught), yields(name, every), -seconds.get(name, 1.0)))
        left.remove(best)
        ordered.append(best)
        uncaught -= caught.get(best, set())
    return ordered


def write(names: Sequence[str]) -> None:
    """Write the table."""
    TABLE.write_text(json.dumps(names, indent=1) + "\n", encoding="utf-8")


def _caught(name: str) -> list[str]:
    """The checks of a fault's facts that fail on it: the quick ones, or else state machines, or else any other."""
    from faults.catalogue import catalogue

    fault = next(each for each in catalogue() if each.name == name)
    checks = [each for each in all_checks() if each.applies_to(spec.edition_of(fault.dialect))]
    near = [each for each in checks if set(each.facts) & set(fault.facts)]
    quick = [each for each in near if not _is_machine(each)]
    rest = [each for each in checks if each not in near and not _is_machine(each)]
    for some in (quick, [each for each in near if _is_machine(each)], rest):
        if names := [each.name for each in some if _fails(each, fault)]:
            return names
    return []


def _is_machine(check: Check) -> bool:
    return "machine" in check.function.__module__


def _fails(check: Check, fault: Fault) -> bool:
    findings: list[Finding] = []
    try:
        with faulty_server(fault.dialect, fault) as server:
            watch = Watch(DialectWatch(fault.dialect), server.curl, server.secrets)
            run_checks(server, [check], watch, findings.append, Events())
    except DoesNotApply:
        return False
    return bool(findings)


class _Times:
    """A handler that notes how long checks take."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def handle(self, event: Event) -> None:
        if isinstance(event, CheckPassed):
            self.seconds[event.check] = event.seconds


def _seconds(dialect: Dialect) -> dict[str, float]:
    """How long every check takes on the emulator as it is."""
    times = _Times()
    checks = [each for each in all_checks() if each.applies_to(spec.edition_of(dialect))]
    with faulty_server(dialect) as server:
        watch = Watch(DialectWatch(dialect), server.curl, server.secrets)
        ignored: Callable[[Any], None] = lambda _: None  # noqa: E731
        run_checks(server, checks, watch, ignored, Events([times]))
    return times.seconds
