"""The right thing done to, or told of, the wrong one; errors with the number of another."""

from __future__ import annotations

from datetime import date
from typing import Any

from strength.caller import APP, DEMO, UNKNOWN, Caller
from strength.edge import At, Call, answered, asked, put
from strength.fault import Category, Fault
from strength.inside import Patch, method

from agora_rest.emulator import channels, ids, projects, recordings, rules, world
from agora_rest.emulator.refusals import Code, RecordingRefused
from agora_rest.emulator.usage import Business
from agora_rest.emulator.web import endpoints
from agora_rest.emulator.web.routing import decode

_DAY = {"from_date": "2026-01-01", "to_date": "2026-01-01"}


def _identity(
    name: str,
    facts: tuple[str, ...],
    sentence: str,
    plant: At | Patch | tuple[Patch, ...],
    shows: Any,
    only_in: Any = None,
) -> Fault:
    return Fault(name, Category.IDENTITY, facts, sentence, plant, shows, only_in)


# -- recordings


def _instead(other: Code) -> Any:
    def change(call: Call) -> None:
        reply = call.reply
        reply.get("Body", reply)["code"] = int(other)
        call.reply = reply

    return change


def _one_sid(original: Any, self: Any) -> str:
    return "0" * 31 + "1"


def _one_resource(original: Any, self: Any, identity: Any, now: Any) -> Any:
    known = next((each for each in self.resources() if each.owner == identity), None)
    return known or original(self, identity, now)


def _any_sid(original: Any, self: Any, sid: Any, now: Any) -> Any:
    return original(self, self.recording.sid if self.recording is not None else sid, now)


def _any_app(original: Any, self: Any, app_id: Any, resource_id: Any) -> Any:
    known = self._resources.get(resource_id)
    return original(self, app_id if known is None else known.owner.app_id, resource_id)


def _undecodable_is_mismatch(original: Any, self: Any, app_id: Any, resource_id: Any) -> Any:
    try:
        return original(self, app_id, resource_id)
    except RecordingRefused as refused:
        if refused.code is Code.RESOURCE_UNDECODABLE:
            raise RecordingRefused(Code.RESOURCE_MISMATCH, refused.reason) from None
        raise


def _one_index(original: Any, self: Any) -> str:
    return "index.m3u8"


def _stops_all(original: Any, self: Any, resource_id: Any, sid: Any, identity: Any) -> Any:
    stopped = original(self, resource_id, sid, identity)
    for other in self.recordings.of(identity.app_id, self.clock.now()):
        other.end(recordings.Ending.STOPPED, self.clock.now())
    return stopped


def _last_resource(call: Call) -> None:
    reply = call.reply
    holder = reply.get("Body", reply)
    holder["resourceId"] = holder["resourceId"][::-1]
    call.reply = reply


def _any_app_records(original: Any, self: Any, app_id: Any) -> Any:
    return self._by_app_id.get(app_id) or next(iter(self._by_app_id.values()))


# -- projects


def _either_will_do(original: Any, self: Any, *, project_id: Any = None, name: Any = None) -> Any:
    for project in self._by_id.values():
        if project_id == project.id or name == project.name:
            return project
    return original(self, project_id=project_id, name=name)


def _id_is_ignored(original: Any, self: Any, *, project_id: Any = None, name: Any = None) -> Any:
    return original(self, project_id=None if name is not None else project_id, name=name)


def _beginning_of_a_name(original: Any, self: Any, *, project_id: Any = None, name: Any = None) -> Any:
    for project in self._by_id.values():
        if project_id in (None, project.id) and name and project.name.startswith(name):
            return project
    return original(self, project_id=project_id, name=name)


def _one_app_id(original: Any, self: Any, name: Any, now: Any, **more: Any) -> Any:
    project = original(self, name, now, **more)
    project.app_id = next(iter(self._by_id.values())).app_id
    return project


def _the_first(original: Any, self: Any, project_id: Any, enabled: Any) -> Any:
    original(self, project_id, enabled)
    return self.projects.all()[0]


def _switches_all(original: Any, self: Any, project_id: Any, enabled: Any) -> Any:
    project = original(self, project_id, enabled)
    for other in self.projects.all():
        other.enabled = enabled
    return project


def _resets_all(original: Any, self: Any, project_id: Any) -> Any:
    project = original(self, project_id)
    for other in self.all():
        other.certificate, other.certificate_enabled = project.certificate, True
    return project


def _deletes_namesakes(original: Any, self: Any, project_id: Any) -> Any:
    deleted = original(self, project_id)
    for other in [each for each in self._by_id.values() if each.created == deleted.created]:
        original(self, other.id)
    return deleted


# -- usage


def _all_projects(original: Any, self: Any, first: Any, last: Any, project_ids: Any = None) -> Any:
    return original(self, first, last, None)


def _first_named_only(original: Any, self: Any, first: Any, last: Any, project_ids: Any = None) -> Any:
    return original(self, first, last, project_ids and project_ids[:1])


def _unknown_as_zero(original: Any, self: Any, first: Any, last: Any, project_ids: Any = None) -> Any:
    found = original(self, first, last, project_ids)
    known = {project.id for project, _ in found}
    nobody = [each for each in project_ids or () if each not in known]
    blank = {"name": "", "app_id": "", "created": 0.0, "certificate": ""}
    return [*found, *((projects.Project(id=each, **blank), self.usage.minutes(each, first, last)) for each in nobody)]


def _unknown_is_404(original: Any, self: Any, first: Any, last: Any, project_ids: Any = None) -> Any:
    for project_id in project_ids or ():
        self.projects.get(project_id)
    return original(self, first, last, project_ids)


def _one_business(original: Any, self: Any, project_id: Any, business: Any, first: Any, last: Any) -> Any:
    return original(self, project_id, Business.DEFAULT, first, last)


def _one_project(original: Any, self: Any, project_id: Any, business: Any, first: Any, last: Any) -> Any:
    self.projects.get(project_id)
    return original(self, self.projects.all()[0].id, business, first, last)


def _any_project(original: Any, self: Any, project_id: Any, business: Any, first: Any, last: Any) -> Any:
    known = project_id in {project.id for project in self.projects.all()}
    return original(self, project_id if known else self.projects.all()[0].id, business, first, last)


# -- rules and channels


def _rules_of_all(original: Any, self: Any, app_id: Any) -> Any:
    self.projects.require_app_id(app_id)
    return self.rules.all(self.clock.now())


def _bars_in_all_apps(original: Any, self: Any, app_id: Any, cname: Any, uid: Any, ip: Any, now: Any) -> bool:
    return any(rule.target.fits(cname, uid, ip) for rule in self.all(now))


def _channel_is_ignored(original: Any, self: Any, cname: Any, uid: Any, ip: Any) -> bool:
    if self.cname is not None and self.uid is not None:
        return bool(self.uid == uid)
    return bool(original(self, cname, uid, ip))


def _uid_is_ignored(original: Any, self: Any, cname: Any, uid: Any, ip: Any) -> bool:
    if self.cname is not None and self.uid is not None:
        return bool(self.cname == cname)
    return bool(original(self, cname, uid, ip))


def _ip_is_ignored(original: Any, self: Any, cname: Any, uid: Any, ip: Any) -> bool:
    if self.ip is not None and self.cname is None and self.uid is None:
        return False
    return bool(original(self, cname, uid, ip))


def _one_rule(original: Any, self: Any) -> int:
    return 1


def _any_channel(original: Any, self: Any, app_id: Any, cname: Any, uid: Any) -> Any:
    self.projects.require_app_id(app_id)
    found = (channel.users.get(uid) for channel in self.channels.of(app_id))
    return next((user for user in found if user is not None), None)


def _any_app_channel(original: Any, self: Any, app_id: Any, name: Any) -> Any:
    return original(self, app_id, name) or next((each for each in self.all() if each.name == name), None)


def _plus_is_space(original: Any, name: Any, segment: Any) -> str:
    return str(original(name, segment.replace("+", "%20").replace("%2B", "%20")))


def _decoded_twice(original: Any, name: Any, segment: Any) -> str:
    once = str(original(name, segment))
    try:
        return decode(once)
    except ValueError:
        return once


def _lower_case(original: Any, name: Any, segment: Any) -> str:
    text = str(original(name, segment))
    return text.lower() if name == "cname" else text


def _two(a: Caller) -> tuple[str, str]:
    return a.project("first")["id"], a.project("second")["id"]


def _other_app(a: Caller) -> str:
    return str(a.project("another")["vendor_key"])


def _kick(a: Caller, *joins: dict[str, Any], **rule: Any) -> Any:
    return [
        a.kick(**rule).status,
        *(a.join(each["uid"], cname=each.get("cname", "lesson"), ip=each.get("ip")) for each in joins),
    ]


FAULTS = (
    # Cloud Recording
    _identity(
        "start-names-another-resource",
        ("CR-36",),
        "start repeats another resourceId than it was asked with",
        answered("start_recording", _last_resource),
        lambda a: a.start(a.resource()),
    ),
    _identity(
        "every-recording-has-one-sid",
        ("CR-36",),
        "all recordings have the same sid",
        method(ids.Ids, "sid", _one_sid),
        lambda a: [a.record()[1], a.record("other")[1]],
    ),
    _identity(
        "one-resource-for-a-recorder",
        ("CR-10", "CR-12"),
        "acquire gives the same resource ID again for the same channel and uid",
        method(recordings.Recordings, "acquire", _one_resource),
        lambda a: a.resource() == a.resource(),
    ),
    _identity(
        "query-with-any-sid",
        ("CR-39",),
        "query and stop take any sid with a resource ID",
        method(recordings.Resource, "find", _any_sid),
        lambda a: a.query(a.record()[0], a.record("other")[1]),
    ),
    _identity(
        "query-with-any-app",
        ("CR-39",),
        "a resource ID works under another App ID of the account",
        method(recordings.Recordings, "resource", _any_app),
        lambda a: [app := _other_app(a), a.query(*a.record(), app=app)],
    ),
    _identity(
        "undecodable-is-a-mismatch",
        ("CR-38",),
        "a resource ID that is none is 1003 instead of 1001",
        method(recordings.Recordings, "resource", _undecodable_is_mismatch),
        lambda a: a.start("unknown"),
    ),
    _identity(
        "expired-is-used",
        ("CR-11",),
        "an expired resource ID is 1005 instead of 433",
        answered("start_recording", _instead(Code.RESOURCE_USED), code=433),
        lambda a: [resource := a.resource(), a.advance(301), a.start(resource)],
    ),
    _identity(
        "used-is-expired",
        ("CR-12",),
        "a used resource ID is 433 instead of 1005",
        answered("start_recording", _instead(Code.RESOURCE_EXPIRED), code=1005),
        lambda a: [made := a.record(), a.stop(*made), a.start(made[0])],
    ),
    _identity(
        "recording-is-used",
        ("CR-37",),
        "a resource ID that is recording is 1005 instead of 1004",
        answered("start_recording", _instead(Code.RESOURCE_USED), code=1004),
        lambda a: [made := a.record(), a.start(made[0])],
        "documented",
    ),
    _identity(
        "started-already-is-1004",
        ("CR-37",),
        "a start on what is recording is 201 with code 1004 instead of 7",
        answered("start_recording", _instead(Code.ALREADY_RECORDING), code=7),
        lambda a: [made := a.record(), a.start(made[0])],
        "observed",
    ),
    _identity(
        "bad-name-is-error-two",
        ("CR-63",),
        "a channel name that is none is error 2 instead of 1013",
        answered("acquire", _instead(Code.INVALID_PARAMETER), code=1013),
        lambda a: a.acquire("a/b"),
    ),
    _identity(
        "missing-member-is-1013",
        ("CR-62",),
        "a body without uid is 1013 instead of error 2",
        answered(
            "acquire",
            lambda call: "uid" not in (call.body or {"uid": 1}) and _instead(Code.INVALID_CHANNEL_NAME)(call),
            code=2,
        ),
        lambda a: a.acquire(uid=None),
    ),
    _identity(
        "one-index-for-all",
        ("CR-41",),
        "every recording's index has the same name",
        method(recordings.Recording, "index_file", _one_index),
        lambda a: [a.query(*a.record()), a.query(*a.record("other"))],
    ),
    _identity(
        "stop-ends-all",
        ("CR-50",),
        "stop ends every recording of the App ID",
        method(world.World, "stop", _stops_all),
        lambda a: [other := a.record("other"), a.advance(10), a.stop(*a.record()), a.status(*other)],
    ),
    _identity(
        "any-app-id-records",
        ("CR-15",),
        "an App ID that does not exist counts as the first project's",
        method(projects.Projects, "require_app_id", _any_app_records),
        lambda a: a.acquire(app="f" * 32),
    ),
    # Projects
    _identity(
        "find-by-either",
        ("CO-15",),
        "find gives a project that has the id or the name, where both are given",
        method(projects.Projects, "find", _either_will_do),
        lambda a: a.find(id=DEMO, name="other"),
    ),
    _identity(
        "find-by-name-only",
        ("CO-15",),
        "find does not look at the id where a name is given",
        method(projects.Projects, "find", _id_is_ignored),
        lambda a: a.find(id=UNKNOWN, name="demo"),
    ),
    _identity(
        "find-by-beginning",
        ("CO-15",),
        "find gives a project whose name only begins with the one asked for",
        method(projects.Projects, "find", _beginning_of_a_name),
        lambda a: a.find(name="dem"),
    ),
    _identity(
        "one-app-id-for-all",
        ("CO-11",),
        "all projects have the same App ID",
        method(projects.Projects, "create", _one_app_id),
        lambda a: a.create(),
    ),
    _identity(
        "status-of-the-first",
        ("CO-16",),
        "setting a status answers with the first project",
        method(world.World, "set_project_status", _the_first),
        lambda a: a.post("/v1/project_status/", id=_two(a)[1], status=0),
    ),
    _identity(
        "status-of-all",
        ("CO-16",),
        "setting a status sets that of every project",
        method(world.World, "set_project_status", _switches_all),
        lambda a: [made := _two(a), a.post("/v1/project_status/", id=made[0], status=0), a.find(id=made[1])],
    ),
    _identity(
        "reset-of-all",
        ("CO-21",),
        "resetting a certificate gives every project the new one",
        method(projects.Projects, "reset_certificate", _resets_all),
        lambda a: [made := _two(a), a.post("/v1/reset_signkey", id=made[0]), a.find(id=made[1])],
    ),
    _identity(
        "name-in-lower-case",
        ("CO-10", "CO-11"),
        "a new project's name is put into lower case",
        asked(
            "create_project",
            lambda call: (
                isinstance((call.body or {}).get("name"), str)
                and setattr(call, "body", {**call.body, "name": call.body["name"].lower()})
            ),
        ),
        lambda a: a.create("MyProject"),
    ),
    _identity(
        "deletes-others-too",
        ("CO-18",),
        "a deletion takes the projects of the same second along",
        method(projects.Projects, "delete", _deletes_namesakes),
        lambda a: [made := _two(a), a.delete("/v1/project/", id=made[0]), a.find(id=made[1]).status],
    ),
    # Usage
    _identity(
        "usage-of-all",
        ("CO-30",),
        "v1 usage covers all projects, whichever are named",
        method(world.World, "usage_minutes", _all_projects),
        lambda a: [made := _two(a), a.get("/v1/usage/", projects=made[0], **_DAY)],
    ),
    _identity(
        "usage-of-the-first-named",
        ("CO-30",),
        "v1 usage covers only the first of the projects that are named",
        method(world.World, "usage_minutes", _first_named_only),
        lambda a: [made := _two(a), a.get("/v1/usage/", projects=",".join(made), **_DAY)],
    ),
    _identity(
        "unknown-project-has-no-minutes",
        ("CO-33",),
        "v1 usage answers unknown projects with zeros",
        method(world.World, "usage_minutes", _unknown_as_zero),
        lambda a: a.get("/v1/usage/", projects=UNKNOWN, **_DAY),
    ),
    _identity(
        "unknown-project-is-an-error",
        ("CO-33",),
        "an unknown project makes v1 usage a 404",
        method(world.World, "usage_minutes", _unknown_is_404),
        lambda a: a.get("/v1/usage/", projects=f"{DEMO},{UNKNOWN}", **_DAY),
    ),
    _identity(
        "one-business-for-all",
        ("CO-34",),
        "v3 usage is that of RTC, whatever business is asked about",
        method(world.World, "usage_metrics", _one_business),
        lambda a: a.get("/v3/usage/", project_id=DEMO, business="miniapp", **_DAY),
    ),
    _identity(
        "metrics-of-the-first",
        ("CO-34",),
        "v3 usage is that of the first project",
        method(world.World, "usage_metrics", _one_project),
        lambda a: [
            made := _two(a),
            a.emulator.seed_metrics(made[0], date(2026, 1, 1), {"durationAudioAll": 5}),
            a.get("/v3/usage/", project_id=made[0], business="default", **_DAY),
        ],
    ),
    _identity(
        "metrics-of-anybody",
        ("CO-36",),
        "v3 usage of a project that does not exist is that of the first",
        method(world.World, "usage_metrics", _any_project),
        lambda a: a.get("/v3/usage/", project_id=UNKNOWN, business="default", **_DAY),
    ),
    # Kicking rules
    _identity(
        "rules-of-all-apps",
        ("CO-45",),
        "the rules of every App ID are listed",
        method(world.World, "list_rules", _rules_of_all),
        lambda a: [app := _other_app(a), a.kick(uid=7, appid=app), a.rules()],
    ),
    _identity(
        "bans-in-all-apps",
        ("CO-44",),
        "a rule keeps users out of the channels of other App IDs",
        method(rules.Rules, "bar", _bars_in_all_apps),
        lambda a: [a.kick(uid=7, appid=_other_app(a)), a.join(7)],
    ),
    _identity(
        "ban-from-all-channels",
        ("CO-44",),
        "cname with uid bars the user from every channel",
        method(rules.Target, "fits", _channel_is_ignored),
        lambda a: _kick(a, {"uid": 7, "cname": "other"}, cname="lesson", uid=7),
    ),
    _identity(
        "ban-of-everybody",
        ("CO-44",),
        "cname with uid bars everybody from the channel",
        method(rules.Target, "fits", _uid_is_ignored),
        lambda a: _kick(a, {"uid": 8}, cname="lesson", uid=7),
    ),
    _identity(
        "ip-bars-nobody",
        ("CO-44",),
        "a rule for an address alone bars nobody",
        method(rules.Target, "fits", _ip_is_ignored),
        lambda a: _kick(a, {"uid": 8, "ip": "9.9.9.9"}, ip="9.9.9.9"),
    ),
    _identity(
        "one-id-for-all-rules",
        ("CO-40",),
        "every rule has the id 1",
        method(ids.Ids, "rule_id", _one_rule),
        lambda a: [a.kick(uid=7), a.kick(uid=8)],
    ),
    _identity(
        "update-of-another",
        ("CO-46",),
        "an update is answered with the id of the next rule",
        answered("update_kicking_rule", put("result.id", lambda number: number + 1)),
        lambda a: [a.kick(uid=7), a.put("/v1/kicking-rule/", appid=APP, id=1, time=5)],
    ),
    _identity(
        "deletion-of-none",
        ("CO-47",),
        "a deletion is answered with the id 0",
        answered("delete_kicking_rule", put("id", 0)),
        lambda a: [a.kick(uid=7), a.delete("/v1/kicking-rule/", appid=APP, id=1)],
    ),
    _identity(
        "uid-listed-as-its-rule",
        ("CO-45",),
        "a listed rule has its id in place of the uid",
        answered(
            "list_kicking_rules",
            lambda call: setattr(
                call, "reply", {**call.reply, "rules": [{**rule, "uid": rule["id"]} for rule in call.reply["rules"]]}
            ),
        ),
        lambda a: [a.kick(uid=7), a.rules()],
    ),
    # Channels
    _identity(
        "user-of-any-channel",
        ("CO-50",),
        "a user of another channel counts as one of this",
        method(world.World, "find_user", _any_channel),
        lambda a: [a.join(7, cname="other"), a.user(7)],
    ),
    _identity(
        "channel-of-any-app",
        ("CO-51", "CO-53"),
        "a channel of another App ID counts as one of this",
        method(channels.Channels, "find", _any_app_channel),
        lambda a: [app := _other_app(a), a.join(7), a.users(app=app)],
    ),
    _identity(
        "plus-is-space",
        ("CO-57",),
        "+ in a channel's name arrives as a space",
        method(endpoints, "decoded", _plus_is_space),
        lambda a: [a.join(7, cname="a+b"), a.users("a+b")],
    ),
    _identity(
        "decoded-twice",
        ("CO-57",),
        "a channel's name is percent-decoded twice",
        method(endpoints, "decoded", _decoded_twice),
        lambda a: [a.join(7, cname="a%41"), a.users("a%41")],
    ),
    _identity(
        "channel-names-in-any-case",
        ("CO-57",),
        "a channel's name in a URL is put into lower case",
        method(endpoints, "decoded", _lower_case),
        lambda a: [a.join(7, cname="Room"), a.users("Room")],
    ),
    _identity(
        "recorder-is-another-user",
        ("CR-14",),
        "a user may have the uid of the recorder, which then begins anew",
        method(
            recordings.Recordings,
            "start",
            lambda original, self, resource_id, identity, now, *, max_idle_time, users: original(
                self, resource_id, identity, now, max_idle_time=max_idle_time, users=set(users) - {identity.uid}
            ),
        ),
        lambda a: [a.join(527841), a.start(a.resource()).status],
    ),
)
