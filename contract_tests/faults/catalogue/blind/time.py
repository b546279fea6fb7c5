"""Too early, too late, too often."""

from __future__ import annotations

from collections import deque
from datetime import date, timedelta
from typing import Any

from agora_rest.emulator import quotas, recordings, rules, usage, world
from agora_rest.emulator.refusals import InvalidInput
from faults.caller import APP, DEMO, Request, acquire, get, limited, query
from faults.patches import Patch, also, called_with, marked, method, result, value
from faults.seeds import timing

# -- quotas


def _calls(groups: tuple[str, ...], number: int) -> Patch:
    """Another number of calls for these groups; limits of no other group are looked at by them."""

    def used(original: Any, self: Any, limit: Any, now: Any) -> int:
        count: int = original(self, limit, now)
        return count + limit.calls - number if limit.group in groups else count

    return method(quotas.Quotas, "used", used)


def _one_quota_for_all_four(original: Any, self: Any, limits: Any, now: Any) -> bool:
    four = {"acquire", "start", "query", "stop"}
    shared = tuple(limit._replace(group="acquire") if limit.group in four else limit for limit in limits)
    return bool(original(self, shared, now))


def _whole_seconds(original: Any, self: Any, limit: Any, now: Any) -> int:
    """A window that begins with each second of the clock instead of one that slides."""
    passed = self._passed.setdefault(limit.group, deque())
    while passed and passed[0] < now // 1:
        passed.popleft()
    return len(passed)


def _refused_calls_count(result: Any, self: Any, limits: Any, now: Any) -> None:
    if not result:
        for limit in limits:
            self._passed[limit.group].append(now)


# -- recordings


def _idle_from_the_start(original: Any, self: Any, app_id: Any, cname: Any, now: Any) -> None:
    for recording in self.in_channel(app_id, cname, now):
        recording.idle_since = recording.started_at


# -- usage


def _four_years(original: Any, first: Any, last: Any) -> None:
    if not usage.EARLIEST <= first <= last <= first + timedelta(days=4 * 365):
        original(first, last)


def _less_than_a_year(original: Any, first: Any, last: Any) -> None:
    original(first, last)
    if (last - first).days > 300:
        raise InvalidInput("from_date, to_date: too long")


def _a_day_late(original: Any, self: Any, project_id: Any, first: Any, last: Any) -> Any:
    day = timedelta(days=1)
    return [(then + day, minutes) for then, minutes in original(self, project_id, first - day, last - day)]


# -- rules


_LIST = get("/v1/projects")
_RULES = get("/v1/kicking-rule", appid=APP)
_QUERY = query("x", "y")
_TWO_DAYS = {"from_date": "2026-01-01", "to_date": "2026-01-02"}

FAULTS = {
    "resource-lives-an-hour": timing(
        "CR-11",
        "a resource ID is good for an hour",
        value(recordings, "RESOURCE_LIFETIME", 3600.0),
        lambda a: [resource := a.resource(), a.advance(301), a.start(resource).status],
    ),
    "resource-lives-four-minutes": timing(
        "CR-11",
        "a resource ID is good for four minutes",
        value(recordings, "RESOURCE_LIFETIME", 240.0),
        lambda a: [resource := a.resource(), a.advance(250), a.start(resource).status],
    ),
    "resource-lives-six-minutes": timing(
        "CR-11",
        "a resource ID is good for six minutes",
        value(recordings, "RESOURCE_LIFETIME", 360.0),
        lambda a: [resource := a.resource(), a.advance(350), a.start(resource).status],
    ),
    "eleven-queries-a-second": timing(
        "CR-05", "eleven queries pass in a second", _calls(("query",), 11), lambda a: limited(a, (0, _QUERY, 11))
    ),
    "nine-acquires-a-second": timing(
        "CR-05",
        "only nine acquires pass in a second",
        _calls(("acquire",), 9),
        lambda a: limited(a, (0, acquire(), 10)),
    ),
    "endless-starts": timing(
        "CR-05",
        "start has no quota",
        _calls(("start",), 10**9),
        lambda a: [
            made := a.resource(),
            limited(
                a, (0, Request("POST", f"/v1/apps/{APP}/cloud_recording/resourceid/{made}/mode/mix/start", {}), 11)
            ),
        ],
    ),
    "one-quota-for-four-calls": timing(
        "CR-05",
        "acquire, start, query and stop share one quota",
        method(quotas.Quotas, "admit", _one_quota_for_all_four),
        lambda a: limited(a, (0, acquire(), 6), (0, _QUERY, 6)),
    ),
    "quota-by-whole-seconds": timing(
        "CR-05 CO-03",
        "the quota begins anew with each second of the clock",
        method(quotas.Quotas, "used", _whole_seconds),
        lambda a: limited(a, (0.9, acquire(), 10), (0.2, acquire(), 10)),
    ),
    "quota-of-ten-seconds": timing(
        "CR-05 CO-03",
        "the ten calls are for ten seconds",
        called_with(quotas.Quotas, "used", limit=lambda limit: limit._replace(seconds=10.0)),
        lambda a: limited(a, (0, _LIST, 10), (1.5, _LIST, 1)),
    ),
    "refused-calls-count": timing(
        "CR-05",
        "refused calls use the quota up: who goes on asking waits for ever",
        also(quotas.Quotas, "admit", _refused_calls_count),
        lambda a: limited(a, (0, acquire(), 10), (0.6, acquire(), 10), (0.6, acquire(), 1)),
    ),
    "twenty-console-calls": timing(
        "CO-03",
        "twenty calls of the Console pass in a second",
        _calls(("console",), 20),
        lambda a: limited(a, (0, _LIST, 11)),
    ),
    "rules-count-nowhere-else": timing(
        "CO-03",
        "calls about kicking rules do not count in the Console's total",
        called_with(
            quotas.Quotas,
            "admit",
            limits=lambda limits: tuple(each for each in limits if each.group != "console") or limits,
        ),
        lambda a: limited(a, (0, _RULES, 6), (0, _LIST, 6)),
    ),
    "five-rule-calls": timing(
        "CO-49",
        "only five calls about kicking rules pass in a second",
        _calls(("kicking-rules",), 5),
        lambda a: limited(a, (0, _RULES, 6)),
    ),
    "twenty-rule-calls": timing(
        "CO-49",
        "twenty calls about kicking rules pass in a second",
        _calls(("kicking-rules",), 20),
        lambda a: a.rules(),
        excluded="Equivalent: they count in the Console's total too, which stops at ten (CO-03).",
    ),
    "idle-time-in-minutes": timing(
        "CR-28",
        "maxIdleTime is in minutes",
        called_with(world.World, "start", max_idle_time=lambda max_idle_time: max_idle_time * 60),
        lambda a: [made := a.record(config={"maxIdleTime": 10}), a.advance(11), a.status(*made)],
    ),
    "idle-time-is-ignored": timing(
        "CR-28",
        "maxIdleTime is always 30 seconds",
        called_with(world.World, "start", max_idle_time=recordings.DEFAULT_MAX_IDLE_TIME),
        lambda a: [made := a.record(config={"maxIdleTime": 10}), a.advance(11), a.status(*made)],
    ),
    "idle-for-a-minute": timing(
        "CR-28",
        "maxIdleTime is 60 when left out",
        called_with(
            world.World, "start", max_idle_time=lambda max_idle_time: 60 if max_idle_time == 30 else max_idle_time
        ),
        lambda a: [made := a.record(), a.advance(31), a.status(*made)],
    ),
    "never-idle": timing(
        "CR-28",
        "a recording never ends by itself",
        method(recordings.Recording, "is_running", lambda _original, self, _now: self.ended_at is None),
        lambda a: [made := a.record(), a.advance(31), a.status(*made)],
    ),
    "idle-among-users": timing(
        "CR-28",
        "a recording ends although users came into the channel in time",
        method(recordings.Recordings, "on_users_joined", lambda _original, _self, _app_id, _cname, _now: None),
        lambda a: [made := a.record(), a.advance(20), a.join(1), a.advance(20), a.status(*made)],
    ),
    "idle-counted-from-the-start": timing(
        "CR-28",
        "when the last user leaves, the idle time counts from the start of the recording",
        method(recordings.Recordings, "on_users_left", _idle_from_the_start),
        lambda a: [
            a.join(1),
            made := a.record(),
            a.advance(60),
            a.control(a.emulator.leave, APP, "lesson", 1),
            a.advance(1),
            a.status(*made),
        ],
    ),
    "last-day-is-left-out": timing(
        "CO-32 CO-35",
        "usage leaves the last day out",
        result(usage, "_days", lambda result, first, last: list(result)[: -1 if last > first else None]),
        lambda a: a.get("/v1/usage", **_TWO_DAYS),
    ),
    "a-day-too-many": timing(
        "CO-32 CO-35",
        "usage has a day more than was asked for",
        result(usage, "_days", lambda result, last: [*result, last + timedelta(days=1)]),
        lambda a: a.get("/v1/usage", **_TWO_DAYS),
    ),
    "four-years": timing(
        "CO-31 CO-36",
        "usage of up to four years can be asked for at once",
        method(world, "check_range", _four_years),
        lambda a: a.get("/v1/usage", from_date="2023-01-01", to_date="2026-01-01"),
    ),
    "a-year-is-refused": timing(
        "CO-31",
        "usage of 301 days is refused",
        method(world, "check_range", _less_than_a_year),
        lambda a: a.get("/v1/usage", from_date="2025-01-01", to_date="2025-12-30").status,
    ),
    "usage-a-day-late": timing(
        "CO-32",
        "the minutes of v1 usage are told of the day after",
        method(usage.Usage, "minutes", _a_day_late),
        lambda a: [
            a.control(a.emulator.seed_minutes, DEMO, date(2026, 1, 1), usage.Minutes(5, 6, 7, 8)),
            a.get("/v1/usage", **_TWO_DAYS),
        ],
    ),
    "bans-in-seconds": timing(
        "CO-42",
        "a ban of so many minutes lasts so many seconds",
        called_with(rules.Rules, "create", minutes=lambda minutes: minutes / 60),
        lambda a: [a.kick(uid=7, time=5), a.advance(10), a.join(7)],
    ),
    "bans-a-minute-short": timing(
        "CO-42 CO-48",
        "a ban ends a minute early",
        called_with(rules.Rules, "create", minutes=lambda minutes: max(minutes - 1, minutes / 2)),
        lambda a: [a.kick(uid=7, time=5), a.advance(250), a.join(7)],
    ),
    "default-ban-of-half-an-hour": timing(
        "CO-42",
        "a ban without a time lasts 30 minutes",
        value(rules, "DEFAULT_MINUTES", 30),
        lambda a: [a.kick(uid=7), a.advance(1900), a.join(7)],
    ),
    "updated-is-created": timing(
        "CO-45",
        "an update changes the time of a rule's creation",
        marked(rules.Rules, "update", created=lambda now: now),
        lambda a: [a.kick(uid=7), a.advance(5), a.put("/v1/kicking-rule", appid=APP, id=1, time=5), a.rules()],
    ),
}
