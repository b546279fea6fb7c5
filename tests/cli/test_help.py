"""What the command line says of itself, and what it loads for that."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import typer.main

import agora_rest
from agora_rest import Agora, App, spec
from agora_rest.cli._app import app
from agora_rest.cli._building import NAMES
from agora_rest.cli._exits import Exit
from agora_rest.emulator import DEMO_APP_ID
from tests.cli.conftest import CERTIFICATE, CHANNEL, CUSTOMER, Local, Terminal, plain
from tests.traffic.hars import acquired, har

ROOT = typer.main.get_command(app)


def commands(command: Any = ROOT, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, each in getattr(command, "commands", {}).items():
        yield (*path, name), each
        yield from commands(each, (*path, name))


ALL = dict(commands())
OURS = {
    path: each
    for path, each in ALL.items()
    if len(path) == 2 and path[0] in ("recordings", "projects", "usage", "kicking-rules", "channels", "config")
}


def options(command: Any) -> set[str]:
    return {name for parameter in command.params for name in parameter.opts if name.startswith("--")}


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_and_every_option_says_what_it_is_for(path: tuple[str, ...]) -> None:
    assert ALL[path].help
    if path in OURS or path[0] in ("contract", "emulator"):
        silent = [parameter.name for parameter in ALL[path].params if not getattr(parameter, "help", "")]
        assert silent == []


def test_options_are_written_small() -> None:
    """Typer writes an option in capitals whose name is that of its value: `--uid UID` becomes `--UID`."""
    assert {name for command in ALL.values() for name in options(command) if name != name.lower()} == set()


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_speaks_json_and_tells_of_errors(path: tuple[str, ...]) -> None:
    if not hasattr(ALL[path], "commands"):
        assert {"--json", "--debug"} <= options(ALL[path])


@pytest.mark.parametrize("path", OURS, ids=" ".join)
def test_every_command_has_the_same_options_for_account_and_form(path: tuple[str, ...]) -> None:
    shared = {"--json", "--debug", "--profile", "--base-url", "--customer-id", "--certificate-stdin"}
    assert shared <= options(OURS[path])
    assert ("--app-id" in options(OURS[path])) is (path[0] in ("recordings", "kicking-rules", "channels", "config"))


def test_the_contract_group_takes_an_account_as_the_others_do() -> None:
    contract = options(ALL["contract", "run"])
    assert {"--profile", "--base-url", "--customer-id", "--certificate-stdin", "--app-id"} <= contract


def test_no_command_of_ours_takes_a_secret_as_an_argument() -> None:
    words = ("certificate", "secret", "key", "password", "token")
    for path, command in OURS.items():
        for parameter in command.params:
            if any(word in parameter.name for word in words):
                assert parameter.is_flag or parameter.name in ("named", "token_command"), (path, parameter.name)


EXAMPLES = {
    path: each.epilog.partition("Example:")[2].strip()
    for path, each in ALL.items()
    if (path in OURS or path[0] in ("contract", "emulator")) and not hasattr(each, "commands")
}


NEEDS_A_RECORDING = [path for path, each in OURS.items() if "--recording" in options(each)]


ENDS_ONLY_IN_2019 = [("recordings", "watch")]
"""Examples of a recording whose end is seen: today, one that has recorded nothing is not found."""


@pytest.mark.parametrize(
    ("local", "path"),
    [("documented" if path in ENDS_ONLY_IN_2019 else "current", path) for path in EXAMPLES],
    indirect=["local"],
    ids=map(" ".join, EXAMPLES),
)
def test_the_example_below_the_help_works(
    local: Local,
    run: Terminal,
    profiles: Callable[..., Path],
    hasten: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    path: tuple[str, ...],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("agora_rest.contract.safety.dry_run.rehearse", lambda _: SimpleNamespace(lines=list))
    monkeypatch.setattr("agora_rest.emulator.server.EmulatorServer", lambda *_, **__: SimpleNamespace(run=print))
    hasten()
    storage = {"VENDOR": "s3", "REGION": "eu-west-1", "BUCKET": "lessons"}
    stored = {f"AGORA_STORAGE_{name}": value for name, value in storage.items()}
    rule = local.api.app(DEMO_APP_ID).kicking_rules.ban(uid=99)
    if path != ("config", "save"):
        profiles(f'[staging]\ncustomer_id = "{CUSTOMER}"\ncustomer_certificate = "{CERTIFICATE}"\n')
    if path in NEEDS_A_RECORDING:
        started = run("recordings", "start", CHANNEL, "--uid", 9, "--json", **stored)
        (tmp_path / "recording.json").write_text(started.out, encoding="utf-8")
    (tmp_path / "session.har").write_text(json.dumps(har(acquired())), encoding="utf-8")
    (tmp_path / "drift.jsonl").touch()
    if path == ("recordings", "watch"):
        for uid in (1, 2):
            local.emulator.leave(DEMO_APP_ID, CHANNEL, uid)
        monkeypatch.setattr("agora_rest.Clock.sleep", lambda *_: local.emulator.clock.advance(60))
    program, *words = shlex.split(re.sub(r" [<>] \S+$", "", EXAMPLES[path]).replace("1953", str(rule.id)))
    ran = run(*words, stdin=f"{CERTIFICATE}\n", **stored)
    assert (program, tuple(words[: len(path)])) == ("agora-rest", path)
    assert ran.exit_code == 0, ran.err


PYTHON = {
    "recordings": "recordings",
    "projects": "projects",
    "usage": "usage",
    "kicking-rules": "kicking_rules",
    "channels": "channels",
}
OTHERWISE = {
    ("projects", "set_status"),  # enable and disable
    ("recordings", "check_start"),  # start calls it
    ("recordings", "handle"),  # watch
    ("recordings", "hold_permit"),  # for those who start many at once
    ("recordings", "put_offline"),  # what record does where a stop fails
    ("recordings", "record_individual"),  # record --mode individual
    ("recordings", "record_web"),  # record --mode web
}


def test_every_method_of_the_python_api_is_a_command_of_the_same_name() -> None:
    with Agora("a", "b") as agora:
        of_app: App = agora.app("0" * 32)
        groups = {name: getattr(agora, name, None) or getattr(of_app, name) for name in PYTHON.values()}
    for group, name in PYTHON.items():
        methods = {each for each in dir(groups[name]) if not each.startswith("_")}
        missing = {each for each in methods if (group, each.replace("_", "-")) not in ALL}
        assert {(name, each) for each in missing} <= OTHERWISE


def test_version(run: Terminal) -> None:
    assert run("--version").out == f"agora-rest {agora_rest.__version__}\n"


def loaded_by(*words: str) -> set[str]:
    """The modules that a command has loaded at its end."""
    code = (
        f"import sys, atexit; sys.argv = ['agora-rest', *{words!r}]\n"
        "atexit.register(lambda: print('LOADED', *sys.modules))\n"
        "from agora_rest.cli import main; main()"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(ran.stdout.partition("LOADED")[2].split())


@pytest.mark.parametrize("words", [("--help",), ("recordings", "--help"), ("usage", "minutes", "--help")])
def test_help_loads_nothing_that_it_does_not_need(words: tuple[str, ...]) -> None:
    loaded = {module.partition(".")[0] for module in loaded_by(*words)}
    heavy = {"httpx", "altair", "vl_convert", "schemathesis", "hypothesis", "uvicorn", "jsonschema_rs", "sqlalchemy"}
    assert loaded & heavy == set()


def test_a_command_loads_no_other_group() -> None:
    loaded = loaded_by("projects", "--help")
    assert {name for name in NAMES if f"agora_rest.cli.{name.replace('-', '_')}" in loaded} == {"projects"}


def test_a_word_that_names_nothing_is_answered_with_what_there_is(run: Terminal) -> None:
    ran = run("project", "list")
    assert ran.exit_code == Exit.USAGE
    assert "projects" in ran.err


def test_a_missing_extra_is_named_and_is_no_refusal(tmp_path: Any) -> None:
    code = (
        "import sys; sys.modules['altair'] = None; sys.modules['vl_convert'] = None\n"
        "sys.argv = ['agora-rest', 'usage', 'minutes', '--chart', 'x.svg']\n"
        "from agora_rest.cli import main; main()"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert ran.returncode == Exit.USAGE
    assert ran.stderr == "agora-rest: this command needs altair: pip install 'agora-rest[charts]'\n"


def test_commands_whose_calls_only_the_documents_of_2019_have_come_last_in_their_group() -> None:
    deprecated = Counter(each.tag for each in spec.operations().values() if each.is_deprecated)
    marked = {
        path: each
        for path, each in ALL.items()
        if getattr(each, "rich_help_panel", None) == "Commands for the documents of 2019"
    }
    assert Counter(group for group, _ in marked) == deprecated
    for group, name in marked:
        assert list(ROOT.commands[group].commands)[-1] == name
        assert "Agora's present documents do not have this call" in marked[group, name].help


def test_the_exit_codes_are_below_the_help_of_every_group(run: Terminal) -> None:
    for group in ("recordings", "projects", "usage", "kicking-rules", "channels", "config"):
        assert "Exit codes: see agora-rest --help." in plain(run(group, "--help").out)
    assert "0 the contract holds, 1 it is broken, 2 it could not be checked" in plain(run("contract", "--help").out)
