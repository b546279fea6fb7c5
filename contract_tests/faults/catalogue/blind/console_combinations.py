"""Faults that show where several things come together: two rules, two channels, what came before, what was refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from agora_rest.emulator import Minutes, channels, projects, recordings, rules, usage, world
from agora_rest.emulator.channels import Role
from agora_rest.emulator.recordings import Ending
from agora_rest.emulator.refusals import Code, InvalidInput, NoSuchRule
from agora_rest.emulator.subscriptions import Medium
from agora_rest.emulator.web import dialects
from faults.caller import APP, DAY, DEMO, Caller, Request
from faults.current import of_users
from faults.edits import edit_body, take_any_type
from faults.middleware import edit, on_request, on_response
from faults.patches import also, called_with, first, marked, method, result
from faults.seeds import idempotency, identity, state, statuses, timing, units, validation

_RULE = "/v1/kicking-rule"
_SILENCE = ("publish_audio", "publish_video")


# -- rules against publishing -----------------------------------------------------------------------------------------


def _heard_at_the_first_end(original: Any, self: Any) -> Any:
    now = self.clock.now()
    ended = [rule for rule in self.rules._rules.values() if rule.mutes and not rule.in_force(now)]
    original(self)
    for rule in ended:
        for channel in self.channels.of(rule.app_id):
            for user in channel.users.values():
                if rule.target.fits(channel.name, user.uid, user.ip):
                    for found in self.recordings.in_channel(rule.app_id, channel.name, now):
                        found.observe_user(user.uid, user.publishes, rule.until)


def _in_every_channel(original: Any, self: Any, app_id: str, cname: str, uid: int, ip: Any, now: float) -> Any:
    named = [rule.target.cname or cname for rule in self.of(app_id, now) if rule.target.uid == uid]
    allowed: list[frozenset[Medium]] = [original(self, app_id, name, uid, ip, now) for name in (cname, *named)]
    return frozenset.intersection(*allowed)


def _known_before(original: Any, self: Any, rule: Any) -> Any:
    known = vars(rule).setdefault("known", False)
    rule.known = True
    return None if known and rule.id in self.rules._rules else original(self, rule)


def _tracks(a: Caller, *rules: dict[str, Any], change: dict[str, Any] | None = None, seconds: float = 30) -> Any:
    """The files of a recording in which rules against publishing begin, one of which is changed."""
    made = of_users(a, "individual", config={"subscribeUidGroup": 1})
    found = [a.kick(privileges=list(_SILENCE), **rule).json["id"] for rule in rules]
    a.join(2)
    if change is not None:
        a.put(_RULE, appid=APP, id=found[0], **change)
    a.advance(seconds)
    a.rules()
    a.advance(5)
    return made.stopped_tracks()


def _offline_though_silenced(self: Any, result: Any) -> None:
    if not result.bars and not result.in_force(self.clock.now()):
        self._put_offline(result)


def _silenced_for_nothing(a: Caller) -> Any:
    a.join(1)
    a.kick(uid=1, time=0, privileges=["publish_audio"])
    return a.users().json


# -- rules against joining --------------------------------------------------------------------------------------------


def _lifts_the_earlier(self: Any, result: Any) -> None:
    if not result.in_force(self.clock.now()):
        kept = {key: each for key, each in self.rules._rules.items() if each.target != result.target}
        self.rules._rules = kept


def _kicked_once_more(a: Caller) -> Any:
    a.kick(uid=7)
    a.kick(uid=7, time=0)
    return a.join(7)


def _end_is_kept(original: Any, self: Any, app_id: Any, rule_id: Any, time: Any, time_in_seconds: Any) -> Any:
    if time is None and time_in_seconds is None:
        self.projects.require_app_id(app_id)
        rule = self.rules.get(app_id, rule_id, self.clock.now())
        rule.updated = self.clock.now()
        return rule
    return original(self, app_id, rule_id, time, time_in_seconds)


def _updated_without_duration(a: Caller) -> Any:
    rule = a.kick(uid=7, time=5).json["id"]
    return a.put(_RULE, appid=APP, id=rule).json["result"]["ts"]


def _privileges_after_update(a: Caller) -> Any:
    rule = a.kick(uid=7, privileges=["publish_audio"]).json["id"]
    a.put(_RULE, appid=APP, id=rule, time=5)
    return a.rules().json["rules"]


def _off_and_on(a: Caller) -> Any:
    a.kick(uid=7)
    for status in (0, 1):
        a.post("/v1/project_status", id=DEMO, status=status)
    return a.rules().json["rules"]


def _remember_the_kicked(self: Any, rule: Any) -> None:
    for channel in self.channels.of(rule.app_id):
        fitting = {user.uid for user in channel.users.values() if rule.target.fits(channel.name, user.uid, user.ip)}
        vars(channel).setdefault("kicked", set()).update(fitting)


def _with_the_kicked(result: Any, page: Any) -> Any:
    for row, channel in zip(result[1]["data"]["channels"], page.channels, strict=True):
        row["user_count"] += len(vars(channel).get("kicked", set()) - channel.users.keys())
    return result


def _one_of_two_kicked(a: Caller) -> Any:
    a.join(1, 2)
    a.kick(uid=1)
    return a.channels().json


def _changed_though_refused(original: Any, self: Any, app_id: Any, rule_id: Any, time: Any, seconds: Any) -> Any:
    try:
        return original(self, app_id, rule_id, time, seconds)
    except NoSuchRule:
        if (rule := self.rules._rules.get(rule_id)) is not None:
            rule.until = self.clock.now() + world._ban(time, seconds) * 60
        raise


def _updated_by_another(a: Caller) -> Any:
    rule = a.kick(uid=7).json["id"]
    a.put(_RULE, appid=a.other_app(), id=rule, time=5)
    return a.rules().json["rules"][0]["ts"]


def _recorders_of_any_address(self: Any, rule: Any) -> None:
    now = self.clock.now()
    if rule.target.ip is not None and rule.in_force(now):
        anywhere = replace(rule.target, ip=None) if rule.target.cname or rule.target.uid else None
        for found in self.recordings.of(rule.app_id, now):
            if anywhere is None or anywhere.fits(found.identity.cname, found.identity.uid, None):
                found.end(Ending.PUT_OFFLINE, now)


def _address_barred(a: Caller) -> Any:
    a.join(1)
    made = a.record()
    a.kick(ip="192.0.2.7")
    return a.status(*made)


# -- projects ---------------------------------------------------------------------------------------------------------


def _in_any_case(original: Any, self: Any, name: str, now: Any, **more: Any) -> Any:
    if more.get("is_name_unique") and any(each.name.casefold() == name.casefold() for each in self.all()):
        raise InvalidInput("name: a project has it already", "CO-70")
    return original(self, name, now, **more)


def _kept_though_refused(original: Any, self: Any, name: str, now: Any, **more: Any) -> Any:
    try:
        return original(self, name, now, **more)
    except InvalidInput:
        original(self, name, now, **{**more, "is_name_unique": False})
        raise


def _created_twice(a: Caller) -> Any:
    a.create("twice")
    a.create("twice")
    return len(a.get("/v1/projects").json["projects"])


def _nameless_if_long(body: dict[str, Any]) -> None:
    if len(body["name"].encode()) > 255:
        body["name"] = ""


def _of_enabled_projects(self: Any, project_id: str) -> None:
    if project_id in self.projects._by_id:
        self.projects.get_enabled(project_id)


def _usage_when_disabled(a: Caller) -> Any:
    a.post("/v1/project_status", id=DEMO, status=0)
    return a.get("/v3/usage", project_id=DEMO, business="default", **DAY).status


def _of_31_bits(reply: dict[str, Any]) -> None:
    for day in reply["usages"]:
        day["usage"] = {name: (used + 2**31) % 2**32 - 2**31 for name, used in day["usage"].items()}


def _much_used(a: Caller) -> Any:
    a.emulator.seed_metrics(DEMO, date(2026, 1, 1), {"durationAudioAll": 3_000_000_000})
    return a.get("/v3/usage", project_id=DEMO, business="default", **DAY).json["usages"]


def _from_a_leap_day(a: Caller) -> Any:
    asked = {"from_date": "2024-02-29", "to_date": "2025-03-01"}
    return a.get("/v3/usage", project_id=DEMO, business="default", **asked).status


def _with_the_deleted(result: Any, self: Any, first: Any, last: Any, project_ids: Any) -> Any:
    gone = [each for each in vars(self.projects).get("gone", ()) if each.id in (project_ids or ())]
    return [*result, *((each, self.usage.minutes(each.id, first, last)) for each in gone)]


def _usage_of_the_deleted(a: Caller) -> Any:
    project = a.project()["id"]
    a.emulator.seed_minutes(project, date(2026, 1, 1), Minutes(5, 6, 7, 8))
    a.delete("/v1/project", id=project)
    return a.get("/v1/usage", projects=project, **DAY).json


def _though_disabled(original: Any, self: Any, app_id: str, cname: str) -> Any:
    known = self.projects._by_app_id.get(app_id)
    return self.channels.find(app_id, cname) if known is not None else original(self, app_id, cname)


def _users_when_disabled(a: Caller) -> Any:
    a.join(1)
    a.post("/v1/project_status", id=DEMO, status=0)
    return a.users().status


# -- channels ---------------------------------------------------------------------------------------------------------


def _first_platform(self: Any, app_id: str, name: str, uid: int, platform: Any) -> Any:
    return vars(self).setdefault("platforms", {}).setdefault((app_id, name, uid), platform)


def _back_from_another(a: Caller) -> Any:
    a.join(1, platform=1)
    a.emulator.leave(APP, "lesson", 1)
    a.join(1, platform=7)
    return a.user(1).json


def _first_role(self: Any, app_id: str, name: str, uid: int, role: Any) -> Any:
    channel = self.find(app_id, name)
    return channel.users[uid].role if channel is not None and uid in channel.users else role


def _from_the_stage(a: Caller) -> Any:
    a.join(1, 2, role=Role.HOST)
    a.join(1, role=Role.AUDIENCE)
    return a.user(1).json


# -- recordings -------------------------------------------------------------------------------------------------------


def _startable(self: Any, resource_id: str, identity: Any) -> Any:
    """The resource, if nothing else than the fault would refuse a start on it."""
    resource = self._resources.get(resource_id)
    is_right = resource is not None and resource.owner == identity and resource.recording is None
    return resource if is_right else None


def _in_no_channel(self: Any, resource_id: str, identity: Any) -> None:
    resource = _startable(self.recordings, resource_id, identity)
    if resource and any(identity.uid in channel.users for channel in self.channels.of(identity.app_id)):
        raise resource.refused(Code.INVALID_PARAMETER, "uid: is a user's")


def _user_elsewhere(a: Caller) -> Any:
    a.join(527841, cname="elsewhere")
    return a.start(a.resource()).status


def _busy_for_a_minute(self: Any, resource_id: str, identity: Any, now: float) -> None:
    resource = _startable(self, resource_id, identity)
    if resource is None:
        return
    earlier = [other.recording for other in self.resources() if other.owner == identity and other.recording]
    if any(found.ended_at is not None and now < found.ended_at + 60 for found in earlier):
        raise resource.refused(Code.RECORDER_BUSY, "a recording of this channel with this uid is running")


def _once_more(a: Caller) -> Any:
    a.join(1)
    made = a.record()
    a.advance(20)
    a.stop(*made)
    return a.start(a.resource()).status


def _as_its_neighbour(result: Any, self: Any) -> Any:
    now, who = self.clock.now(), result.identity
    others = self.recordings.in_channel(who.app_id, who.cname, now)
    return replace(result, ended_at=None, ending=None) if others and not result.is_running(now) else result


def _one_of_two_stopped(a: Caller) -> Any:
    a.join(1)
    made = a.record(), a.record(uid="77")
    a.advance(20)
    a.stop(*made[0])
    return [a.status(*each) for each in made]


FAULTS = {
    "first-end-gives-the-word": state(
        "CO-80",
        "where two rules silence a user, the user may send as soon as one of them ends",
        method(world.World, "settle", _heard_at_the_first_end),
        lambda a: _tracks(a, {"cname": "lesson", "time_in_seconds": 10}, {"uid": 2}),
    ),
    "silenced-in-every-channel": state(
        "CO-80",
        "a rule of uid and cname silences the user in other channels too",
        method(rules.Rules, "allowed_media", _in_every_channel),
        lambda a: _tracks(a, {"uid": 2, "cname": "other"}),
    ),
    "silent-until-the-first-end": timing(
        "CO-80 CO-83",
        "an update to an earlier end lets nobody send before the end that a rule had at first",
        method(world.World, "_on_mute", _known_before),
        lambda a: _tracks(a, {"uid": 2}, change={"time_in_seconds": 10}),
    ),
    "silence-of-no-time-puts-offline": state(
        "CO-85",
        "a rule of publish_audio with a duration of 0 puts users offline",
        also(world.World, "create_rule", _offline_though_silenced),
        _silenced_for_nothing,
    ),
    "once-lifts-the-earlier-ban": state(
        "CO-85 CO-48",
        "to put a user offline once ends an earlier rule about the same user",
        also(world.World, "create_rule", _lifts_the_earlier),
        _kicked_once_more,
        "current",
    ),
    "update-of-nothing": timing(
        "CO-83 CO-46",
        "an update without a duration leaves the end of a rule as it was",
        method(world.World, "update_rule", _end_is_kept),
        _updated_without_duration,
        "current",
    ),
    "update-makes-it-a-ban": state(
        "CO-81 CO-46",
        "an updated rule has join_channel as its only privilege",
        marked(rules.Rules, "update", privileges=rules.JOIN_ONLY),
        _privileges_after_update,
        "current",
    ),
    "rules-end-with-a-pause": state(
        "CO-16 CO-45",
        "the rules of a project are gone when it was disabled and is enabled again",
        also(
            world.World, "set_project_status", lambda self, result: result.enabled or self.rules.forget(result.app_id)
        ),
        _off_and_on,
        "current",
    ),
    "the-kicked-are-counted": units(
        "CO-55 CO-48",
        "user_count counts those whom a rule put offline, while others are there",
        (
            first(world.World, "_put_offline", _remember_the_kicked),
            result(dialects.Documented, "list_channels", _with_the_kicked),
        ),
        _one_of_two_kicked,
        "current",
    ),
    "namesakes-in-any-case": state(
        "CO-70",
        "a name is taken where another project has it in other case",
        method(projects.Projects, "create", _in_any_case),
        lambda a: [a.create("Twice").status, a.create("twice").status],
    ),
    "namesake-is-refused-and-kept": idempotency(
        "CO-70",
        "a project whose name is taken is refused, and listed all the same",
        method(projects.Projects, "create", _kept_though_refused),
        _created_twice,
    ),
    "names-of-255-bytes": validation(
        "CO-69",
        "the name of a project has 255 bytes at most instead of characters",
        edit_body("create_project", _nameless_if_long),
        lambda a: a.create("名" * 100).status,
    ),
    "no-usage-of-the-disabled": state(
        "CO-36 CO-16",
        "v3 usage of a disabled project is 404",
        first(world.World, "usage_metrics", _of_enabled_projects),
        _usage_when_disabled,
        "current",
    ),
    "metrics-of-31-bits": units(
        "CO-76",
        "metrics of 2147483648 seconds or more are negative",
        on_response("get_usage_v3", edit(_of_31_bits)),
        _much_used,
    ),
    "first-platform-for-good": state(
        "CO-88",
        "who comes back from another platform is told to be on the first one",
        called_with(channels.Channels, "join", platform=_first_platform),
        _back_from_another,
    ),
    "once-a-host": state(
        "CO-50 CO-52",
        "a host who joins again as audience is a host",
        called_with(channels.Channels, "join", role=_first_role),
        _from_the_stage,
        "current",
    ),
    "deletions-of-any-type": statuses(
        "CO-65",
        "a deletion of a rule is read whatever type its body has",
        on_request("delete_kicking_rule", take_any_type),
        lambda a: (
            a.send(Request("DELETE", f"/dev{_RULE}", {"appid": APP, "id": 1}, {"content-type": "text/plain"})).status
        ),
    ),
    "leap-years-end-in-march": timing(
        "CO-31",
        "a year from the 29th of February ends on the 1st of March",
        method(
            usage,
            "_a_year_after",
            lambda original, day: date(day.year + 1, 3, 1) if (day.month, day.day) == (2, 29) else original(day),
        ),
        _from_a_leap_day,
        "documented",
    ),
    "deleted-projects-in-usage": state(
        "CO-33 CO-18",
        "v1 usage has the minutes of a deleted project where it is asked about",
        (
            first(
                projects.Projects,
                "delete",
                lambda self, project_id: self.__dict__.setdefault("gone", []).append(self.get(project_id)),
            ),
            result(world.World, "usage_minutes", _with_the_deleted),
        ),
        _usage_of_the_deleted,
        "observed",
    ),
    "update-of-another-app-id-counts": state(
        "CO-46",
        "an update of a rule of another App ID is 404, and sets its end",
        method(world.World, "update_rule", _changed_though_refused),
        _updated_by_another,
        "documented",
    ),
    "recorders-have-any-address": state(
        "CO-44 CO-48",
        "a rule for an address ends the recordings that run, as if it were their recorders'",
        also(world.World, "_put_offline", _recorders_of_any_address),
        _address_barred,
        "observed",
    ),
    "channels-of-the-disabled": identity(
        "CO-04 CO-16",
        "the users of the channels of a disabled project are told",
        method(world.World, "find_channel", _though_disabled),
        _users_when_disabled,
        "documented",
    ),
    "uid-of-a-user-elsewhere": state(
        "CR-14",
        "start refuses a uid that a user of another channel has",
        first(world.World, "start", _in_no_channel),
        _user_elsewhere,
        "documented",
    ),
    "pause-between-two-recordings": timing(
        "CR-54 CR-50",
        "for a minute after a stop no recording of the same channel and uid can start",
        first(recordings.Recordings, "start", _busy_for_a_minute),
        _once_more,
        "observed",
    ),
    "as-the-other-recording": identity(
        "CR-40 CR-42",
        "a stopped recording is told to be running while another one of its channel runs",
        result(world.World, "query", _as_its_neighbour),
        _one_of_two_stopped,
        "observed",
    ),
}
