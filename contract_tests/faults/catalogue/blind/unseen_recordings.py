"""Subtle faults of today's recordings, written from the documents before the checks were read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from string import ascii_letters, digits
from typing import Any

from agora_rest.emulator import channels, current_recordings, recorded_files, recordings, world
from agora_rest.emulator.channels import Mode
from agora_rest.emulator.refusals import Code, InvalidInput, RecordingRefused
from agora_rest.emulator.subscriptions import BOTH, NOBODY, Subscription
from agora_rest.emulator.web import calls, current_responses, operations, recording_requests
from faults.caller import STORAGE, Caller
from faults.current import (
    PUSHED_TO,
    REGION,
    Started,
    acquired,
    began,
    body,
    of_users,
    push,
    recording,
    services,
    settings,
    start,
    status,
)
from faults.edits import edit_client_request, refuse_client_request, takes
from faults.middleware import (
    At,
    Forward,
    HttpCall,
    drop,
    edit,
    exactly,
    given,
    names_no_app_id,
    on_response,
    put,
    respond,
)
from faults.patches import also, called_with, first, method, result
from faults.seeds import cross, identity, ranges, shapes, state, statuses, timing, validation

_CONFIG = "clientRequest.recordingConfig"
_PICTURE = "recordingConfig.transcodingConfig"
_HOUR = 3600
_BASE64 = frozenset(f"{ascii_letters}{digits}+/=")
_ELSEWHERE = "rtmp://other.example.com/live/key2"


def _third_user(a: Caller) -> Any:
    """Whether there are files of a user who comes when only the audio of another one is still recorded."""
    made = of_users(a, "individual")
    made.post("update", streamSubscribe={"audioUidList": {"subscribeAudioUids": ["2"]}})
    a.join(3)
    a.advance(20)
    return made.server_response()["fileList"]


def _long_running(a: Caller, seconds: float, call: str = "query", **announced: Any) -> Any:
    """What a call is answered so long after the start of a recording whose resource is 200 seconds old by then."""
    a.join(1)
    resource = acquired(a, **announced).json["resourceId"]
    a.advance(200)
    made = Started(a, resource, a.send(start(resource, "mix", settings())).json["sid"], "mix")
    a.advance(seconds)
    return made.query().status if call == "query" else made.post(call).status


def _announced(a: Caller, announced: Any, started: Any) -> Any:
    resource = acquired(a, startParameter=announced).json["resourceId"]
    return a.send(start(resource, "mix", started)).status


def _page(a: Caller, seconds: float = 20, *more: Any, files: Any = None, **page: Any) -> Started:
    kinds: dict[str, Any] = {"recordingFileConfig": {"avFileType": files}} if files else {}
    made = recording(a, "web", extensionServiceConfig=services(*more, **page), **kinds)
    a.advance(seconds)
    return made


def _page_says(a: Caller, seconds: float, files: Any = None, **page: Any) -> Any:
    return _page(a, seconds, files=files, **page).server_response()


def _updated(a: Caller, made: Started, **client_request: Any) -> Any:
    """What a query says ten seconds after an update."""
    made.post("update", **client_request)
    a.advance(10)
    return made.server_response()


def _of_user_1(a: Caller, **update: Any) -> Any:
    """The files of a recording of one of two users that is updated."""
    a.join(2)
    lists = {"subscribeAudioUids": ["1"], "subscribeVideoUids": ["1"], "subscribeUidGroup": 1}
    return _updated(a, of_users(a, "individual", config=lists), **update)


def _update(a: Caller, mode: str = "mix", config: Any = None, /, **client_request: Any) -> Any:
    return recording(a, mode, **({"config": config} if config else {})).post("update", **client_request).status


def _layout(**client_request: Any) -> Callable[[Caller], Any]:
    return lambda a: recording(a).post("updateLayout", **client_request).status


def _regions(*regions: Any) -> dict[str, Any]:
    return {"mixedVideoLayout": 3, "layoutConfig": [{**REGION, **region} for region in regions]}


def _picture(**picture: Any) -> Callable[[Caller], Any]:
    return lambda a: began(a, config={"transcodingConfig": picture}).status


def _entries(change: Callable[[dict[str, Any], dict[str, Any]], object]) -> Any:
    """A change of each entry of a file list; it is given the whole `serverResponse` too."""

    def changed(reply: dict[str, Any]) -> None:
        found = reply["serverResponse"].get("fileList")
        for entry in found if isinstance(found, list) else ():
            change(entry, reply["serverResponse"])

    return edit(changed)


def _without_mp4(reply: dict[str, Any]) -> None:
    for service in reply["serverResponse"].get("extensionServiceState", ()):
        payload = service["payload"]
        if "fileList" in payload:
            payload["fileList"] = [each for each in payload["fileList"] if not each["filename"].endswith(".mp4")]


# -- inside the emulator ----------------------------------------------------------------------------------------------


def _from_acquire(original: Any, self: Any, sid: Any, now: Any) -> Any:
    found = original(self, sid, now)
    if self.valid_for is not None and now - self.acquired_at > self.valid_for:
        raise self.worker_not_found()
    return found


def _reaching_on(self: Any, now: float) -> None:
    hours = vars(self).setdefault("hours", self.valid_for)
    self.valid_for = now - self.recording.started_at + hours


def _always_in_reach(self: Any, resource_id: str) -> None:
    resource = self.recordings._resources.get(resource_id)
    if resource is not None:
        resource.valid_for = None


def _renewing(original: Any, self: Any, resource_id: Any, identity: Any, now: Any, **more: Any) -> Any:
    try:
        return original(self, resource_id, identity, now, **more)
    except RecordingRefused:
        resource = self._resources.get(resource_id)
        if resource is not None and now - resource.acquired_at <= recordings.RESOURCE_LIFETIME:
            resource.acquired_at = now
        raise


def _busy_elsewhere(self: Any, resource_id: str, identity: Any, now: float) -> None:
    resource = self.owned(resource_id, identity)
    if resource.recording is None and any(each.identity.uid == identity.uid for each in self.of(identity.app_id, now)):
        raise resource.refused(Code.RECORDER_BUSY, "this uid is recording")


def _expired_first(original: Any, self: Any, now: Any) -> None:
    if now - self.acquired_at > recordings.RESOURCE_LIFETIME:
        raise self.refused(Code.RESOURCE_EXPIRED, "this resource ID has expired")
    original(self, now)


def _lists(request: Any) -> tuple[Any, Any]:
    streams = request.get("streamSubscribe", {})
    return streams.get("audioUidList", {}), streams.get("videoUidList", {})


def _letting_pass(original: Any, request: Any, former: Any) -> Any:
    try:
        return original(request, former)
    except InvalidInput:
        return None


def _keeping_the_other(result: Any, request: Any, former: Any) -> Any:
    audio, video = _lists(request)
    if result is None or (audio and video):
        return result
    other = {"audio": former.subscription.audio} if video else {"video": former.subscription.video}
    return replace(result, **other)


def _nobody(result: Any, request: Any) -> Any:
    if result is None:
        return result
    for medium, lists in zip(("audio", "video"), _lists(request), strict=True):
        if any("#allstream#" in each for each in lists.values()):
            result = replace(result, **{medium: NOBODY})
    return result


def _unmerged(original: Any, recording: Any, segment: Any) -> Iterator[Any]:
    for file in original(recording, segment):
        if file.track_type != recorded_files.AUDIO_AND_VIDEO:
            yield file


def _with_the_former(result: Any, recording: Any, now: Any) -> Any:
    former = vars(recording).get("former")
    if former is not None:
        stale = {"rtmpUrl": former.url, "status": former.status(now, on_hold=recording.on_hold)}
        result[1]["payload"]["outputs"].append(stale)
    return result


def _idle_though_not_empty(self: Any, app_id: str, cname: str) -> None:
    channel = self.channels.find(app_id, cname)
    if channel is not None and channel.mode is Mode.LIVE:
        self.recordings.on_users_left(app_id, cname, self.clock.now())


def _heard(original: Any, self: Any, app_id: Any, name: Any, uid: Any, now: Any, **more: Any) -> Any:
    user = replace(original(self, app_id, name, uid, now, **more), publishes=BOTH)
    self.find(app_id, name).users[uid] = user
    return user


def _at_most_a_day(result: Any, self: Any) -> Any:
    return (result[0], min(result[1], self.started_at + 24 * _HOUR)) if result and self.setup.page else result


def _counted_together(original: Any, self: Any, endpoint: Any, *rest: Any) -> Any:
    merged = tuple(
        each._replace(group="updates") if endpoint.id in ("update_recording", "update_layout") else each
        for each in endpoint.limits
    )
    return original(self, replace(endpoint, limits=merged), *rest)


# -- at the edge ------------------------------------------------------------------------------------------------------


def _still_running() -> At:
    """A stop that need not wait does nothing: it is a query in truth."""

    async def middleware(call: HttpCall, forward: Forward) -> None:
        if call.operation == "stop_recording" and given("clientRequest.async_stop", exactly(True))(call):
            path, call.path, call.method = call.path, call.path.removesuffix("stop") + "query", "GET"
            await forward()
            found = (call.payload or {}).get("serverResponse", {})
            if "fileList" in found and isinstance(found["status"], int) and found["status"] == 5:
                found |= {"uploadingStatus": "unknown"}
                del found["status"], found["sliceStartTime"]
                call.payload = {**call.payload, "serverResponse": found}
                return
            call.path, call.method = path, "POST"
        await forward()

    return At(lambda: middleware)


def _layout_of_the_stopped() -> At:
    """A layout of a recording that was stopped is taken."""

    def make() -> Any:
        stopped: set[str] = set()

        async def middleware(call: HttpCall, forward: Forward) -> None:
            await forward()
            sid = call.parameters.get("sid", "")
            if call.operation == "stop_recording" and call.succeeded:
                stopped.add(sid)
            elif call.operation == "update_layout" and call.status == 404 and sid in stopped:
                named = {"resourceId": call.parameters["resourceid"], "sid": sid}
                respond(200, {"cname": call.body["cname"], "uid": call.body["uid"], **named})(call)

        return middleware

    return At(make)


def _layout_for_anybody() -> At:
    """The uid of a new layout is that of its resource, whatever is sent."""

    def make() -> Any:
        uids: dict[str, str] = {}

        async def middleware(call: HttpCall, forward: Forward) -> None:
            asked, known = call.body, uids.get(call.parameters.get("resourceid", ""))
            if call.operation == "update_layout" and isinstance(asked, dict) and str(asked.get("uid")).isdigit():
                call.body = {**asked, "uid": known or asked["uid"]}
            await forward()
            if call.operation == "acquire" and call.succeeded:
                uids[call.payload["resourceId"]] = asked["uid"]

        return middleware

    return At(make)


# -- what shows them --------------------------------------------------------------------------------------------------


def _late_after_refusals(a: Caller) -> Any:
    resource = acquired(a).json["resourceId"]
    for _ in range(2):
        a.advance(200)
        a.send(start(resource, "web", settings("web")))
    return a.send(start(resource, "mix", settings())).status


def _two_channels(a: Caller) -> Any:
    recording(a)
    resource = acquired(a, "another").json["resourceId"]
    return status(a.send(start(resource, "mix", settings(), "another")))


def _repeated_late(a: Caller) -> Any:
    made = of_users(a, seconds=301)
    return status(a.send(start(made.resource, "mix", settings())))


def _elsewhere_too(a: Caller) -> Any:
    made = _page(a, 20, push())
    return _updated(a, made, rtmpPublishConfig={"outputs": [{"rtmpUrl": _ELSEWHERE}]})["extensionServiceState"][1]


def _held_and_renewed(a: Caller) -> Any:
    made = _page(a)
    made.post("update", webRecordingConfig={"onhold": True})
    return _updated(a, made, storageConfig=STORAGE)["extensionServiceState"][0]["payload"]["onhold"]


def _left_by_one(a: Caller) -> Any:
    a.join(1, 2, mode=2, role=2)
    made = recording(a, config={"channelType": 1})
    a.emulator.leave(*_DEMO_LESSON, 1)
    a.advance(60)
    return made.query().status


_DEMO_LESSON = ("0123456789abcdef0123456789abcdef", "lesson")


def _stopped_with_listeners(a: Caller) -> Any:
    a.join(1, mode=2, role=3)
    made = recording(a, config={"channelType": 1})
    a.advance(20)
    return status(made.post("stop"))


def _stopped_of_two(a: Caller) -> Any:
    a.join(2)
    return len(of_users(a, "individual").post("stop").json["serverResponse"]["fileList"])


def _stopped_at_once(a: Caller) -> Any:
    made = of_users(a)
    made.post("stop", async_stop=True)
    a.advance(100)
    return made.query().status


def _later_user(a: Caller) -> Any:
    made = of_users(a, "individual")
    a.join(2)
    a.advance(20)
    return made.server_response()["fileList"]


def _layout_after_stop(a: Caller) -> Any:
    made = of_users(a)
    made.post("stop")
    a.advance(100)
    return made.post("updateLayout").status


def _layout_of_nobodys(a: Caller) -> Any:
    made = recording(a)
    return a.send(made.request("updateLayout")._replace(body=body({}, uid="77"))).status


def _under_a_label(a: Caller) -> Any:
    return acquired(a, "l" * 300, scene=1).json["cname"]


def _twenty_changes(a: Caller) -> Any:
    made = of_users(a)
    a.emulator.settings.rate_limit = True
    return [made.post(call).status for call in ("update", "updateLayout") for _ in range(10)]


def _stored(**storage: Any) -> dict[str, Any]:
    return {"storageConfig": {**STORAGE, **storage}}


def _clamped(regions: list[Any]) -> None:
    for region in regions[1:]:
        for place in REGION:
            region[place] = min(max(region[place], 0), 1)
        region["width"] = min(region["width"], 1 - region["x_axis"])
        region["height"] = min(region["height"], 1 - region["y_axis"])


def _short_enough(storage: dict[str, Any]) -> None:
    if sum(len(folder) + 1 for folder in storage["fileNamePrefix"]) > 128:
        storage["fileNamePrefix"] = ["dir"]


def _by_number(lists: dict[str, Any]) -> None:
    users = lists["subscribeVideoUids"]
    lists["subscribeVideoUids"] = [uid if uid.isdigit() or uid == "#allstream#" else "1" for uid in users]


def _somewhere(storage: dict[str, Any]) -> None:
    if isinstance(storage["region"], int):
        storage["region"] = 1


def _with_endpoint(storage: dict[str, Any]) -> None:
    if storage["vendor"] == 11:
        storage.setdefault("extensionParams", {"endpoint": "s3.example.com"})


FAULTS = {
    # How long calls reach a recording, and how long a resource lives
    "reach-counts-from-acquire": timing(
        "CR-86",
        "resourceExpiredHour counts from acquire and not from start",
        method(recordings.Resource, "find", _from_acquire),
        lambda a: _long_running(a, _HOUR - 10, resourceExpiredHour=1),
    ),
    "reach-is-renewed-by-calls": timing(
        "CR-86",
        "each call that finds a recording lets resourceExpiredHour begin anew",
        also(recordings.Resource, "find", _reaching_on),
        lambda a: [made := of_users(a), [(a.advance(50 * _HOUR), made.query().status)[1] for _ in range(2)]][1],
    ),
    "stop-beyond-reach": state(
        "CR-86",
        "stop can be called after resourceExpiredHour",
        first(world.World, "stop", _always_in_reach),
        lambda a: _long_running(a, 2 * _HOUR, "stop", resourceExpiredHour=1),
    ),
    "hours-and-a-half": validation(
        "CR-85", "resourceExpiredHour may be 1.5", takes("acquire", "clientRequest.resourceExpiredHour", 1.5, 1)
    ),
    "storage-need-not-be-announced": cross(
        "CR-90",
        "the storageConfig of start need not be that of startParameter",
        called_with(
            operations, "_digest", request=lambda request: {**request, "storageConfig": {}} if request else request
        ),
        lambda a: _announced(a, settings(), settings(storage={"bucket": "another"})),
    ),
    "refused-start-renews": timing(
        "CR-91",
        "a start that is refused lets the five minutes of its resource ID begin anew",
        method(recordings.Recordings, "start", _renewing),
        _late_after_refusals,
    ),
    "repeated-start-expires": state(
        "CR-94",
        "a start on a resource ID that is recording is 400 once it is older than five minutes",
        method(recordings.Resource, "check_startable", _expired_first),
        _repeated_late,
    ),
    "uid-records-one-channel": identity(
        "CR-95",
        "a recorder of one channel is a conflict with one of the same uid in another",
        first(recordings.Recordings, "start", _busy_elsewhere),
        _two_channels,
    ),
    # What start takes
    "amazon-has-region-23": validation(
        "CR-99", "Amazon S3 has a region 23", takes("start_recording", "clientRequest.storageConfig.region", 23, 22)
    ),
    "salt-of-any-characters": validation(
        "CR-106",
        "a salt need not be Base64",
        takes(
            "start_recording",
            f"{_CONFIG}.salt",
            "*" * 43 + "=",
            "A" * 43 + "=",
            lambda salt: len(salt) == 44 and not _BASE64.issuperset(salt),
            decryptionMode=7,
            secret="s",
        ),
    ),
    "nobody-in-a-list": validation(
        "CR-109",
        "a list of users may have the uid 0",
        takes("start_recording", f"{_CONFIG}.subscribeAudioUids", ["0"], ["1"], lambda uids: "0" in uids),
    ),
    "no-kind-of-files": validation(
        "CR-122",
        "avFileType may be empty",
        takes("start_recording", "clientRequest.recordingFileConfig.avFileType", [], ["hls"]),
    ),
    "second-region-is-not-looked-at": validation(
        "CR-119",
        "of the regions of a layout only the first must lie on the canvas",
        edit_client_request("start_recording", _clamped, part=f"{_PICTURE}.layoutConfig"),
        _picture(**_regions({"width": 0.5}, {"x_axis": 0.75, "width": 0.5})),
    ),
    # Pages
    "a-day-of-pages-at-most": timing(
        "CR-132",
        "a recording of a page ends after a day, however many its maxRecordingHour are",
        result(current_recordings.CurrentRecording, "due", _at_most_a_day),
        lambda a: _page(a, 25 * _HOUR, maxRecordingHour=30).query().status,
    ),
    "pages-make-no-mp4": state(
        "CR-122 CR-139",
        "a page has no MP4 files, also where they are asked for",
        on_response("query_recording stop_recording", edit(_without_mp4)),
        lambda a: _page_says(a, 20, ["hls", "mp4"]),
    ),
    "mp4-of-pages-is-never-cut": state(
        "CR-130",
        "the MP4 file of a page goes on after maxVideoDuration",
        result(recorded_files, "_cuts", lambda result: result[:1]),
        lambda a: _page_says(a, 40 * 60, ["hls", "mp4"], maxVideoDuration=30),
    ),
    "former-push-stays": state(
        "CR-148",
        "query shows the former address of a push beside the new one",
        (
            first(
                current_recordings.CurrentRecording,
                "start_push",
                lambda self: self.__dict__.update(former=self.push),
            ),
            result(current_responses, "_services", _with_the_former),
        ),
        _elsewhere_too,
    ),
    "update-refuses-rtmps": validation(
        "CR-148",
        "update refuses an address of RTMPS",
        refuse_client_request(
            "update_recording",
            lambda config: any(each["rtmpUrl"].startswith("rtmps:") for each in config["outputs"]),
            part="rtmpPublishConfig",
        ),
        lambda a: _update(a, "web", rtmpPublishConfig={"outputs": [{"rtmpUrl": PUSHED_TO.replace("rtmp:", "rtmps:")}]}),
    ),
    "any-update-resumes": state(
        "CR-147",
        "an update that says nothing of a pause ends it",
        called_with(world.World, "update", on_hold=lambda on_hold: bool(on_hold)),
        _held_and_renewed,
    ),
    # Subscriptions
    "update-of-what-is-not-recorded": cross(
        "CR-112 CR-146",
        "update takes a list for a medium that streamTypes exclude",
        method(recording_requests, "new_subscription", _letting_pass),
        lambda a: _update(
            a, "mix", {"streamTypes": 0}, streamSubscribe={"videoUidList": {"subscribeVideoUids": ["1"]}}
        ),
    ),
    "update-of-one-medium-keeps-the-other": cross(
        "CR-113 CR-146",
        "after an update with a list for one medium the other is recorded as before",
        result(recording_requests, "new_subscription", _keeping_the_other),
        _third_user,
    ),
    "everybody-is-nobody-in-an-update": state(
        "CR-111 CR-146",
        "#allstream# in an update stands for nobody",
        result(recording_requests, "new_subscription", _nobody),
        lambda a: _of_user_1(a, streamSubscribe={"audioUidList": {"subscribeAudioUids": ["#allstream#"]}}),
    ),
    "update-of-nothing-subscribes-to-all": state(
        "CR-145 CR-146",
        "an update without lists subscribes to everybody",
        called_with(world.World, "update", subscription=lambda subscription: subscription or Subscription()),
        lambda a: _of_user_1(a),
    ),
    "update-with-names-of-users": validation(
        "CR-146 CR-109",
        "update takes words as user IDs",
        edit_client_request("update_recording", _by_number, part="streamSubscribe.videoUidList"),
        lambda a: _update(a, streamSubscribe={"videoUidList": {"subscribeVideoUids": ["teacher"]}}),
    ),
    "standard-makes-no-merged-index": state(
        "CR-116",
        "stream mode standard has no index of both media",
        method(recorded_files, "_of_users", _unmerged),
        lambda a: of_users(a, "individual", config={"streamMode": "standard"}).server_response(),
    ),
    # Storage in update
    "update-with-any-region": validation(
        "CR-149 CR-99",
        "update takes any region of a storage",
        edit_client_request("update_recording", _somewhere, part="storageConfig"),
        lambda a: _update(a, **_stored(region=99)),
    ),
    "update-with-long-folders": validation(
        "CR-149 CR-103",
        "update takes folders of any length",
        edit_client_request("update_recording", _short_enough, part="storageConfig"),
        lambda a: _update(a, **_stored(fileNamePrefix=["f" * 128])),
    ),
    "update-without-endpoint": validation(
        "CR-149 CR-100",
        "update takes vendor 11 without its endpoint",
        edit_client_request("update_recording", _with_endpoint, part="storageConfig"),
        lambda a: _update(a, **_stored(vendor=11, region=0)),
    ),
    # Layouts
    "layout-of-18-regions": validation(
        "CR-151 CR-118",
        "updateLayout takes 18 regions",
        edit_client_request("update_layout", lambda regions: regions.__delitem__(slice(17, None)), part="layoutConfig"),
        _layout(**_regions(*[{}] * 18)),
    ),
    "layout-with-a-large-nobody": validation(
        "CR-151",
        "updateLayout takes the uid 0 as that of the large picture",
        takes("update_layout", "clientRequest.maxResolutionUid", "0", "1"),
    ),
    "layout-with-a-background-of-nothing": validation(
        "CR-151 CR-121",
        "in updateLayout an entry of backgroundConfig needs no image_url",
        edit_client_request(
            "update_layout",
            lambda backgrounds: [each.setdefault("image_url", "https://example.com/a.jpg") for each in backgrounds],
            part="backgroundConfig",
        ),
        _layout(backgroundConfig=[{"uid": "1"}]),
    ),
    "layout-of-what-was-stopped": state(
        "CR-144",
        "updateLayout of a recording that was stopped succeeds",
        _layout_of_the_stopped(),
        _layout_after_stop,
    ),
    "layout-for-any-uid": identity(
        "CR-93", "updateLayout takes another uid than that of acquire", _layout_for_anybody(), _layout_of_nobodys
    ),
    "layout-without-sid": shapes(
        "CR-76", "the answer of updateLayout has no sid", on_response("update_layout", drop("sid"))
    ),
    "layouts-use-up-updates": timing(
        "CR-71",
        "update and updateLayout have one quota together",
        method(calls.Calls, "respond", _counted_together),
        _twenty_changes,
    ),
    # Files, and the end
    "sound-is-listed-with-pictures": cross(
        "CR-142",
        "a mix of audio only is listed as audio and video",
        result(recorded_files, "_track_type", lambda: recorded_files.AUDIO_AND_VIDEO),
        lambda a: of_users(
            a, config={"streamTypes": 0}, recordingFileConfig={"avFileType": ["hls", "mp4"]}
        ).server_response(),
    ),
    "files-begin-with-the-recording": timing(
        "CR-142",
        "sliceStartTime of a file is that of the recording",
        on_response(
            "query_recording", _entries(lambda entry, whole: entry.update(sliceStartTime=whole["sliceStartTime"]))
        ),
        _later_user,
    ),
    "stop-lists-one-file": state(
        "CR-153",
        "stop lists one file only",
        on_response("stop_recording", put("serverResponse.fileList", lambda files: files[:1] if files[1:] else files)),
        _stopped_of_two,
    ),
    "stop-at-once-stops-nothing": state(
        "CR-152", "a stop with async_stop does not end the recording", _still_running(), _stopped_at_once
    ),
    "listeners-are-recorded": state(
        "CR-156",
        "something was recorded where there was an audience only",
        method(channels.Channels, "join", _heard),
        _stopped_with_listeners,
    ),
    "idle-when-a-host-leaves": timing(
        "CR-108",
        "a live channel is idle from when anybody leaves it",
        also(world.World, "_take_out", _idle_though_not_empty),
        _left_by_one,
    ),
    "long-labels-come-back-short": ranges(
        "CR-76 CR-81",
        "answers repeat 128 characters of a label at most",
        on_response("acquire start_recording query_recording", put("cname", lambda cname: cname[:128])),
        _under_a_label,
    ),
    "unknown-app-id-is-not-found": statuses(
        "CR-78",
        "query with an App ID that does not exist is 404",
        on_response("query_recording", lambda call: respond(404)(call) if names_no_app_id(call) else None, status=400),
        lambda a: a.query("r", "s", "f" * 32).status,
    ),
}
