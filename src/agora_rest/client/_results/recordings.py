"""The results of calls of recordings."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from agora_rest.client._json_reader import (
    Located,
    Reader,
    Text,
    Wire,
    WrittenInteger,
    unix_time,
)
from agora_rest.client._reading import UnexpectedShape, unwrap_envelope
from agora_rest.client.enums import ExtensionState, RecordingMode, RecordingStatus, RtmpStatus, UploadingStatus
from agora_rest.client.models import (
    RecordedFile,
    RecordingState,
    Resource,
    RtmpState,
    StartedRecording,
    StoppedRecording,
    WebState,
)


def _inside(value: dict[str, Any]) -> Located:
    """The content of the envelope, with the undocumented members beside it."""
    body = unwrap_envelope(value)[1]
    if body is value:
        return Located(value)
    beside = {name: member for name, member in value.items() if name not in ("Code", "code", "Body")}
    return Located({**beside, **body}, "Body")


class _Echo(Wire, kw_only=True):
    """Repeats the request, as observed servers do."""

    cname: Any = None
    uid: Any = None


class _Acquired(_Echo):
    resourceId: Text  # noqa: N815  the API's spelling


def resource(channel: str, uid: str, mode: RecordingMode = RecordingMode.MIX) -> Reader[Resource]:
    """The resource ID that acquire returns for `channel`, `uid` and `mode` (CR-10)."""

    def build(response: _Acquired) -> Resource:
        return Resource(resource_id=response.resourceId, channel=channel, uid=uid, mode=mode, extra=response.rest)

    return Reader(_Acquired, build, locate=_inside)


class _Started(_Echo):
    sid: Text
    resourceId: Any = None  # noqa: N815


def started(acquired: Resource, mode: RecordingMode = RecordingMode.MIX) -> Reader[StartedRecording]:
    """The recording that a start in `mode` with the resource `acquired` returns (CR-36)."""

    def build(response: _Started) -> StartedRecording:
        return StartedRecording(
            resource_id=acquired.resource_id,
            sid=response.sid,
            channel=acquired.channel,
            uid=acquired.uid,
            mode=mode,
            extra=response.rest,
        )

    return Reader(_Started, build, locate=_inside)


class _Changed(_Echo):
    """All members are optional: the status reports success."""

    resourceId: Any = None  # noqa: N815
    sid: Any = None


changed: Final[Reader[None]] = Reader(_Changed, lambda _: None, locate=_inside)
"""The result of an update (CR-145, CR-151)."""


class _ServerResponse(Wire):
    """Only the status is described. The rest differs by mode and server, and is read by `_Members`."""

    status: WrittenInteger


class _Queried(_Echo):
    serverResponse: _ServerResponse  # noqa: N815
    resourceId: Any = None  # noqa: N815
    sid: Any = None


def _recording_state(response: _Queried) -> RecordingState:
    server = _Members(response.serverResponse.rest)
    files = server.files()
    if server.left.get("fileList") not in (None, ""):
        raise UnexpectedShape("serverResponse.fileList", "a string or an array of files", server.left["fileList"])
    web, rtmp = server.web(), server.rtmp()
    started_at = server.take_time("sliceStartTime")
    return RecordingState(
        status=RecordingStatus(int(response.serverResponse.status)),
        files=files,
        started_at=started_at,
        web=web,
        rtmp=rtmp,
        extra={**response.rest, **server.left},
    )


recording_state: Final = Reader(_Queried, _recording_state, locate=_inside)
"""The state of a recording (CR-41, CR-42, CR-137 … CR-143). Services in an unknown shape are kept in `extra`."""


class _Stopped(_Echo):
    """All members are optional: see `stopped`."""

    resourceId: Any = None  # noqa: N815
    sid: Any = None
    serverResponse: Any = None  # noqa: N815


def _stop(response: _Stopped) -> StoppedRecording:
    server = response.serverResponse
    if not (isinstance(response.sid, str) or isinstance(response.resourceId, str) or isinstance(server, dict)):
        raise UnexpectedShape("sid")
    if not isinstance(server, dict):
        server = {} if server is None else {"serverResponse": server}
    members = _Members({**response.rest, **server})
    status, files = members.uploading_status(), members.files()
    return StoppedRecording(uploading_status=status, files=files, extra=members.left)


stopped: Final = Reader(_Stopped, _stop, locate=_inside)
"""The result of a stop (CR-51, CR-153, CR-154).

A success that names a recording, or at least has a `serverResponse`, means that the recording was stopped, whatever
else is missing: a retry would only be refused. Members in an unknown shape are kept in `extra`.
"""


class _Members:
    """The members of a `serverResponse`, which differ by mode and server. What is understood is taken out of `left`."""

    def __init__(self, members: dict[str, Any]) -> None:
        self.left = dict(members)

    def files(self) -> tuple[RecordedFile, ...]:
        """The files of a channel, or of a web page."""
        found = _files(self.left.get("fileList"))
        if found is not None:
            self.left.pop("fileList", None)
            self.left.pop("fileListMode", None)
        return found or tuple(file for payload in self._payloads() for file in _files(payload.get("fileList")) or ())

    def uploading_status(self) -> UploadingStatus:
        """The state of the upload; in mode `web` it is that of a service (CR-154)."""
        status = self.left.get("uploadingStatus")
        if status is None or (isinstance(status, str) and status):
            self.left.pop("uploadingStatus", None)
        else:
            status = None
        if status is None:
            stated = [payload.get("uploadingStatus") for payload in self._payloads()]
            status = next((each for each in stated if isinstance(each, str) and each), UploadingStatus.UNKNOWN)
        return UploadingStatus(status)

    def web(self) -> WebState | None:
        """The recorder of a web page (CR-139)."""
        for payload in self._payloads("web_recorder_service"):
            state, onhold = payload.get("state"), payload.get("onhold")
            return WebState(
                state=ExtensionState(state) if isinstance(state, str) and state else None,
                onhold=onhold if isinstance(onhold, bool) else None,
            )
        return None

    def rtmp(self) -> tuple[RtmpState, ...]:
        """The addresses that a web page is pushed to (CR-140)."""
        return tuple(
            _rtmp_state(output)
            for payload in self._payloads("rtmp_publish_service")
            for output in (payload["outputs"] if isinstance(payload.get("outputs"), list) else [])
            if isinstance(output, dict)
        )

    def take_time(self, name: str) -> datetime | None:
        """A Unix time in seconds or milliseconds (CR-142)."""
        found = _time(self.left.get(name))
        if found is not None:
            del self.left[name]
        return found

    def _payloads(self, service: str | None = None) -> list[dict[str, Any]]:
        """The payloads of a service, or of all; some servers spell it `playload`."""
        states = self.left.get("extensionServiceState")
        found = [
            state.get("payload", state.get("playload"))
            for state in (states if isinstance(states, list) else [])
            if isinstance(state, dict) and service in (None, state.get("serviceName"))
        ]
        return [payload for payload in found if isinstance(payload, dict)]


def _rtmp_state(output: dict[str, Any]) -> RtmpState:
    url, status = output.get("rtmpUrl"), output.get("status")
    return RtmpState(
        url=url if isinstance(url, str) else "",
        status=RtmpStatus(status) if isinstance(status, str) and status else None,
        extra={name: member for name, member in output.items() if name not in ("rtmpUrl", "status")},
    )


def _files(listed: object) -> tuple[RecordedFile, ...] | None:
    """The files of a list in any known shape: one name, names, or objects. None for an unknown shape."""
    if listed is None or isinstance(listed, str):
        return (RecordedFile(name=listed),) if listed else ()
    if not isinstance(listed, list) or not all(map(_is_file, listed)):
        return None
    return tuple(RecordedFile(name=item) if isinstance(item, str) else _file(item) for item in listed)


def _is_file(item: object) -> bool:
    if isinstance(item, str):
        return True
    return isinstance(item, dict) and all(isinstance(item.get(name), str | None) for name in ("fileName", "filename"))


def _file(item: dict[str, Any]) -> RecordedFile:
    left = dict(item)
    names = [name for name in ("fileName", "filename") if isinstance(item.get(name), str)]
    name = next((item[each] for each in names if item[each]), "")
    for each in names:
        if item[each] in ("", name):
            del left[each]

    def take(member: str, kind: type) -> Any:
        return left.pop(member) if type(left.get(member)) is kind else None

    started_at = _time(left.get("sliceStartTime"))
    if started_at is not None:
        del left["sliceStartTime"]
    uid, track_type, is_playable = take("uid", str), take("trackType", str), take("isPlayable", bool)
    return RecordedFile(
        name=name, uid=uid, track_type=track_type, is_playable=is_playable, started_at=started_at, extra=left
    )


def _time(value: object) -> datetime | None:
    """A Unix time in seconds or milliseconds; None for 0, which stands for no time, and for anything else."""
    if type(value) is not int or value <= 0:
        return None
    try:
        return unix_time(value)
    except OverflowError:
        return None
