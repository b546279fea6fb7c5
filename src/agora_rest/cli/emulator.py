"""`agora-rest emulator`: a local Agora on a port."""

from __future__ import annotations

import contextlib
from typing import Annotated, Literal

import typer

# Written out, so that `--help` need not load the emulator; a test keeps them equal to its own.
CUSTOMER_ID = "emulator"
CUSTOMER_CERTIFICATE = "emulator-secret"  # documented, and no secret


def emulator(
    host: Annotated[str, typer.Option(help="Where to listen. Anything but loopback lets others in.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 is any that is free.")] = 0,
    dialect: Annotated[
        Literal["documented", "observed"],
        typer.Option(help="How answers are shaped: as the documents print them, or as servers are known to send them."),
    ] = "documented",
    customer_id: Annotated[
        str, typer.Option(envvar="AGORA_EMULATOR_CUSTOMER_ID", help="The user of HTTP Basic.")
    ] = CUSTOMER_ID,
    customer_certificate: Annotated[
        str,
        typer.Option(
            envvar="AGORA_EMULATOR_CUSTOMER_CERTIFICATE", help="Its password. Never printed unless it is the default."
        ),
    ] = CUSTOMER_CERTIFICATE,
) -> None:
    """Serve a local Agora until it is interrupted.

    Prints the line `Agora emulator ready at http://127.0.0.1:PORT` once it answers, then what it was started with.
    Cloud Recording is under /v1/…, the Console under /dev/v1/… and /dev/v3/…, control under /_emulator/, a live page
    at /, the API reference at /docs.

    There is one project, `demo`, with the App ID 0123456789abcdef0123456789abcdef.
    """
    from agora_rest.emulator import DEMO_APP_ID, DEMO_NAME, Emulator
    from agora_rest.emulator.server import EmulatorServer, is_loopback

    if not is_loopback(host):
        typer.secho(
            f"WARNING: the emulator listens on {host}. Everybody who reaches this machine can use and control it.",
            err=True,
            fg=typer.colors.RED,
            bold=True,
        )
    try:
        served = Emulator(dialect=dialect, customer_id=customer_id, customer_certificate=customer_certificate)
        server = EmulatorServer(served, host=host, port=port)
    except (OSError, ValueError) as error:
        typer.echo(f"agora-rest: the emulator cannot be started: {error}", err=True)
        raise typer.Exit(2) from None

    shown = customer_certificate if customer_certificate == CUSTOMER_CERTIFICATE else "(as given)"

    def announce() -> None:
        typer.echo(f"Agora emulator ready at {server.url}")
        typer.echo(f"  customer ID {customer_id}, certificate {shown}, project {DEMO_NAME}, App ID {DEMO_APP_ID}")

    with contextlib.suppress(KeyboardInterrupt):  # that is how it ends
        server.run(announce)
