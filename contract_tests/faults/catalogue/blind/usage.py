"""Faults of usage: a leap day, New Year, one day too many."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from agora_rest.emulator import Minutes, usage, world
from faults.caller import DEMO, UNKNOWN, Caller
from faults.middleware import HttpCall, on_request, on_response, put
from faults.patches import Patch, method, result
from faults.seeds import cross, identity, timing, units, validation


def _days(count: int) -> Patch:
    """So many days more than the limit, or fewer."""

    def check(original: Any, first: Any, last: Any) -> None:
        if count > 0 and last > first and (last - first).days > 300:
            original(first, last - timedelta(days=count))
        else:
            original(first, last + timedelta(days=-count) if (last - first).days > 300 else last)

    return method(world, "check_range", check)


def _until_the_first_unknown(original: Any, self: Any, first: Any, last: Any, project_ids: Any = None) -> Any:
    known = {project.id for project in self.projects.all()}
    if project_ids is not None:
        unknown = next((place for place, each in enumerate(project_ids) if each not in known), len(project_ids))
        project_ids = project_ids[:unknown]
    return original(self, first, last, project_ids)


def _only_days_used(original: Any, self: Any, *asked: Any, **more: Any) -> Any:
    report = original(self, *asked, **more)
    return dataclasses.replace(report, days=report.days[: max(1, len(report.days) - 1)])


def _day(mended: Callable[[str], str]) -> Callable[[HttpCall], None]:
    """Dates that are none are made into some."""

    def change(call: HttpCall) -> None:
        pairs = parse_qsl(call.query, keep_blank_values=True)
        right = [(name, mended(given) if name.endswith("_date") else given) for name, given in pairs]
        if right != pairs:
            call.query = urlencode(right)

    return change


def _year_of_the_week(number: int) -> int:
    day = date(number // 10000, number // 100 % 100, number % 100)
    return day.isocalendar().year * 10000 + number % 10000


def _seeded(a: Caller, day: date = date(2026, 1, 1)) -> bool:
    return a.control(a.emulator.seed_minutes, DEMO, day, Minutes(5, 6, 7, 8))


def _usage(a: Caller, first: str, last: str, **more: Any) -> Any:
    answer = a.get("/v1/usage", from_date=first, to_date=last, **more)
    return answer.status, answer.content


def _joined_projects(call: HttpCall) -> None:
    fields = call.query.split("&")
    named = [each.removeprefix("projects=") for each in fields if each.startswith("projects=")]
    if len(named) > 1:
        others = [each for each in fields if not each.startswith("projects=")]
        call.query = "&".join([*others, f"projects={','.join(named)}"])


FAULTS = {
    "no-leap-days": timing(
        "CO-32 CO-35",
        "usage has no 29th of February",
        result(usage, "_days", lambda result: [day for day in result if (day.month, day.day) != (2, 29)]),
        lambda a: _usage(a, "2024-02-28", "2024-03-01"),
    ),
    "year-without-its-last-day": timing(
        "CO-32 CO-35",
        "usage has no 31st of December",
        result(usage, "_days", lambda result: [day for day in result if (day.month, day.day) != (12, 31)]),
        lambda a: _usage(a, "2025-12-30", "2026-01-02"),
    ),
    "year-of-the-week": units(
        "CO-32",
        "around New Year, dates of v1 usage have the year of their week",
        on_response("get_usage_v1", put("usages.*.daily.*.date", _year_of_the_week)),
        lambda a: _usage(a, "2025-12-30", "2026-01-02"),
    ),
    "a-year-and-two-days": timing(
        "CO-31 CO-36",
        "usage of a year and two days can be asked for",
        _days(2),
        lambda a: _usage(a, "2024-12-30", "2026-01-01")[0],
    ),
    "a-day-short-of-a-year": timing(
        "CO-31", "usage of 365 days is refused", _days(-1), lambda a: _usage(a, "2025-01-01", "2026-01-01")[0]
    ),
    "no-usage-of-disabled": identity(
        "CO-30",
        "v1 usage leaves disabled projects out",
        result(world.World, "usage_minutes", lambda result: [each for each in result if each[0].enabled]),
        lambda a: [
            made := a.project()["id"],
            a.post("/v1/project_status", id=made, status=0),
            _usage(a, "2026-01-01", "2026-01-01", projects=made),
        ],
    ),
    "unknown-hides-the-rest": identity(
        "CO-33",
        "behind an unknown project v1 usage leaves known ones out as well",
        method(world.World, "usage_minutes", _until_the_first_unknown),
        lambda a: _usage(a, "2026-01-01", "2026-01-01", projects=f"{UNKNOWN},{DEMO}"),
    ),
    "v3-is-a-day-short": timing(
        "CO-35",
        "v3 usage leaves the last day out",
        method(usage.Usage, "metrics", _only_days_used),
        lambda a: a.get("/v3/usage", project_id=DEMO, business="default", from_date="2026-01-01", to_date="2026-01-02"),
    ),
    "hdp-counts-twice": cross(
        "CO-32",
        "the minutes of hdp are among those of hd too",
        result(
            usage.Usage,
            "minutes",
            lambda result: [(day, minutes._replace(hd=minutes.hd + minutes.hdp)) for day, minutes in result],
        ),
        lambda a: [_seeded(a), _usage(a, "2026-01-01", "2026-01-01")],
    ),
    "day-that-is-none": validation(
        "CO-30",
        "v1 usage takes the 30th of February",
        on_request("get_usage_v1", _day(lambda given: given.replace("-02-30", "-02-28"))),
        lambda a: _usage(a, "2026-02-01", "2026-02-30")[0],
    ),
    "usage-with-a-time": validation(
        "CO-34",
        "v3 usage takes a moment instead of a day",
        on_request("get_usage_v3", _day(lambda given: given.partition("T")[0])),
        lambda a: (
            a.get(
                "/v3/usage",
                project_id=DEMO,
                business="default",
                from_date="2026-01-01",
                to_date="2026-01-02T00:00:00Z",
            ).status
        ),
    ),
    "projects-may-be-repeated": validation(
        "CO-30",
        "v1 usage takes projects more than once",
        on_request("get_usage_v1", lambda call: _joined_projects(call)),
        lambda a: a.get(f"/v1/usage?from_date=2026-01-01&to_date=2026-01-01&projects={DEMO}&projects=x").status,
        excluded="The documents say how a list of projects is written (CO-30), not what becomes of another way.",
    ),
}
