"""The wire to a server under test: any request, every exchange remembered.

Requests are built by hand from the specifications' paths; no client library is between a check and what is sent.
"""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx

from agora_rest import spec
from agora_rest.contract.http.control import Control, ControlApi
from agora_rest.contract.http.exchange import Exchange
from agora_rest.contract.http.response import Response
from agora_rest.contract.http.straight import StraightClient
from agora_rest.contract.outcomes import Skipped
from agora_rest.contract.results.curl import Curl
from agora_rest.contract.safety.access import Profile
from agora_rest.contract.safety.gate import Gate
from agora_rest.redaction import Secrets, basic_token

OMIT: Final = object()
"""Left out of a request, where None means JSON's null."""

_OPERATION = "agora_operation"

_PAUSES: Final = (0, 0.3, 0.7)
"""Delays between connection attempts that decide whether an unresponsive server is gone, in seconds."""


class Gone(Exception):  # noqa: N818 -- what is gone is the server
    """The server no longer responds, so nothing can be checked; the message gives the symptom."""


@dataclass(frozen=True)
class Account:
    """The account that makes the calls."""

    customer_id: str
    customer_certificate: str

    def __repr__(self) -> str:
        return f"Account({self.customer_id!r})"

    @property
    def credentials(self) -> tuple[str, str]:
        """User and password of Basic authentication."""
        return (self.customer_id, self.customer_certificate)

    @property
    def secrets(self) -> Secrets:
        """Values that must never be shown: the certificate, plain and encoded."""
        return Secrets([self.customer_certificate, basic_token(*self.credentials)])


class Wire:
    """One server under test, and what can be sent to it.

    Requests go out with the right credentials unless a check says otherwise. Every exchange since `begin` is in
    `trail`, and `listener` receives each completed operation call. Anything a check creates on a server that
    cannot be reset is removed by `clean_up`. What may be sent at all decides the `gate`, in the transport of `http`.
    """

    def __init__(
        self,
        http: httpx.Client,
        account: Account,
        *,
        app_id: str,
        seed: int = 0,
        gate: Gate | None = None,
        control: ControlApi | None = None,
        dialect: spec.Dialect | None = None,
        embedded: bool = False,
    ) -> None:
        """`http` has the base URL (without `/dev`) and no credentials; `app_id` is a live App ID of the account."""
        self._http, self.account = http, account
        self.app_id = app_id
        self.gate = gate or Gate(Profile.LOCAL)
        self.control, self._dialect = control, dialect
        self.secrets = account.secrets
        self._base_url = str(http.base_url).rstrip("/")
        self.curl = Curl(self._base_url, self.secrets, account.credentials, variable_base=embedded)
        self.trail: list[Exchange] = []
        self.listener: Callable[[Exchange], None] | None = None
        self._fresh = itertools.count(1)
        self.seed = seed
        self.turned = False
        """Whether bodies are sent with the members of their objects in the opposite order, which means the same."""
        http.event_hooks["response"] = [*http.event_hooks["response"], self._record]
        self._straight = http if isinstance(http, StraightClient) else None
        if control is not None:
            control.listener = self._keep

    # -- the life of a check ------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Start over: an empty trail; a resettable server returns to its initial state, without a rate limit."""
        if self.control is not None:
            self.control.reset(self.seed)
            self.control.set(rate_limit=False, **({"dialect": self._dialect} if self._dialect else {}))
            self._fresh = itertools.count(
                1
            )  # nothing is left that a name could meet; the same names make a run repeatable
        self.trail.clear()
        self.turned = False

    def clean_up(self) -> None:
        """Remove what was made since `begin`, where a reset will not do it."""
        if self.gate.ledger is not None:
            self.gate.ledger.clear(self._carry_out)

    def clean_up_for_good(self) -> tuple[str, ...]:
        """Remove what the run created, with retries, and block further creation; returns what remains, in words."""
        self.gate.shut()
        return () if self.gate.ledger is None else self.gate.ledger.clear_all(self._carry_out)

    @property
    def profile(self) -> Profile:
        """The access level of the run on this server."""
        return self.gate.profile

    @property
    def edition(self) -> spec.Edition:
        """The edition of the documents that the server follows."""
        return spec.edition_of(self._dialect)

    def operations(self, api: spec.Api) -> list[spec.Operation]:
        """The operations of `api` that the server must have, in the order of the document."""
        return [each for each in spec.operations(self.edition).values() if each.api == api and not each.is_deprecated]

    @property
    def offers(self) -> Control:
        """The server's control API."""
        return self.control.offers if self.control else Control.NONE

    # -- sending ------------------------------------------------------------------------------------------------------

    def send(
        self,
        operation: str,
        *,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, Any] | None = None,
        body: Any = OMIT,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        authenticated: bool = True,
    ) -> Response:
        """Call an operation with exactly this.

        path: path parameters; `appid` and `mode` need not be given. query, body: what is `OMIT` is left out. content:
        a body as bytes instead. auth: other credentials than the account's; `authenticated=False` sends none.
        """
        known = spec.operation(operation)
        url = known.url(**{"appid": self.app_id, "mode": "mix", **(path or {})})
        given = {name: value for name, value in (query or {}).items() if value is not OMIT}
        return self.request(
            known.method,
            url,
            operation=operation,
            query=given,
            body=reversed_members(body) if self.turned else body,
            content=content,
            headers=headers,
            auth=(auth or self.account.credentials) if authenticated else None,
        )

    def request(
        self,
        method: str,
        url: str,
        *,
        operation: str = "",
        query: Mapping[str, Any] | None = None,
        body: Any = OMIT,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
    ) -> Response:
        """Send any request below the base URL, also one that calls no operation: an unknown path, a wrong case."""
        content = content if content is not None else encode(body)
        if self._straight is not None and not headers:
            sent = self._straight.exchange(
                method, url, operation=operation, edition=self.edition, query=query, content=content, auth=auth
            )
            if sent is not None:
                self._keep(sent)
                return Response(sent)
        typed = {"Content-Type": "application/json"} if content is not None else {}
        request = self._http.build_request(
            method, self._base_url + url, params=query or None, content=content, headers={**typed, **(headers or {})}
        )
        request.extensions[_OPERATION] = operation
        response = self._http.send(request, auth=auth)
        exchange: Exchange = response.extensions["agora_exchange"]
        return Response(exchange)

    def must_be_there(self) -> None:
        """Raise `Gone` if the server cannot be reached or never responds; a server that only hangs up is not gone.

        A server that is shutting down also hangs up, so several attempts are made.
        """
        for pause in _PAUSES:
            time.sleep(pause)
            try:
                self._http.get(list_path(), auth=self.account.credentials)
            except httpx.TransportError as error:
                last = error
            else:
                self.trail.pop()
                return
        if isinstance(last, httpx.ConnectError | httpx.TimeoutException):
            raise Gone(type(last).__name__) from last

    # -- unused names ----------------------------------------------------------------------------------------

    def fresh_name(self, kind: str) -> str:
        """A name that this run has not used; in a real account, one that has never been used there."""
        ledger = self.gate.ledger if self.profile is Profile.FULL else None
        return f"contract-{kind}-{ledger.mark if ledger else self.seed}-{next(self._fresh)}"

    def fresh_channel(self) -> str:
        """A channel name that this run has not used."""
        return self.fresh_name("channel")

    def fresh_uid(self) -> str:
        """A user ID that this run has not used, as Cloud Recording wants it: a string of digits."""
        return str(1_000_000 + next(self._fresh))

    # -- inside -------------------------------------------------------------------------------------------------------

    def _controls(self, part: Control) -> ControlApi:
        if self.control is None or part not in self.offers:
            raise Skipped(f"the server does not let us control: {', '.join(part.names)}")
        return self.control

    def _record(self, response: httpx.Response) -> None:
        response.read()
        request = response.request
        exchange = Exchange(
            operation=request.extensions.get(_OPERATION, ""),
            method=request.method,
            url=str(request.url),
            request_headers={name.lower(): value for name, value in request.headers.items()},
            request_body=request.read(),
            status=response.status_code,
            headers={name.lower(): value for name, value in response.headers.items()},
            body=response.content,
            edition=self.edition,
        )
        response.extensions["agora_exchange"] = exchange
        self._keep(exchange)

    def _keep(self, exchange: Exchange) -> None:
        self.trail.append(exchange)
        if self.listener is not None and exchange.operation:
            self.listener(exchange)

    def _carry_out(self, operation: str, path: Mapping[str, str], query: Mapping[str, Any], body: Any) -> Exchange:
        response = self.send(operation, path=path, query=query, body=OMIT if body is None else body)
        return response.exchange


def list_path() -> str:
    """The path of the list of projects: what every account may ask for, and what changes nothing."""
    return spec.operation("list_projects").url()


def reversed_members(value: Any) -> Any:
    """The same JSON value with the members of its objects in the opposite order."""
    if isinstance(value, dict):
        return {name: reversed_members(value[name]) for name in reversed(value)}
    return [reversed_members(each) for each in value] if isinstance(value, list) else value


def encode(body: Any) -> bytes | None:
    """A body as JSON in UTF-8; members that are `OMIT` are left out, and a body that is `OMIT` is not sent."""
    if body is OMIT:
        return None
    if isinstance(body, dict):
        body = {name: value for name, value in body.items() if value is not OMIT}
    return json.dumps(body, ensure_ascii=False).encode()
