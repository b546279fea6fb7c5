"""Declares the options and arguments of commands: first what they are for, then how their value is shown."""

from __future__ import annotations

from typing import Any

import typer


def option(help: str, metavar: str | None = None, *names: str, panel: str | None = None, **more: Any) -> Any:  # noqa: A002  as Typer calls it
    """An option; `names` are those it has beside or instead of the parameter's, `panel` is its heading in the help."""
    return typer.Option(..., *names, help=help, metavar=metavar, rich_help_panel=panel, **more)


def flag(help: str, *names: str, panel: str | None = None) -> Any:  # noqa: A002
    """An option without a value, whose name has no `--no-` form; `names` are further ones."""
    return option(help, None, *names, panel=panel)


def argument(help: str, metavar: str | None = None, **more: Any) -> Any:  # noqa: A002
    """A value without an option's name."""
    return typer.Argument(help=help, metavar=metavar, **more)
