"""Confirmation before an action that cannot be undone."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from agora_rest.cli._exits import CliError, Exit
from agora_rest.cli._options import flag
from agora_rest.cli._output import printable

Yes = Annotated[bool, flag("Do not ask for confirmation.", "-y")]
"""The option that skips the confirmation."""


def confirm(question: str, yes: bool = False) -> None:
    """Continue only if the user confirms, or has with `yes`. Raises CliError without a terminal, or if declined."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise CliError(f"{printable(question)} Not a terminal: pass --yes to confirm.")
    if not typer.confirm(printable(question), err=True):
        raise CliError("Nothing was changed.", Exit.REFUSED)
