"""Reports of usage: days within the range, in order, once; the requested projects; figures that never fall."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from agora_rest.state_models.deviations import Deviation, deviation
from agora_rest.state_models.memory import Memory
from agora_rest.state_models.observed import Observed, objects
from agora_rest.state_models.times import is_number

_DAYS: Final = 50_000
"""Days of projects that are remembered."""
_DAY: Final = 24 * 3600.0

_Days = list[tuple[date, dict[str, Any]]]


class Usage:
    """Follows the reports of both calls."""

    def __init__(self) -> None:
        self._figures: Memory[tuple[str, str, str, date], tuple[dict[str, float], Observed]] = Memory(_DAYS)

    def observe(self, seen: Observed) -> Iterator[Deviation]:
        """The deviations of a report."""
        if not seen.succeeded or seen.operation not in ("get_usage_v1", "get_usage_v3"):
            return
        if not isinstance(seen.in_response("usages"), list):
            return
        usages = objects(seen.in_response("usages"))
        if seen.operation == "get_usage_v1":
            yield from _projects(seen, usages)
            for usage in usages:
                if isinstance(usage.get("project"), str):
                    rows: list[tuple[date | None, Any]] = [
                        (_number(each.get("date")), each) for each in objects(usage.get("daily"))
                    ]
                    yield from self._days(seen, f"v1 {usage['project']}", rows)
            return
        yield from _described(seen, usages)
        found: list[tuple[date | None, Any]] = [(_day(each.get("date")), each.get("usage")) for each in usages]
        key = f"v3 {seen.query.get('project_id', '')} {seen.query.get('business', 'default')}"
        yield from self._days(seen, key, found)

    def _days(self, seen: Observed, whose: str, rows: list[tuple[date | None, Any]]) -> Iterator[Deviation]:
        days: _Days = [(day, figures) for day, figures in rows if day is not None and isinstance(figures, dict)]
        facts = "CO-32" if seen.operation == "get_usage_v1" else "CO-35 CO-76"
        yield from _range(seen, days, facts)
        shown = {day for day, _ in days}
        for day, figures in days:
            yield from self._figure(seen, whose, day, _numbers(figures), facts)
        yield from self._forgotten(seen, whose, shown, facts)

    def _figure(
        self, seen: Observed, whose: str, day: date, figures: dict[str, float], facts: str
    ) -> Iterator[Deviation]:
        """A figure of a day does not fall, and does not grow when the day is long over."""
        key = (seen.account, seen.path.get("appid", ""), whose, day)
        known = self._figures.recall(key)
        if known is not None and seen.after(known[1]):
            before, earlier = known
            common = before.keys() & figures.keys()
            is_final = seen.unix and _is_over(day, earlier, days=0)
            if is_final and any(figures[name] < before[name] for name in common):
                title = "The usage of a day does not fall"
                yield deviation("usage_falls", facts, title, "as much as before", "less", seen, earlier)
            elif seen.unix and any(figures[name] > before[name] for name in common) and _is_over(day, seen, days=3):
                title = "The usage of a day that is long over stays"
                doubtful = not _is_over(day, seen, days=7)
                yield deviation(
                    "usage_stays", facts, title, "as much as before", "more", seen, earlier, doubtful=doubtful
                )
        self._figures.keep(key, (figures, seen))

    def _forgotten(self, seen: Observed, whose: str, shown: set[date], facts: str) -> Iterator[Deviation]:
        """A day that had usage and now has no row."""
        first, last = _requested_day(seen, "from_date"), _requested_day(seen, "to_date")
        if first is None or last is None or not 0 <= (last - first).days <= 366:
            return
        for offset in range((last - first).days + 1):
            day = date.fromordinal(first.toordinal() + offset)
            known = self._figures.recall((seen.account, seen.path.get("appid", ""), whose, day))
            if day not in shown and known is not None and seen.after(known[1]) and any(known[0].values()):
                title = "A day that had usage keeps its row"
                yield deviation("usage_falls", facts, title, "a row", "none", seen, known[1])
                return


def _range(seen: Observed, days: _Days, facts: str) -> Iterator[Deviation]:
    first, last = _requested_day(seen, "from_date"), _requested_day(seen, "to_date")
    dates = [day for day, _ in days]
    if first is not None and last is not None and any(not first <= day <= last for day in dates):
        title = "A report has only requested days"
        yield deviation("days_asked_for", facts, title, "days within the range", "another day", seen)
    if len(set(dates)) < len(dates):
        yield deviation("days_once", facts, "A report has every day once", "each once", "one twice", seen)


def _projects(seen: Observed, usages: list[dict[str, Any]]) -> Iterator[Deviation]:
    requested = {each for each in seen.query.get("projects", "").split(",") if each}
    shown = [each["project"] for each in usages if isinstance(each.get("project"), str)]
    if requested and set(shown) - requested:
        title = "Usage is reported for the requested projects"
        yield deviation("projects_asked_for", "CO-30", title, "those projects", "another one too", seen)
    if len(set(shown)) < len(shown):
        yield deviation("projects_once_in_usage", "CO-32", "A project is reported once", "each once", "one twice", seen)


def _described(seen: Observed, usages: list[dict[str, Any]]) -> Iterator[Deviation]:
    """`meta` describes the metrics of the days (CO-35, CO-76)."""
    meta = seen.in_response("meta")
    if not isinstance(meta, dict):
        return
    for usage in usages:
        figures = usage.get("usage")
        if isinstance(figures, dict) and figures.keys() != meta.keys():
            title = "`meta` describes the metrics of every day"
            extra, lacking = len(figures.keys() - meta.keys()), len(meta.keys() - figures.keys())
            got = f"{extra} not described, {lacking} without a figure"
            yield deviation("metrics_described", "CO-35 CO-76", title, "the same metrics", got, seen)
            break
    units = {each.get("unit") for each in meta.values() if isinstance(each, dict)}
    if seen.edition == "current" and seen.query.get("business") == "default" and units and units != {"second"}:
        title = "The figures of usage are in seconds"
        yield deviation("usage_unit", "CO-76", title, "second", "another unit", seen)


def _numbers(figures: dict[str, Any]) -> dict[str, float]:
    return {name: float(value) for name, value in figures.items() if is_number(value) and name != "date"}


def _number(value: Any) -> date | None:
    """A day as v1 writes it, 20150101 (CO-32)."""
    return _day(f"{value:08}"[:4] + f"-{value:08}"[5:7] + f"-{value:08}"[7:9]) if isinstance(value, int) else None


def _requested_day(seen: Observed, name: str) -> date | None:
    return _day(seen.query.get(name))


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


def _is_over(day: date, seen: Observed, *, days: int) -> bool:
    return (day.toordinal() - date(1970, 1, 1).toordinal() + 1 + days) * _DAY < seen.sent
