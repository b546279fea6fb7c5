"""Subtle faults of the API of 2019 in either dialect, written from the documents before the checks were read."""

from __future__ import annotations

import base64
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs

from agora_rest.emulator import (
    DEFAULT_CUSTOMER_CERTIFICATE,
    DEFAULT_CUSTOMER_ID,
    channels,
    projects,
    recordings,
    rules,
    world,
)
from agora_rest.emulator.channels import ChannelPage, Mode, Role
from agora_rest.emulator.clock import iso
from agora_rest.emulator.recordings import Ending
from agora_rest.emulator.refusals import Code, RecordingRefused
from agora_rest.emulator.web import calls, dialects
from faults.caller import APP, DAY, DEMO, Caller, Request, get, one
from faults.edits import refuses, takes
from faults.middleware import RIGHT_CREDENTIALS, HttpCall, on_request, on_response, put, refuse, respond
from faults.patches import also, called_with, first, method, result
from faults.seeds import authentication, identity, paging, state, timing, units, validation

_PICTURE = "clientRequest.recordingConfig.transcodingConfig"


def _idle_alone(self: Any, identity: Any, now: float, is_idle: bool) -> bool:
    return is_idle and not self.in_channel(identity.app_id, identity.cname, now)


def _second_of_two(a: Caller) -> Any:
    a.record()
    second = a.record(uid="77")
    a.advance(60)
    return a.status(*second)


def _in_any_case(original: Any, self: Any, resource_id: Any, identity: Any) -> Any:
    resource = self.resource(identity.app_id, resource_id)
    if resource.owner.cname.casefold() == identity.cname.casefold():
        identity = identity._replace(cname=resource.owner.cname)
    return original(self, resource_id, identity)


def _voiding(original: Any, self: Any, resource_id: Any, identity: Any, now: Any, **more: Any) -> Any:
    try:
        return original(self, resource_id, identity, now, **more)
    except RecordingRefused as refused:
        resource = self._resources.get(resource_id)
        if refused.code == Code.RESOURCE_MISMATCH and resource is not None:
            resource.acquired_at = -1e9
        raise


def _mismatched(a: Caller) -> Any:
    resource = a.resource()
    a.start(resource, "another")
    return a.start(resource).status


def _as_long_as_asked(self: Any, time: float | None, result: Any) -> None:
    if time is not None and time > 1440:
        result.until = self.clock.now() + time * 60


def _full_pages(result: Any, number: int, size: int) -> Any:
    return ChannelPage([], result.total) if number and len(result.channels) < size else result


def _paged(a: Caller) -> Any:
    for name in ("one", "two", "three"):
        a.join(1, cname=name)
    return a.channels(page_no=1, page_size=2).json


def _never_less(result: Any, self: Any, app_id: str) -> Any:
    most = vars(self).setdefault("most", {})
    most[app_id] = max(result.total, most.get(app_id, 0))
    return ChannelPage(result.channels, most[app_id])


def _emptied(a: Caller) -> Any:
    a.join(1)
    before = a.channels().json
    a.emulator.leave(APP, "lesson", 1)
    return before, a.channels().json


def _hosts_counted(result: Any, page: Any) -> Any:
    for row, channel in zip(result[1]["data"]["channels"], page.channels, strict=True):
        if channel.mode is Mode.LIVE:
            row["user_count"] -= len(channel.with_role(Role.AUDIENCE))
    return result


def _with_listener(a: Caller) -> Any:
    a.join(1, mode=2, role=2)
    a.join(2, mode=2, role=3)
    return a.channels().json


def _once_more(original: Any, self: Any, app_id: Any, name: Any, uid: Any, now: Any, **more: Any) -> Any:
    channel = self.find(app_id, name)
    if channel is not None and uid in channel.users:
        vars(channel).setdefault("again", []).append(uid)
    return original(self, app_id, name, uid, now, **more)


def _listed_again(result: Any, channel: Any) -> Any:
    data = result[1]["data"]
    if "users" in data:
        data["users"] += [uid for uid in vars(channel).get("again", ()) if uid in channel.users]
        data["total"] = len(data["users"])
    return result


def _joined_again(a: Caller) -> Any:
    a.join(1, 2)
    a.join(1)
    return a.users().json


def _renamed_app(original: Any, self: Any, project_id: Any, enabled: Any) -> Any:
    was_enabled = self.projects.get(project_id).enabled
    project = original(self, project_id, enabled)
    if enabled and not was_enabled:
        del self.projects._by_app_id[project.app_id]
        project.app_id = self.projects._ids.app_id()
        self.projects._by_app_id[project.app_id] = project
    return project


def _off_and_on(a: Caller) -> Any:
    for switch in (0, 1):
        found = a.post("/v1/project_status", id=DEMO, status=switch)
    return one(found)["vendor_key"]


def _first_ends(result: Any, rules: Any) -> Any:
    for row, rule in zip(result[1]["rules"], rules, strict=True):
        row["ts"] = iso(vars(rule).get("first", rule.until))
    return result


def _rule_updated(a: Caller, time: float) -> Any:
    rule = a.kick(uid=7).json["id"]
    a.put("/v1/kicking-rule", appid=APP, id=rule, time=time)
    return a.rules().json["rules"][0]["ts"]


def _stopped_though_idle(original: Any, self: Any, resource_id: Any, sid: Any, identity: Any, now: Any) -> Any:
    found = self.owned(resource_id, identity).find(sid, now)
    if not found.is_running(now) and found.ending is Ending.IDLE:
        found.ending = Ending.STOPPED
        return found
    return original(self, resource_id, sid, identity, now)


def _idle_and_stopped(a: Caller) -> Any:
    made = a.record()
    a.advance(60)
    return a.stop(*made).status


async def _for_nothing(original: Any, self: Any, endpoint: Any, *rest: Any) -> Any:
    answer = await original(self, endpoint, *rest)
    if answer.status == 404 and endpoint.api == "console":
        for limit in endpoint.limits:
            passed = self._emulator.world.quotas._passed.get(limit.group)
            if passed:
                passed.pop()
    return answer


def _eleven_unknown(a: Caller) -> Any:
    a.emulator.settings.rate_limit = True
    return [a.send(get("/v1/project", id="nobodys")).status for _ in range(11)]


def _users_case(call: HttpCall) -> None:
    with suppress(ValueError):
        given = base64.b64decode(call.header(b"authorization").partition(b" ")[2]).decode()
        user, _, password = given.partition(":")
        if user.casefold() == DEFAULT_CUSTOMER_ID.casefold() and password == DEFAULT_CUSTOMER_CERTIFICATE:
            call.set_header(b"authorization", RIGHT_CREDENTIALS)


def _shouted(a: Caller) -> Any:
    user = (DEFAULT_CUSTOMER_ID.upper(), DEFAULT_CUSTOMER_CERTIFICATE)
    return a.send(Request("GET", "/dev/v1/projects", user=user)).status


def _by_app_id(self: Any, project_id: str) -> str:
    known = self.projects._by_app_id.get(project_id)
    return known.id if known is not None else project_id


def _old_keys(result: Any, projects: Any) -> Any:
    for row, project in zip(result[1]["projects"], projects, strict=True):
        if row["sign_key"]:
            row["sign_key"] = vars(project).get("old", row["sign_key"])
    return result


def _reset_and_listed(a: Caller) -> Any:
    project = a.project()["id"]
    reset = one(a.post("/v1/reset_signkey", id=project)).get("sign_key")
    return [each["sign_key"] == reset for each in a.get("/v1/projects").json["projects"] if each["id"] == project]


def _of_one_day(call: HttpCall) -> bool:
    asked = parse_qs(call.query)
    return asked.get("from_date") == asked.get("to_date")


FAULTS = {
    "recorders-are-company": timing(
        "CR-28",
        "a recording that meets another one in its empty channel is not idle",
        called_with(recordings.Recordings, "start", is_idle=_idle_alone),
        _second_of_two,
        "documented",
    ),
    "mismatch-voids-a-resource": state(
        "CR-39 CR-12",
        "a start in another channel voids the resource ID",
        method(recordings.Recordings, "start", _voiding),
        _mismatched,
        "documented",
    ),
    "partial-page-is-empty": paging(
        "CO-54 CO-55",
        "the last page is empty unless it is full",
        result(channels.Channels, "page", _full_pages),
        _paged,
        "documented",
    ),
    "listeners-are-not-counted": units(
        "CO-55",
        "user_count of a live channel is that of its hosts",
        result(dialects.Documented, "list_channels", _hosts_counted),
        _with_listener,
        "documented",
    ),
    "enabled-with-another-app-id": identity(
        "CO-11 CO-16",
        "a project that is enabled again has another vendor_key",
        method(world.World, "set_project_status", _renamed_app),
        _off_and_on,
        "documented",
    ),
    "list-keeps-the-first-end": state(
        "CO-45 CO-46",
        "the list of rules shows the end that a rule had at first",
        (
            also(rules.Rules, "create", lambda result: result.__dict__.update(first=result.until)),
            result(dialects.Documented, "list_kicking_rules", _first_ends),
        ),
        lambda a: _rule_updated(a, 5),
        "documented",
    ),
    "large-picture-of-33-bits": validation(
        "CR-32",
        "maxResolutionUid may be 4294967296",
        takes("start_recording", f"{_PICTURE}.maxResolutionUid", "4294967296", "1"),
        None,
        "documented",
    ),
    "idle-recording-is-stopped": state(
        "CR-50 CR-65",
        "a recording that ended because its channel was idle can be stopped",
        method(recordings.Recordings, "stop", _stopped_though_idle),
        _idle_and_stopped,
        "documented",
    ),
    "user-in-any-case": authentication(
        "CO-01 CR-02",
        "upper and lower case of the Customer ID do not matter",
        on_request("", _users_case),
        _shouted,
        "documented",
    ),
    "namesakes-are-refused": state(
        "CO-10",
        "a name that another project has is refused",
        called_with(projects.Projects, "create", is_name_unique=True),
        lambda a: [a.create().status for _ in range(2)],
        "documented",
    ),
    "channel-in-any-case": identity(
        "CR-39 CR-04",
        "start and stop take the channel of acquire in upper case too",
        method(recordings.Recordings, "owned", _in_any_case),
        lambda a: a.start(a.resource("lesson"), "Lesson").status,
        "observed",
    ),
    "update-longer-than-a-day": units(
        "CO-46 CO-42",
        "an update may be of more than 1440 minutes",
        also(world.World, "update_rule", _as_long_as_asked),
        lambda a: _rule_updated(a, 2000),
        "observed",
    ),
    "total-never-falls": paging(
        "CO-55",
        "total_size does not fall when channels end",
        result(channels.Channels, "page", _never_less),
        _emptied,
        "observed",
    ),
    "who-comes-again-is-listed-twice": identity(
        "CO-51",
        "a user who joins again is listed twice",
        (
            method(channels.Channels, "join", _once_more),
            result(dialects.Documented, "list_channel_users", _listed_again),
        ),
        _joined_again,
        "observed",
    ),
    "large-uids-of-rules-are-negative": units(
        "CO-45",
        "a listed rule has its uid as a signed number",
        on_response("list_kicking_rules", put("rules.*.uid", lambda uid: uid - 2**32 if uid and uid >= 2**31 else uid)),
        lambda a: [a.kick(uid=4294967295), a.rules().json["rules"][0]["uid"]][1],
        "observed",
    ),
    "server-with-a-path": validation(
        "CO-19",
        "a recording server may have a path",
        takes("set_recording_server", "recording_server", "10.0.0.1:80/x", "10.0.0.1:80", lambda server: "/" in server),
        None,
        "observed",
    ),
    "bitrates-have-an-end": validation(
        "CR-30",
        "a bitrate of more than 10000 is refused",
        refuses("start_recording", f"{_PICTURE}.bitrate", 20_000, lambda rate: rate > 10_000),
        None,
        "observed",
    ),
    "what-is-not-found-is-free": timing(
        "CO-03",
        "calls of the Console that are 404 do not count",
        method(calls.Calls, "respond", _for_nothing),
        _eleven_unknown,
        "observed",
    ),
    "deletes-by-app-id": identity(
        "CO-18 CO-17",
        "delete_project takes an App ID for an ID",
        called_with(world.World, "delete_project", project_id=_by_app_id),
        lambda a: a.delete("/v1/project", id=APP).status,
        "observed",
    ),
    "list-shows-the-old-certificate": state(
        "CO-14 CO-21",
        "the list of projects shows the certificate before the last reset",
        (
            first(
                projects.Projects,
                "reset_certificate",
                lambda self, project_id: (
                    vars(self._by_id[project_id]).update(old=self._by_id[project_id].certificate)
                    if project_id in self._by_id
                    else None
                ),
            ),
            result(dialects.Documented, "list_projects", _old_keys),
        ),
        _reset_and_listed,
        "observed",
    ),
    "one-day-of-usage-is-refused": validation(
        "CO-30 CO-31",
        "v1 usage of one day is refused",
        refuse("get_usage_v1", _of_one_day, respond(400, {"message": "refused"})),
        lambda a: a.get("/v1/usage", **DAY).status,
        "observed",
    ),
}
