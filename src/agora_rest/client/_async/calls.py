"""The one way in which anything is called: check the arguments, build the request, send it, read the answer."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from typing import Any, Final, Protocol, Self, TypeVar

import httpx

from agora_rest import spec
from agora_rest._version import __version__
from agora_rest.client._arguments import check, plain, unwritable
from agora_rest.client._async.transports import chained
from agora_rest.client._config import Config
from agora_rest.client._extra import without_nulls
from agora_rest.client._json_reader import Reader, Wire
from agora_rest.client._options import Options
from agora_rest.client._transports import Call, labelled, result_of
from agora_rest.client._transports.content import ACCEPT_ENCODING
from agora_rest.client._transports.network import async_network
from agora_rest.client._transports.retry import Addresses
from agora_rest.client.clocks import AsyncClock
from agora_rest.client.enums import Business
from agora_rest.errors import ConfigurationError, InvalidArgument, TimedOut
from agora_rest.permits import Limits, PermitTimeoutError, Priority, Quota
from agora_rest.redaction import HIDDEN, Payload

T = TypeVar("T")

RESCUE_DEADLINE: Final = 60.0
"""Seconds that a stop may take at least, whatever the deadline of other calls: it waits for uploads."""


class Request(Protocol):
    """A call of an operation as a value, as `request` of a generated module makes it."""

    @property
    def operation(self) -> str:
        """The operation's ID."""

    @property
    def parameters(self) -> Mapping[str, Any]:
        """Those of path and query by name; one that is None is left out."""

    @property
    def body(self) -> Mapping[str, Any] | None:
        """The JSON body."""

    @property
    def build(self) -> Callable[..., dict[str, Any]]:
        """Makes the arguments of `httpx.Client.build_request` from parameters and a body with `to_dict`."""


class HeldPermit:
    """A permit that was taken for one call of an operation before that call is made."""

    def __init__(self, operation_id: str) -> None:
        self._operation_id: str | None = operation_id

    def take(self, operation_id: str) -> bool:
        """Whether the permit is for this call; from then on it is for no other."""
        if operation_id != self._operation_id:
            return False
        self._operation_id = None
        return True


class AsyncCalls:
    """Calls operations of either API over one pool of connections.

    The generated code builds the requests: path, quoting, query, media type. Sending and reading are done here, for the
    generated way parses every answer into models first, and `agora_rest.client._results` says why those are not used.
    """

    def __init__(
        self,
        config: Config,
        options: Options,
        transport: Any,
        clock: AsyncClock,
        limits: Limits | None = None,
        *,
        http2: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.config, self.options, self.clock = config, options, clock
        self._limits = limits
        self._owned = True
        self._held: HeldPermit | None = None
        self._chain = chained(async_network(config, transport, http2=http2), Addresses(config.base_urls), clock)
        sent_with_each = httpx.Headers(headers)
        sent_with_each.setdefault("User-Agent", f"agora-rest/{__version__}")
        sent_with_each["Authorization"] = config.authorization
        sent_with_each["Accept-Encoding"] = ACCEPT_ENCODING
        self._http = httpx.AsyncClient(
            headers=sent_with_each,
            follow_redirects=False,  # They would carry the credentials to wherever the answer says.
            trust_env=False,  # A .netrc must not replace them either. Proxies are the Config's affair.
            transport=self._chain,
        )

    def with_options(self, options: Options) -> Self:
        """The same connections, credentials and limits, used with other options. Closing it closes nothing."""
        view = copy.copy(self)
        view.options, view._owned, view._held = options, False, None  # noqa: SLF001  our own copy
        return view

    def rescuing(self) -> Self:
        """The same for what must not fail for want of time, for else a recording goes on: a stop, a rescue."""
        policy = self.options.policy
        policy = replace(policy, deadline=max(policy.deadline, RESCUE_DEADLINE))
        return self.with_options(replace(self.options, policy=policy, priority=Priority.STOP))

    @asynccontextmanager
    async def reserving(self, operation_id: str) -> AsyncIterator[Self]:
        """The same with the permit for one call of an operation in hand, taken before what that call needs is made.

        That call is sent once: a repetition would need a permit of its own. The permit is given back at the end of the
        block, and rests from then on. TimedOut when none comes in time.
        """
        quotas, permits = self._quotas(spec.operation(operation_id)), self.options.permits
        view = self.with_options(self.options)
        view._held = HeldPermit(operation_id)  # noqa: SLF001  our own copy
        if permits is None or not quotas:
            yield view
            return
        priority = self.options.priority or Priority.of(operation_id)
        try:
            async with permits.hold(quotas, priority=priority, timeout=self.options.policy.deadline):
                yield view
        except PermitTimeoutError as error:
            why = str(error)
        else:
            return
        raise TimedOut(why, operation=operation_id, may_have_taken_effect=False, sent=False)

    async def send(
        self,
        request: Request,
        reader: Reader[T],
    ) -> T:
        """Check and send `request`; returns the result that `reader` reads from the response.

        Raises InvalidArgument before anything is sent, ApiError for what the server refuses, TransportError where no
        answer came, and MalformedResponse for one that cannot be read.
        """
        operation = spec.operation(request.operation)
        options, quotas = self.options, self._quotas(operation)
        if self._held is not None and self._held.take(operation.id):
            options, quotas = replace(options, policy=replace(options.policy, attempts=1)), ()
        call = Call(operation, reader, options, self.clock.now, quotas)
        sent = self._request(call, request)
        # Not by way of the client: what it would add (cookies, redirects, authentication) nobody wants, and it costs a
        # quarter of all that httpx does for a call.
        response = await self._chain.handle_async_request(sent)
        result: T = result_of(response)
        return result

    def check(self, request: Request) -> None:
        """Raises InvalidArgument where `send` would. Nothing is sent."""
        call = Call(spec.operation(request.operation), Reader(Wire, lambda _: None), self.options, self.clock.now, ())
        self._request(call, request)

    async def aclose(self) -> None:
        """Close the connections, unless they belong to the client that this is a view of."""
        if self._owned:
            await self._http.aclose()

    def _quotas(self, operation: spec.Operation) -> tuple[Quota, ...]:
        if self.options.permits is None:
            return ()
        self._limits = self._limits or Limits()
        return self._limits.quotas(operation, self.config.owner)

    def _request(self, call: Call, request: Request) -> httpx.Request:
        operation, body = call.operation, None if request.body is None else without_nulls(request.body)
        if self._http.is_closed:
            raise ConfigurationError("This client has been closed.")
        # The generated code wants a Business as it is.
        given = {
            name: value if isinstance(value, Business) else plain(value)
            for name, value in request.parameters.items()
            if value is not None
        }
        check(operation.id, {name: _as_json(value) for name, value in given.items()}, body)
        if body is not None:
            given["body"] = _Body(body)
        kwargs = request.build(**given)
        # The whole address, for httpx parses a relative one twice.
        kwargs["url"] = self.config.base_url + operation.prefix + kwargs["url"]
        try:
            return self._http.build_request(**kwargs, extensions=labelled(call))
        except (ValueError, TypeError, RecursionError):
            # JSON has no NaN and no half of a surrogate pair, which schemas do not see.
            refused = unwritable(operation.id, body)
        except httpx.InvalidURL as error:
            refused = InvalidArgument("the request", f"must fit into a URL ({error})", HIDDEN, operation=operation.id)
        raise refused


class _Body:
    """What a generated request asks of a body. The schema has seen it already, so no model has to be made of it."""

    def __init__(self, payload: Payload) -> None:
        self.to_dict = lambda: payload


def _as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
