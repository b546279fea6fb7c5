"""Attacks on workers, journal and permits while the service fails: nothing orphaned, doubled or without an outcome.

`make chaos` runs the long form: AGORA_REST_FLEET_CHAOS is how often the workers of the first tests are killed; the
other attacks then have 300 recordings each.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.services import PostgreSQL, Redis

KILLS = int(os.environ.get("AGORA_REST_FLEET_CHAOS", "0"))
SHORT = {"workers": 3, "recordings": 28, "rounds": 12}
LONG = {"workers": 4, "recordings": 500, "rounds": KILLS}
ATTACKED = {"workers": 4, "recordings": 300, "rounds": 60}
"""The long form of the attacks that kill nothing."""
DISK = "24m"
"""The size of the disk that is filled."""

SIZE = LONG if KILLS else SHORT
OTHER_SIZE = ATTACKED if KILLS else SHORT


def rage(
    url: str, seed: int, *, at: dict[int, Callable[[], Any]] | None = None, size: dict[str, int] = SIZE, **others: Any
) -> dict[str, Any]:
    """The findings of tests/fleet/chaos.py. `at` has what is to be done after which round."""
    options = [f"--{name}={value}" for name, value in {**size, "journal": url, "seed": seed, **others}.items()]
    command = [sys.executable, str(Path(__file__).with_name("chaos.py")), *options]
    found: dict[str, Any] = {}
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "start_new_session": True}
    with subprocess.Popen(command, text=True, **pipes) as process:
        try:
            for line in process.stdout or ():
                if line.startswith("round "):
                    (at or {}).get(int(line.split()[1]), int)()
                else:
                    found = json.loads(line)
            message = process.stderr.read() if process.stderr else ""
        finally:
            with suppress(ProcessLookupError):  # leave no worker behind, even if the test is aborted
                os.killpg(process.pid, signal.SIGKILL)
    assert found, message
    return found


def check(found: dict[str, Any], size: dict[str, int] = SIZE, *, stopped: float = 1 / 6) -> None:
    """Nothing is wrong, and a share of the recordings was stopped by its sid: the attack did not prevent everything."""
    print(json.dumps(found))
    assert found["rounds"] == size["rounds"]
    assert (found["orphans"], found["doubled"], found["unsettled"], found["mistaken"]) == ([], [], [], [])
    assert found["missing"] == 0
    assert found["recordings"] == size["recordings"]
    assert found["outcomes"].get("done: stopped", 0) >= size["recordings"] * stopped, "most had not even begun"
    assert sum(found["faults"].values()) > 10, "the service has not failed"


@pytest.mark.parametrize("seed", [1])
def test_kill_9_on_sqlite(tmp_path: Path, seed: int) -> None:
    check(rage(f"sqlite:///{tmp_path}/recordings.db", seed))


@pytest.mark.slow
def test_kill_9_on_postgresql(postgresql: PostgreSQL) -> None:
    check(rage(journal_url(postgresql), 2))


@pytest.mark.slow
def test_postgresql_restarted_in_mid_run(postgresql: PostgreSQL) -> None:
    rounds, restart = SIZE["rounds"], postgresql.restart
    check(rage(journal_url(postgresql), 3, at={int(rounds / 4): restart, int(rounds * 3 / 4): restart}))


@pytest.mark.slow
def test_postgresql_killed_with_kill_9_in_mid_run(postgresql: PostgreSQL) -> None:
    rounds = OTHER_SIZE["rounds"]

    def kill() -> None:
        postgresql.kill()
        time.sleep(0.5)
        postgresql.start()

    events = {int(rounds / 4): kill, int(rounds * 3 / 4): kill}
    check(rage(journal_url(postgresql), 5, at=events, size=OTHER_SIZE, attack="none"), OTHER_SIZE)


@pytest.mark.slow
def test_redis_restarted_and_emptied_in_mid_run(tmp_path: Path, redis_server: Redis) -> None:
    rounds = SIZE["rounds"]
    events = {int(rounds / 4): redis_server.restart, int(rounds * 3 / 4): redis_server.flush}
    found = rage(f"sqlite:///{tmp_path}/recordings.db", 4, at=events, permits=redis_server.url)
    check(found)
    assert found["refused"] == 0
    assert found["busiest"] > 5, "far from the limit, nothing is shown"  # how near depends on the machine
    # One silence at least: the second event may come while the first one's silence lasts.
    assert found["silences"] >= 1, "it went on giving permits without its memory"


@pytest.mark.slow
def test_redis_stopped_for_a_while_and_replaced_by_another_in_mid_run(tmp_path: Path, redis_server: Redis) -> None:
    rounds = OTHER_SIZE["rounds"]

    def replace() -> None:
        redis_server.stop()
        time.sleep(2)
        redis_server.start()

    found = rage(
        f"sqlite:///{tmp_path}/recordings.db",
        6,
        at={int(rounds / 2): replace},
        size=OTHER_SIZE,
        permits=redis_server.url,
        attack="none",
    )
    check(found, OTHER_SIZE)
    assert found["refused"] == 0


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_workers_stopped_for_longer_than_their_lease_write_nothing_when_they_go_on(
    tmp_path: Path, request: pytest.FixtureRequest, database: str
) -> None:
    url = f"sqlite:///{tmp_path}/recordings.db"
    if database == "postgresql":
        url = journal_url(request.getfixturevalue("postgresql"))
    check(rage(url, 7, size=OTHER_SIZE, attack="freeze"), OTHER_SIZE)


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_workers_whose_clocks_are_five_minutes_wrong_and_jump(
    tmp_path: Path, request: pytest.FixtureRequest, database: str
) -> None:
    """On SQLite a worker trusts the clock of its machine, so ends come early; on PostgreSQL all trust the server's."""
    url = f"sqlite:///{tmp_path}/recordings.db"
    if database == "postgresql":
        url = journal_url(request.getfixturevalue("postgresql"))
    stopped = 1 / 6 if database == "postgresql" else 0.0
    check(rage(url, 8, size=OTHER_SIZE, attack="clocks"), OTHER_SIZE, stopped=stopped)


@pytest.mark.slow
def test_fifty_workers_on_one_sqlite_file(tmp_path: Path) -> None:
    size = {**OTHER_SIZE, "workers": 50 if KILLS else 12}
    check(rage(f"sqlite:///{tmp_path}/recordings.db", 9, size=size, attack="none"), size)


@pytest.mark.slow
def test_starts_cut_after_their_effect(tmp_path: Path) -> None:
    found = rage(f"sqlite:///{tmp_path}/recordings.db", 10, size=OTHER_SIZE, attack="none", **{"cut-starts": 0.5})
    check(found, OTHER_SIZE)
    assert found["faults"]["cut_after"] >= OTHER_SIZE["recordings"] / 4


@pytest.mark.slow
def test_a_disk_that_is_full_under_sqlite(small_disk: Path) -> None:
    check(rage(f"sqlite:///{small_disk}/recordings.db", 11, size=OTHER_SIZE, attack="full-disk"), OTHER_SIZE)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a few megabytes. Only root can make one; elsewhere `chaos.py` limits the size of files instead."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(tmp_path)]
    mounted = subprocess.run(mount, check=False, capture_output=True).returncode == 0
    try:
        yield tmp_path
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", tmp_path], check=True)


def journal_url(server: PostgreSQL) -> str:
    """The URL of a new database with the journal's tables."""
    from agora_rest.fleet import Journal

    url = server.database()
    with Journal(url, check=False) as journal:
        journal.migrate()
    return url
