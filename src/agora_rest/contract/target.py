"""The server a run tests: how to reach it, whose account it is, what it lets us do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Final
from urllib.parse import urlsplit

import httpx

from agora_rest import spec
from agora_rest.addresses import is_loopback_url, path_mistake
from agora_rest.contract.checking.dialect import DIALECTS, Dialect, DialectWatch
from agora_rest.contract.checking.passive import Watch
from agora_rest.contract.http.control import ControlApi
from agora_rest.contract.http.server import Account, Server
from agora_rest.contract.http.trust import trust
from agora_rest.contract.http.wire import list_path
from agora_rest.contract.results.curl import Curl
from agora_rest.contract.safety.access import Profile, Unsafe, Wish, choose_profile, keeps_secrets
from agora_rest.contract.safety.gate import Gate, GatedTransport
from agora_rest.contract.safety.interrupts import undisturbed
from agora_rest.contract.safety.ledger import Ledger
from agora_rest.contract.safety.rate_limit import Pace
from agora_rest.redaction import Secrets

#: Calls a second to a server whose rate limit we cannot switch off: it allows 10 (CR-05, CO-03).
CALLS_PER_SECOND: Final = 8

_TIMEOUT = 10.0

_REFUSED = frozenset({401, 403})

_CERTIFICATES: Final = ": trust its certificate by naming the file of its authority in SSL_CERT_FILE"


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
        return self.base_url + spec.prefix(api)

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
    gate.prefix = urlsplit(base_url).path
    with _client(base_url, gate) as http:
        _knock(http, account)
        control = _control(http, gate, needed=wish == "emulator")
        with _as_it_was(control):
            if dialect is None and control is not None:
                dialect = next((each for each in DIALECTS if each == control.settings().get("dialect")), None)
            yield Target(
                base_url=base_url,
                account=account,
                app_id=_live_app_id(_knock(http, account), base_url, app_id, outlives_reset=control is not None),
                dialect=dialect,
                gate=gate,
                control=control,
                embedded=embedded,
            )


def gate_for(base_url: str, wish: Wish | None, *, owned: bool, paced: bool = True) -> Gate:
    """The gate before a server, by whose it is and what was said; raises `CouldNotRun` where too much is wished for."""
    try:
        profile = choose_profile(wish, own_machine=is_loopback_url(base_url), owned=owned)
    except Unsafe as unsafe:
        raise CouldNotRun(str(unsafe)) from None
    return Gate(profile, Ledger(), Pace(CALLS_PER_SECOND) if paced else None)


def _control(http: httpx.Client, gate: Gate, *, needed: bool) -> ControlApi | None:
    """The control of an emulator that may be used in any way; None for any other server.

    It opens the gate: nothing need be remembered where every check begins with a reset, and no limit be kept to.
    """
    control = ControlApi.of(http) if gate.profile is Profile.LOCAL else None
    if control is None:
        if needed:
            raise CouldNotRun(f"{http.base_url} is no emulator: it offers no control under /_emulator/")
        return None
    gate.ledger = gate.pace = None
    return control


@contextmanager
def _as_it_was(control: ControlApi | None) -> Iterator[None]:
    """Resets an emulator and stops its clock; in the end it has the settings it had, and a clock that ran runs on.

    What the last check did stays there to be looked at.
    """
    if control is None:
        yield
        return
    settings, ran = control.settings(), control.frozen is False
    try:
        control.reset()  # every check begins with a reset: an App ID is of use only if it outlives one
        if ran:
            control.freeze()  # what is told in seconds shall not depend on how busy a machine is
        yield
    finally:
        with undisturbed():
            if ran:
                with suppress(httpx.HTTPError):
                    control.freeze(False)
            with suppress(httpx.HTTPError):
                control.set(**settings)


def _client(base_url: str, gate: Gate) -> httpx.Client:
    # Environment proxies and .netrc are out: what is tested is the server named, with the credentials given.
    try:
        trusted = trust() if base_url.startswith("https") else False
    except OSError as error:
        raise CouldNotRun(f"what SSL_CERT_FILE or SSL_CERT_DIR names cannot be read as certificates: {error}") from None
    transport = GatedTransport(httpx.HTTPTransport(verify=trusted, trust_env=False), gate)
    no_cookies = CookieJar(DefaultCookiePolicy(allowed_domains=()))  # a session would let strangers in
    return httpx.Client(base_url=base_url, timeout=_TIMEOUT, trust_env=False, cookies=no_cookies, transport=transport)


def _checked_url(base_url: str) -> str:
    try:
        url = httpx.URL(base_url)
    except httpx.InvalidURL:
        url = httpx.URL("")
    if url.scheme not in ("http", "https") or not url.host or url.userinfo or url.query or url.fragment:
        raise CouldNotRun(
            "the base URL must look like https://host or http://127.0.0.1:8080, without credentials or a query in it"
        )
    checked = str(url).rstrip("/").removesuffix("/dev")
    if mistake := path_mistake(checked):
        raise CouldNotRun(f"the base URL {mistake}; nothing was sent")
    return checked  # as it is written on the wire: the host in lower case


def _check_privacy(base_url: str, wish: Wish | None) -> None:
    """Credentials do not leave this machine in the open (CR-01, CO-01); those of an emulator are no secret."""
    if not keeps_secrets(base_url) and wish != "emulator":
        raise CouldNotRun(
            f"{base_url} would get the credentials unencrypted: use https, "
            "or --access emulator if it is an emulator, which may be reset; nothing was sent"
        )


def _knock(http: httpx.Client, account: Account) -> httpx.Response:
    """The list of projects, which every account may see: shows that the server is there and takes the credentials."""
    name = str(http.base_url).rstrip("/")
    try:
        answer = http.get(list_path(), auth=account.credentials)
    except httpx.HTTPError as error:
        hint = _CERTIFICATES if "CERTIFICATE_VERIFY_FAILED" in str(error) else ""
        raise CouldNotRun(f"{name} cannot be reached ({type(error).__name__}: {error}){hint}") from error
    if answer.status_code in _REFUSED:
        raise CouldNotRun(
            f"{name} refuses the credentials (status {answer.status_code}): look whose customer ID and customer "
            "certificate are used with `agora-rest config show`"
        )
    if answer.is_redirect:
        leads = answer.headers["location"].partition("?")[0].removesuffix(list_path())
        raise CouldNotRun(
            f"{name} sends its callers elsewhere, to {leads}: name the server that is to be tested itself; "
            "no credentials were sent there"
        )
    return answer


def _live_app_id(answer: httpx.Response, base_url: str, given: str | None, *, outlives_reset: bool) -> str:
    """The App ID to test with: the one given, else that of the first enabled project in an answer."""
    live = _live_app_ids(answer)
    found = given or next(iter(live), None)
    if found is None and not answer.is_success:
        raise CouldNotRun(
            f"{base_url} answers {list_path()} with status {answer.status_code}, so there is no project to take an "
            "App ID from: look whether this is the base URL of the APIs (what stands before /v1 and /dev), or give one "
            "with --app-id"
        )
    if found is None:
        raise CouldNotRun(f"no App ID was given, and {base_url} names no enabled project to take it from")
    if outlives_reset and live and found not in live:
        raise CouldNotRun(f"the App ID {found} does not outlive a reset of {base_url}, and every check begins with one")
    return found


def _live_app_ids(answer: httpx.Response) -> list[str]:
    """The App IDs of the enabled projects in an answer, as far as it can be read."""
    try:
        return [each["vendor_key"] for each in answer.json()["projects"] if each["status"] == 1]
    except (ValueError, KeyError, TypeError):
        return []
