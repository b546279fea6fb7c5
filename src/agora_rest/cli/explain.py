"""`agora-rest contract explain CR-42`: what is known about one fact."""

from __future__ import annotations

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command to the group of the contract."""
    app.command("explain")(explain_command)


def explain_command(
    number: Annotated[str, typer.Argument(metavar="FACT", help="Its number, such as CR-42 or CO-54.")],
) -> None:
    """Print a fact, where the specifications state it, and which checks guard it."""
    from rich.console import Console
    from rich.markdown import Markdown

    from agora_rest.contract.explain import UnknownFact, explain

    try:
        text = explain(number)
    except UnknownFact as unknown:
        typer.echo(f"agora-rest: {unknown}", err=True)
        raise typer.Exit(2) from None
    console = Console()
    if console.is_terminal:
        console.print(Markdown(text))
    else:
        typer.echo(text, nl=False)
