"""Sending one request once: as urgent as it is, under the limits it counts in, and no longer than there is time."""

from __future__ import annotations

import time
from contextlib import nullcontext
from typing import TYPE_CHECKING, Final

from agora_rest.client._transports import Call
from agora_rest.client.hooks import WaitEvent, tell
from agora_rest.errors import TimedOut
from agora_rest.permits import Hold, Permit, Priority

if TYPE_CHECKING:
    import httpx

CONNECT_TIMEOUT: Final = 5.0
"""Seconds to wait for a connection, at most."""
MIN_READ_TIMEOUT: Final = {"stop_recording": 20.0, "create_kicking_rule": 20.0}
"""Seconds to wait for an answer at least: the one waits for an upload, the other must not be repeated blindly."""
TIME_LIMIT_MARGIN: Final = 0.1
"""Seconds after the deadline at which an exchange is cancelled: its steps end first, and know better what was sent."""


class Step(float):
    """The seconds that one step of an attempt may take, and when the attempt ends whatever its steps took.

    httpx hands it on to the network streams, which read it there (`_transports.deadline`).
    """

    ends: float
    """In the time of `time.monotonic`."""


def _step(seconds: float, ends: float) -> Step:
    """A `Step`."""
    made = Step(seconds)
    made.ends = ends
    return made


def permit(call: Call) -> Hold:
    """The permit that `call` needs. The rescue of a recording is as urgent as its stop."""
    permits = call.options.permits
    if permits is None or not call.quotas:
        return nullcontext(Permit(waited=0.0))
    priority = call.options.priority or Priority.of(call.operation.id)
    return permits.hold(call.quotas, priority=priority, timeout=max(0.0, call.remaining))


def waited(call: Call, seconds: float) -> None:
    """Tell of a wait that was one."""
    if seconds > 0:
        tell(call.options.hooks.on_wait, WaitEvent(operation=call.operation.id, seconds=seconds))


def set_timeouts(request: httpx.Request, call: Call) -> float:
    """Let no step of an attempt take longer than its timeout or than the deadline leaves; gives the seconds left.

    Raises TimedOut if there are none.
    """
    left = call.remaining
    if left <= 0:
        raise no_time(call, f"the deadline of {call.options.policy.deadline:g} s was over before it could be sent")
    each = min(max(call.options.timeout, MIN_READ_TIMEOUT.get(call.operation.id, 0.0)), left)
    ends = time.monotonic() + left
    each, connect = _step(each, ends), _step(min(CONNECT_TIMEOUT, call.options.timeout, left), ends)
    request.extensions["timeout"] = {"connect": connect, "read": each, "write": each, "pool": each}
    return left


def no_time(call: Call, why: str) -> TimedOut:
    """The error of a request that was not sent because it came too late."""
    return TimedOut(why, operation=call.operation.id, may_have_taken_effect=False, sent=False)
