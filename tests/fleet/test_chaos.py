"""Workers that are killed at random while the service fails: nothing orphaned, nothing twice, everything with its end.

`make chaos` runs the long form: AGORA_REST_FLEET_CHAOS is how often somebody is killed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.services import PostgreSQL, Redis

KILLS = int(os.environ.get("AGORA_REST_FLEET_CHAOS", "0"))
SHORT = {"workers": 3, "recordings": 28, "kills": 12}
LONG = {"workers": 4, "recordings": 500, "kills": KILLS}


def rage(url: str, seed: int, *, at: dict[int, Callable[[], Any]] | None = None, **others: str) -> dict[str, Any]:
    """The findings of tests/fleet/chaos.py. `at` says what is to be done after so many have been killed."""
    size = LONG if KILLS else SHORT
    options = [f"--{name}={value}" for name, value in {**size, "journal": url, "seed": seed, **others}.items()]
    command = [sys.executable, str(Path(__file__).with_name("chaos.py")), *options]
    found: dict[str, Any] = {}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("killed "):
                (at or {}).get(int(line.split()[1]), int)()
            else:
                found = json.loads(line)
        assert process.stderr is not None
        said = process.stderr.read()
    assert found, said
    return found


def check(found: dict[str, Any]) -> None:
    size = LONG if KILLS else SHORT
    print(json.dumps(found))
    assert found["kills"] == size["kills"]
    assert found["recordings"] == size["recordings"]
    assert (found["orphans"], found["doubled"], found["unsettled"]) == ([], [], [])
    assert found["outcomes"].get("done: stopped", 0) >= size["recordings"] / 6, "most had not even begun"
    assert sum(found["faults"].values()) > 10, "the service has not failed"


@pytest.mark.parametrize("seed", [1])
def test_kill_9_on_sqlite(tmp_path: Path, seed: int) -> None:
    check(rage(f"sqlite:///{tmp_path}/recordings.db", seed))


def test_kill_9_on_postgresql(postgresql: PostgreSQL) -> None:
    check(rage(journal_url(postgresql), 2))


def test_postgresql_restarted_in_mid_run(postgresql: PostgreSQL) -> None:
    kills = (LONG if KILLS else SHORT)["kills"]
    restart = postgresql.restart
    check(rage(journal_url(postgresql), 3, at={int(kills / 4): restart, int(kills * 3 / 4): restart}))


def test_redis_restarted_and_emptied_in_mid_run(tmp_path: Path, redis_server: Redis) -> None:
    kills = (LONG if KILLS else SHORT)["kills"]
    events = {int(kills / 4): redis_server.restart, int(kills * 3 / 4): redis_server.flush}
    found = rage(f"sqlite:///{tmp_path}/recordings.db", 4, at=events, permits=redis_server.url)
    check(found)
    assert found["refused"] == 0
    assert found["busiest"] > 5, "far from the limit, nothing is shown"  # how near depends on the machine
    assert found["silences"] >= len(events), "it went on giving permits without its memory"


def journal_url(server: PostgreSQL) -> str:
    """The URL of a new database with the journal's tables."""
    from agora_rest.fleet import Journal

    url = server.database()
    with Journal(url, check=False) as journal:
        journal.migrate()
    return url
