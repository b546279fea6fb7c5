"""Makes every call: checks the arguments, builds the request, sends it and reads the response."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Protocol, Self, TypeVar

import httpx

from agora_rest import spec
from agora_rest._version import __version__
from agora_rest.client._arguments import check, plain, unwritable
from agora_rest.client._async.transports import chained
from agora_rest.client._config import Config
from agora_rest.client._extra import without_nulls
from agora_rest.client._options import Options
from agora_rest.client._transports import Call, labelled
from agora_rest.client._transports.content import ACCEPT_ENCODING
from agora_rest.client._transports.network import async_network
from agora_rest.client._transports.retry import Addresses
from agora_rest.client._transports.secrets import KnownSecrets, secrets_of_client
from agora_rest.client._transports.send import waited
from agora_rest.client._transports.urls import url_of
from agora_rest.client.clocks import AsyncClock
from agora_rest.errors import ConfigurationError, InvalidArgument, TimedOut
from agora_rest.permits import Limits, PermitTimeoutError, Priority, Quota
from agora_rest.pickling import NotPicklable
from agora_rest.redaction import HIDDEN, Payload, secrets_in

if TYPE_CHECKING:
    from agora_rest.client._json_reader import Reader

T = TypeVar("T")

CLEANUP_DEADLINE: Final = 60.0
"""The minimum deadline of a stop in seconds, whatever the deadline of other calls: it waits for uploads."""


class Request(Protocol):
    """A request as a value, created by `request` of a generated module."""

    @property
    def operation(self) -> str:
        """The operation's ID."""

    @property
    def parameters(self) -> Mapping[str, Any]:
        """Path and query parameters by name; None is omitted."""

    @property
    def body(self) -> Mapping[str, Any] | None:
        """The JSON body."""

    @property
    def build(self) -> Callable[..., dict[str, Any]]:
        """Builds the arguments of `httpx.Client.build_request` from parameters and a body with `to_dict`."""


class HeldPermit:
    """A permit taken for one call of an operation before the call is made."""

    def __init__(self, operation_id: str) -> None:
        self._operation_id: str | None = operation_id

    def take(self, operation_id: str) -> bool:
        """Claim the permit for this call. Returns False if it is for another operation or already claimed."""
        if operation_id != self._operation_id:
            return False
        self._operation_id = None
        return True


class AsyncCalls(NotPicklable):
    """Calls operations of either API over one pool of connections.

    The generated code builds the requests: path, quoting, query, media type. This class sends them and reads the
    responses, because the generated code parses responses into models; `agora_rest.client._results` explains why those
    are not used.
    """

    _instead = "it is part of a client, which has connections and credentials; create a client in each process."

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
        self._secrets = KnownSecrets(secrets_of_client(config, headers or {}))
        self._owned = True
        self._held: HeldPermit | None = None
        self._late: set[int] = set()
        self._chain = chained(async_network(config, transport, http2=http2), Addresses(config.base_urls), clock)
        sent_with_each = httpx.Headers(headers)
        sent_with_each.setdefault("User-Agent", f"agora-rest/{__version__}")
        sent_with_each["Authorization"] = config.authorization
        sent_with_each["Accept-Encoding"] = ACCEPT_ENCODING
        self._http = httpx.AsyncClient(
            headers=sent_with_each,
            follow_redirects=False,  # A redirect could send the credentials to another server.
            trust_env=False,  # A .netrc must not replace them either. The Config handles proxies.
            transport=self._chain,
        )

    def with_options(self, options: Options) -> Self:
        """The same connections, credentials and limits with other options. Closing the view closes nothing."""
        view = object.__new__(type(self))
        view.__dict__.update(self.__dict__)
        view.options, view._owned, view._held = options, False, None
        return view

    def with_cleanup_priority(self) -> Self:
        """A view for calls that must not fail for lack of time, such as a stop, because a recording would continue."""
        policy = self.options.policy
        policy = replace(policy, deadline=max(policy.deadline, CLEANUP_DEADLINE))
        return self.with_options(replace(self.options, policy=policy, priority=Priority.STOP))

    @asynccontextmanager
    async def hold_permit(self, operation_id: str) -> AsyncIterator[Self]:
        """A view that holds the permit for one call of an operation, taken before the call's other preparations.

        That call is sent once, because a retry would need its own permit. The permit is released at the end of the
        block, and becomes free again one second later. Raises TimedOut if no permit becomes free in time.
        """
        quotas, permits = self._quotas(spec.operation(operation_id)), self.options.permits
        view = self.with_options(self.options)
        view._held = HeldPermit(operation_id)  # noqa: SLF001  our own copy
        if permits is None or not quotas:
            yield view
            return
        priority = self.options.priority or Priority.of(operation_id)
        try:
            async with permits.hold(quotas, priority=priority, timeout=self.options.policy.deadline) as granted:
                waited(self.options.hooks, operation_id, granted.waited)
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
        """Check and send `request`, and return the result that `reader` reads from the response.

        Raises InvalidArgument before anything is sent, ApiError if the server refuses the request, TransportError if no
        response arrives, and MalformedResponse if the response cannot be parsed.
        """
        operation = spec.operation(request.operation)
        options, quotas = self.options, self._quotas(operation)
        if self._held is not None and self._held.take(operation.id):
            options, quotas = replace(options, policy=replace(options.policy, attempts=1)), ()
        call = Call(operation, reader, options, self.clock.now, self._secrets, quotas)
        sent = self._request(call, request)
        # Not through the client: it would add unwanted cookies, redirects and authentication, which take a quarter of
        # httpx's time for a call.
        if self._http.is_closed:
            await self._send_late(sent)
        else:
            await self._chain.handle_async_request(sent)
        result: T = call.result
        return result

    async def _send_late(self, sent: httpx.Request) -> None:
        """Send a call that ends a recording of a client that has been closed, and close its connection."""
        self._late.add(id(sent))
        try:
            await self._chain.handle_async_request(sent)
        finally:
            self._late.discard(id(sent))
            if not self._late:
                await self._chain.aclose()

    def check(self, request: Request) -> None:
        """Raise InvalidArgument if `send` would. Nothing is sent."""
        from agora_rest.client._json_reader import Reader, Wire

        call = Call(
            spec.operation(request.operation), Reader(Wire, lambda _: None), self.options, self.clock.now, self._secrets
        )
        self._request(call, request)

    async def aclose(self) -> None:
        """Close the connections, unless this is a view of another client. Calls that end a recording may follow."""
        if self._owned:
            self.options.drift.close()
            await self._http.aclose()

    def _quotas(self, operation: spec.Operation) -> tuple[Quota, ...]:
        if self.options.permits is None:
            return ()
        self._limits = self._limits or Limits()
        return self._limits.quotas(operation, self.config.owner)

    def _request(self, call: Call, request: Request) -> httpx.Request:
        operation, body = call.operation, None if request.body is None else without_nulls(request.body)
        if self._http.is_closed and self.options.priority is not Priority.STOP:
            raise ConfigurationError("This client has been closed.")
        given = {name: plain(value) for name, value in request.parameters.items() if value is not None}
        if body is not None:
            call.secrets.add(secrets_in(body))
        json_values = {name: value.isoformat() if isinstance(value, date) else value for name, value in given.items()}
        check(operation.id, json_values, body)
        if body is not None:
            given["body"] = _Body(body)
        kwargs = request.build(**given)
        # An absolute URL, because httpx parses a relative one twice.
        kwargs["url"] = self.config.base_url + operation.prefix + kwargs["url"]
        try:
            kwargs["url"] = url_of(kwargs["url"])
            return self._http.build_request(**kwargs, extensions=labelled(call))
        except (ValueError, TypeError, RecursionError):
            # JSON has neither NaN nor lone surrogates, which schemas do not detect.
            refused = unwritable(operation.id, body)
        except httpx.InvalidURL as error:
            refused = InvalidArgument("the request", f"must fit into a URL ({error})", HIDDEN, operation=operation.id)
        raise refused


class _Body:
    """The `to_dict` that a generated request requires of a body. The body is validated already and needs no model."""

    def __init__(self, payload: Payload) -> None:
        self.to_dict = lambda: payload
