"""The parts of a run: what they are, and that a run is the same however many processes make it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agora_rest import spec
from agora_rest.contract.checking import workers
from agora_rest.contract.checking.checks import all_checks
from agora_rest.contract.checking.units import Drawn, Unit, units_of
from agora_rest.contract.checking.workers import Work, Workers, jobs_for
from agora_rest.contract.options import Options
from agora_rest.contract.results.events import Outcome
from agora_rest.contract.runner import run
from agora_rest.contract.safety.bounds import Bounds, Stopped
from agora_rest.contract.target import CouldNotRun
from tests.contract.runs import EventRecorder

_DRAWN = Drawn(seed=1, max_examples=1)


def _names(units: list[Unit]) -> list[str]:
    return [name for unit in units for name in unit.checks]


def test_units_have_every_check_once_and_every_phase_of_every_api() -> None:
    checks = all_checks()
    units = units_of(checks, spec.APIS, parted=True)
    assert _names(units) == [each.name for each in checks]
    for api in spec.APIS:
        phases = [phase for unit in units if unit.api == api for phase in unit.phases]
        assert phases == ["examples", "coverage", "fuzzing", "stateful"]


def test_the_number_of_checks_before_a_unit_is_that_of_the_units_before_it() -> None:
    units = [unit for unit in units_of(all_checks(), (), parted=True) if not unit.fuzzes]
    assert [unit.first for unit in units] == [len(_names(units[:place])) for place in range(len(units))]


def test_a_machine_is_a_unit_of_its_own() -> None:
    machines = {each.name for each in all_checks() if "machine" in each.function.__module__}
    assert machines
    assert machines <= {unit.checks[0] for unit in units_of(all_checks(), (), parted=True) if len(unit.checks) == 1}


def test_another_server_is_tested_in_as_few_units_as_there_are() -> None:
    units = units_of(all_checks(), spec.APIS, parted=False)
    assert [unit.api for unit in units] == [None, "cloud-recording", "console"]


def test_a_short_run_is_made_by_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_cores", lambda: 8)
    assert jobs_for(units_of(all_checks()[:20], (), parted=True), None) == 1
    assert jobs_for(units_of(all_checks(), spec.APIS, parted=True), None) == 4
    assert jobs_for(units_of(all_checks(), spec.APIS, parted=True), 1) == 1


def _events(jobs: int) -> Counter[Any]:
    """Everything that happens in a run; which of the calls sent at the same moment comes first is nobody's choice."""
    heard = EventRecorder()
    options = Options(seed=7, max_examples=1, jobs=jobs, apis=("console",), dialect="observed")
    assert run(options, [heard]) is Outcome.HOLDS
    return Counter(replace(each, seconds=0.0) if hasattr(each, "seconds") else each for each in heard.events)


@pytest.mark.slow
def test_a_run_is_the_same_however_many_processes_make_it() -> None:
    assert _events(1) == _events(2)


@pytest.mark.slow
def test_the_timeout_of_a_run_ends_its_processes() -> None:
    heard = EventRecorder()
    assert run(Options(jobs=2, timeout=3.0, max_examples=5000), [heard]) is Outcome.COULD_NOT_RUN
    assert "the limit of --timeout" in heard.finished.sentence
    assert heard.finished.seconds < 60  # of the many minutes that it would take


def test_a_process_that_ends_by_itself_ends_the_run() -> None:
    unit = Unit(("facts",), None, ("no such check",))
    with Workers(1, [unit], Work(None, None, _DRAWN), Bounds()) as made:
        made._processes[0].kill()
        with pytest.raises(CouldNotRun, match="ended with code"):
            made.follow(unit, lambda _: None)


def test_what_goes_wrong_in_a_process_is_raised_where_its_unit_is_followed() -> None:
    unit = Unit(("facts",), None, ("no such check",))
    with (
        Workers(1, [unit], Work(None, None, _DRAWN), Bounds()) as made,
        pytest.raises(RuntimeError, match="no such check"),
    ):
        made.follow(unit, lambda _: None)


def test_a_bound_that_is_reached_ends_the_wait_for_a_unit() -> None:
    unit = Unit(("stateful",), "cloud-recording")
    with Workers(1, [unit], Work(None, None, _DRAWN), Bounds(0.0)) as made, pytest.raises(Stopped):
        made.follow(unit, lambda _: None)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="looks for children in /proc")
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGKILL])
def test_processes_end_with_the_run_that_started_them(ending: signal.Signals, tmp_path: Path) -> None:
    program = "from agora_rest.cli import main; main()"
    command = [sys.executable, "-c", program, "contract", "run", "--jobs", "2", "--no-keep"]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    children = _until(lambda: _children(process.pid))
    process.send_signal(ending)
    assert process.wait(120) in (2, -ending)
    assert _until(lambda: not any(map(_is_alive, children)))


def _until(happens: Any, seconds: float = 120.0) -> Any:
    ends_at = time.monotonic() + seconds
    while not (found := happens()) and time.monotonic() < ends_at:
        time.sleep(0.1)
    return found


def _children(pid: int) -> list[int]:
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            status = (each / "status").read_text(encoding="utf-8")
        except OSError:
            continue
        if f"PPid:\t{pid}\n" in status:
            found.append(int(each.name))
    return found if len(found) == 2 else []


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        state = (Path("/proc") / str(pid) / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except (OSError, FileNotFoundError):
        return False
    return state != "Z"
