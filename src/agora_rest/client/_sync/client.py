# Derived from the file of the same name in `_async` by scripts/derive_sync.py. Change that one.
"""The door: credentials go in, everything else hangs off it."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypedDict, Unpack

from agora_rest.client._config import Config
from agora_rest.client._headers import Headers, checked_headers
from agora_rest.client._logging import set_up_logging
from agora_rest.client._options import (
    DEFAULT,
    DEFAULT_MAX_RESPONSE_SIZE,
    DEFAULT_TIMEOUT,
    Default,
    Options,
    Validation,
    check_names,
    seconds,
)
from agora_rest.client._retries import RetryPolicy
from agora_rest.client._sync.calls import Calls
from agora_rest.client._transports.listening import listening
from agora_rest.client.clocks import Clock
from agora_rest.client.hooks import Hooks
from agora_rest.permits import Limits, PermitStore, shared
from agora_rest.redaction import hidden

if TYPE_CHECKING:  # Each group is loaded when it is first used, and with it what it gives back.
    from agora_rest.client._sync.channels import Channels
    from agora_rest.client._sync.kicking_rules import KickingRules
    from agora_rest.client._sync.projects import Projects
    from agora_rest.client._sync.recordings import Recordings
    from agora_rest.client._sync.usage import Usage
    from agora_rest.client._transports.raw import RawResponse


class ClientOptions(TypedDict, total=False):
    """The keyword arguments of `Agora`, which says what each means."""

    customer_id: str | None
    customer_certificate: str | None
    base_url: str | Sequence[str] | None
    timeout: float
    deadline: float | None
    retries: int | RetryPolicy | None
    permits: PermitStore | str | Default | None
    limits: Limits | None
    hooks: Hooks | None
    validate: Validation
    max_response_size: int
    proxy: str | None
    default_headers: Mapping[str, str] | None
    transport: Any
    http2: bool
    clock: Clock | None


class Agora:
    """Agora's Cloud Recording and Console REST APIs, as one account.

    One client serves any number of threads, tasks and event loops, also in a process that is forked later: connections
    belong to the loop and the process that opened them.

    ```python
    with Agora.from_env() as agora:
        app = agora.app("0123456789abcdef0123456789abcdef")
        app.kicking_rules.ban(channel="lesson-42", uid=7)
    ```
    """

    def __init__(
        self,
        customer_id: str | None = None,
        customer_certificate: str | None = None,
        *,
        base_url: str | Sequence[str] | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        deadline: float | None = None,
        retries: int | RetryPolicy | None = None,
        permits: PermitStore | str | Default | None = DEFAULT,
        limits: Limits | None = None,
        hooks: Hooks | None = None,
        validate: Validation = "off",
        max_response_size: int = DEFAULT_MAX_RESPONSE_SIZE,
        proxy: str | None = None,
        default_headers: Mapping[str, str] | None = None,
        transport: Any = None,
        http2: bool = False,
        clock: Clock | None = None,
    ) -> None:
        """A client of the account with these credentials.

        What is left out comes from the environment: AGORA_CUSTOMER_ID, AGORA_CUSTOMER_CERTIFICATE (or
        AGORA_CUSTOMER_SECRET), AGORA_BASE_URL (by default https://api.agora.io).

        Args:
            customer_id: The user of HTTP Basic.
            customer_certificate: Its password, which Agora's console calls Customer Secret.
            base_url: One address or several. They are tried in turn while there is no connection to one; a call that
                may have taken effect goes elsewhere only if it may be repeated. Each needs an attempt.
            timeout: Seconds for each step of an attempt: to connect (5 at most), to send, to wait for the next piece of
                the answer. A stop and a ban wait 20 at least.
            deadline: Seconds for a call with all its attempts and waits; 30 where it is left out.
            retries: How many times a request is repeated at most (5), or a RetryPolicy. What may be repeated, the
                specifications say (`x-retry`).
            permits: Who keeps the calls below the limits of the account; by default all clients of this process share
                one store. For several processes, the URL of what they share: redis://…, sqlite:///permits.db or
                postgresql+psycopg://… (see `agora_rest.permits`). None keeps no limit.
            limits: Other limits than the documented ones.
            hooks: Functions that are told of requests, answers, repetitions and waits.
            validate: What to do about an answer that breaks the specification: `off`, `warn` (in the log) or `raise`.
            max_response_size: Bytes of a response's body, decompressed; a larger one is a ResponseTooLarge.
            proxy: The URL of a proxy, else that of the environment (HTTPS_PROXY, ALL_PROXY, NO_PROXY).
            default_headers: Header fields that every request carries, for a gateway or for tracing. They replace the
                `User-Agent`; not `Authorization`, `Host` and those that frame a message.
            transport: An httpx transport to send by, or `"fast"` for that of `agora-rest[fast]`: HTTP/1.1 only, no
                SOCKS; tasks must be asyncio's. In threads, `timeout` is for a whole attempt, which Ctrl-C does not cut
                short, and no such client may be made before a fork.
            http2: Whether to speak HTTP/2 with a server that can; needs `h2`.
            clock: What waits.

        Raises:
            ConfigurationError: Credentials are missing, the address would send them over plain HTTP to another machine,
                what `transport` or `http2` needs is not installed, a header cannot be sent, or AGORA_LOG has another
                value than `debug` or `info`.
        """
        # Should this fail, no traceback shows them.
        customer_certificate, proxy, permits = hidden(customer_certificate), hidden(proxy), hidden(permits)
        default_headers = Headers(default_headers) if isinstance(default_headers, Mapping) else default_headers
        config = Config.settled(customer_id, customer_certificate, base_url, proxy)
        options = Options().changed(
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
        self._calls = Calls(config, options, transport, clock or Clock(), limits, http2=http2, headers=headers)

    @property
    def projects(self) -> Projects:
        """The projects of the account."""
        from agora_rest.client._sync.projects import Projects

        return Projects(self._calls)

    @property
    def usage(self) -> Usage:
        """What the projects have used."""
        from agora_rest.client._sync.usage import Usage

        return Usage(self._calls)

    @classmethod
    def from_env(cls, **options: Unpack[ClientOptions]) -> Self:
        """A client of the account that the environment names. `options` are those of the constructor.

        Raises TypeError for an option that does not exist.
        """
        check_names(options, ClientOptions.__annotations__, f"{cls.__name__}.from_env")
        return cls(**options)

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
        """This client with other options, over the same connections. Closing it closes nothing.

        What is left out stays as it is; the constructor says what each means.

            patient = agora.with_options(deadline=120)
            patient.usage.minutes(first, last)
        """
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
        """The answers behind the results of this thread or task, while the block lasts: status, headers, attempts.

        ```python
        with agora.with_raw_response() as answers:
            agora.projects.create("projectx")
        print(answers[-1].status, answers[-1].attempts)
        ```
        """
        return listening()

    def app(self, app_id: str) -> App:
        """Everything that belongs to one App ID (a project's `app_id`). Nothing is asked of the server yet."""
        return App(self._calls, app_id)

    def close(self) -> None:
        """Close the connections. Leaving the `with` block does it."""
        self._calls.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        if not hasattr(self, "_calls"):  # It could not be made.
            return f"<{type(self).__name__}>"
        config = self._calls.config
        return f"<{type(self).__name__} {config.short_customer_id} at {config.host}>"


class App:
    """What belongs to one App ID: recordings, kicking rules and channels."""

    def __init__(self, calls: Calls, app_id: str) -> None:
        self._calls = calls
        self.id = app_id
        """The App ID."""

    @property
    def recordings(self) -> Recordings:
        """Record channels into your own storage."""
        from agora_rest.client._sync.recordings import Recordings

        return Recordings(self._calls, self.id)

    @property
    def kicking_rules(self) -> KickingRules:
        """Keep users out of channels."""
        from agora_rest.client._sync.kicking_rules import KickingRules

        return KickingRules(self._calls, self.id)

    @property
    def channels(self) -> Channels:
        """Which channels are in use, and who is in them."""
        from agora_rest.client._sync.channels import Channels

        return Channels(self._calls, self.id)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.id}>"
