"""Declares the options and arguments of commands: first what they are for, then how their value is shown."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import typer


def option(help: str, metavar: str | None = None, *names: str, panel: str | None = None, **more: Any) -> Any:  # noqa: A002  as Typer calls it
    """An option; `names` are those it has beside or instead of the parameter's, `panel` is its heading in the help.

    A variable of it (`envvar`) that is set must not be empty.
    """
    if "envvar" in more:
        more.setdefault("callback", _not_empty)
    return typer.Option(..., *names, help=help, metavar=metavar, rich_help_panel=panel, **more)


def _not_empty(context: typer.Context, parameter: typer.CallbackParam, value: Any) -> Any:
    """Refuse an empty variable, usually one of CI that is not defined, instead of using the default."""
    source = context.get_parameter_source(parameter.name or "")
    if source is not None and source.name == "DEFAULT":
        for name in _texts(parameter.envvar):
            if os.environ.get(name) == "" and not context.resilient_parsing:
                raise typer.BadParameter(f"The environment variable {name} is empty: set it to a value, or unset it.")
    return value


def _texts(names: str | Sequence[str] | None) -> Sequence[str]:
    return (names,) if isinstance(names, str) else names or ()


def flag(help: str, *names: str, panel: str | None = None) -> Any:  # noqa: A002
    """An option without a value, whose name has no `--no-` form; `names` are further ones."""
    return option(help, None, *names, panel=panel)


def argument(help: str, metavar: str | None = None, **more: Any) -> Any:  # noqa: A002
    """A value without an option's name."""
    return typer.Argument(help=help, metavar=metavar, **more)
