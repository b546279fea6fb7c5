"""Minutes and metrics by day (CO-30 … CO-36). Days without a seed are zero: every day of a range has a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Final, NamedTuple

from agora_rest.emulator.refusals import InvalidInput

EARLIEST: Final = date(1000, 1, 1)
"""Earlier days cannot be written as the eight-digit number of v1 (CO-32)."""


class Business(StrEnum):
    """The kind of usage (CO-34)."""

    DEFAULT = "default"
    TRANSCODE_DURATION = "transcodeDuration"
    RECORDING = "recording"
    CLOUD_RECORDING = "cloudRecording"
    MINIAPP = "miniapp"


class Metric(NamedTuple):
    """The names of a metric in Chinese and English, and its unit (CO-35)."""

    cn: str
    en: str
    unit: str


class Minutes(NamedTuple):
    """The minutes of one day (CO-32)."""

    audio: int = 0
    sd: int = 0
    hd: int = 0
    hdp: int = 0


NO_MINUTES: Final = Minutes()


DayOfMinutes = tuple[date, Minutes]
"""The minutes of one project on one day."""


class DayOfMetrics(NamedTuple):
    """The metrics of one project and business on one day."""

    day: date
    metrics: dict[str, float]


@dataclass(frozen=True)
class MetricsReport:
    """The result of v3: the metrics with their descriptions, and their values by day (CO-35)."""

    meta: dict[str, Metric]
    days: list[DayOfMetrics]


# The metrics of `default` are documented; for the other businesses none are, so each has one of ours.
METRICS: Final[dict[Business, dict[str, Metric]]] = {
    Business.DEFAULT: {
        "durationAudioAll": Metric("总音频时长", "Total Audio Duration", "second"),
        "durationVideoHd": Metric(
            "HD视频时长(含本地服务端录制)", "HD Video Duration(including On-premise Recording)", "second"
        ),
        "durationVideoHdp": Metric(
            "HDP视频时长(含本地服务端录制)", "HDP Video Duration(including On-premise Recording)", "second"
        ),
    },
    Business.TRANSCODE_DURATION: {"durationTranscode": Metric("转码时长", "Transcoding Duration", "second")},
    Business.RECORDING: {"durationRecording": Metric("本地服务端录制时长", "On-premise Recording Duration", "second")},
    Business.CLOUD_RECORDING: {"durationCloudRecording": Metric("云端录制时长", "Cloud Recording Duration", "second")},
    Business.MINIAPP: {"durationMiniapp": Metric("小程序时长", "Mini App Duration", "second")},
}


def _video(cn: str, en: str) -> Metric:
    return Metric(f"{cn}视频时长(含录制)", f"{en} Video Duration(including Recording)", "second")


PRESENT_METRICS: Final[dict[Business, dict[str, Metric]]] = METRICS | {
    Business.DEFAULT: {
        "durationAudioAll": Metric("总音频时长", "Total Audio Duration", "second"),
        **{
            f"durationVideo{name}": _video(cn, en)
            for name, cn, en in (
                ("Hd", "HD", "HD"),
                ("Hdp", "HDP", "HDP"),
                ("1080P", "全高清", "Full HD"),
                ("2K", "2K", "2K"),
                ("4K", "4K", "4K"),
            )
        },
    }
}
"""The same in the present documents, which have more metrics of `default` (CO-76)."""


@dataclass
class Usage:
    """The usage of all projects."""

    _minutes: dict[str, dict[date, Minutes]] = field(default_factory=dict)
    _metrics: dict[tuple[str, Business, date], dict[str, float]] = field(default_factory=dict)
    _extra: dict[tuple[str, Business], dict[str, Metric]] = field(default_factory=dict)

    def seed_minutes(self, project_id: str, day: date, minutes: Minutes) -> None:
        """Set the minutes of a project on a day."""
        self._minutes.setdefault(project_id, {})[day] = minutes

    def seed_metrics(
        self,
        project_id: str,
        business: Business,
        day: date,
        metrics: Mapping[str, float],
        meta: Mapping[str, Metric] | None = None,
    ) -> None:
        """Set the metrics of a project on a day.

        `meta` describes unknown metrics; by default their name is used and their unit is seconds, so that every metric
        is described (CO-35).
        """
        described = self._extra.setdefault((project_id, business), {})
        described |= {
            name: PRESENT_METRICS[business].get(name) or Metric(name, name, "second")
            for name in metrics
            if name not in self._meta(project_id, business)
        }
        described |= meta or {}
        self._metrics[project_id, business, day] = dict(metrics)

    def minutes(self, project_id: str, first: date, last: date) -> list[DayOfMinutes]:
        """A row for each day from `first` to `last`, both included (CO-32)."""
        found = self._minutes.get(project_id, {})
        return [(day, found.get(day, NO_MINUTES)) for day in _days(first, last)]

    def metrics(
        self, project_id: str, business: Business, first: date, last: date, *, present: bool = False
    ) -> MetricsReport:
        """A row for each day from `first` to `last`, both included, with every metric of the business (CO-35).

        `present`: with those that the present documents have (CO-76).
        """
        meta = self._meta(project_id, business)
        if present:
            meta = PRESENT_METRICS[business] | {name: meta[name] for name in meta if name not in METRICS[business]}
        zero = dict.fromkeys(meta, 0)
        rows = [
            DayOfMetrics(day, zero | self._metrics.get((project_id, business, day), {})) for day in _days(first, last)
        ]
        return MetricsReport(meta, rows)

    def dump(self) -> list[dict[str, Any]]:
        """All seeded usage as JSON, in the format of control."""
        minutes = [
            {"project_id": project_id, "date": day.isoformat(), "minutes": found._asdict()}
            for project_id, days in self._minutes.items()
            for day, found in days.items()
        ]
        metrics = [
            {
                "project_id": project_id,
                "date": day.isoformat(),
                "business": business,
                "metrics": dict(found),
                "meta": {name: each._asdict() for name, each in self._extra.get((project_id, business), {}).items()},
            }
            for (project_id, business, day), found in self._metrics.items()
        ]
        return [*minutes, *metrics]

    def _meta(self, project_id: str, business: Business) -> dict[str, Metric]:
        return METRICS[business] | self._extra.get((project_id, business), {})


def check_range(first: date, last: date) -> None:
    """Refuse a range that runs backwards or ends after the same date a year later (CO-31)."""
    if first < EARLIEST:
        raise InvalidInput("from_date: must not be before the year 1000")
    if last < first:
        raise InvalidInput("from_date, to_date: the first day must not be after the last", "CO-31")
    if last.year > first.year and last > _a_year_after(first):
        raise InvalidInput("from_date, to_date: at most one year can be queried at once", "CO-31")


def _a_year_after(day: date) -> date:
    if day.year == date.max.year:
        return date.max
    if (day.month, day.day) == (2, 29):  # it has no counterpart in the following year
        return date(day.year + 1, 2, 28)
    return day.replace(year=day.year + 1)


def _days(first: date, last: date) -> Iterator[date]:
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))
