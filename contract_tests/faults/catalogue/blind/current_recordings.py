"""Faults of what the present documents say about a recording: its states, its files, its changes and its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from agora_rest.emulator import current_recordings, web_pages, world
from faults.caller import Caller
from faults.current import PUSHED_TO, REGION, Started, acquired, of_users, push, recording, services, settings, start
from faults.edits import edit_client_request, refuse_client_request, refuses, takes
from faults.middleware import At, HttpCall, drop, edit, error, on_request, on_response, put, refuse, respond
from faults.patches import method, skipped, value
from faults.seeds import cross, idempotency, identity, ranges, shapes, state, statuses, units, validation

_STORAGE: dict[str, Any] = {
    "vendor": 2,
    "region": 3,
    "bucket": "b",
    "accessKey": "the-new-key",
    "secretKey": "the-new-secret",
}


def _services(change: Callable[[dict[str, Any], list[Any]], object], name: str = "web_recorder_service") -> Any:
    """A change of the payload of a service in an answer; it is given the list of all services too."""

    def changed(reply: dict[str, Any]) -> None:
        found = reply["serverResponse"].get("extensionServiceState", [])
        for service in list(found):
            if service["serviceName"] == name:
                change(service["payload"], found)

    return edit(changed)


def _files(change: Callable[[dict[str, Any]], object]) -> Any:
    """A change of each entry of a file list."""

    def changed(reply: dict[str, Any]) -> None:
        found = reply["serverResponse"].get("fileList")
        for entry in found if isinstance(found, list) else ():
            change(entry)

    return edit(changed)


def _listed(reply: dict[str, Any]) -> None:
    """A list of files in the place of the name."""
    found = reply["serverResponse"]
    if found.get("fileListMode") == "string":
        entry = {
            "fileName": found["fileList"],
            "trackType": "audio_and_video",
            "uid": "0",
            "mixedAllUser": True,
            "isPlayable": True,
            "sliceStartTime": found.get("sliceStartTime", 1),
        }
        found.update(fileListMode="json", fileList=[entry])


def _named(reply: dict[str, Any]) -> None:
    """The name of a file in the place of the list."""
    found = reply["serverResponse"]
    if found.get("fileListMode") == "json" and found["fileList"]:
        found.update(fileListMode="string", fileList=found["fileList"][0]["fileName"])


def _renamed(reply: dict[str, Any], rename: Callable[[str], str]) -> None:
    """Another name of the file of a mix."""
    found = reply["serverResponse"]
    if isinstance(found.get("fileList"), str):
        found["fileList"] = rename(found["fileList"])


def _without_channel(reply: dict[str, Any]) -> None:
    _renamed(reply, lambda name: f"{name.rpartition('_')[0] or name}.m3u8")


def _without_folders(reply: dict[str, Any]) -> None:
    _renamed(reply, lambda name: name.rpartition("/")[2])


def _empty_list(reply: dict[str, Any]) -> None:
    if "fileListMode" not in reply["serverResponse"]:
        reply["serverResponse"].update(fileListMode="json", fileList=[])


def _ignored(operation: str, *members: str) -> At:
    """Members of a client request that have no effect."""

    def change(call: HttpCall) -> None:
        client = {name: member for name, member in call.body["clientRequest"].items() if name not in members}
        call.body = {**call.body, "clientRequest": client}

    return on_request(operation, change)


def _client(call: HttpCall) -> dict[str, Any]:
    found: dict[str, Any] = call.body["clientRequest"]
    return found


def _page(a: Caller, seconds: float = 20, *more: Any, **page: Any) -> Started:
    made = recording(a, "web", extensionServiceConfig=services(*more, **page))
    a.advance(seconds)
    return made


def _state_of(made: Started, service: int = 0) -> Any:
    return made.server_response()["extensionServiceState"][service]


def _held_by_update(a: Caller) -> Any:
    made = _page(a)
    made.post("update", webRecordingConfig={"onhold": True})
    return _state_of(made)["payload"]["onhold"]


def _resumed(a: Caller) -> Any:
    made = _page(a, onhold=True)
    made.post("update", webRecordingConfig={"onhold": False})
    return _state_of(made)["payload"]["onhold"]


def _pushed_elsewhere(a: Caller) -> Any:
    made = _page(a, 20, push())
    made.post("update", rtmpPublishConfig={"outputs": [{"rtmpUrl": "rtmp://other.example.com/live/key2"}]})
    a.advance(10)
    return _state_of(made, 1)["payload"]


def _update(a: Caller, mode: str = "mix", /, **client_request: Any) -> int:
    return recording(a, mode).post("update", **client_request).status


def _heard(**lists: Any) -> dict[str, Any]:
    return {"streamSubscribe": {"audioUidList": lists}}


def _layout(a: Caller, **client_request: Any) -> int:
    return recording(a).post("updateLayout", "mix", **client_request).status


def _users_after_an_update(a: Caller) -> set[Any]:
    """Of whom there are files, if the subscription is changed from one user to another."""
    a.join(2)
    first = {"subscribeAudioUids": ["1"], "subscribeVideoUids": ["1"]}
    made = of_users(a, "individual", config={"subscribeUidGroup": 1, **first})
    lists = {"audioUidList": {"subscribeAudioUids": ["2"]}, "videoUidList": {"subscribeVideoUids": ["2"]}}
    made.post("update", streamSubscribe=lists)
    a.advance(10)
    return {each["uid"] for each in made.server_response().get("fileList", [])}


def _any_layout_mode(call: HttpCall) -> None:
    if call.path.endswith("/updateLayout"):
        call.path = call.path.replace("/mode/individual/", "/mode/mix/").replace("/mode/web/", "/mode/mix/")


FAULTS = {
    # CR-137 … CR-144: query
    "status-is-a-text-today": shapes(
        "CR-137",
        "the status of a recording is a text",
        on_response("query_recording", put("serverResponse.status", str)),
    ),
    "status-nine-today": ranges(
        "CR-137",
        "the status of a recording is 9 when it is uploading",
        on_response("query_recording", put("serverResponse.status", lambda status: 9 if status == 5 else status)),
    ),
    "never-in-progress": state(
        "CR-137 CR-138",
        "a recording never becomes ready",
        on_response("query_recording", put("serverResponse.status", lambda status: min(status, 3))),
    ),
    "pages-without-services": shapes(
        "CR-139",
        "query of a page tells nothing of its services",
        on_response("query_recording", drop("serverResponse.extensionServiceState")),
    ),
    "file-names-of-pages": shapes(
        "CR-139",
        "files of pages have a fileName",
        on_response(
            "query_recording",
            _services(
                lambda payload, _: [each.update(fileName=each.pop("filename")) for each in payload.get("fileList", [])]
            ),
        ),
    ),
    "pages-in-progress": ranges(
        "CR-139",
        "the state of a page is in_progress",
        on_response("query_recording", _services(lambda payload, _: payload.update(state="in_progress"))),
    ),
    "pages-without-files": state(
        "CR-139",
        "a page never has a file",
        on_response("query_recording", _services(lambda payload, _: payload.update(fileList=[]))),
    ),
    "no-state-of-a-push": shapes(
        "CR-140",
        "query tells nothing of a push",
        on_response(
            "query_recording", _services(lambda _, found: found.__delitem__(slice(1, None)), "rtmp_publish_service")
        ),
    ),
    "pushes-are-live": ranges(
        "CR-140",
        "the status of a push is live",
        on_response(
            "query_recording",
            _services(
                lambda payload, _: [each.update(status="live") for each in payload["outputs"]], "rtmp_publish_service"
            ),
        ),
    ),
    "pushes-connect-for-ever": state(
        "CR-140",
        "a push is never connected",
        value(web_pages, "CONNECTS_AFTER", 1e9),
        lambda a: _state_of(_page(a, 60, push()), 1),
    ),
    "mix-lists-files": shapes(
        "CR-141", "mode mix without MP4 files has a list of files", on_response("query_recording", edit(_listed))
    ),
    "individual-names-a-file": shapes(
        "CR-141",
        "mode individual has the name of one file",
        on_response("query_recording stop_recording", edit(_named)),
    ),
    "mode-of-another-list": cross(
        "CR-141",
        "fileListMode is string beside a list",
        on_response(
            "query_recording", put("serverResponse.fileListMode", lambda mode: "string" if mode == "json" else mode)
        ),
    ),
    "files-in-seconds": units(
        "CR-142",
        "sliceStartTime of a file is in seconds",
        on_response(
            "query_recording", _files(lambda entry: entry.update(sliceStartTime=entry["sliceStartTime"] // 1000))
        ),
    ),
    "recordings-in-seconds": units(
        "CR-142",
        "sliceStartTime of a recording is in seconds",
        on_response("query_recording", put("serverResponse.sliceStartTime", lambda at: at // 1000)),
    ),
    "mixed-files-of-a-user": cross(
        "CR-142",
        "a file of mode mix is of a user",
        on_response("query_recording", _files(lambda entry: entry["mixedAllUser"] and entry.update(uid="1"))),
    ),
    "files-without-a-track": shapes(
        "CR-142",
        "an entry of a file list has no trackType",
        on_response("query_recording", _files(lambda entry: entry.pop("trackType"))),
    ),
    "all-files-are-of-all": cross(
        "CR-142",
        "a file of mode individual is said to mix all users",
        on_response("query_recording", _files(lambda entry: entry.update(mixedAllUser=True))),
    ),
    "index-without-its-channel": identity(
        "CR-160",
        "the M3U8 file of a mix is named by its sid alone",
        on_response("query_recording stop_recording", edit(_without_channel)),
    ),
    "index-without-its-folders": identity(
        "CR-160",
        "the M3U8 file of a mix is named without its folders",
        on_response("query_recording stop_recording", edit(_without_folders)),
    ),
    "snapshots-with-a-list": shapes(
        "CR-143",
        "with snapshots only, query has an empty list of files",
        on_response("query_recording", edit(_empty_list)),
    ),
    "snapshots-stopped-with-a-list": shapes(
        "CR-143",
        "with snapshots only, stop has an empty list of files",
        on_response("stop_recording", edit(_empty_list)),
    ),
    "gone-is-400-today": statuses(
        "CR-144",
        "a call of a recording that is over is 400",
        on_response("query_recording update_recording update_layout stop_recording", respond(400), code=404),
    ),
    "update-of-what-is-over": state(
        "CR-144",
        "update of a recording that is over succeeds",
        on_response("update_recording", lambda call: _carried_out(call), code=404),
    ),
    # CR-145 … CR-151: update and updateLayout
    "update-needs-a-member": validation(
        "CR-145", "update of nothing is refused", refuse("update_recording", lambda call: not _client(call), error(2))
    ),
    "update-of-pages-only": validation(
        "CR-145",
        "update is refused in mode mix",
        refuse("update_recording", lambda call: call.parameters["mode"] == "mix", error(2)),
    ),
    "update-of-another-mode-is-refused": validation(
        "CR-145",
        "webRecordingConfig is refused in mode mix",
        refuse(
            "update_recording",
            lambda call: call.parameters["mode"] == "mix" and "webRecordingConfig" in _client(call),
            error(2),
        ),
        lambda a: _update(a, webRecordingConfig={"onhold": True}),
    ),
    "update-with-and-without": validation(
        "CR-146",
        "update takes a list of those to hear and one of those not to",
        edit_client_request(
            "update_recording", lambda lists: lists.pop("unSubscribeAudioUids"), part="streamSubscribe.audioUidList"
        ),
        lambda a: _update(a, **_heard(subscribeAudioUids=["1"], unSubscribeAudioUids=["2"])),
    ),
    "update-with-33": validation(
        "CR-146",
        "update takes a list of 33 users",
        edit_client_request(
            "update_recording",
            lambda lists: lists["subscribeAudioUids"].__delitem__(slice(32, None)),
            part="streamSubscribe.audioUidList",
        ),
        lambda a: _update(a, **_heard(subscribeAudioUids=[str(uid) for uid in range(1, 34)])),
    ),
    "update-of-everybody-is-refused": validation(
        "CR-146",
        "update refuses #allstream#",
        refuse_client_request(
            "update_recording",
            lambda lists: "#allstream#" in lists["subscribeAudioUids"],
            part="streamSubscribe.audioUidList",
        ),
        lambda a: _update(a, **_heard(subscribeAudioUids=["#allstream#"])),
    ),
    "pause-is-ignored": state(
        "CR-147",
        "a page cannot be paused",
        skipped(current_recordings.CurrentRecording, "hold", lambda on_hold: on_hold),
        _held_by_update,
    ),
    "paused-for-good": state(
        "CR-147",
        "a page that is paused cannot be resumed",
        method(current_recordings.CurrentRecording, "hold", lambda original, self, _, now: original(self, True, now)),
        _resumed,
    ),
    "pause-is-not-shown": state(
        "CR-147",
        "query does not show that a page is paused",
        on_response("query_recording", _services(lambda payload, _: payload.update(onhold=False))),
        _held_by_update,
    ),
    "pause-as-a-number": validation(
        "CR-147",
        "onhold may be 1",
        takes("update_recording", "clientRequest.webRecordingConfig.onhold", 1, True, mode="web"),
    ),
    "first-users-are-recorded-to-the-end": state(
        "CR-146",
        "update does not change whose files an individual recording makes",
        _ignored("update_recording", "streamSubscribe"),
        _users_after_an_update,
    ),
    "push-stays-where-it-is": state(
        "CR-148",
        "update does not change the address of a push",
        _ignored("update_recording", "rtmpPublishConfig"),
        _pushed_elsewhere,
    ),
    "update-with-two-pushes": validation(
        "CR-148",
        "update takes two addresses of a push",
        edit_client_request(
            "update_recording", lambda push_: push_["outputs"].__delitem__(slice(1, None)), part="rtmpPublishConfig"
        ),
        lambda a: (
            _page(a, 20, push())
            .post("update", rtmpPublishConfig={"outputs": [{"rtmpUrl": PUSHED_TO}, {"rtmpUrl": PUSHED_TO}]})
            .status
        ),
    ),
    "update-with-a-push-over-http": validation(
        "CR-148",
        "update takes an address of HTTP",
        edit_client_request(
            "update_recording",
            lambda push_: (
                push_["outputs"][0]["rtmpUrl"].startswith("http") and push_["outputs"][0].update(rtmpUrl=PUSHED_TO)
            ),
            part="rtmpPublishConfig",
        ),
        lambda a: (
            _page(a, 20, push())
            .post("update", rtmpPublishConfig={"outputs": [{"rtmpUrl": "http://example.com/a"}]})
            .status
        ),
    ),
    "update-with-half-a-storage": validation(
        "CR-149",
        "update takes a storage without a bucket",
        edit_client_request(
            "update_recording", lambda storage: storage.setdefault("bucket", "b"), part="storageConfig"
        ),
        lambda a: _update(a, storageConfig={name: each for name, each in _STORAGE.items() if name != "bucket"}),
    ),
    "update-with-an-unknown-storage": validation(
        "CR-149",
        "update takes vendor 4",
        takes("update_recording", "clientRequest.storageConfig.vendor", 4, 1, **_STORAGE),
    ),
    "no-new-keys": validation(
        "CR-149",
        "update refuses a storage",
        refuse_client_request("update_recording", lambda client: "storageConfig" in client),
        lambda a: _update(a, storageConfig=_STORAGE),
    ),
    "layout-of-any-mode": validation(
        "CR-150",
        "updateLayout takes another mode in the path",
        on_request("", _any_layout_mode),
        lambda a: recording(a).post("updateLayout", "individual").status,
    ),
    "layout-of-mix-is-refused": validation("CR-150", "updateLayout is refused", on_response("update_layout", error(2))),
    "layout-without-regions": validation(
        "CR-151",
        "updateLayout takes layout 3 without regions",
        edit_client_request(
            "update_layout",
            lambda client: client.get("mixedVideoLayout") == 3 and client.setdefault("layoutConfig", [dict(REGION)]),
        ),
        lambda a: _layout(a, mixedVideoLayout=3),
    ),
    "layout-in-any-colour": validation(
        "CR-151",
        "updateLayout takes a colour by name",
        takes("update_layout", "clientRequest.backgroundColor", "red", "#FF0000"),
    ),
    "layout-over-the-edge": validation(
        "CR-151",
        "updateLayout takes a region that reaches over the edge",
        edit_client_request(
            "update_layout",
            lambda client: client["layoutConfig"][0].update(y_axis=1 - client["layoutConfig"][0]["height"]),
        ),
        lambda a: _layout(a, mixedVideoLayout=3, layoutConfig=[{**REGION, "y_axis": 0.5, "height": 0.6}]),
    ),
    "layout-needs-a-kind": validation(
        "CR-151",
        "updateLayout needs a mixedVideoLayout",
        refuse_client_request("update_layout", lambda client: "mixedVideoLayout" not in client),
    ),
    # CR-152 … CR-156: stop
    "stop-asynchronously-by-number": validation(
        "CR-152", "async_stop may be 1", takes("stop_recording", "clientRequest.async_stop", 1, True)
    ),
    "stop-asynchronously-is-refused": validation(
        "CR-152", "async_stop is refused", refuses("stop_recording", "clientRequest.async_stop", True)
    ),
    "stop-tells-no-upload": shapes(
        "CR-153",
        "the answer of stop has no uploadingStatus",
        on_response("stop_recording", drop("serverResponse.uploadingStatus")),
    ),
    "stop-has-done": ranges(
        "CR-153",
        "the uploadingStatus of stop is done",
        on_response("stop_recording", put("serverResponse.uploadingStatus", "done")),
    ),
    "stop-lists-files-of-mix": shapes(
        "CR-153 CR-141",
        "stop of a mix without MP4 files has a list of files",
        on_response("stop_recording", edit(_listed)),
    ),
    "stop-of-pages-as-of-channels": shapes(
        "CR-154",
        "stop of a page has an uploadingStatus and no services",
        on_response(
            "stop_recording",
            edit(
                lambda reply: (
                    reply.update(serverResponse={"uploadingStatus": "uploaded"})
                    if "extensionServiceState" in reply["serverResponse"]
                    else None
                )
            ),
        ),
    ),
    "stop-of-pages-misprinted": shapes(
        "CR-154",
        "stop of a page has a playload",
        on_response(
            "stop_recording",
            edit(
                lambda reply: [
                    each.update(playload=each.pop("payload"))
                    for each in reply["serverResponse"].get("extensionServiceState", [])
                ]
            ),
        ),
    ),
    "second-stop-succeeds-today": idempotency(
        "CR-155",
        "a second stop is answered as the first",
        on_response(
            "stop_recording",
            lambda call: _carried_out(call, serverResponse={"uploadingStatus": "unknown", "fileList": []}),
            code=49,
        ),
    ),
    "second-stop-is-code-two": idempotency(
        "CR-155", "a second stop is code 2", on_response("stop_recording", put("code", 2), code=49)
    ),
    "nothing-recorded-is-200": statuses(
        "CR-156",
        "a stop where nothing was recorded is 200",
        on_response("stop_recording", respond(200), code=435),
        lambda a: recording(a).post("stop").status,
    ),
    "nothing-recorded-goes-on": state(
        "CR-156",
        "a recorder that recorded nothing does not leave",
        method(world.World, "stop", lambda original, self, *arguments: _left_running(original, self, *arguments)),
        lambda a: _stopped_and_queried(a),
    ),
}


def _carried_out(call: HttpCall, **more: Any) -> None:
    named = {"resourceId": call.parameters["resourceid"], "sid": call.parameters["sid"]}
    respond(200, {"cname": call.body["cname"], "uid": call.body["uid"], **named, **more})(call)


def _left_running(original: Any, self: Any, *arguments: Any) -> Any:
    made = original(self, *arguments)
    if not made.has_content:
        made.ended_at = made.ending = None
    return made


def _stopped_and_queried(a: Caller) -> int:
    resource = acquired(a).json["resourceId"]
    a.join(1, mode=2, role=3)  # somebody who sends nothing
    sid = a.send(start(resource, "mix", settings(config={"maxIdleTime": 86400}))).json["sid"]
    made = Started(a, resource, sid, "mix")
    a.advance(5)
    made.post("stop")
    a.advance(100)
    return made.query().status
