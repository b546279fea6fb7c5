"""The responses of the present documents about a recording, by its mode (CR-137 … CR-143, CR-153, CR-154)."""

from __future__ import annotations

from typing import Any

from agora_rest.emulator.clock import Instant
from agora_rest.emulator.current_recordings import CurrentRecording
from agora_rest.emulator.modes import RecordingMode
from agora_rest.emulator.recorded_files import RecordedFile, recorded_files
from agora_rest.emulator.recordings import UploadingStatus


def progress(recording: CurrentRecording, now: Instant) -> dict[str, Any]:
    """The `serverResponse` of `query`."""
    status = {"status": recording.status(now)}
    if recording.mode is RecordingMode.WEB:
        return {**status, "extensionServiceState": _services(recording, now)}
    return {**status, **_files(recording, now), "sliceStartTime": _milliseconds(recording.started_at)}


def outcome(recording: CurrentRecording, uploading: UploadingStatus, now: Instant) -> dict[str, Any]:
    """The `serverResponse` of `stop`."""
    if recording.mode is RecordingMode.WEB:
        upload = {"serviceName": "upload_service", "payload": {"uploadingStatus": uploading}}
        return {"extensionServiceState": [upload, _recorder(recording, now)]}
    return {**_files(recording, now), "uploadingStatus": uploading}


def _services(recording: CurrentRecording, now: Instant) -> list[dict[str, Any]]:
    services = [_recorder(recording, now)]
    if (push := recording.push) is not None:
        output = {"rtmpUrl": push.url, "status": push.status(now, on_hold=recording.on_hold)}
        payload = {"state": recording.service_state(now), "outputs": [output]}
        services.append({"serviceName": "rtmp_publish_service", "payload": payload})
    return services


def _recorder(recording: CurrentRecording, now: Instant) -> dict[str, Any]:
    files = [
        {"filename": file.name, "sliceStartTime": _milliseconds(file.since)} for file in recorded_files(recording, now)
    ]
    payload = {"state": recording.service_state(now), "onhold": recording.on_hold, "fileList": files}
    return {"serviceName": "web_recorder_service", "payload": payload}


def _files(recording: CurrentRecording, now: Instant) -> dict[str, Any]:
    """Nothing before the first file, and nothing with snapshots only; a string in mode `mix` without MP4 (CR-141)."""
    files = recorded_files(recording, now)
    if not files:
        return {}
    if recording.mode is RecordingMode.MIX and "mp4" not in recording.file_types:
        return {"fileListMode": "string", "fileList": files[-1].name}
    return {"fileListMode": "json", "fileList": [_entry(recording, file) for file in files]}


def _entry(recording: CurrentRecording, file: RecordedFile) -> dict[str, Any]:
    return {
        "fileName": file.name,
        "trackType": file.track_type,
        "uid": str(file.uid),
        "mixedAllUser": recording.mode is RecordingMode.MIX,
        "isPlayable": True,
        "sliceStartTime": _milliseconds(file.since),
    }


def _milliseconds(at: Instant) -> int:
    return int(at * 1000)
