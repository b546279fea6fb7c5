"""From what servers send to what callers get: the one place that knows both dialects.

*Documented* is what the documents print: answers in an envelope, `project` as a list of one, a status as a string.
*Observed* is what servers are known to send: bare answers, `project` as an object, files as an array, ids as strings.
Every function here takes the JSON object of a successful answer in either and gives one and the same result, or raises
`Unreadable`.

It reads the JSON itself rather than the generated models. Those let a wrong scalar pass, so every value would have to
be looked at again; they end at a `KeyError` that names no path; and they read nothing of a status the documents do not
name.
"""

from __future__ import annotations

from typing import Any, Final

from agora_rest.client._json_reader import Fields, Unreadable, opened
from agora_rest.client.enums import ChannelMode, ProjectStatus, RecordingStatus, Role, UploadingStatus
from agora_rest.client.models import (
    Ban,
    Channel,
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
    StartedRecording,
    StoppedRecording,
    UsageMetrics,
    UserState,
)

_ECHOES: Final = ("cname", "uid")
"""What observed servers repeat of the request."""


# ---- Cloud Recording


def resource(value: Any, channel: str, uid: str) -> Resource:
    """The answer to `acquire` (CR-10) for `channel` and `uid`."""
    body = _inside(value)
    body.drop(*_ECHOES)
    return Resource(resource_id=body.text("resourceId", empty=False), channel=channel, uid=uid, extra=body.rest)


def started(value: Any, acquired: Resource) -> StartedRecording:
    """The answer to `start` (CR-36) with the resource `acquired`."""
    body = _inside(value)
    body.drop(*_ECHOES, "resourceId")
    return StartedRecording(
        resource_id=acquired.resource_id,
        sid=body.text("sid", empty=False),
        channel=acquired.channel,
        uid=acquired.uid,
        extra=body.rest,
    )


def recording_state(value: Any) -> RecordingState:
    """The answer to `query` (CR-41, CR-42)."""
    body = _inside(value)
    response = body.object("serverResponse")
    body.drop(*_ECHOES, "resourceId", "sid")
    return RecordingState(
        status=RecordingStatus(response.written_integer("status")),
        files=_files(response),
        extra={**body.rest, **response.rest},
    )


def stopped(value: Any) -> StoppedRecording:
    """The answer to `stop` (CR-51)."""
    body = _inside(value)
    response = body.object("serverResponse")
    body.drop(*_ECHOES, "resourceId", "sid")
    return StoppedRecording(
        uploading_status=UploadingStatus(response.text("uploadingStatus")),
        files=_files(response),
        extra={**body.rest, **response.rest},
    )


def _inside(value: Any) -> Fields:
    """What is in the envelope, and what an envelope has beside it that the documents do not know."""
    body = opened(value)[1]
    if body is value:
        return Fields(value)
    beside = {name: member for name, member in value.items() if name not in ("Code", "code", "Body")}
    return Fields({**beside, **body}, "Body")


def _files(response: Fields) -> tuple[RecordedFile, ...]:
    """One name as documented, or an array; empty or missing while there is no file."""
    where = response.path("fileList")
    response.drop("fileListMode")
    listed = response.rest.pop("fileList", None)
    if type(listed) is str or listed is None:
        return (RecordedFile(name=listed),) if listed else ()
    if type(listed) is not list:
        raise Unreadable(where, "a string or an array", listed)
    return tuple(_file(Fields(item, where, number)) for number, item in enumerate(listed))


def _file(item: Fields) -> RecordedFile:
    """Servers have spelled its name in two ways. One without a name is no reason to lose the rest of the answer."""
    spelling = "filename" if "filename" in item and "fileName" not in item else "fileName"
    return RecordedFile(name=item.text_or_none(spelling) or "", extra=item.rest)


# ---- Projects


def project(value: Any) -> Project:
    """One project, under `project` or (found) `projects`, in a list or by itself (CO-13)."""
    answer = Fields(value)
    name = "projects" if "projects" in answer and "project" not in answer else "project"
    found = answer.take(name)
    if type(found) is list:
        if len(found) != 1:
            raise Unreadable(answer.path(name), f"one project, not {len(found)}", found)
        return _project(Fields(found[0], name, 0))
    return _project(Fields(found, name))


def project_if_given(value: Any) -> Project | None:
    """The project where an observed server sends it; documented is a bare success (CO-19 … CO-21)."""
    if type(value) is dict and ("project" in value or "projects" in value):
        return project(value)
    success(value)
    return None


def projects(value: Any) -> tuple[Project, ...]:
    """All projects (CO-14)."""
    return tuple(map(_project, Fields(value).objects("projects")))


def success(value: Any) -> None:
    """An answer that says no more than that it is done (CO-18)."""
    answer = Fields(value)
    if not answer.flag("success"):
        raise Unreadable("success", "true", False)


def _project(item: Fields) -> Project:
    return Project(
        id=item.text("id", empty=False),
        name=item.text("name"),
        app_id=item.text("vendor_key", empty=False),
        sign_key=item.text_or_none("sign_key") or "",
        recording_server=item.text_or_none("recording_server"),
        status=ProjectStatus(item.integer("status")),
        created=item.unix_time("created"),
        extra=item.rest,
    )


# ---- Usage


def minutes(value: Any) -> tuple[ProjectMinutes, ...]:
    """Minutes by project and day (CO-32)."""
    return tuple(
        ProjectMinutes(
            project=item.text("project"),
            daily=tuple(map(_day_minutes, item.objects("daily"))),
            extra=item.rest,
        )
        for item in Fields(value).objects("usages")
    )


def metrics(value: Any) -> UsageMetrics:
    """The figures of one business by day, and what they mean (CO-35)."""
    answer = Fields(value)
    meta = answer.object("meta")
    return UsageMetrics(
        meta={name: _metric(meta.object(name)) for name in list(meta.rest)},
        days=tuple(map(_day_metrics, answer.objects("usages"))),
        extra=answer.rest,
    )


def _day_minutes(fields: Fields) -> DayMinutes:
    return DayMinutes(
        date=fields.day_number("date"),
        audio=fields.number("audio"),
        sd=fields.number("sd"),
        hd=fields.number("hd"),
        hdp=fields.number("hdp"),
        extra=fields.rest,
    )


def _metric(item: Fields) -> Metric:
    return Metric(cn=item.text_or_none("cn"), en=item.text("en"), unit=item.text("unit"), extra=item.rest)


def _day_metrics(item: Fields) -> DayMetrics:
    usage = item.object("usage")
    return DayMetrics(
        date=item.iso_time("date"),
        usage={name: usage.number(name) for name in list(usage.rest)},
        extra=item.rest,
    )


# ---- Kicking rules


def ban(value: Any) -> Ban:
    """A rule that was created or deleted (CO-40, CO-47)."""
    answer = Fields(value)
    answer.drop("status")
    return Ban(id=answer.written_integer("id"), extra=answer.rest)


def ban_end(value: Any) -> Ban:
    """A rule that was changed, and its new end (CO-46)."""
    result = Fields(value).object("result")
    return Ban(id=result.written_integer("id"), ends_at=result.iso_time("ts"), extra=result.rest)


def rules(value: Any) -> tuple[KickingRule, ...]:
    """All rules of an App ID (CO-45)."""
    return tuple(map(_rule, Fields(value).objects("rules")))


def _rule(item: Fields) -> KickingRule:
    return KickingRule(
        id=item.written_integer("id"),
        app_id=item.text("appid"),
        channel=item.text_or_none("cname") or None,
        uid=item.integer_or_none("uid"),
        ip=item.text_or_none("ip") or None,
        ends_at=item.iso_time("ts"),
        created_at=item.iso_time("createAt"),
        updated_at=item.iso_time("updateAt"),
        operation_id=item.integer_or_none("opid"),
        extra=item.rest,
    )


# ---- Channels


def user_state(value: Any) -> UserState:
    """Whether a user is in a channel (CO-50). Of one who is not there, the rest may be missing."""
    data = Fields(value).object("data")
    there = data.flag("in_channel")
    role = data.integer("role") if there else data.integer_or_none("role")
    return UserState(
        in_channel=there,
        joined_at=data.unix_time("join") if there or data.rest.get("join") is not None else None,
        role=None if role is None else Role(role),
        extra=data.rest,
    )


def channel_users(value: Any) -> ChannelUsers:
    """Who is in a channel, in one of three shapes (CO-51 … CO-53)."""
    data = Fields(value).object("data")
    if not data.flag("channel_exist"):
        return ChannelUsers(exists=False, extra=data.rest)
    mode = ChannelMode(data.integer("mode"))
    if mode == ChannelMode.LIVE:
        return ChannelUsers(
            exists=True,
            mode=mode,
            broadcasters=_uids(data, "broadcasters"),
            audience=_uids(data, "audience"),
            audience_total=data.integer("audience_total"),
            extra=data.rest,
        )
    return ChannelUsers(
        exists=True, mode=mode, users=_uids(data, "users"), total=data.integer("total"), extra=data.rest
    )


def channel_page(value: Any) -> ChannelPage:
    """One page of channels (CO-55)."""
    data = Fields(value).object("data")
    return ChannelPage(
        channels=tuple(map(_channel, data.objects("channels"))),
        total_size=data.integer("total_size"),
        extra=data.rest,
    )


def _channel(item: Fields) -> Channel:
    return Channel(name=item.text("channel_name"), user_count=item.integer("user_count"), extra=item.rest)


def _uids(data: Fields, name: str) -> tuple[int | str, ...]:
    """Up to ten thousand of them, so they are looked at as a whole."""
    where = data.path(name)
    uids = data.array(name)
    if not set(map(type, uids)) <= {int, str}:
        raise Unreadable(where, "an array of user IDs", uids)
    return tuple(uids)
