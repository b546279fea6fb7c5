"""The steps from an order to a running recording: states `intent` and `acquired`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from agora_rest.client._async.recordings import AsyncRecordings
from agora_rest.client._retries import Effect
from agora_rest.errors import (
    AlreadyRecording,
    AuthenticationFailed,
    CallError,
    ConfigurationError,
    InvalidArgument,
    RecorderBusy,
    ResourceExpired,
    ResourceMismatch,
    ResourceUndecodable,
    ResourceUsed,
)
from agora_rest.fleet.changes import again, later, lost, over, running
from agora_rest.fleet.entry import Entry
from agora_rest.fleet.orders import acquire_request
from agora_rest.fleet.outcomes import effect_of, is_final, one_line
from agora_rest.fleet.rows import Change
from agora_rest.fleet.states import Ended, State
from agora_rest.fleet.step_context import Start, StepContext

UNUSABLE: Final = (ResourceExpired, ResourceMismatch, ResourceUndecodable)
"""Refusals that concern the resource ID; another one may be accepted."""


async def to_start(entry: Entry, context: StepContext) -> Change:
    """Start the recording, holding the start's permit from before the acquire.

    While a resource ID is valid, a start may be repeated with it. Without a valid one, another is acquired. With
    `maybe_started` the start is a probe: an earlier start may have taken effect, and if that recording runs, the
    service refuses a second one of the same recorder (53).
    """
    now = context.now()
    if entry.sid is not None:
        return running(entry, context, entry.sid)  # known from a webhook or a file
    if entry.is_to_end(now):
        return _too_late(entry, context)
    if now < entry.start_at and entry.state is State.INTENT:
        return Change(next_at=entry.start_at)
    try:
        start = await context.start_of(entry)
    except ConfigurationError as error:
        return later(entry, context, str(error), context.timings.longest)
    except LookupError:
        return later(entry, context, "This worker has no token for its recorder.", context.timings.longest)
    except InvalidArgument as error:
        return _not_acquired(entry, context, error)
    try:
        async with context.app(entry).recordings.hold_permit() as recordings:
            acquired = {} if _is_good(entry, now, context) else await _acquired(entry, context, recordings)
            kept = await _noted(entry, context, {**acquired, "maybe_started": True})
            change = await _start(kept, context, start, recordings, maybe_started=entry.maybe_started)
            return _by_the_earlier_one(entry, change) if entry.maybe_started else change
    except (CallError, InvalidArgument) as error:
        if isinstance(error, CallError):
            context.troubles.call_failed(entry.app_id, error)  # no hook sees that no permit came
        return _not_acquired(entry, context, error)


def _is_good(entry: Entry, now: float, context: StepContext) -> bool:
    """Whether it has a resource ID that it can be started with."""
    return entry.state is State.ACQUIRED and now - (entry.acquired_at or 0.0) <= context.timings.resource_life


async def _acquired(entry: Entry, context: StepContext, recordings: AsyncRecordings) -> dict[str, Any]:
    asked_at = context.now()
    request = acquire_request(entry.mode, entry.extra)
    resource = await recordings.acquire(entry.channel, entry.uid, mode=entry.mode, extra=request)
    return {
        "state": State.ACQUIRED,
        "resource_id": resource.resource_id,
        "acquired_at": asked_at,
        "attempts": 0,
    }


async def _noted(entry: Entry, context: StepContext, values: dict[str, Any]) -> Entry:
    """Commit that the start may have been sent, with a lease that lasts longer than the call.

    A process may be suspended during the commit for so long that another worker has given the recording up; then
    the renewal raises LeaseLost, and nothing is sent.
    """
    kept = await context.writer.write(entry, Change(values))
    while (kept.next_at or 0.0) - context.now() < context.timings.call_deadline:
        kept = await context.writer.write(kept, Change())
    return kept


async def _start(
    entry: Entry, context: StepContext, start: Start, recordings: AsyncRecordings, *, maybe_started: bool
) -> Change:
    """Send the start. `maybe_started`: whether an earlier start may have taken effect."""
    try:
        started = await start.send(entry, recordings)
    except (CallError, InvalidArgument) as error:
        return _not_started(entry, context, error, maybe_started=maybe_started)
    return running(entry, context, started.sid)


def _by_the_earlier_one(entry: Entry, change: Change) -> Change:
    """A probe was refused, so the recording runs with the earlier resource ID, the only one that can stop it."""
    if change.values.get("state") is not State.LOST:
        return change
    earlier = {"resource_id": entry.resource_id, "acquired_at": entry.acquired_at}
    return replace(change, values={**change.values, **earlier})


def _not_acquired(entry: Entry, context: StepContext, error: CallError | InvalidArgument) -> Change:
    if not is_final(error):
        return again(entry, context, error)
    return lost(context, one_line(error), now=True) if entry.maybe_started else _failed(context, one_line(error))


def _not_started(
    entry: Entry, context: StepContext, error: CallError | InvalidArgument, *, maybe_started: bool
) -> Change:
    message = one_line(error)
    if isinstance(error, AlreadyRecording):
        sid = (error.body or {}).get("sid")
        return running(entry, context, sid) if isinstance(sid, str) and sid else lost(context, message)
    if isinstance(error, ResourceUsed):
        return over(context, State.UNKNOWN, Ended.BY_ITSELF, message)
    if isinstance(error, RecorderBusy):
        # If none of ours was sent, it is of another program, or this recorder's last one that is just ending.
        return lost(context, message) if maybe_started else again(entry, context, error, maybe_started=False)
    if isinstance(error, UNUSABLE):
        return later(
            entry,
            context,
            message,
            context.timings.backoff(1),
            state=State.INTENT,
            maybe_started=maybe_started,
            attempts=0,
        )
    if is_final(error):
        return lost(context, message, now=True) if maybe_started else _failed(context, message)
    turned_away = isinstance(error, CallError) and effect_of(error) is Effect.NONE
    if turned_away or isinstance(error, AuthenticationFailed):
        return again(entry, context, error, maybe_started=maybe_started)
    return again(entry, context, error)


def _too_late(entry: Entry, context: StepContext) -> Change:
    """The end is due, and it is unknown whether the recording runs. A probe would record past the due end."""
    if entry.maybe_started:
        return lost(context, entry.error or "Its end came before it was known whether it had started.")
    return _failed(context, entry.error or "Its end came before it was started.")


def _failed(context: StepContext, message: str) -> Change:
    return over(context, State.FAILED, Ended.NOT_STARTED, message)
