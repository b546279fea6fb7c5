"""Faults at the edges of the Console: equality, order, ties, ends of months, Unicode, repetition, other App IDs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from agora_rest.emulator import Minutes, projects, rules, usage, world
from agora_rest.emulator.refusals import InvalidInput
from agora_rest.emulator.web import dialects
from faults.caller import APP, DEMO, Caller, Request, one
from faults.edits import edit_body
from faults.patches import called_with, first, method, result
from faults.seeds import cross, idempotency, identity, paging, state, timing, units, validation

_RULE = "/v1/kicking-rule"


# -- inside the emulator ----------------------------------------------------------------------------------------------


def _ids_in_any_case(self: Any, project_ids: Any) -> Any:
    if project_ids is None:
        return None
    asked = {each.lower() for each in project_ids}
    return [project.id for project in self.projects.all() if project.id.lower() in asked]


def _name_in_any_case(self: Any, name: Any) -> Any:
    return name and next((each.name for each in self.all() if each.name.lower() == name.lower()), name)


def _refuse_but_for_spaces(self: Any, name: str, is_name_unique: bool) -> None:
    if is_name_unique and any(each.name.strip() == name.strip() for each in self.all()):
        raise InvalidInput("name: a project has it already")


def _switched(self: Any, project_id: str, enabled: bool) -> bool:
    project = self.projects._by_id.get(project_id)
    return enabled and not (project is not None and project.certificate_enabled)


def _only_if_it_changes(original: Any, self: Any, app_id: str, rule_id: int, minutes: float, now: float) -> Any:
    rule = self.get(app_id, rule_id, now)
    if vars(rule).get("asked") == minutes:
        return rule
    vars(rule)["asked"] = minutes
    return original(self, app_id, rule_id, minutes, now)


def _end_namesakes(original: Any, self: Any, project_id: str) -> None:
    names = {channel.name for channel in self.channels.of(self.projects.get(project_id).app_id)}
    original(self, project_id)
    for channel in self.channels.all():
        for uid in list(channel.users) if channel.name in names else ():
            self.leave(channel.app_id, channel.name, uid)


def _by_the_beginning(original: Any, self: Any, cname: str, uid: int, ip: Any) -> Any:
    begins = self.uid is not None and str(uid).startswith(str(self.uid))
    return original(self, cname, self.uid if begins else uid, ip)


# -- at the edge ------------------------------------------------------------------------------------------------------


def _in_summer_time(result: Any) -> Any:
    status, body = result
    rows = []
    for row in body["usages"]:
        day = date.fromisoformat(row["date"][:10])
        summer = f"{day - timedelta(days=1)}T23:00:00.000Z"
        rows.append({**row, "date": summer} if 4 <= day.month <= 10 else row)
    return status, {**body, "usages": rows}


def _without_ends_of_months(result: Any) -> Any:
    return [row for row in result if row is result[-1] or (row[0] + timedelta(days=1)).day != 1]


def _one_of_a_moment(result: Any) -> Any:
    status, body = result
    return status, {**body, "rules": list({rule["createAt"]: rule for rule in body["rules"]}.values())}


def _rows_in_any_case(result: Any) -> Any:
    status, body = result
    rows: dict[str, Any] = {}
    for row in body["data"]["channels"]:
        known = rows.setdefault(row["channel_name"].lower(), {**row, "user_count": 0})
        known["user_count"] += row["user_count"]
    return status, {**body, "data": {**body["data"], "channels": list(rows.values())}}


def _count_in_16_bits(body: dict[str, Any]) -> None:
    if len(body["name"].encode("utf-16-le", "surrogatepass")) > 2 * 255:
        body["name"] = ""


def _only_the_last_privilege(body: dict[str, Any]) -> None:
    body["privileges"] = body["privileges"][-1:]


def _only_the_last_duration(body: dict[str, Any]) -> None:
    for name in [name for name in body if name in ("time", "time_in_seconds")][:-1]:
        del body[name]


# -- what shows it ----------------------------------------------------------------------------------------------------


def _in_june(a: Caller) -> Any:
    days = {"from_date": "2025-06-10", "to_date": "2025-06-11"}
    return a.get("/v3/usage", project_id=DEMO, business="default", **days).json["usages"]


def _over_a_month_end(a: Caller) -> Any:
    a.emulator.seed_minutes(DEMO, date(2025, 4, 30), Minutes(1, 2, 3, 4))
    return a.get("/v1/usage", from_date="2025-04-29", to_date="2025-05-02").json["usages"]


def _by_other_case(a: Caller) -> Any:
    days = {"from_date": "2026-01-01", "to_date": "2026-01-01"}
    return a.get("/v1/usage", projects=DEMO.upper(), **days).json


def _at_the_same_moment(a: Caller) -> Any:
    a.kick(uid=1)
    a.kick(uid=2)
    return len(a.rules().json["rules"])


def _two_cases(a: Caller) -> Any:
    a.join(1, cname="lesson")
    a.join(2, cname="Lesson")
    return a.channels().json


def _on_and_on(a: Caller) -> Any:
    a.post("/v1/signkey", id=DEMO, enable=True)
    a.post("/v1/signkey", id=DEMO, enable=True)
    return bool(one(a.find(id=DEMO))["sign_key"])


def _updated_twice(a: Caller) -> Any:
    rule = a.kick(uid=1).json["id"]
    a.put(_RULE, appid=APP, id=rule, time=5)
    a.advance(60)
    return a.put(_RULE, appid=APP, id=rule, time=5).json["result"]


def _deleted_beside_another(a: Caller) -> Any:
    other = a.project("another")
    for app in (APP, other["vendor_key"]):
        a.emulator.join(app, "lesson", 1)
    a.delete("/v1/project", id=other["id"])
    return a.users().json


def _of_a_longer_uid(a: Caller) -> Any:
    a.join(1, 12)
    a.kick(uid=1)
    return a.users().json


def _minutes_behind_seconds(a: Caller) -> Any:
    body = {"appid": APP, "uid": 1, "privileges": ["join_channel"], "time_in_seconds": 30, "time": 5}
    a.send(Request("POST", f"/dev{_RULE}", body))
    return a.rules().json["rules"][0]["ts"]


FAULTS = {
    # Projects
    "found-in-any-case": identity(
        "CO-15",
        "a project is found by its name in any case",
        called_with(projects.Projects, "find", name=_name_in_any_case),
        lambda a: a.find(name="DEMO").status,
        "observed",
    ),
    "taken-but-for-spaces": validation(
        "CO-70",
        "a name is taken where another project has it but for spaces around it",
        first(projects.Projects, "create", _refuse_but_for_spaces),
        lambda a: a.create("demo ").status,
    ),
    "names-in-16-bits": validation(
        "CO-69",
        "of the 255 characters of a project's name those beyond 16 bits count twice",
        edit_body("create_project", _count_in_16_bits),
        lambda a: a.create("\U0001f600" * 200).status,
    ),
    "certificates-toggle": idempotency(
        "CO-20",
        "turning a certificate on that is on turns it off",
        called_with(world.World, "enable_certificate", enabled=_switched),
        _on_and_on,
        "documented",
    ),
    "deleted-by-the-channel": identity(
        "CO-18 CO-53",
        "with a project end the channels of other projects that have the names of its own",
        method(world.World, "delete_project", _end_namesakes),
        _deleted_beside_another,
        "observed",
    ),
    # Usage
    "days-of-summer-time": timing(
        "CO-35 CO-34",
        "from April to October a day of v3 usage begins at 23:00 of the day before",
        result(dialects.Documented, "get_usage_v3", _in_summer_time),
        _in_june,
        "current",
    ),
    "months-without-their-ends": timing(
        "CO-32 CO-30",
        "of a period over several months v1 usage lacks the last day of each but the last",
        result(usage.Usage, "minutes", _without_ends_of_months),
        _over_a_month_end,
        "documented",
    ),
    "usage-in-any-case": identity(
        "CO-33 CO-30",
        "v1 usage takes the ids of projects in any case",
        called_with(world.World, "usage_minutes", project_ids=_ids_in_any_case),
        _by_other_case,
        "observed",
    ),
    # Kicking rules
    "one-rule-of-a-moment": state(
        "CO-45",
        "of rules that were created at the same moment only one is listed",
        result(dialects.Documented, "list_kicking_rules", _one_of_a_moment),
        _at_the_same_moment,
        "observed",
    ),
    "same-update-is-none": idempotency(
        "CO-46",
        "an update to the same time as the one before has no effect",
        method(rules.Rules, "update", _only_if_it_changes),
        _updated_twice,
        "observed",
    ),
    "last-privilege-counts": cross(
        "CO-79 CO-81",
        "of the privileges of a rule only the last counts",
        edit_body("create_kicking_rule", _only_the_last_privilege),
        lambda a: [a.kick(uid=7, privileges=["publish_audio", "publish_video"]), a.rules()],
    ),
    "later-duration-counts": units(
        "CO-84",
        "of time and time_in_seconds that counts which comes later in the body",
        edit_body("create_kicking_rule update_kicking_rule", _only_the_last_duration),
        _minutes_behind_seconds,
    ),
    "uids-by-their-beginning": identity(
        "CO-44",
        "a rule for a uid holds for all whose uid begins with its digits",
        method(rules.Target, "fits", _by_the_beginning),
        _of_a_longer_uid,
        "documented",
    ),
    # Channels
    "rows-in-any-case": paging(
        "CO-55",
        "channels whose names differ in case only are listed as one",
        result(dialects.Documented, "list_channels", _rows_in_any_case),
        _two_cases,
        "documented",
    ),
}
