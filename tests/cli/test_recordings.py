"""`agora-rest recordings`: call by call, and in one go."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agora_rest import RecordingConfig, S3Region, S3Storage, StartedRecording, TranscodingConfig
from agora_rest.cli._interrupting import InterruptibleClock
from agora_rest.cli._live import seconds
from agora_rest.client._sync.recordings import Recordings
from agora_rest.emulator import DEMO_APP_ID, Fault
from agora_rest.layouts import Vertical
from tests.cli.conftest import CHANNEL, MAIN, SECRETS, STORAGE, Hastening, Local, Terminal, environment

RECORD = ("recordings", "record", CHANNEL, "--uid", 9, *STORAGE)
Hasten = Callable[..., None]


def running(local: Local) -> list[Any]:
    return local.world.recordings.in_channel(DEMO_APP_ID, CHANNEL, local.emulator.clock.now())


def test_what_one_command_prints_the_next_one_takes(local: Local, run: Terminal, tmp_path: Path) -> None:
    resource = run("recordings", "acquire", CHANNEL, "--uid", 9, "--json").json
    assert (resource["channel"], resource["uid"]) == (CHANNEL, "9")
    words = ("recordings", "start", CHANNEL, "--uid", 9, "--resource-id", resource["resource_id"], *STORAGE)
    started = run(*words, "--json")
    assert started.json["resource_id"] == resource["resource_id"]
    file = tmp_path / "recording.json"
    file.write_text(started.out, encoding="utf-8")
    local.emulator.clock.advance(10)
    assert run("recordings", "query", "--recording", file, "--json").json["status"] == "recording"
    assert "recording" in run("recordings", "query", "--recording", "-", stdin=started.out).out
    stopped = run("recordings", "stop", "--recording", file, "--json").json
    assert stopped["uploading_status"] == "uploaded"
    assert stopped["files"][0]["name"].endswith(".m3u8")
    assert running(local) == []


def test_stopping_a_recording_again_succeeds_while_it_is_found(local: Local, run: Terminal, tmp_path: Path) -> None:
    """Code 49: the recording is being stopped already (CR-155)."""
    file = tmp_path / "recording.json"
    file.write_text(run("recordings", "start", CHANNEL, "--uid", 9, *STORAGE, "--json").out, encoding="utf-8")
    local.emulator.clock.advance(10)
    first = run("recordings", "stop", "--recording", file, "--json").json
    again = run("recordings", "stop", "--recording", file, "--json")
    assert again.exit_code == 0
    assert again.json["uploading_status"] == "unknown"
    assert [each["name"] for each in again.json["files"]] == [each["name"] for each in first["files"]]
    local.emulator.clock.advance(3600)
    gone = run("recordings", "stop", "--recording", file)
    assert gone.exit_code == 1
    assert "stopped before" in gone.err


@pytest.mark.parametrize("local", ["current"], indirect=True)
def test_a_stop_of_a_recording_without_a_file_says_so(local: Local, run: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "recording.json"
    file.write_text(run("recordings", "start", "nobody", "--uid", 9, *STORAGE, "--json").out, encoding="utf-8")
    local.emulator.clock.advance(10)
    assert "No file is known" in run("recordings", "stop", "--recording", file).err


def test_the_values_may_be_options(local: Local, run: Terminal) -> None:
    started = run("recordings", "start", CHANNEL, "--uid", 9, *STORAGE, "--json").json
    names = ("--resource-id", started["resource_id"], "--sid", started["sid"])
    assert run("recordings", "query", *names).exit_code == 0
    stopped = run("recordings", "stop", *names, "--channel", CHANNEL, "--uid", 9)
    assert "uploaded" in stopped.out
    assert running(local) == []


def test_what_people_see_of_a_start_is_all_that_can_stop_it(local: Local, run: Terminal) -> None:
    shown = run("recordings", "start", CHANNEL, "--uid", 9, *STORAGE).out
    [found] = running(local)
    assert found.sid in shown
    assert f"{found.resource_id}\n" in shown  # whole, on one line


def test_options_reach_the_server(run: Terminal, seen: dict[str, Any]) -> None:
    options = [
        *("--stream-types", "audio", "--channel-type", "live-broadcast", "--max-idle-time", 60, "--width", 1280),
        *("--mixed-video-layout", "vertical", "--max-resolution-uid", 3, "--decryption-mode", "aes128xts"),
    ]
    assert run("recordings", "start", CHANNEL, "--uid", 9, *STORAGE, *options).exit_code == 0
    picture = TranscodingConfig(width=1280, layout=Vertical("3"))
    assert seen["config"] == RecordingConfig(
        stream_types=0,
        channel_type=1,
        max_idle_time=60,
        decryption_mode=1,
        secret="planted-decryption-secret",
        transcoding_config=picture,
    )
    keys = {"access_key": "planted-access-key", "secret_key": "planted-secret-key"}
    assert seen["storage"] == S3Storage(region=S3Region.EU_WEST_1, bucket="lessons", **keys)


def test_an_encrypted_channel_needs_its_password_in_the_environment(run: Terminal) -> None:
    words = ("recordings", "start", CHANNEL, "--uid", 9, *STORAGE, "--decryption-mode", "aes128xts")
    ran = run(*words, AGORA_DECRYPTION_SECRET=None)
    assert ran.exit_code == 2
    assert "AGORA_DECRYPTION_SECRET" in ran.err


def test_record_stops_at_the_end_of_its_time(local: Local, run: Terminal, hasten: Hasten) -> None:
    hasten()
    began = local.emulator.clock.now()
    ran = run(*RECORD, "--duration", "10m", "--json")
    assert ran.exit_code == 0
    assert [event["event"] for event in ran.lines] == ["started", "state", "stopped"]
    assert ran.lines[1]["status"] == "recording"
    assert ran.lines[2]["files"][0]["name"].endswith(".m3u8")
    assert local.emulator.clock.now() - began == pytest.approx(600)
    assert running(local) == []


def test_record_tells_people_the_files(run: Terminal, hasten: Hasten) -> None:
    hasten()
    ran = run(*RECORD, "--duration", "1m")
    assert ran.out.splitlines()[0].startswith(f"Recording {CHANNEL}: sid ")
    assert ran.out.splitlines()[-2:][0] == "Stopped; its files are uploaded:"
    assert ran.out.rstrip().endswith(f"_{CHANNEL}.m3u8")


def test_a_signal_ends_the_recording_in_order(local: Local, run: Terminal, hasten: Hasten) -> None:
    def after_three(clock: Hastening) -> None:
        if clock.pauses == 3:
            os.kill(os.getpid(), signal.SIGTERM)

    hasten(after_three)
    ran = run(*RECORD, "--json")
    assert ran.exit_code == 0
    assert ran.lines[-1]["event"] == "stopped"
    assert running(local) == []


def test_a_signal_while_it_starts_ends_it_as_soon_as_it_has(
    local: Local, run: Terminal, hasten: Hasten, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasten()
    original = Recordings.start

    def interrupted(self: Recordings, *arguments: Any, **options: Any) -> Any:
        os.kill(os.getpid(), signal.SIGINT)
        return original(self, *arguments, **options)

    monkeypatch.setattr(Recordings, "start", interrupted)
    ran = run(*RECORD, "--json")
    assert [event["event"] for event in ran.lines] == ["started", "stopped"]
    assert ran.exit_code == 0
    assert running(local) == []


def test_signals_are_as_before_afterwards(run: Terminal, hasten: Hasten) -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    hasten()
    run(*RECORD, "--duration", "1m")
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


def leaving(local: Local) -> Callable[[Hastening], None]:
    """All users leave the channel at the second pause."""

    def leave(clock: Hastening) -> None:
        if clock.pauses == 2:
            for uid in (1, 2):
                local.emulator.leave(DEMO_APP_ID, CHANNEL, uid)

    return leave


def test_a_recording_that_ends_by_itself_is_no_error(local: Local, run: Terminal, hasten: Hasten) -> None:
    hasten(leaving(local))
    ran = run(*RECORD, "--json")
    assert ran.exit_code == 0
    assert ran.lines[-1]["event"] == "ended"
    assert ran.lines[-1]["files"][0]["name"].endswith(".m3u8")


def test_a_recording_that_ends_before_its_duration_is_an_error(local: Local, run: Terminal, hasten: Hasten) -> None:
    hasten(leaving(local))
    ran = run(*RECORD, "--duration", "45m")
    assert ran.exit_code == 1
    assert "ended before the 0:45:00 of --duration" in ran.err
    assert "unknown" not in ran.out


def test_all_missing_storage_settings_are_named_at_once(run: Terminal) -> None:
    settings = ("VENDOR", "REGION", "BUCKET", "ACCESS_KEY", "SECRET_KEY")
    without = {f"AGORA_STORAGE_{name}": None for name in settings}
    ran = run("recordings", "record", CHANNEL, "--uid", 9, **without)
    assert ran.exit_code == 2
    assert [name for name in without if name not in ran.err] == []


def test_a_recorder_that_is_thrown_out_is_an_error(local: Local, run: Terminal, hasten: Hasten) -> None:
    def ban(clock: Hastening) -> None:
        if clock.pauses == 2:
            local.api.app(DEMO_APP_ID).kicking_rules.ban(uid=9)

    hasten(ban)
    ran = run(*RECORD)
    assert ran.exit_code == 1
    assert "exited abnormally" in ran.err


def test_a_recording_is_stopped_when_nobody_reads_any_more(
    local: Local, run: Terminal, hasten: Hasten, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise BrokenPipeError(32, "Broken pipe")

    hasten()
    monkeypatch.setattr("agora_rest.cli._live.show_state", broken)
    ran = run(*RECORD)
    assert ran.exit_code == 141
    assert running(local) == []


def test_a_recording_whose_stop_fails_says_so(local: Local, run: Terminal, hasten: Hasten) -> None:
    hasten()
    local.emulator.inject(Fault("status", "stop_recording", status=500))
    ran = run(*RECORD, "--duration", "1m", "--json")
    assert ran.exit_code == 5
    assert "put the recorder offline" in " ".join(ran.error["notes"])
    assert running(local) == []


def test_a_recording_that_may_be_running_is_uncertain_and_the_command_that_stops_it_is_printed(
    local: Local, run: Terminal, hasten: Hasten
) -> None:
    def fail(clock: Hastening) -> None:
        if clock.pauses == 2:
            for operation in ("query_recording", "stop_recording", "create_kicking_rule"):
                local.emulator.inject(Fault("status", operation, status=503))

    hasten(fail)
    ran = run(*RECORD, "--duration", "10m")
    assert ran.exit_code == 5
    (command,) = [line for line in ran.err.splitlines() if "agora-rest recordings stop" in line]
    local.emulator.clear_faults()
    words = shlex.split(command.partition("Stop it with: agora-rest ")[2])
    assert run(*words).exit_code == 0
    assert running(local) == []


def test_watch_tells_of_each_change_until_the_end(local: Local, run: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    started = run("recordings", "start", CHANNEL, "--uid", 9, *STORAGE, "--json")

    def sleep(_clock: object, length: float) -> None:
        local.emulator.clock.advance(length)
        if len(local.emulator.requests()) == 12:
            local.api.app(DEMO_APP_ID).recordings.stop(StartedRecording(**started.json))

    monkeypatch.setattr("agora_rest.Clock.sleep", sleep)
    watched = run("recordings", "watch", "--recording", "-", "--every", 1, "--json", stdin=started.out)
    assert watched.exit_code == 0
    statuses = [event["status"] for event in watched.lines]
    assert statuses[:3] == ["initialised", "recorder_starting", "uploader_ready"]
    assert statuses[-2:] == ["recording", "recording_stopped"]
    assert len(statuses) == len(set(statuses))


def test_record_is_stopped_by_a_signal_to_the_process(local: Local) -> None:
    process = subprocess.Popen(
        [*MAIN, *map(str, RECORD), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(local, **SECRETS),
    )
    first = json.loads(process.stdout.readline())
    assert [found.sid for found in running(local)] == [first["sid"]]
    process.send_signal(signal.SIGTERM)
    rest, errors = process.communicate(timeout=120)
    assert (process.returncode, errors) == (0, "")
    assert json.loads(rest.splitlines()[-1])["event"] == "stopped"
    assert running(local) == []


@pytest.mark.parametrize(
    ("text", "length"), [("90", 90), ("90s", 90), ("10m", 600), ("1h30m", 5400), ("2H", 7200), ("1h1m1s", 3661)]
)
def test_lengths_of_time_are_read_as_people_write_them(text: str, length: float) -> None:
    assert seconds(text) == length


@pytest.mark.parametrize("text", ["", "0", "0m", "-5", "m", "1.5h", "ten minutes", "5m1h", "\u0661m"])
def test_other_lengths_are_refused(text: str) -> None:
    with pytest.raises(Exception, match="not a duration"):
        seconds(text)


def test_nothing_cuts_a_wait_short_outside_of_the_block() -> None:
    clock, waited = InterruptibleClock(), []
    clock._pause = waited.append  # type: ignore[method-assign,assignment]
    clock.interrupt()
    clock.sleep(5)
    with clock.until_over():
        clock.sleep(7)
        waited.append(0)
    clock.sleep(9)
    assert waited == [5, 9]


@pytest.mark.parametrize("words", [RECORD, ("recordings", "start", CHANNEL, "--uid", 9, *STORAGE)])
def test_a_token_comes_from_a_command_or_the_environment(
    local: Local, run: Terminal, monkeypatch: pytest.MonkeyPatch, words: Any, hasten: Any
) -> None:
    seen: list[Any] = []
    original = Recordings.start

    def start(self: Any, *given: Any, token: Any = None, **more: Any) -> Any:
        seen.append(token)
        return original(self, *given, token=token, **more)

    monkeypatch.setattr(Recordings, "start", start)
    hasten()
    script = "import os; e = os.environ; print('planted-token', e['AGORA_APP_ID'], e['AGORA_CHANNEL'], e['AGORA_UID'])"
    command = shlex.join([sys.executable, "-c", script])
    duration = ("--duration", "20s") if "record" in words else ()
    ran = run(*words, *duration, "--token-command", command)
    assert (ran.exit_code, "planted" in ran.out + ran.err) == (0, False)
    local.emulator.clock.advance(7200)
    ran = run(*[8 if word == 9 else word for word in words], *duration, AGORA_RECORDER_TOKEN="planted-2")
    assert (ran.exit_code, "planted" in ran.out + ran.err) == (0, False)
    assert seen == [f"planted-token {DEMO_APP_ID} {CHANNEL} 9", "planted-2"]


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("print('planted'); raise SystemExit(3)", "exit code 3"),
        ("print()", "no token in its first line"),
        ("import sys; sys.stdout.buffer.write(bytes([255]))", "not text"),
    ],
)
def test_a_token_command_that_fails_starts_nothing(local: Local, run: Terminal, script: str, said: str) -> None:
    command = shlex.join([sys.executable, "-c", script])
    ran = run("recordings", "start", CHANNEL, "--uid", 9, *STORAGE, "--token-command", command)
    assert ran.exit_code == 2
    assert said in ran.err
    assert "planted" not in ran.err + ran.out
    assert running(local) == []


@pytest.mark.parametrize(("command", "said"), [("no-such-program-here", "cannot be run"), ("'", "quotation marks")])
def test_a_token_command_that_cannot_be_run_says_so(run: Terminal, command: str, said: str) -> None:
    ran = run("recordings", "start", CHANNEL, "--uid", 9, *STORAGE, "--token-command", command)
    assert (ran.exit_code, said in ran.err) == (2, True)
