"""The steps from a running recording to its outcome: states `started`, `lost`, `stopping` and `uploading`."""

from __future__ import annotations

from typing import Final

from agora_rest import RecordingState, RecordingStatus
from agora_rest.client._retries import LEAVING
from agora_rest.client.enums import KEPT, OVER, RecordingMode
from agora_rest.errors import (
    AgoraError,
    ApiError,
    CallError,
    InvalidArgument,
    NotFound,
    NothingRecorded,
    ResourceMismatch,
    ResourceUndecodable,
)
from agora_rest.fleet.changes import (
    LONG_POLL_INTERVAL,
    again,
    files_of,
    later,
    lost,
    over,
    query_again,
    running,
    uploading,
)
from agora_rest.fleet.entry import Entry
from agora_rest.fleet.orders import max_recording_hours
from agora_rest.fleet.outcomes import is_final, one_line
from agora_rest.fleet.rows import Change
from agora_rest.fleet.states import Ended, Lane, State
from agora_rest.fleet.step_context import StepContext, started_of

UPLOADED: Final = OVER - {RecordingStatus.RECORDING_STOPPED}
"""Statuses after which the service does nothing more for the recording."""

MIN_MISSES: Final = 3
"""How many consecutive queries must fail: a single long gap may be due to a worker that was down."""


async def from_started(entry: Entry, context: StepContext) -> Change:
    """Stop the recording if that is due; otherwise query it."""
    now = context.now()
    if entry.is_to_end(now):
        return Change({"state": State.STOPPING, "stopping_at": now, **_RESET}, next_at=now, lane=Lane.STOP)
    try:
        state = await context.app(entry).recordings.query(started_of(entry))
    except NotFound as error:
        return await _not_found(entry, context, error, Ended.BY_ITSELF)
    except (ResourceMismatch, ResourceUndecodable) as error:
        return lost(context, one_line(error))  # a sid that was noted wrongly
    except (CallError, InvalidArgument) as error:
        return again(entry, context, error)
    seen = {"status": int(state.status), "files": files_of(state.files, entry), "error": None, **_RESET}
    if state.is_over:
        return _ended_by_itself(entry, context, state)
    late = now - (entry.started_at or now) > context.timings.join_within
    if late and not state.is_running:
        message = f"The recorder was not in the channel {context.timings.join_within:g} s after its start."
        return Change({**seen, "stop_at": now, "error": message}, next_at=now, lane=Lane.STOP)
    pause = context.timings.query_every if state.is_running else context.timings.first_query
    return query_again(entry, context, pause, **seen)


async def from_lost(entry: Entry, context: StepContext) -> Change:
    """Put the recorder offline when the end is due, unless the sid has become known.

    The recorder of a web page is in no channel: its start is retried with the same resource ID, which may return the
    sid.
    """
    if entry.sid is not None:
        return running(entry, context, entry.sid)
    if not entry.is_to_end(context.now()):
        next_at = context.now() + LONG_POLL_INTERVAL if entry.stop_at is None else entry.stop_at
        return Change(next_at=next_at, lane=Lane.STOP)
    if _is_web(entry):
        return await _from_lost_web(entry, context)
    ended = await _put_offline(entry, context)
    return ended if isinstance(ended, Change) else over(context, State.UNKNOWN, ended, entry.error)


async def _from_lost_web(entry: Entry, context: StepContext) -> Change:
    if context.now() >= (ends_at := _ends_at(entry)):
        return over(context, State.UNKNOWN, Ended.BY_ITSELF, entry.error)
    try:
        start = await context.start_of(entry)
        started = await start.send(entry, context.app(entry).recordings)
    except CallError as error:
        if not is_final(error):
            return again(entry, context, error)
        message = one_line(error)
    except (LookupError, AgoraError) as error:  # a storage or a password that this worker does not know
        message = entry.error or one_line(str(error))
    else:
        return running(entry, context, started.sid)
    return Change({"error": message, "attempts": 0}, next_at=ends_at, lane=Lane.STOP)


def _is_web(entry: Entry) -> bool:
    return entry.mode == RecordingMode.WEB


def _ends_at(entry: Entry) -> float:
    """The latest time at which the recording of a web page ends on its own (CR-132)."""
    return (entry.started_at or entry.acquired_at or entry.start_at) + max_recording_hours(entry.extra) * 3600 + _MARGIN


_MARGIN: Final = 600.0
"""Seconds after the last possible start until it is certain that the recording has ended."""


async def from_stopping(entry: Entry, context: StepContext) -> Change:
    """Stop the recording. If stops fail for long, put its recorder offline, unless it records a web page."""
    if _is_web(entry) and context.now() > _ends_at(entry):
        return uploading(entry, context, Ended.BY_ITSELF, entry.error)
    late = context.now() - (entry.stopping_at or context.now()) > context.timings.stop_within
    if late and not _is_web(entry):
        ended = await _put_offline(entry, context)
        return ended if isinstance(ended, Change) else uploading(entry, context, ended, entry.error)
    try:
        stopped = await context.app(entry).recordings.stop(started_of(entry), extra=context.stop_extra)
    except NothingRecorded as error:
        return over(context, State.DONE, Ended.STOPPED, one_line(error))
    except NotFound as error:
        return await _gone(entry, context, error)
    except (ResourceMismatch, ResourceUndecodable) as error:
        return lost(context, one_line(error))  # a sid that was noted wrongly
    except ApiError as error:
        if error.code == LEAVING:
            return uploading(entry, context, Ended.STOPPED)
        return again(entry, context, error)
    except (CallError, InvalidArgument) as error:
        return again(entry, context, error)
    if stopped.uploading_status not in KEPT:
        return uploading(entry, context, Ended.STOPPED, files=stopped.files)
    uploading_status = str(stopped.uploading_status)
    files = files_of(stopped.files, entry)
    return over(context, State.DONE, Ended.STOPPED, files=files, uploading_status=uploading_status)


async def from_uploading(entry: Entry, context: StepContext) -> Change:
    """Query the files until the service has uploaded or forgotten them (CR-53)."""
    given_up = context.now() - (entry.ended_at or 0.0) > context.timings.upload_within
    try:
        state = await context.app(entry).recordings.query(started_of(entry))
    except NotFound:
        return _finished(entry.error)
    except (CallError, InvalidArgument) as error:
        return _finished(one_line(error)) if given_up else again(entry, context, error)
    seen = {"status": int(state.status), "files": files_of(state.files, entry)}
    is_done = state.status in UPLOADED or (state.web is not None and state.is_over)
    if is_done or given_up:
        return _finished(entry.error, **seen)
    return later(entry, context, entry.error, context.timings.first_query, **seen)


_RESET: Final = {"attempts": 0, "missing_since": None}


async def _gone(entry: Entry, context: StepContext, error: NotFound) -> Change:
    """A stop got 404: an earlier stop took effect, or the service temporarily does not find the recording."""
    try:
        state = await context.app(entry).recordings.query(started_of(entry))
    except NotFound:
        return await _not_found(entry, context, error, Ended.STOPPED)
    except (CallError, InvalidArgument) as failure:
        return again(entry, context, failure)
    if state.is_over:
        return uploading(entry, context, Ended.STOPPED, files=state.files)
    return again(entry, context, error, missing_since=None)


async def _put_offline(entry: Entry, context: StepContext) -> Ended | Change:
    """Put the recorder offline, unless a later recording uses it. Returns why it is over, or the next step.

    The service admits a recorder to a channel once at a time (53). If the same one has been started again, this
    recording was over by then. If that is not certain, the later one has to end first; until then at most one of
    the two is running.
    """
    later_ones = [other for other in await context.writer.same_recorder(entry) if _is_later(other, entry)]
    settled = entry.started_at if entry.sid is not None else (entry.acquired_at or 0.0) + context.timings.resource_life
    if any(other.sid is not None and (other.started_at or 0.0) > (settled or 0.0) for other in later_ones):
        return Ended.BY_ITSELF
    if later_ones:
        message = f"Its recorder is not put offline as long as {later_ones[0].key!r} may be recorded by it."
        return later(entry, context, message, context.timings.longest)
    try:
        await context.app(entry).recordings.put_offline(entry.channel, entry.uid, repeat=False)
    except (CallError, InvalidArgument) as error:
        return again(entry, context, error)
    return Ended.PUT_OFFLINE


def _is_later(other: Entry, entry: Entry) -> bool:
    """Whether this recording was started after `entry`, or may have been."""
    sent = other.maybe_started or other.sid is not None
    return sent and (other.acquired_at or 0.0, other.id) > (entry.acquired_at or 0.0, entry.id)


async def _not_found(entry: Entry, context: StepContext, error: NotFound, ended: Ended) -> Change:
    """Query again later; the recording is over if it has not been found for long enough.

    Then its recorder is put offline anyway: that costs one call, and an unnoticed recording would cost more.
    """
    now = context.now()
    since = now if entry.missing_since is None else entry.missing_since
    looks = 1 if entry.missing_since is None else entry.attempts + 1
    if now - since <= context.timings.missing_for or looks < MIN_MISSES:
        return later(entry, context, one_line(error), context.timings.look_again, missing_since=since, attempts=looks)
    if _is_web(entry):
        return over(context, State.DONE, ended, one_line(error), missing_since=None)
    put_offline = await _put_offline(entry, context)
    if isinstance(put_offline, Change):
        return put_offline
    blocked = {} if put_offline is Ended.PUT_OFFLINE else {"missing_since": None}
    return over(context, State.DONE, ended, one_line(error), **blocked)


def _ended_by_itself(entry: Entry, context: StepContext, state: RecordingState) -> Change:
    message = None
    if state.status is RecordingStatus.EXITED_ABNORMALLY:
        message = "The recorder exited abnormally: it was put offline, or the service failed."
    change = uploading(entry, context, Ended.BY_ITSELF, message, state.files)
    if state.status in UPLOADED:
        return _finished(message, **{**change.values, "status": int(state.status)})
    return change


def _finished(message: str | None, **values: object) -> Change:
    return Change({**values, "state": State.DONE, "error": message, "maybe_started": False})
