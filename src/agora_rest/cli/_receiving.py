"""`agora-rest fleet webhooks`: Agora's notifications, into the journal."""

from __future__ import annotations

import os
import socket
from typing import Annotated, Final

import typer

from agora_rest.cli._command import command
from agora_rest.cli._exits import CliError, Exit
from agora_rest.cli._interrupting import ended_by_signals
from agora_rest.cli._journal_options import JournalOptions
from agora_rest.cli._options import option

SECRET: Final = "AGORA_WEBHOOK_SECRET"  # noqa: S105  the name of a variable


app = typer.Typer()


@command(app, "webhooks", example="agora-rest fleet webhooks --port 8090")
def webhooks(
    session: JournalOptions,
    host: Annotated[str, option("The address to listen at, behind a server that speaks HTTPS.")] = ("127.0.0.1"),
    port: Annotated[int, option("The port; 0 chooses a free one.", "N", min=0, max=65535)] = 8090,
    app_id: Annotated[
        str | None, option("The App ID of the notifying project, if channels of several projects have the same names.")
    ] = None,
) -> None:
    """Receive Agora's notifications until Ctrl-C: missing sids, and recordings that end on their own.

    Set AGORA_WEBHOOK_SECRET to the secret that Agora's Console shows. Enable the events 11, 40, 41 and 42 of Cloud
    Recording.
    """
    from agora_rest.cli._webhook_server import server_of  # first: uvicorn is what may be missing
    from agora_rest.fleet import webhooks as receiving

    secret = os.environ.get(SECRET, "").strip()  # a variable that was read from a file ends with a newline
    if not secret:
        raise CliError(f"Set {SECRET} to what Agora's Console shows as the notifications' secret.", Exit.CREDENTIALS)
    with session.opened() as journal, _listening(host, port) as listening:
        application = receiving.app(journal, secret=secret, app_id=app_id)
        session.out.message(f"Receiving notifications at http://{host}:{listening.getsockname()[1]} for {journal!r}")
        with ended_by_signals():
            server_of(application).run(sockets=[listening])


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        why = str(error.strerror).partition(" (")[0]
        raise CliError(f"Cannot listen at {host}:{port}: {why}.") from None
