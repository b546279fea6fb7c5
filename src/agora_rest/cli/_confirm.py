"""Asking before something is done that cannot be undone."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from agora_rest.cli._exits import Complaint, Exit
from agora_rest.cli._output import printable

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
"""The option that answers the question."""


def sure(question: str) -> None:
    """Go on only if somebody says yes. Raises Complaint where nobody can be asked, or where the answer is no."""
    if not sys.stdin.isatty():
        raise Complaint(f"{printable(question)} Nobody can be asked here: add --yes if that is meant.")
    if not typer.confirm(printable(question), err=True):
        raise Complaint("Nothing was changed.", Exit.REFUSED)
