"""`agora-rest contract explain CR-42`: what is known about one fact."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from agora_rest.cli import _completing
from agora_rest.cli._command import OutputOptions, command
from agora_rest.cli._exits import CliError
from agora_rest.cli._options import argument

app = typer.Typer()


@command(app, "explain", example="agora-rest contract explain CR-42")
def explain_command(
    manner: OutputOptions,
    number: Annotated[str, argument("Its number, such as CR-42 or CO-54.", "FACT", autocompletion=_completing.facts)],
) -> None:
    """Print a fact, where the specifications state it, and which checks guard it."""
    from agora_rest.contract.checking.fact_locations import locations
    from agora_rest.contract.checking.guards import guards
    from agora_rest.contract.results.explain import UnknownFact, explain, find

    try:
        fact = find(number)
    except UnknownFact as unknown:
        raise CliError(f"{unknown}.") from None
    text = explain(fact.number)
    if manner.json:
        manner.out.document({"fact": fact, "stated": locations(fact.number), "checked_by": guards(fact.number)})
    elif sys.stdout.isatty():
        from rich.console import Console
        from rich.markdown import Markdown

        Console().print(Markdown(text))
    else:
        typer.echo(text, nl=False)
