"""`agora-rest emulator`: a local Agora on a port."""

from __future__ import annotations

import contextlib
import gc
import logging
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from agora_rest.cli._command import OutputOptions, command
from agora_rest.cli._exits import CliError
from agora_rest.cli._options import flag, option

if TYPE_CHECKING:
    from agora_rest.emulator import Emulator
    from agora_rest.emulator.server import EmulatorServer

# Written out, so that `--help` need not load the emulator; a test keeps them equal to its own.
CUSTOMER_ID = "emulator"
CUSTOMER_CERTIFICATE = "emulator-secret"  # documented, and no secret
DIALECT: Final = "current"
SPEAKS: Final = {
    "current": "Agora's present documents",
    "observed": "the documents of 2019, as servers are known to follow them",
    "documented": "the documents of 2019, to the letter",
}


app = typer.Typer()


@command(app, "emulator", example="agora-rest emulator --port 8080")
def emulator(
    manner: OutputOptions,
    host: Annotated[
        str, option("Address to listen on. An address other than loopback is reachable from other machines.", "ADDRESS")
    ] = "127.0.0.1",
    port: Annotated[int, option("The port; 0 selects a free one.", "N", min=0, max=65535)] = 0,
    dialect: Annotated[
        Literal["current", "observed", "documented"],
        option(
            "Which Agora to imitate: current, as the present documents describe it; observed, as servers of 2019 "
            "are known to behave; or documented, the documents of 2019 to the letter.",
            "NAME",
        ),
    ] = DIALECT,
    customer_id: Annotated[
        str, option("The user name for HTTP Basic.", "ID", envvar="AGORA_EMULATOR_CUSTOMER_ID", show_envvar=False)
    ] = CUSTOMER_ID,
    customer_certificate: Annotated[
        str,
        option(
            "The password for HTTP Basic. Never printed unless it is the default.",
            "TEXT",
            envvar="AGORA_EMULATOR_CUSTOMER_CERTIFICATE",
            show_envvar=False,
        ),
    ] = CUSTOMER_CERTIFICATE,
    seed: Annotated[
        Path | None, option("Begin with the state in this file, in the form of /_emulator/state.", "FILE")
    ] = None,
    state: Annotated[
        Path | None, option("Begin with the state in this file, if it exists; save it there at the end.", "FILE")
    ] = None,
    access_log: Annotated[bool, flag("Print a line for each request to stderr.")] = False,
    certfile: Annotated[Path | None, option("Serve HTTPS with this certificate (PEM, with its chain).", "FILE")] = None,
    keyfile: Annotated[Path | None, option("The key of the certificate, if it is in a separate file.", "FILE")] = None,
    allow_host: Annotated[
        list[str] | None,
        option("A host name under which it may be reached; may be repeated. IP addresses are always allowed.", "NAME"),
    ] = None,
    allow_origin: Annotated[
        list[str] | None, option("A web page's origin that may call it, e.g. http://localhost:3000.", "ORIGIN")
    ] = None,
) -> None:
    """Serve a local Agora until it is interrupted.

    Prints the line `Agora emulator ready at http://127.0.0.1:PORT` once it accepts requests, then its settings.
    Cloud Recording is under /v1/…, the Console under /dev/v1/… and /dev/v3/…, the control API under /_emulator/, a live
    page at /, the API reference at /docs. With --json, the address and the rest are one line of JSON.

    Without --seed and --state, there is one project, `demo`, with the App ID 0123456789abcdef0123456789abcdef. Customer
    ID and certificate may come from AGORA_EMULATOR_CUSTOMER_ID and AGORA_EMULATOR_CUSTOMER_CERTIFICATE as well.

    Requests that a browser sends for a page of another site are refused. /_emulator/health responds with 200.
    """
    from agora_rest.addresses import is_loopback
    from agora_rest.emulator import Emulator
    from agora_rest.emulator.server import EmulatorServer

    if not is_loopback(host):
        warning = f"WARNING: the emulator listens on {host}. Anyone who can reach this machine can use and control it."
        typer.secho(warning, err=True, fg=typer.colors.RED, bold=True)
    if keyfile is not None and certfile is None:
        raise CliError("--keyfile needs --certfile: give the certificate of the key too.")
    try:
        served = Emulator(
            dialect=dialect,
            customer_id=customer_id,
            customer_certificate=customer_certificate,
            allow_hosts=allow_host or (),
            allow_origins=allow_origin or (),
        )
        _begin_with(served, seed, state)
        server = EmulatorServer(served, host=host, port=port, certfile=certfile, keyfile=keyfile)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.filename is None else error
        raise CliError(f"The emulator cannot be started: {reason}.") from None

    if access_log:
        _print_requests()
    announce = partial(_announce, manner, server, customer_id, customer_certificate)
    with contextlib.suppress(KeyboardInterrupt):  # that is how it ends
        server.run(announce, partial(_keep, served, state))


def _begin_with(served: Emulator, seed: Path | None, state: Path | None) -> None:
    """Load the saved state, if there is one, or else the seed. Raises OSError and ValueError."""
    if state is not None:
        from agora_rest.emulator.saved_state import check_writable

        check_writable(state)
    if state is not None and state.exists():
        served.load(state)
    elif seed is not None:
        served.load(seed)


def _announce(manner: OutputOptions, server: EmulatorServer, customer_id: str, certificate: str) -> None:
    """Print where the emulator is and its settings, now that it accepts requests."""
    project = next((each for each in server.emulator.world.projects.all() if each.enabled), None)
    name, app_id = (project.name, project.app_id) if project else (None, None)
    dialect = server.emulator.settings.dialect
    shown = certificate if certificate == CUSTOMER_CERTIFICATE else "(as given)"
    report = {"url": server.url, "customer_id": customer_id, "project": name, "app_id": app_id}
    manner.out.line(report | {"dialect": dialect.value})
    manner.out.message(f"Agora emulator ready at {server.url}")
    found = f"project {name}, App ID {app_id}" if project else "no enabled project"
    manner.out.message(f"  customer ID {customer_id}, certificate {shown}, {found}")
    manner.out.message(f"  dialect {dialect}: {SPEAKS[dialect]}")
    gc.freeze()  # What is loaded by now stays: looking at it in each collection takes a twentieth of the time.
    gc.enable()


def _keep(served: Emulator, state: Path | None) -> None:
    """Save the state in the file that was named. A failure is printed, and does not change how the process ends."""
    try:
        if state is not None:
            served.save(state)
    except OSError as error:
        typer.secho(f"The state cannot be saved: {error}.", err=True, fg=typer.colors.RED)


def _print_requests() -> None:
    """Let the access log write to stderr."""
    logger = logging.getLogger("agora_rest.emulator.access")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
