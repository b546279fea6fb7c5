"""What a client tells about its calls while it makes them. Nothing in it is a secret."""

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
"""Repetitions are logged as INFO, answers that break the specification as WARNING, every exchange as DEBUG."""

# Events are named tuples, for dataclasses take four times as long to define, and everybody loads them.


class RequestEvent(NamedTuple):
    """A request goes out."""

    operation: str
    attempt: int
    """From 1."""
    method: str
    url: str


class ResponseEvent(NamedTuple):
    """An attempt has come to its end, with an answer or without."""

    operation: str
    attempt: int
    seconds: float
    """From the request, the wait for a permit included."""
    status: int | None
    """The HTTP status; None without an answer."""
    request_id: str | None
    error: CallError | None
    """None for a success."""


class RetryEvent(NamedTuple):
    """The same request will go out again."""

    operation: str
    attempt: int
    """The number of the attempt that failed."""
    delay: float
    """Seconds until the next one."""
    reason: str
    error: CallError


class WaitEvent(NamedTuple):
    """A call had to wait for its permit under a rate limit."""

    operation: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """Functions that are told. They are called in the thread or task of the call, so they should be quick.

    What they raise is logged and does not disturb the call. ConfigurationError for one that would have to be awaited.
    """

    on_request: Callable[[RequestEvent], Any] | None = None
    on_response: Callable[[ResponseEvent], Any] | None = None
    on_retry: Callable[[RetryEvent], Any] | None = None
    on_wait: Callable[[WaitEvent], Any] | None = None

    def __post_init__(self) -> None:
        """Refuse what would be called and never run."""
        for name in self.__slots__:
            if iscoroutinefunction(getattr(self, name)):
                raise ConfigurationError(f"{name} must be a plain function, for nobody awaits it.")


def tell(hook: Callable[[Any], Any] | None, event: Any) -> None:
    """Call `hook`, if there is one."""
    if hook is None:
        return
    try:
        hook(event)
    except Exception as error:  # noqa: BLE001  a hook looks on; it has no say
        logger.warning("a hook failed with %s", type(error).__name__)
