"""`agora-rest fleet`: from a file of orders to their outcomes, by the command line only."""

from __future__ import annotations

import csv
import io
import json
import os
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import typer.main
from alembic.command import upgrade
from alembic.config import Config
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import MetaData, Table, insert
from typer.testing import CliRunner, Result

from agora_rest.cli import fleet
from agora_rest.cli._app import app
from agora_rest.cli._exits import CliError
from agora_rest.cli._orders import OrderFile
from agora_rest.cli._output import _print_table, cell
from agora_rest.emulator import DEMO_APP_ID, Emulator
from agora_rest.fleet import Journal
from agora_rest.fleet.schema import MIGRATIONS
from tests.fleet.harness import new_file

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
    assert done("watch", "--once", url=url)["states"]["intent"] == 1


def test_orders_have_the_modes_of_today(url: str, tmp_path: Path) -> None:
    """CR-79: each user, snapshots, a web page; from options, and from the rows of a file."""
    individual = ("--mode", "individual", "--max-users", "7", "--snapshot-interval", "10", "--files", "hls")
    run("submit", "--channel", "a", "--uid", "7", "--key", "a", *individual, url=url)
    shown = done("show", "a", url=url)
    assert (shown["mode"], shown["config"]) == ("individual", {"subscribeUidGroup": 1})
    snapshots = {"captureInterval": 10, "fileType": ["jpg"]}
    assert shown["extra"] == {"recordingFileConfig": {"avFileType": ["hls"]}, "snapshotConfig": snapshots}

    page = ("--mode", "web", "--url", "https://example.com/board", "--max-hours", "2", "--width", "1920", "--height")
    run("submit", "--channel", "b", "--uid", "7", "--key", "b", *page, "1080", url=url)
    shown = done("show", "b", url=url)
    [service] = shown["extra"]["extensionServiceConfig"]["extensionServices"]
    assert shown["mode"] == "web"
    assert service["serviceParam"]["maxRecordingHour"] == 2
    assert service["serviceParam"]["videoWidth"] == 1920

    path = tmp_path / "orders.jsonl"
    rows = [
        {"key": "c", "channel": "c", "uid": "7", "mode": "individual", "config": {"subscribeUidGroup": 0}},
        {"key": "d", "channel": "d", "uid": "7", "mode": "mix"},
        {
            "key": "e",
            "channel": "e",
            "uid": "7",
            "mode": "web",
            "config": {"url": "https://a.b", "maxRecordingHour": 1},
        },
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert run("submit", "--from", str(path), url=url).exit_code == 0
    assert [done("show", key, url=url)["mode"] for key in "cde"] == ["individual", "mix", "web"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--mode", "individual"), "--max-users (subscribe_uid_group) is required"),
        (("--mode", "web", "--url", "https://a.b"), "--mode web needs --max-hours"),
        (("--mode", "web", "--url", "https://a.b", "--max-hours", "1", "--rtmp-url", "rtmp://a.b/c"), "no stream keys"),
        (("--url", "https://a.b"), "--url belongs to --mode web"),
    ],
)
def test_an_order_that_does_not_fit_its_mode_is_not_submitted(
    words: tuple[str, ...], message: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AGORA_RTMP_KEY", "planted-key")
    result = run("submit", "--channel", "a", "--uid", "7", *words, url=url)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "planted" not in result.output


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
    for expected in ("1200 recordings submitted\n", "0 recordings submitted, 1200 submitted before\n"):
        result = run("submit", "--from", str(path), url=url)
        assert result.exit_code == 0, result.output
        assert "1200 read" in result.stderr
        assert result.stdout == expected
    with Journal(url) as journal:
        assert sum(journal.counts().values()) == 1200


def test_a_line_that_is_wrong_is_named(url: str, tmp_path: Path) -> None:
    path = tmp_path / "orders.jsonl"
    path.write_text('{"channel": "a", "uid": "1"}\n{"channel": "a/b", "uid": "2"}\n')
    result = run("submit", "--from", str(path), url=url)
    assert result.exit_code != 0
    assert "orders.jsonl, line 2: channel must consist of the 89 characters" in result.stderr
    assert "Before it, 0 recordings submitted" in result.stderr


HEAD = "key,channel,uid,start_at,config\n"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            "a.csv",
            HEAD + "k,room,1,tomorrow,\n",
            "line 2: start_at: 'tomorrow' is not a time; write 2036-07-01T10:45:00Z",
        ),
        ("a.csv", HEAD + "k,room,1,2036-07-01T10:00,\n", "line 2: start_at: '2036-07-01T10:00' has no time zone"),
        ("a.csv", HEAD + 'k,room,1,,"{max: 1}"\n', "line 2: config: it is not JSON"),
        ("a.csv", HEAD + 'k,room,1,,"[1]"\n', "line 2: config: it must be a JSON object"),
        ("a.csv", HEAD + 'k,room,1,,"{""maxIdleTime"": 1}"\n', "line 2: config.maxIdleTime"),
        ("a.csv", HEAD + "k,room,,,\n", "line 2: uid is missing"),
        ("a.csv", HEAD + "k,room,0,,\n", "line 2: uid must be an integer"),
        ("a.csv", HEAD + "k,room,1,,,more\n", "line 2: it has more values than the header has names"),
        ("a.csv", HEAD + '"k,room\n', "it is not CSV"),
        ("a.csv", "key;channel;uid\nk;room;1\n", "line 1: unknown key;channel;uid"),
        ("a.jsonl", '{"channel": "room"\n', "line 1: it is not JSON"),
        ("a.jsonl", "\n[1]\n", "line 2: it must be a JSON object"),
        ("a.jsonl", '{"key": 5, "channel": "room", "uid": 1}\n', "line 1: key must be text"),
        ("a.jsonl", '{"channel": "room", "uid": [1]}\n', "line 1: uid must be"),
    ],
)
def test_whatever_is_wrong_with_a_line_is_said_of_that_line_and_member(
    url: str, tmp_path: Path, name: str, text: str, said: str
) -> None:
    (tmp_path / name).write_text(text)
    result = run("submit", "--from", str(tmp_path / name), url=url)
    assert result.exit_code == 2, result.output
    assert f"{name}, " in result.stderr
    assert said in result.stderr


LINE = st.dictionaries(
    st.sampled_from(["key", "channel", "uid", "storage", "start_at", "stop_at", "config", "extra", "odd"]),
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.lists(st.integers(), max_size=1),
)


@given(line=LINE.map(json.dumps).map(str.encode) | st.binary(max_size=40), ending=st.sampled_from([".csv", ".jsonl"]))
@settings(deadline=None)
def test_no_file_is_a_bug(line: bytes, ending: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"orders{ending}")
        path.write_bytes(line)
        try:
            list(OrderFile(path, {"app_id": DEMO_APP_ID, "storage": "default"}))
        except CliError:
            return


def test_text_in_another_encoding_is_named(url: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("key,channel,uid\nSchüler,room,1\n".encode("latin-1"))
    assert "is not text in UTF-8" in run("submit", "--from", str(tmp_path / "a.csv"), url=url).stderr


def test_how_much_was_written_before_a_wrong_line_is_said(url: str, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("key,channel,uid\n" + "".join(f"k{n},room,{n}\n" for n in [*range(1, 700), 0]))
    assert "500 recordings submitted" in run("submit", "--from", str(path), url=url).stderr
    with Journal(url) as journal:
        assert sum(journal.counts().values()) == 500


def test_everything_that_is_wrong_with_an_order_is_said_at_once(url: str) -> None:
    words = ["fleet", "submit", "--channel", "l", "--uid", "5", "--stop-at", "tomorrow"]
    result = CliRunner().invoke(app, words, env={"AGORA_JOURNAL": url, "AGORA_APP_ID": None, "AGORA_REST_PROFILES": ""})
    assert result.exit_code == 2
    assert "app_id is missing: pass --app-id, or set AGORA_APP_ID" in result.stderr
    assert "stop_at: 'tomorrow' is not a time" in result.stderr


def test_an_order_whose_end_has_passed_is_refused(url: str, tmp_path: Path) -> None:
    result = run("submit", "--channel", "l", "--uid", "5", "--key", "a", "--stop-at", "2020-07-01T10:45:00Z", url=url)
    assert result.exit_code == 2
    assert "--stop-at (stop_at) of the order 'a' must be later than now" in result.stderr
    path = tmp_path / "orders.csv"
    path.write_text("key,channel,uid,stop_at\nb,b,1,\nc,c,2,2020-01-01T00:00Z\n")
    result = run("submit", "--from", str(path), url=url)
    assert result.exit_code == 2
    assert "the order 'c' must be later than now" in result.stderr
    with Journal(url) as journal:
        assert sum(journal.counts().values()) == 0


def test_orders_without_a_key_are_told_what_that_means(url: str, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("key,channel,uid\n,a,1\nk,b,2\n,c,3\n")
    result = run("submit", "--from", str(path), url=url)
    assert result.stdout == "3 recordings submitted\n"
    assert "2 of them have no key" in result.stderr


def test_options_are_for_what_the_rows_of_a_file_leave_out(url: str, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text('key,channel,uid,stop_at,config\na,a,1,,\nb,b,2,2040-01-01T00:00Z,"{""maxIdleTime"": 90}"\n')
    options = ["--from", str(path), "--stop-at", "2036-01-01T00:00Z", "--max-idle-time", "60", "--storage", "s"]
    assert run("submit", *options, url=url).exit_code == 0
    a, b = done("show", "a", url=url), done("show", "b", url=url)
    assert (a["config"], b["config"]) == ({"maxIdleTime": 60}, {"maxIdleTime": 90})
    assert (a["stop_at"] < b["stop_at"], a["storage"]) == (True, "s")
    assert "put them in the file" in run("submit", "--from", str(path), "--key", "k", url=url).stderr


@pytest.mark.parametrize("name", sorted(typer.main.get_command(fleet.app).commands))  # type: ignore[attr-defined]
def test_the_example_below_the_help_works(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lessons.csv").write_text("key,channel,uid\nlesson-1,room,7\n")
    run("submit", "--channel", "a", "--uid", "7", "--key", "lesson-42", url=url)
    command = typer.main.get_command(fleet.app).commands[name]  # type: ignore[attr-defined]
    program, group, *words = shlex.split(command.epilog.partition("Example:")[2])
    assert (program, group, words[0]) == ("agora-rest", "fleet", name)
    if name in ("worker", "watch", "webhooks"):  # they do not end, so only their options are looked at
        command.make_context(name, words[1:], resilient_parsing=False)
        return
    words = [url if word.startswith("postgresql") else word for word in words]
    result = run(*words, url=url)
    assert result.exit_code == 0, result.output


def test_a_list_that_leaves_some_out_says_so(url: str) -> None:
    for number in range(3):
        run("submit", "--channel", "a", "--uid", str(number + 1), "--key", f"k{number}", url=url)
    some, everything = (run("list", "--limit", limit, url=url) for limit in ("2", "3"))
    assert (len(some.stdout.splitlines()), len(everything.stdout.splitlines())) == (3, 4)
    assert "Only the first 2 are shown" in some.stderr
    assert everything.stderr == ""


def test_what_is_exported_as_csv_can_be_submitted(url: str, tmp_path: Path) -> None:
    run("submit", "--channel", "a", "--uid", "7", "--key", "k", "--max-idle-time", "60", url=url)
    (row,) = csv.DictReader(io.StringIO(run("export", "--format", "csv", url=url).stdout))
    assert (json.loads(row["config"]), json.loads(row["files"]), row["maybe_started"]) == (
        {"maxIdleTime": 60},
        [],
        "false",
    )
    with (tmp_path / "again.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, ["key", "channel", "uid", "config", "start_at"], extrasaction="ignore")
        writer.writeheader()
        writer.writerow(row)
    assert run("submit", "--from", str(tmp_path / "again.csv"), url=url).exit_code == 0


def test_names_of_any_length_leave_every_column_on_a_terminal(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    run("submit", "--channel", "c" * 60, "--uid", "7", "--key", "k" * 60, url=url)
    shown = io.StringIO()
    monkeypatch.setattr("rich.console.Console.file", property(lambda _: shown))
    monkeypatch.setenv("COLUMNS", "80")
    with Journal(url) as journal:
        _print_table(fleet._IN_SHORT, [[cell(column.cell(e)) for column in fleet._IN_SHORT] for e in journal.entries()])
    head, *_ = shown.getvalue().splitlines()
    assert head.split() == ["Key", "Channel", "Uid", "State", "Ended", "Ends", "Files", "Error"]
    assert len(head) <= 80


@pytest.mark.parametrize("words", [["show", "nobody"], ["stop", "nobody"], ["stop"], ["list", "--state", "odd"]])
def test_what_cannot_be_done_is_said_in_a_sentence(url: str, words: list[str]) -> None:
    result = run(*words, url=url)
    assert result.exit_code not in (0, 70)
    assert result.stderr.startswith("agora-rest: ")
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("words", [["list"], ["show", "k"], ["watch", "--once"], ["stop", "--all"], ["export"]])
def test_a_mistyped_journal_is_an_error_and_is_not_created(tmp_path: Path, words: list[str]) -> None:
    result = run(*words, url=f"sqlite:///{tmp_path}/recrodings.db")
    assert result.exit_code == 1
    assert "There is no journal" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_watch_on_a_terminal_without_cursor_movement_prints_lines(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    run("submit", "--channel", "a", "--uid", "7", "--key", "k", url=url)
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setattr("agora_rest.cli._watching.sys.stdout.isatty", lambda: True, raising=False)
    assert "intent" in run("watch", "--once", url=url).stdout


def test_everything_is_exported(url: str, tmp_path: Path) -> None:
    run("submit", "--channel", "a", "--uid", "7", "--key", "k", url=url)
    assert run("export", "--to", str(tmp_path / "out.csv"), "--format", "csv", url=url).exit_code == 0
    with (tmp_path / "out.csv").open(newline="") as file:
        assert [row["key"] for row in csv.DictReader(file)] == ["k"]
    assert json.loads(run("export", url=url).stdout)["state"] == "intent"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql+psycopg://me:planted@127.0.0.1:port/db", "must look like"),
        ("postgresql+psycopg://me:planted@127.0.0.1:9/db", "postgresql+psycopg://me:***@127.0.0.1:9/db"),
        ("sqlite:////no/such/folder/recordings.db", "/no/such/folder/recordings.db"),
    ],
)
def test_a_journal_that_cannot_be_opened_is_named_without_its_password(url: str, said: str) -> None:
    for words in (["list"], ["watch", "--once"], ["migrate"]):
        result = run(*words, url=url)
        missing = url.startswith("sqlite") and words != ["migrate"]
        assert result.exit_code == (3 if "must" in said else 1 if missing else 4)
        if words != ["migrate"] or "must" in said:
            assert said in result.stderr
        assert "planted" not in result.output


def test_a_wrong_password_is_not_shown(postgresql: Any) -> None:
    url = postgresql.database().replace("postgres:", "postgres:planted", 1)
    for words in (["list"], ["migrate"], ["worker"], ["watch", "--once"]):
        result = CliRunner().invoke(
            app,
            ["fleet", *words],
            env={"AGORA_JOURNAL": url, "AGORA_CUSTOMER_ID": "x", "AGORA_CUSTOMER_CERTIFICATE": "y"},
        )
        assert result.exit_code not in (0, 70)
        assert "password authentication failed" in result.stderr
        assert "planted" not in result.output


def test_a_driver_that_is_not_installed_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    result = run("list", url="postgresql+psycopg://me:planted@127.0.0.1:9/db")
    assert result.exit_code == 3
    assert "pip install 'agora-rest[postgresql]'" in result.stderr


def test_a_journal_on_postgresql_is_migrated_by_the_command(postgresql: Any) -> None:
    url = postgresql.database()
    refused = run("list", url=url)
    assert "agora-rest fleet migrate" in refused.stderr
    assert run("migrate", url=url).exit_code == 0
    assert run("list", url=url).exit_code == 0


def test_a_journal_of_the_first_version_is_migrated_with_what_is_in_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/recordings.db"
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with closing(Journal(url, check=False)) as journal, journal.engine.begin() as connection:
        config.attributes["connection"] = connection
        upgrade(config, "0001")
        first = Table("agora_recordings", MetaData(), autoload_with=connection)
        connection.execute(insert(first).values(FIRST_ROW))
    assert "agora-rest fleet migrate" in run("list", url=url).stderr
    assert "now; they had 0001" in run("migrate", url=url).stdout
    assert "already; nothing was changed" in run("migrate", url=url).stdout
    shown = done("show", "k", url=url)
    assert (shown["channel"], shown["maybe_started"], shown["revision"]) == ("room", True, 3)


WANTED = {
    "key": "k",
    "app_id": DEMO_APP_ID,
    "channel": "room",
    "uid": "7",
    "mode": "mix",
    "config": {},
    "extra": {},
}
FIRST_ROW = {
    **WANTED,
    "start_at": 1.0,
    "lane": 0,
    "state": "acquired",
    "files": [],
    "created_at": 1.0,
    "updated_at": 1.0,
    "wish": 3,
    "doubt": True,
}
"""A row as the first version of the tables had it."""


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
            assert worker.wait(120) == 0
            assert worker.stderr is not None
            said = worker.stderr.read()
    assert emulator.state()["totals"]["running"] == 0
    assert "planted" not in said


def until(holds: Any) -> None:
    """Wait for another process."""
    deadline = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)
