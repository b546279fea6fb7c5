"""Usage: which days, which projects, which figures, in which units."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from urllib.parse import quote, urlencode

from agora_rest import spec
from agora_rest.contract.checking.checks import check
from agora_rest.contract.http.control import Control
from agora_rest.contract.http.server import OMIT, Response, Server
from agora_rest.contract.outcomes import Broken, require
from agora_rest.contract.safety.access import Profile
from agora_rest.contract.scenarios._almost import almost
from agora_rest.contract.scenarios._console import (
    instant,
    must_be_no_project,
    now,
    speaks_documented,
    unknown_project_id,
)
from agora_rest.contract.scenarios._recording import all_refused, alone, must_be_400_or_404

KINDS: Final = ("audio", "sd", "hd", "hdp")
"""The kinds of figures of v1, in minutes (CO-32), and the businesses of v3 (CO-34)."""

BUSINESSES: Final = ("default", "transcodeDuration", "recording", "cloudRecording", "miniapp")

_DAY: Final = timedelta(days=1)

_NO_DAYS: Final = (
    "2019-02-29",
    "2019-02-30",
    "2019-13-01",
    "2019-00-10",
    "2019-04-31",
    "2019-01-00",
    "2019-1-1",
    "20190101",
    "01-01-2019",
    "2019/01/01",
    "2019-01-01T00:00:00Z",
    "2019-W01-1",
    '"2019-01-01"',
    "1546300800",
    "yesterday",
    "",
    OMIT,
)
"""Invalid days, or days in another form than documented (CO-30)."""

_YEARS: Final = (
    ("2019-01-01", "2020-01-01", "2020-01-02"),
    ("2019-01-01", "2019-12-31", "2020-01-02"),
    ("2020-01-01", "2020-12-31", "2021-01-02"),
    ("2020-01-01", "2021-01-01", "2021-01-02"),
    ("2019-03-01", "2020-03-01", "2020-03-02"),
    ("2019-06-15", "2020-06-15", "2020-06-16"),
    ("2020-02-29", "2021-02-28", "2021-03-01"),
)
"""Periods of one year and of one day more, over common and leap years. A year after 29 February is the 28th."""


# -- days --------------------------------------------------------------------------------------------------------------


@check("CO-30", "CO-34", "CO-04", profile=Profile.READ_ONLY)
def usage_is_requested_by_days(server: Server) -> None:
    """A value that is not a calendar day in the form YYYY-MM-DD is refused with 400, as the first day and the last."""
    project_id = _some_project(server)
    keep = tuple(server.trail)
    for day in _NO_DAYS:
        with alone(server, keep):
            for given in ({"from_date": day, "to_date": "2019-12-31"}, {"from_date": "2019-01-01", "to_date": day}):
                _ask_v1(server, **given).must_be_refused(400)
                _ask_v3(server, project_id, **given).must_be_refused(400)
    _v1(server, "2020-02-29", "2020-02-29", project_id)
    _v3(server, project_id, "2020-02-29", "2020-02-29")


@check("CO-30", "CO-34", profile=Profile.READ_ONLY)
def a_period_runs_forward(server: Server) -> None:
    """A period that ends before it begins is refused with 400; one of a single day is not."""
    project_id = _some_project(server)
    for first, last in (("2019-05-02", "2019-05-01"), ("2020-01-01", "2019-12-31")):
        _ask_v1(server, from_date=first, to_date=last).must_be_refused(400)
        _ask_v3(server, project_id, from_date=first, to_date=last).must_be_refused(400)
    _v1(server, "2019-05-01", "2019-05-01", project_id)
    _v3(server, project_id, "2019-05-01", "2019-05-01")


@check("CO-31", "CO-36", profile=Profile.READ_ONLY)
def a_period_is_a_year_at_most(server: Server) -> None:
    """A period of one year passes and one of a day more is refused with 400, over leap years too."""
    project_id = _some_project(server)
    keep = tuple(server.trail)
    for first, last, beyond in _YEARS:
        with alone(server, keep):
            _v1(server, first, last, project_id)
            _v3(server, project_id, first, last)
            _ask_v1(server, from_date=first, to_date=beyond, projects=project_id).must_be_refused(400)
            _ask_v1(server, from_date=first, to_date=beyond).must_be_refused(400)
            _ask_v3(server, project_id, from_date=first, to_date=beyond).must_be_refused(400)
    _ask_v1(server, from_date="2010-01-01", to_date="2019-12-31").must_be_refused(400)
    _ask_v3(server, project_id, from_date="2010-01-01", to_date="2019-12-31").must_be_refused(400)


@check("CO-31", profile=Profile.READ_ONLY)
def the_current_day_can_be_queried(server: Server) -> None:
    """A period may reach up to the current day (UTC), whose figures still change."""
    project_id = _some_project(server)
    today = datetime.fromtimestamp(now(server), UTC).date()
    for first in (today, today - 30 * _DAY):
        _v1(server, first.isoformat(), today.isoformat(), project_id)
        _v3(server, project_id, first.isoformat(), today.isoformat())


# -- v1 ----------------------------------------------------------------------------------------------------------------


@check("CO-32", "CO-30", needs=Control.USAGE)
def minutes_come_back_under_their_day(server: Server) -> None:
    """Each day of a period, the first and last included, is returned once, with its own minutes."""
    project = server.create_project()["id"]
    used = [*_days("2019-02-26", "2019-03-03"), *_days("2019-12-28", "2020-01-05"), *_days("2020-02-28", "2020-03-01")]
    seeded = {day: _minutes(number) for number, day in enumerate(used)}
    for day, minutes in seeded.items():
        server.seed_usage(project_id=project, date=day, minutes=minutes)
    for first, last in (
        ("2019-02-27", "2019-03-02"),
        ("2019-02-28", "2019-02-28"),
        ("2019-02-26", "2019-03-03"),
        ("2019-12-28", "2020-01-05"),
        ("2020-02-28", "2020-03-01"),
        ("2019-02-26", "2020-02-26"),
    ):
        response = _v1(server, first, last, project)
        rows = [row for row in _rows_of(response, project) if any(row.get(kind) for kind in KINDS)]
        expected = [{"date": int(day.replace("-", "")), **seeded[day]} for day in _days(first, last) if day in seeded]
        seen = [{name: row.get(name) for name in ("date", *KINDS)} for row in rows]
        if sorted(seen, key=lambda row: str(row["date"])) != expected:
            raise Broken(f"the days {expected}", f"{rows}", response.exchange)


@check("CO-32", needs=Control.USAGE)
def minutes_stay_with_their_kind_and_project(server: Server) -> None:
    """One project's usage of one kind is not returned as another project's, as another kind, or as seconds."""
    projects = [server.create_project()["id"] for _ in range(2)]
    for kind in KINDS:
        day = f"2019-0{1 + KINDS.index(kind)}-15"
        server.seed_usage(project_id=projects[0], date=day, minutes={kind: 90})
        response = _v1(server, day, day, ",".join(projects))
        for project, used in zip(projects, (90, 0), strict=True):
            expected = {name: used if name == kind else 0 for name in KINDS}
            for row in _rows_of(response, project):
                if {name: row.get(name) for name in KINDS} != expected:
                    raise Broken(f"{expected} for {project}", f"{row}", response.exchange)
        if len(_rows_of(response, projects[0])) != 1:
            raise Broken("the one day that was used", f"{response.payload}", response.exchange)


@check("CO-30", "CO-33")
def usage_is_of_the_projects_that_were_named(server: Server) -> None:
    """The projects named in `projects`, separated by commas, are returned once each; unknown ones are left out."""
    one, two, three = (server.create_project()["id"] for _ in range(3))
    gone = server.create_project()["id"]
    server.delete_project(gone).must_succeed()
    unknown = unknown_project_id(server)
    keep = tuple(server.trail)
    for named, expected in (
        ((one,), {one}),
        ((one, three), {one, three}),
        ((three, two, one), {one, two, three}),
        ((unknown, two), {two}),
        ((two, unknown, gone, three), {two, three}),
        ((gone,), set()),
        ((unknown,), set()),
        (("no%20such!", two, "%E8%AF%BE"), {two}),  # of any name
        (tuple(map(quote, almost(one))), set()),
    ):
        with alone(server, keep):
            for separator in (",", "%2C"):
                _must_be_about(_raw_v1(server, separator.join(named)), expected)


@check("CO-30", "CO-18")
def without_projects_usage_is_of_all(server: Server) -> None:
    """If no projects are named, every project of the account is returned once, and no deleted one."""
    made = [server.create_project()["id"] for _ in range(2)]
    gone = server.create_project()["id"]
    server.delete_project(gone).must_succeed()
    response = _v1(server, "2019-01-01", "2019-01-02")
    _must_be_about(response, {each["id"] for each in server.list_projects()} | set(made))


@check("CO-32", profile=Profile.READ_ONLY)
def v1_days_are_numbers(server: Server) -> None:
    """Each day of v1 is a number such as 20190131, in the period and there once, its minutes not negative."""
    for first, last in (("2019-01-30", "2019-02-02"), ("2019-12-28", "2020-01-05"), ("2020-02-28", "2020-03-01")):
        _must_be_days(_v1(server, first, last), first, last)


def _must_be_days(response: Response, first: str, last: str) -> None:
    inside = [int(day.replace("-", "")) for day in _days(first, last)]
    for usage in response.need("usages"):
        days = [row["date"] for row in usage["daily"]]
        if len(days) != len(set(days)) or not set(days) <= set(inside):
            raise Broken(f"days out of {inside}, once each", f"{days}", response.exchange)
        if any(not isinstance(row[kind], (int, float)) or row[kind] < 0 for row in usage["daily"] for kind in KINDS):
            raise Broken("minutes that are not negative", f"{usage['daily']}", response.exchange)


# -- v3 ----------------------------------------------------------------------------------------------------------------


@check("CO-34", "CO-36", "CO-04", profile=Profile.READ_ONLY)
def v3_wants_a_project_and_a_business(server: Server) -> None:
    """V3 takes the five businesses, in their exact spelling, and refuses a missing or any other value with 400."""
    project_id = _some_project(server)
    keep = tuple(server.trail)
    for business in BUSINESSES:
        with alone(server, keep):
            _v3(server, project_id, "2019-01-01", "2019-01-02", business)
    others = ("Default", "cloudrecording", "rtc", "", OMIT)
    all_refused(server, others, lambda business: _ask_v3(server, project_id, business=business), 400, keep=keep)
    for no_project in ("", OMIT):
        _ask_v3(server, no_project).must_be_refused(400)


@check("CO-36", "CO-17", profile=Profile.READ_ONLY)
def v3_wants_a_project_that_is_there(server: Server) -> None:
    """V3 has no figures for an unknown project ID, an App ID for instance: 404."""
    must_be_no_project(_ask_v3(server, unknown_project_id(server)))
    must_be_no_project(_ask_v3(server, server.app_id))
    for number in almost(_some_project(server)):
        must_be_400_or_404(_ask_v3(server, number))


@check("CO-36", "CO-18")
def v3_forgets_a_deleted_project(server: Server) -> None:
    """V3 has figures for a project until it is deleted: then 404."""
    project = server.create_project()["id"]
    _v3(server, project, "2019-01-01", "2019-01-02")
    server.delete_project(project).must_succeed()
    must_be_no_project(_ask_v3(server, project))


@check("CO-35", "CO-34", needs=Control.USAGE)
def metrics_come_back_under_their_day(server: Server) -> None:
    """Each day of a period, the first and last included, is returned once, with its own figures."""
    project = server.create_project()["id"]
    days = [*_days("2020-02-27", "2020-03-02"), *_days("2019-12-28", "2020-01-05")]
    seeded = {day: {"durationAudioAll": 61 + number, "durationVideoHd": 0.5} for number, day in enumerate(days)}
    for day, metrics in seeded.items():
        server.seed_usage(project_id=project, date=day, metrics=metrics)
    for first, last in (
        ("2020-02-28", "2020-03-01"),
        ("2020-02-29", "2020-02-29"),
        ("2020-02-27", "2020-03-02"),
        ("2019-12-28", "2020-01-05"),
    ):
        response = _v3(server, project, first, last)
        rows = _figures(response)
        expected = {day: seeded[day] for day in _days(first, last)}
        seen = {day: {name: figures.get(name) for name in seeded[day]} for day, figures in rows if day in seeded}
        if sorted(day for day, _ in rows) != sorted(expected) or seen != expected:
            raise Broken(f"the days {expected}", f"{rows}", response.exchange)


@check("CO-34", "CO-35", needs=Control.USAGE)
def metrics_stay_with_their_business_and_project(server: Server) -> None:
    """One project's usage of one business is not returned for another business or another project."""
    used, other = server.create_project()["id"], server.create_project()["id"]
    for number, business in enumerate(BUSINESSES):
        metric = f"contract{business[0].upper()}{business[1:]}"
        meta = {metric: {"cn": "合同", "en": f"Contract {business}", "unit": f"unit{number}"}}
        metrics = {metric: 1000 + number}
        server.seed_usage(project_id=used, date="2020-05-05", business=business, metrics=metrics, meta=meta)
    for business in BUSINESSES:
        for project in (used, other):
            response = _v3(server, project, "2020-05-04", "2020-05-06", business)
            seen = {
                (day, name): value
                for day, figures in _figures(response)
                for name, value in figures.items()
                if name.startswith("contract") and value
            }
            number = BUSINESSES.index(business)
            metric = f"contract{business[0].upper()}{business[1:]}"
            expected = {("2020-05-05", metric): 1000 + number} if project == used else {}
            require(seen == expected, f"the figures {expected} for {business}", seen, response.exchange)
            if project == used:
                described = response.need("meta", metric)
                if (described.get("en"), described.get("unit")) != (f"Contract {business}", f"unit{number}"):
                    raise Broken(f"{metric} described as it was", f"{described}", response.exchange)


@check("CO-35", profile=Profile.READ_ONLY)
def every_metric_is_described(server: Server) -> None:
    """Every metric of every day is in `meta` with its English name and its unit, and as documented its Chinese one."""
    members = ("cn", "en", "unit") if speaks_documented(server) else ("en", "unit")
    project_id = _some_project(server)
    for business in BUSINESSES:
        response = _v3(server, project_id, "2019-12-30", "2020-01-02", business)
        meta: Mapping[str, Mapping[str, Any]] = response.need("meta")
        for _, figures in _figures(response):
            require(figures.keys() <= meta.keys(), f"{sorted(figures)} in `meta`", sorted(meta), response.exchange)
        for name, described in meta.items():
            if not all(isinstance(described.get(member), str) and described[member] for member in members):
                raise Broken(f"{name} with {', '.join(members)}", f"{described}", response.exchange)


@check("CO-35", profile=Profile.READ_ONLY)
def v3_days_begin_at_midnight_utc(server: Server) -> None:
    """Each day of v3 is the moment it begins in UTC, in ISO 8601, inside the period and there once."""
    response = _v3(server, _some_project(server), "2019-12-30", "2020-01-02")
    days = [day for day, _ in _figures(response)]
    inside = _days("2019-12-30", "2020-01-02")
    if len(days) != len(set(days)) or not set(days) <= set(inside):
        raise Broken(f"days out of {inside}, once each", f"{days}", response.exchange)


# -- calls -------------------------------------------------------------------------------------------------------------


def _ask_v1(server: Server, **query: Any) -> Response:
    return server.send("get_usage_v1", query={"from_date": "2019-01-01", "to_date": "2019-01-02", **query})


def _raw_v1(server: Server, projects: str) -> Response:
    """Ask with `projects` exactly as it shall stand in the URL."""
    days = urlencode({"from_date": "2019-01-01", "to_date": "2019-01-02"})
    url = f"{spec.operation('get_usage_v1').url()}?{days}&projects={projects}"
    credentials = server.account.credentials
    return server.request("GET", url, operation="get_usage_v1", auth=credentials).must_succeed()


def _v1(server: Server, first: str, last: str, projects: Any = OMIT) -> Response:
    return _ask_v1(server, from_date=first, to_date=last, projects=projects).must_succeed()


def _ask_v3(server: Server, project_id: Any, **query: Any) -> Response:
    given = {"from_date": "2019-01-01", "to_date": "2019-01-02", "project_id": project_id, "business": "default"}
    return server.send("get_usage_v3", query={**given, **query})


def _v3(server: Server, project_id: str, first: str, last: str, business: str = "default") -> Response:
    return _ask_v3(server, project_id, from_date=first, to_date=last, business=business).must_succeed()


def _some_project(server: Server) -> str:
    """A project that is there anyway, or a new one."""
    known = server.list_projects()
    found: str = known[0]["id"] if known else server.create_project()["id"]
    return found


# -- reading -----------------------------------------------------------------------------------------------------------


def _rows_of(response: Response, project: str) -> list[dict[str, Any]]:
    found = [usage["daily"] for usage in response.need("usages") if usage["project"] == project]
    require(len(found) == 1, f"the project {project} once", f"{len(found)} times", response.exchange)
    rows: list[dict[str, Any]] = found[0]
    return rows


def _must_be_about(response: Response, expected: set[str]) -> None:
    named = [usage["project"] for usage in response.need("usages")]
    require(sorted(named) == sorted(expected), f"the projects {sorted(expected)} once each", named, response.exchange)


def _figures(response: Response) -> list[tuple[str, dict[str, float]]]:
    """The days of v3 and their figures; each day must begin at midnight UTC."""
    rows = []
    for row in response.need("usages"):
        moment = datetime.fromtimestamp(instant(row["date"], response.exchange), UTC)
        if moment.timetz() != datetime.min.replace(tzinfo=UTC).timetz():
            raise Broken("the moment a day begins, in UTC", repr(row["date"]), response.exchange)
        rows.append((moment.date().isoformat(), row["usage"]))
    return rows


def _days(first: str, last: str) -> list[str]:
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    return [(begin + number * _DAY).isoformat() for number in range((end - begin).days + 1)]


def _minutes(number: int) -> dict[str, int]:
    """Different minutes for each kind and each number."""
    return {kind: 100 * number + 10 + place for place, kind in enumerate(KINDS)}
