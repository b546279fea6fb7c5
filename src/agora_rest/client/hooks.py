"""Hooks and log of a client's calls. They contain no secrets."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from agora_rest.errors import ConfigurationError

if TYPE_CHECKING:
    from agora_rest.errors import CallError

logger: Final = logging.getLogger("agora_rest")
"""Retries are logged at INFO, responses that violate the specification at WARNING, every exchange at DEBUG."""

# Events are named tuples, because dataclasses take four times as long to define, and every program loads them.


class RequestEvent(NamedTuple):
    """A request is about to be sent."""

    operation: str
    attempt: int
    """Counts from 1."""
    method: str
    url: str


class ResponseEvent(NamedTuple):
    """An attempt has ended, with or without a response."""

    operation: str
    attempt: int
    seconds: float
    """Seconds since the request event, including the wait for a permit."""
    status: int | None
    """The HTTP status; None without a response."""
    request_id: str | None
    error: CallError | None
    """The error; None for a success."""


class RetryEvent(NamedTuple):
    """The same request will be sent again."""

    operation: str
    attempt: int
    """The number of the attempt that failed."""
    delay: float
    """Seconds until the next attempt."""
    reason: str
    error: CallError


class WaitEvent(NamedTuple):
    """A call has waited for its permit under a rate limit, for at least 0.01 seconds."""

    operation: str
    seconds: float
    """How long it waited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """Functions called during calls. They run in the thread or task of the call, so they should be quick.

    Their exceptions are logged and do not affect the call. Raises ConfigurationError for an async function.
    """

    on_request: Callable[[RequestEvent], Any] | None = None
    on_response: Callable[[ResponseEvent], Any] | None = None
    on_retry: Callable[[RetryEvent], Any] | None = None
    on_wait: Callable[[WaitEvent], Any] | None = None

    def __post_init__(self) -> None:
        """Reject async functions, which would never run."""
        for name in self.__slots__:
            if iscoroutinefunction(getattr(self, name)):
                raise ConfigurationError(f"{name} must be a plain function, because it is not awaited.")


def emit(hook: Callable[[Any], Any] | None, event: Any) -> None:
    """Call `hook`, if there is one."""
    if hook is None:
        return
    try:
        hook(event)
    except Exception as error:  # noqa: BLE001  a hook looks on; it has no say
        logger.warning("a hook failed with %s", type(error).__name__)
