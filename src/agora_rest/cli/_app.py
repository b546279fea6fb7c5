"""What `agora-rest` consists of: the only place that knows every command."""

from __future__ import annotations

import typer

from agora_rest.cli.contract import app as contract
from agora_rest.cli.emulator import emulator

app = typer.Typer(
    name="agora-rest",
    help="Agora's REST APIs: a local emulator and a contract suite.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # its tracebacks print local variables, and those may hold credentials
)
app.command("emulator")(emulator)
app.add_typer(contract, name="contract")
