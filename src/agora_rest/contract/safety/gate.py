"""The gate for every request of a run: decides whether and when it is sent, and records the result.

The only place that keeps a run from doing harm. It lies below the HTTP clients, in their transports: no check, no
machine and no phase of schemathesis has a way around it, and none needs to know of it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from types import MappingProxyType, TracebackType
from typing import Any, Final

import httpx

from agora_rest import spec
from agora_rest.contract.http.bounded import TooSlow, Unusable, Watchdog, read_bounded
from agora_rest.contract.http.exchange import Exchange
from agora_rest.contract.http.parsed_request import SAFE_METHODS, Outgoing
from agora_rest.contract.outcomes import Skipped
from agora_rest.contract.safety.access import Profile
from agora_rest.contract.safety.bounds import Bounds
from agora_rest.contract.safety.ledger import Ledger
from agora_rest.permits import Hold, Limit, MemoryPermits, Quota, WaitingClock

logger = logging.getLogger("agora_rest.contract")
"""Every exchange of a run is logged as DEBUG, without what is in it."""

OnResponse = Callable[[int, Mapping[str, str], bytes], None]
"""Takes the response to a request: status, headers, body."""

Listener = Callable[[Outgoing, str], None]
"""Is called with every request and why it was refused, "" if it was not."""

Pace = Callable[[], Hold]
"""Gives one call its turn: make it inside."""


def pace_of(calls: int, clock: WaitingClock | None = None) -> Pace:
    """Limits calls to `calls` in any second, across all threads of a run."""
    permits, quota = MemoryPermits(clock=clock), Quota("contract", "", Limit(calls, 1.0))
    return lambda: permits.hold((quota,))


class Refused(Skipped):
    """The gate did not let a request through. What needs the request is skipped."""


class Gate:
    """The gate before one server."""

    ledger: Ledger | None
    """Objects that the run created; None if the server can be reset."""

    pace: Pace | None
    """The rate limiter; None if there is no limit."""

    bounds: Bounds | None
    """How long the run may continue; None if it is bounded by something else."""

    watchdog: Watchdog | None = None
    """Ends requests that take too long."""

    prefix = ""
    """The path of the server's base URL."""

    listener: Listener | None = None

    headers: Mapping[str, str] = MappingProxyType({})
    """Sent with every request, in the place of one of the same name. Records of exchanges do not have them."""

    def __init__(
        self, profile: Profile, ledger: Ledger | None = None, pace: Pace | None = None, bounds: Bounds | None = None
    ) -> None:
        self.profile, self.ledger, self.pace, self.bounds = profile, ledger, pace, bounds
        self._last: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether a request needs neither a decision nor a record."""
        idle = not (self.ledger or self.pace or self.listener or logger.isEnabledFor(logging.DEBUG))
        return idle and self.profile is Profile.LOCAL

    def passing(self, method: str, url: str, content: bytes) -> AbstractContextManager[OnResponse]:
        """Send a request inside, and call what this gives with the response.

        Raises `Refused` if the request may not be sent, `Stopped` if the run has reached one of its bounds.
        """
        return self._bounded(method, url) if self.is_open else self._decided(method, url, content)

    @contextmanager
    def _decided(self, method: str, url: str, content: bytes) -> Iterator[OnResponse]:
        request = Outgoing.of(method, url, content, self.prefix)
        reason = self.refusal(request)
        if self.listener is not None:
            self.listener(request, reason)
        if reason:
            logger.debug("%s %s: not sent: %s", method, url, reason)
            raise Refused(reason)
        with self.pace() if self.pace else nullcontext(), self._bounded(method, url) as responded:
            yield from self._booked(request, responded)

    def refusal(self, request: Outgoing) -> str:
        """Why a request may not be sent, completing "skipped: …"; "" if it may."""
        if request.method in SAFE_METHODS or self.profile is Profile.LOCAL:
            return ""
        if self.profile is Profile.READ_ONLY or self.ledger is None:
            return f"{request.words} may change something, and this run is read-only"
        if self._last not in (None, threading.get_ident()):
            return "the run is over"
        rule = _rule(request.operation)
        return _NO_CALL if rule is None else rule(request, self.ledger)

    def limited(self, seconds: float | None) -> float | None:
        """The timeout of a step of a request: the watchdog cannot end a TLS handshake, so none outlasts the run."""
        if self.bounds is None or seconds is None:
            return seconds
        return min(seconds, max(self.bounds.remaining, _SHORTEST_TIMEOUT))

    def shut(self) -> None:
        """From now on let only this thread change anything: what was made is about to be removed."""
        self._last = threading.get_ident()

    def _bounded(self, method: str, url: str) -> AbstractContextManager[OnResponse]:
        """Count a request and how it ends."""
        if self.bounds is None:
            return nullcontext(lambda *_: None)
        return _Counted(self.bounds, self.watchdog, lambda: Outgoing.of(method, url, b"", self.prefix).words)

    def _booked(self, request: Outgoing, responded: OnResponse) -> Iterator[OnResponse]:
        ledger = self.ledger

        def on_response(status: int, headers: Mapping[str, str], body: bytes) -> None:
            responded(status, headers, body)
            logger.debug("%s %s: %d", request.method, request.url, status)
            if ledger is not None:
                received = {name.lower(): value for name, value in headers.items()}
                ledger.received(request, _exchange(request, status, received, body))

        if ledger is None:
            yield on_response
            return
        ledger.sending(request)
        try:
            yield on_response
        finally:
            ledger.ended(request)


class _Counted(AbstractContextManager[OnResponse]):
    """A request that counts towards the bounds of a run, under the eyes of a watchdog.

    A class, because generators for each of a run's requests took as long as the emulator's response.
    """

    __slots__ = ("_began", "_bounds", "_failure", "_operation", "_watchdog", "_watched")

    def __init__(self, bounds: Bounds, watchdog: Watchdog | None, operation: Callable[[], str]) -> None:
        """operation: what the request is for, in words."""
        self._bounds, self._watchdog, self._operation = bounds, watchdog, operation
        self._began, self._failure = 0.0, "no response"

    def __enter__(self) -> OnResponse:
        self._bounds.count()
        self._began = time.monotonic()
        self._watched = self._watchdog.watching(self._bounds.remaining) if self._watchdog else nullcontext()
        self._watched.__enter__()
        return self._responded

    def _responded(self, status: int, *_: object) -> None:
        self._failure = "" if status < 300 or 400 <= status < 500 else f"status {status}"

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._watched.__exit__(kind, error, trace)
        except BaseException as late:
            self._failed(late)
            raise
        if error is not None:
            self._failed(error)
        elif self._failure:
            self._report()
        else:
            self._bounds.succeeded()

    def _failed(self, error: BaseException) -> None:
        self._failure = str(error) if isinstance(error, Unusable) else type(error).__name__
        self._report()

    def _report(self) -> None:
        self._bounds.failed(self._operation(), time.monotonic() - self._began, self._failure)


class GatedTransport(httpx.BaseTransport):
    """An httpx transport behind a gate."""

    def __init__(self, inner: httpx.BaseTransport, gate: Gate) -> None:
        self._inner, self._gate = inner, gate

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request` and read its response to the end.

        Raises `Refused` if the request may not be sent, `UnusableResponse` if the response is too large or too
        deep, `httpx.ReadTimeout` if it is too slow.
        """
        request.extensions["trace"] = self._trace
        timeouts = request.extensions.get("timeout") or {}
        request.extensions["timeout"] = {step: self._gate.limited(seconds) for step, seconds in timeouts.items()}
        try:
            with self._gate.passing(request.method, str(request.url), request.read()) as on_response:
                response = self._inner.handle_request(self._completed(request))
                body = _read(response)
                on_response(response.status_code, response.headers, body)
        except TooSlow as slow:
            raise httpx.ReadTimeout(str(slow), request=request) from slow
        except Unusable as unusable:
            raise UnusableResponse(str(unusable), request=request) from unusable
        headers = [(name, value) for name, value in response.headers.raw if name.lower() != b"content-encoding"]
        return httpx.Response(
            response.status_code,
            headers=headers,
            stream=httpx.ByteStream(body),
            extensions=response.extensions,
            request=request,
        )

    def close(self) -> None:
        """Close the transport behind."""
        self._inner.close()

    def _completed(self, request: httpx.Request) -> httpx.Request:
        """`request` with the headers of the gate."""
        if not self._gate.headers:
            return request
        headers = httpx.Headers(request.headers)
        headers.update(self._gate.headers)
        return httpx.Request(
            request.method, request.url, headers=headers, stream=request.stream, extensions=request.extensions
        )

    def _trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Let the watchdog know each connection, as soon as there is one."""
        if self._gate.watchdog and event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._gate.watchdog.track(info["return_value"].get_extra_info("socket"))


class UnusableResponse(httpx.TransportError):
    """A response is too large or too deep to be read."""


def _read(response: httpx.Response) -> bytes:
    """The body of a response whose stream has not been read yet."""
    stream = response.stream
    if not isinstance(stream, httpx.SyncByteStream):
        raise TypeError(f"a response without a synchronous stream: {type(stream).__name__}")
    try:
        return read_bounded(stream, response.headers.get("content-encoding", ""))
    finally:
        response.close()


def _exchange(request: Outgoing, status: int, headers: Mapping[str, str], body: bytes) -> Exchange:
    return Exchange(request.operation, request.method, request.url, {}, request.content, status, headers, body)


# -- what a full run may change in an account: each rule returns the reason against it, or "" ------------------------

_SHORTEST_TIMEOUT: Final = 0.1

NEVER_CALLED: Final = {
    "reset_certificate": "a reset certificate cannot be restored, so a run never resets one in an account"
}
"""Operations that a run never calls in an account, and the reasons."""

_NO_CALL: Final = "not a documented operation, so its effect on this server is unknown"


def _always(_: Outgoing, __: Ledger) -> str:
    return ""


def _never(request: Outgoing, _: Ledger) -> str:
    return NEVER_CALLED[request.operation]


def _own_project(request: Outgoing, ledger: Ledger) -> str:
    if request.body.get("id") in tuple(ledger.projects):  # no set: an ID in a body may be a list
        return ""
    return f"{request.operation} names no project that this run created"


def _own_idle_project(request: Outgoing, ledger: Ledger) -> str:
    """Recordings of a deleted project could no longer be stopped."""
    if ledger.runs_under(request.body.get("id")):
        return "a recording of this run still runs in the project"
    return _own_project(request, ledger)


def _own_channel(request: Outgoing, ledger: Ledger) -> str:
    """A rule must name a channel of the run, or belong to an App ID of the run."""
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


def _own_change(request: Outgoing, ledger: Ledger) -> str:
    return _own_recording(request, ledger) and "it would change a recording that is not the run's own"


def _rule(operation_id: str) -> Callable[[Outgoing, Ledger], str] | None:
    if operation_id in NEVER_CALLED:
        return _never
    return _RULES.get(spec.operation(operation_id).effect) if operation_id else None


_RULES: Final[dict[spec.Effect, Callable[[Outgoing, Ledger], str]]] = {
    spec.Effect("creates", "resource"): _always,
    spec.Effect("starts", "recording"): _own_recording,
    spec.Effect("changes", "recording"): _own_change,
    # It needs a resource ID and a sid, and only those of the run's own are known to it.
    spec.Effect("stops", "recording"): _always,
    spec.Effect("creates", "project"): _always,
    spec.Effect("changes", "project"): _own_project,
    spec.Effect("removes", "project"): _own_idle_project,
    spec.Effect("creates", "kicking-rule"): _own_channel,
    spec.Effect("changes", "kicking-rule"): _own_rule,
    spec.Effect("removes", "kicking-rule"): _own_rule,
}
