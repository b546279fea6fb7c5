"""`agora-rest contract init`: what a repository needs to run contract checks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agora_rest.cli._command import OutputOptions, command
from agora_rest.cli._exits import CliError
from agora_rest.cli._options import argument, flag

app = typer.Typer()


@command(app, "init", example="agora-rest contract init")
def init_command(
    manner: OutputOptions,
    repository: Annotated[Path, argument("Where to write.", exists=True, file_okay=False)] = Path(),
    force: Annotated[bool, flag("Overwrite existing files.")] = False,
) -> None:
    """Write a CI workflow, a target of make and a first contract test into a repository.

    Exit code 0: written. 2: a file already exists; nothing was written.
    """
    from agora_rest.contract.starter import write

    try:
        written = write(repository, overwrite=force)
    except FileExistsError as error:
        raise CliError(f"{error}.") from None
    manner.out.document({"written": list(map(str, written))})
    for path in written:
        manner.out.message(f"wrote {path}")
    manner.out.message("Run `make agora-contract` to start it")
