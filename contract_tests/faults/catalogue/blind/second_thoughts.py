"""Faults that come to mind when all others are written: half a second, one project too many, one file."""

from __future__ import annotations

from collections import deque
from typing import Any

from agora_rest.emulator import projects, quotas, recordings, rules, world
from agora_rest.emulator.channels import Channels, Role
from agora_rest.emulator.recordings import Recordings, Resource
from agora_rest.emulator.web import dialects
from faults.caller import APP, DEMO, Ask, Caller, get, limited
from faults.fault import Category, seeded
from faults.middleware import Call, admit, answered, asked, put, refuse, respond
from faults.patches import method, value

_RULE = "/v1/kicking-rule/"


def _expired_at_the_limit(original: Any, self: Any, now: Any) -> None:
    if self.recording is None and now - self.acquired_at >= recordings.RESOURCE_LIFETIME:
        self.acquired_at -= 1
    original(self, now)


def _seconds_more(seconds: float) -> Any:
    def create(original: Any, self: Any, app_id: Any, target: Any, minutes: Any, now: Any) -> Any:
        rule = original(self, app_id, target, minutes, now)
        rule.until += seconds if minutes else 0
        return rule

    return method(rules.Rules, "create", create)


def _update_late(original: Any, self: Any, app_id: Any, rule_id: Any, minutes: Any, now: Any) -> Any:
    rule = original(self, app_id, rule_id, minutes, now)
    rule.until += 1.0 if minutes else 0
    return rule


def _whole_minutes(original: Any, time: Any) -> float:
    return float(original(int(time) if time and time > 1 else time))


def _tiny_is_nothing(original: Any, time: Any) -> float:
    return 0.0 if time and 0 < time < 0.1 else float(original(time))


def _in_any_case(original: Any, self: Any, cname: Any, uid: Any, ip: Any) -> bool:
    return bool(original(self, self.cname if self.cname and self.cname.lower() == cname.lower() else cname, uid, ip))


def _certificates_of_all(original: Any, self: Any, project_id: Any, enabled: Any) -> Any:
    project = original(self, project_id, enabled)
    for each in self.projects.all():
        each.certificate_enabled = enabled
    return project


def _servers_of_all(original: Any, self: Any, project_id: Any, address: Any) -> Any:
    project = original(self, project_id, address)
    for each in self.projects.all():
        each.recording_server = address
    return project


def _deletes_namesakes(original: Any, self: Any, project_id: Any) -> Any:
    gone = original(self, project_id)
    for each in [each for each in self.all() if each.name == gone.name]:
        original(self, each.id)
    return gone


def _joined_once(original: Any, self: Any, app_id: Any, name: Any, uid: Any, now: Any, **more: Any) -> Any:
    first = vars(self).setdefault("first", {}).setdefault((app_id, name, uid), now)
    return original(self, app_id, name, uid, first, **more)


def _no_such_thing(call: Call) -> None:
    data = call.reply["data"]
    if data.get("in_channel") is False or data.get("channel_exist") is False:
        call.status, call.reply = 404, {"message": "not there"}


def _first_ten(call: Call) -> None:
    put("data.broadcasters", lambda hosts: hosts[:10])(call)


def _none_for_the_console(original: Any, self: Any, limits: Any, now: Any) -> bool:
    if limits[-1].group != "console":
        return bool(original(self, limits, now))
    self._passed["console"] = deque()
    return True


def _another_file(call: Call) -> None:
    put("serverResponse.fileList", lambda name: f"stopped_{name}")(call)


def _sid_in_any_case(original: Any, self: Any, sid: Any, now: Any) -> Any:
    return original(self, sid.lower(), now)


def _beginning_of_a_resource(original: Any, self: Any, app_id: Any, resource_id: Any) -> Any:
    found = next(
        (each for each in self._resources if len(resource_id) > 8 and each.startswith(resource_id)), resource_id
    )
    return original(self, app_id, found)


def _any_app(call: Call) -> None:
    if isinstance(call.body, dict) and isinstance(call.body.get("appid"), str):
        call.body = {**call.body, "appid": APP}


def _plain_ok(call: Call) -> None:
    if isinstance(call.reply, dict) and call.reply.get("code") == 7:
        call.status = 200


def _code_says_400(call: Call) -> None:
    reply = call.reply
    reply["Code"] = 400
    call.reply = reply


def _ends_the_channel(original: Any, self: Any, resource_id: Any, sid: Any, identity: Any, now: Any) -> Any:
    recording = original(self, resource_id, sid, identity, now)
    for other in self.in_channel(identity.app_id, identity.cname, now):
        other.end(recordings.Ending.STOPPED, now)
    return recording


def _stop_without(a: Caller) -> int:
    resource, sid = a.record()
    path = f"/v1/apps/{APP}/cloud_recording/resourceid/{resource}/sid/{sid}/mode/mix/stop"
    return a.send(Ask("POST", path, {"uid": "527841", "clientRequest": {}})).status


def _kick(a: Caller, seconds: float, **rule: Any) -> Any:
    return [a.kick(uid=7, **rule).status, a.advance(seconds), a.join(7)]


FAULTS = (
    seeded(
        Category.TIME,
        "expired-at-the-limit",
        "CR-11",
        "a resource ID is expired at five minutes sharp, not after them",
        method(Resource, "check_startable", _expired_at_the_limit),
        lambda a: [made := a.resource(), a.advance(300), a.start(made).status],
    ),
    seeded(
        Category.TIME,
        "resource-lives-half-a-second-more",
        "CR-11",
        "a resource ID is good for 300.4 seconds",
        value(recordings, "RESOURCE_LIFETIME", 300.4),
        lambda a: [made := a.resource(), a.advance(300.2), a.start(made).status],
    ),
    seeded(
        Category.TIME,
        "bans-a-second-late",
        "CO-42 CO-48",
        "a ban ends a second late",
        _seconds_more(1.0),
        lambda a: _kick(a, 60.5, time=1),
    ),
    seeded(
        Category.TIME,
        "bans-half-a-second-early",
        "CO-42 CO-48",
        "a ban ends half a second early",
        _seconds_more(-0.5),
        lambda a: _kick(a, 59.75, time=1),
    ),
    seeded(
        Category.TIME,
        "updated-a-second-late",
        "CO-46",
        "an updated ban ends a second late",
        method(rules.Rules, "update", _update_late),
        lambda a: [a.kick(uid=7), a.put(_RULE, appid=APP, id=1, time=1).status, a.advance(60.5), a.join(7)],
    ),
    seeded(
        Category.UNITS,
        "whole-minutes-only",
        "CO-42",
        "a ban of 2.5 minutes lasts two",
        method(world, "ban_minutes", _whole_minutes),
        lambda a: _kick(a, 140, time=2.5),
    ),
    seeded(
        Category.UNITS,
        "tiny-is-nothing",
        "CO-42",
        "a ban of 0.01 minutes is none instead of one minute",
        method(world, "ban_minutes", _tiny_is_nothing),
        lambda a: _kick(a, 10, time=0.01),
    ),
    seeded(
        Category.IDENTITY,
        "bars-in-any-case",
        "CO-44",
        "a rule for a channel bars from one in upper case too",
        method(rules.Target, "fits", _in_any_case),
        lambda a: [a.kick(cname="Lesson").status, a.join(7, cname="lesson")],
    ),
    seeded(
        Category.IDENTITY,
        "certificates-of-all",
        "CO-20",
        "switching a certificate switches that of every project",
        method(world.World, "enable_certificate", _certificates_of_all),
        lambda a: [made := a.project()["id"], a.post("/v1/signkey/", id=DEMO, enable=False), a.find(id=made).content],
    ),
    seeded(
        Category.IDENTITY,
        "one-server-for-all",
        "CO-19",
        "a recording server is set for every project",
        method(world.World, "set_recording_server", _servers_of_all),
        lambda a: [
            made := a.project()["id"],
            a.post("/v1/recording_config/", id=DEMO, recording_server="10.0.0.1:80"),
            a.find(id=made).content,
        ],
    ),
    seeded(
        Category.IDENTITY,
        "namesakes-are-deleted",
        "CO-18",
        "a deletion takes all projects of that name along",
        method(projects.Projects, "delete", _deletes_namesakes),
        lambda a: [a.project("x"), a.delete("/v1/project/", id=a.project("x")["id"]), a.get("/v1/projects/").content],
    ),
    seeded(
        Category.STATE,
        "joined-once",
        "CO-50",
        "who comes back has the time of the first joining",
        method(Channels, "join", _joined_once),
        lambda a: [a.join(7), a.emulator.leave(APP, "lesson", 7), a.advance(60), a.join(7), a.user(7).content],
    ),
    seeded(
        Category.STATUSES,
        "nobody-is-404",
        "CO-50 CO-53",
        "a user or a channel that is not there is 404",
        answered("get_user_property list_channel_users", _no_such_thing),
        lambda a: [a.user(7).status, a.users().status],
    ),
    seeded(
        Category.UNITS,
        "audience-of-9999",
        "CO-52",
        "9,999 of an audience are listed",
        value(dialects, "AUDIENCE_LISTED", 9999),
        lambda a: [a.join(*range(1, 10_002), role=Role.AUDIENCE), len(a.users().json["data"]["audience"])],
    ),
    seeded(
        Category.UNITS,
        "ten-broadcasters",
        "CO-52",
        "only ten broadcasters are listed",
        answered("list_channel_users", _first_ten),
        lambda a: [a.join(*range(1, 12), role=Role.HOST), a.users().content],
    ),
    seeded(
        Category.TIME,
        "no-quota-at-the-console",
        "CO-03",
        "the Console has no quota",
        method(quotas.Quotas, "admit", _none_for_the_console),
        lambda a: limited(a, (0, get("/v1/projects/"), 11)),
    ),
    seeded(
        Category.IDENTITY,
        "another-file-when-stopped",
        "CR-51",
        "stop names another index than query",
        answered("stop_recording", _another_file),
        lambda a: [a.join(1), a.stop(*a.record()).content],
    ),
    seeded(
        Category.VALIDATION,
        "sid-in-any-case",
        "CR-04 CR-39",
        "a sid in upper case is taken",
        method(Resource, "find", _sid_in_any_case),
        lambda a: [made := a.record(), a.query(made[0], made[1].upper()).status],
    ),
    seeded(
        Category.IDENTITY,
        "beginning-of-a-resource-id",
        "CR-38",
        "the beginning of a resource ID is taken for it",
        method(Recordings, "resource", _beginning_of_a_resource),
        lambda a: [made := a.record(), a.query(made[0][:-1], made[1]).status],
    ),
    seeded(
        Category.IDENTITY,
        "rules-for-any-app-id",
        "CO-40",
        "a kicking rule may be made for an App ID that is nobody's",
        asked("create_kicking_rule", _any_app),
        lambda a: a.kick(appid="f" * 32, uid=7).status,
    ),
    seeded(
        Category.STATUSES,
        "started-already-is-200",
        "CR-37",
        "a start on what is recording is 200 instead of 201",
        answered("start_recording", _plain_ok),
        lambda a: [made := a.record(), a.start(made[0]).status],
        only_in="observed",
    ),
    seeded(
        Category.CROSS_FIELD,
        "code-of-404-is-400",
        "CR-61",
        "Code in the envelope of a 404 is 400",
        answered("query_recording stop_recording", _code_says_400, status=404),
        lambda a: [made := a.record(), a.advance(1000), a.query(*made).content],
        only_in="documented",
    ),
    seeded(
        Category.IDENTITY,
        "stop-ends-the-channel",
        "CR-50",
        "stop ends every recording of the channel",
        method(Recordings, "stop", _ends_the_channel),
        lambda a: [made := a.record(uid="8"), a.stop(*a.record()), a.status(*made)],
    ),
    seeded(
        Category.VALIDATION,
        "no-privileges",
        "CO-43",
        "privileges may be empty",
        admit("create_kicking_rule", "privileges", lambda given: given == [], ["join_channel"]),
        lambda a: a.kick(uid=7, privileges=[]).status,
    ),
    seeded(
        Category.VALIDATION,
        "rule-for-largest-uid-is-refused",
        "CO-41",
        "a kicking rule for uid 4294967295 is refused",
        refuse("create_kicking_rule", lambda call: call.body.get("uid") == 4294967295, respond(400, {"message": "no"})),
        lambda a: a.kick(uid=4294967295).status,
        only_in="observed",
    ),
    seeded(
        Category.VALIDATION,
        "rule-for-long-name-is-refused",
        "CO-40 CO-57",
        "a kicking rule for a name of 64 is refused",
        refuse(
            "create_kicking_rule",
            lambda call: len(call.body.get("cname") or "") == 64,
            respond(400, {"message": "no"}),
        ),
        lambda a: a.kick(cname="x" * 64).status,
        only_in="observed",
    ),
    seeded(
        Category.VALIDATION,
        "stop-needs-no-cname",
        "CR-50",
        "stop takes a body without cname",
        admit("stop_recording", "cname", lambda given: given is None, "lesson"),
        _stop_without,
    ),
    seeded(
        Category.VALIDATION,
        "empty-bucket",
        "CR-33",
        "storageConfig with an empty bucket is taken",
        admit("start_recording", "clientRequest.storageConfig.bucket", lambda given: given == "", "b"),
        lambda a: a.stored(bucket="").status,
    ),
    seeded(
        Category.VALIDATION,
        "channel-type-as-boolean",
        "CR-25",
        "channelType may be true",
        admit("start_recording", "clientRequest.recordingConfig.channelType", lambda given: given is True, 1),
        lambda a: a.started(channelType=True).status,
    ),
    seeded(
        Category.VALIDATION,
        "region-as-text",
        "CR-35",
        "region may be a string",
        admit("start_recording", "clientRequest.storageConfig.region", lambda given: isinstance(given, str), 2),
        lambda a: a.stored(region="2").status,
    ),
    seeded(
        Category.VALIDATION,
        "vendor-as-text",
        "CR-34",
        "vendor may be a string",
        admit("start_recording", "clientRequest.storageConfig.vendor", lambda given: isinstance(given, str), 1),
        lambda a: a.stored(vendor="1").status,
    ),
)
