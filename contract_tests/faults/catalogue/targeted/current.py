"""Faults of the present documents for checks that no blind fault proves."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from agora_rest.emulator import recorded_files, rules, world
from agora_rest.emulator.current_recordings import CurrentRecording
from agora_rest.emulator.quotas import Quotas
from agora_rest.emulator.web import calls
from agora_rest.emulator.web.routing import Router
from faults.edits import edit_client_request, refuse_client_request
from faults.fault import Category, Table, targeted
from faults.middleware import HttpCall, admit, edit, error, exactly, on_response, refuse, respond
from faults.patches import Patch, called_with, method


def _replace(holder: dict[str, Any], name: str, wrong: Callable[[Any], bool], instead: Any) -> bool:
    found = wrong(holder.get(name))
    if found:
        holder[name] = instead
    return found


def _as_an_object(client: dict[str, Any]) -> None:
    for name, part in client.items():
        if not isinstance(part, dict):
            client[name] = {}


def _wanted_bucket(client: dict[str, Any]) -> None:
    storage = client["storageConfig"]
    if storage["vendor"] == 3:
        storage.setdefault("bucket", "b")


def _other_medium_of_all(client: dict[str, Any]) -> None:
    config = client["recordingConfig"]
    if config.keys() & {"subscribeAudioUids", "subscribeVideoUids"}:
        config.setdefault("subscribeAudioUids", ["#allstream#"])
        config.setdefault("subscribeVideoUids", ["#allstream#"])


def _former_users_too(client: dict[str, Any]) -> None:
    for lists in client["streamSubscribe"].values():
        for uids in lists.values():
            uids.append("79")


def _begins_with_a_privilege(given: Any) -> bool:
    return isinstance(given, list) and given[:1] == ["join_channel"]


def _empty_list(reply: dict[str, Any]) -> None:
    if "fileList" not in reply["serverResponse"]:
        reply["serverResponse"].update(fileListMode="json", fileList=[])


def _no_push(reply: dict[str, Any]) -> None:
    found = reply["serverResponse"].get("extensionServiceState", [])
    if len(found) == 1:
        found.append({"serviceName": "rtmp_publish_service", "payload": {"state": "inProgress", "outputs": []}})


def _other_shape(call: HttpCall) -> None:
    """A communication channel without its total where the audience is left out."""
    if "hosts_only" in call.query and call.succeeded:
        reply = call.payload
        reply["data"].pop("total", None)
        call.payload = reply


def _lower(path: str) -> str:
    """A path of the Console in the right case, whatever case it has."""
    if not path.startswith("/dev/"):
        return path
    return path.replace("/Projects", "/projects").replace("/V1/", "/v1/").replace("/Channel/", "/channel/")


def _together(limit: Any) -> Any:
    return limit if limit.group in ("console", "kicking-rules") else limit._replace(group="all")


def _anything_is_found(call: HttpCall) -> None:
    named = {"resourceId": call.parameters["resourceid"], "sid": call.parameters["sid"]}
    respond(200, {"cname": "x", "uid": "1", **named, "serverResponse": {"status": 1}})(call)


def _group_of_all(call: HttpCall) -> bool:
    config = call.body["clientRequest"].get("recordingConfig", {}) if isinstance(call.body, dict) else {}
    sizes = (2, 7, 12, 17, 32, 49)
    group = config.get("subscribeUidGroup")
    return isinstance(group, int) and group in range(6) and len(config.get("subscribeAudioUids", ())) > sizes[group]


_LAYOUT_MEMBERS = {"mixedVideoLayout": "kind", "backgroundColor": "background_color"}


def _with_merged_layouts(handlers: Any) -> Any:
    """What `updateLayout` leaves out stays as it was."""

    def merged(world: Any, call: Any) -> Any:
        recordings = [each.recording for each in world.recordings.resources()]
        former = {each.sid: each.layout for each in recordings if isinstance(each, CurrentRecording)}
        found = handlers["update_layout"](world, call)
        names = [ours for wire, ours in _LAYOUT_MEMBERS.items() if wire not in call.body["clientRequest"]]
        found.layout = dataclasses.replace(found.layout, **{name: getattr(former[found.sid], name) for name in names})
        return found

    return {**handlers, "update_layout": merged}


def _cut_by_the_clock(_: Any, recording: Any, since: Any, until: Any) -> Any:
    """A further MP4 file every so many minutes, whether the page is paused or not."""
    longest = recording.setup.page.max_video_minutes * 60
    return [since + count * longest for count in range(int((until - since) // longest) + 1)]


def _resumed_by_name(original: Any, self: Any, on_hold: Any, now: Any) -> None:
    """A page that is resumed is shown so, and not recorded."""
    original(self, True, now)
    self.on_hold = on_hold


RECORDINGS: Table = {
    "a_new_layout_takes_the_place_of_the_former_one": {
        "a new layout is merged with the former one": Patch(calls, "HANDLERS", _with_merged_layouts),
    },
    "a_pause_adds_no_files": {
        "a paused page has further MP4 files": method(recorded_files, "_cuts", _cut_by_the_clock),
        "a resumed page is not recorded": method(CurrentRecording, "hold", _resumed_by_name),
    },
    "a_list_for_one_medium_excludes_the_other": {
        "the other medium is recorded of everybody": edit_client_request("start_recording", _other_medium_of_all),
    },
    "new_lists_take_the_place_of_the_former_ones": {
        "new lists of users are not minded": method(CurrentRecording, "subscribe", lambda *_: None),
        "new lists of users add to the former ones": edit_client_request("update_recording", _former_users_too),
    },
    "each_of_six_calls_has_a_limit_of_its_own": {
        "one quota for all six calls": called_with(
            Quotas, "admit", limits=lambda limits: tuple(_together(each) for each in limits)
        ),
    },
    "a_recording_without_files_lists_none": {
        "an empty list before there is a file": on_response("query_recording", edit(_empty_list)),
    },
    "a_picture_may_have_all_its_members": {
        "background images for all only": refuse_client_request(
            "start_recording",
            lambda picture: {"backgroundImage", "backgroundConfig"} <= picture.keys(),
            part="recordingConfig.transcodingConfig",
        ),
    },
    "a_side_of_a_picture_is_a_whole_number": {
        "a height of 0 is taken": edit_client_request(
            "start_recording",
            lambda picture: _replace(picture, "height", exactly(0), 1),
            part="recordingConfig.transcodingConfig",
        ),
    },
    "something_recorded_is_200": {
        "every stop is 206": on_response("stop_recording", respond(206)),
    },
    "no_push_has_no_state": {
        "a push where there is none": on_response("query_recording", edit(_no_push)),
    },
    "a_storage_needs_all_its_members": {
        "Tencent Cloud needs no bucket": edit_client_request("start_recording", _wanted_bucket),
    },
    "some_vendors_have_one_region": {
        "Google Cloud takes half a region": edit_client_request(
            "start_recording",
            lambda storage: storage["vendor"] == 6 and _replace(storage, "region", exactly(0.5), 0),
            part="storageConfig",
        ),
    },
    "a_communication_channel_is_idle_without_users": {
        "a communication channel is never idle": method(
            world.World, "_is_idle", lambda original, self, channel: channel is not None and original(self, channel)
        ),
    },
    "a_host_may_become_audience_and_host_again": {
        "a channel becomes idle only if it is empty": called_with(
            world.World,
            "_on_idle_change",
            was_idle=lambda self, app_id, cname, was_idle: was_idle or self.channels.find(app_id, cname) is not None,
        ),
    },
    "more_users_than_the_group_are_no_error": {
        "more users than the group are refused": refuse("start_recording", _group_of_all, error(2)),
    },
    "what_never_was_is_not_there": {
        "any sid is found": on_response("query_recording", _anything_is_found, status=400),
    },
    "a_client_request_of_an_update_is_an_object": {
        "parts of an update may be of any type": edit_client_request("update_recording", _as_an_object),
    },
}

CONSOLE: Table = {
    "a_communication_channel_has_no_audience_to_leave_out": {
        "a communication channel has no total with hosts_only": on_response("list_channel_users", _other_shape),
    },
    "each_privilege_is_one_of_the_three": {
        "only the first privilege has to be one of the three": admit(
            "create_kicking_rule", "privileges", _begins_with_a_privilege, ["join_channel"]
        ),
    },
    "paths_of_the_console_are_case_sensitive": {
        "paths of the Console in any case": called_with(Router, "find", path=_lower),
    },
    "the_response_shows_the_change": {
        "one recording server for good": admit(
            "set_recording_server", "recording_server", lambda given: isinstance(given, str), "10.12.1.5:8080"
        ),
    },
    "who_is_silenced_is_not_recorded": {
        "silenced users are recorded": method(rules.Rule, "mutes", lambda *_: frozenset()),
    },
    "whoever_may_not_join_is_put_offline": {
        "who may not send may always join": method(
            rules.Rule, "bars", lambda original, self: original(self) and not self.mutes
        ),
    },
}

FAULTS = (
    *targeted(Category.STATE, RECORDINGS, dialect="current"),
    *targeted(Category.STATE, CONSOLE, dialect="current"),
)
