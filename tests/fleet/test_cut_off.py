"""Two workers on two machines that lose each other and the database for a while: nothing twice, nothing too often."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import uvicorn

from agora_rest.emulator import Emulator
from agora_rest.fleet import Journal, State
from tests.fleet.chaos import StrictQuotas, look, order
from tests.networks import Machine, network
from tests.services import PostgreSQL

PROJECT = Path(__file__).parents[2]
RECORDINGS = 60
CUT = 4.0
"""Seconds; a worker's lease is half of that."""


@pytest.mark.slow
def test_workers_that_are_cut_off_do_nothing_twice_and_break_no_limit(tmp_path: Path) -> None:
    emulator, socket = Emulator(), str(tmp_path / "agora")
    emulator.world.quotas = StrictQuotas()
    with ExitStack() as stack:
        net = stack.enter_context(network(2))
        url = stack.enter_context(PostgreSQL(net.address)).database()
        stack.enter_context(served(emulator, socket))
        journal = stack.enter_context(Journal(url, check=False))
        journal.migrate()
        workers = [stack.enter_context(worker(machine, url, socket)) for machine in net.machines]
        now = time.time()
        journal.submit_many(order(number, now, None) for number in range(RECORDINGS))
        for machine in net.machines:
            called(emulator, more=20)
            machine.cut_off()
            time.sleep(CUT)
            machine.join()
        deadline = time.time() + 120
        while time.time() < deadline and journal.counts()[State.INTENT]:
            time.sleep(0.1)
        journal.stop_all()
        while time.time() < deadline and journal.next_due() is not None:
            time.sleep(0.1)
        found = look(emulator, journal, 0, 0.0)
        for each in workers:
            each.terminate()
        assert [each.wait(120) for each in workers] == [0, 0]
    assert (found.orphans, found.doubled, found.unsettled) == ([], [], [])
    assert found.recordings == RECORDINGS
    assert found.outcomes.get("done: stopped", 0) > RECORDINGS / 2
    assert found.refused == 0, "the limit was broken"


def called(emulator: Emulator, *, more: int) -> None:
    """Wait until so many more calls were made."""
    enough, deadline = emulator.request_log.total + more, time.time() + 60
    while emulator.request_log.total < enough and time.time() < deadline:
        time.sleep(0.01)


@contextmanager
def served(emulator: Emulator, socket: str) -> Iterator[None]:
    """`emulator` on a socket of the disk, which all machines share."""
    server = uvicorn.Server(uvicorn.Config(emulator.app, uds=socket, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def worker(machine: Machine, url: str, socket: str) -> Iterator[subprocess.Popen[str]]:
    """A worker that is ready. It does not outlive the block."""
    command = [*machine.under, sys.executable, "-m", "tests.fleet.distant_worker", url, url, socket]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()
