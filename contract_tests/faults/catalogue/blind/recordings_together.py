"""Faults of today that show in combinations: of settings, of calls in turn, of recordings beside one another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from agora_rest.emulator import current_recordings, recorded_files, recordings, world
from agora_rest.emulator.modes import RecordingMode
from agora_rest.emulator.recordings import Ending
from agora_rest.emulator.refusals import Code, InvalidInput, RecordingRefused
from agora_rest.emulator.web import current_responses, recording_requests
from faults.caller import APP, Caller, Request
from faults.current import (
    CNAME,
    UID,
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
from faults.edits import edit_client_request, refuse_client_request
from faults.middleware import At, Forward, HttpCall, edit, error, on_request, on_response, put
from faults.patches import also, first, method, result, value
from faults.seeds import cross, identity, shapes, state, timing, validation

_HOUR = 3600
_DAY = 24 * _HOUR
_SNAPSHOTS = {"fileType": ["jpg"]}
_HELD: dict[str, Any] = {"webRecordingConfig": {"onhold": True}}


# -- inside the emulator ----------------------------------------------------------------------------------------------


def _end_those_out_of_reach(self: Any, now: float) -> None:
    for resource in self.resources():
        found = resource.recording
        if found is not None and found.ended_at is None and now - found.started_at > resource.valid_for:
            found.end(Ending.STOPPED, now)


def _keep_a_page_in_reach(self: Any) -> None:
    if self.recording is not None and self.recording.mode is RecordingMode.WEB:
        self.valid_for = None


def _busy_in_another_project(self: Any, resource_id: str, identity: Any, now: float) -> None:
    resource = self.owned(resource_id, identity)
    for app_id, cname in list(self._running):
        if app_id != identity.app_id and cname == identity.cname and resource.recording is None:
            found = [each for each in self.of(app_id, now) if each.identity[1:] == identity[1:]]
            if found:
                raise resource.refused(Code.RECORDER_BUSY, "this uid is recording")


def _beside_another_mode(original: Any, self: Any, resource_id: Any, identity: Any, now: Any, **more: Any) -> Any:
    here = self._running.get((identity.app_id, identity.cname), {})
    other = here.get(identity.uid)
    if other is None or other.mode is more["mode"]:
        return original(self, resource_id, identity, now, **more)
    del here[identity.uid]
    try:
        return original(self, resource_id, identity, now, **more)
    except RecordingRefused:
        here[identity.uid] = other
        raise


def _pause_all(self: Any, recording: Any, on_hold: Any) -> None:
    now = self.clock.now()
    for other in self.recordings.of(recording.identity.app_id, now):
        if on_hold is not None and other.mode is RecordingMode.WEB and other.identity.cname == recording.identity.cname:
            other.hold(on_hold, now)


def _stop_all(self: Any, identity: Any) -> None:
    now = self.clock.now()
    for other in self.recordings.of(identity.app_id, now):
        if other.identity.cname == identity.cname:
            other.end(Ending.STOPPED, now)


def _drop_the_push(result: Any, push_url: Any) -> None:
    if push_url is None:
        result.push = None


def _stopped_by_anybody(original: Any, self: Any, resource_id: Any, sid: Any, identity: Any, *mode: Any) -> Any:
    try:
        return original(self, resource_id, sid, identity, *mode)
    except RecordingRefused:
        resource, now = self.recordings._resources.get(resource_id), self.clock.now()
        found = None if resource is None else resource.recording
        if found is not None and found.sid == sid and found.identity != identity and found.is_running(now):
            found.end(Ending.STOPPED, now)
        raise


def _idle_in_silence(original: Any, self: Any, channel: Any) -> Any:
    return original(self, channel) or not any(self.streams(channel).values())


def _use_up_idle_time(self: Any, app_id: str, cname: str, now: float) -> None:
    for found in self.in_channel(app_id, cname, now):
        if found.idle_since is not None:
            found.max_idle_time -= now - found.idle_since


def _idle_if_it_says_so(result: Any, self: Any) -> Any:
    if self.setup.page is not None and self.max_idle_time != recordings.DEFAULT_MAX_IDLE_TIME:
        return Ending.IDLE, self.started_at + self.max_idle_time
    return result


def _without_upload(result: Any, recording: Any) -> Any:
    snapshots = recording.setup.snapshots
    if snapshots is not None and snapshots.only:
        del result["uploadingStatus"]
    return result


def _from_its_start(result: Any, recording: Any) -> Any:
    """The files of a page that begins on hold."""
    files, page = list(result), recording.setup.page
    if page is not None and page.starts_on_hold:
        files[:1] = [each._replace(since=recording.ready_at) for each in files[:1]]
    return files


def _page_in_a_channel(self: Any, identity: Any, setup: Any) -> None:
    if setup is not None and setup.mode is RecordingMode.WEB:
        channel = self.channels.find(identity.app_id, identity.cname)
        if channel is not None and identity.uid in channel.users:
            raise InvalidInput("uid: is a user's in this channel")


# -- at the edge ------------------------------------------------------------------------------------------------------


def _remembering(middleware: Callable[[dict[str, Any], HttpCall, Forward], Any]) -> At:
    """A middleware that remembers something by resource ID, or sid."""

    def make() -> Any:
        memory: dict[str, Any] = {}

        async def remembers(call: HttpCall, forward: Forward) -> None:
            await middleware(memory, call, forward)

        return remembers

    return At(make)


async def _used_up(refused: dict[str, Any], call: HttpCall, forward: Forward) -> None:
    await forward()
    if call.operation != "start_recording":
        return
    resource = call.parameters["resourceid"]
    if resource in refused and call.status == 200:
        error(1005)(call)
    elif call.status == 400:
        refused[resource] = True


async def _must_be_equal(started: dict[str, Any], call: HttpCall, forward: Forward) -> None:
    asked = call.body
    await forward()
    if call.operation == "start_recording":
        resource = call.parameters["resourceid"]
        if call.status == 200:
            started[resource] = asked
        elif call.status == 201 and started.get(resource) != asked:
            error(2)(call)


async def _may_say_more(announced: dict[str, Any], call: HttpCall, forward: Forward) -> None:
    asked = call.body.get("clientRequest") if isinstance(call.body, dict) else None
    known = announced.get(call.parameters.get("resourceid", ""))
    if call.operation == "start_recording" and known and isinstance(asked, dict) and {**asked, **known} == asked:
        call.body = {**call.body, "clientRequest": known}
    await forward()
    if call.operation == "acquire" and call.succeeded and isinstance(asked, dict):
        announced[call.payload["resourceId"]] = asked.get("startParameter")


async def _carried_out_though_refused(modes: dict[str, Any], call: HttpCall, forward: Forward) -> None:
    await forward()
    if call.operation == "start_recording" and call.status == 200:
        modes[call.payload["sid"]] = call.parameters["mode"]
    right = modes.get(call.parameters.get("sid", ""))
    if call.operation == "update_recording" and call.status == 404 and right not in (None, call.parameters["mode"]):
        answer, path = (call.status, call.response_headers, call.response_body), call.path
        call.path = path.replace(f"/mode/{call.parameters['mode']}/", f"/mode/{right}/")
        await forward()
        (call.status, call.response_headers, call.response_body), call.path = answer, path


def _in_mode(mode: str, change: Callable[[dict[str, Any]], object]) -> At:
    """A change of the client request of a start in this mode."""

    def changed(call: HttpCall) -> None:
        if call.parameters["mode"] == mode:
            client = {**call.body["clientRequest"]}
            change(client)
            call.body = {**call.body, "clientRequest": client}

    return on_request("start_recording", changed)


def _secret_given(client: dict[str, Any]) -> None:
    if client["recordingConfig"].get("decryptionMode"):
        client["recordingConfig"] = {"secret": "s", **client["recordingConfig"]}


def _no_list_for_all(config: dict[str, Any]) -> None:
    if config["subscribeAudioUids"] == ["#allstream#"] and not any("VideoUids" in name for name in config):
        del config["subscribeAudioUids"]


def _all_pictures(streams: dict[str, Any]) -> None:
    if "videoUidList" not in streams and any(name.startswith("un") for name in streams["audioUidList"]):
        streams["videoUidList"] = {"subscribeVideoUids": ["#allstream#"]}


def _no_list_of_pictures(config: dict[str, Any]) -> None:
    if config["streamTypes"] == 0:
        config.pop("unSubscribeVideoUids", None)


def _not_on_hold(reply: dict[str, Any]) -> None:
    for service in reply["serverResponse"]["extensionServiceState"]:
        if "onhold" in service["payload"]:
            service["payload"]["onhold"] = False


# -- what shows them --------------------------------------------------------------------------------------------------


def _again(a: Caller, cname: str = CNAME, app: str = APP, mode: str = "mix", **announced: Any) -> Any:
    """What a further start with the usual uid is answered."""
    resource = acquired(a, cname, app=app, **announced).json["resourceId"]
    return status(a.send(_of_app(start(resource, mode, settings(mode), cname), app)))


def _of_app(request: Request, app: str) -> Request:
    return request._replace(path=request.path.replace(APP, app))


def _out_of_reach(a: Caller) -> Any:
    a.join(1)
    resource = acquired(a, resourceExpiredHour=1).json["resourceId"]
    a.send(start(resource, "mix", settings()))
    a.advance(2 * _HOUR)
    return _again(a)


def _page_out_of_reach(a: Caller) -> Any:
    resource = acquired(a, scene=1, resourceExpiredHour=1).json["resourceId"]
    page = settings("web", extensionServiceConfig=services(maxRecordingHour=5))
    made = Started(a, resource, a.send(start(resource, "web", page)).json["sid"], "web")
    a.advance(2 * _HOUR)
    return made.query().status


def _after_a_refusal(a: Caller) -> Any:
    resource = acquired(a).json["resourceId"]
    bad = settings(config={"streamTypes": 9})
    return [status(a.send(start(resource, "mix", each))) for each in (bad, settings())]


def _repeated_otherwise(a: Caller) -> Any:
    made = of_users(a)
    return status(a.send(start(made.resource, "mix", settings(config={"streamTypes": 0}))))


def _announced_less(a: Caller) -> Any:
    resource = acquired(a, startParameter=settings()).json["resourceId"]
    return a.send(start(resource, "mix", settings(token="t"))).status


def _two_pages(a: Caller) -> list[Started]:
    made = [recording(a, "web", uid=uid) for uid in ("11", "12")]
    a.advance(20)
    return made


def _services_of(made: Started) -> Any:
    return made.server_response()["extensionServiceState"]


def _pushed_and_held(a: Caller) -> Any:
    made = recording(a, "web", extensionServiceConfig=services(push()))
    made.post("update", **_HELD)
    return _services_of(made)


def _other_page(a: Caller) -> Any:
    one, other = _two_pages(a)
    one.post("update", **_HELD)
    return _services_of(other)


def _other_recorder(a: Caller) -> Any:
    one, other = of_users(a, uid="11"), recording(a, uid="12")
    one.post("stop")
    return other.server_response()["status"]


def _after_a_wrong_stop(a: Caller) -> Any:
    made = of_users(a)
    wrong = made.request("stop")._replace(body=body({}, uid="77"))
    return [a.send(wrong).status, made.server_response()["status"]]


def _after_a_wrong_update(a: Caller) -> Any:
    made = recording(a, "web")
    a.advance(20)
    return [made.post("update", "mix", **_HELD).status, _services_of(made)]


def _with_silence(a: Caller) -> Any:
    a.join(1)
    a.emulator.publish(APP, CNAME, 1, audio=False, video=False)
    made = recording(a)
    a.advance(60)
    return made.query().status


def _heard_but_one(a: Caller) -> Any:
    a.join(2)
    made = recording(a, "individual", config={"streamTypes": 2})
    made.post("update", streamSubscribe={"audioUidList": {"unSubscribeAudioUids": ["1"]}})
    a.advance(10)
    return _listed(made)


def _two_gaps(a: Caller) -> Any:
    made = of_users(a)
    for _ in range(2):
        a.emulator.leave(APP, CNAME, 1)
        a.advance(20)
        a.join(1)
        a.advance(20)
    return made.query().status


def _page_in_a_channel_config(a: Caller) -> Any:
    made = recording(a, "web", recordingConfig={"maxIdleTime": 10})
    a.advance(60)
    return made.query().status


def _listed(made: Started) -> Any:
    return made.server_response().get("fileList")


def _stopped_on_hold(a: Caller) -> Any:
    made = recording(a, "web")
    a.advance(20)
    made.post("update", **_HELD)
    return made.post("stop").json["serverResponse"]


def _after_one_left(a: Caller) -> Any:
    a.join(2)
    made = of_users(a, "individual")
    a.emulator.leave(APP, CNAME, 2)
    a.advance(20)
    return _listed(made)


def _just_stopped(a: Caller) -> Any:
    made = of_users(a)
    made.post("stop")
    return made.server_response()["status"]


def _of_a_disabled_project(a: Caller) -> Any:
    made = of_users(a)
    a.post("/v1/project_status", id=a.get("/v1/projects").json["projects"][0]["id"], status=0)
    return made.query().status


def _resumed_late(a: Caller) -> Any:
    made = recording(a, "web", extensionServiceConfig=services(onhold=True))
    a.advance(100)
    made.post("update", webRecordingConfig={"onhold": False})
    a.advance(20)
    return _services_of(made)


def _page_beside_its_user(a: Caller) -> Any:
    a.join(int(UID))
    return began(a, "web").status


FAULTS = {
    # How long calls reach a recording
    "reach-ends-the-recording": state(
        "CR-86",
        "after resourceExpiredHour a recording ends",
        first(recordings.Recordings, "start", _end_those_out_of_reach),
        _out_of_reach,
    ),
    "a-day-of-reach-when-left-out": timing(
        "CR-85 CR-86",
        "resourceExpiredHour is 24 when it is left out",
        value(recording_requests, "DEFAULT_VALIDITY", float(_DAY)),
        lambda a: of_users(a, seconds=2 * _DAY).query().status,
    ),
    "pages-are-always-in-reach": cross(
        "CR-86",
        "resourceExpiredHour has no effect in mode web",
        first(recordings.Resource, "find", _keep_a_page_in_reach),
        _page_out_of_reach,
    ),
    # Starts in turn, and recorders beside others
    "refused-start-uses-up-today": state(
        "CR-92",
        "a start that is refused uses up its resource ID",
        _remembering(_used_up),
        _after_a_refusal,
    ),
    "conflict-of-projects": identity(
        "CR-95",
        "a recorder of another project with the same cname and uid is a conflict",
        first(recordings.Recordings, "start", _busy_in_another_project),
        lambda a: [recording(a), _again(a, app=a.other_app())][1],
    ),
    "a-recorder-for-each-mode": cross(
        "CR-95",
        "recorders in two modes may have the same cname and uid",
        method(recordings.Recordings, "start", _beside_another_mode),
        lambda a: [of_users(a), began(a, "individual").status][1],
    ),
    "repeated-start-must-be-equal": cross(
        "CR-94",
        "a repeated start with another client request is code 2",
        _remembering(_must_be_equal),
        _repeated_otherwise,
    ),
    "start-may-say-more-than-announced": cross(
        "CR-90",
        "start may have more members than startParameter",
        _remembering(_may_say_more),
        _announced_less,
    ),
    "stop-ends-all-of-a-channel": identity(
        "CR-50",
        "stop ends every recording of its channel",
        also(world.World, "stop", _stop_all),
        _other_recorder,
        "current",
    ),
    "pause-of-all-pages": identity(
        "CR-147",
        "a pause is one of all pages with the same label",
        also(world.World, "update", _pause_all),
        _other_page,
    ),
    "wrong-stop-ends": state(
        "CR-93",
        "a stop with another uid is refused, but ends the recording",
        method(world.World, "stop", _stopped_by_anybody),
        _after_a_wrong_stop,
    ),
    "wrong-update-has-effect": state(
        "CR-80",
        "an update that names another mode is refused, but has its effect",
        _remembering(_carried_out_though_refused),
        _after_a_wrong_update,
    ),
    "disabled-project-is-queried": state(
        "CR-78",
        "query takes the App ID of a project that is disabled",
        method(
            world.World,
            "query",
            lambda _, self, app_id, resource_id, sid, mode: self._reachable(
                self.recordings.resource(app_id, resource_id), sid, mode
            ),
        ),
        _of_a_disabled_project,
    ),
    # What settings do together
    "recorder-of-a-page-comes-first": validation(
        "CR-128",
        "of the services that of the recorder must be the first",
        refuse_client_request(
            "start_recording",
            lambda config: config["extensionServices"][0]["serviceName"] != "web_recorder_service",
            part="extensionServiceConfig",
        ),
        lambda a: (
            began(
                a,
                "web",
                extensionServiceConfig={"extensionServices": services(push())["extensionServices"][::-1]},
            ).status
        ),
    ),
    "idle-time-of-a-page": cross(
        "CR-127 CR-108",
        "a page that is started with a maxIdleTime ends after it",
        result(current_recordings.CurrentRecording, "due", _idle_if_it_says_so),
        _page_in_a_channel_config,
    ),
    "page-has-no-uid-of-a-user": cross(
        "CR-81",
        "mode web refuses the uid of a user in a channel that is named as its label",
        first(world.World, "start", _page_in_a_channel),
        _page_beside_its_user,
    ),
    "individual-needs-no-secret": cross(
        "CR-105",
        "in mode individual decryption needs no secret",
        _in_mode("individual", _secret_given),
        lambda a: began(a, "individual", config={"decryptionMode": 1}).status,
    ),
    "everybody-heard-is-everybody-seen": cross(
        "CR-111 CR-113",
        "with #allstream# as the only list, one for audio, video is recorded too",
        edit_client_request("start_recording", _no_list_for_all, part="recordingConfig"),
        lambda a: _listed(of_users(a, "individual", config={"subscribeAudioUids": ["#allstream#"]})),
    ),
    "not-heard-is-seen": cross(
        "CR-113 CR-146",
        "after an update with a list of those not to hear only, video is recorded of everybody",
        edit_client_request("update_recording", _all_pictures, part="streamSubscribe"),
        _heard_but_one,
    ),
    "not-seen-without-video": cross(
        "CR-112",
        "with streamTypes 0 there may be a list of those not to see",
        edit_client_request("start_recording", _no_list_of_pictures, part="recordingConfig"),
        lambda a: began(a, config={"streamTypes": 0, "unSubscribeVideoUids": ["1"]}).status,
    ),
    # Who keeps a recording going
    "silent-users-are-nobody": state(
        "CR-108",
        "a communication channel whose users send nothing is idle",
        method(world.World, "_is_idle", _idle_in_silence),
        _with_silence,
    ),
    "idle-times-add-up": timing(
        "CR-107 CR-108",
        "the times in which a channel is idle are added up",
        first(recordings.Recordings, "on_users_joined", _use_up_idle_time),
        _two_gaps,
    ),
    # What query and stop tell
    "no-upload-of-snapshots": shapes(
        "CR-153",
        "with snapshots only, stop has no uploadingStatus",
        result(current_responses, "outcome", _without_upload),
        lambda a: of_users(a, "individual", snapshotConfig=_SNAPSHOTS).post("stop"),
    ),
    "stopped-page-was-not-on-hold": state(
        "CR-154",
        "stop does not show that a page was on hold",
        on_response("stop_recording", edit(_not_on_hold)),
        _stopped_on_hold,
    ),
    "users-who-left-have-no-files": state(
        "CR-142 CR-141",
        "in mode individual files of users who have left are not listed",
        result(
            recorded_files,
            "_of_users",
            lambda result, recording: [each for each in result if each.uid in recording.streams],
        ),
        _after_one_left,
    ),
    "told-to-stop-and-in-progress": state(
        "CR-137",
        "the status of a recording that was stopped is 5",
        on_response("query_recording", put("serverResponse.status", lambda now: 5 if now in (6, 7, 8) else now)),
        _just_stopped,
    ),
    "files-of-a-held-page-begin-with-it": timing(
        "CR-133 CR-139",
        "the file of a page that began on hold begins when the page was opened",
        result(recorded_files, "_of_all", _from_its_start),
        _resumed_late,
    ),
    "update-ends-a-push": state(
        "CR-145 CR-148",
        "an update that says nothing of a push ends it",
        also(world.World, "update", _drop_the_push),
        _pushed_and_held,
    ),
}
