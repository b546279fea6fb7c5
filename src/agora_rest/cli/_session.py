"""Options of commands that call Agora, and the client built from them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Final

from agora_rest.cli import _completing
from agora_rest.cli._accounts import Account
from agora_rest.cli._apps import app_of
from agora_rest.cli._command import OutputOptions
from agora_rest.cli._options import flag, option

if TYPE_CHECKING:
    from agora_rest import Agora, App, Clock

ACCOUNT: Final = "Account"
"""Below which heading of the help the options of the account stand."""


@dataclass
class Session(OutputOptions):
    """Account options, shared by all commands that call Agora."""

    profile: Annotated[
        str | None,
        option(
            "The account to use, as named in the file of profiles (see `agora-rest config show`).",
            "NAME",
            panel=ACCOUNT,
            envvar="AGORA_PROFILE",
            autocompletion=_completing.profiles,
        ),
    ] = None
    base_url: Annotated[
        str | None,
        option(
            "The server, without /dev; also AGORA_BASE_URL. AGORA_ALLOW_HTTP=true permits http to another machine, "
            "for an emulator in a private network.",
            "URL",
            panel=ACCOUNT,
        ),
    ] = None
    customer_id: Annotated[
        str | None,
        option(
            "The customer ID; also AGORA_CUSTOMER_ID. The certificate is read from AGORA_CUSTOMER_CERTIFICATE or "
            "AGORA_CUSTOMER_SECRET (the Customer Secret of Agora's console), or from a prompt.",
            "ID",
            panel=ACCOUNT,
        ),
    ] = None
    certificate_stdin: Annotated[
        bool, flag("Read the certificate from the first line of standard input.", panel=ACCOUNT)
    ] = False

    @cached_property
    def account(self) -> Account:
        """The account from options, environment and profiles."""
        return self.account_of(self.profile)

    def account_of(self, profile: str | None) -> Account:
        """The same with a profile of that name, or without one."""
        given = {"customer_id": self.customer_id, "base_url": self.base_url, "app_id": getattr(self, "app_id", None)}
        return Account.found(profile=profile, given=given)

    @cached_property
    def _credentials(self) -> tuple[str, str]:
        """Prompted for, or read from standard input, once."""
        return self.account.credentials(certificate_stdin=self.certificate_stdin)

    @contextmanager
    def agora(self, *, clock: Clock | None = None, quietly: bool = False) -> Iterator[Agora]:
        """The client. A status line shows the pending call during the block, unless `quietly`."""
        from agora_rest import Agora
        from agora_rest.cli._progress import Progress

        customer_id, certificate = self._credentials
        progress = Progress()
        agora = Agora(
            customer_id,
            certificate,
            base_url=self.account.base_url.value,
            allow_http=self.account.allow_http,
            hooks=None if quietly else progress.hooks,
            clock=clock,
        )
        with agora, nullcontext() if quietly else progress, self._naming_the_server():
            yield agora

    @contextmanager
    def _naming_the_server(self) -> Iterator[None]:
        """Adds the address and its source to errors about a wrong address."""
        from agora_rest.errors import TransportError

        try:
            yield
        except TransportError as error:
            error.add_note(f"The server is {self.account.base_url.value} (from {self.account.base_url.source}).")
            raise


@dataclass
class AppSession(Session):
    """The same for what belongs to one App ID."""

    app_id: Annotated[
        str | None,
        option(
            "The App ID; also AGORA_APP_ID or the profile's. May be omitted if the account has only one "
            "enabled project.",
            "ID",
            panel=ACCOUNT,
            autocompletion=_completing.app_ids,
        ),
    ] = None

    @contextmanager
    def app(self, *, clock: Clock | None = None, quietly: bool = False) -> Iterator[App]:
        """The App. Raises CliError if the App ID is ambiguous or missing."""
        with self.agora(clock=clock, quietly=quietly) as agora:
            yield app_of(agora, self.account)
