"""What the shell is offered: through the protocol of each, and in a shell itself."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from agora_rest.cli import _completing, main
from agora_rest.emulator import DEMO_APP_ID, Fault
from agora_rest.fleet import Journal, Order
from tests.cli.conftest import CERTIFICATE, CHANNEL, CUSTOMER, Local, account, environment
from tests.client.sockets import HASTE

QUERY_TIMEOUT = _completing.QUERY_TIMEOUT

EVIL = ["$(reboot)", "a b", "x;y", "`id`", "\\$(id)", "*", "-rf", "~", "it's", 'quo"te', "a:b", "x\ty", "<b>", "a\nb"]
Asked = Callable[..., tuple[str, str]]


@pytest.fixture
def asked(local: Local, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Asked:
    """What a shell gets for a line that is being typed, on standard output and on standard error."""
    monkeypatch.setattr(_completing, "QUERY_TIMEOUT", 60.0)  # a busy machine may need more than two seconds

    def ask(line: str, shell: str = "bash", **environment: str) -> tuple[str, str]:
        words = line.split(" ")
        typed = {
            "_AGORA_REST_COMPLETE": f"complete_{shell}",
            "COMP_WORDS": "\n".join(words),
            "COMP_CWORD": str(len(words) - 1),
            "_TYPER_COMPLETE_ARGS": line,
            "_TYPER_COMPLETE_FISH_ACTION": "get-args",
        }
        with monkeypatch.context() as process:
            process.setattr(sys, "argv", ["agora-rest"])
            for name, value in {**account(local), **typed, **environment}.items():
                process.setenv(name, value)
            capsys.readouterr()
            with pytest.raises(SystemExit):
                main()
            shown, said = capsys.readouterr()
        return shown.rstrip("\n"), said

    return ask


def test_profiles_are_completed_without_any_account(asked: Asked, profiles: Callable[..., Path]) -> None:
    profiles("[staging]\n[work]\n")
    nobody = {"AGORA_CUSTOMER_ID": "", "AGORA_CUSTOMER_CERTIFICATE": ""}
    assert asked("agora-rest projects list --profile st", **nobody) == ("staging", "")
    assert asked("agora-rest contract run --profile ", **nobody)[0].split() == ["staging", "work"]


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("agora-rest kick", ["kicking-rules"]),
        ("agora-rest projects disable ", ["demo", "secret"]),
        ("agora-rest projects find --name sec", ["secret"]),
        ("agora-rest usage metrics de", ["demo"]),
        ("agora-rest usage minutes --project ", ["demo", "secret"]),
        ("agora-rest usage metrics demo --business cl", ["cloudRecording"]),
        ("agora-rest channels users ", [CHANNEL, "show"]),
        ("agora-rest recordings record les", [CHANNEL]),
        ("agora-rest kicking-rules ban --channel sh", ["show"]),
        (f"agora-rest recordings start {CHANNEL} --region eu-w", ["eu-west-1", "eu-west-2", "eu-west-3"]),
        (f"agora-rest recordings start {CHANNEL} --storage q", ["qiniu"]),
        (f"agora-rest recordings start {CHANNEL} --channel-type l", ["live-broadcast"]),
        ("agora-rest contract explain CR-5", [f"CR-5{digit}" for digit in range(5)]),
        ("agora-rest contract run --access ", ["read-only", "full", "emulator"]),
    ],
)
def test_what_bash_is_offered(asked: Asked, line: str, offered: list[str]) -> None:
    shown, said = asked(line)
    assert (shown.split(), said) == (offered, "")


def test_zsh_and_fish_are_told_what_the_values_are(local: Local, asked: Asked) -> None:
    rule = local.api.app(DEMO_APP_ID).kicking_rules.ban(channel=CHANNEL, uid=9).id
    assert asked("agora-rest kicking-rules lift ", "fish")[0] == f"{rule}\tchannel {CHANNEL}, user 9"
    assert f'"{rule}":"channel {CHANNEL}, user 9"' in asked("agora-rest kicking-rules lift ", "zsh")[0]
    assert f'"{DEMO_APP_ID}":"demo"' in asked("agora-rest channels list --app-id ", "zsh")[0]
    assert asked("agora-rest channels users ", "fish")[0] == f"{CHANNEL}\t2 users\nshow\t3 users"


def test_what_has_been_typed_says_whom_to_ask(local: Local, asked: Asked, profiles: Callable[..., Path]) -> None:
    members = {"customer_id": CUSTOMER, "customer_certificate": CERTIFICATE, "base_url": local.server.url}
    profiles("\n".join(["[work]", *(f'{name} = "{value}"' for name, value in members.items())]))
    elsewhere = {"AGORA_BASE_URL": "http://127.0.0.1:9", "AGORA_CUSTOMER_ID": "nobody"}
    assert asked("agora-rest projects disable ", **elsewhere) == ("", "")
    assert asked("agora-rest projects disable --profile work ", **elsewhere)[0].split() == ["demo", "secret"]
    other = f"agora-rest channels users --app-id {local.api.projects.find(id='secret').app_id} "
    assert asked(other) == ("", "")


def test_recordings_of_a_fleet_are_completed_from_a_journal_that_is_there(asked: Asked, tmp_path: Path) -> None:
    file = tmp_path / "recordings.db"
    line = f"agora-rest fleet stop --journal sqlite:///{file} les"
    assert asked(line) == ("", "")
    assert not file.exists()
    with Journal(f"sqlite:///{file}") as journal:
        journal.submit(Order(key="lesson-7", app_id=DEMO_APP_ID, channel="c", uid="9", storage="default"))
    assert asked(line) == ("lesson-7", "")
    shown = f"agora-rest fleet show --journal sqlite:///{file} "
    assert asked(shown, "fish") == ("lesson-7\tc, intent", "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_name_that_a_shell_would_do_something_with_is_not_offered(local: Local, asked: Asked, shell: str) -> None:
    """Shells evaluate what they are offered, and anybody can call a project or a channel whatever they like."""
    for name in EVIL:
        local.emulator.add_project(name)
    shown, said = asked("agora-rest projects find --name ", shell)
    assert said == ""
    assert "demo" in shown
    assert not set("$`\\*~;<\t" if shell != "fish" else "$`\\*~;<") & set(shown.removeprefix("_arguments '*: :"))
    described, _ = asked("agora-rest projects disable ", shell)
    assert "reboot" in described or shell == "bash"
    assert not set("$`\\;<") & set(described)


@pytest.mark.parametrize(
    "trouble",
    [
        {"AGORA_CUSTOMER_ID": ""},
        {"AGORA_CUSTOMER_CERTIFICATE": "planted-but-wrong"},
        {"AGORA_BASE_URL": "http://127.0.0.1:9"},
        {"AGORA_BASE_URL": "http://example.com"},
        {"AGORA_PROFILE": "there-is-none"},
    ],
    ids=str,
)
def test_whatever_goes_wrong_is_answered_with_silence(asked: Asked, trouble: dict[str, str]) -> None:
    assert asked("agora-rest projects disable ", **trouble) == ("", "")


def test_a_server_that_does_not_answer_is_not_waited_for(
    local: Local, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault = local.emulator.inject(Fault("delay", "list_projects", seconds=300))
    for seconds in HASTE:
        monkeypatch.setattr(_completing, "QUERY_TIMEOUT", seconds)
        assert asked("agora-rest projects disable ") == ("", "")
        if fault.struck:
            break
    assert fault.struck == 1
    assert QUERY_TIMEOUT <= 2


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
@pytest.mark.parametrize(
    ("shell", "script"),
    [
        ("bash", "complete -o default -F _agora_rest_completion agora-rest"),
        ("zsh", "#compdef agora-rest"),
        ("fish", "complete --command agora-rest"),
    ],
)
def test_completion_is_shown_for_any_shell(
    shell: str, script: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("_AGORA_REST_COMPLETE", "")  # which `main` sets; afterwards it is gone again
    monkeypatch.setattr(sys, "argv", ["agora-rest", "--show-completion", shell])
    with pytest.raises(SystemExit) as ended:
        main()
    shown = capsys.readouterr().out
    assert ended.value.code in (None, 0)
    assert script in shown
    assert f"_AGORA_REST_COMPLETE=complete_{shell}" in shown


def test_completion_is_not_installed_for_another_shell_than_the_one_that_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["agora-rest", "--install-completion", "zsh"])
    with pytest.raises(SystemExit, match="2"):
        main()
    assert "`agora-rest --show-completion zsh`" in capsys.readouterr().err


def test_bash_itself_completes_a_channel(local: Local, asked: Asked, tmp_path: Path) -> None:
    program = tmp_path / "agora-rest"
    lines = ["from agora_rest.cli import _completing, main", "_completing.QUERY_TIMEOUT = 60.0", "main()", ""]
    program.write_text("\n".join([f"#!{sys.executable}", *lines]), encoding="utf-8")
    program.chmod(0o755)
    typed = f"""
        PATH={tmp_path}:$PATH
        eval "$(_AGORA_REST_COMPLETE=source_bash agora-rest)"
        COMP_WORDS=(agora-rest channels users les) COMP_CWORD=3
        _agora_rest_completion agora-rest les users
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    ran = subprocess.run(
        ["bash", "--norc", "-c", typed], capture_output=True, text=True, env=environment(local), check=False
    )
    assert (ran.stdout, ran.stderr) == (f"{CHANNEL}\n", "")
