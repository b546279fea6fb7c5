"""Faults at the edges of Cloud Recording: equality, order, rounding, defaults, repetition, other App IDs."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from agora_rest.emulator import current_recordings, recordings, world
from agora_rest.emulator.recordings import Ending
from agora_rest.emulator.refusals import Code, InvalidInput
from agora_rest.emulator.web import calls, current_responses, operations, recording_requests
from faults.caller import APP, STORAGE, Caller, Request
from faults.caller import start as start_of_2019
from faults.current import CNAME, UID, acquired, began, of_users, push, recording, services, settings, start
from faults.edits import edit_body, edit_client_request, refuse_client_request
from faults.patches import Patch, also, called_with, first, method, result
from faults.probes import member
from faults.seeds import cross, idempotency, identity, state, timing, units, validation

_LISTS = tuple(f"{name}{medium}Uids" for name in ("subscribe", "unSubscribe") for medium in ("Audio", "Video"))
_DEFAULTS = {"streamTypes": 2, "maxIdleTime": 30, "channelType": 0, "decryptionMode": 0, "audioProfile": 0}
_FOLDER = re.compile(r"[A-Za-z0-9]+")


# -- what is asked for today ------------------------------------------------------------------------------------------


def _only_the_first_folder(storage: dict[str, Any]) -> None:
    folders = storage["fileNamePrefix"]
    for index, folder in enumerate(folders[1:], 1):
        if not _FOLDER.fullmatch(folder):
            folders[index] = "folder"


def _only_the_last_background(body: dict[str, Any]) -> None:
    request = body["clientRequest"]
    config = request["recordingConfig"]["transcodingConfig"] if "recordingConfig" in request else request
    for each in config["backgroundConfig"][:-1]:
        each.setdefault("uid", "1")
        each.setdefault("image_url", "https://example.com/image.png")


def _each_user_once(config: dict[str, Any]) -> None:
    for name in _LISTS:
        if name in config:
            config[name] = list(dict.fromkeys(config[name]))


def _only_the_first_list(streams: dict[str, Any]) -> None:
    for name in [name for name in streams if name in ("audioUidList", "videoUidList")][1:]:
        del streams[name]


def _in_any_order(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _in_any_order(each) for name, each in value.items()}
    return sorted(map(_in_any_order, value), key=json.dumps) if isinstance(value, list) else value


def _without_defaults(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    kept = {name: each for name, each in value.items() if name not in _DEFAULTS or each != _DEFAULTS[name]}
    return {name: _without_defaults(each) for name, each in kept.items()}


# -- what today's recordings do ---------------------------------------------------------------------------------------


def _busy_in_any_case(self: Any, resource_id: str, identity: Any, now: float) -> None:
    resource = self._resources.get(resource_id)
    if resource is None or resource.owner != identity or resource.recording is not None:
        return
    for app_id, cname in list(self._running):
        alike = app_id == identity.app_id and cname != identity.cname and cname.lower() == identity.cname.lower()
        if alike and identity.uid in self._in_channel(app_id, cname, now):
            raise resource.refused(Code.RECORDER_BUSY, "a recording of this channel with this uid is running")


def _composed(self: Any, resource_id: str, identity: Any) -> Any:
    resource = self._resources.get(resource_id)
    if resource is None:
        return identity
    known, asked = (unicodedata.normalize("NFC", each.cname) for each in (resource.owner, identity))
    return identity._replace(cname=resource.owner.cname) if known == asked else identity


def _refuse_a_second_pause(recording: Any, on_hold: Any) -> None:
    if on_hold and recording.on_hold:
        raise InvalidInput("onhold: is paused already")


def _refuse_the_same_layout(handlers: Mapping[str, Any]) -> Any:
    def update(world: Any, call: Any) -> Any:
        found = handlers["update_layout"](world, call)
        if vars(found).get("laid_out") == found.layout:
            raise InvalidInput("clientRequest: is the layout already")
        vars(found)["laid_out"] = found.layout
        return found

    return {**handlers, "update_layout": update}


def _no_output(result: Any, request: Mapping[str, Any]) -> Any:
    return "" if request.get("rtmpPublishConfig", {}).get("outputs") == [] else result


def _end_the_push(original: Any, self: Any, url: str, fate: Any, now: float) -> None:
    if url:
        original(self, url, fate, now)
    else:
        self.push = None


def _signed(result: dict[str, Any]) -> dict[str, Any]:
    uid = int(result["uid"])
    return {**result, "uid": str(uid - 2**32 if uid >= 2**31 else uid)}


def _observed_elsewhere(self: Any, app_id: str, cname: str, uid: int, user: Any, now: float) -> None:
    for owner, name in list(self.recordings._running):
        if owner != app_id and name == cname:
            for found in self.recordings.in_channel(owner, name, now):
                found.observe_user(uid, user and user.publishes, now)


# -- what shows it in today's recordings ------------------------------------------------------------------------------


def _announced(announced: dict[str, Any], asked: dict[str, Any]) -> Any:
    def shows(a: Caller) -> Any:
        resource = acquired(a, startParameter=settings(config=announced)).inner["resourceId"]
        return a.send(start(resource, "mix", settings(config=asked))).status

    return shows


def _beside_another_case(a: Caller) -> Any:
    recording(a)
    resource = acquired(a, "Lesson").inner["resourceId"]
    return a.send(start(resource, "mix", settings(), "Lesson")).status


def _decomposed_label(a: Caller) -> Any:
    resource = acquired(a, "caf\u00e9", scene=1).inner["resourceId"]
    return a.send(start(resource, "web", settings("web"), "cafe\u0301")).status


def _paused_twice(a: Caller) -> Any:
    made = recording(a, "web")
    return [made.post("update", webRecordingConfig={"onhold": True}).status for _ in range(2)]


def _laid_out_twice(a: Caller) -> Any:
    made = of_users(a)
    return [made.post("updateLayout", mixedVideoLayout=1).status for _ in range(2)]


def _paused_and_nothing(a: Caller) -> Any:
    made = recording(a, "web")
    for page in ({"onhold": True}, {}):
        made.post("update", webRecordingConfig=page)
    return made.server_response()["extensionServiceState"][0]["payload"]["onhold"]


def _pushed_to_nobody_else(a: Caller) -> Any:
    made = recording(a, "web", extensionServiceConfig=services(push()))
    made.post("update", rtmpPublishConfig={"outputs": []})
    return len(made.server_response()["extensionServiceState"])


def _recorded(a: Caller, **config: Any) -> Any:
    made = recording(a, "individual", config=config)
    a.advance(10)
    return [(each["uid"], each["trackType"]) for each in made.server_response().get("fileList", [])]


def _both_lists(a: Caller) -> Any:
    made = of_users(a, "individual", 0)
    lists = {"audioUidList": {"subscribeAudioUids": ["2"]}, "videoUidList": {"subscribeVideoUids": ["2"]}}
    made.post("update", streamSubscribe=lists)
    a.join(2)
    a.advance(10)
    return [(each["uid"], each["trackType"]) for each in made.server_response().get("fileList", [])]


def _video_first(a: Caller) -> Any:
    made = of_users(a, seconds=10, recordingFileConfig={"avFileType": ["mp4", "hls"]})
    return made.server_response()


def _of_another_project(a: Caller) -> Any:
    a.emulator.join(a.other_app(), CNAME, 5)
    made = recording(a, "individual")
    a.emulator.join(a.project("third")["vendor_key"], CNAME, 6)
    a.advance(10)
    return made.server_response().get("fileList")


def _see_through(a: Caller) -> Any:
    region = {"x_axis": 0, "y_axis": 0, "width": 1, "height": 1, "alpha": 0}
    of_users(a).post("updateLayout", mixedVideoLayout=3, layoutConfig=[region])
    found: Any = a.emulator.world.recordings.of(APP, a.advance(0))
    return [each.layout for each in found]


# -- recordings of 2019 -----------------------------------------------------------------------------------------------


def _stop_namesakes(self: Any, identity: Any) -> None:
    now = self.clock.now()
    for app_id, cname in list(self.recordings._running):
        for found in self.recordings.in_channel(app_id, cname, now):
            if found.identity[1:] == identity[1:]:
                found.end(Ending.STOPPED, now)


def _stopped_in_two_projects(a: Caller) -> Any:
    app = a.other_app()
    a.emulator.join(app, CNAME, 1)
    a.join(1)
    resource = a.resource(app=app)
    sid = a.send(start_of_2019(resource, app=app)).inner["sid"]
    mine = a.record()
    a.advance(20)
    a.stop(*mine)
    return a.query(resource, sid, app).inner["serverResponse"]["status"]


def _wake_in_any_case(self: Any, app_id: str, cname: str) -> None:
    for owner, name in list(self.recordings._running):
        if owner == app_id and name != cname and name.lower() == cname.lower():
            self.recordings.on_users_joined(owner, name, self.clock.now())


def _beside_a_busy_channel(a: Caller) -> Any:
    made = a.record()
    a.join(1, cname="Lesson")
    a.advance(60)
    return a.status(*made)


def _idle_for(limit: int, seconds: float) -> Any:
    def shows(a: Caller) -> Any:
        made = a.record(config={"maxIdleTime": limit})
        a.advance(seconds)
        return a.status(*made)

    return shows


def _behind_a_space(a: Caller) -> Any:
    a.join(1)
    resource, sid = a.record()
    return [a.query(f"{resource}%20", sid).status, a.query(resource, f"{sid}%20").status]


def _config_after_storage(body: dict[str, Any]) -> None:
    request = body["clientRequest"]
    places = {name: place for place, name in enumerate(request)}
    if places["recordingConfig"] > places["storageConfig"]:
        del request["recordingConfig"]


def _storage_first(a: Caller) -> Any:
    resource = a.resource()
    request = {"storageConfig": STORAGE, "recordingConfig": {"maxIdleTime": 100}}
    path = f"/v1/apps/{APP}/cloud_recording/resourceid/{resource}/mode/mix/start"
    sid = a.send(Request("POST", path, {"cname": CNAME, "uid": UID, "clientRequest": request})).inner["sid"]
    a.advance(60)
    return a.status(resource, sid)


def _minutes_of_the_clock(self: Any, now: float) -> None:
    if self.recording is None and now // 60 - self.acquired_at // 60 >= 5:
        raise self.refused(Code.RESOURCE_EXPIRED, "this resource ID has expired")


def _half_past_the_minute(a: Caller) -> Any:
    a.advance(30)
    resource = a.resource()
    a.advance(280)
    return a.start(resource).status


def _with_the_uid_of_a_large_one(a: Caller) -> Any:
    a.join(int(UID) + 2**31)
    return a.start(a.resource()).status


FAULTS = {
    # Today: what is asked for
    "folders-by-the-first": validation(
        "CR-103",
        "of the folders of fileNamePrefix only the first must be of letters and digits",
        edit_client_request("start_recording update_recording", _only_the_first_folder, part="storageConfig"),
        lambda a: began(a, storage={"fileNamePrefix": ["ab", "c-d"]}).status,
    ),
    "backgrounds-by-the-last": validation(
        "CR-121",
        "of the entries of backgroundConfig only the last needs uid and image_url",
        edit_body("start_recording update_layout", _only_the_last_background),
        member(
            "update_layout",
            "clientRequest.backgroundConfig",
            [{"uid": "1"}, {"uid": "2", "image_url": "https://example.com/2.png"}],
        ),
    ),
    "each-user-counts-once": validation(
        "CR-109",
        "a list of users may be longer than 32 if it has users more than once",
        edit_client_request("start_recording", _each_user_once, part="recordingConfig"),
        lambda a: began(a, config={"subscribeAudioUids": [*map(str, range(1, 33)), "1"]}).status,
    ),
    "announced-in-any-order": cross(
        "CR-90",
        "lists of startParameter are compared as sets",
        method(operations, "_digest", lambda original, request: original(_in_any_order(request))),
        _announced({"subscribeAudioUids": ["1", "2"]}, {"subscribeAudioUids": ["2", "1"]}),
    ),
    "announced-by-default": cross(
        "CR-90",
        "start may leave a member out that startParameter has with its default, and the reverse",
        method(operations, "_digest", lambda original, request: original(_without_defaults(request))),
        _announced({"maxIdleTime": 60}, {"maxIdleTime": 60, "streamTypes": 2}),
    ),
    "mp4-before-hls": cross(
        "CR-122 CR-141",
        'avFileType ["mp4", "hls"] makes no MP4 files',
        result(
            operations,
            "_file_types",
            lambda result, config: ("hls",) if config and config.get("avFileType") == ["mp4", "hls"] else result,
        ),
        _video_first,
        "current",
    ),
    "group-zero-is-none": units(
        "CR-114",
        "subscribeUidGroup 0 is taken for one that is left out: files of 17 users are made",
        Patch(recording_requests, "GROUP_SIZES", lambda sizes: (17, *sizes[1:])),
        lambda a: [a.join(*range(1, 9)), _recorded(a)],
    ),
    "alpha-zero-is-one": units(
        "CR-119 CR-151",
        "a region of alpha 0 has alpha 1",
        result(recording_requests, "_region", lambda result: result._replace(alpha=result.alpha or 1.0)),
        _see_through,
    ),
    # Today: what is updated
    "update-reads-one-list": cross(
        "CR-146",
        "of audioUidList and videoUidList in one update only that counts which comes first",
        edit_client_request("update_recording", _only_the_first_list, part="streamSubscribe"),
        _both_lists,
    ),
    "second-pause-is-refused": idempotency(
        "CR-147 CR-145",
        "a pause of a page that is paused is refused",
        first(world.World, "update", _refuse_a_second_pause),
        _paused_twice,
    ),
    "empty-update-resumes": state(
        "CR-147 CR-145",
        "an update with an empty webRecordingConfig resumes a page",
        edit_client_request(
            "update_recording", lambda config: config.setdefault("onhold", False), part="webRecordingConfig"
        ),
        _paused_and_nothing,
    ),
    "no-outputs-end-the-push": state(
        "CR-148 CR-140",
        "an update with an empty list of outputs ends the push of a page",
        (
            result(recording_requests, "new_push", _no_output),
            method(current_recordings.CurrentRecording, "start_push", _end_the_push),
        ),
        _pushed_to_nobody_else,
    ),
    "same-layout-is-refused": idempotency(
        "CR-151 CR-150",
        "an updateLayout that says the same as the one before is refused",
        Patch(calls, "HANDLERS", _refuse_the_same_layout),
        _laid_out_twice,
    ),
    # Today: what is answered, and who is recorded
    "files-of-signed-users": units(
        "CR-142",
        "the uid of a file is negative if it is above 2147483647",
        result(current_responses, "_entry", _signed),
        lambda a: [a.join(2**31 + 5), _recorded(a)],
    ),
    "busy-in-any-case": identity(
        "CR-95",
        "a start is a conflict with a recording of the same uid in a channel whose name differs in case only",
        first(recordings.Recordings, "start", _busy_in_any_case),
        _beside_another_case,
        "current",
    ),
    "labels-are-composed": identity(
        "CR-93 CR-81",
        "start takes another label than that of acquire if both are the same by Unicode's normal form",
        called_with(recordings.Recordings, "owned", identity=_composed),
        _decomposed_label,
    ),
    "recorded-across-projects": identity(
        "CR-81 CR-142",
        "users who come into a channel of the same name in another project are recorded too",
        also(world.World, "_show_user", _observed_elsewhere),
        _of_another_project,
        "current",
    ),
    # 2019
    "stop-reaches-other-projects": identity(
        "CR-50 CR-39",
        "stop ends the recordings of the same cname and uid in other projects too",
        also(world.World, "stop", _stop_namesakes),
        _stopped_in_two_projects,
        "observed",
    ),
    "awake-in-any-case": identity(
        "CR-28 CR-04",
        "who joins a channel whose name differs in case only keeps a recording from idling out",
        also(world.World, "join", _wake_in_any_case),
        _beside_a_busy_channel,
        "documented",
    ),
    "idle-by-tens-of-seconds": timing(
        "CR-28",
        "maxIdleTime is rounded up to tens of seconds",
        called_with(
            recordings.Recordings, "start", max_idle_time=lambda max_idle_time: math.ceil(max_idle_time / 10) * 10
        ),
        _idle_for(15, 18),
        "observed",
    ),
    "spaces-behind-ids": identity(
        "CR-38 CR-39",
        "spaces behind a resource ID or a sid do not matter",
        (
            called_with(recordings.Recordings, "resource", resource_id=lambda resource_id: resource_id.strip()),
            called_with(recordings.Resource, "find", sid=lambda sid: sid.strip()),
        ),
        _behind_a_space,
        "documented",
    ),
    "storage-comes-last": cross(
        "CR-21 CR-28",
        "a recordingConfig behind the storageConfig is not read",
        edit_body("start_recording", _config_after_storage),
        _storage_first,
        "observed",
    ),
    "empty-picture-is-refused": validation(
        "CR-29 CR-30",
        "an empty transcodingConfig is refused instead of having its defaults",
        refuse_client_request("start_recording", lambda config: config == {}, "recordingConfig.transcodingConfig"),
        lambda a: a.started(transcodingConfig={}).status,
        "documented",
    ),
    "five-minutes-of-the-clock": timing(
        "CR-11",
        "a resource ID is expired when the clock has shown a new minute five times",
        first(recordings.Resource, "check_startable", _minutes_of_the_clock),
        _half_past_the_minute,
        "documented",
    ),
    "uids-of-31-bits": identity(
        "CR-14",
        "start refuses a uid that differs from that of a user in its highest bit only",
        called_with(recordings.Recordings, "start", users=lambda users: {*users, *(uid ^ 2**31 for uid in users)}),
        _with_the_uid_of_a_large_one,
        "observed",
    ),
}
