"""`agora-rest fleet`: from a file of orders to their outcomes, by the command line only."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from agora_rest.cli._app import app
from agora_rest.emulator import DEMO_APP_ID, Emulator
from agora_rest.fleet import Journal

from .house import new_file

STORAGE = {"VENDOR": "s3", "REGION": "0", "BUCKET": "b", "ACCESS_KEY": "planted-access", "SECRET_KEY": "planted-secret"}


@pytest.fixture
def url(tmp_path: Path) -> str:
    return new_file(tmp_path)


def run(*words: str, url: str) -> Result:
    environment = {"AGORA_JOURNAL": url, "AGORA_APP_ID": DEMO_APP_ID, "AGORA_REST_PROFILES": ""}
    return CliRunner().invoke(app, ["fleet", *words], env=environment)


def done(*words: str, url: str) -> Any:
    result = run(*words, "--json", url=url)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout) if result.stdout.strip() else None


def test_one_is_submitted_shown_and_stopped(url: str) -> None:
    options = ["--channel", "lesson-42", "--uid", "7", "--key", "k", "--max-idle-time", "60"]
    assert done("submit", *options, url=url)["state"] == "intent"
    assert done("show", "k", url=url)["config"] == {"maxIdleTime": 60}
    assert done("stop", "k", url=url) == {"stopping": 1}
    assert [entry["key"] for entry in done("list", "--state", "intent", url=url)] == ["k"]
    assert done("watch", "--once", url=url)["intent"] == 1


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_thousands_are_submitted_from_a_file_and_again_without_harm(url: str, tmp_path: Path, form: str) -> None:
    path = tmp_path / f"orders.{form}"
    rows = [
        {"key": f"k{n}", "channel": f"room-{n}", "uid": str(n + 1), "stop_at": "2030-01-01T00:00Z"} for n in range(1200)
    ]
    with path.open("w", newline="") as file:
        if form == "csv":
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        else:
            file.writelines(json.dumps({**row, "config": {"maxIdleTime": 60}}) + "\n" for row in rows)
    for _ in range(2):
        result = run("submit", "--from", str(path), url=url)
        assert result.exit_code == 0, result.output
        assert "1200 written down" in result.stderr
    with Journal(url) as journal:
        assert sum(journal.counts().values()) == 1200


def test_a_line_that_is_wrong_is_named(url: str, tmp_path: Path) -> None:
    path = tmp_path / "orders.jsonl"
    path.write_text('{"channel": "a", "uid": "1"}\n{"channel": "a/b", "uid": "2"}\n')
    result = run("submit", "--from", str(path), url=url)
    assert result.exit_code != 0
    assert "orders.jsonl, line 2: acquire: cname" in result.stderr


@pytest.mark.parametrize("words", [["show", "nobody"], ["stop", "nobody"], ["stop"], ["list", "--state", "odd"]])
def test_what_cannot_be_done_is_said_in_a_sentence(url: str, words: list[str]) -> None:
    result = run(*words, url=url)
    assert result.exit_code not in (0, 70)
    assert result.stderr.startswith("agora-rest: ")
    assert "Traceback" not in result.stderr


def test_everything_is_exported(url: str, tmp_path: Path) -> None:
    run("submit", "--channel", "a", "--uid", "7", "--key", "k", url=url)
    assert run("export", "--to", str(tmp_path / "out.csv"), "--format", "csv", url=url).exit_code == 0
    with (tmp_path / "out.csv").open(newline="") as file:
        assert [row["key"] for row in csv.DictReader(file)] == ["k"]
    assert json.loads(run("export", url=url).stdout)["state"] == "intent"


def test_a_journal_on_postgresql_is_migrated_by_the_command(postgresql: Any) -> None:
    url = postgresql.database()
    refused = run("list", url=url)
    assert "agora-rest fleet migrate" in refused.stderr
    assert run("migrate", url=url).exit_code == 0
    assert run("list", url=url).exit_code == 0


def test_a_worker_makes_the_recordings_and_drains_on_sigterm(url: str) -> None:
    """The command as people run it, with the permits in a file beside the journal."""
    emulator = Emulator()
    names = {f"AGORA_STORAGE_{name}": value for name, value in STORAGE.items()}
    with emulator.serve() as server:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("AGORA_")},
            **names,
            "AGORA_CUSTOMER_ID": "emulator",
            "AGORA_CUSTOMER_CERTIFICATE": "emulator-secret",
            "AGORA_BASE_URL": server.url,
            "AGORA_JOURNAL": url,
            "AGORA_PERMITS": url.replace("recordings.db", "permits.db"),
        }
        for number in range(5):
            run("submit", "--channel", f"room-{number}", "--uid", "7", "--key", f"{number}", url=url)
        command = [sys.executable, "-c", "from agora_rest.cli import main; main()", "fleet", "worker"]
        with (
            subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as worker,
            Journal(url) as journal,
        ):
            until(lambda: {str(entry.state) for entry in journal.entries()} == {"started"})
            assert emulator.state()["totals"]["running"] == 5
            run("stop", "--all", url=url)
            until(lambda: {str(entry.state) for entry in journal.entries()} == {"done"})
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(30) == 0
            assert worker.stderr is not None
            said = worker.stderr.read()
    assert emulator.state()["totals"]["running"] == 0
    assert "planted" not in said


def until(holds: Any) -> None:
    """Wait for another process."""
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)
