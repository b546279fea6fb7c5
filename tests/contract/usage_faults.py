"""Faults of usage, each with the checks that must see it."""

from __future__ import annotations

from datetime import date, timedelta

from agora_rest.emulator import usage, world
from agora_rest.emulator.usage import Usage
from agora_rest.emulator.world import World
from tests.contract.console_kinds import asks, changes, does, instead, merge, refuse, swap, times
from tests.contract.faults import Fault, edge, inside, sends, wrapped

USAGE: tuple[Fault, ...] = (
    inside(
        "a period has its last day left out",
        does(usage, "_days", lambda first, last: (first + timedelta(days=n) for n in range((last - first).days))),
        "minutes_come_back_under_their_day",
    ),
    inside(
        "a period has its first day left out",
        does(usage, "_days", lambda first, last: (first + timedelta(days=n + 1) for n in range((last - first).days))),
        "minutes_come_back_under_their_day",
    ),
    inside(
        "a period has a day too many",
        does(usage, "_days", lambda first, last: (first + timedelta(days=n) for n in range((last - first).days + 2))),
        "v1_days_are_numbers",
    ),
    inside(
        "every February has 28 days",
        wrapped(
            usage,
            "_days",
            lambda days, first, last: (day for day in days(first, last) if (day.month, day.day) != (2, 29)),
        ),
        "metrics_come_back_under_their_day",
    ),
    edge(
        "v1 counts seconds",
        changes(
            "get_usage_v1",
            lambda b: [times(row, 60, "audio", "sd", "hd", "hdp") for u in b["usages"] for row in u["daily"]],
        ),
        "minutes_come_back_under_their_day",
    ),
    edge(
        "v1 swaps audio and SD",
        changes("get_usage_v1", lambda b: [swap(row, "audio", "sd") for u in b["usages"] for row in u["daily"]]),
        "minutes_come_back_under_their_day",
        "usage_adds_up_as_documented",
    ),
    edge(
        "v1 swaps HD and HDP",
        changes("get_usage_v1", lambda b: [swap(row, "hd", "hdp") for u in b["usages"] for row in u["daily"]]),
        "minutes_come_back_under_their_day",
    ),
    edge(
        "v1 has days before the period",
        changes(
            "get_usage_v1",
            lambda b: [
                u["daily"].insert(0, {"date": 20150101, "audio": 0, "sd": 0, "hd": 0, "hdp": 0}) for u in b["usages"]
            ],
        ),
        "v1_days_are_numbers",
    ),
    edge(
        "v1 answers the first named project only",
        changes("get_usage_v1", lambda b: merge(b, usages=b["usages"][:1])),
        "without_projects_usage_is_of_all",
    ),
    inside(
        "minutes are those of all projects",
        wrapped(
            Usage,
            "minutes",
            lambda minutes, self, _, first, last: minutes(
                self, next((key[0] for key in self._minutes), ""), first, last
            ),
        ),
        "minutes_stay_with_their_kind_and_project",
    ),
    inside(
        "unknown projects are a 404 in v1",
        wrapped(
            World,
            "usage_minutes",
            lambda ask, self, first, last, ids=None: (
                ([self.projects.get(each) for each in ids or ()] and ask(self, first, last, ids))
                or ask(self, first, last, ids)
            ),
        ),
        "usage_is_of_the_projects_that_were_named",
    ),
    edge(
        "unknown projects are a 400 in v1 where they have strange names",
        instead("get_usage_v1", 400, {"error_msg": "projects"}, lambda _, s: b"!" in s.request.url.query),
        "usage_is_of_the_projects_that_were_named",
    ),
    inside(
        "unknown projects are answered in v1",
        wrapped(
            World,
            "usage_minutes",
            lambda ask, self, first, last, ids=None: ask(self, first, last, ids) or ask(self, first, last)[:1],
        ),
        "usage_is_of_the_projects_that_were_named",
    ),
    inside(
        "named projects do not matter in v1",
        wrapped(World, "usage_minutes", lambda ask, self, first, last, _ids=None: ask(self, first, last)),
        "usage_is_of_the_projects_that_were_named",
    ),
    inside(
        "without names v1 answers nothing",
        wrapped(World, "usage_minutes", lambda ask, self, first, last, ids=None: ask(self, first, last, ids or [])),
        "without_projects_usage_is_of_all",
    ),
    edge(
        "an encoded comma is no comma",
        sends(
            lambda s: s.again(url=str(s.request.url).replace("%2C", "%252C")) if s.operation == "get_usage_v1" else s
        ),
        "usage_is_of_the_projects_that_were_named",
    ),
    inside(
        "a year is 365 days",
        does(usage, "_a_year_after", lambda day: day + timedelta(days=365)),
        "a_period_is_a_year_at_most",
    ),
    inside(
        "a year is 366 days",
        does(usage, "_a_year_after", lambda day: day + timedelta(days=366)),
        "a_period_is_a_year_at_most",
    ),
    inside(
        "a year is 364 days",
        does(usage, "_a_year_after", lambda day: day + timedelta(days=364)),
        "a_period_is_a_year_at_most",
    ),
    inside(
        "a period may be ten years", does(usage, "_a_year_after", lambda _day: date.max), "a_period_is_a_year_at_most"
    ),
    inside(
        "a period may run backwards",
        wrapped(world, "check_range", lambda check, first, last: check(min(first, last), max(first, last))),
        "a_period_runs_forward",
    ),
    inside(
        "the current day cannot be asked about",
        wrapped(
            World,
            "usage_minutes",
            lambda ask, self, first, last, ids=None: ask(self, first, last, ids) if last.year < 2024 else refuse(),
        ),
        "the_current_day_can_be_asked_about",
    ),
    edge(
        "29 February 2019 is a day",
        asks(
            lambda _, q: {**q, **{n: "2019-02-28" for n in ("from_date", "to_date") if q.get(n) == "2019-02-29"}},
            "get_usage_v1",
            "get_usage_v3",
        ),
        "usage_is_asked_for_by_days",
    ),
    edge(
        "days need no hyphens",
        asks(
            lambda _, q: {**q, **{n: "2019-01-01" for n in ("from_date", "to_date") if q.get(n) == "20190101"}},
            "get_usage_v3",
        ),
        "usage_is_asked_for_by_days",
    ),
    edge(
        "v1 ends today where no end is given",
        asks(lambda _, q: {"to_date": "2019-12-31", **q}, "get_usage_v1"),
        "usage_is_asked_for_by_days",
    ),
    edge(
        "v3 has a business by default",
        asks(lambda _, q: {"business": "default", **q}, "get_usage_v3"),
        "v3_wants_a_project_and_a_business",
    ),
    edge(
        "v3 takes businesses in any case",
        asks(
            lambda _, q: {**q, "business": {"Default": "default"}.get(q.get("business", ""), q.get("business", ""))},
            "get_usage_v3",
        ),
        "v3_wants_a_project_and_a_business",
    ),
    edge(
        "v3 knows no mini apps",
        instead(
            "get_usage_v3", 400, {"error_msg": "no"}, lambda _, s: s.request.url.params.get("business") == "miniapp"
        ),
        "v3_wants_a_project_and_a_business",
    ),
    edge(
        "v3 takes an App ID for a project",
        asks(
            lambda _, q: {**q, "project_id": "demo" if len(q.get("project_id", "")) == 32 else q.get("project_id", "")},
            "get_usage_v3",
        ),
        "v3_wants_a_project_that_is_there",
    ),
    inside(
        "v3 answers for unknown projects",
        wrapped(
            World,
            "usage_metrics",
            lambda ask, self, number, *rest: ask(
                self, number if number in self.projects._by_id else self.projects.all()[0].id, *rest
            ),
        ),
        "v3_forgets_a_deleted_project",
    ),
    inside(
        "v3 mixes businesses up",
        wrapped(
            Usage,
            "metrics",
            lambda ask, self, number, business, first, last: ask(
                self, number, next((k[1] for k in self._metrics), business), first, last
            ),
        ),
        "metrics_stay_with_their_business_and_project",
    ),
    inside(
        "v3 mixes projects up",
        wrapped(
            Usage,
            "metrics",
            lambda ask, self, number, business, first, last: ask(
                self, next((k[0] for k in self._metrics), number), business, first, last
            ),
        ),
        "metrics_stay_with_their_business_and_project",
    ),
    edge(
        "v3 counts minutes",
        changes(
            "get_usage_v3",
            lambda b: [merge(row["usage"], **{n: v / 60 for n, v in row["usage"].items()}) for row in b["usages"]],
        ),
        "metrics_stay_with_their_business_and_project",
    ),
    edge(
        "v3 rounds figures",
        changes(
            "get_usage_v3",
            lambda b: [merge(row["usage"], **{n: int(v) for n, v in row["usage"].items()}) for row in b["usages"]],
        ),
        "metrics_come_back_under_their_day",
    ),
    edge(
        "v3 leaves a metric undescribed",
        changes("get_usage_v3", lambda b: b["meta"].popitem()),
        "every_metric_is_described",
    ),
    edge(
        "v3 has no Chinese names",
        changes("get_usage_v3", lambda b: [m.pop("cn") for m in b["meta"].values()]),
        "every_metric_is_described",
    ),
    edge(
        "v3 says minutes are seconds",
        changes("get_usage_v3", lambda b: [merge(m, unit="second") for m in b["meta"].values()]),
        "metrics_stay_with_their_business_and_project",
    ),
    edge(
        "v3's days begin in Shanghai",
        changes(
            "get_usage_v3", lambda b: [merge(r, date=r["date"].replace("00.000Z", "00.000+08:00")) for r in b["usages"]]
        ),
        "every_metric_is_described",
    ),
    edge(
        "v3's days are a day late",
        changes(
            "get_usage_v3",
            lambda b: [
                merge(r, date=f"{date.fromisoformat(r['date'][:10]) + timedelta(days=1)}T00:00:00.000Z")
                for r in b["usages"]
            ],
        ),
        "v3_days_begin_at_midnight_utc",
    ),
)
