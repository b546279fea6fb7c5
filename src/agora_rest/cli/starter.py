"""`agora-rest contract init`: what a repository needs to run contract checks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command to the group of the contract."""
    app.command("init")(init_command)


def init_command(
    repository: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="Where to write.")] = Path(),
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that are there.")] = False,
) -> None:
    """Write a CI workflow, a target of make and a first contract test into a repository.

    Exit code 0: written. 2: a file is there already; nothing was written.
    """
    from agora_rest.contract.starter import write

    try:
        written = write(repository, overwrite=force)
    except OSError as error:
        typer.echo(f"agora-rest: {error}", err=True)
        raise typer.Exit(2) from None
    for path in written:
        typer.echo(f"wrote {path}")
    typer.echo("Run it with: make agora-contract")
