"""The changes that steps result in."""

from __future__ import annotations

from typing import Any

from agora_rest import RecordedFile, UploadingStatus
from agora_rest.client._retries import Effect
from agora_rest.errors import ApiError, CallError, InvalidArgument
from agora_rest.fleet.entry import Entry
from agora_rest.fleet.outcomes import effect_of, one_line
from agora_rest.fleet.rows import Change
from agora_rest.fleet.states import Ended, Lane, State
from agora_rest.fleet.step_context import StepContext

_LANES = {State.INTENT: Lane.START, State.ACQUIRED: Lane.START, State.STARTED: Lane.QUERY, State.UPLOADING: Lane.QUERY}
_BEFORE_ITS_END = (State.INTENT, State.ACQUIRED, State.STARTED)

LONG_POLL_INTERVAL = 3600.0
"""Seconds between two queries of a recording without a due time."""


def later(entry: Entry, context: StepContext, message: str | None, seconds: float, **values: Any) -> Change:
    """Repeat the step after so many seconds, or at the due end if that is earlier; at once if it has passed."""
    next_at = context.now() + seconds
    lane = _LANES.get(entry.state, Lane.STOP)
    if entry.state in _BEFORE_ITS_END and entry.stop_at is not None and entry.stop_at < next_at:
        next_at, lane = max(entry.stop_at, context.now()), lane if lane is Lane.START else Lane.STOP
    return Change({"error": message, "attempts": entry.attempts + 1, **values}, next_at=next_at, lane=lane)


def again(entry: Entry, context: StepContext, error: CallError | InvalidArgument, **values: Any) -> Change:
    """Repeat the step: later if the call may have taken effect, and with growing delays.

    A Retry-After is observed up to `Timings.longest`: a recording that waits for its stop costs money.
    """
    if isinstance(error, CallError) and effect_of(error) is Effect.NONE:
        asked = (isinstance(error, ApiError) and error.retry_after) or 0.0
        seconds = max(context.timings.turned_away, min(asked, context.timings.longest))
    else:
        seconds = context.timings.backoff(entry.attempts + 1)
    return later(entry, context, one_line(error), seconds, **values)


def running(entry: Entry, context: StepContext, sid: str) -> Change:
    """The recording runs, and its sid is known."""
    now = context.now()
    values: dict[str, Any] = {"state": State.STARTED, "sid": sid, "maybe_started": False, "error": None, "attempts": 0}
    started = {"started_at": entry.started_at or now, "missing_since": None}
    return query_again(entry, context, context.timings.first_query, **values, **started)


def query_again(entry: Entry, context: StepContext, seconds: float, **values: Any) -> Change:
    """The recording continues: query it again after so many seconds, or stop it if its end is due earlier."""
    next_at, lane = context.now() + seconds, Lane.QUERY
    if entry.stop_at is not None and entry.stop_at <= next_at:
        next_at, lane = max(entry.stop_at, context.now()), Lane.STOP
    return Change(values, next_at=next_at, lane=lane)


def lost(context: StepContext, message: str | None, *, now: bool = False) -> Change:
    """The recording runs, or may run, without a known sid. With `now`, put it offline before its end is due."""
    values: dict[str, Any] = {"state": State.LOST, "sid": None, "maybe_started": True, "error": message, "attempts": 0}
    return Change(values | ({"stop_at": context.now()} if now else {}), next_at=context.now(), lane=Lane.STOP)


def over(context: StepContext, state: State, ended: Ended | None, message: str | None = None, **values: Any) -> Change:
    """The recording is final: nothing is left to do."""
    return Change(
        {"state": state, "ended": ended, "ended_at": context.now(), "error": message, "maybe_started": False, **values}
    )


def files_of(files: tuple[RecordedFile, ...], entry: Entry) -> list[str]:
    """The names of files, or the earlier ones if the response has none."""
    return [file.name for file in files] or list(entry.files)


def uploading(
    entry: Entry, context: StepContext, ended: Ended, message: str | None = None, files: tuple[RecordedFile, ...] = ()
) -> Change:
    """The recording is over; its files have yet to be queried."""
    values: dict[str, Any] = {
        "state": State.UPLOADING,
        "ended": ended,
        "ended_at": context.now(),
        "files": files_of(files, entry),
        "uploading_status": UploadingStatus.UNKNOWN,
        "error": message,
        "attempts": 0,
        "missing_since": None,
    }
    return Change(values, next_at=context.now(), lane=Lane.QUERY)
