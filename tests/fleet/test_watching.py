"""`agora-rest fleet watch`: what it sees, how it shows it, and how it ends."""

from __future__ import annotations

import io
import json
import os
import pty
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from agora_rest.cli import _watch_snapshot
from agora_rest.cli._app import app
from agora_rest.cli._watch_snapshot import Watcher, seconds
from agora_rest.cli._watch_table import picture
from agora_rest.cli._watching import as_json, as_lines
from agora_rest.fleet import Journal, JournalUnavailable, Lane, State, rows
from agora_rest.fleet.rows import Change
from agora_rest.permits import Limit, Quota
from agora_rest.permits.sql import SqlPermits
from tests.fleet.harness import FleetHarness, new_file

START = (Quota("start", "school@host", Limit(10)),)


def lose(harness: FleetHarness, key: str, **changes: Any) -> None:
    """Bring a recording to the state in which nobody knows its sid."""
    harness.order(key, **changes)
    now = harness.clock.now()
    with harness.journal.engine.begin() as connection:
        entry = rows.claim_one(connection, harness.entry(key).id, owner="x", now=now, until=now + 60)
        assert entry is not None
        change = Change({"state": State.LOST, "maybe_started": True}, next_at=now + 600, lane=Lane.STOP)
        rows.write(connection, entry, change, now=now, lease=60)


def run(*words: str, url: str, **environment: str) -> Result:
    settings: dict[str, str | None] = {"AGORA_JOURNAL": url, "AGORA_REST_PROFILES": "", "AGORA_PERMITS": None}
    settings |= environment
    return CliRunner().invoke(app, ["fleet", "watch", *words], env=settings)


# What is seen


def test_what_is_due_waits_in_its_lane_and_what_is_in_hand_is_its_workers(tmp_path: Path, journal_url: str) -> None:
    harness = FleetHarness(tmp_path, url=journal_url)
    harness.order("late", start_at=harness.clock.now() - 30)
    harness.order("now")
    harness.order("in hand")
    now = harness.clock.now()
    with harness.journal.engine.begin() as connection:
        assert rows.claim_one(connection, harness.entry("in hand").id, owner="host:1:a", now=now, until=now + 60)
    harness.order("tomorrow", start_at=now + 86_400, stop_at=now + 90_000)
    seen = as_json(Watcher(harness.journal).snapshot())
    assert seen["states"]["intent"] == 4
    assert seen["due"] == {
        "stop": {"count": 0, "late": 0.0},
        "start": {"count": 2, "late": 30.0},
        "query": {"count": 0, "late": 0.0},
    }
    assert seen["workers"] == [{"name": "host:1:a", "claimed": 1, "lease_ends_in": 60.0}]
    harness.clock.advance(70)
    seen = as_json(Watcher(harness.journal).snapshot())
    assert seen["due"]["start"]["count"] == 3, "a worker that died has nothing in hand that others may not take"
    assert seen["workers"][0]["lease_ends_in"] == -10.0
    harness.journal.close()


def test_changes_are_those_of_a_minute(harness: FleetHarness) -> None:
    watcher = Watcher(harness.journal)
    assert watcher.snapshot().moved[State.INTENT] == 0
    for number in range(3):
        harness.clock.advance(25)
        harness.order(str(number))
        assert watcher.snapshot().moved[State.INTENT] == min(number + 1, 2), "what is older than a minute is forgotten"
    assert watcher.snapshot().over == 50


def test_changes_a_second_are_those_under_way_and_those_that_came_to_an_end(harness: FleetHarness) -> None:
    for number in range(4):
        harness.order(str(number), stop_at=harness.clock.now() + 5)
    watcher = Watcher(harness.journal)
    assert watcher.snapshot().changes == 0.4
    harness.clock.advance(5)
    for number in range(2):
        assert harness.drive(str(number)).state is State.FAILED
    assert watcher.snapshot().changes == 0.2 + 2 / 5
    harness.clock.advance(20)
    assert watcher.snapshot().changes == 0


def test_what_is_lost_is_named_the_next_to_end_first(tmp_path: Path, journal_url: str) -> None:
    harness = FleetHarness(tmp_path, url=journal_url)
    now = harness.clock.now()
    lose(harness, "endless", stop_at=None, channel="a")
    lose(harness, "later", stop_at=now + 900, channel="b")
    lose(harness, "soon", stop_at=now + 300, channel="c")
    seen = as_json(Watcher(harness.journal).snapshot())
    assert [entry["key"] for entry in seen["lost"]] == ["soon", "later", "endless"]
    assert seen["lost"][2]["stop_at"] is None
    harness.journal.close()


def test_the_rate_is_what_the_permits_say_and_nothing_is_made_up_without_them(
    harness: FleetHarness, tmp_path: Path
) -> None:
    with closing(SqlPermits(f"sqlite:///{tmp_path}/permits.db")) as permits, permits.hold(START):
        seen = as_json(Watcher(harness.journal, permits).snapshot())["permits"]
        assert [(use["group"], use["in_use"], use["permits"]) for use in seen] == [("start", 1, 10)]
    snapshot = Watcher(harness.journal).snapshot()
    assert as_json(snapshot)["permits"] is None
    assert "--permits URL" in dict(as_lines(snapshot))["rate used"]


def test_a_journal_that_goes_away_is_told_beside_what_it_said_last(harness: FleetHarness, monkeypatch: Any) -> None:
    harness.order()
    watcher = Watcher(harness.journal)
    watcher.snapshot()

    def away() -> None:
        raise JournalUnavailable("The journal cannot be reached: it sleeps")

    monkeypatch.setattr(harness.journal, "overview", away)
    snapshot = watcher.snapshot()
    assert (snapshot.trouble, snapshot.seen.states[State.INTENT]) == (("The journal cannot be reached: it sleeps",), 1)
    assert "it sleeps" in shown(snapshot, 80)
    with pytest.raises(JournalUnavailable):
        Watcher(harness.journal).snapshot()


def test_permits_that_are_away_leave_the_rest_as_it_is(harness: FleetHarness) -> None:
    from agora_rest.permits import open_url

    with closing(open_url("redis://:planted@127.0.0.1:9/0")) as permits:
        snapshot = Watcher(harness.journal, permits).snapshot()
    assert snapshot.usage is None
    assert "The permits cannot be read: redis://127.0.0.1:9/0 did not respond" in snapshot.trouble[0]
    assert "planted" not in shown(snapshot, 120) + str(as_json(snapshot)) + str(as_lines(snapshot))


# How it is shown


def shown(snapshot: Any, width: int) -> str:
    console = Console(file=io.StringIO(), width=width, highlight=False)
    console.print(picture(snapshot, "<Journal sqlite:///recordings.db>", width))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_table_has_everything_and_fits(harness: FleetHarness, tmp_path: Path, width: int) -> None:
    now = harness.clock.now()
    for number in range(6):
        harness.order(f"held-{number}")
        with harness.journal.engine.begin() as connection:
            owner = f"recorder-{number}.eu-central.school.example:12345:abcdef"
            assert rows.claim_one(connection, harness.entry(f"held-{number}").id, owner=owner, now=now, until=now + 60)
    harness.order("late", start_at=now - 4000)
    lose(harness, "[bold]a\x1b[2J lesson with a key that is rather long, as keys made of names are")
    with closing(SqlPermits(f"sqlite:///{tmp_path}/permits.db")) as permits, permits.hold(START):
        text = shown(Watcher(harness.journal, permits).snapshot(), width)
    assert max(map(len, text.splitlines())) <= width
    assert len(text.splitlines()) <= 40
    for word in ("lost", "unknown", "1 h 06 min", "Put offline in", "start", "3 more", "##"):
        assert word in text, text
    assert "\x1b" not in text
    assert "[bold]" in text, "names are no markup"


def test_lengths_of_time_are_short() -> None:
    assert [seconds(value) for value in (0.04, 9.4, 9.96, 59.9, 61, 3725)] == [
        "0.0 s",
        "9.4 s",
        "10 s",
        "1 min 00 s",
        "1 min 01 s",
        "1 h 02 min",
    ]


def test_elsewhere_it_is_lines(tmp_path: Path) -> None:
    result = run("--once", url=new_file(tmp_path))
    lines = dict(line.split("  ", 1) for line in result.stdout.splitlines())
    assert (result.exit_code, lines["intent"].strip()) == (0, "0")
    assert "due to stop" in lines


# How it ends


def test_an_interruption_ends_it_quietly(tmp_path: Path, monkeypatch: Any) -> None:
    def interrupted(_: float) -> None:
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(_watch_snapshot, "time", SimpleNamespace(sleep=interrupted))
    result = run("--json", url=new_file(tmp_path))
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout)["states"]["intent"] == 0


def test_on_a_terminal_it_takes_the_screen_and_leaves_the_last_picture(tmp_path: Path) -> None:
    url = new_file(tmp_path)
    with Journal(url):
        ours, theirs = pty.openpty()
        environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80", "LINES": "40", "AGORA_JOURNAL": url}
        command = [sys.executable, "-c", "from agora_rest.cli import main; main()", "fleet", "watch", "--every", "0.2"]
        with subprocess.Popen(command, env=environment, stdout=theirs, stderr=theirs, stdin=theirs) as process:
            os.close(theirs)
            said, deadline = b"", time.monotonic() + 120
            while said.count(b"stopping") < 2:
                assert time.monotonic() < deadline
                said += os.read(ours, 65536)
            process.send_signal(signal.SIGINT)
            try:
                while more := os.read(ours, 65536):
                    said += more
            except OSError:  # so Linux says that the other end is closed
                pass
            assert process.wait(120) == 0
        os.close(ours)
    screen, _, after = said.decode().partition("\x1b[?1049l")
    assert "\x1b[?1049h" in screen
    assert "stopping" in after
    assert "Traceback" not in after
