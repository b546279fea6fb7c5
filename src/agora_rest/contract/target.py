"""The server a run tests: how to reach it, whose account it is, what it lets us do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import httpx

from agora_rest import spec
from agora_rest.contract.control import ControlApi
from agora_rest.contract.curl import Curl
from agora_rest.contract.dialect import DIALECTS, Dialect, DialectWatch
from agora_rest.contract.gate import Gate, GatedTransport
from agora_rest.contract.ledger import Ledger
from agora_rest.contract.pace import Pace
from agora_rest.contract.passive import Watch
from agora_rest.contract.profiles import Profile, Unsafe, Wish, choose_profile, is_loopback, keeps_secrets
from agora_rest.contract.redaction import Secrets
from agora_rest.contract.server import Account, Server, prefix

#: Calls a second to a server whose rate limit we cannot switch off: it allows 10 (CR-05, CO-03).
CALLS_PER_SECOND: Final = 8

_TIMEOUT = 10.0

_REFUSED = frozenset({401, 403})


class CouldNotRun(Exception):  # noqa: N818 -- no error of the program's
    """There is nothing a run could test; the message says why, in one sentence, for people."""


@dataclass(frozen=True)
class Target:
    """A server that answers, and everything needed to talk to it.

    dialect: the dialect it is expected to speak, None to take the first it is caught speaking.
    embedded: it lives only as long as the run.
    gate: what every request to it passes through.
    """

    base_url: str
    account: Account
    app_id: str
    dialect: Dialect | None
    gate: Gate
    control: ControlApi | None
    embedded: bool

    @property
    def name(self) -> str:
        """The server in words."""
        return "the embedded emulator" if self.embedded else self.base_url

    @property
    def profile(self) -> Profile:
        """What a run may do to it."""
        return self.gate.profile

    @property
    def secrets(self) -> Secrets:
        """What must never be shown."""
        return self.account.secrets

    @property
    def curl(self) -> Curl:
        """Writes requests to this server as curl lines."""
        return Curl(self.base_url, self.secrets, self.account.credentials, variable_base=self.embedded)

    def url_of(self, api: spec.Api) -> str:
        """Where the paths of an API begin."""
        return self.base_url + prefix(api)

    def watch(self) -> Watch:
        """A fresh pair of eyes for its traffic."""
        return Watch(DialectWatch(self.dialect), self.curl, self.secrets)

    @contextmanager
    def server(self, seed: int) -> Iterator[Server]:
        """A driver of this server."""
        with _client(self.base_url, self.gate) as http:
            yield Server(
                http,
                self.account,
                app_id=self.app_id,
                seed=seed,
                gate=self.gate,
                control=ControlApi(http, self.control.offers) if self.control else None,
                dialect=self.dialect,
                embedded=self.embedded,
            )

    def leave(self) -> tuple[str, ...]:
        """Remove what the run made, with patience; returns what is still there, in words."""
        if self.gate.ledger is None:
            return ()
        with self.server(0) as server:
            return server.clean_up_for_good()


@contextmanager
def reach(
    base_url: str,
    account: Account,
    *,
    app_id: str | None = None,
    dialect: Dialect | None = None,
    embedded: bool = False,
    gate: Gate | None = None,
    wish: Wish | None = None,
    owned: bool = False,
) -> Iterator[Target]:
    """The server at `base_url`, once it is there and takes the credentials; raises `CouldNotRun` otherwise.

    wish, owned: see `profiles.choose_profile`. gate: the gate to use, instead of one of that profile.
    """
    base_url = _checked_url(base_url)
    _check_privacy(base_url, wish)
    gate = gate or gate_for(base_url, wish, owned=owned, paced=not embedded)
    with _client(base_url, gate) as http:
        _knock(http, account)
        control = _control(http, gate, needed=wish == "emulator")
        live = _live_app_ids(_knock(http, account))
        found = app_id or next(iter(live), None)
        if found is None:
            raise CouldNotRun(f"no App ID was given, and {base_url} names no enabled project to take it from")
        if control is not None and live and found not in live:
            raise CouldNotRun(
                f"the App ID {found} does not outlive a reset of {base_url}, and every check begins with one"
            )
        if dialect is None and control is not None:
            dialect = next((each for each in DIALECTS if each == control.settings().get("dialect")), None)
        with _settings_restored(control):
            yield Target(
                base_url=base_url,
                account=account,
                app_id=found,
                dialect=dialect,
                gate=gate,
                control=control,
                embedded=embedded,
            )


def gate_for(base_url: str, wish: Wish | None, *, owned: bool, paced: bool = True) -> Gate:
    """The gate before a server, by whose it is and what was said; raises `CouldNotRun` where too much is wished for."""
    try:
        profile = choose_profile(wish, own_machine=is_loopback(base_url), owned=owned)
    except Unsafe as unsafe:
        raise CouldNotRun(str(unsafe)) from None
    return Gate(profile, Ledger(), Pace(CALLS_PER_SECOND) if paced else None)


def _control(http: httpx.Client, gate: Gate, *, needed: bool) -> ControlApi | None:
    """The control of an emulator that may be used in any way, just reset; None for any other server.

    It opens the gate: nothing need be remembered where every check begins with a reset, and no limit be kept to.
    """
    control = ControlApi.of(http) if gate.profile is Profile.LOCAL else None
    if control is None:
        if needed:
            raise CouldNotRun(f"{http.base_url} is no emulator: it offers no control under /_emulator/")
        return None
    gate.ledger = gate.pace = None
    control.reset()  # every check begins with a reset: an App ID is of use only if it outlives one
    return control


@contextmanager
def _settings_restored(control: ControlApi | None) -> Iterator[None]:
    """Leaves an emulator with the dialect and the rate limit it had."""
    before = control.settings() if control is not None else {}
    try:
        yield
    finally:
        if control is not None:
            with suppress(httpx.HTTPError):
                control.set(**{name: before[name] for name in ("dialect", "rate_limit") if name in before})


def _client(base_url: str, gate: Gate) -> httpx.Client:
    # Environment proxies and .netrc are out: what is tested is the server named, with the credentials given.
    transport = GatedTransport(httpx.HTTPTransport(trust_env=False), gate)
    return httpx.Client(base_url=base_url, timeout=_TIMEOUT, trust_env=False, transport=transport)


def _checked_url(base_url: str) -> str:
    url = base_url.rstrip("/").removesuffix("/dev")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise CouldNotRun(
            "the base URL must look like https://host or http://127.0.0.1:8080, without credentials in it"
        )
    return url


def _check_privacy(base_url: str, wish: Wish | None) -> None:
    """Credentials do not leave this machine in the open (CR-01, CO-01); those of an emulator are no secret."""
    if not keeps_secrets(base_url) and wish != "emulator":
        raise CouldNotRun(
            f"{base_url} would get the credentials unencrypted: use https, "
            "or --profile emulator if it is an emulator, which may be reset; nothing was sent"
        )


def _knock(http: httpx.Client, account: Account) -> httpx.Response:
    """The list of projects, which every account may see: shows that the server is there and takes the credentials."""
    try:
        answer = http.get(f"{prefix('console')}/v1/projects/", auth=account.credentials)
    except httpx.HTTPError as error:
        raise CouldNotRun(f"{http.base_url} cannot be reached ({type(error).__name__})") from error
    if answer.status_code in _REFUSED:
        raise CouldNotRun(f"{http.base_url} refuses the credentials (status {answer.status_code})")
    return answer


def _live_app_ids(answer: httpx.Response) -> list[str]:
    """The App IDs of the enabled projects in an answer, as far as it can be read."""
    try:
        return [each["vendor_key"] for each in answer.json()["projects"] if each["status"] == 1]
    except (ValueError, KeyError, TypeError):
        return []
