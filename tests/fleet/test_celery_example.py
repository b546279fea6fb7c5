"""examples/celery_fleet, run as its README says: Celery over a real Redis."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from agora_rest.emulator import DEMO_APP_ID, Emulator
from agora_rest.fleet import Ended, Journal, Order, State
from tests.fleet.harness import CONFIG, new_file
from tests.services import Redis

EXAMPLE = Path(__file__).parents[2] / "examples" / "celery_fleet"


def test_celery_makes_the_recordings_of_a_journal(redis_server: Redis, tmp_path: Path) -> None:
    redis_server.flush()
    url, emulator = new_file(tmp_path), Emulator()
    with emulator.serve() as server, Journal(url) as journal:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("AGORA_")},
            "AGORA_CUSTOMER_ID": "emulator",
            "AGORA_CUSTOMER_CERTIFICATE": "emulator-secret",
            "AGORA_BASE_URL": server.url,
            "AGORA_JOURNAL": url,
            "AGORA_STORAGE_VENDOR": "qiniu",
            "AGORA_STORAGE_REGION": "0",
            "AGORA_STORAGE_BUCKET": "b",
            "AGORA_STORAGE_ACCESS_KEY": "a",
            "AGORA_STORAGE_SECRET_KEY": "s",
            "CELERY_BROKER_URL": redis_server.url,
            "AGORA_PERMITS": f"sqlite:///{tmp_path}/permits.db",  # a Redis that is new hands none out for a while
            "SWEEP_EVERY": "0.5",
        }
        journal.submit_many(
            Order(app_id=DEMO_APP_ID, channel=f"room-{n}", uid=7, storage="default", config=CONFIG) for n in range(4)
        )
        schedule = f"--schedule={tmp_path}/beat"
        command = [sys.executable, "-m", "celery", "--app=tasks", "worker", "--beat", schedule, "--pool=solo"]
        with (tmp_path / "log").open("wb") as log:
            celery = subprocess.Popen(command, cwd=EXAMPLE, env=environment, stdout=log, stderr=log)
            try:
                until(lambda: journal.counts()[State.STARTED] == 4)
                journal.stop_all()
                until(lambda: journal.counts()[State.DONE] == 4)
            finally:
                celery.terminate()
                celery.wait(120)
        outcomes = {(entry.state, entry.ended) for entry in journal.entries()}
    assert outcomes == {(State.DONE, Ended.STOPPED)}, (tmp_path / "log").read_text()[-3000:]
    assert emulator.state()["totals"]["recordings"] == 4
    assert emulator.state()["totals"]["running"] == 0


def until(holds: Callable[[], bool]) -> None:
    """Wait for another process; what it has not done in time, the test sees."""
    deadline = time.monotonic() + 120
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.1)
