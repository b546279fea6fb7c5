"""What the command line says of itself, and what it loads for that."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import typer.main

import agora_rest
from agora_rest import Agora, App
from agora_rest.cli._app import app
from agora_rest.cli._exits import Exit

from .conftest import Terminal, plain

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
    if path in OURS:
        silent = [parameter.name for parameter in ALL[path].params if not getattr(parameter, "help", "")]
        assert silent == []


@pytest.mark.parametrize("path", OURS, ids=" ".join)
def test_every_command_has_the_same_options_for_account_and_form(path: tuple[str, ...]) -> None:
    shared = {"--json", "--debug", "--profile", "--base-url", "--customer-id", "--certificate-stdin"}
    assert shared <= options(OURS[path])
    assert ("--app-id" in options(OURS[path])) is (path[0] in ("recordings", "kicking-rules", "channels", "config"))


def test_options_have_the_names_they_have_in_the_contract_group() -> None:
    contract = options(ALL["contract", "run"])
    assert {"--base-url", "--customer-id", "--app-id"} <= contract


def test_no_command_of_ours_takes_a_secret_as_an_argument() -> None:
    words = ("certificate", "secret", "key", "password", "token")
    for path, command in OURS.items():
        for parameter in command.params:
            if any(word in parameter.name for word in words):
                assert parameter.is_flag or parameter.name == "named", (path, parameter.name)


PYTHON = {
    "recordings": "recordings",
    "projects": "projects",
    "usage": "usage",
    "kicking-rules": "kicking_rules",
    "channels": "channels",
}
OTHERWISE = {
    ("projects", "set_status"),  # enable and disable
    ("recordings", "handle"),  # watch
    ("recordings", "reserving"),  # for those who start many at once
    ("recordings", "put_offline"),  # what record does where a stop fails
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


@pytest.mark.parametrize("words", [("--help",), ("recordings", "--help"), ("usage", "minutes", "--help")])
def test_help_loads_nothing_that_it_does_not_need(words: tuple[str, ...]) -> None:
    code = (
        f"import sys, atexit; sys.argv = ['agora-rest', *{words!r}]\n"
        "atexit.register(lambda: print('LOADED', *sys.modules))\n"
        "from agora_rest.cli import main; main()"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {module.partition(".")[0] for module in ran.stdout.partition("LOADED")[2].split()}
    heavy = {"httpx", "altair", "vl_convert", "schemathesis", "hypothesis", "uvicorn", "jsonschema_rs", "sqlalchemy"}
    assert loaded & heavy == set()


def test_the_shell_completes_commands_and_profiles(tmp_path: Any) -> None:
    file = tmp_path / "agora-rest" / "profiles.toml"
    file.parent.mkdir()
    file.write_text("[staging]\n[work]\n", encoding="utf-8")
    file.chmod(0o600)

    def completed(words: str) -> list[str]:
        environment = {
            **os.environ,
            "XDG_CONFIG_HOME": str(tmp_path),
            "_AGORA_REST_COMPLETE": "complete_bash",
            "COMP_WORDS": words,
            "COMP_CWORD": str(len(words.split()) - 1),
        }
        code = "import sys; sys.argv = ['agora-rest']; from agora_rest.cli import main; main()"
        ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False)
        return ran.stdout.split()

    assert completed("agora-rest kick") == ["kicking-rules"]
    assert completed("agora-rest projects list --profile st") == ["staging"]


def test_a_missing_extra_is_named_and_is_no_refusal(tmp_path: Any) -> None:
    code = (
        "import sys; sys.modules['altair'] = None; sys.modules['vl_convert'] = None\n"
        "sys.argv = ['agora-rest', 'usage', 'minutes', '--chart', 'x.svg']\n"
        "from agora_rest.cli import main; main()"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert ran.returncode == Exit.USAGE
    assert ran.stderr == "agora-rest: this command needs altair: pip install 'agora-rest[charts]'\n"


def test_the_exit_codes_are_below_the_help_of_every_group(run: Terminal) -> None:
    for group in ("recordings", "projects", "usage", "kicking-rules", "channels", "config"):
        assert "Exit codes: see agora-rest --help." in plain(run(group, "--help").out)
