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
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from agora_rest.cli import _watching
from agora_rest.cli._app import app
from agora_rest.cli._watch_table import picture
from agora_rest.cli._watching import Watcher, as_json, as_lines, seconds
from agora_rest.fleet import Journal, JournalUnavailable, Lane, State, rows
from agora_rest.fleet.rows import Change
from agora_rest.permits import Limit, Quota
from agora_rest.permits.sql import SqlPermits
from tests.fleet.harness import House, new_file

START = (Quota("start", "school@host", Limit(10)),)


def lose(house: House, key: str, **changes: Any) -> None:
    """Bring a recording to the state in which nobody knows its sid."""
    house.order(key, **changes)
    now = house.clock.now()
    with house.journal.engine.begin() as connection:
        entry = rows.claim_one(connection, house.entry(key).id, owner="x", now=now, until=now + 60)
        assert entry is not None
        change = Change({"state": State.LOST, "doubt": True}, next_at=now + 600, lane=Lane.STOP)
        rows.write(connection, entry, change, now=now, lease=60)


def run(*words: str, url: str, **environment: str) -> Result:
    settings = {"AGORA_JOURNAL": url, "AGORA_REST_PROFILES": "", "AGORA_PERMITS": "", **environment}
    return CliRunner().invoke(app, ["fleet", "watch", *words], env=settings)


# What is seen


def test_what_is_due_waits_in_its_lane_and_what_is_in_hand_is_its_workers(tmp_path: Path, journal_url: str) -> None:
    house = House(tmp_path, url=journal_url)
    house.order("late", start_at=house.clock.now() - 30)
    house.order("now")
    house.order("in hand")
    now = house.clock.now()
    with house.journal.engine.begin() as connection:
        assert rows.claim_one(connection, house.entry("in hand").id, owner="host:1:a", now=now, until=now + 60)
    house.order("tomorrow", start_at=now + 86_400, stop_at=now + 90_000)
    seen = as_json(Watcher(house.journal).look())
    assert seen["states"]["intent"] == 4
    assert seen["due"] == {
        "stop": {"count": 0, "late": 0.0},
        "start": {"count": 2, "late": 30.0},
        "query": {"count": 0, "late": 0.0},
    }
    assert seen["workers"] == [{"name": "host:1:a", "in_hand": 1, "lease_ends_in": 60.0}]
    house.clock.advance(70)
    seen = as_json(Watcher(house.journal).look())
    assert seen["due"]["start"]["count"] == 3, "a worker that died has nothing in hand that others may not take"
    assert seen["workers"][0]["lease_ends_in"] == -10.0
    house.journal.close()


def test_changes_are_those_of_a_minute(house: House) -> None:
    watcher = Watcher(house.journal)
    assert watcher.look().moved[State.INTENT] == 0
    for number in range(3):
        house.clock.advance(25)
        house.order(str(number))
        assert watcher.look().moved[State.INTENT] == min(number + 1, 2), "what is older than a minute is forgotten"
    assert watcher.look().over == 50


def test_changes_a_second_are_those_under_way_and_those_that_came_to_an_end(house: House) -> None:
    for number in range(4):
        house.order(str(number), stop_at=house.clock.now() + 5)
    watcher = Watcher(house.journal)
    assert watcher.look().changes == 0.4
    house.clock.advance(5)
    for number in range(2):
        assert house.drive(str(number)).state is State.FAILED
    assert watcher.look().changes == 0.2 + 2 / 5
    house.clock.advance(20)
    assert watcher.look().changes == 0


def test_what_is_lost_is_named_the_next_to_end_first(tmp_path: Path, journal_url: str) -> None:
    house = House(tmp_path, url=journal_url)
    now = house.clock.now()
    lose(house, "endless", stop_at=None, channel="a")
    lose(house, "later", stop_at=now + 900, channel="b")
    lose(house, "soon", stop_at=now + 300, channel="c")
    seen = as_json(Watcher(house.journal).look())
    assert [entry["key"] for entry in seen["lost"]] == ["soon", "later", "endless"]
    assert seen["lost"][2]["stop_at"] is None
    house.journal.close()


def test_the_rate_is_what_the_permits_say_and_nothing_is_made_up_without_them(house: House, tmp_path: Path) -> None:
    with closing(SqlPermits(f"sqlite:///{tmp_path}/permits.db")) as permits, permits.hold(START):
        seen = as_json(Watcher(house.journal, permits).look())["permits"]
        assert [(use["group"], use["in_use"], use["permits"]) for use in seen] == [("start", 1, 10)]
    look = Watcher(house.journal).look()
    assert as_json(look)["permits"] is None
    assert "--permits URL" in dict(as_lines(look))["rate used"]


def test_a_journal_that_goes_away_is_told_beside_what_it_said_last(house: House, monkeypatch: Any) -> None:
    house.order()
    watcher = Watcher(house.journal)
    watcher.look()

    def away() -> None:
        raise JournalUnavailable("The journal does not answer: it sleeps")

    monkeypatch.setattr(house.journal, "overview", away)
    look = watcher.look()
    assert (look.trouble, look.seen.states[State.INTENT]) == (("The journal does not answer: it sleeps",), 1)
    assert "it sleeps" in shown(look, 80)
    with pytest.raises(JournalUnavailable):
        Watcher(house.journal).look()


def test_permits_that_are_away_leave_the_rest_as_it_is(house: House) -> None:
    from agora_rest.permits import open_url

    with closing(open_url("redis://:planted@127.0.0.1:9/0")) as permits:
        look = Watcher(house.journal, permits).look()
    assert look.usage is None
    assert "The permits cannot be seen: redis://127.0.0.1:9/0 did not answer" in look.trouble[0]
    assert "planted" not in shown(look, 120) + str(as_json(look)) + str(as_lines(look))


# How it is shown


def shown(look: Any, width: int) -> str:
    console = Console(file=io.StringIO(), width=width, highlight=False)
    console.print(picture(look, "<Journal sqlite:///recordings.db>", width))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_table_has_everything_and_fits(house: House, tmp_path: Path, width: int) -> None:
    now = house.clock.now()
    for number in range(6):
        house.order(f"held-{number}")
        with house.journal.engine.begin() as connection:
            owner = f"recorder-{number}.eu-central.school.example:12345:abcdef"
            assert rows.claim_one(connection, house.entry(f"held-{number}").id, owner=owner, now=now, until=now + 60)
    house.order("late", start_at=now - 4000)
    lose(house, "[bold]a\x1b[2J lesson with a key that is rather long, as keys made of names are")
    with closing(SqlPermits(f"sqlite:///{tmp_path}/permits.db")) as permits, permits.hold(START):
        text = shown(Watcher(house.journal, permits).look(), width)
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

    monkeypatch.setattr(_watching.time, "sleep", interrupted)
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
            said, deadline = b"", time.monotonic() + 60
            while said.count(b"stopping") < 2:
                assert time.monotonic() < deadline
                said += os.read(ours, 65536)
            process.send_signal(signal.SIGINT)
            try:
                while more := os.read(ours, 65536):
                    said += more
            except OSError:  # so Linux says that the other end is closed
                pass
            assert process.wait(30) == 0
        os.close(ours)
    screen, _, after = said.decode().partition("\x1b[?1049l")
    assert "\x1b[?1049h" in screen
    assert "stopping" in after
    assert "Traceback" not in after
