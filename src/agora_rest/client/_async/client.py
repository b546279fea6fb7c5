"""The client of an account, and the views for its App IDs."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from os import PathLike
from typing import TYPE_CHECKING, Any, Self, TypedDict, Unpack

from agora_rest.client._async.calls import AsyncCalls
from agora_rest.client._config import PERMITS, Config, from_environment
from agora_rest.client._headers import Headers, checked_headers
from agora_rest.client._logging import set_up_logging
from agora_rest.client._options import (
    DEFAULT,
    DEFAULT_MAX_RESPONSE_SIZE,
    DEFAULT_TIMEOUT,
    Default,
    Drift,
    Options,
    Validation,
    check_names,
    instance,
    seconds,
)
from agora_rest.client._retries import RetryPolicy
from agora_rest.client._transports.listening import listening
from agora_rest.client.clocks import AsyncClock
from agora_rest.client.hooks import Hooks
from agora_rest.errors import ConfigurationError
from agora_rest.permits import Limits, PermitStore, shared
from agora_rest.redaction import Payload, hidden

if TYPE_CHECKING:  # Each group of operations is loaded with its results on first use.
    from agora_rest.client._async.channels import AsyncChannels
    from agora_rest.client._async.kicking_rules import AsyncKickingRules
    from agora_rest.client._async.projects import AsyncProjects
    from agora_rest.client._async.recordings import AsyncRecordings
    from agora_rest.client._async.usage import AsyncUsage
    from agora_rest.client._transports.raw import RawResponse


class AsyncClientOptions(TypedDict, total=False):
    """The keyword arguments of `AsyncAgora`, which documents them."""

    customer_id: str | None
    customer_certificate: str | None
    base_url: str | Sequence[str] | None
    allow_http: bool | None
    timeout: float
    deadline: float | None
    retries: int | RetryPolicy | None
    permits: PermitStore | str | Default | None
    limits: Limits | None
    hooks: Hooks | None
    validate: Validation
    drift_file: str | PathLike[str] | None
    max_response_size: int
    proxy: str | None
    default_headers: Mapping[str, str] | None
    transport: Any
    http2: bool
    clock: AsyncClock | None


class AsyncAgora:
    """Agora's Cloud Recording and Console REST APIs, as one account.

    One client serves any number of threads, tasks and event loops, also in a process that is forked later, because
    connections belong to the loop and the process that opened them. It cannot be pickled: a process that is spawned
    creates its own, for instance by `from_env`.

    ```python
    async with AsyncAgora.from_env() as agora:
        app = agora.app("0123456789abcdef0123456789abcdef")
        await app.kicking_rules.ban(channel="lesson-42", uid=7)
    ```
    """

    def __init__(
        self,
        customer_id: str | None = None,
        customer_certificate: str | None = None,
        *,
        base_url: str | Sequence[str] | None = None,
        allow_http: bool | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        deadline: float | None = None,
        retries: int | RetryPolicy | None = None,
        permits: PermitStore | str | Default | None = DEFAULT,
        limits: Limits | None = None,
        hooks: Hooks | None = None,
        validate: Validation = "off",
        drift_file: str | PathLike[str] | None = None,
        max_response_size: int = DEFAULT_MAX_RESPONSE_SIZE,
        proxy: str | None = None,
        default_headers: Mapping[str, str] | None = None,
        transport: Any = None,
        http2: bool = False,
        clock: AsyncClock | None = None,
    ) -> None:
        """Create a client of the account with these credentials.

        Omitted arguments come from the environment: AGORA_CUSTOMER_ID, AGORA_CUSTOMER_CERTIFICATE (or
        AGORA_CUSTOMER_SECRET), AGORA_BASE_URL (by default https://api.agora.io), AGORA_ALLOW_HTTP (`true` or `false`).
        A variable that is set must not be empty. The certificate of the environment is used for the customer ID there;
        for another `customer_id` it must be passed too.

        Args:
            customer_id: The user name of HTTP Basic.
            customer_certificate: Its password, which Agora's console calls Customer Secret.
            base_url: One address or several. If an address is unreachable, the next one is used; a call that may have
                taken effect is sent to another address only if it may be retried. Each address counts as an attempt.
            allow_http: Whether `base_url` may be plain HTTP on another machine, for an emulator in a private network.
                The credentials are then sent unencrypted. Loopback addresses never need it; Agora's own hosts are
                always called over HTTPS.
            timeout: Seconds for each step of an attempt: to connect (at most 5), to send, to wait for the next part of
                the response. A stop and a ban wait at least 20.
            deadline: Seconds for a call with all its attempts and waits; 30 by default.
            retries: The maximum number of retries (5), or a RetryPolicy. `x-retry` in the specifications states what
                may be retried.
            permits: The rate limiter that keeps calls below the limits of the account; by default all clients of this
                process share one. For several processes, the URL of a shared store: redis://…, sqlite:///permits.db or
                postgresql+psycopg://… (see `agora_rest.permits`). None disables rate limiting.
            limits: Rate limits instead of the documented ones.
            hooks: Functions called on requests, responses, retries and waits.
            validate: How to treat a response that violates the specification: `off`, `warn` (in the log) or `raise`.
                Except with `off`, one that contradicts earlier responses is logged, once of a kind.
            drift_file: With `validate`, a file to which violations and contradictions are added: JSON lines without
                secrets, at most 4 MiB, which `agora-rest contract watch` summarises.
            max_response_size: The maximum size of a decompressed response body in bytes; a larger one raises
                ResponseTooLarge.
            proxy: The URL of a proxy; by default from the environment (HTTPS_PROXY, ALL_PROXY, NO_PROXY).
            default_headers: Header fields for every request, for a gateway or for tracing. They may replace
                `User-Agent`, but not `Authorization`, `Host` or fields that frame a message.
            transport: An httpx transport, or `"fast"` for the transport of `agora-rest[fast]`: HTTP/1.1 only, without
                SOCKS; asyncio only. In threads, `timeout` is for a whole attempt, which Ctrl-C does not interrupt, and
                the client must not be created before a fork.
            http2: Whether to use HTTP/2 if the server supports it; needs `h2`.
            clock: The source of time, and of waits between attempts.

        Raises:
            ConfigurationError: Credentials are missing, an argument or a variable has no valid value, the address would
                send the credentials over plain HTTP to another machine without `allow_http`,
                what `transport` or `http2` needs is not installed, a header cannot be sent, or AGORA_LOG has another
                value than `debug` or `info`.
        """
        # Should this fail, no traceback shows them.
        customer_certificate, base_url = hidden(customer_certificate), hidden(base_url)
        proxy, permits = hidden(proxy), hidden(permits)
        default_headers = Headers(default_headers) if isinstance(default_headers, Mapping) else default_headers
        config = Config.resolve(customer_id, customer_certificate, base_url, proxy, allow_http=allow_http)
        if drift_file is not None and validate == "off":
            raise ConfigurationError(
                'drift_file has no effect without validate="warn" or "raise": pass one of them too.'
            )
        options = Options(drift=Drift(drift_file)).changed(
            timeout=seconds("timeout", timeout),
            retries=retries,
            deadline=deadline,
            permits=shared() if isinstance(permits, Default) else permits,
            hooks=hooks,
            validate=validate,
            max_response_size=max_response_size,
        )
        headers = checked_headers({} if default_headers is None else default_headers)
        set_up_logging()
        clock = instance("clock", clock, AsyncClock) or AsyncClock()
        limits = instance("limits", limits, Limits)
        self._calls = AsyncCalls(config, options, transport, clock, limits, http2=http2, headers=headers)

    @property
    def projects(self) -> AsyncProjects:
        """The projects of the account."""
        from agora_rest.client._async.projects import AsyncProjects

        return AsyncProjects(self._calls)

    @property
    def usage(self) -> AsyncUsage:
        """Reports the usage of projects."""
        from agora_rest.client._async.usage import AsyncUsage

        return AsyncUsage(self._calls)

    @classmethod
    def from_env(cls, **options: Unpack[AsyncClientOptions]) -> Self:
        """Create a client with the environment's credentials. `options` are those of the constructor.

        `permits`, if omitted, comes from AGORA_PERMITS, so that all programs that have this variable share one limit.
        Raises TypeError for an option that does not exist, and ConfigurationError as the constructor does.
        """
        given = Payload(options)
        if isinstance(given.get("default_headers"), Mapping):
            given["default_headers"] = Headers(given["default_headers"])
        del options  # A traceback may show variables.
        check_names(given, AsyncClientOptions.__annotations__, f"{cls.__name__}.from_env")
        if isinstance(given.get("permits", DEFAULT), Default):
            given["permits"] = from_environment(PERMITS) or DEFAULT
        return cls(**given)

    def with_options(
        self,
        *,
        timeout: float | None = None,
        deadline: float | None = None,
        retries: int | RetryPolicy | None = None,
        permits: PermitStore | str | Default | None = DEFAULT,
        hooks: Hooks | None = None,
        validate: Validation | None = None,
        max_response_size: int | None = None,
    ) -> Self:
        """Return a view of this client with other options, over the same connections. Closing it closes nothing.

        Omitted options stay unchanged; the constructor documents them.

            patient = agora.with_options(deadline=120)
            await patient.usage.minutes(first, last)
        """
        permits = hidden(permits)
        options = self._calls.options.changed(
            timeout=timeout,
            retries=retries,
            deadline=deadline,
            permits=permits,
            hooks=hooks,
            validate=validate,
            max_response_size=max_response_size,
        )
        view = copy.copy(self)
        view._calls = self._calls.with_options(options)  # noqa: SLF001  our own copy
        return view

    def with_raw_response(self) -> AbstractContextManager[list[RawResponse]]:
        """Collect the raw responses of this thread or task during the block: status, headers, attempts.

        ```python
        with agora.with_raw_response() as responses:
            await agora.projects.create("projectx")
        print(responses[-1].status, responses[-1].attempts)
        ```
        """
        return listening()

    def app(self, app_id: str) -> AsyncApp:
        """Access everything that belongs to one App ID (a project's `app_id`). Sends no request."""
        return AsyncApp(self._calls, app_id)

    async def aclose(self) -> None:
        """Close the connections. Leaving the `async with` block does it. Recordings in progress can still be ended."""
        await self._calls.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        if not hasattr(self, "_calls"):  # The constructor failed.
            return f"<{type(self).__name__}>"
        config = self._calls.config
        return f"<{type(self).__name__} {config.short_customer_id} at {config.host}>"


class AsyncApp:
    """The resources of one App ID: recordings, kicking rules and channels."""

    def __init__(self, calls: AsyncCalls, app_id: str) -> None:
        self._calls = calls
        self.id = app_id
        """The App ID."""

    @property
    def recordings(self) -> AsyncRecordings:
        """Records channels into your own storage."""
        from agora_rest.client._async.recordings import AsyncRecordings

        return AsyncRecordings(self._calls, self.id)

    @property
    def kicking_rules(self) -> AsyncKickingRules:
        """Keeps users out of channels."""
        from agora_rest.client._async.kicking_rules import AsyncKickingRules

        return AsyncKickingRules(self._calls, self.id)

    @property
    def channels(self) -> AsyncChannels:
        """Lists active channels and their users."""
        from agora_rest.client._async.channels import AsyncChannels

        return AsyncChannels(self._calls, self.id)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.id}>"
