"""What every request of a run passes through: whether it may go out at all, when, and what came of it.

The one place where a run is kept from doing harm. It lies below the HTTP clients, in their transports: no check, no
machine and no phase of schemathesis has a way around it, and none needs to know of it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import Final

import httpx

from agora_rest import spec
from agora_rest.contract.checking.checks import Skipped
from agora_rest.contract.http.exchange import Exchange
from agora_rest.contract.http.parsed_request import SAFE_METHODS, Outgoing
from agora_rest.contract.safety.access import Profile
from agora_rest.contract.safety.ledger import Ledger
from agora_rest.contract.safety.rate_limit import Pace

logger = logging.getLogger("agora_rest.contract")
"""Every exchange of a run is logged as DEBUG, without what is in it."""

#: Tells the gate what was answered: status, headers, body.
Answered = Callable[[int, Mapping[str, str], bytes], None]

#: Hears of every request and why it was refused, "" where it was not.
Listener = Callable[[Outgoing, str], None]


class Refused(Skipped):
    """The gate did not let a request through. What needs the request is skipped."""


class Gate:
    """The gate before one server.

    ledger: the books of what the run made; None where the server is reset anyway. pace: None where there is no limit.
    prefix: the path of the server's base URL.
    """

    def __init__(self, profile: Profile, ledger: Ledger | None = None, pace: Pace | None = None) -> None:
        self.profile, self.ledger, self.pace = profile, ledger, pace
        self.prefix = ""
        self.listener: Listener | None = None
        self._last: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether it has nothing to do: everything may be sent, at any time, and need not be remembered."""
        idle = not (self.ledger or self.pace or self.listener or logger.isEnabledFor(logging.DEBUG))
        return idle and self.profile is Profile.LOCAL

    @contextmanager
    def passing(self, method: str, url: str, content: bytes) -> Iterator[Answered]:
        """Send a request inside, and tell what was answered; raises `Refused` instead where it may not go out."""
        if self.is_open:
            yield lambda *_: None
            return
        request = Outgoing.of(method, url, content, self.prefix)
        reason = self.refusal(request)
        if self.listener is not None:
            self.listener(request, reason)
        if reason:
            logger.debug("%s %s: kept back: %s", method, url, reason)
            raise Refused(reason)
        with self.pace.turn() if self.pace else nullcontext():
            yield from self._booked(request)

    def refusal(self, request: Outgoing) -> str:
        """Why a request may not go out, completing "skipped: …"; "" where it may."""
        if request.method in SAFE_METHODS or self.profile is Profile.LOCAL:
            return ""
        if self.profile is Profile.READ_ONLY or self.ledger is None:
            return f"{request.words} may change something, and this run is read-only"
        if self._last not in (None, threading.get_ident()):
            return "the run is over"
        rule = _rule(request.operation)
        return _NO_CALL if rule is None else rule(request, self.ledger)

    def shut(self) -> None:
        """From now on let nobody but this thread change anything: what was made is about to be removed."""
        self._last = threading.get_ident()

    def _booked(self, request: Outgoing) -> Iterator[Answered]:
        ledger = self.ledger
        if ledger is None:
            yield lambda status, *_: _log(request, status)
            return

        def answered(status: int, headers: Mapping[str, str], body: bytes) -> None:
            _log(request, status)
            told = {name.lower(): value for name, value in headers.items()}
            ledger.answered(request, _exchange(request, status, told, body))

        ledger.going(request)
        try:
            yield answered
        finally:
            ledger.over(request)


class GatedTransport(httpx.BaseTransport):
    """An httpx transport behind a gate."""

    def __init__(self, inner: httpx.BaseTransport, gate: Gate) -> None:
        self._inner, self._gate = inner, gate

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request` and read its answer to the end; raises `Refused` where it may not go out."""
        with self._gate.passing(request.method, str(request.url), request.read()) as answered:
            response = self._inner.handle_request(request)
            body = response.read()
            answered(response.status_code, response.headers, body)
            return response

    def close(self) -> None:
        """Close the transport behind."""
        self._inner.close()


def _log(request: Outgoing, status: int) -> None:
    logger.debug("%s %s: %d", request.method, request.url, status)


def _exchange(request: Outgoing, status: int, headers: Mapping[str, str], body: bytes) -> Exchange:
    return Exchange(request.operation, request.method, request.url, {}, request.content, status, headers, body)


# -- what a full run may change in somebody's account: each rule says why not, or "" -----------------------------------

#: Operations that a run never calls in somebody's account, and why.
NEVER_CALLED: Final = {
    "reset_certificate": "a certificate that is reset cannot be had back, so no run does that in somebody's account"
}

_NO_CALL: Final = "the request is no documented call, and what it does on this server nobody knows"


def _always(_: Outgoing, __: Ledger) -> str:
    return ""


def _never(request: Outgoing, _: Ledger) -> str:
    return NEVER_CALLED[request.operation]


def _own_project(request: Outgoing, ledger: Ledger) -> str:
    if request.body.get("id") in tuple(ledger.projects):  # no set: an ID in a body may be a list
        return ""
    return f"{request.operation} names no project that this run created"


def _own_idle_project(request: Outgoing, ledger: Ledger) -> str:
    """Nobody could stop the recordings of a deleted project."""
    if ledger.runs_under(request.body.get("id")):
        return "a recording of this run still runs in the project"
    return _own_project(request, ledger)


def _own_channel(request: Outgoing, ledger: Ledger) -> str:
    """A rule names a channel, and nobody but the run knows of that channel or of its App ID."""
    cname = request.body.get("cname")
    own = ledger.made_up(cname) or (isinstance(cname, str) and cname and request.body.get("appid") in ledger.app_ids)
    return "" if own else "the rule would bar users outside the run's own channels"


def _own_rule(request: Outgoing, ledger: Ledger) -> str:
    number = request.body.get("id")
    own = isinstance(number, int | str) and str(number) in ledger.rules
    return "" if own else f"{request.operation} names no kicking rule that this run made"


def _own_recording(request: Outgoing, ledger: Ledger) -> str:
    own = ledger.made_up(request.body.get("cname")) or ledger.owns(request.path["resourceid"])
    own = own or request.path["appid"] in ledger.app_ids
    return "" if own else "it would record a channel that is not the run's own"


def _rule(operation_id: str) -> Callable[[Outgoing, Ledger], str] | None:
    if operation_id in NEVER_CALLED:
        return _never
    return _RULES.get(spec.operation(operation_id).effect) if operation_id else None


_RULES: Final[dict[spec.Effect, Callable[[Outgoing, Ledger], str]]] = {
    spec.Effect("creates", "resource"): _always,
    spec.Effect("starts", "recording"): _own_recording,
    # It needs a resource ID and a sid, and only those of the run's own are known to it.
    spec.Effect("stops", "recording"): _always,
    spec.Effect("creates", "project"): _always,
    spec.Effect("changes", "project"): _own_project,
    spec.Effect("removes", "project"): _own_idle_project,
    spec.Effect("creates", "kicking-rule"): _own_channel,
    spec.Effect("changes", "kicking-rule"): _own_rule,
    spec.Effect("removes", "kicking-rule"): _own_rule,
}
