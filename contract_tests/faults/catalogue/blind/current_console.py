"""Faults of what the present documents say about the Console: projects, usage, kicking rules, channels."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

from agora_rest.emulator import rules, world
from faults.caller import APP, UNKNOWN, Caller, Request, get, limited
from faults.edits import edit_body, refuses, takes
from faults.middleware import (
    HttpCall,
    admit,
    drop,
    edit,
    exactly,
    names_no_app_id,
    on_request,
    on_response,
    put,
    refuse,
    respond,
)
from faults.patches import also, method, skipped, value
from faults.seeds import cross, identity, ranges, shapes, state, statuses, timing, units, validation

_NUMBERS = count()
_PROJECT_CALLS = (
    "create_project set_project_status set_recording_server enable_certificate reset_certificate"
    " find_project list_projects"
)
_CHANGES = "set_recording_server enable_certificate reset_certificate"
_CHANNELS = "get_user_property list_channel_users list_channel_hosts list_channels"
_RULE = {"appid": APP, "privileges": ["join_channel"]}
_BAD = respond(400, {"message": "refused"})


def _rule(a: Caller, **body: Any) -> Any:
    return a.post("/v1/kicking-rule", **{**_RULE, "uid": 5, **body})


def _rules(a: Caller) -> Any:
    return a.get("/v1/kicking-rule", appid=APP).json["rules"]


def _live(a: Caller) -> bool:
    return a.join(1, 2, mode=2, role=2) and a.join(3, mode=2, role=3)


def _no_longer_than(seconds: float, **body: Any) -> Callable[[Caller], Any]:
    """Whether a rule with this body still keeps a user out after some seconds."""

    def shows(a: Caller) -> Any:
        _rule(a, **body)
        a.advance(seconds)
        return a.join(5)

    return shows


def _an_object(call: HttpCall) -> None:
    reply = call.payload
    if isinstance(reply.get("projects"), list) and reply["projects"]:
        reply["project"] = reply.pop("projects")[0]
    call.payload = reply


def _error_msg(call: HttpCall) -> None:
    reply = call.payload
    if isinstance(reply, dict) and "message" in reply:
        call.payload = {"error_msg": reply["message"]}


def _data(change: Callable[[dict[str, Any]], object]) -> Any:
    return edit(lambda reply: change(reply["data"]))


def _json_anyway(call: HttpCall) -> None:
    if call.content:
        call.set_header(b"content-type", b"application/json")


def _another_name(body: dict[str, Any]) -> None:
    if isinstance(body.get("name"), str) and body["name"]:
        body["name"] += f"-{next(_NUMBERS)}"


def _minutes_first(body: dict[str, Any]) -> None:
    if body.get("time") is not None and body.get("time_in_seconds") is not None:
        del body["time_in_seconds"]


def _no_seconds(body: dict[str, Any]) -> None:
    body.pop("time_in_seconds", None)


def _slash(call: HttpCall) -> bool:
    return call.path.startswith("/dev/v1/project") and not call.path.endswith("/")


def _text(body: bytes, kind: str) -> Request:
    return Request("POST", "/dev/v1/project_status", body, headers={"content-type": kind})


FAULTS = {
    # CO-60 … CO-67: every call
    "slash-is-needed-today": validation(
        "CO-60",
        "calls about projects need a slash at the end of the path",
        refuse("list_projects", _slash, respond(404, {"message": "no Route matched with those values"})),
    ),
    "hosts-without-a-quota": timing(
        "CO-62",
        "the list of hosts has no quota",
        on_response(
            "list_channel_hosts", respond(200, {"success": True, "data": {"channel_exist": False}}), status=429
        ),
        lambda a: limited(a, (2, get(f"/v1/channel/user/{APP}/lesson/hosts_only"), 12)),
    ),
    "channels-are-201": statuses(
        "CO-63", "the calls about channels succeed with 201", on_response(_CHANNELS, respond(201))
    ),
    "missing-members-are-422": statuses(
        "CO-63",
        "a malformed body is 422",
        on_response("create_project set_project_status create_kicking_rule", respond(422), status=400),
    ),
    "error-msg-today": shapes(
        "CO-64",
        "what went wrong is in error_msg",
        on_response("", _error_msg, status=404),
        lambda a: a.post("/v1/project_status", id=UNKNOWN, status=1).json,
    ),
    "refusals-without-words": shapes(
        "CO-64",
        "a refusal has no message",
        on_response("create_project create_kicking_rule", respond(400, {}), status=400),
    ),
    "any-type-of-body-is-400": statuses(
        "CO-65",
        "a body of another type is 400",
        on_response("", respond(400), status=415),
        lambda a: a.send(_text(b"{}", "text/plain")).status,
    ),
    "any-type-of-body-is-read": validation(
        "CO-65",
        "a body of another type is read",
        on_request("", _json_anyway),
        lambda a: a.send(_text(b'{"id": "demo", "status": 1}', "text/plain")).status,
    ),
    "invalid-app-id-is-401": statuses(
        "CO-67",
        "an App ID that does not exist is 401",
        on_response(
            "create_kicking_rule list_kicking_rules " + _CHANNELS,
            lambda call: respond(401)(call) if names_no_app_id(call) else None,
            status=400,
        ),
        lambda a: a.get(f"/v1/channel/{'f' * 32}").status,
    ),
    "invalid-app-id-in-other-words": shapes(
        "CO-67",
        "an App ID that does not exist is told in other words",
        on_response(
            "create_kicking_rule list_kicking_rules " + _CHANNELS,
            lambda call: put("message", "unknown app")(call) if names_no_app_id(call) else None,
            status=400,
        ),
        lambda a: a.get(f"/v1/channel/{'f' * 32}").json,
    ),
    # CO-68 … CO-77: projects and usage
    "changes-are-202": statuses(
        "CO-68", "a change of a project succeeds with 202", on_response(_CHANGES, respond(202))
    ),
    "names-of-256": validation(
        "CO-69",
        "a project's name may have 256 characters",
        takes("create_project", "name", "n" * 256, "long", lambda name: len(name) == 256),
    ),
    "names-of-255-are-refused": validation(
        "CO-69",
        "a project's name may not have 255 characters",
        refuses("create_project", "name", "n" * 255, lambda name: len(name) == 255, _BAD),
    ),
    "certificate-need-not-be-said": validation(
        "CO-69", "enable_sign_key is not required", takes("create_project", "enable_sign_key", None, False)
    ),
    "namesakes-today": state(
        "CO-70", "two projects may have the same name", edit_body("create_project", _another_name)
    ),
    "namesakes-are-a-conflict": statuses(
        "CO-70", "a name that is taken is 409", on_response("create_project", respond(409), status=400)
    ),
    "no-new-project": shapes(
        "CO-71",
        "the answer to a new project is null",
        on_response("create_project", respond(payload={"project": None})),
    ),
    "no-recording-server-is-empty": shapes(
        "CO-71",
        "where no recording server is set, it is an empty object",
        on_response(_PROJECT_CALLS, put("project.recording_server", lambda server: {} if server is None else server)),
    ),
    "created-in-milliseconds-today": units(
        "CO-72", "created is in milliseconds", on_response(_PROJECT_CALLS, put("project.created", lambda at: at * 1000))
    ),
    "found-as-an-object": shapes(
        "CO-73", "what is found is an object under project", on_response("find_project", _an_object)
    ),
    "changes-answer-success": shapes(
        "CO-74",
        "changes of a project are answered with a bare success",
        on_response(_CHANGES, respond(payload={"success": True})),
    ),
    "changes-answer-another-project": identity(
        "CO-74",
        "changes of a project are answered with another ID",
        on_response(_CHANGES, put("project.id", "another")),
    ),
    "unknown-project-is-400-today": statuses(
        "CO-75",
        "a project that is not there is 400",
        on_response("find_project set_project_status set_recording_server", respond(400), status=404),
    ),
    "usage-in-minutes-today": units(
        "CO-76",
        "the unit of a metric is the minute",
        on_response(
            "get_usage_v3", edit(lambda reply: [each.update(unit="minute") for each in reply["meta"].values()])
        ),
    ),
    "usage-without-2k": shapes(
        "CO-76",
        "the metrics of default have no durationVideo2K",
        on_response(
            "get_usage_v3",
            edit(
                lambda reply: [
                    reply["meta"].pop("durationVideo2K", None),
                    *(day["usage"].pop("durationVideo2K", None) for day in reply["usages"]),
                ]
            ),
        ),
    ),
    "usage-is-201": statuses("CO-77", "usage v3 succeeds with 201", on_response("get_usage_v3", respond(201))),
    # CO-78 … CO-85: kicking rules
    "half-an-hour-when-left-out": units(
        "CO-78",
        "without a duration a rule lasts for half an hour",
        value(rules, "DEFAULT_MINUTES", 30),
        _no_longer_than(2400),
    ),
    "two-days-today": units(
        "CO-78",
        "a rule may last for two days",
        value(rules, "LONGEST_MINUTES", 2880),
        _no_longer_than(90000, time=2880),
    ),
    "any-word-is-a-privilege": validation(
        "CO-79", "privileges may have any word", takes("create_kicking_rule", "privileges", ["speak"], ["join_channel"])
    ),
    "no-privilege": validation(
        "CO-79", "privileges may be empty", takes("create_kicking_rule", "privileges", [], ["join_channel"])
    ),
    "one-privilege": validation(
        "CO-79",
        "privileges may have one word only",
        refuses(
            "create_kicking_rule", "privileges", ["publish_audio", "publish_video"], lambda words: len(words) > 1, _BAD
        ),
    ),
    "silenced-is-barred": state(
        "CO-80",
        "who may not send may not join",
        method(rules.Rule, "bars", lambda *_: True),
        lambda a: [_rule(a, privileges=["publish_audio"]).status, a.join(5)],
    ),
    "silenced-is-put-offline": state(
        "CO-80",
        "who may not send is put offline",
        also(world.World, "_on_mute", lambda self, rule: rule.mutes and self._put_offline(rule)),
        lambda a: [a.join(5), _rule(a, privileges=["publish_video"]).status, a.user(5).json],
    ),
    "rules-without-privileges": shapes(
        "CO-81",
        "a rule in the list has no privileges",
        on_response(
            "list_kicking_rules", edit(lambda reply: [rule.pop("privileges", None) for rule in reply["rules"]])
        ),
    ),
    "rules-with-one-privilege": state(
        "CO-81",
        "a rule in the list always has join_channel",
        on_response(
            "list_kicking_rules",
            edit(lambda reply: [rule.update(privileges=["join_channel"]) for rule in reply["rules"]]),
        ),
        lambda a: [_rule(a, privileges=["publish_audio"]).status, _rules(a)[0].get("privileges")],
    ),
    "update-takes-no-seconds": units(
        "CO-83",
        "update ignores time_in_seconds",
        edit_body("update_kicking_rule", _no_seconds),
        lambda a: _updated(a, time_in_seconds=30),
    ),
    "update-with-zero-is-kept": timing(
        "CO-83",
        "by a duration of 0 a rule lasts for a minute",
        admit("update_kicking_rule", "time", exactly(0), 1),
        lambda a: _updated(a, time=0),
    ),
    "seconds-are-ignored": units(
        "CO-84",
        "time_in_seconds is ignored",
        edit_body("create_kicking_rule", _no_seconds),
        _no_longer_than(120, time_in_seconds=60),
    ),
    "minutes-before-seconds": units(
        "CO-84",
        "where both are given, time counts",
        edit_body("create_kicking_rule", _minutes_first),
        _no_longer_than(120, time_in_seconds=60, time=60),
    ),
    "shortest-is-a-second": units(
        "CO-84",
        "a rule may last for a second",
        value(rules, "SHORTEST_SECONDS", 1),
        _no_longer_than(5, time_in_seconds=1),
    ),
    "longest-is-a-day-exactly": units(
        "CO-84",
        "a rule lasts for 86400 seconds at most",
        value(rules, "LONGEST_SECONDS", 86400),
        _no_longer_than(86410, time_in_seconds=90000),
    ),
    "kicked-once-has-an-id": identity(
        "CO-85",
        "a duration of 0 is answered with the ID of a rule",
        on_response("create_kicking_rule", put("id", lambda number: number or 1953)),
    ),
    "kicked-once-and-kept-out": state(
        "CO-85",
        "with a duration of 0 users are kept out for a minute",
        edit_body(
            "create_kicking_rule",
            lambda body: body.update(time=1) if 0 in (body.get("time"), body.get("time_in_seconds")) else None,
        ),
    ),
    "kicked-once-and-there": state(
        "CO-85",
        "with a duration of 0 nobody is put offline",
        skipped(world.World, "_put_offline", lambda self, rule: not rule.in_force(self.clock.now())),
        lambda a: [a.join(5), _rule(a, time=0).status, a.user(5).json],
    ),
    # CO-88 … CO-92: channels
    "user-of-another-uid": identity(
        "CO-88",
        "the state of a user has another uid",
        on_response(
            "get_user_property", _data(lambda data: data.update(uid=data["uid"] + 1) if "uid" in data else None)
        ),
    ),
    "user-without-platform": shapes(
        "CO-88",
        "the state of a user has no platform",
        on_response("get_user_property", _data(lambda data: data.pop("platform", None))),
    ),
    "absent-users-with-a-uid": cross(
        "CO-89",
        "the state of a user who is not there has the uid",
        on_response("get_user_property", _data(lambda data: data.update(uid=7) if not data["in_channel"] else None)),
    ),
    "absent-channels-with-users": cross(
        "CO-89",
        "a channel that is not there has an empty list of users",
        on_response(
            "list_channel_users list_channel_hosts",
            _data(lambda data: data.update(users=[], total=0, mode=1) if not data["channel_exist"] else None),
        ),
    ),
    "hosts-with-the-audience": cross(
        "CO-90",
        "the list of hosts has the audience too",
        on_response("list_channel_hosts", _data(lambda data: data.update(audience=[3], audience_total=1))),
    ),
    "hosts-and-listeners": state(
        "CO-90",
        "the list of hosts has the audience among the hosts",
        on_response(
            "list_channel_hosts",
            _data(lambda data: data["broadcasters"].append(3) if data.get("broadcasters") else None),
        ),
    ),
    "one-host-only": state(
        "CO-90",
        "the list of hosts has one host only",
        on_response(
            "list_channel_hosts",
            _data(lambda data: data.update(broadcasters=data["broadcasters"][:1]) if "broadcasters" in data else None),
        ),
    ),
    "parameter-without-effect": cross(
        "CO-91",
        "hosts_only has no effect on the list of users",
        on_request("list_channel_users", lambda call: setattr(call, "query", "")),
        lambda a: [_live(a), a.get(f"/v1/channel/user/{APP}/lesson", hosts_only="true").json],
    ),
    "parameter-must-be-true": validation(
        "CO-91",
        "hosts_only counts only if it is true",
        on_request("list_channel_users", lambda call: None if "true" in call.query else setattr(call, "query", "")),
        lambda a: [_live(a), a.get(f"/v1/channel/user/{APP}/lesson", hosts_only="").json],
    ),
    "no-success": shapes(
        "CO-92", "an answer about a channel does not say success", on_response(_CHANNELS, drop("success"))
    ),
    "success-is-false": ranges(
        "CO-92",
        "the answer about a channel that is not there has success false",
        on_response("list_channel_users", edit(lambda reply: reply.update(success=reply["data"]["channel_exist"]))),
    ),
}


def _updated(a: Caller, **body: Any) -> Any:
    number = _rule(a, time=60).json["id"]
    a.put("/v1/kicking-rule", appid=APP, id=number, **body)
    a.advance(45)
    return a.join(5)
