"""Decisions for sending a request once: its priority, its rate limits and its timeouts."""

from __future__ import annotations

import time
from contextlib import nullcontext
from typing import TYPE_CHECKING, Final, Self

from agora_rest.client._transports import Call
from agora_rest.client.hooks import Hooks, WaitEvent, emit
from agora_rest.errors import TimedOut
from agora_rest.permits import Hold, Permit, Priority

if TYPE_CHECKING:
    import httpx

CONNECT_TIMEOUT: Final = 5.0
"""The maximum number of seconds to wait for a connection."""
MIN_READ_TIMEOUT: Final = {"stop_recording": 20.0, "create_kicking_rule": 20.0}
"""The minimum read timeout in seconds: a stop waits for an upload, and a ban must not be retried blindly."""
REPORTED_WAIT: Final = 0.01
"""Seconds from which on a wait for a permit is reported. Less is the time that a free permit takes."""
TIME_LIMIT_MARGIN: Final = 0.1
"""Seconds after the deadline at which an exchange is cancelled: its steps time out first, and know what was sent."""


class Step(float):
    """The timeout in seconds of one step of an attempt, and the end of the whole attempt.

    httpx passes it to the network streams, which read it (`_transports.deadline`).
    """

    ends: float
    """In the time of `time.monotonic`."""

    def __new__(cls, seconds: float, ends: float) -> Self:
        made = super().__new__(cls, seconds)
        made.ends = ends
        return made


def permit(call: Call) -> Hold:
    """The permit request of `call`. Ending a recording by a rule has the priority of a stop."""
    permits = call.options.permits
    if permits is None or not call.quotas:
        return nullcontext(Permit(waited=0.0))
    priority = call.options.priority or Priority.of(call.operation.id)
    return permits.hold(call.quotas, priority=priority, timeout=max(0.0, call.remaining))


def waited(hooks: Hooks, operation_id: str, seconds: float) -> None:
    """Report a wait for a permit."""
    if seconds >= REPORTED_WAIT:
        emit(hooks.on_wait, WaitEvent(operation=operation_id, seconds=seconds))


def set_timeouts(request: httpx.Request, call: Call) -> float:
    """Limit each step of an attempt to its timeout and to the deadline. Returns the seconds left.

    Raises TimedOut if none are left.
    """
    left = call.remaining
    if left <= 0:
        raise no_time(call, f"the deadline of {call.options.policy.deadline:g} s passed before it could be sent")
    each = min(max(call.options.timeout, MIN_READ_TIMEOUT.get(call.operation.id, 0.0)), left)
    ends = time.monotonic() + left
    each, connect = Step(each, ends), Step(min(CONNECT_TIMEOUT, call.options.timeout, left), ends)
    request.extensions["timeout"] = {"connect": connect, "read": each, "write": each, "pool": each}
    return left


def too_late(request: httpx.Request) -> httpx.TimeoutException:
    """The error for an exchange that was cancelled at the deadline."""
    import httpx

    from agora_rest.client._transports.proxied import is_unsent

    if is_unsent(request):
        return httpx.ConnectTimeout("the deadline passed before the proxy had opened a connection", request=request)
    return httpx.ReadTimeout("the deadline passed before the end of the response", request=request)


def no_time(call: Call, why: str) -> TimedOut:
    """The error for a request that was not sent because its deadline had passed."""
    return TimedOut(why, operation=call.operation.id, may_have_taken_effect=False, sent=False, attempts=0)
