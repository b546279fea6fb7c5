"""The life of a recording: resource IDs, owners, idling out, files and the form of responses."""

from __future__ import annotations

from typing import Any

from agora_rest.emulator import recordings
from agora_rest.emulator.recordings import Ending, Recording, Recordings, Resource, Status
from agora_rest.emulator.refusals import Code, RecordingRefused
from agora_rest.emulator.rules import Rules
from agora_rest.emulator.world import World
from faults.fault import Category, Table, targeted
from faults.middleware import At, HttpCall, code_of, drop, edit, error, names_no_app_id, on_response, put, respond
from faults.patches import Patch, also, called_with, first, method

_CALLS = "acquire start_recording query_recording stop_recording"


def _only_while_fresh(find: Any, self: Any, sid: Any, now: Any) -> Any:
    """The five minutes hold for everything."""
    if now - self.acquired_at > recordings.RESOURCE_LIFETIME:
        raise self.refused(Code.RESOURCE_EXPIRED, "expired")
    return find(self, sid, now)


def _status(*changes: tuple[int, int]) -> Patch:
    """Some statuses are others."""
    swap = {Status(old): Status(new) for old, new in changes}
    return method(Recording, "status", lambda status, self, now: swap.get(status(self, now), status(self, now)))


def _forgets(status: Any, self: Any, now: Any) -> Any:
    return Status.INITIALISED if now - self.started_at > 3600 else status(self, now)


def _other(operation: str, name: str) -> At:
    return on_response(operation, put(name, lambda value: f"x{value}"))


def _new_settings(check: Any, self: Any, now: Any) -> None:
    if self.recording is not None:
        self.recording.max_idle_time = 5
    check(self, now)


def _used_up_when_busy(start: Any, self: Any, resource_id: Any, *args: Any, **more: Any) -> Any:
    try:
        return start(self, resource_id, *args, **more)
    except RecordingRefused as refused:
        if refused.code is Code.RECORDER_BUSY:
            self._resources[resource_id].acquired_at = 0
        raise


def _sid_with_code_7(call: HttpCall) -> None:
    if code_of(call) == 7:
        edit(lambda body: body.update(sid="f" * 32))(call)


LIFE: Table = {
    "a_recording_outlives_its_resource_id": {
        "recordings are found for five minutes only": method(Resource, "find", _only_while_fresh),
    },
    "a_resource_id_lasts_five_minutes recordings_live_as_documented": {
        "a resource ID starts as often as it is used": method(Resource, "check_startable", lambda *_: None),
    },
    "two_recorders_need_two_uids": {
        "a user records a channel twice": first(Recordings, "start", lambda self: self._running.clear()),
        "a start that meets a recording of the same user uses its resource ID up": method(
            Recordings, "start", _used_up_when_busy
        ),
        "a start that meets a recording of the same user is 1005": on_response("", error(1005), code=53),
    },
    "responses_identify_the_resource_and_the_recording": {
        f"{operation} repeats another {name}": _other(operation, name)
        for name, operation in (
            *(("resourceId", "query_recording"), ("sid", "query_recording")),
            *(("resourceId", "stop_recording"), ("sid", "stop_recording")),
        )
    },
    "a_repeated_start_changes_nothing": {
        "a repeated start changes the settings": method(Resource, "check_startable", _new_settings),
    },
    "a_recording_comes_to_status_5_and_stays": {
        "the status goes from 3 back to 2": _status((4, 2)),
        "the status begins anew after an hour": method(Recording, "status", _forgets),
    },
    "a_new_recording_is_under_way": {
        "a recording begins at status 6": _status((1, 6)),
    },
    "a_stopped_recording_never_runs_again": {
        "the status goes back after a stop": _status((6, 8), (8, 6)),
    },
}

LIFE_OBSERVED: Table = {
    "responses_identify_the_resource_and_the_recording each_of_the_89_characters_makes_a_channel_name": {
        "query repeats another channel": _other("query_recording", "cname"),
    },
    "a_resource_that_records_is_not_started_again": {
        "code 7 comes with a sid": on_response("start_recording", _sid_with_code_7),
    },
}


def _by_sid_alone(query: Any, self: Any, app_id: Any, resource_id: Any, sid: Any, *mode: Any) -> Any:
    for resource in self.recordings.resources():
        if resource.recording is not None and resource.recording.sid == sid:
            return resource.recording
    return query(self, app_id, resource_id, sid, *mode)


def _channel_in_any_case(owned: Any, self: Any, resource_id: Any, identity: Any) -> Any:
    known = self._resources.get(resource_id)
    if known is not None and known.owner.cname.lower() == identity.cname.lower():
        identity = identity._replace(cname=known.owner.cname)
    return owned(self, resource_id, identity)


OWNERSHIP: Table = {
    (
        "a_sid_goes_with_its_own_resource_id_only a_resource_id_that_records_nothing_has_no_sid"
        " recordings_live_as_documented"
    ): {
        "query takes any resource ID": method(World, "query", _by_sid_alone),
    },
    "start_names_the_channel_and_user_of_acquire recordings_live_as_documented": {
        "start takes the channel in any case": method(Recordings, "owned", _channel_in_any_case),
    },
    (
        "a_sid_goes_with_its_own_resource_id_only a_resource_id_that_records_nothing_has_no_sid"
        " a_resource_id_goes_with_its_own_app_id_only recordings_live_as_documented"
    ): {
        "a mismatch is 404": on_response("", error(404, 404), code=1003),
    },
    "what_is_no_resource_id_cannot_be_decrypted query_and_stop_decrypt_the_resource_id_too": {
        "a resource ID that is none is 404": on_response("", error(404, 404), code=1001),
    },
}


def _idled_before(_original: Any, self: Any, app_id: Any, cname: Any, now: Any) -> None:
    for recording in self.in_channel(app_id, cname, now):
        recording.idled = getattr(recording, "idled", 0) + now - (recording.idle_since or now)
        recording.idle_since = None


def _idles_again(_original: Any, self: Any, app_id: Any, cname: Any, now: Any) -> None:
    for recording in self.in_channel(app_id, cname, now):
        recording.idle_since = now - getattr(recording, "idled", 0)


def _idles_late(is_running: Any, self: Any, now: Any) -> bool:
    if self.idle_since is not None and now - self.idle_since < 7200 and self.ended_at is None:
        return True
    return bool(is_running(self, now))


def _revives(self: Any, cname: Any) -> None:
    for resource in self.recordings.resources():
        recording = resource.recording
        if recording is not None and recording.identity.cname == cname and recording.ending is Ending.IDLE:
            recording.ended_at = recording.ending = recording.idle_since = None


def _hosts_only(join: Any, self: Any, *args: Any, **more: Any) -> Any:
    user = join(self, *args, **more)
    if more.get("role") == 3:
        self.recordings.on_users_left(args[0], args[1], self.clock.now())
    return user


def _all_of_the_channel(put_: Any, self: Any, rule: Any) -> None:
    put_(self, rule)
    for recording in self.recordings.of(rule.app_id, self.clock.now()):
        if rule.target.cname in (None, recording.identity.cname):
            recording.end(Ending.PUT_OFFLINE, self.clock.now())


IDLE: Table = {
    "an_empty_channel_is_left_after_the_time_that_was_set": {
        "an idle recording waits a minute at most": called_with(
            Recordings, "start", max_idle_time=lambda max_idle_time: min(max_idle_time, 60)
        ),
    },
    (
        "an_idle_recording_ends_without_queries a_user_who_comes_too_late_revives_nothing"
        " after_idling_out_recording_needs_a_new_resource_id"
    ): {
        "a recording idles out two hours late": method(Recording, "is_running", _idles_late),
    },
    (
        "the_idle_time_counts_from_the_last_users_leaving kicked_users_leave_a_channel_empty"
        " recordings_live_as_documented"
    ): {
        "the last user's leaving is not seen": method(
            World, "_take_out", lambda _original, self, app, cname, uid: self.channels.leave(app, cname, uid)
        ),
    },
    "the_idle_time_counts_anew_after_every_visit": {
        "idle seconds add up": (
            method(Recordings, "on_users_joined", _idled_before),
            method(Recordings, "on_users_left", _idles_again),
        ),
    },
    "a_user_who_comes_too_late_revives_nothing": {
        "a user wakes an ended recording up": also(World, "join", _revives),
    },
    "an_audience_counts_as_users": {
        "an audience does not count as users": method(World, "join", _hosts_only),
    },
    ("a_kicking_rule_ends_no_other_recording a_rule_for_an_address_ends_no_recording recordings_live_as_documented"): {
        "a rule ends every recording of its user's channel": method(World, "_put_offline", _all_of_the_channel),
    },
    "a_barred_recorder_records_nothing": {
        "no recorder is kept out": method(Rules, "deny_join", lambda *_: False),
    },
}


def _gone_when_stopped(result: Any, self: Any, now: Any) -> None:
    if not result.is_running(now):
        raise self.worker_not_found()


_FILES = "query_recording stop_recording"

FILES: Table = {
    "query_and_stop_name_one_index_file a_stop_lists_the_files": {
        "no index is named": on_response(_FILES, drop("serverResponse.fileList")),
    },
    "query_and_stop_name_one_index_file": {
        "the documented dialect gives a list of files": on_response(
            _FILES, put("serverResponse.fileList", [{"fileName": "index.m3u8"}])
        ),
    },
    "a_recording_of_users_is_stopped_with_its_files": {
        "nothing was recorded": on_response("stop_recording", error(435, 206)),
    },
    "a_stopped_recording_can_be_queried_about_its_upload": {
        "a stopped recording is forgotten": also(Resource, "find", _gone_when_stopped),
    },
}


def _wrapped_twice(call: HttpCall) -> None:
    if isinstance(call.payload, dict) and "Body" in call.payload:
        call.payload = {"Code": call.status, "Body": call.payload}


def _unknown_app_is_error_2(call: HttpCall) -> None:
    if names_no_app_id(call):
        call.payload = {"Code": 400, "Body": {"code": 2, "reason": "refused"}}


RESPONSES: Table = {
    "the_envelope_repeats_the_status a_success_has_no_error_in_it": {
        "successes are wrapped twice": on_response(_CALLS, _wrapped_twice),
    },
    "statuses_are_the_documented_ones": {
        "a refusal is 422": on_response(_CALLS, respond(422), status=400),
        "a used resource ID is a failure of the server": on_response("", error(62, 500), code=1005),
    },
    "a_refusal_states_its_reason": {
        "a refusal has no reason": on_response(_CALLS, drop("reason"), status=400),
        "codes are strings": on_response(_CALLS, put("code", str), status=400),
    },
    "a_success_has_no_error_in_it": {
        "a refusal tells of the recording": on_response(
            _CALLS, edit(lambda body: body.update(serverResponse={"status": 5}) if "code" in body else None), status=400
        ),
    },
    "responses_are_json_in_utf_8": {
        "responses are in Latin-1": on_response(
            "", lambda call: call.set_response_header(b"content-type", b"application/json; charset=iso-8859-1")
        ),
    },
    "an_unknown_app_id_is_invalid_in_every_call": {
        "an unknown App ID is error 2": on_response("", _unknown_app_is_error_2, status=400),
    },
    "an_unknown_app_id_is_invalid an_unknown_app_id_is_invalid_in_every_call a_malformed_app_id_is_refused": {
        "an unknown App ID is 404": on_response(
            "", lambda call: names_no_app_id(call) and respond(404, {"message": "no"})(call), status=400
        ),
    },
}

FAULTS = (
    *targeted(Category.STATE, LIFE),
    *targeted(Category.STATE, LIFE_OBSERVED, dialect="observed"),
    *targeted(Category.IDENTITY, OWNERSHIP),
    *targeted(Category.TIME, IDLE),
    *targeted(Category.STATE, FILES),
    *targeted(Category.SHAPES, RESPONSES),
)
