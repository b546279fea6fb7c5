"""What every command that calls Agora has: its options, and the client they make."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Final

import typer

from agora_rest.cli import _profiles
from agora_rest.cli._accounts import Account
from agora_rest.cli._exits import Complaint
from agora_rest.cli._output import Output

if TYPE_CHECKING:
    from agora_rest import Agora, App, Clock

_PANEL: Final = "Account"


@dataclass
class Session:
    """As whom to call, and how to print. Its fields are the options that all these commands share."""

    json: Annotated[bool, typer.Option("--json", help="Print JSON for scripts; errors too, on standard error.")] = False
    profile: Annotated[
        str | None,
        typer.Option(
            envvar="AGORA_PROFILE",
            metavar="NAME",
            help="The account to use, as named in the file of profiles (see `agora-rest config show`).",
            autocompletion=_profiles.names,
            rich_help_panel=_PANEL,
        ),
    ] = None
    base_url: Annotated[
        str | None,
        typer.Option(metavar="URL", help="The server, without /dev; also AGORA_BASE_URL.", rich_help_panel=_PANEL),
    ] = None
    customer_id: Annotated[
        str | None,
        typer.Option(
            help="The customer ID; also AGORA_CUSTOMER_ID. The certificate is asked for, or taken from "
            "AGORA_CUSTOMER_CERTIFICATE.",
            rich_help_panel=_PANEL,
        ),
    ] = None
    certificate_stdin: Annotated[
        bool,
        typer.Option(
            "--certificate-stdin",
            help="Read the certificate from the first line of standard input.",
            rich_help_panel=_PANEL,
        ),
    ] = False
    debug: Annotated[bool, typer.Option("--debug", help="Show every exchange, and of an error where it came from.")] = (
        False
    )

    @cached_property
    def account(self) -> Account:
        """What options, environment and profiles say."""
        given = {"customer_id": self.customer_id, "base_url": self.base_url, "app_id": getattr(self, "app_id", None)}
        return Account.found(profile=self.profile, given=given)

    @cached_property
    def out(self) -> Output:
        """Where results go."""
        return Output(self.json)

    @cached_property
    def _credentials(self) -> tuple[str, str]:
        """Asked for, or read from standard input, once."""
        return self.account.credentials(certificate_stdin=self.certificate_stdin)

    @contextmanager
    def agora(self, *, clock: Clock | None = None, quietly: bool = False) -> Iterator[Agora]:
        """The client. While the block lasts, a line tells people what is waited for, unless it is to be `quietly`."""
        from agora_rest import Agora
        from agora_rest.cli._progress import Progress

        customer_id, certificate = self._credentials
        progress = Progress()
        with Agora(
            customer_id,
            certificate,
            base_url=self.account.base_url.value,
            hooks=None if quietly else progress.hooks,
            clock=clock,
        ) as agora:
            if quietly:
                yield agora
            else:
                with progress:
                    yield agora


@dataclass
class AppSession(Session):
    """The same for what belongs to one App ID."""

    app_id: Annotated[
        str | None,
        typer.Option(
            help="The App ID; also AGORA_APP_ID or the profile's. May be left out where the account has only one "
            "enabled project.",
            rich_help_panel=_PANEL,
        ),
    ] = None

    @contextmanager
    def app(self, *, clock: Clock | None = None, quietly: bool = False) -> Iterator[App]:
        """The App. Raises Complaint where nobody has said which."""
        with self.agora(clock=clock, quietly=quietly) as agora:
            named = self.account.get("app_id")
            yield agora.app(named.value if named else _only_app_id(agora))


def _only_app_id(agora: Agora) -> str:
    enabled = [project for project in agora.projects.list() if project.enabled]
    if len(enabled) == 1:
        return enabled[0].app_id
    raise Complaint(
        f"Which App? The account has {len(enabled)} enabled projects: pass --app-id, or set AGORA_APP_ID. "
        "`agora-rest projects list` shows them."
    )
