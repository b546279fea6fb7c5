"""Values in another unit, limits that are not kept or kept elsewhere."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from agora_rest.emulator import rules, world
from agora_rest.emulator.web import dialects
from faults.caller import APP, Caller
from faults.edits import refuses
from faults.middleware import on_response, put, respond
from faults.patches import method, result, skipped, value
from faults.seeds import units


def _update_as_it_is(original: Any, self: Any, app_id: Any, rule_id: Any, time: Any, _seconds: Any) -> Any:
    self.projects.require_app_id(app_id)
    minutes = time if time and 0 < time < 1 else rules.ban_minutes(time)
    return self.rules.update(app_id, rule_id, minutes, self.clock.now())


def _eight_hours_on(text: str, hours: int = 8) -> str:
    moment = datetime.fromisoformat(text) + timedelta(hours=hours)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _audience(a: Caller, count: int = 10_002) -> Any:
    a.join(*range(1, count + 1), role=3)
    return a.users()


def _short(a: Caller, time: float, seconds: float) -> Any:
    return [a.kick(uid=7, time=time).status, a.advance(seconds), a.join(7)]


def _updated(a: Caller, time: float, seconds: float) -> Any:
    made = a.kick(uid=7).status
    return [made, a.put("/v1/kicking-rule", appid=APP, id=1, time=time), a.advance(seconds), a.join(7)]


FAULTS = {
    "half-a-minute": units(
        "CO-42",
        "a ban of half a minute lasts half a minute instead of one",
        result(world, "ban_minutes", lambda result, time: float(time) if time and 0 < time < 1 else result),
        lambda a: _short(a, 0.5, 40),
    ),
    "two-days": units(
        "CO-42",
        "a ban of 2880 minutes lasts two days instead of one",
        result(world, "ban_minutes", lambda result, time: float(time) if time and 1440 < time < 10_000 else result),
        lambda a: _short(a, 2880, 90000),
    ),
    "too-long-is-an-hour": units(
        "CO-42",
        "a ban of more than 1440 minutes lasts the default hour",
        result(world, "ban_minutes", lambda result, time: 60.0 if time and time > 1440 else result),
        lambda a: _short(a, 2880, 4000),
    ),
    "longest-is-twelve-hours": units(
        "CO-42", "bans are cut to 720 minutes", value(rules, "LONGEST_MINUTES", 720), lambda a: _short(a, 1440, 50000)
    ),
    "shortest-is-five-minutes": units(
        "CO-42", "bans are made 5 minutes at least", value(rules, "SHORTEST_MINUTES", 5), lambda a: _short(a, 1, 61)
    ),
    "zero-is-a-minute": units(
        "CO-42",
        "a time of 0 bans for a minute",
        result(world, "ban_minutes", lambda result, time: 1.0 if time == 0 else result),
        lambda a: _short(a, 0, 1),
    ),
    "zero-is-the-default": units(
        "CO-42",
        "a time of 0 bans for an hour, as if it were left out",
        result(world, "ban_minutes", lambda result, time: 60.0 if time == 0 else result),
        lambda a: _short(a, 0, 61),
    ),
    "zero-does-nothing": units(
        "CO-42",
        "a time of 0 does not put matching users offline",
        skipped(world.World, "_put_offline", lambda self, rule: not rule.in_force(self.clock.now())),
        lambda a: [a.join(7), a.kick(uid=7, time=0), a.users()],
    ),
    "too-long-is-refused": units(
        "CO-42",
        "a ban of more than 1440 minutes is refused",
        refuses("create_kicking_rule", "time", 2000, lambda time: time > 1440, respond(400, {"error_msg": "time"})),
        only_in="documented",
    ),
    "update-is-not-clamped": units(
        "CO-46",
        "an update to half a minute is half a minute instead of one",
        method(world.World, "update_rule", _update_as_it_is),
        lambda a: _updated(a, 0.5, 40),
    ),
    "update-too-long-is-refused": units(
        "CO-46",
        "an update to more than 1440 minutes is refused",
        refuses("update_kicking_rule", "time", 2000, lambda time: time > 1440, respond(400, {"message": "time"})),
        only_in="observed",
    ),
    "join-in-milliseconds": units(
        "CO-50",
        "the time of joining is in milliseconds",
        on_response("get_user_property", put("data.join", lambda join: join * 1000)),
    ),
    "created-in-microseconds": units(
        "CO-12",
        "created is in microseconds",
        on_response(
            "create_project find_project list_projects set_project_status",
            put("project.created", lambda created: created * (10**6 if created < 10**11 else 10**3)),
        ),
    ),
    "created-in-minutes": units(
        "CO-12",
        "created is in minutes since 1970",
        on_response(
            "create_project find_project list_projects set_project_status",
            put("project.created", lambda created: created // (60 if created < 10**11 else 60000)),
        ),
    ),
    "minutes-as-seconds": units(
        "CO-32", "v1 usage is in seconds", on_response("get_usage_v1", put("usages.*.daily.*.hd", lambda hd: hd * 60))
    ),
    "rule-times-in-beijing": units(
        "CO-45",
        "a rule's times are Beijing's, and call themselves UTC",
        on_response("list_kicking_rules", put("rules.*.ts", _eight_hours_on)),
    ),
    "new-end-in-beijing": units(
        "CO-46",
        "the new end of an updated rule is Beijing's, and calls itself UTC",
        on_response("update_kicking_rule", put("result.ts", _eight_hours_on)),
    ),
    "usage-days-in-beijing": units(
        "CO-35",
        "a day of v3 usage begins at 16:00 UTC of the day before",
        on_response("get_usage_v3", put("usages.*.date", lambda text: _eight_hours_on(text, -8))),
    ),
    "a-thousand-listeners": units(
        "CO-52",
        "only the first 1,000 of an audience are listed",
        value(dialects, "AUDIENCE_LISTED", 1000),
        lambda a: _audience(a, 1001),
    ),
    "the-whole-audience": units(
        "CO-52",
        "all of an audience are listed, beyond the first 10,000",
        value(dialects, "AUDIENCE_LISTED", 10**6),
        _audience,
    ),
    "audience-total-is-capped": units(
        "CO-52",
        "audience_total does not go beyond 10,000",
        on_response("list_channel_users", put("data.audience_total", lambda total: min(total, 10_000))),
        _audience,
    ),
    "user-count-is-capped": units(
        "CO-55",
        "user_count does not go beyond 2",
        on_response("list_channels", put("data.channels.*.user_count", lambda count: min(count, 2))),
        lambda a: [a.join(1, 2, 3), a.channels()],
    ),
    "total-is-capped": units(
        "CO-51",
        "total does not go beyond 2",
        on_response("list_channel_users", put("data.total", lambda total: min(total, 2))),
        lambda a: [a.join(1, 2, 3), a.users()],
    ),
}
