"""The server a run tests: how to reach it, whose account it is, what it lets us do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import httpx

from agora_rest import spec
from agora_rest.addresses import advice_if_refused, is_loopback_url, path_mistake
from agora_rest.contract.checking.dialect import DialectWatch
from agora_rest.contract.checking.passive import Watch
from agora_rest.contract.http.added_headers import NO_HEADERS, AddedHeaders
from agora_rest.contract.http.bounded import RESPONSE_TIMEOUT, Watchdog
from agora_rest.contract.http.control import ControlApi
from agora_rest.contract.http.direct import DirectClient
from agora_rest.contract.http.in_process import Application
from agora_rest.contract.http.server import Account, Server
from agora_rest.contract.http.straight import StraightClient
from agora_rest.contract.http.trust import trust
from agora_rest.contract.http.wire import list_path
from agora_rest.contract.results.curl import Curl
from agora_rest.contract.safety.access import (
    HOW_TO_GET_MORE,
    Profile,
    RequestedAccess,
    Unsafe,
    choose_profile,
    keeps_secrets,
)
from agora_rest.contract.safety.bounds import CLEAN_UP_TIMEOUT, RESTORE_TIMEOUT, Bounds, Stopped
from agora_rest.contract.safety.gate import Gate, GatedTransport, pace_of
from agora_rest.contract.safety.interrupts import undisturbed
from agora_rest.contract.safety.ledger import Ledger
from agora_rest.redaction import Secrets, basic_token
from agora_rest.text import printable

CALLS_PER_SECOND: Final = 8
"""Calls a second to a server whose rate limit we cannot switch off: it allows 10 (CR-05, CO-03)."""

_SOCKET_TIMEOUT: Final = 10.0

_REFUSED = frozenset({401, 403})

_LISTED_TODAY: Final = 201
"""The status of a list of projects in the present documents; in those of 2019, and on known servers, it is 200."""

_UNAUTHORIZED: Final = 401

_LONGEST_BODY: Final = 10_000
_LONGEST_QUOTE: Final = 200
"""Characters of a response: those that are looked at, and those that a message shows."""

_CERTIFICATES: Final = ": trust its certificate by naming the file of its authority in SSL_CERT_FILE"


class CouldNotRun(Exception):  # noqa: N818  no error of the program's
    """There is no server to test; the message states the reason in one sentence."""


@dataclass(frozen=True)
class Target:
    """A responding server, and everything needed to call it.

    dialect: the expected dialect; None accepts the first one observed, and the documents of 2019.
    application: the embedded emulator, which is called instead of a server. It lives as long as the run.
    gate: what every request to it passes through.
    note: why the run may do less than it could, and how to get more; "" if it may do what was requested.
    headers: sent with every request.
    recognised: by which documents the server is judged, and why; "" if the dialect was required.
    """

    base_url: str
    account: Account
    app_id: str
    dialect: spec.Dialect | None
    gate: Gate
    control: ControlApi | None
    application: Application | None = None
    note: str = ""
    recognised: str = ""
    headers: AddedHeaders = NO_HEADERS

    @property
    def embedded(self) -> bool:
        """Whether it is the emulator of the run itself."""
        return self.application is not None

    @property
    def name(self) -> str:
        """The server's display name."""
        return "the embedded emulator" if self.embedded else self.base_url

    @property
    def profile(self) -> Profile:
        """The access level of the run."""
        return self.gate.profile

    @property
    def secrets(self) -> Secrets:
        """Values that must never be shown."""
        return _secrets(self.account, self.headers)

    @property
    def curl(self) -> Curl:
        """Writes requests to this server as curl lines."""
        return Curl(
            self.base_url,
            self.secrets,
            self.account.credentials,
            variable_base=self.embedded,
            added=self.headers.variables,
        )

    def url_of(self, api: spec.Api) -> str:
        """The beginning of the paths of an API."""
        return self.base_url + spec.prefix(api)

    def watch(self) -> Watch:
        """A fresh pair of eyes for its traffic."""
        return Watch(DialectWatch(self.dialect), self.curl, self.secrets)

    @contextmanager
    def server(self, seed: int) -> Iterator[Server]:
        """A driver of this server."""
        with _client(self.base_url, self.gate, self.application) as http:
            server = Server(
                http,
                self.account,
                app_id=self.app_id,
                seed=seed,
                gate=self.gate,
                control=ControlApi(http, self.control.offers) if self.control else None,
                dialect=self.dialect,
                embedded=self.embedded,
            )
            server.secrets, server.curl = self.secrets, self.curl  # they know the headers of the run
            yield server

    def leave(self) -> tuple[str, ...]:
        """Remove what the run created, with retries; returns what remains, in words."""
        if self.gate.ledger is None:
            return ()
        if self.gate.bounds is not None:
            self.gate.bounds.allow(CLEAN_UP_TIMEOUT)
        with self.server(0) as server:
            return server.clean_up_for_good()


@contextmanager
def reach(
    base_url: str,
    account: Account,
    *,
    app_id: str | None = None,
    dialect: spec.Dialect | None = None,
    application: Application | None = None,
    gate: Gate | None = None,
    requested: RequestedAccess | None = None,
    owned: bool = False,
    bounds: Bounds | None = None,
    headers: AddedHeaders = NO_HEADERS,
) -> Iterator[Target]:
    """The server at `base_url`, once it is there and takes the credentials; raises `CouldNotRun` otherwise.

    application: called in place of a server. requested, owned: see `access.choose_profile`. gate: the gate to use,
    instead of one of that profile. bounds: those of the run; without, the bounds of a default run. headers: sent with
    every request.
    """
    base_url = _checked_url(base_url)
    _check_privacy(base_url, requested, headers)
    check_statement(base_url, requested, owned=owned)
    given = gate
    gate = given or Gate(Profile.READ_ONLY, Ledger(), None if application else pace_of(CALLS_PER_SECOND))
    gate.prefix, gate.bounds, gate.watchdog = urlsplit(base_url).path, bounds or Bounds(), Watchdog(RESPONSE_TIMEOUT)
    gate.headers = headers.values
    try:
        with _client(base_url, gate, application) as http:
            control = _take_control(http, base_url, requested, gate, is_new=given is None, owned=owned)
            secrets = _secrets(account, headers)
            response = _knock(http, account, secrets)
            with _as_it_was(control, gate):
                if control is not None:
                    dialect = dialect or _dialect_of(control)
                    response = _knock(http, account, secrets)
                recognised = ""
                if dialect is None:
                    dialect, recognised = _recognised(http, response)
                yield Target(
                    base_url=base_url,
                    account=account,
                    app_id=_live_app_id(response, base_url, app_id, outlives_reset=control is not None),
                    dialect=dialect,
                    gate=gate,
                    control=control,
                    application=application,
                    note=_note(base_url, requested) if gate.profile is Profile.READ_ONLY else "",
                    recognised=recognised,
                    headers=headers,
                )
    finally:
        gate.watchdog.close()


def _dialect_of(control: ControlApi) -> spec.Dialect | None:
    """The dialect of an emulator; None if it has another one than the specifications."""
    return next((each for each in spec.DIALECTS if each == control.settings().get("dialect")), None)


def check_statement(base_url: str, requested: RequestedAccess | None, *, owned: bool) -> None:
    """Refuse full access to a server elsewhere before anything is sent to it; raises `CouldNotRun`."""
    if requested == "full" and not is_loopback_url(base_url):
        profile_of(requested, is_emulator=False, owned=owned)


def profile_of(requested: RequestedAccess | None, *, is_emulator: bool, owned: bool) -> Profile:
    """The profile of a run; raises `CouldNotRun` if more is requested than is allowed."""
    try:
        return choose_profile(requested, is_emulator=is_emulator, owned=owned)
    except Unsafe as unsafe:
        raise CouldNotRun(str(unsafe)) from None


def _control(http: httpx.Client, base_url: str, requested: RequestedAccess | None) -> ControlApi | None:
    """The control of an emulator that may be reset: one on this machine, or one that is called an emulator.

    No credentials are sent to find out, and nothing but a GET.
    """
    if requested == "emulator" or (requested != "read-only" and is_loopback_url(base_url)):
        return ControlApi.of(http)
    return None


def _take_control(
    http: httpx.Client, base_url: str, requested: RequestedAccess | None, gate: Gate, *, is_new: bool, owned: bool
) -> ControlApi | None:
    """The control of an emulator, if the profile of the gate allows to use it; a new gate gets its profile here."""
    control = _control(http, base_url, requested) if is_new or gate.profile is Profile.LOCAL else None
    if is_new:
        gate.profile = profile_of(requested, is_emulator=control is not None, owned=owned)
    if control is None or gate.profile is not Profile.LOCAL:
        return None
    gate.ledger = gate.pace = None  # every check begins with a reset, so nothing need be remembered or spared
    return control


def _note(base_url: str, requested: RequestedAccess | None) -> str:
    """Why a run that was not requested to be read-only is."""
    if requested == "read-only":
        return ""
    why = "does not prove to be an emulator" if is_loopback_url(base_url) else "is not on this machine"
    return f"{base_url} {why}, so it is only read from (GET requests); {HOW_TO_GET_MORE}"


@contextmanager
def _as_it_was(control: ControlApi | None, gate: Gate) -> Iterator[None]:
    """Resets an emulator and stops its clock; in the end it has the settings it had, and a clock that ran runs on.

    The state after the last check remains available for inspection.
    """
    if control is None:
        yield
        return
    settings, ran = control.settings(), control.frozen is False
    try:
        control.reset()  # every check begins with a reset: an App ID is of use only if it outlives one
        if ran:
            control.freeze()  # results measured in seconds must not depend on the machine's load
        yield
    finally:
        with undisturbed():
            if gate.bounds is not None:
                gate.bounds.allow(RESTORE_TIMEOUT)
            if ran:
                with suppress(httpx.HTTPError, Stopped):
                    control.freeze(False)
            with suppress(httpx.HTTPError, Stopped):
                control.set(**settings)


def _client(base_url: str, gate: Gate, application: Application | None = None) -> httpx.Client:
    if application is not None:
        return StraightClient(application, gate, base_url=base_url, timeout=_SOCKET_TIMEOUT)
    # Environment proxies and .netrc are out: what is tested is the server named, with the credentials given.
    try:
        trusted = trust() if base_url.startswith("https") else False
    except OSError as error:
        raise CouldNotRun(f"cannot load certificates from SSL_CERT_FILE or SSL_CERT_DIR: {error}") from None
    transport = GatedTransport(httpx.HTTPTransport(verify=trusted, trust_env=False), gate)
    return DirectClient(transport, base_url=base_url, timeout=_SOCKET_TIMEOUT)


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


def _secrets(account: Account, headers: AddedHeaders) -> Secrets:
    certificate, token = account.customer_certificate, basic_token(*account.credentials)
    return Secrets([certificate, token], headers.values.values())


def _check_privacy(base_url: str, requested: RequestedAccess | None, headers: AddedHeaders) -> None:
    """Credentials leave this machine only encrypted (CR-01, CO-01); an emulator's credentials are not secret."""
    if headers.values and not keeps_secrets(base_url):
        raise CouldNotRun(f"{base_url} would get the values of headers unencrypted: use https; nothing was sent")
    if not keeps_secrets(base_url) and requested != "emulator":
        raise CouldNotRun(
            f"{base_url} would get the credentials unencrypted: use https, "
            "or --access emulator if it is an emulator, which may be reset; nothing was sent"
        )


def _knock(http: httpx.Client, account: Account, secrets: Secrets) -> httpx.Response:
    """The list of projects, which every account may see: shows that the server is there and takes the credentials."""
    name = str(http.base_url).rstrip("/")
    try:
        response = http.get(list_path(), auth=account.credentials)
    except httpx.HTTPError as error:
        reason = f"{name} cannot be reached ({type(error).__name__}: {error})"
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            reason += _CERTIFICATES
        elif advice := advice_if_refused(name, error):
            reason += f". {advice.removesuffix('.')}"
        raise CouldNotRun(reason) from error
    if response.status_code in _REFUSED:
        raise CouldNotRun(
            f"{name} refuses the credentials (status {response.status_code}{_quoted_response(response, secrets)}): run "
            "`agora-rest config show` to see which customer ID and certificate are used; --header adds a header that "
            "a gateway before the server requires"
        )
    if response.is_redirect:
        leads = response.headers["location"].partition("?")[0].removesuffix(list_path())
        raise CouldNotRun(
            f"{name} redirects to {leads}: name the server that is to be tested itself; no credentials were sent there"
        )
    return response


def _quoted_response(response: httpx.Response, secrets: Secrets) -> str:
    """The beginning of a response, without secrets; "" if it is empty."""
    text = " ".join(secrets.hide_members(response.text[:_LONGEST_BODY]).split())
    return f", {printable(text, limit=_LONGEST_QUOTE)}" if text else ""


def _recognised(http: httpx.Client, projects: httpx.Response) -> tuple[spec.Dialect | None, str]:
    """The dialect of a server, None for one of those of 2019, and why; by its list of projects (CO-68).

    A server without projects, because it only serves recordings, is queried about a recording without credentials:
    today, its refusal states that they are missing, not that they are wrong (CR-72).
    """
    if projects.is_success:
        today = projects.status_code == _LISTED_TODAY
        why = f"it lists the projects with status {projects.status_code}"
    else:
        today = _names_missing_credentials(http)
        why = f"it {'refuses' if today else 'does not refuse'} a call without credentials with `Unauthorized`"
    if today:
        return "current", f"Judged by the documents of today, because {why}. If it follows others, pass --dialect."
    advice = "If it follows those of today, pass --dialect current."
    return None, f"Judged by the documents of 2019, because {why}. {advice}"


def _names_missing_credentials(http: httpx.Client) -> bool:
    unknown = {"appid": "0" * 32, "resourceid": "nobody", "sid": "nobody", "mode": "mix"}
    try:
        response = http.get(spec.operation("query_recording").url(**unknown))
        body = response.json()
    except (httpx.HTTPError, ValueError, RecursionError):
        return False
    return response.status_code == _UNAUTHORIZED and isinstance(body, dict) and body.get("message") == "Unauthorized"


def _live_app_id(response: httpx.Response, base_url: str, given: str | None, *, outlives_reset: bool) -> str:
    """The App ID to test with: the given one, otherwise that of the first enabled project in a response."""
    live = _live_app_ids(response)
    found = given or next(iter(live), None)
    if found is None and not response.is_success:
        raise CouldNotRun(
            f"{base_url} returns status {response.status_code} for {list_path()}, so there is no project to take an "
            "App ID from: check that this is the base URL of the APIs (the part before /v1 and /dev), or pass one "
            "with --app-id"
        )
    if found is None:
        listed = _listed_statuses(response)
        enabled = "none that has a `vendor_key` and the number 1 as its `status`"
        there = f"projects with the status {listed}, {enabled}" if listed else "no project"
        raise CouldNotRun(f"no App ID was given, and {base_url} lists {there}: pass an App ID with --app-id")
    if outlives_reset and live and found not in live:
        raise CouldNotRun(f"the App ID {found} does not outlive a reset of {base_url}, and every check begins with one")
    return found


def _listed_statuses(response: httpx.Response) -> str:
    """The statuses of the projects in a response as JSON, each once; "" if there are none."""
    try:
        statuses = [json.dumps(each.get("status")) for each in response.json()["projects"]]
    except (ValueError, KeyError, TypeError, AttributeError):
        return ""
    return " or ".join(dict.fromkeys(statuses))


def _live_app_ids(response: httpx.Response) -> list[str]:
    """The App IDs of the enabled projects in a response, as far as it can be parsed."""
    try:
        return [each["vendor_key"] for each in response.json()["projects"] if each["status"] == 1]
    except (ValueError, KeyError, TypeError):
        return []
