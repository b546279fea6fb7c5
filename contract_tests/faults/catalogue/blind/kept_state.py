"""Faults of what a server keeps: of a call that it refused, of what is over, of a neighbour, in a cache."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from agora_rest.emulator import (
    Minutes,
    channels,
    current_recordings,
    projects,
    recorded_files,
    recordings,
    rules,
    world,
)
from agora_rest.emulator.channels import ChannelPage
from agora_rest.emulator.modes import RecordingMode, Scene
from agora_rest.emulator.recordings import Ending
from agora_rest.emulator.refusals import Code
from agora_rest.emulator.subscriptions import BOTH
from agora_rest.emulator.usage import DayOfMetrics
from agora_rest.emulator.web import calls, current_responses, dialects, recording_requests
from faults.caller import APP, DEMO, Caller, one
from faults.current import CNAME, UID, Started, acquired, began, of_users, push, recording, services, settings, start
from faults.edits import edit_client_request, refuse_client_request
from faults.middleware import At, Forward, HttpCall, Middleware, error, refuse
from faults.patches import Patch, also, called_with, first, method, result, skipped
from faults.seeds import cross, idempotency, identity, paging, state, timing, units, validation

_HOUR = 3600
_HELD: dict[str, Any] = {"webRecordingConfig": {"onhold": True}}
_RULE = "/v1/kicking-rule"


# -- today's recordings, inside the emulator --------------------------------------------------------------------------


def _hours_from_the_update(result: Any, self: Any) -> Any:
    renewed = vars(self).get("renewed")
    if result is None or result[0] is not Ending.MAX_HOURS or renewed is None:
        return result
    return result[0], result[1] + renewed - self.started_at


def _no_files_on_hold(result: dict[str, Any], recording: Any) -> Any:
    if recording.on_hold:
        result["extensionServiceState"][1]["payload"]["fileList"] = []
    return result


def _late_users(original: Any, self: Any, uid: int, published: Any, now: float) -> Any:
    if not self.is_in_channel:
        return
    late = vars(self).setdefault("late", set())
    if published is None:
        self.streams.pop(uid, None)
    else:
        if uid not in self.streams and self.subscription != self.setup.subscription:
            late.add(uid)
        self.streams[uid] = published
    as_now, as_started = (each.tracks(self.streams) for each in (self.subscription, self.setup.subscription))
    tracks = [*(each for each in as_now if each.uid not in late), *(each for each in as_started if each.uid in late)]
    self.spans.set_active(tracks, now)


def _somebody_sends(original: Any, self: Any) -> Any:
    return original(self) and (not self.is_in_channel or any(self.streams.values()))


def _note_content(self: Any, result: Any) -> None:
    filled, who = vars(self).setdefault("filled", set()), result.identity
    vars(result)["filled"] = (who.app_id, who.cname) in filled
    if result.has_content:
        filled.add((who.app_id, who.cname))


def _filled_before(original: Any, self: Any) -> Any:
    return original(self) or vars(self).get("filled", False)


def _forget_unreachable(self: Any, now: float) -> None:
    for resource in self._resources.values():
        found = resource.recording
        if found is not None and resource.valid_for is not None and now - found.started_at > resource.valid_for:
            self._running.get((found.identity.app_id, found.identity.cname), {}).pop(found.identity.uid, None)


def _layout_of_all(handlers: Mapping[str, Any]) -> Any:
    def update(world: Any, call: Any) -> Any:
        found = handlers["update_layout"](world, call)
        who = found.identity
        for other in world.recordings.in_channel(who.app_id, who.cname, world.clock.now()):
            other.layout = found.layout
        return found

    return {**handlers, "update_layout": update}


def _first_layout(recording: Any, subscription: Any) -> None:
    if subscription is not None:
        recording.layout = recording.setup.layout


def _pages_at_any_time(original: Any, self: Any, now: float) -> Any:
    return None if self.recording is None and self.reservation.scene is Scene.WEB_PAGE else original(self, now)


def _end_pages_too(self: Any, rule: Any) -> None:
    now = self.clock.now()
    for found in self.recordings.of(rule.app_id, now) if rule.in_force(now) else ():
        if not found.is_in_channel and rule.target.fits(found.identity.cname, found.identity.uid, None):
            found.end(Ending.PUT_OFFLINE, now)


def _note_hold(self: Any, recording: Any, on_hold: Any) -> None:
    if on_hold is not None and not recording.is_in_channel:
        vars(self).setdefault("held", {})[recording.identity] = on_hold


def _held_as_before(self: Any, result: Any) -> None:
    if not result.is_in_channel and vars(self).get("held", {}).get(result.identity):
        result.hold(True, self.clock.now())


# -- today's recordings, at the edge ----------------------------------------------------------------------------------


def _subscribes_though_refused() -> Middleware:
    async def middleware(call: HttpCall, forward: Forward) -> None:
        await forward()
        body = call.body
        if call.operation != "update_recording" or call.status != 400 or not isinstance(body, dict):
            return
        request = body.get("clientRequest")
        if isinstance(request, dict) and isinstance(request.get("streamSubscribe"), dict):
            refused = call.status, call.response_headers, call.response_body
            call.body = {**body, "clientRequest": {"streamSubscribe": request["streamSubscribe"]}}
            await forward()
            call.status, call.response_headers, call.response_body = refused

    return middleware


def _touches_the_edge(call: HttpCall) -> bool:
    request = call.body["clientRequest"]
    config = request if call.operation == "update_layout" else request["recordingConfig"]["transcodingConfig"]
    pairs = (("x_axis", "width"), ("y_axis", "height"))
    return any(each[at] > 0 and each[at] + each[size] >= 1 for each in config["layoutConfig"] for at, size in pairs)


def _other_spelling_of_an_update(streams: dict[str, Any]) -> None:
    for medium in ("Audio", "Video"):
        users = streams.get(f"{medium.lower()}UidList", {})
        if users.pop(f"unSubscribe{medium}Uids", None) is not None:
            users[f"subscribe{medium}Uids"] = ["#allstream#"]


# -- what shows them in today's recordings ----------------------------------------------------------------------------


def _page_of(made: Started) -> Any:
    return made.server_response()["extensionServiceState"]


def _tracks(made: Started) -> Any:
    return [(each["uid"], each["trackType"]) for each in made.server_response().get("fileList", [])]


def _pushed_on_hold(a: Caller) -> Any:
    made = recording(a, "web", extensionServiceConfig=services(push()))
    a.advance(20)
    made.post("update", **_HELD)
    made.post("update", rtmpPublishConfig={"outputs": [{"rtmpUrl": "rtmps://other.example.com/live"}]})
    return _page_of(made)[1]["payload"]["outputs"]


def _with_new_storage(a: Caller) -> Any:
    made = of_users(a, "individual")
    storage = {**settings()["storageConfig"], "bucket": "another"}
    made.post("update", streamSubscribe={"audioUidList": {"subscribeAudioUids": ["2"]}}, storageConfig=storage)
    a.join(2)
    a.advance(10)
    return _tracks(made)


def _hours_after_an_update(a: Caller) -> Any:
    made = recording(a, "web")
    a.advance(_HOUR / 2)
    made.post("update", **_HELD)
    a.advance(_HOUR / 2 + 60)
    return made.query().status


def _stopped_on_hold(a: Caller) -> Any:
    made = recording(a, "web")
    a.advance(20)
    made.post("update", **_HELD)
    return made.post("stop").json["serverResponse"]["extensionServiceState"][1]["payload"]["fileList"]


def _of_forty(a: Caller) -> Any:
    a.join(*range(1, 41))
    made = recording(a, "individual", config={"subscribeUidGroup": 5})
    a.advance(10)
    return len({uid for uid, _ in _tracks(made)})


def _who_came_later(a: Caller) -> Any:
    made = of_users(a, "individual", config={"subscribeUidGroup": 1})
    made.post("update", streamSubscribe={"audioUidList": {"subscribeAudioUids": ["2"]}})
    a.join(2, 3)
    a.advance(10)
    return _tracks(made)


def _refused_update(a: Caller) -> Any:
    made = of_users(a, "individual")
    lists = {"audioUidList": {"subscribeAudioUids": ["2"]}}
    made.post("update", streamSubscribe=lists, storageConfig={"vendor": 1})
    a.join(2)
    a.advance(10)
    return _tracks(made)


def _stopped_when_empty(a: Caller) -> Any:
    made = of_users(a)
    a.emulator.leave(APP, CNAME, 1)
    a.advance(5)
    return made.post("stop").status


def _stopped_after_another(a: Caller) -> Any:
    of_users(a).post("stop")
    a.emulator.leave(APP, CNAME, 1)
    return _of_nobody(a).post("stop").status


def _of_nobody(a: Caller) -> Started:
    """A recording of an empty channel, after some seconds."""
    made = recording(a)
    a.advance(10)
    return made


def _again_when_out_of_reach(a: Caller) -> Any:
    a.join(1)
    resource = acquired(a, resourceExpiredHour=1).json["resourceId"]
    a.send(start(resource, "mix", settings()))
    a.advance(2 * _HOUR)
    return began(a).status


def _idle_from_the_start(a: Caller) -> Any:
    made = recording(a)
    a.advance(60)
    return made.query().status


def _layouts(a: Caller) -> Any:
    recordings: Iterable[Any] = a.emulator.world.recordings.of(APP, a.advance(0))
    return [each.layout for each in recordings]


def _layout_beside(a: Caller) -> Any:
    made = [recording(a, uid=uid) for uid in ("11", "12")]
    made[0].post("updateLayout", mixedVideoLayout=1)
    return _layouts(a)


def _layout_after_an_update(a: Caller) -> Any:
    made = of_users(a)
    made.post("updateLayout", mixedVideoLayout=1)
    made.post("update", streamSubscribe={"audioUidList": {"subscribeAudioUids": ["1"]}})
    return _layouts(a)


def _lower_half(a: Caller) -> Any:
    region = {"x_axis": 0, "y_axis": 0.5, "width": 1, "height": 0.5}
    return of_users(a).post("updateLayout", mixedVideoLayout=3, layoutConfig=[region]).status


def _page_after_six_minutes(a: Caller) -> Any:
    resource = acquired(a, scene=1).json["resourceId"]
    a.advance(360)
    return a.send(start(resource, "web", settings("web"))).status


def _page_of_a_barred_channel(a: Caller) -> Any:
    made = recording(a, "web")
    a.kick(cname=CNAME)
    return made.query().json["serverResponse"]["status"]


def _page_after_a_held_one(a: Caller) -> Any:
    made = recording(a, "web")
    made.post("update", **_HELD)
    made.post("stop")
    return _page_of(recording(a, "web"))


def _cut_page(a: Caller) -> Any:
    files = {"avFileType": ["hls", "mp4"]}
    made = recording(a, "web", recordingFileConfig=files, extensionServiceConfig=services(maxVideoDuration=30))
    a.advance(0.9 * _HOUR)
    return [each["sliceStartTime"] for each in _page_of(made)[0]["payload"]["fileList"]]


def _with_the_uid_of_a_user(a: Caller) -> Any:
    a.join(int(UID))
    return began(a, "individual").status


def _all_but_one(a: Caller) -> Any:
    a.join(2)
    made = of_users(a, "individual")
    lists = {"audioUidList": {"unSubscribeAudioUids": ["3"]}, "videoUidList": {"subscribeVideoUids": ["1"]}}
    made.post("update", streamSubscribe=lists)
    a.emulator.leave(APP, CNAME, 2)
    a.join(3)
    a.advance(10)
    return _tracks(made)


# -- recordings of 2019 -----------------------------------------------------------------------------------------------


def _idle_time_of_a_refused_start() -> Middleware:
    refused: dict[str, int] = {}

    async def middleware(call: HttpCall, forward: Forward) -> None:
        if call.operation != "start_recording" or not isinstance(call.body, dict):
            await forward()
            return
        request, resource = call.body.get("clientRequest"), call.parameters["resourceid"]
        config = request.get("recordingConfig") if isinstance(request, dict) else None
        if resource in refused and isinstance(request, dict) and isinstance(config or {}, dict):
            idle = {**(config or {}), "maxIdleTime": refused[resource]}
            call.body = {**call.body, "clientRequest": {**request, "recordingConfig": idle}}
        await forward()
        if call.status == 400 and isinstance(config, dict) and isinstance(config.get("maxIdleTime"), int):
            refused[resource] = max(5, config["maxIdleTime"])

    return middleware


def _patient_when_refused(a: Caller) -> Any:
    resource = a.resource()
    a.start(resource, config={"maxIdleTime": 100, "streamTypes": 9})
    sid = a.start(resource).inner["sid"]
    a.advance(60)
    return a.status(resource, sid)


def _of_the_same_recorder(self: Any, resource_id: str, sid: str) -> Any:
    found = self.recordings._resources
    mine = found.get(resource_id)
    for other in found.values() if mine is not None and mine.recording is not None else ():
        if other.owner == mine.owner and other.recording is not None and other.recording.sid == sid:
            return mine.recording.sid
    return sid


def _asked_by_the_former_sid(a: Caller) -> Any:
    a.join(1)
    resource, sid = a.record()
    a.advance(20)
    a.stop(resource, sid)
    return a.query(a.record()[0], sid).status


def _renewed_by_a_stranger(original: Any, self: Any, resource_id: str, identity: Any, now: float, **more: Any) -> Any:
    resource = self._resources.get(resource_id)
    if resource is not None and resource.owner != identity and not resource.is_over(now):
        resource.acquired_at = now
    return original(self, resource_id, identity, now, **more)


def _late_after_a_stranger(a: Caller) -> Any:
    resource = a.resource()
    a.advance(200)
    a.start(resource, uid="7")
    a.advance(200)
    return a.start(resource).status


def _awake_by_a_repetition(self: Any, now: float) -> None:
    if self.recording is not None and self.recording.is_running(now) and self.recording.idle_since is not None:
        self.recording.idle_since = now


def _started_twice(a: Caller) -> Any:
    made = a.record()
    a.advance(20)
    a.start(made[0])
    a.advance(20)
    return a.status(*made)


def _user_of_another_project(self: Any, resource_id: str, identity: Any) -> None:
    resource = self.recordings._resources.get(resource_id)
    if resource is None or resource.owner != identity or resource.recording is not None:
        return
    for channel in self.channels.all():
        if channel.name == identity.cname and channel.app_id != identity.app_id and identity.uid in channel.users:
            raise resource.refused(Code.INVALID_PARAMETER, "uid: is a user's in this channel")


def _user_in_the_other_project(a: Caller) -> Any:
    a.emulator.join(a.other_app(), CNAME, int(UID))
    return a.start(a.resource()).status


def _least_patient(self: Any, identity: Any, now: float) -> None:
    here = self.in_channel(identity.app_id, identity.cname, now)
    for each in here:
        each.max_idle_time = min(other.max_idle_time for other in here)


def _patient_beside_another(a: Caller) -> Any:
    patient = a.record(config={"maxIdleTime": 100})
    a.record(uid="77")
    a.advance(60)
    return a.status(*patient)


def _free_when_idle(self: Any, now: float) -> None:
    if self.recording is not None and not self.recording.is_running(now) and self.recording.ending is Ending.IDLE:
        self.recording = None


def _again_when_idle(a: Caller) -> Any:
    resource, _ = a.record()
    a.advance(60)
    return a.start(resource).status


# -- the Console ------------------------------------------------------------------------------------------------------


def _first_address(self: Any, app_id: str, cname: str, uid: int, ip: Any) -> Any:
    known = vars(self).setdefault("addresses", {})
    return ip if ip is None else known.setdefault((app_id, cname, uid), ip)


def _from_another_address(a: Caller) -> Any:
    a.join(1, ip="192.0.2.1")
    a.emulator.leave(APP, CNAME, 1)
    a.join(1, ip="192.0.2.2")
    a.kick(ip="192.0.2.2")
    return a.users().json


def _pages_of_the_first(original: Any, self: Any, app_id: str, number: int, size: int) -> Any:
    page = original(self, app_id, number, size)
    known = vars(self).setdefault("listed", {})
    if number == 0:
        known[app_id] = list(self.channels.of(app_id))
    if app_id not in known:
        return page
    return ChannelPage(known[app_id][number * size : (number + 1) * size], len(known[app_id]))


def _second_page_later(a: Caller) -> Any:
    for name in ("a", "b", "c"):
        a.join(1, cname=name)
    a.channels(page_size=2)
    a.join(1, cname="d")
    return a.channels(page_no=1, page_size=2).json


def _as_found_before(original: Any, self: Any, *, project_id: Any, name: Any) -> Any:
    found = original(self, project_id=project_id, name=name)
    if project_id is not None:
        return found
    return vars(self).setdefault("found", {}).setdefault((found.id, name), replace(found))


def _found_twice(a: Caller) -> Any:
    project = a.project()["id"]
    a.find(name="fresh")
    a.post("/v1/recording_config", id=project, recording_server="10.0.0.1:80")
    return a.find(name="fresh").json


def _note_server(self: Any, result: Any) -> None:
    vars(self).setdefault("servers", {})[result.name] = result.recording_server


def _server_of_before(self: Any, name: str, result: Any) -> None:
    result.recording_server = vars(self).get("servers", {}).get(name)


def _with_the_name_of_the_deleted(a: Caller) -> Any:
    project = a.project()["id"]
    a.post("/v1/recording_config", id=project, recording_server="10.0.0.1:80")
    a.delete("/v1/project", id=project)
    return a.project()["recording_server"]


def _in_the_last_channel(result: Any, page: Any) -> Any:
    last = {user.uid: channel for channel in page.channels for user in channel.users.values()}
    for channel in page.channels:
        for user in channel.users.values():
            if user.joined > last[user.uid].users[user.uid].joined:
                last[user.uid] = channel
    for row, channel in zip(result[1]["data"]["channels"], page.channels, strict=True):
        row["user_count"] = sum(last[uid] is channel for uid in channel.users)
    return result


def _note_mode(self: Any, app_id: str, name: str) -> None:
    vars(self).setdefault("modes", {}).setdefault((app_id, name), self.find(app_id, name).mode)


def _mode_of_before(result: Any, self: Any, app_id: str, cname: str) -> Any:
    return result and replace(result, mode=vars(self.channels)["modes"][app_id, cname])


def _live_at_last(a: Caller) -> Any:
    a.join(1, mode=1)
    a.emulator.leave(APP, CNAME, 1)
    a.join(1, mode=2, role=2)
    return a.users().json


def _remember_refusals(original: Any, self: Any, app_id: str, cname: str, uid: int, ip: Any, now: float) -> Any:
    known, who = vars(self).setdefault("refused", {}), (app_id, cname, uid, ip)
    if original(self, app_id, cname, uid, ip, now):
        known[who] = max(rule.until for rule in self.of(app_id, now) if rule.bars and rule.target.fits(cname, uid, ip))
        return True
    return now < known.get(who, now)


def _tried_and_free(a: Caller) -> Any:
    rule = a.kick(uid=1).json["id"]
    tried = a.join(1)
    a.delete(_RULE, appid=APP, id=rule)
    return tried, a.join(1)


def _minutes_by_name(result: Any, self: Any, first: date, last: date) -> Any:
    def added(project: Any) -> Any:
        alike = [each for each in self.projects.all() if each.name == project.name]
        rows = zip(*(self.usage.minutes(each.id, first, last) for each in alike), strict=True)
        return [(days[0][0], Minutes(*map(sum, zip(*(used for _, used in days), strict=True)))) for days in rows]

    return [(project, added(project)) for project, _ in result]


def _usage_of_namesakes(a: Caller) -> Any:
    pair = [a.project()["id"] for _ in range(2)]
    a.emulator.seed_minutes(pair[0], date(2026, 1, 1), Minutes(1, 2, 3, 4))
    return a.get("/v1/usage", from_date="2026-01-01", to_date="2026-01-01", projects=pair[1]).json


def _until_yesterday(result: Any, self: Any) -> Any:
    today = datetime.fromtimestamp(self.clock.now(), UTC).date()
    days: list[DayOfMetrics] = [each for each in result.days if each.day != today]
    return replace(result, days=days)


def _usage_of_today(a: Caller) -> Any:
    today = datetime.fromtimestamp(a.advance(0), UTC).date().isoformat()
    return a.get("/v3/usage", project_id=DEMO, business="default", from_date=today, to_date=today).json["usages"]


def _latest_privileges(self: Any, result: Any) -> None:
    for each in self.rules.of(result.app_id, self.clock.now()):
        if each.target == result.target and each.privileges != result.privileges:
            del self.rules._rules[each.id]
            self._on_mute(each)


def _barred_and_silenced(a: Caller) -> Any:
    for privilege in ("join_channel", "publish_audio"):
        a.kick(uid=7, privileges=[privilege])
    return len(a.rules().json["rules"])


def _first_end(self: Any, result: Any) -> None:
    vars(result)["first_end"] = result.until


def _until_the_first_end(original: Any, self: Any, app_id: str, cname: str, uid: int, ip: Any, now: float) -> Any:
    fitting = [rule for rule in self.of(app_id, now) if rule.target.fits(cname, uid, ip)]
    return BOTH.difference(*(rule.mutes for rule in fitting if now < vars(rule).get("first_end", rule.until)))


def _prolonged_silence(a: Caller) -> Any:
    a.join(1)
    rule = a.kick(uid=1, time=1, privileges=["publish_audio", "publish_video"]).json["id"]
    made = recording(a, "individual")
    a.put(_RULE, appid=APP, id=rule, time=60)
    a.advance(90)
    a.rules()
    a.advance(10)
    return _tracks(made)


def _list_until_one_comes_or_goes() -> Middleware:
    known: dict[tuple[str, ...], bytes] = {}

    async def middleware(call: HttpCall, forward: Forward) -> None:
        await forward()
        if call.operation == "list_projects" and call.succeeded:
            ids = tuple(each["id"] for each in call.payload["projects"])
            call.response_body = known.setdefault(ids, call.response_body)

    return middleware


def _listed_and_switched(a: Caller) -> Any:
    a.get("/v1/projects")
    a.post("/v1/project_status", id=DEMO, status=0)
    return one(a.get("/v1/projects"))["status"]


FAULTS = {
    # Today's recordings: pages
    "push-cannot-change-on-hold": state(
        "CR-148",
        "while a page is on hold its push keeps its address",
        skipped(current_recordings.CurrentRecording, "start_push", lambda self: self.push is not None and self.on_hold),
        _pushed_on_hold,
    ),
    "update-lets-the-hours-begin-anew": timing(
        "CR-132",
        "an update lets maxRecordingHour begin anew",
        (
            also(world.World, "update", lambda self, result: setattr(result, "renewed", self.clock.now())),
            result(current_recordings.CurrentRecording, "due", _hours_from_the_update),
        ),
        _hours_after_an_update,
    ),
    "stopped-on-hold-without-files": state(
        "CR-154 CR-139",
        "stop of a page that is on hold lists none of its files",
        result(current_responses, "outcome", _no_files_on_hold),
        _stopped_on_hold,
    ),
    "resources-of-pages-never-expire": timing(
        "CR-91",
        "a resource ID for a web page can be used after more than five minutes",
        method(recordings.Resource, "check_startable", _pages_at_any_time),
        _page_after_six_minutes,
    ),
    "rule-of-a-channel-ends-pages": state(
        "CO-48 CR-81",
        "a rule for a channel ends the recordings of pages that have its name as their label",
        also(world.World, "_put_offline", _end_pages_too),
        _page_of_a_barred_channel,
        "current",
    ),
    "begins-as-the-last-page-was": state(
        "CR-133 CR-147",
        "a page begins on hold if the former recording of its label and uid was paused at its end",
        (also(world.World, "update", _note_hold), also(world.World, "start", _held_as_before)),
        _page_after_a_held_one,
    ),
    "later-videos-begin-with-the-first": units(
        "CR-139 CR-130",
        "every MP4 file of a page has the sliceStartTime of the first",
        result(recorded_files, "_cuts", lambda result: result[:1] * len(result)),
        _cut_page,
    ),
    # Today's recordings: users
    "new-storage-is-all-that-changes": state(
        "CR-145 CR-149",
        "beside a storageConfig nothing else of an update has an effect",
        called_with(
            world.World,
            "update",
            subscription=lambda storage, subscription: subscription if storage is None else None,
            on_hold=lambda storage, on_hold: on_hold if storage is None else None,
            push_url=lambda storage, push_url: push_url if storage is None else None,
        ),
        _with_new_storage,
    ),
    "largest-group-of-32": units(
        "CR-114",
        "with subscribeUidGroup 5 files of 32 users are made at most",
        Patch(recording_requests, "GROUP_SIZES", lambda sizes: (*sizes[:-1], 32)),
        _of_forty,
    ),
    "newcomers-as-at-the-start": state(
        "CR-146",
        "of users who come after an update is recorded what start said",
        method(current_recordings.CurrentRecording, "observe_user", _late_users),
        _who_came_later,
    ),
    "refused-update-subscribes": state(
        "CR-146 CR-149",
        "an update that is refused for its storage changes the subscriptions",
        At(_subscribes_though_refused),
        _refused_update,
    ),
    "nothing-recorded-when-all-have-left": state(
        "CR-156 CR-153",
        "stop is 206 if nobody sends any more",
        method(current_recordings.CurrentRecording, "has_content", _somebody_sends),
        _stopped_when_empty,
    ),
    "recorded-by-the-one-before": state(
        "CR-156",
        "stop is 200 though nobody sent a stream, if a former recording of the channel recorded one",
        (
            also(world.World, "stop", _note_content),
            method(current_recordings.CurrentRecording, "has_content", _filled_before),
        ),
        _stopped_after_another,
    ),
    "out-of-reach-is-no-conflict": state(
        "CR-95 CR-86",
        "a recording that is out of reach after resourceExpiredHour is no conflict for another",
        first(recordings.Recordings, "start", _forget_unreachable),
        _again_when_out_of_reach,
    ),
    "not-idle-before-the-first-user": timing(
        "CR-108",
        "a channel in which nobody was since the start is not idle",
        called_with(recordings.Recordings, "start", is_idle=False),
        _idle_from_the_start,
        "current",
    ),
    "individual-with-the-uid-of-a-user": cross(
        "CR-14 CR-79",
        "mode individual takes the uid of a user in the channel",
        called_with(
            recordings.Recordings,
            "start",
            users=lambda users, mode: () if mode is RecordingMode.INDIVIDUAL else users,
        ),
        _with_the_uid_of_a_user,
        "current",
    ),
    "update-knows-one-spelling": cross(
        "CR-110 CR-146",
        "in an update a list that is spelled unSubscribe excludes nobody",
        edit_client_request("update_recording", _other_spelling_of_an_update, part="streamSubscribe"),
        _all_but_one,
    ),
    # Today's recordings: layouts
    "layout-of-all-recorders": identity(
        "CR-151",
        "updateLayout sets the layout of every recording of the channel",
        Patch(calls, "HANDLERS", _layout_of_all),
        _layout_beside,
    ),
    "update-restores-the-layout": state(
        "CR-151 CR-145",
        "an update of the subscriptions brings back the layout of the start",
        also(world.World, "update", _first_layout),
        _layout_after_an_update,
    ),
    "regions-off-the-edge": validation(
        "CR-119",
        "a region that ends at the edge of the canvas, and does not begin at the other, is refused",
        refuse("start_recording update_layout", _touches_the_edge, error(2)),
        _lower_half,
    ),
    # Recordings of 2019
    "idle-time-of-a-refused-start": state(
        "CR-28 CR-62",
        "the maxIdleTime of a start that was refused is that of the next one on its resource ID",
        At(_idle_time_of_a_refused_start),
        _patient_when_refused,
        "documented",
    ),
    "former-sid-of-the-recorder": identity(
        "CR-39",
        "query and stop take the sid of a former recording of the same channel and uid",
        (
            called_with(world.World, "query", sid=_of_the_same_recorder),
            called_with(world.World, "stop", sid=_of_the_same_recorder),
        ),
        _asked_by_the_former_sid,
        "observed",
    ),
    "wrong-start-renews": timing(
        "CR-11 CR-39",
        "a start with another uid or channel is refused, and lets the five minutes of the resource ID begin anew",
        method(recordings.Recordings, "start", _renewed_by_a_stranger),
        _late_after_a_stranger,
        "documented",
    ),
    "repeated-start-keeps-awake": timing(
        "CR-28 CR-37",
        "a repeated start lets the idle time begin anew",
        first(recordings.Resource, "check_startable", _awake_by_a_repetition),
        _started_twice,
        "observed",
    ),
    "uid-of-a-user-of-another-project": identity(
        "CR-14",
        "start refuses the uid of a user in a channel of that name of another project",
        first(world.World, "start", _user_of_another_project),
        _user_in_the_other_project,
        "documented",
    ),
    "least-patient-of-a-channel": identity(
        "CR-28",
        "the shortest maxIdleTime of the recordings of a channel is that of all",
        also(recordings.Recordings, "start", _least_patient),
        _patient_beside_another,
        "observed",
    ),
    "idling-frees-the-resource": state(
        "CR-12 CR-28",
        "a resource ID can be used again when its recording ended because the channel was idle",
        first(recordings.Resource, "check_startable", _free_when_idle),
        _again_when_idle,
        "documented",
    ),
    "stereo-of-communication-only": cross(
        "CR-26 CR-25",
        "audioProfile 2 is refused beside channelType 1",
        refuse_client_request(
            "start_recording",
            lambda config: config["audioProfile"] == 2 and config["channelType"] == 1,
            "recordingConfig",
        ),
        lambda a: a.started(audioProfile=2, channelType=1).status,
        "observed",
    ),
    # The Console
    "first-address-for-good": state(
        "CO-44 CO-48",
        "a user who comes back from another address is taken to be at the first one",
        called_with(world.World, "join", ip=_first_address),
        _from_another_address,
        "observed",
    ),
    "pages-of-the-first-page": paging(
        "CO-55 CO-54",
        "every page but the first shows the channels that there were when the first was asked for",
        method(world.World, "channel_page", _pages_of_the_first),
        _second_page_later,
        "current",
    ),
    "found-by-name-as-before": state(
        "CO-15 CO-19",
        "a project that is found by its name is shown as it was when it was first found so",
        method(projects.Projects, "find", _as_found_before),
        _found_twice,
        "documented",
    ),
    "server-of-the-deleted": state(
        "CO-18 CO-11",
        "a project with the name of a deleted one begins with its recording server",
        (also(projects.Projects, "delete", _note_server), also(projects.Projects, "create", _server_of_before)),
        _with_the_name_of_the_deleted,
        "observed",
    ),
    "counted-in-one-channel": identity(
        "CO-55",
        "user_count counts a user of two channels in the one that the user joined last",
        result(dialects.Documented, "list_channels", _in_the_last_channel),
        lambda a: [a.join(1, cname="a"), a.advance(5), a.join(1, 2, cname="b"), a.channels().json],
        "current",
    ),
    "mode-of-the-former-channel": state(
        "CO-52 CO-53",
        "a channel that is empty and begins again has the mode that it had before",
        (also(channels.Channels, "join", _note_mode), result(world.World, "find_channel", _mode_of_before)),
        _live_at_last,
        "documented",
    ),
    "refused-once-refused-still": state(
        "CO-47 CO-48",
        "a user who tried to join is kept out until the rule would have ended, also when it is deleted",
        method(rules.Rules, "deny_join", _remember_refusals),
        _tried_and_free,
        "observed",
    ),
    "minutes-of-namesakes": identity(
        "CO-32 CO-30",
        "v1 usage of a project has the minutes of all projects of its name",
        result(world.World, "usage_minutes", _minutes_by_name),
        _usage_of_namesakes,
        "documented",
    ),
    "v3-usage-until-yesterday": paging(
        "CO-31 CO-76",
        "v3 usage leaves the current day out",
        result(world.World, "usage_metrics", _until_yesterday),
        _usage_of_today,
        "current",
    ),
    "latest-privileges-count": state(
        "CO-79 CO-45",
        "a new rule takes the place of one about the same users with other privileges",
        also(world.World, "create_rule", _latest_privileges),
        _barred_and_silenced,
        "current",
    ),
    "silence-cannot-be-prolonged": timing(
        "CO-83 CO-80",
        "an update to a later end lets users send as soon as the rule would have ended at first",
        (also(rules.Rules, "create", _first_end), method(rules.Rules, "allowed_media", _until_the_first_end)),
        _prolonged_silence,
        "current",
    ),
    "list-of-projects-is-read-once": idempotency(
        "CO-14 CO-16",
        "the list of projects shows changes only after one has come or gone",
        At(_list_until_one_comes_or_goes),
        _listed_and_switched,
        "observed",
    ),
}
