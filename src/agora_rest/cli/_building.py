"""Builds `agora-rest`; the only module that knows every command."""

from __future__ import annotations

from importlib import import_module
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from agora_rest.cli._exits import ALL

NAMES: Final = (
    "emulator",
    "recordings",
    "projects",
    "usage",
    "kicking-rules",
    "channels",
    "fleet",
    "config",
    "contract",
)
"""The command groups and the single command, each a module."""


class Commands(TyperGroup):
    """The commands, whose errors about a value are in the words of its check.

    Newer releases of Typer (0.29) put `Value error, ` before them.
    """

    def invoke(self, ctx: Any) -> Any:
        """Call a command."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            error.message = error.message.removeprefix("Value error, ")
            raise


def build_app(only: str = "") -> typer.Typer:
    """The command line; given the first word of a call, only that group, because the others take longer to load."""
    app = typer.Typer(
        name="agora-rest",
        cls=Commands,
        no_args_is_help=True,
        pretty_exceptions_enable=False,  # its tracebacks print local variables, and those may hold credentials
        epilog=ALL,
    )
    app.callback()(agora_rest)
    for name in [only] if only in NAMES else NAMES:
        module = import_module(f"agora_rest.cli.{name.replace('-', '_')}")
        if name == "emulator":
            app.registered_commands += module.app.registered_commands
        else:
            app.add_typer(module.app, name=name)
    return app


def _version(requested: bool) -> None:
    if requested:
        from agora_rest import __version__

        typer.echo(f"agora-rest {__version__}")
        raise typer.Exit


def agora_rest(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Use Agora's REST APIs, run an emulator of them on this machine, and check servers against Agora's documents.

    `agora-rest config show` shows the account that commands use; `agora-rest config save` stores one.
    """
