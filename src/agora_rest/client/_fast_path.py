"""Lists that are exactly as the documents print them, from their bytes to the result in one go.

`_dialects` looks at every member of every answer, which for thousands of rows takes several times what
parsing them does. Nearly all answers have nothing odd in them, and msgspec can tell: the structs here admit the
documented members and no other. What does not fit in any way makes a function here return None, and then `dialects`
reads it and finds the words for what is wrong. Both give the same result.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Final, Literal, TypeVar

from msgspec import DecodeError, Meta, Struct
from msgspec.json import Decoder

from agora_rest.client._json_reader import day_number, unix_time
from agora_rest.client.enums import ChannelMode, ProjectStatus
from agora_rest.client.models import (
    Channel,
    ChannelPage,
    ChannelUsers,
    DayMetrics,
    DayMinutes,
    KickingRule,
    Metric,
    Project,
    ProjectMinutes,
    UsageMetrics,
)

Answer = TypeVar("Answer", bound=Struct)
Result = TypeVar("Result")

Text = Annotated[str, Meta(min_length=1)]
Number = int | float
Moment = Annotated[datetime, Meta(tz=True)]


class Documented(Struct, forbid_unknown_fields=True):
    """An object that has the members its subclass names and no other."""


def _reader(answer: type[Answer], result: Callable[[Answer], Result]) -> Callable[[bytes], Result | None]:
    """Makes the function that reads an `answer`: its `result`, or None where anything about it is unusual."""
    decode = Decoder(answer).decode

    def read(content: bytes) -> Result | None:
        try:
            return result(decode(content))
        except (DecodeError, ValueError, OverflowError, RecursionError):
            return None

    return read


class _Odd(ValueError):  # noqa: N818  not an error to anybody
    """What a struct cannot say is not as documented."""


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is not UTC:
        raise _Odd
    return moment


# ---- Projects


class _Project(Documented):
    id: Text
    name: str
    vendor_key: Text
    status: int
    created: int
    sign_key: str | None = None
    recording_server: str | None = None


class _Projects(Documented):
    projects: list[_Project]


def _projects(answer: _Projects) -> tuple[Project, ...]:
    return tuple(
        [
            Project(
                id=item.id,
                name=item.name,
                app_id=item.vendor_key,
                sign_key=item.sign_key or "",
                recording_server=item.recording_server,
                status=ProjectStatus(item.status),
                created=unix_time(item.created),
            )
            for item in answer.projects
        ]
    )


projects: Final = _reader(_Projects, _projects)
"""All projects (CO-14)."""


# ---- Usage


class _DayMinutes(Documented):
    date: int
    audio: Number
    sd: Number
    hd: Number
    hdp: Number


class _ProjectMinutes(Documented):
    project: str
    daily: list[_DayMinutes]


class _Minutes(Documented):
    usages: list[_ProjectMinutes]


def _minutes(answer: _Minutes) -> tuple[ProjectMinutes, ...]:
    return tuple(
        [
            ProjectMinutes(
                item.project,
                tuple([DayMinutes(day_number(day.date), day.audio, day.sd, day.hd, day.hdp) for day in item.daily]),
            )
            for item in answer.usages
        ]
    )


minutes: Final = _reader(_Minutes, _minutes)
"""Minutes by project and day (CO-32)."""


class _Metric(Documented):
    en: str
    unit: str
    cn: str | None = None


class _DayMetrics(Documented):
    date: Moment
    usage: dict[str, Number]


class _Metrics(Documented):
    meta: dict[str, _Metric]
    usages: list[_DayMetrics]


def _metrics(answer: _Metrics) -> UsageMetrics:
    return UsageMetrics(
        {name: Metric(metric.cn, metric.en, metric.unit) for name, metric in answer.meta.items()},
        tuple([DayMetrics(_utc(day.date), day.usage) for day in answer.usages]),
    )


metrics: Final = _reader(_Metrics, _metrics)
"""The figures of one business by day, and what they mean (CO-35)."""


# ---- Kicking rules


class _Rule(Documented):
    id: int
    appid: str
    ts: Moment
    createAt: Moment  # noqa: N815  the documents' spelling
    updateAt: Moment  # noqa: N815
    cname: str | None = None
    uid: int | None = None
    ip: str | None = None
    opid: int | None = None


class _Rules(Documented):
    rules: list[_Rule]
    status: Literal["success"] = "success"


def _rules(answer: _Rules) -> tuple[KickingRule, ...]:
    return tuple(
        [
            KickingRule(
                id=rule.id,
                app_id=rule.appid,
                channel=rule.cname or None,
                uid=rule.uid,
                ip=rule.ip or None,
                ends_at=_utc(rule.ts),
                created_at=_utc(rule.createAt),
                updated_at=_utc(rule.updateAt),
                operation_id=rule.opid,
            )
            for rule in answer.rules
        ]
    )


rules: Final = _reader(_Rules, _rules)
"""All rules of an App ID (CO-45)."""


# ---- Channels


class _Channel(Documented):
    channel_name: str
    user_count: int


class _Page(Documented):
    channels: list[_Channel]
    total_size: int


class _PageAnswer(Documented):
    success: bool
    data: _Page


def _channel_page(answer: _PageAnswer) -> ChannelPage:
    if not answer.success:
        raise _Odd
    page = answer.data
    return ChannelPage(tuple([Channel(item.channel_name, item.user_count) for item in page.channels]), page.total_size)


channel_page: Final = _reader(_PageAnswer, _channel_page)
"""One page of channels (CO-55)."""


class _Users(Documented):
    channel_exist: bool
    mode: int
    users: list[int | str] | None = None
    total: int | None = None
    broadcasters: list[int | str] | None = None
    audience: list[int | str] | None = None
    audience_total: int | None = None


class _UsersAnswer(Documented):
    success: bool
    data: _Users


def _channel_users(answer: _UsersAnswer) -> ChannelUsers:
    match answer.success, answer.data:
        case True, _Users(True, ChannelMode.LIVE, None, None, list(broadcasters), list(audience), int(total)):
            return ChannelUsers(
                exists=True,
                mode=ChannelMode.LIVE,
                broadcasters=tuple(broadcasters),
                audience=tuple(audience),
                audience_total=total,
            )
        case True, _Users(True, ChannelMode.COMMUNICATION, list(users), int(total), None, None, None):
            return ChannelUsers(exists=True, mode=ChannelMode.COMMUNICATION, users=tuple(users), total=total)
    raise _Odd


channel_users: Final = _reader(_UsersAnswer, _channel_users)
"""Who is in a channel (CO-51, CO-52)."""
