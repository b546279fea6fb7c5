"""An emulator's clock stands still for a run, and afterwards goes on as it did; no example is too slow for it."""

from __future__ import annotations

import itertools
import signal
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from faults.servers import faulty_server

from agora_rest.contract import runner as run_module
from agora_rest.contract.checking.checks import Check
from agora_rest.contract.http.control import Control
from agora_rest.contract.http.server import Server
from agora_rest.contract.machines import base
from agora_rest.contract.machines.kicking import Kicking
from agora_rest.contract.machines.recordings import Recordings
from agora_rest.contract.outcomes import Broken, Skipped
from agora_rest.contract.results.events import Outcome
from agora_rest.emulator import (
    Emulator,
    FrozenClock,
    MovableClock,
    recordings,
    rules,
)
from tests.contract.runs import made
from tests.contract.test_remote_server import command, made_into_check, wait_for


def only(monkeypatch: pytest.MonkeyPatch, *checks: Check) -> None:
    monkeypatch.setattr(run_module, "all_checks", lambda: checks)


@pytest.mark.parametrize("emulator", [Emulator, lambda: Emulator(clock=FrozenClock())], ids=["running", "frozen"])
def test_an_emulators_clock_stands_still_for_a_run_and_afterwards_all_is_as_it_was(
    emulator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stood = []

    def looking(server: Server) -> None:
        """Looks whether the clock stands still."""
        stood.append((server.control.frozen, server.stands_still()))

    with emulator().serve() as server:
        settings = server.emulator.settings
        settings.dialect, settings.rate_limit = "observed", False
        server.emulator.stop_with("backuped")
        before = server.emulator.clock.frozen, server.emulator.state()["settings"]
        only(monkeypatch, made_into_check(looking, "CR-11"), made_into_check(looking, "CO-10"))
        outcome, _ = made(server.url, fuzz=False)
        assert (server.emulator.clock.frozen, server.emulator.state()["settings"]) == before
    assert outcome is Outcome.HOLDS
    assert stood == [(True, True)] * 2


@pytest.mark.parametrize("crash", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_the_clock_runs_on_after_a_crash(crash: type[BaseException], monkeypatch: pytest.MonkeyPatch) -> None:
    def crashing(server: Server) -> None:
        """Comes to nothing."""
        assert server.stands_still()
        raise crash

    only(monkeypatch, made_into_check(crashing, "CR-11"))
    with Emulator().serve() as server:
        try:
            made(server.url, fuzz=False)
        except SystemExit:
            assert crash is SystemExit
        assert not server.emulator.clock.frozen
        assert server.emulator.settings.rate_limit


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=lambda how: how.name)
def test_the_clock_runs_on_after_a_run_that_is_told_to_stop(how: signal.Signals) -> None:
    with Emulator().serve() as server:
        main = "from agora_rest.cli import main; main()"
        with command(main, "contract", "run", "--base-url", server.url, "--no-keep") as process:
            wait_for(lambda: server.emulator.clock.frozen or process.poll() is not None)
            process.send_signal(how)
            said, _ = process.communicate(timeout=200)
        assert (process.returncode, server.emulator.clock.frozen) == (2, False), said
        assert server.emulator.settings.rate_limit


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a machine does takes ten seconds."""
    ticks = itertools.count(step=10.0)
    monkeypatch.setattr(base, "time", SimpleNamespace(monotonic=lambda: next(ticks)))


MACHINES = [(Kicking, rules, "SHORTEST_MINUTES", 0), (Recordings, recordings, "RESOURCE_LIFETIME", 3600.0)]


@pytest.mark.slow
@pytest.mark.usefixtures("slow")
@pytest.mark.parametrize(("machine", "owner", "name", "wrong"), MACHINES)
def test_no_example_is_too_slow_where_the_clock_stands_still(
    machine: type[base.Machine], owner: Any, name: str, wrong: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with faulty_server("documented") as server:
        base.run_machine(machine, server, examples=3)
        monkeypatch.setattr(owner, name, wrong)
        with pytest.raises(Broken):
            base.run_machine(machine, server, examples=40)


@pytest.mark.usefixtures("slow")
@pytest.mark.parametrize("machine", [each[0] for each in MACHINES])
def test_where_the_clock_runs_examples_that_are_too_slow_are_given_up(machine: type[base.Machine]) -> None:
    with faulty_server("documented", clock=MovableClock()) as server, pytest.raises(Skipped, match="too slowly"):
        base.run_machine(machine, server, examples=3)


def test_a_clock_that_says_nothing_of_itself_is_looked_at_twice(serve: Callable[..., Server]) -> None:
    """An emulator of an earlier version."""
    readings = iter([1.0, 1.0, 2.0, 2.5])
    server = serve(lambda _: httpx.Response(200, json={"unix": next(readings)}), offers=Control.CLOCK)
    assert [server.stands_still(), server.stands_still()] == [True, False]
    assert not serve(lambda _: httpx.Response(404)).stands_still()
