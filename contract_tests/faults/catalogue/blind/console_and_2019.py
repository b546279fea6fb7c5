"""Faults of the Console and of Cloud Recording of 2019: caches, leaks, and rules about several things at once."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl, urlencode

from agora_rest.emulator import Minutes, projects, recordings, rules, world
from agora_rest.emulator.recordings import Ending
from agora_rest.emulator.refusals import Code, InvalidInput, RecordingRefused
from agora_rest.emulator.rules import LONGEST_MINUTES
from agora_rest.emulator.usage import Business, MetricsReport, Usage
from agora_rest.emulator.web import calls
from faults.caller import APP, DAY, DEMO, Caller, one
from faults.edits import refuse_client_request
from faults.middleware import HttpCall, on_request, on_response, put
from faults.patches import also, called_with, first, method, result
from faults.seeds import cross, identity, paging, state, timing, units, validation

_RULE = "/v1/kicking-rule"
_PERIOD = {"from_date": "2025-01-01", "to_date": "2025-06-30"}


# -- The Console -------------------------------------------------------------------------------------------------------


def _cached_metrics(original: Any, self: Any, project_id: Any, business: Any, first: Any, last: Any) -> Any:
    report = original(self, project_id, business, first, last)
    return vars(self).setdefault("reports", {}).setdefault((business, first, last), report)


def _of_two_projects(a: Caller) -> Any:
    other = a.project("another")["id"]
    a.emulator.seed_metrics(DEMO, date(2026, 1, 1), {"durationAudioAll": 7})
    query = {"business": "default", **DAY}
    return [a.get("/v3/usage", project_id=each, **query).json["usages"] for each in (DEMO, other)]


def _told_again(original: Any, self: Any, app_id: str, number: int, size: int) -> Any:
    now, kept = self.clock.now(), vars(self).setdefault("pages_told", {})
    since, page = kept.get((app_id, number, size), (now - 2, None))
    if page is None or now - since >= 2:
        page = copy.deepcopy(original(self, app_id, number, size))
        kept[app_id, number, size] = (now, page)
    return page


def _listed_twice(a: Caller) -> Any:
    a.join(1)
    before = a.channels().json
    a.join(2)
    return before, a.channels().json


def _first_page_at_least(call: HttpCall) -> None:
    asked = parse_qsl(call.query)
    if "page_size" not in dict(asked):
        call.query = urlencode([each for each in asked if each[0] != "page_no"])


def _latest_of_any(result: Any, self: Any, app_id: str, uid: int) -> Any:
    there = [channel.users[uid] for channel in self.channels.of(app_id) if uid in channel.users]
    return result if result is None else replace(result, joined=max(user.joined for user in there))


def _in_two_channels(a: Caller) -> Any:
    a.join(1)
    a.advance(100)
    a.join(1, cname="another")
    return a.user(1).json


def _whole_minutes(result: float) -> float:
    return result // 60 * 60 if result > 60 else result


def _zero_first(time: float | None, time_in_seconds: float | None) -> float | None:
    return 0 if time == 0 else time_in_seconds


def _silent_put_offline(self: Any, result: Any) -> None:
    if not result.bars and not result.in_force(self.clock.now()):
        self._put_offline(result)


def _silenced_and_updated(a: Caller) -> Any:
    a.join(1)
    rule = a.kick(uid=1, privileges=["publish_audio"]).json["id"]
    a.put(_RULE, appid=APP, id=rule, time=0)
    return a.users().json


def _oldest_certificate(original: Any, self: Any, project_id: str, enabled: bool) -> Any:
    project = original(self, project_id, enabled)
    oldest = vars(project).setdefault("oldest", project.certificate)
    if enabled and vars(project).pop("was_off", False):
        project.certificate = oldest
    vars(project)["was_off"] = not enabled
    return project


def _note_oldest(self: Any, project_id: str) -> None:
    if project_id in self._by_id:
        project = self._by_id[project_id]
        vars(project).setdefault("oldest", project.certificate)


def _reset_off_and_on(a: Caller) -> Any:
    project = a.project()
    a.post("/v1/reset_signkey", id=project["id"])
    for enable in (False, True):
        a.post("/v1/signkey", id=project["id"], enable=enable)
    return one(a.find(id=project["id"]))["sign_key"] == project["sign_key"]


def _keep_names(original: Any, self: Any, project_id: str) -> Any:
    project = original(self, project_id)
    vars(self).setdefault("names", set()).add(project.name)
    return project


def _former_names(self: Any, name: str, is_name_unique: bool) -> None:
    if is_name_unique and name in vars(self).get("names", ()):
        raise InvalidInput("name: a project has it already", "CO-70")


def _created_again(a: Caller) -> Any:
    a.delete("/v1/project", id=a.project()["id"])
    return a.create().status


def _switch_namesakes(self: Any, result: Any) -> None:
    for each in self.projects.all():
        if each.name == result.name:
            each.enabled = result.enabled


def _one_of_namesakes_off(a: Caller) -> Any:
    pair = [a.project()["id"] for _ in range(2)]
    a.post("/v1/project_status", id=pair[0], status=0)
    return [one(a.find(id=each))["status"] for each in pair]


def _repeated_days(result: MetricsReport, self: Any, project_id: str, business: Business) -> MetricsReport:
    last: dict[str, float] = {}
    for row in result.days:
        if (project_id, business, row.day) in self._metrics:
            last = row.metrics
        elif last:
            row.metrics.update(last)
    return result


def _a_day_and_the_next(a: Caller) -> Any:
    a.emulator.seed_metrics(DEMO, date(2025, 1, 1), {"durationAudioAll": 7})
    return a.get("/v3/usage", project_id=DEMO, business="default", **_PERIOD).json["usages"][1]


def _half_a_year(a: Caller) -> Any:
    a.emulator.seed_minutes(DEMO, date(2025, 6, 1), Minutes(1, 2, 3, 4))
    return len(a.get("/v1/usage", **_PERIOD).json["usages"][0]["daily"])


def _deleted_though_refused(self: Any, app_id: str, rule_id: int, now: float) -> None:
    rule = self._rules.get(rule_id)
    if rule is not None and rule.app_id != app_id:
        del self._rules[rule_id]


def _deleted_elsewhere(a: Caller) -> Any:
    rule = a.kick(uid=7).json["id"]
    a.delete(_RULE, appid=a.other_app(), id=rule)
    return a.rules().json


def _end_as_asked(call: HttpCall) -> None:
    beyond = call.body["time"] - LONGEST_MINUTES
    if beyond > 0:
        put("result.ts", lambda end: (datetime.fromisoformat(end) + timedelta(minutes=beyond)).isoformat())(call)


def _revive_others(self: Any, rule: Any) -> None:
    if rule.target.cname is None and rule.target.uid is not None:
        now = self.clock.now()
        for recording in islice(
            (
                each
                for each in self.recordings.unended(rule.app_id)
                if each.identity.uid == rule.target.uid and each.ended_at == now and each.ending is Ending.PUT_OFFLINE
            ),
            1,
            None,
        ):
            recording.ended_at = recording.ending = None


def _recorders_of_a_uid(a: Caller) -> Any:
    made = [a.record(cname=name) for name in ("lesson", "other")]
    a.kick(uid=527841)
    return [a.status(*each) for each in made]


# -- Cloud Recording ---------------------------------------------------------------------------------------------------


def _began_with_the_first(self: Any, identity: Any, now: float, result: Any) -> None:
    others = [each for each in self.in_channel(identity.app_id, identity.cname, now) if each is not result]
    result.started_at = min([now, *(each.started_at for each in others)])


def _second_status(a: Caller) -> Any:
    a.join(1)
    a.record()
    a.advance(20)
    return a.status(*a.record(uid="77"))


def _note_emptied(self: Any, app_id: str, cname: str) -> None:
    if self.channels.find(app_id, cname) is None:
        vars(self).setdefault("emptied", {})[app_id, cname] = self.clock.now()


def _idle_before(self: Any, identity: Any, result: Any) -> None:
    emptied = vars(self).get("emptied", {}).get((identity.app_id, identity.cname))
    if result.idle_since is not None and emptied is not None:
        result.idle_since = emptied


def _in_an_emptied_channel(a: Caller) -> Any:
    a.join(1)
    a.emulator.leave(APP, "lesson", 1)
    a.advance(60)
    made = a.record()
    a.advance(10)
    return a.status(*made)


def _default_of_live(call: HttpCall) -> None:
    whole = copy.deepcopy(call.body)
    config = whole["clientRequest"]["recordingConfig"]
    if config["channelType"] == 1:
        del config["maxIdleTime"]
        call.body = whole


def _patient_live(a: Caller) -> Any:
    made = a.record(config={"channelType": 1, "maxIdleTime": 100})
    a.advance(60)
    return a.status(*made)


def _busy_elsewhere(self: Any, identity: Any, now: float) -> None:
    for owner, cname in list(self._running):
        if owner != identity.app_id and cname == identity.cname and identity.uid in self._in_channel(owner, cname, now):
            raise RecordingRefused(Code.RECORDER_BUSY, "a recording of this channel with this uid is running")


def _in_two_apps(a: Caller) -> Any:
    other = a.other_app()
    a.record()
    return a.start(a.resource(app=other), app=other).status


def _outcome_kept(self: Any, identity: Any, result: Any) -> None:
    kept = vars(self).setdefault("outcomes", {})
    result.uploading_status = kept.setdefault((identity.app_id, identity.cname), result.uploading_status)


def _stopped_twice(a: Caller) -> Any:
    a.join(1)
    found = []
    for outcome in ("backuped", "uploaded"):
        made = a.record()
        a.advance(20)
        a.emulator.stop_with(outcome)
        found.append(a.stop(*made).inner["serverResponse"]["uploadingStatus"])
    return found


def _unlooked(original: Any, self: Any, resource_id: Any, identity: Any, **more: Any) -> Any:
    project = self.projects._by_app_id.get(identity.app_id)
    if project is None or project.enabled:
        return original(self, resource_id, identity, **more)
    project.enabled = True
    try:
        return original(self, resource_id, identity, **more)
    finally:
        project.enabled = False


def _acquired_before(a: Caller) -> Any:
    resource = a.resource()
    a.post("/v1/project_status", id=DEMO, status=0)
    return a.start(resource).status


def _freed_by_a_kick(self: Any) -> None:
    if self.recording is not None and self.recording.ending is Ending.PUT_OFFLINE:
        self.recording = None


def _kicked_and_started(a: Caller) -> Any:
    resource, _ = a.record()
    rule = a.kick(uid=527841).json["id"]
    a.delete(_RULE, appid=APP, id=rule)
    return a.start(resource).status


def _of_each_recording(original: Any, self: Any, endpoint: Any, segments: Any, *rest: Any) -> Any:
    if endpoint.id == "query_recording":
        limits = tuple(each._replace(group=f"{each.group} {segments['sid']}") for each in endpoint.limits)
        endpoint = replace(endpoint, limits=limits)
    return original(self, endpoint, segments, *rest)


def _two_asked_about(a: Caller) -> Any:
    a.join(1)
    made = [a.record(uid=uid) for uid in ("77", "78")]
    a.emulator.settings.rate_limit = True
    return [a.query(*each).status for each in made for _ in range(10)]


FAULTS = {
    "v3-usage-of-whoever-asked-first": identity(
        "CO-76 CO-36",
        "v3 usage of a period is that of the project that was asked about first",
        method(world.World, "usage_metrics", _cached_metrics),
        _of_two_projects,
        "current",
    ),
    "channels-told-again": paging(
        "CO-55",
        "a page of channels is told again for two seconds, whatever happens meanwhile",
        method(world.World, "channel_page", _told_again),
        _listed_twice,
        "current",
    ),
    "page-number-needs-a-size": paging(
        "CO-54",
        "page_no is not looked at where page_size is left out",
        on_request("list_channels", _first_page_at_least),
        lambda a: [a.join(1), a.channels(page_no=1).json],
        "observed",
    ),
    "join-in-the-latest-channel": identity(
        "CO-50",
        "the time of joining is that of the channel that the user joined last",
        result(world.World, "find_user", _latest_of_any),
        _in_two_channels,
        "current",
    ),
    "seconds-in-whole-minutes": units(
        "CO-84 CO-83",
        "time_in_seconds is cut to whole minutes",
        result(world, "ban_seconds", _whole_minutes),
        lambda a: [a.kick(uid=7, time_in_seconds=119), a.rules().json["rules"][0]["ts"]][1],
        "current",
    ),
    "zero-minutes-win": cross(
        "CO-84 CO-85",
        "beside time 0 time_in_seconds does not count",
        called_with(world.World, "create_rule", time_in_seconds=_zero_first),
        lambda a: [a.kick(uid=7, time=0, time_in_seconds=600), a.rules().json][1],
        "current",
    ),
    "end-of-silence-puts-offline": state(
        "CO-83 CO-80",
        "an update to 0 of a rule that only silences puts the users offline",
        also(world.World, "update_rule", _silent_put_offline),
        _silenced_and_updated,
        "current",
    ),
    "first-certificate-returns": state(
        "CO-20 CO-21",
        "off and on after a reset brings back the certificate from before the reset",
        (
            first(projects.Projects, "reset_certificate", _note_oldest),
            method(world.World, "enable_certificate", _oldest_certificate),
        ),
        _reset_off_and_on,
        "documented",
    ),
    "deleted-name-stays-taken": state(
        "CO-70",
        "the name of a deleted project cannot be taken again",
        (
            method(projects.Projects, "delete", _keep_names),
            first(projects.Projects, "create", _former_names),
        ),
        _created_again,
        "current",
    ),
    "namesakes-are-switched": identity(
        "CO-16 CO-10",
        "a switch of one project switches the others of its name",
        also(world.World, "set_project_status", _switch_namesakes),
        _one_of_namesakes_off,
        "documented",
    ),
    "idle-day-repeats-the-last": state(
        "CO-35",
        "a day without v3 usage has the figures of the last day with some",
        result(Usage, "metrics", _repeated_days),
        _a_day_and_the_next,
        "observed",
    ),
    "hundred-days-of-usage": paging(
        "CO-32 CO-31",
        "v1 usage has the first hundred days of a period",
        result(Usage, "minutes", lambda result: result[:100]),
        _half_a_year,
        "documented",
    ),
    "refused-deletion-deletes": state(
        "CO-47",
        "a deletion of a rule of another App ID is 404, and deletes it",
        first(rules.Rules, "delete", _deleted_though_refused),
        _deleted_elsewhere,
        "observed",
    ),
    "update-answers-as-asked": units(
        "CO-46 CO-42",
        "the answer to an update of more than 1440 minutes has the end that was asked for, not the one in force",
        on_response("update_kicking_rule", _end_as_asked),
        lambda a: a.put(_RULE, appid=APP, id=a.kick(uid=7).json["id"], time=2000).json,
        "documented",
    ),
    "recorder-in-one-channel": identity(
        "CO-44 CO-48",
        "a rule of uid alone ends one of the recordings with that uid",
        also(world.World, "_put_offline", _revive_others),
        _recorders_of_a_uid,
        "documented",
    ),
    "second-begins-with-the-first": timing(
        "CR-42",
        "the status of a recording counts from the first one that runs in its channel",
        also(recordings.Recordings, "start", _began_with_the_first),
        _second_status,
        "documented",
        excluded="The documents do not say how long a recording has a status.",
    ),
    "idle-before-it-began": timing(
        "CR-28",
        "a recording of a channel that emptied before counts the idle time from then",
        (also(world.World, "_take_out", _note_emptied), also(world.World, "start", _idle_before)),
        _in_an_emptied_channel,
        "documented",
    ),
    "idle-time-of-communication-only": cross(
        "CR-28 CR-25",
        "maxIdleTime counts with channelType 0 only",
        on_request("start_recording", _default_of_live),
        _patient_live,
        "documented",
    ),
    "busy-in-another-app-id": identity(
        "CR-14 CR-20",
        "start is refused while another App ID records a channel of that name with that uid",
        first(recordings.Recordings, "start", _busy_elsewhere),
        _in_two_apps,
        "observed",
    ),
    "upload-of-the-first-stop": state(
        "CR-51 CR-52",
        "uploadingStatus of later recordings of a channel is that of the first",
        also(recordings.Recordings, "stop", _outcome_kept),
        _stopped_twice,
        "observed",
    ),
    "disabled-after-acquire": state(
        "CR-15 CO-16",
        "what was acquired before its project was disabled can be started",
        method(world.World, "start", _unlooked),
        _acquired_before,
        "documented",
    ),
    "kick-frees-the-resource": state(
        "CR-12 CO-48",
        "a resource ID can be used again when a rule ended its recording",
        first(recordings.Resource, "check_startable", _freed_by_a_kick),
        _kicked_and_started,
        "observed",
    ),
    "no-picture-of-audio": validation(
        "CR-22 CR-29",
        "transcodingConfig beside streamTypes 0 is refused",
        refuse_client_request(
            "start_recording",
            lambda config: config["streamTypes"] == 0 and "transcodingConfig" in config,
            "recordingConfig",
        ),
        lambda a: a.started(streamTypes=0, transcodingConfig={"fps": 15}).status,
        "documented",
    ),
    "vertical-needs-a-large-picture": cross(
        "CR-31 CR-32",
        "mixedVideoLayout 2 without maxResolutionUid is refused",
        refuse_client_request(
            "start_recording",
            lambda config: config["mixedVideoLayout"] == 2 and "maxResolutionUid" not in config,
            "recordingConfig.transcodingConfig",
        ),
        lambda a: a.started(transcodingConfig={"mixedVideoLayout": 2}).status,
        "observed",
    ),
    "queries-of-each-recording": timing(
        "CR-05",
        "the ten queries of a second are for each recording",
        method(calls.Calls, "respond", _of_each_recording),
        _two_asked_about,
        "observed",
    ),
}
