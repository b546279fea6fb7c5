"""Usage, of both versions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from agora_rest.emulator import usage
from agora_rest.emulator.refusals import InvalidInput
from agora_rest.emulator.usage import Usage
from agora_rest.emulator.world import World
from faults.fault import Category, Table, targeted
from faults.middleware import Change, admit_query, edit, exactly, on_request, on_response, put, refuse, respond
from faults.patches import called_with, method, result


def _swapped(left: str, right: str) -> Change:
    def swap(body: Any) -> None:
        for day in (day for project in body["usages"] for day in project["daily"]):
            day[left], day[right] = day[right], day[left]

    return edit(swap)


def _not_this_year(ask: Any, self: Any, first: Any, last: Any, ids: Any = None) -> Any:
    if last.year >= 2024:
        raise InvalidInput("no")
    return ask(self, first, last, ids)


USAGE: Table = {
    "minutes_come_back_under_their_day": {
        "a period has its first day left out": result(usage, "_days", lambda result: list(result)[1:]),
        "v1 swaps HD and HDP": on_response("get_usage_v1", _swapped("hd", "hdp")),
    },
    "minutes_come_back_under_their_day usage_adds_up_as_documented": {
        "v1 swaps audio and SD": on_response("get_usage_v1", _swapped("audio", "sd")),
    },
    "v1_days_are_numbers": {
        "v1 has days before the period": on_response(
            "get_usage_v1",
            put("usages.*.daily", lambda days: [{"date": 20150101, "audio": 0, "sd": 0, "hd": 0, "hdp": 0}, *days]),
        ),
    },
    "metrics_come_back_under_their_day": {
        "v3 rounds figures": on_response(
            "get_usage_v3", put("usages.*.usage", lambda row: {name: int(figure) for name, figure in row.items()})
        ),
    },
    "without_projects_usage_is_of_all": {
        "without names v1 answers nothing": called_with(
            World, "usage_minutes", project_ids=lambda project_ids: project_ids or []
        ),
    },
    "minutes_stay_with_their_kind_and_project": {
        "minutes are those of all projects": called_with(
            Usage, "minutes", project_id=lambda self: next(iter(self._minutes), "")
        ),
    },
    "usage_is_of_the_projects_that_were_named": {
        "unknown projects are a 400 in v1 where they have strange names": refuse(
            "get_usage_v1", lambda call: "!" in call.query, respond(400, {"error_msg": "projects"})
        ),
        "an encoded comma is no comma": on_request(
            "get_usage_v1", lambda call: setattr(call, "query", call.query.replace("%2C", "%252C"))
        ),
    },
    "a_period_is_a_year_at_most": {
        f"a year is {days} days": method(usage, "_a_year_after", lambda _, day, days=days: day + timedelta(days=days))
        for days in (365, 366)
    },
    "the_current_day_can_be_queried": {
        "the current day cannot be asked about": method(World, "usage_minutes", _not_this_year),
    },
    "usage_is_requested_by_days": {
        "days need no hyphens": admit_query("get_usage_v3", "from_date", exactly("20190101"), "2019-01-01"),
    },
    "v3_wants_a_project_and_a_business": {
        "v3 has a business by default": admit_query("get_usage_v3", "business", exactly(""), "default"),
        "v3 takes businesses in any case": admit_query("get_usage_v3", "business", exactly("Default"), "default"),
        "v3 knows no mini apps": refuse(
            "get_usage_v3", lambda call: "business=miniapp" in call.query, respond(400, {"error_msg": "no"})
        ),
    },
    "v3_wants_a_project_that_is_there": {
        "v3 takes an App ID for a project": admit_query("get_usage_v3", "project_id", lambda it: len(it) == 32, "demo"),
    },
    "metrics_stay_with_their_business_and_project": {
        "v3 counts minutes": on_response(
            "get_usage_v3", put("usages.*.usage", lambda row: {name: figure / 60 for name, figure in row.items()})
        ),
        "v3 says minutes are seconds": on_response(
            "get_usage_v3", edit(lambda body: [metric.update(unit="second") for metric in body["meta"].values()])
        ),
    },
    "every_metric_is_described": {
        "v3 has no Chinese names": on_response(
            "get_usage_v3", edit(lambda body: [metric.pop("cn") for metric in body["meta"].values()])
        ),
        "v3's days begin in Shanghai": on_response(
            "get_usage_v3", put("usages.*.date", lambda day: day.replace("00.000Z", "00.000+08:00"))
        ),
    },
    "v3_days_begin_at_midnight_utc": {
        "v3's days are a day late": on_response(
            "get_usage_v3",
            put(
                "usages.*.date",
                lambda day: f"{date.fromisoformat(day[:10]) + timedelta(days=1)}T00:00:00.000Z",
            ),
        ),
    },
}

FAULTS = targeted(Category.UNITS, USAGE)
