"""The result of each operation: one description of its response for all known response formats.

*Documented* is the dialect of the documents: responses in an envelope, `project` as a list of one, a status as a
string. *Observed* is the dialect of known servers: bare responses, `project` as an object, files as an array, IDs as
strings. The descriptions accept both, with the same result.

A member is required only if the result is useless without it and the request does not contain it: the ID of a new
rule, the `sid` of a start. Everything else may be absent or null, so a successful call never fails because its response
omits a member. Members that a description does not name are kept in `extra`.

The generated models are not used, because they accept wrong scalars, raise a `KeyError` without a path, and do not
parse responses with an undocumented status.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any, Final

from agora_rest.client._json_reader import (
    DayNumber,
    Located,
    Number,
    Reader,
    Text,
    UnexpectedShape,
    UnixTime,
    Wire,
    WrittenInteger,
    day_number,
    in_utc,
    unix_time,
    unwrap_envelope,
)
from agora_rest.client.enums import (
    ChannelMode,
    ExtensionState,
    Platform,
    Privilege,
    ProjectStatus,
    RecordingMode,
    RecordingStatus,
    Role,
    RtmpStatus,
    UploadingStatus,
)
from agora_rest.client.models import (
    Ban,
    Channel,
    ChannelHosts,
    ChannelPage,
    ChannelUsers,
    DayMetrics,
    DayMinutes,
    KickingRule,
    Metric,
    Project,
    ProjectMinutes,
    RecordedFile,
    RecordingState,
    Resource,
    RtmpState,
    StartedRecording,
    StoppedRecording,
    UsageMetrics,
    UserState,
    WebState,
)

# ---- Cloud Recording


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


# ---- Projects


class _Project(Wire):
    id: Text
    vendor_key: Text
    name: str | None = None
    status: int | None = None
    created: UnixTime | None = None
    sign_key: str | None = None
    recording_server: str | None = None


def _project(item: _Project) -> Project:
    return Project(
        id=item.id,
        name=item.name or "",
        app_id=item.vendor_key,
        sign_key=item.sign_key or "",
        recording_server=item.recording_server,
        status=None if item.status is None else ProjectStatus(item.status),
        created=None if item.created is None else unix_time(item.created),
        extra=item.rest,
    )


def _one_project(value: dict[str, Any]) -> Located:
    """The project, under `project` or (find) `projects`, in a list or as an object (CO-13)."""
    name = "projects" if "projects" in value and "project" not in value else "project"
    if name not in value:
        raise UnexpectedShape(name)
    found = value[name]
    if type(found) is not list:
        return Located(found, name)
    if len(found) != 1:
        raise UnexpectedShape(name, f"one project, not {len(found)}", found)
    return Located(found[0], f"{name}[0]")


project: Final = Reader(_Project, _project, locate=_one_project)
"""One project."""


class _Done(Wire):
    """All members are optional: the status reports success."""

    success: Any = None


class _Optional(Reader[Project | None]):
    """The project if the response contains a valid one; the call has succeeded either way (CO-19 … CO-21)."""

    def read(self, value: dict[str, Any]) -> Project | None:
        try:
            return project.read(value)
        except UnexpectedShape:
            return None


done: Final[Reader[None]] = Reader(_Done, lambda _: None)
"""A success without a result (CO-18, CO-47)."""

project_if_given: Final = _Optional(_Done, lambda _: None)
"""The project if the server sends it, as the present documents state; those of 2020 print a bare success (CO-74)."""


class _Projects(Wire):
    projects: list[_Project]


def _projects(response: _Projects) -> tuple[Project, ...]:
    return tuple([_project(item) for item in response.projects])


projects: Final = Reader(_Projects, _projects, is_list=True)
"""All projects (CO-14)."""


# ---- Usage


class _DayMinutes(Wire):
    date: DayNumber
    audio: Number
    sd: Number
    hd: Number
    hdp: Number


class _ProjectMinutes(Wire):
    project: str
    daily: list[_DayMinutes]


class _Minutes(Wire):
    usages: list[_ProjectMinutes]


def _minutes(response: _Minutes) -> tuple[ProjectMinutes, ...]:
    return tuple(
        [
            ProjectMinutes(
                item.project,
                tuple(
                    [
                        DayMinutes(day_number(day.date), day.audio, day.sd, day.hd, day.hdp, extra=day.rest)
                        for day in item.daily
                    ]
                ),
                extra=item.rest,
            )
            for item in response.usages
        ]
    )


minutes: Final = Reader(_Minutes, _minutes, is_list=True)
"""Minutes by project and day (CO-32)."""


class _Metric(Wire):
    en: str | None = None
    unit: str | None = None
    cn: str | None = None


class _DayMetrics(Wire):
    date: datetime | UnixTime
    """The present document calls it a Unix time and prints an ISO 8601 time (CO-77)."""
    usage: dict[str, Number | None]


class _Metrics(Wire):
    usages: list[_DayMetrics]
    meta: dict[str, _Metric | None] | None = None


def _metrics(response: _Metrics) -> UsageMetrics:
    return UsageMetrics(
        {
            name: Metric(metric.cn, metric.en or "", metric.unit or "", extra=metric.rest)
            for name, metric in (response.meta or {}).items()
            if metric is not None
        },
        tuple([DayMetrics(_day(day.date), _without_nulls(day.usage), extra=day.rest) for day in response.usages]),
        extra=response.rest,
    )


def _day(written: datetime | int) -> datetime:
    try:
        return in_utc(written) if isinstance(written, datetime) else unix_time(written)
    except (ValueError, OverflowError):
        raise UnexpectedShape("usages.date", "a Unix time or an ISO 8601 time", written) from None


def _without_nulls(usage: dict[str, Number | None]) -> dict[str, Number]:
    return {name: figure for name, figure in usage.items() if figure is not None}


metrics: Final = Reader(_Metrics, _metrics, is_list=True)
"""The metrics of one business by day, with their meanings (CO-35)."""


# ---- Kicking rules


class _Created(Wire):
    id: WrittenInteger
    status: Any = None


class _Kicked(Wire):
    """The ID is not used: a one-time kick creates no rule, whichever ID the response has (CO-42, CO-85)."""

    id: Any = None
    status: Any = None


ban: Final = Reader(_Created, lambda response: Ban(id=int(response.id) or None, extra=response.rest))
"""A rule that was created (CO-40). The ID 0 is that of no rule (CO-85)."""

kick: Final = Reader(_Kicked, lambda response: Ban(id=None, extra=response.rest))
"""Users that were put offline without a rule (CO-42)."""


class _Update(Wire):
    id: WrittenInteger | None = None
    ts: datetime | None = None


class _Updated(Wire):
    result: _Update | None = None
    status: Any = None


def ban_end(rule: int) -> Reader[Ban]:
    """The changed rule and its new end (CO-46). The request contains its ID; the new end may be unknown."""

    def build(response: _Updated) -> Ban:
        result = response.result or _Update()
        ends_at = None if result.ts is None else in_utc(result.ts)
        return Ban(id=rule if result.id is None else int(result.id), ends_at=ends_at, extra=result.rest)

    return Reader(_Updated, build)


class _Rule(Wire):
    id: WrittenInteger
    appid: str | None = None
    cname: str | None = None
    uid: int | str | None = None
    ip: str | None = None
    ts: datetime | None = None
    createAt: datetime | None = None  # noqa: N815  the API's spelling
    updateAt: datetime | None = None  # noqa: N815
    opid: int | None = None
    privileges: list[str] | None = None


class _Rules(Wire):
    rules: list[_Rule]
    status: str | None = None


@cache
def rules(app_id: str) -> Reader[tuple[KickingRule, ...]]:
    """All rules of the App ID (CO-45), which is taken from the request if a rule omits it."""

    def build(response: _Rules) -> tuple[KickingRule, ...]:
        if response.status is not None and response.status.lower() != "success":
            raise ValueError("a refusal")
        return tuple(
            [
                KickingRule(
                    id=int(rule.id),
                    app_id=rule.appid or app_id,
                    channel=rule.cname or None,
                    uid=None if rule.uid == "" else rule.uid,
                    ip=rule.ip or None,
                    ends_at=_moment(rule.ts),
                    created_at=_moment(rule.createAt),
                    updated_at=_moment(rule.updateAt),
                    operation_id=rule.opid,
                    privileges=tuple(map(Privilege, rule.privileges or (Privilege.JOIN_CHANNEL,))),
                    extra=rule.rest,
                )
                for rule in response.rules
            ]
        )

    return Reader(_Rules, build, is_list=True)


def _moment(value: datetime | None) -> datetime | None:
    return None if value is None else in_utc(value)


# ---- Channels


class _UserProperty(Wire):
    in_channel: bool
    role: int | None = None
    join: UnixTime | None = None
    uid: int | str | None = None
    platform: int | None = None


class _UserResponse(Wire):
    data: _UserProperty


def _user_state(response: _UserResponse) -> UserState:
    data = response.data
    return UserState(
        in_channel=data.in_channel,
        joined_at=None if data.join is None else unix_time(data.join),
        role=None if data.role is None else Role(data.role),
        uid=data.uid,
        platform=None if data.platform is None else Platform(data.platform),
        extra=data.rest,
    )


user_state: Final = Reader(_UserResponse, _user_state)
"""Whether a user is in a channel (CO-50, CO-88). Everything else is optional, and missing for an absent user."""


class _Users(Wire):
    channel_exist: bool
    mode: int | None = None
    users: list[int | str] | None = None
    total: int | None = None
    broadcasters: list[int | str] | None = None
    audience: list[int | str] | None = None
    audience_total: int | None = None


class _UsersResponse(Wire):
    data: _Users
    success: bool = True


def _channel_users(response: _UsersResponse) -> ChannelUsers:
    data = response.data
    if not response.success:
        raise ValueError("a refusal")
    if not data.channel_exist:
        return ChannelUsers(exists=False, extra=data.rest)
    in_live_mode = data.users is None if data.mode is None else data.mode == ChannelMode.LIVE
    if in_live_mode:
        if data.broadcasters is None and data.audience is None:
            raise UnexpectedShape("data.broadcasters")
        audience = tuple(data.audience or ())
        return ChannelUsers(
            exists=True,
            mode=ChannelMode.LIVE,
            broadcasters=tuple(data.broadcasters or ()),
            audience=audience,
            audience_total=len(audience) if data.audience_total is None else data.audience_total,
            extra=data.rest,
        )
    if data.users is None:
        raise UnexpectedShape("data.users")
    users = tuple(data.users)
    return ChannelUsers(
        exists=True,
        mode=ChannelMode(ChannelMode.COMMUNICATION if data.mode is None else data.mode),
        users=users,
        total=len(users) if data.total is None else data.total,
        extra=data.rest,
    )


channel_users: Final = Reader(_UsersResponse, _channel_users, is_list=True)
"""The users in a channel, in one of three shapes (CO-51 … CO-53)."""


def _channel_hosts(response: _UsersResponse) -> ChannelHosts:
    listed = _channel_users(response)
    return ChannelHosts(
        exists=listed.exists,
        mode=listed.mode,
        hosts=listed.broadcasters,
        users=listed.users,
        total=listed.total,
        extra=listed.extra,
    )


channel_hosts: Final = Reader(_UsersResponse, _channel_hosts, is_list=True)
"""The hosts of a channel (CO-90), in the shapes of the list of users, without the audience."""


class _Channel(Wire):
    channel_name: str
    user_count: int | None = None


class _Page(Wire):
    channels: list[_Channel]
    total_size: int | None = None


class _PageResponse(Wire):
    data: _Page
    success: bool = True


def _channel_page(response: _PageResponse) -> ChannelPage:
    if not response.success:
        raise ValueError("a refusal")
    page = response.data
    channels = tuple([Channel(item.channel_name, item.user_count, extra=item.rest) for item in page.channels])
    return ChannelPage(channels, page.total_size, extra=page.rest)


channel_page: Final = Reader(_PageResponse, _channel_page, is_list=True)
"""One page of channels (CO-55)."""
