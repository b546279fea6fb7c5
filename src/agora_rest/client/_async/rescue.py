"""Ends a recording whose start may have succeeded although no response says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from agora_rest.client._async.calls import AsyncCalls
from agora_rest.client._modes import MIX, WEB
from agora_rest.client._recording_requests import request_body
from agora_rest.client._uncancellable import async_run_uncancellable
from agora_rest.client.enums import RecordingMode
from agora_rest.client.models import Ban, Resource, StartedRecording
from agora_rest.errors import AgoraError, AlreadyRecording, InvalidParameter, RecorderBusy, RecordingLost

if TYPE_CHECKING:
    from agora_rest.client._async.recording_calls import AsyncRecordingCalls

_AT_MOST: Final = "for its max_recording_hour at most"

_can_end = False
"""Whether everything that ends a recording is loaded."""


async def load_end(calls: AsyncCalls, app_id: str) -> None:
    """Load what ends a recording: later there may be no file descriptor left to read a module with."""
    global _can_end
    if _can_end:
        return
    from agora_cloud_recording.api.recordings import query_recording, stop_recording
    from agora_console.api.kicking_rules import create_kicking_rule, list_kicking_rules

    from agora_rest.client._async.kicking_rules import AsyncKickingRules  # noqa: F401

    recording = {"appid": app_id, "resourceid": "any", "sid": "any", "mode": str(MIX)}
    rule = {"appid": app_id, "cname": "any", "uid": 1, "time": 1, "privileges": ["join_channel"]}
    calls.check(query_recording.request(**recording))
    calls.check(stop_recording.request(**recording, body=request_body("any", "1", {})))
    calls.check(create_kicking_rule.request(body=rule))
    calls.check(list_kicking_rules.request(appid=app_id))
    _can_end = True


async def rescue_start(
    recordings: AsyncRecordingCalls,
    acquired: Resource,
    cause: BaseException | None,
    mode: RecordingMode,
    start: Callable[[Resource], Any],
) -> RecordingLost:
    """End a recording that may have started. Returns the error that describes its state."""

    async def rescue() -> RecordingLost:
        if mode is WEB:
            return await _rescue_web(recordings, acquired, cause, start)
        return await _rescue(recordings, acquired, cause)

    # A cancelled task must not leave a recording behind.
    return await async_run_uncancellable(rescue)


async def _rescue(recordings: AsyncRecordingCalls, acquired: Resource, cause: BaseException | None) -> RecordingLost:
    """Put the recorder in a channel offline."""
    message = _unknown(acquired, cause)
    try:
        rule = await recordings.put_offline(acquired.channel, acquired.uid)
    except Exception as failure:  # noqa: BLE001  whatever it is, the caller has to know what may be running
        message += f" Putting the recorder offline failed ({failure}), so it may be running until the channel is "
        message += f"empty for its idle time. Starting {acquired} again is safe, and may give the sid."
        return _lost(message, acquired, may_be_running=True)
    message += f" The recorder was put offline, so nothing runs; rule {rule.id} keeps it out for a minute: "
    message += "wait until then before you start again, or record with another user ID."
    return _lost(message, acquired, may_be_running=False, rule=rule)


async def _rescue_web(
    recordings: AsyncRecordingCalls, acquired: Resource, cause: BaseException | None, start: Callable[[Resource], Any]
) -> RecordingLost:
    """Repeat the start of a web page's recording, which gives its sid or starts it, and stop it."""
    message = f"{_unknown(acquired, cause)} No kicking rule reaches the recorder of a web page."
    try:
        started: StartedRecording = await start(acquired)
    except InvalidParameter as failure:
        message += f" The start was repeated and refused as invalid ({failure}), so nothing runs."
        return _lost(message, acquired, may_be_running=False)
    except Exception as failure:  # noqa: BLE001  as above
        state = "is running" if isinstance(failure, AlreadyRecording | RecorderBusy) else "may be running"
        message += f" Repeating its start failed ({failure}), so it {state}, {_AT_MOST}."
        return _lost(message, acquired, may_be_running=True)
    return await _ended_web(
        recordings, started, f"{message} The start was repeated with the same resource ID", acquired
    )


async def _ended_web(
    recordings: AsyncRecordingCalls, started: StartedRecording, message: str, acquired: Resource
) -> RecordingLost:
    """Stop a recording whose start was repeated."""
    may_be_running = False
    try:
        await recordings._note_started(started)  # noqa: SLF001  part of these recordings
        await recordings.handle(started).end()
        message += ", and that recording stopped, so nothing runs."
    except Exception as failure:  # noqa: BLE001  as above
        may_be_running = not isinstance(failure, AgoraError) or failure.may_be_running
        state = f"may be running, {_AT_MOST}" if may_be_running else "is not running any more"
        message += f", but stopping it failed ({failure}), so it {state}."
    lost = _lost(message, acquired, may_be_running=may_be_running)
    lost.sid = started.sid
    return lost


def _unknown(acquired: Resource, cause: BaseException | None) -> str:
    started = "was" if isinstance(cause, AlreadyRecording) else "may have been"
    return f"The recording of {acquired.channel!r} by {acquired.uid} {started} started, but its sid is unknown."


def _lost(message: str, acquired: Resource, *, may_be_running: bool, rule: Ban | None = None) -> RecordingLost:
    return RecordingLost(
        message,
        resource_id=acquired.resource_id,
        channel=acquired.channel,
        uid=acquired.uid,
        may_be_running=may_be_running,
        rule_id=rule.id if rule else None,
    )
