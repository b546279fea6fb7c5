"""Subtle faults of today's Console, written from the documents before the checks were read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from agora_rest.emulator import projects, rules, world
from agora_rest.emulator.subscriptions import BOTH
from agora_rest.emulator.web import calls
from faults.caller import APP, DAY, DEMO, Caller, one
from faults.current import of_users
from faults.middleware import HttpCall, edit, names_no_app_id, on_response, put, respond
from faults.patches import also, called_with, method, result
from faults.seeds import identity, shapes, state, statuses, timing, units

_RULE = "/v1/kicking-rule"


def _of_each_app(original: Any, self: Any, endpoint: Any, segments: Any, *rest: Any) -> Any:
    app_id = segments.get("appid", "")
    limits = tuple(each._replace(group=f"{each.group} {app_id}") for each in endpoint.limits)
    return original(self, replace(endpoint, limits=limits), segments, *rest)


def _two_apps(a: Caller) -> Any:
    other = a.other_app()
    a.emulator.settings.rate_limit = True
    return [a.get(f"/v1/channel/{app}").status for app in (APP, other) for _ in range(10)]


def _named_again(a: Caller) -> Any:
    project = a.project("twice")
    a.post("/v1/project_status", id=project["id"], status=0)
    return a.create("twice").status


def _switched(a: Caller) -> Any:
    a.post("/v1/recording_config", id=DEMO, recording_server="10.0.0.1:80")
    return one(a.post("/v1/project_status", id=DEMO, status=1))["recording_server"]


def _metrics(a: Caller) -> Any:
    a.emulator.seed_metrics(DEMO, date(2026, 1, 1), {"durationVideo1080P": 7, "durationVideo2K": 9})
    return a.get("/v3/usage", project_id=DEMO, business="default", **DAY).json["usages"]


def _exchanged(reply: dict[str, Any]) -> None:
    for day in reply["usages"]:
        used = day["usage"]
        used["durationVideo1080P"], used["durationVideo2K"] = used["durationVideo2K"], used["durationVideo1080P"]


def _updated(a: Caller, after: float, **members: Any) -> Any:
    rule = a.kick(uid=7).json["id"]
    a.advance(after)
    return a.put(_RULE, appid=APP, id=rule, **members).json["result"]["ts"]


def _unclamped(self: Any, time_in_seconds: float | None, result: Any) -> None:
    if time_in_seconds is not None and time_in_seconds > rules.LONGEST_SECONDS:
        result.until = self.clock.now() + time_in_seconds


def _from_creation(time_in_seconds: float | None, result: Any) -> None:
    if time_in_seconds:
        result.until = result.created + rules.ban_seconds(time_in_seconds)


def _minutes_if_any(time: float | None, time_in_seconds: float | None) -> float | None:
    return time_in_seconds or (time_in_seconds if time is None else None)


def _heard_at_first(self: Any, app_id: str, cname: str, uid: int, result: Any) -> None:
    now = self.clock.now()
    for recording in self.recordings.in_channel(app_id, cname, now):
        recording.observe_user(uid, result.publishes, now)


def _lifted_silently(original: Any, self: Any, app_id: Any, rule_id: Any) -> Any:
    del original
    self.projects.require_app_id(app_id)
    return self.rules.delete(app_id, rule_id, self.clock.now())


def _tracks(a: Caller, *privileges: str, lift: bool = False, later: bool = False) -> Any:
    """What is recorded of users who may not send, one of whom comes later."""
    made = of_users(a, "individual", config={"subscribeUidGroup": 1})
    rule = a.kick(cname="lesson", privileges=list(privileges)).json["id"]
    if lift:
        a.delete(_RULE, appid=APP, id=rule)
    a.advance(5)
    if later:
        a.join(2)
    a.advance(10)
    if lift:
        a.join(2)
        a.emulator.leave(APP, "lesson", 2)
    return made.stopped_tracks()


def _silenced_and_lifted(a: Caller) -> Any:
    """The status of a stop where the only user was silenced before the recording, and the rule deleted in it."""
    a.join(1)
    rule = a.kick(cname="lesson", privileges=["publish_audio", "publish_video"]).json["id"]
    made = of_users(a)
    a.delete(_RULE, appid=APP, id=rule)
    a.advance(20)
    return made.post("stop").status


def _only_video_barred(a: Caller) -> Any:
    a.join(1)
    a.kick(uid=1, privileges=["publish_video"])
    return of_users(a, "individual").server_response().get("fileList")


def _listed(a: Caller) -> Any:
    a.join(1, platform=1)
    a.join(2, platform=2)
    return a.user(2).json


def _like_the_first(result: Any, self: Any, app_id: str, cname: str) -> Any:
    channel = self.channels.find(app_id, cname)
    return result if result is None else replace(result, platform=next(iter(channel.users.values())).platform)


def _no_stage(reply: dict[str, Any]) -> None:
    if reply["data"].get("broadcasters") == []:
        reply["data"] = {"channel_exist": False}


def _listeners(a: Caller) -> Any:
    a.join(3, mode=2, role=3)
    return a.get(f"/v1/channel/user/{APP}/lesson/hosts_only").json


def _not_found(call: HttpCall) -> None:
    if names_no_app_id(call):
        respond(404)(call)


FAULTS = {
    "quota-of-each-app-id": timing(
        "CO-62",
        "the calls about channels have a quota for each App ID",
        method(calls.Calls, "respond", _of_each_app),
        _two_apps,
    ),
    "rules-of-nobody-are-not-found": statuses(
        "CO-67",
        "update and deletion of a rule of an App ID that does not exist are 404",
        on_response("update_kicking_rule delete_kicking_rule", _not_found, status=400),
        lambda a: a.put(_RULE, appid="f" * 32, id=1, time=5).status,
    ),
    "disabled-name-is-free": state(
        "CO-70",
        "the name of a disabled project can be taken again",
        called_with(
            projects.Projects,
            "create",
            is_name_unique=lambda self, name, is_name_unique: (
                is_name_unique and any(each.enabled and each.name == name for each in self.all())
            ),
        ),
        _named_again,
    ),
    "switch-hides-the-server": shapes(
        "CO-71",
        "the answer to a switch shows no recording server",
        on_response("set_project_status", put("project.recording_server", None)),
        _switched,
    ),
    "full-hd-is-2k": state(
        "CO-76", "the seconds of 1080P and of 2K are exchanged", on_response("get_usage_v3", edit(_exchanged)), _metrics
    ),
    "zero-seconds-give-way": state(
        "CO-84 CO-85",
        "beside time_in_seconds 0 the minutes count",
        called_with(world.World, "create_rule", time_in_seconds=_minutes_if_any),
        lambda a: [a.kick(uid=5, time=60, time_in_seconds=0), a.join(5)],
    ),
    "update-of-any-seconds": units(
        "CO-84 CO-83",
        "an update may be of more than 86430 seconds",
        also(world.World, "update_rule", _unclamped),
        lambda a: _updated(a, 0, time_in_seconds=100_000),
    ),
    "update-in-seconds-from-creation": timing(
        "CO-83",
        "the seconds of an update count from the creation of the rule",
        also(world.World, "update_rule", _from_creation),
        lambda a: _updated(a, 100, time_in_seconds=600),
    ),
    "who-comes-later-is-heard": state(
        "CO-80",
        "a rule of publish_audio and publish_video does not hold for users who come later",
        also(world.World, "join", _heard_at_first),
        lambda a: _tracks(a, "publish_audio", "publish_video", later=True),
    ),
    "deleted-silence-stays": state(
        "CO-80",
        "users may not send until the rule would have ended, also when it is deleted",
        method(world.World, "delete_rule", _lifted_silently),
        _silenced_and_lifted,
    ),
    "unseen-is-unheard": state(
        "CO-80",
        "a rule of publish_video keeps users from sending audio too",
        method(rules.Rule, "mutes", lambda original, self: BOTH if original(self) else frozenset()),
        _only_video_barred,
    ),
    "platform-of-the-first": identity(
        "CO-88",
        "every user of a channel has the platform of the first",
        result(world.World, "find_user", _like_the_first),
        _listed,
    ),
    "stage-without-hosts-is-not-there": state(
        "CO-90",
        "a live channel without hosts is not there in the list of hosts",
        on_response("list_channel_hosts", edit(_no_stage)),
        _listeners,
    ),
}
