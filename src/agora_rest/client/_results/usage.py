"""The results of calls of usage."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from agora_rest.client._json_reader import (
    DayNumber,
    Number,
    Reader,
    UnixTime,
    Wire,
    day_number,
    in_utc,
    unix_time,
)
from agora_rest.client._reading import UnexpectedShape
from agora_rest.client.models import DayMetrics, DayMinutes, Metric, ProjectMinutes, UsageMetrics


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
