"""From what is wanted to a recording that runs: the states `intent` and `acquired`."""

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
from agora_rest.fleet.outcomes import did, is_final, sentence
from agora_rest.fleet.rows import Change
from agora_rest.fleet.states import Ended, State
from agora_rest.fleet.step_context import Desk, Start, resource_of

UNUSABLE: Final = (ResourceExpired, ResourceMismatch, ResourceUndecodable)
"""Refusals that are about the resource ID: another one may do."""


async def to_start(entry: Entry, desk: Desk) -> Change:
    """Start it, the start's permit in hand before. As long as its resource ID is good, repeating that is safe.

    A resource ID is acquired where there is none that is good any more. With a `doubt` that is a probe: an earlier
    start may have taken effect. If that one lives, the service refuses a second one of the same recorder (53).
    """
    now = desk.now()
    if entry.sid is not None:
        return running(entry, desk, entry.sid)  # so somebody has told from elsewhere
    if entry.is_to_end(now):
        return _too_late(entry, desk)
    if now < entry.start_at and entry.state is State.INTENT:
        return Change(next_at=entry.start_at)
    try:
        start = await desk.start_of(entry)
    except ConfigurationError as error:
        return later(entry, desk, str(error), desk.timings.longest)
    except LookupError:
        return later(entry, desk, "This worker has no token for its recorder.", desk.timings.longest)
    except InvalidArgument as error:
        return _not_acquired(entry, desk, error)
    try:
        async with desk.app(entry).recordings.reserving() as recordings:
            acquired = {} if _is_good(entry, now, desk) else await _acquired(entry, desk, recordings)
            kept = await desk.pen.write(entry, Change({**acquired, "doubt": True}))
            change = await _start(kept, desk, start, recordings, doubt=entry.doubt)
            return _by_the_earlier_one(entry, change) if entry.doubt else change
    except (CallError, InvalidArgument) as error:  # also when no permit came
        return _not_acquired(entry, desk, error)


def _is_good(entry: Entry, now: float, desk: Desk) -> bool:
    """Whether it has a resource ID that it can be started with."""
    return entry.state is State.ACQUIRED and now - (entry.acquired_at or 0.0) <= desk.timings.resource_life


async def _acquired(entry: Entry, desk: Desk, recordings: AsyncRecordings) -> dict[str, Any]:
    asked_at = desk.now()
    resource = await recordings.acquire(entry.channel, entry.uid)
    return {
        "state": State.ACQUIRED,
        "resource_id": resource.resource_id,
        "acquired_at": asked_at,
        "attempts": 0,
    }


async def _start(entry: Entry, desk: Desk, start: Start, recordings: AsyncRecordings, *, doubt: bool) -> Change:
    """Send the start. `doubt`: whether one that was sent before may have taken effect."""
    try:
        started = await recordings.start(resource_of(entry), start.storage, token=start.token, extra=start.extra)
    except (CallError, InvalidArgument) as error:
        return _not_started(entry, desk, error, doubt=doubt)
    return running(entry, desk, started.sid)


def _by_the_earlier_one(entry: Entry, change: Change) -> Change:
    """What runs when a probe was refused has the resource ID from before: the only one that can stop it by its sid."""
    if change.values.get("state") is not State.LOST:
        return change
    earlier = {"resource_id": entry.resource_id, "acquired_at": entry.acquired_at}
    return replace(change, values={**change.values, **earlier})


def _not_acquired(entry: Entry, desk: Desk, error: CallError | InvalidArgument) -> Change:
    if not is_final(error):
        return again(entry, desk, error)
    return lost(desk, sentence(error), now=True) if entry.doubt else _failed(desk, sentence(error))


def _not_started(entry: Entry, desk: Desk, error: CallError | InvalidArgument, *, doubt: bool) -> Change:
    said = sentence(error)
    if isinstance(error, AlreadyRecording):
        sid = (error.body or {}).get("sid")
        return running(entry, desk, sid) if isinstance(sid, str) and sid else lost(desk, said)
    if isinstance(error, ResourceUsed):
        return over(desk, State.UNKNOWN, Ended.BY_ITSELF, said)
    if isinstance(error, RecorderBusy):
        # Without a doubt it is somebody else's, or this recorder's last one that is just ending.
        return lost(desk, said) if doubt else again(entry, desk, error, doubt=False)
    if isinstance(error, UNUSABLE):
        return later(entry, desk, said, desk.timings.backoff(1), state=State.INTENT, doubt=doubt, attempts=0)
    if is_final(error):
        return lost(desk, said, now=True) if doubt else _failed(desk, said)
    turned_away = isinstance(error, CallError) and did(error) is Effect.NONE
    if turned_away or isinstance(error, AuthenticationFailed):
        return again(entry, desk, error, doubt=doubt)
    return again(entry, desk, error)


def _too_late(entry: Entry, desk: Desk) -> Change:
    """Its end is due and it is not known to run. Starting it to find out would record what nobody wants any more."""
    if entry.doubt:
        return lost(desk, entry.error or "Its end came before it was known whether it had started.")
    return _failed(desk, entry.error or "Its end came before it was started.")


def _failed(desk: Desk, said: str) -> Change:
    return over(desk, State.FAILED, Ended.NOT_STARTED, said)
