"""Tables, pipes, terminals, questions and progress."""

from __future__ import annotations

import io
import os
import pty
import re
import select
import subprocess

import pytest
from rich.console import Console

from agora_rest.cli import _confirm
from agora_rest.cli._exits import CliError
from agora_rest.cli._output import cell, printable
from agora_rest.cli._progress import Progress
from agora_rest.client.hooks import RequestEvent
from agora_rest.emulator import DEMO_APP_ID
from tests.cli.conftest import CERTIFICATE, MAIN, Local, environment


def in_terminal(*words: str, env: dict[str, str], answers: dict[bytes, bytes] | None = None) -> tuple[int, str]:
    """Runs a command in a terminal of its own; each of `answers` is typed when its prompt is seen."""
    terminal, slave = pty.openpty()
    process = subprocess.Popen(
        [*MAIN, *words],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env={**env, "TERM": "xterm-256color"},
        start_new_session=True,
    )
    os.close(slave)
    shown, waiting = b"", dict(answers or {})
    while select.select([terminal], [], [], 120)[0]:
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # how a terminal says that nobody is left
            break
        if not piece:
            break
        shown += piece
        for prompt in [prompt for prompt in waiting if prompt in shown]:
            os.write(terminal, waiting.pop(prompt))
    os.close(terminal)
    return process.wait(120), shown.decode()


@pytest.mark.parametrize("width", [80, 120])
def test_tables_keep_to_the_width_of_the_terminal_and_ids_stay_whole(local: Local, width: int) -> None:
    local.emulator.add_project("a name that is rather long for a table of eighty columns")
    code, shown = in_terminal("projects", "list", env=environment(local, COLUMNS=str(width)))
    lines = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown).replace("\r", "").splitlines()
    assert code == 0
    assert max(map(len, lines)) <= width
    assert lines[0].split() == ["Name", "ID", "App", "ID", "Status", "Cert"]
    assert any(re.search(rf"\bdemo +{DEMO_APP_ID} +enabled +no\b", line) for line in lines)
    assert "─" in lines[1]


@pytest.mark.slow
@pytest.mark.parametrize("width", [20, 40, 60])
def test_nothing_of_a_table_is_cut_off_however_narrow_the_terminal(local: Local, width: int) -> None:
    def letters(columns: int) -> list[str]:
        _, shown = in_terminal("projects", "list", env=environment(local, COLUMNS=str(columns)))
        text = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown).replace("\r", "")
        assert max(map(len, text.splitlines())) <= columns
        return sorted(re.sub(r"[\s─]", "", text))

    assert letters(width) == letters(200)


def test_no_color_is_respected(local: Local) -> None:
    _, coloured = in_terminal("projects", "list", env=environment(local))
    _, plain = in_terminal("projects", "list", env=environment(local, NO_COLOR="1"))
    assert "\x1b[1m" in coloured
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", plain)


def test_a_pipe_gets_tabs_and_nothing_else(local: Local) -> None:
    ran = subprocess.run(
        [*MAIN, "projects", "list"], capture_output=True, text=True, env=environment(local), check=True
    )
    lines = [line.split("\t") for line in ran.stdout.splitlines()]
    assert lines[0] == ["Name", "ID", "App ID", "Status", "Cert"]
    assert lines[1] == ["demo", "demo", DEMO_APP_ID, "enabled", "no"]
    assert ran.stderr == ""


def test_json_survives_a_terminal_that_knows_no_unicode(local: Local) -> None:
    local.emulator.add_project("课程")
    ascii_only = environment(local, PYTHONIOENCODING="ascii")
    ran = subprocess.run([*MAIN, "projects", "list", "--json"], capture_output=True, env=ascii_only, check=True)
    assert rb"\u8bfe\u7a0b" in ran.stdout


@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
def test_names_are_written_out_where_a_terminal_has_no_letters_for_them(local: Local, encoding: str) -> None:
    local.emulator.add_project("课程")
    ran = subprocess.run(
        [*MAIN, "projects", "list"], capture_output=True, env=environment(local, PYTHONIOENCODING=encoding), check=True
    )
    assert (rb"\u8bfe\u7a0b" if encoding == "ascii" else "课程".encode()) in ran.stdout


def test_a_question_is_asked_and_a_yes_goes_on(local: Local) -> None:
    words = ("projects", "delete", "secret")
    code, shown = in_terminal(*words, env=environment(local), answers={b"[y/N]": b"n\n"})
    assert (code, "Nothing was changed" in shown) == (1, True)
    assert len(local.api.projects.list()) == 2
    code, _ = in_terminal(*words, env=environment(local), answers={b"[y/N]": b"y\n"})
    assert code == 0
    assert len(local.api.projects.list()) == 1


def test_a_certificate_that_is_typed_is_not_shown(local: Local) -> None:
    env = environment(local)
    del env["AGORA_CUSTOMER_CERTIFICATE"]
    code, shown = in_terminal("config", "check", env=env, answers={b"ertificate: ": f"{CERTIFICATE}\n".encode()})
    assert code == 0
    assert CERTIFICATE not in shown


def test_what_people_read_of_a_value() -> None:
    values = [None, "", True, False, 1234, 1234.5, 1000.0, [], ["a", "b"], "x\x1b[2Jy"]
    shown = ["-", "-", "yes", "no", "1234", "1,234.5", "1,000", "-", "a, b", "x\\x1b[2Jy"]
    assert [cell(value) for value in values] == shown
    assert printable("课程 é\u202e") == "课程 é\\u202e"


def test_nobody_is_asked_without_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    with pytest.raises(CliError, match="--yes"):
        _confirm.confirm("Really?")


EVENT = RequestEvent(operation="list_projects", attempt=2, method="GET", url="https://api.agora.io")


def test_progress_is_shown_on_a_terminal_only() -> None:
    for is_terminal in (True, False):
        screen = io.StringIO()
        console = Console(file=screen, force_terminal=is_terminal, width=80)
        with Progress(console, patience=3600) as progress:
            assert progress.hooks.on_request is not None
            progress.hooks.on_request(EVENT)
            progress._show()  # as its timer does
        assert ("list_projects … (attempt 2)" in screen.getvalue()) is is_terminal


def test_nothing_is_shown_of_what_is_quick() -> None:
    screen = io.StringIO()
    with Progress(Console(file=screen, force_terminal=True), patience=3600) as progress:
        progress._on_request(EVENT)
    progress._show()  # a timer that rings too late
    assert screen.getvalue() == ""
