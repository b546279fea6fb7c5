"""How commands end: exit codes and what is said of errors."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from agora_rest import errors
from agora_rest.cli import channels
from agora_rest.cli._exits import ALL, IN_SHORT, CliError, Exit, exit_of
from agora_rest.emulator import DEMO_APP_ID, Fault
from tests.cli.conftest import CHANNEL, MAIN, STORAGE, Local, Terminal, environment, plain


def dead_url() -> str:
    """An address of this machine where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


def test_refused_is_1(run: Terminal) -> None:
    ran = run("projects", "find", "--name", "nobody")
    assert (ran.exit_code, ran.out) == (1, "")
    assert ran.err.startswith("agora-rest: find_project was refused")
    assert "`agora-rest projects list` shows all projects." in ran.err
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("recordings", "acquire", CHANNEL, "--uid", "0"), "uid must be an integer from 1 to 4294967295"),
        (("recordings", "acquire", CHANNEL), "--uid"),
        (("kicking-rules", "ban", "--uid", "1", "--ip", "1.1.1.1"), "must be the only selector"),
        (("projects", "find"), "--id, --name or both"),
        (("usage", "minutes", "--from", "yesterday"), "write it as 2026-01-31"),
        (("usage", "minutes", "--from", "2026-01-02", "--to", "2026-01-01"), "must not be before"),
        (("usage", "minutes", "--csv", "--json"), "exclude each other"),
        (("usage", "minutes", "--chart", "chart.pdf"), "must end in .png, .svg, .html"),
        (("usage", "metrics", "demo", "--business", "nonsense"), "business"),
        (("recordings", "query"), "--resource-id and --sid"),
        (("recordings", "query", "--recording", "/nowhere.json"), "cannot be read"),
        (("recordings", "stop", "--sid", "s", "--resource-id", "r"), "--channel"),
        (("recordings", "start", CHANNEL, "--uid", "9"), "--storage"),
        (("recordings", "start", CHANNEL, "--uid", "9", "--storage", "tape"), "s3, qiniu, alibaba"),
        (
            ("recordings", "start", CHANNEL, "--uid", "9", *STORAGE[:2], "--region", "moon", "--bucket", "b"),
            "eu-west-1",
        ),
        (("recordings", "start", CHANNEL, "--uid", "9", *STORAGE, "--stream-types", "smell"), "audio, video, both"),
        (("recordings", "record", CHANNEL, "--uid", "9", *STORAGE, "--duration", "0s"), "write it as 90s"),
        (("nonsense",), "No such command"),
    ],
)
def test_wrong_usage_is_2_and_changes_nothing(local: Local, run: Terminal, words: tuple[str, ...], said: str) -> None:
    before = local.emulator.state()
    ran = run(*words)
    assert (ran.exit_code, ran.out) == (2, "")
    assert said in plain(ran.err)
    assert local.emulator.state() == before


def test_credentials_that_are_missing_or_refused_are_3(run: Terminal) -> None:
    assert run("projects", "list", AGORA_CUSTOMER_CERTIFICATE="planted-but-wrong").exit_code == 3
    missing = run("projects", "list", AGORA_CUSTOMER_ID=None)
    assert missing.exit_code == 3
    assert "AGORA_CUSTOMER_ID and AGORA_CUSTOMER_CERTIFICATE" in missing.err
    half = run("projects", "list", AGORA_CUSTOMER_CERTIFICATE=None)
    assert half.exit_code == 3
    assert "--certificate-stdin" in half.err
    assert "planted-but-wrong" not in "".join(run.printed)


def test_an_address_that_would_leak_them_is_3(run: Terminal) -> None:
    ran = run("projects", "list", "--base-url", "http://example.com")
    assert ran.exit_code == 3
    assert "must be https" in ran.err


def test_no_connection_is_4_and_says_that_nothing_was_changed(run: Terminal) -> None:
    ran = run("projects", "create", "new", "--base-url", dead_url(), "--json")
    assert (ran.exit_code, ran.out) == (4, "")
    assert ran.error["kind"] == "ConnectionFailed"
    assert ran.error["may_have_taken_effect"] is False
    assert "`agora-rest emulator --port " in ran.error["message"]
    [note] = ran.error["notes"]
    assert re.fullmatch(r"The server is http://127\.0\.0\.1:\d+ \(from an option\)\.", note)


def test_a_lost_answer_is_5(local: Local, run: Terminal) -> None:
    local.emulator.inject(Fault("cut_after", "create_project"))
    ran = run("projects", "create", "new")
    assert ran.exit_code == 5
    assert "may have taken effect" in ran.err
    assert local.api.projects.find(name="new")


def test_a_server_that_fails_to_answer_a_question_is_4(local: Local, run: Terminal) -> None:
    local.emulator.inject(Fault("status", "list_projects", status=503))
    assert run("projects", "list").exit_code == 4


def test_a_start_whose_answer_is_lost_says_how_to_ask_for_it_again(local: Local, run: Terminal) -> None:
    local.emulator.inject(Fault("cut_after", "start_recording"))
    words = ("recordings", "start", CHANNEL, "--uid", 9, *STORAGE)
    lost = run(*words)
    [running] = local.world.recordings.in_channel(DEMO_APP_ID, CHANNEL, local.emulator.clock.now())
    assert lost.exit_code == 5
    assert f"--resource-id {running.resource_id}" in lost.err


def test_a_bug_is_70_and_keeps_its_words_to_itself(run: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyError("planted-certificate")

    monkeypatch.setattr(channels, "_COLUMNS", property(broken))
    ran = run("channels", "list")
    assert ran.exit_code == 70
    assert "bug" in ran.err


def test_ctrl_c_is_130(run: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("agora_rest.cli._session.Session.agora", interrupted)
    ran = run("projects", "list")
    assert (ran.exit_code, ran.err) == (130, "")


def test_debug_shows_where_an_error_comes_from_and_every_exchange(run: Terminal) -> None:
    ran = run("projects", "find", "--name", "nobody", "--debug")
    assert ran.exit_code == 1
    assert "Traceback" in ran.err
    assert ran.err.rstrip().splitlines()[-1].startswith("agora-rest: find_project was refused")
    run.printed = [text.replace("Traceback", "") for text in run.printed]  # the one that was asked for


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full here")
@pytest.mark.parametrize(
    "words",
    [("projects", "create", "new"), ("projects", "list"), ("usage", "minutes", "--csv"), ("--help",)],
    ids=" ".join,
)
def test_a_result_that_cannot_be_written_is_5_and_one_sentence(local: Local, words: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        ran = subprocess.run(
            [*MAIN, *words], stdout=full, stderr=subprocess.PIPE, text=True, env=environment(local), check=False
        )
    assert ran.returncode == Exit.UNCERTAIN
    assert ran.stderr == "agora-rest: The output cannot be written: No space left on device.\n"


def test_closed_standard_output_is_refused_before_anything_is_sent(local: Local) -> None:
    command = f"{sys.executable} -c 'from agora_rest.cli import main; main()' projects list >&-"
    ran = subprocess.run(["sh", "-c", command], capture_output=True, text=True, env=environment(local))
    assert ran.returncode == 2
    assert "standard output is closed" in ran.stderr
    assert local.emulator.requests() == []


def test_closed_standard_error_changes_no_result(local: Local) -> None:
    command = f"{sys.executable} -c 'from agora_rest.cli import main; main()' projects list 2>&-"
    ran = subprocess.run(["sh", "-c", command], capture_output=True, text=True, env=environment(local))
    assert ran.returncode == 0
    assert "demo" in ran.stdout


@pytest.mark.parametrize(
    "words", [("projects", "list"), ("usage", "minutes", "--csv"), ("contract", "explain", "CR-1")]
)
def test_a_reader_that_goes_away_is_141_and_silence(local: Local, words: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ran = subprocess.run(
        [*MAIN, *words], stdout=writing, stderr=subprocess.PIPE, text=True, env=environment(local), check=False
    )
    os.close(writing)
    assert (ran.returncode, ran.stderr) == (Exit.UNREAD, "")


@pytest.mark.parametrize("words", [("check", "x.har"), ("redact", "x.har"), ("explain", "CR-999"), ("init",)])
def test_the_contract_group_says_with_2_that_it_cannot_answer(
    run: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("x.har", "agora-contract.mk"):
        (tmp_path / name).write_text("mine", encoding="utf-8")
    ran = run("contract", *words)
    assert (ran.exit_code, ran.out) == (2, "")
    assert ran.err.startswith("agora-rest: ")
    assert ran.err.count("\n") == 1
    assert run("contract", *words, "--json").error["exit_code"] == 2


CALL = {"operation": "query_recording", "may_have_taken_effect": False}
LOST = {"resource_id": "r", "channel": "c", "uid": "1", "rule_id": None}


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (CliError("no"), Exit.USAGE),
        (FileNotFoundError(2, "No such file or directory", "nowhere.json"), Exit.USAGE),
        (OSError(28, "No space left on device"), Exit.UNCERTAIN),
        (errors.InvalidArgument("uid", "must be a number", "x"), Exit.USAGE),
        (errors.ConfigurationError("no"), Exit.CREDENTIALS),
        (errors.AuthenticationFailed("no", operation="stop_recording", status=401), Exit.CREDENTIALS),
        (errors.NotFound("no", operation="query_recording", status=404), Exit.REFUSED),
        (errors.NotFound("no", operation="x", status=404, may_have_taken_effect=True), Exit.UNCERTAIN),
        (errors.ResourceExpired("no", operation="start_recording", status=400), Exit.REFUSED),
        (errors.RateLimited("no", operation="list_projects", status=429), Exit.NO_ANSWER),
        (errors.ServerError("no", operation="list_projects", status=500), Exit.NO_ANSWER),
        (errors.MalformedResponse("no", **CALL), Exit.NO_ANSWER),
        (errors.TimedOut("no", **CALL), Exit.NO_ANSWER),
        (errors.TimedOut("no", operation="create_project", may_have_taken_effect=True), Exit.UNCERTAIN),
        (errors.RecordingEnded("no", resource_id="r", sid="s"), Exit.REFUSED),
        (errors.RecordingLost("no", may_be_running=True, **LOST), Exit.UNCERTAIN),
        (errors.RecordingLost("no", may_be_running=False, **LOST), Exit.REFUSED),
    ],
)
def test_each_error_has_its_exit_code(error: Exception, expected: Exit) -> None:
    assert exit_of(error) is expected


def test_every_exit_code_is_in_the_documentation() -> None:
    page = (Path(__file__).parents[2] / "docs/how-to/command-line.md").read_text(encoding="utf-8")
    assert [int(code) for code in re.findall(r"^\| (\d+) \|", page, re.MULTILINE)] == sorted(Exit)


def test_every_exit_code_is_in_the_help(run: Terminal) -> None:
    shown = plain(run("--help").out)
    assert plain(ALL) in shown
    assert [f"* {code.value} {IN_SHORT[code]}" for code in Exit] == ALL.splitlines()[2:]
