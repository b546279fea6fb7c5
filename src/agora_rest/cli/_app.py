"""What `agora-rest` consists of: the only place that knows every command."""

from __future__ import annotations

from typing import Annotated

import typer

from agora_rest.cli import channels, config, fleet, kicking_rules, projects, recordings, usage
from agora_rest.cli._exits import ALL
from agora_rest.cli.contract import app as contract
from agora_rest.cli.emulator import emulator

app = typer.Typer(
    name="agora-rest",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # its tracebacks print local variables, and those may hold credentials
    epilog=ALL,
)


def _version(asked: bool) -> None:
    if asked:
        from agora_rest import __version__

        typer.echo(f"agora-rest {__version__}")
        raise typer.Exit


@app.callback()
def agora_rest(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Agora's REST APIs: recordings, projects, usage, kicking rules, channels; a local emulator, a contract suite.

    Credentials come from AGORA_CUSTOMER_ID and AGORA_CUSTOMER_CERTIFICATE, or from a profile: `agora-rest config show`
    says which are used.
    """


app.add_typer(recordings.app, name="recordings")
app.add_typer(projects.app, name="projects")
app.add_typer(usage.app, name="usage")
app.add_typer(kicking_rules.app, name="kicking-rules")
app.add_typer(channels.app, name="channels")
app.add_typer(fleet.app, name="fleet")
app.add_typer(fleet.app, name="fleet")
app.add_typer(config.app, name="config")
app.command("emulator")(emulator)
app.add_typer(contract, name="contract")
