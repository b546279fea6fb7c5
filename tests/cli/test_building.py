"""The group of all commands."""

from __future__ import annotations

from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from agora_rest.cli._app import app
from agora_rest.cli._building import Commands
from tests.cli.conftest import plain


@pytest.mark.parametrize("said", ["Value error, 'x' is no y", "'x' is no y"])
def test_an_error_about_a_value_is_in_the_words_of_its_check(said: str) -> None:
    def check(_: str) -> Any:
        raise typer.BadParameter(said)

    ours = typer.Typer(cls=Commands)
    ours.callback()(lambda: None)

    @ours.command("run")
    def run(level: str = typer.Option("", parser=check)) -> None:
        raise AssertionError(level)

    shown = plain(CliRunner().invoke(ours, ["run", "--level", "x"]).output)
    assert "Invalid value for '--level': 'x' is no y" in shown


def test_all_commands_are_in_such_a_group() -> None:
    assert isinstance(typer.main.get_command(app), Commands)
    shown = plain(CliRunner().invoke(app, ["emulator", "--dialect", "today"]).output)
    assert "Invalid value for '--dialect': 'today' is not one of 'current'" in shown
