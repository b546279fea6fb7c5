"""From what is wanted to a recording that runs: the states `intent` and `acquired`."""

from __future__ import annotations

from typing import Final

from agora_rest._async.recordings import AsyncRecordings
from agora_rest.errors import (
    AlreadyRecording,
    ApiError,
    AuthenticationFailed,
    CallError,
    ConfigurationError,
    InvalidArgument,
    ResourceExpired,
    ResourceMismatch,
    ResourceUndecodable,
    ResourceUsed,
)
from agora_rest.fleet.changes import again, later, lost, over, running
from agora_rest.fleet.desk import Desk, Start, resource_of
from agora_rest.fleet.entry import Entry
from agora_rest.fleet.rows import Change
from agora_rest.fleet.states import Ended, State
from agora_rest.fleet.verdicts import BUSY, did, is_final, sentence
from agora_rest.retries import Effect

UNUSABLE: Final = (ResourceExpired, ResourceMismatch, ResourceUndecodable)
"""Refusals that are about the resource ID: another one may do."""


async def from_intent(entry: Entry, desk: Desk) -> Change:
    """Acquire a resource ID and start with it, the start's permit in hand before.

    With a `doubt` this is a probe: an earlier start may have been carried out, and its resource ID is of no use any
    more. If that recording lives, the service refuses a second one of the same recorder (53).
    """
    now = desk.now()
    if entry.is_to_end(now):
        return _too_late(entry, desk)
    if now < entry.start_at:
        return Change(next_at=entry.start_at)
    try:
        start = desk.start_of(entry)
    except ConfigurationError as error:
        return later(entry, desk, str(error), desk.timings.longest)
    try:
        async with desk.app(entry).recordings.reserving() as recordings:
            asked_at = desk.now()
            resource = await recordings.acquire(entry.channel, entry.uid)
            acquired = {"state": State.ACQUIRED, "resource_id": resource.resource_id, "acquired_at": asked_at}
            kept = await desk.pen.write(entry, Change({**acquired, "doubt": True, "attempts": 0}))
            return await _start(kept, desk, start, recordings, doubt=entry.doubt)
    except (CallError, InvalidArgument) as error:
        return _not_acquired(entry, desk, error)


async def from_acquired(entry: Entry, desk: Desk) -> Change:
    """Start with the resource ID that is there: as long as it is good, repeating that is safe."""
    now = desk.now()
    if entry.is_to_end(now):
        return _too_late(entry, desk)
    if now - (entry.acquired_at or 0.0) > desk.timings.resource_life:
        return Change({"state": State.INTENT, "attempts": 0}, next_at=now)
    try:
        start = desk.start_of(entry)
    except ConfigurationError as error:
        return later(entry, desk, str(error), desk.timings.longest)
    try:
        async with desk.app(entry).recordings.reserving() as recordings:
            kept = await desk.pen.write(entry, Change({"doubt": True}))
            return await _start(kept, desk, start, recordings, doubt=entry.doubt)
    except (CallError, InvalidArgument) as error:  # no permit came
        return later(entry, desk, sentence(error), desk.timings.turned_away)


async def _start(entry: Entry, desk: Desk, start: Start, recordings: AsyncRecordings, *, doubt: bool) -> Change:
    """Send the start. `doubt`: whether one that was sent before may have been carried out."""
    try:
        started = await recordings.start(resource_of(entry), start.storage, extra=start.extra)
    except (CallError, InvalidArgument) as error:
        return _not_started(entry, desk, error, doubt=doubt)
    return running(entry, desk, started.sid)


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
    if isinstance(error, ApiError) and error.code == BUSY:
        # Without a doubt it is somebody else's, or this recorder's last one that is just ending.
        return lost(desk, said) if doubt else again(entry, desk, error, doubt=False)
    if isinstance(error, UNUSABLE):
        return Change({"state": State.INTENT, "doubt": doubt, "error": said, "attempts": 0}, next_at=desk.now())
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
