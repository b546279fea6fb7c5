"""Faults in the life of a recording and in what is said of it, each with the checks that must see it."""

from __future__ import annotations

from typing import Any

import httpx

from agora_rest.emulator import recordings, world
from agora_rest.emulator.recordings import Ending, Recording, Recordings, Resource, Status
from agora_rest.emulator.refusals import Code, RecordingRefused
from agora_rest.emulator.world import World
from tests.contract.faults import (
    QUERY,
    START,
    STOP,
    Edge,
    Fault,
    Sent,
    Serve,
    answer,
    edge,
    error,
    inside,
    recodes,
    replaced,
    responds,
    rewrites,
    wrapped,
)

# -- the life of a recording -------------------------------------------------------------------------------------------


def always_startable(self: Resource, now: float) -> None:
    """No resource ID is ever used up, nor too old."""


def never_used_up(self: Resource, now: float) -> None:
    if self.recording is not None and not self.recording.is_running(now):
        self.recording, self.acquired_at = None, now


def renewed(acquire: Any, self: Recordings, identity: Any, now: float) -> Resource:
    """An `acquire` renews what the channel and user had."""
    for resource in self._resources.values():
        if resource.owner == identity:
            resource.acquired_at = now
    return acquire(self, identity, now)


def only_while_fresh(find: Any, self: Resource, sid: str, now: float) -> Recording:
    """The five minutes hold for everything."""
    if now - self.acquired_at > recordings.RESOURCE_LIFETIME:
        raise self.refused(Code.RESOURCE_EXPIRED, "expired")
    return find(self, sid, now)


def status_is(*changes: tuple[int, int], ended: bool = False) -> Any:
    """Some statuses are others."""
    swap = {Status(old): Status(new) for old, new in changes}
    return wrapped(Recording, "status", lambda status, self, now: swap.get(status(self, now), status(self, now)))


def forgets(status: Any, self: Recording, now: float) -> Status:
    """After an hour it looks as if it had just begun."""
    return Status.INITIALISED if now - self.started_at > 3600 else status(self, now)


def one_sid(payload: Any, sent: Sent) -> Any:
    return {**payload, "sid": "0" * 32} if "sid" in payload else None


def no_echo(name: str) -> Any:
    return lambda payload, _: {**payload, name: "x" + str(payload[name])} if name in payload else None


def restarts(sent: Sent, serve: Serve) -> httpx.Response:
    """A second start gives the first one's answer, as if it had begun something."""
    response = serve(sent)
    if sent.operation == START and response.status_code == 400 and response.json()["Body"].get("code") == 1004:
        return answer(200, {"Code": 200, "Body": {"sid": "f" * 32, "resourceId": sent.path["resourceid"]}})
    return response


def with_new_settings(check: Any, self: Resource, now: float) -> None:
    """A repeated start is refused, and yet puts its settings in force."""
    if self.recording is not None:
        self.recording.max_idle_time = 5
    check(self, now)


def ends_when_asked(find: Any, self: Resource, sid: str, now: float) -> Recording:
    """The tenth question ends a recording."""
    recording: Recording = find(self, sid, now)
    recording.asked = getattr(recording, "asked", 0) + 1  # type: ignore[attr-defined]
    if recording.asked == 10:  # type: ignore[attr-defined]
        recording.end(Ending.STOPPED, now)
    return recording


def stops_again(sent: Sent, serve: Serve) -> httpx.Response:
    """A second stop succeeds like the first."""
    response = serve(sent)
    if sent.operation == STOP and response.status_code == 404:
        body = {"sid": sent.path["sid"], "resourceId": sent.path["resourceid"]}
        return answer(200, {"Code": 200, "Body": {**body, "serverResponse": {"uploadingStatus": "uploaded"}}})
    return response


def stops_all(stop: Any, self: Recordings, resource_id: str, sid: str, identity: Any, now: float) -> Recording:
    """A stop ends everything that runs."""
    recording = stop(self, resource_id, sid, identity, now)
    for resource in self.resources():
        if resource.recording is not None:
            resource.recording.end(Ending.STOPPED, now)
    return recording


def stops_nothing(stop: Any, self: Recordings, resource_id: str, sid: str, identity: Any, now: float) -> Recording:
    """A stop says that it has stopped."""
    recording = stop(self, resource_id, sid, identity, now)
    recording.ended_at = recording.ending = None
    return recording


def anybody_twice(start: Any, self: Recordings, *args: Any, **more: Any) -> Recording:
    """The same user records a channel as often as it likes."""
    self._running.clear()
    return start(self, *args, **more)


def used_up_when_busy(start: Any, self: Recordings, resource_id: str, *args: Any, **more: Any) -> Recording:
    """A start that another recording stands in the way of uses the resource ID up."""
    try:
        return start(self, resource_id, *args, **more)
    except RecordingRefused as refused:
        if refused.code is Code.RECORDER_BUSY:
            self._resources[resource_id].acquired_at = 0
        raise


LIFE = [
    inside(
        "keeps a resource ID alive for an hour",
        replaced(recordings, "RESOURCE_LIFETIME", 3600.0),
        *("a_resource_id_lasts_five_minutes", "recordings_live_as_documented"),
    ),
    inside(
        "lets a resource ID die after four minutes",
        replaced(recordings, "RESOURCE_LIFETIME", 240.0),
        "a_resource_id_lasts_five_minutes",
    ),
    inside(
        "renews a resource ID with the next one",
        wrapped(Recordings, "acquire", renewed),
        "nothing_lengthens_a_resource_ids_life",
    ),
    inside(
        "asks for recordings five minutes long only",
        wrapped(Resource, "find", only_while_fresh),
        "a_recording_outlives_its_resource_id",
    ),
    inside(
        "starts a used resource ID again",
        wrapped(Resource, "check_startable", lambda check, self, now: (never_used_up(self, now), check(self, now))[1]),
        *("after_a_stop_recording_needs_a_new_resource_id", "after_idling_out_recording_needs_a_new_resource_id"),
        *("a_used_resource_id_never_serves_again", "recordings_live_as_documented"),
    ),
    edge("says 433 to a used resource ID", recodes(1005, 433), "after_a_stop_recording_needs_a_new_resource_id"),
    inside(
        "starts a resource ID as often as asked",
        replaced(Resource, "check_startable", always_startable),
        *("a_resource_id_lasts_five_minutes", "recordings_live_as_documented"),
    ),
    inside(
        "lets a user record a channel twice", wrapped(Recordings, "start", anybody_twice), "two_recorders_need_two_uids"
    ),
    inside(
        "uses a resource ID up by refusing it",
        wrapped(Recordings, "start", used_up_when_busy),
        "two_recorders_need_two_uids",
    ),
    inside(
        "lets a recorder in with a user's uid",
        wrapped(Recordings, "start", lambda start, *args, **more: start(*args, **{**more, "users": ()})),
        "a_recorder_has_no_users_uid",
    ),
    edge("blames the resource ID for a user who records", recodes(53, 1005), "two_recorders_need_two_uids"),
    *(
        edge(
            f"does not repeat {name} at {operation}",
            rewrites(no_echo(name), operation),
            "answers_name_the_resource_and_the_recording",
        )
        for name, operation in (
            ("resourceId", START),
            ("resourceId", QUERY),
            ("sid", QUERY),
            ("resourceId", STOP),
            ("sid", STOP),
        )
    ),
    edge(
        "repeats another channel",
        rewrites(no_echo("cname"), QUERY),
        *("answers_name_the_resource_and_the_recording", "each_of_the_89_characters_makes_a_channel_name"),
        dialect="observed",
    ),
    edge(
        "gives every recording one sid",
        rewrites(one_sid, START),
        "every_recording_has_a_sid_of_its_own",
        "ids_given_at_once_differ",
    ),
    edge(
        "begins another recording",
        restarts,
        "a_resource_that_records_is_not_started_again",
        "recordings_live_as_documented",
    ),
    edge("says 1005 for 1004", recodes(1004, 1005), "a_resource_that_records_is_not_started_again"),
    edge(
        "gives a sid with code 7",
        rewrites(lambda payload, _: {**payload, "sid": "f" * 32} if payload.get("code") == 7 else None, START),
        "a_resource_that_records_is_not_started_again",
        dialect="observed",
    ),
    inside(
        "lets a repeated start change the settings",
        wrapped(Resource, "check_startable", with_new_settings),
        "a_repeated_start_changes_nothing",
    ),
    inside("stops at status 4", status_is((5, 4)), "a_recording_comes_to_status_5_and_stays"),
    inside("goes from 3 back to 2", status_is((4, 2)), "a_recording_comes_to_status_5_and_stays"),
    inside("begins at status 6", status_is((1, 6)), "a_new_recording_is_under_way"),
    inside(
        "forgets after an hour how far it is",
        wrapped(Recording, "status", forgets),
        "a_recording_comes_to_status_5_and_stays",
    ),
    inside(
        "ends all recordings with one",
        wrapped(Recordings, "stop", stops_all),
        "recordings_have_statuses_of_their_own",
        "a_recording_is_stopped_once",
        "recordings_live_as_documented",
    ),
    inside(
        "goes on at status 5 after a stop",
        status_is((6, 5), (7, 5), (8, 5)),
        "a_stopped_recording_does_not_run",
        "a_stopped_recording_never_runs_again",
    ),
    inside("goes back after a stop", status_is((6, 8), (8, 6)), "a_stopped_recording_never_runs_again"),
    inside("ends a recording by asking for it", wrapped(Resource, "find", ends_when_asked), "asking_changes_nothing"),
    edge(
        "stops a recording twice",
        stops_again,
        "a_recording_is_stopped_once",
        "stops_at_once_end_a_recording_once",
        "recordings_live_as_documented",
    ),
    inside(
        "stops nothing",
        wrapped(Recordings, "stop", stops_nothing),
        "a_stopped_recording_does_not_run",
        "a_recording_is_stopped_once",
    ),
    edge("says 400 when there is nothing to stop", recodes(404, 404), "a_recording_is_stopped_once"),
]


# -- whose is what -----------------------------------------------------------------------------------------------------


def any_sid(find: Any, self: Resource, sid: str, now: float) -> Recording:
    """Any sid will do."""
    return find(self, sid if self.recording is None else self.recording.sid, now)


def by_sid_alone(query: Any, self: World, app_id: str, resource_id: str, sid: str) -> Recording:
    """The sid says it all."""
    for resource in self.recordings.resources():
        if resource.recording is not None and resource.recording.sid == sid:
            return resource.recording
    return query(self, app_id, resource_id, sid)


def any_owner(*parts: str) -> Any:
    """What the resource ID belongs to is not looked at."""

    def owned(original: Any, self: Recordings, resource_id: str, identity: Any) -> Resource:
        resource = self._resources.get(resource_id)
        if resource is not None:
            identity = identity._replace(**{part: getattr(resource.owner, part) for part in parts})
        return original(self, resource_id, identity)

    return wrapped(Recordings, "_owned", owned)


def any_app(resource: Any, self: Recordings, app_id: str, resource_id: str) -> Resource:
    known = self._resources.get(resource_id)
    return known if known is not None else resource(self, app_id, resource_id)


def caseless(owned: Any, self: Recordings, resource_id: str, identity: Any) -> Resource:
    """Channels are the same in any case."""
    known = self._resources.get(resource_id)
    if known is not None and known.owner.cname.lower() == identity.cname.lower():
        identity = identity._replace(cname=known.owner.cname)
    return owned(self, resource_id, identity)


def beginning_of(resource: Any, self: Recordings, app_id: str, resource_id: str) -> Resource:
    """The beginning of a resource ID is enough."""
    for known in self._resources:
        if known.startswith(resource_id[:64]):
            return resource(self, app_id, known)
    return resource(self, app_id, resource_id)


OWNERSHIP = [
    inside(
        "takes any sid",
        wrapped(Resource, "find", any_sid),
        "a_sid_goes_with_its_own_resource_id_only",
        "a_sid_that_never_was_is_refused",
    ),
    inside(
        "takes any resource ID",
        wrapped(World, "query", by_sid_alone),
        "a_sid_goes_with_its_own_resource_id_only",
        "a_resource_id_that_records_nothing_has_no_sid",
        "recordings_live_as_documented",
    ),
    inside(
        "takes any App ID",
        wrapped(Recordings, "resource", any_app),
        "a_resource_id_goes_with_its_own_app_id_only",
        "recordings_live_as_documented",
    ),
    inside(
        "records any channel",
        any_owner("cname"),
        "start_names_the_channel_and_user_of_acquire",
        "stop_names_the_channel_and_user_of_acquire",
        "recordings_live_as_documented",
    ),
    inside(
        "records as any user",
        any_owner("uid"),
        "start_names_the_channel_and_user_of_acquire",
        "stop_names_the_channel_and_user_of_acquire",
    ),
    inside(
        "takes a channel in any case",
        wrapped(Recordings, "_owned", caseless),
        "start_names_the_channel_and_user_of_acquire",
        "recordings_live_as_documented",
    ),
    edge(
        "says 404 to a mismatch",
        recodes(1003, 404, 404),
        "a_sid_goes_with_its_own_resource_id_only",
        "a_resource_id_that_records_nothing_has_no_sid",
        "a_resource_id_goes_with_its_own_app_id_only",
        "recordings_live_as_documented",
    ),
    edge(
        "says 404 to what is no resource ID",
        recodes(1001, 404, 404),
        "what_is_no_resource_id_cannot_be_decrypted",
        "query_and_stop_decrypt_the_resource_id_too",
    ),
    edge("says 1005 to what is no resource ID", recodes(1001, 1005), "a_question_about_nothing_is_refused"),
    inside(
        "takes a part of a resource ID",
        wrapped(Recordings, "resource", beginning_of),
        "what_is_no_resource_id_cannot_be_decrypted",
        "query_and_stop_decrypt_the_resource_id_too",
    ),
]


# -- how it ends by itself ---------------------------------------------------------------------------------------------


def idles(seconds: Any) -> Any:
    """An idle time of one's own."""
    return wrapped(
        Recordings,
        "start",
        lambda start, self, *a, max_idle_time, **more: start(self, *a, max_idle_time=seconds(max_idle_time), **more),
    )


def nobody_came(self: Recordings, app_id: str, cname: str, now: float) -> None:
    """Nothing happens."""


def never_empty(self: World, app_id: str, cname: str, uid: int) -> None:
    self.channels.leave(app_id, cname, uid)


def empty_at_once(self: World, app_id: str, cname: str, uid: int) -> None:
    """The first to leave empties the channel."""
    self.channels.leave(app_id, cname, uid)
    self.recordings.on_users_left(app_id, cname, self.clock.now())


def came_back(self: Recordings, app_id: str, cname: str, now: float) -> None:
    """Idle seconds add up: those before the visit count afterwards."""
    for recording in self.in_channel(app_id, cname, now):
        recording.idled = getattr(recording, "idled", 0) + now - (recording.idle_since or now)  # type: ignore[attr-defined]
        recording.idle_since = None


def left_again(self: Recordings, app_id: str, cname: str, now: float) -> None:
    for recording in self.in_channel(app_id, cname, now):
        recording.idle_since = now - getattr(recording, "idled", 0)


def adding_up(patch: Any) -> None:
    patch.setattr(Recordings, "on_users_joined", came_back)
    patch.setattr(Recordings, "on_users_left", left_again)


def from_the_start(self: Recordings, app_id: str, cname: str, now: float) -> None:
    """The idle time counts from the start of the recording."""
    for recording in self.in_channel(app_id, cname, now):
        recording.idle_since = recording.started_at


def kept_by_asking(find: Any, self: Resource, sid: str, now: float) -> Recording:
    """A question counts as a visit."""
    recording: Recording = find(self, sid, now)
    if recording.idle_since is not None and recording.is_running(now):
        recording.idle_since = now
    return recording


def when_asked(is_running: Any, self: Recording, now: float) -> bool:
    """It idles out, but finds out only when it is asked for, two hours late."""
    if self.idle_since is not None and now - self.idle_since < 7200 and self.ended_at is None:
        return True
    return bool(is_running(self, now))


def revived(came: Any, self: Recordings, app_id: str, cname: str, now: float) -> None:
    """Who comes too late wakes it up again."""
    for resource in self.resources():
        recording = resource.recording
        if recording is not None and recording.identity.cname == cname and recording.ending is Ending.IDLE:
            recording.ended_at = recording.ending = recording.idle_since = None
    came(self, app_id, cname, now)


def by_name_alone(self: Recordings, app_id: str, cname: str, now: float) -> None:
    """The channels of all App IDs are one."""
    for resource in self.resources():
        recording = resource.recording
        if recording is not None and recording.identity.cname.lower() == cname.lower() and recording.is_running(now):
            recording.idle_since = None


def hosts_only(join: Any, self: World, *args: Any, **more: Any) -> Any:
    """An audience is nobody."""
    user = join(self, *args, **more)
    if more.get("role") == 3:
        self.recordings.on_users_left(args[0], args[1], self.clock.now())
    return user


def all_of_the_channel(put: Any, self: World, rule: Any) -> None:
    """A rule ends every recording of its channel, or of its user."""
    put(self, rule)
    for recording in self.recordings.of(rule.app_id, self.clock.now()):
        if rule.target.cname in (None, recording.identity.cname):
            recording.end(Ending.PUT_OFFLINE, self.clock.now())


def users_only(put: Any, self: World, rule: Any) -> None:
    """A rule is no recorder's business."""
    for channel in self.channels.of(rule.app_id):
        for user in list(channel.users.values()):
            if rule.target.fits(channel.name, user.uid, user.ip):
                self._take_out(rule.app_id, channel.name, user.uid)


IDLE = [
    inside(
        "waits an hour for users",
        idles(lambda _: 3600),
        "an_empty_channel_is_left_after_30_seconds",
        "an_empty_channel_is_left_after_the_time_that_was_set",
        "an_idle_recording_ends_while_nobody_asks",
        "each_recording_has_its_own_idle_time",
        "recordings_live_as_documented",
    ),
    inside(
        "waits 30 seconds whatever was set",
        idles(lambda _: 30),
        "an_empty_channel_is_left_after_the_time_that_was_set",
        "each_recording_has_its_own_idle_time",
    ),
    inside(
        "waits 60 seconds where nothing was set",
        idles(lambda seconds: 60 if seconds == 30 else seconds),
        "an_empty_channel_is_left_after_30_seconds",
        "recordings_live_as_documented",
    ),
    inside(
        "takes idle seconds for minutes",
        idles(lambda seconds: seconds * 60),
        "an_empty_channel_is_left_after_the_time_that_was_set",
    ),
    inside(
        "waits a minute at most",
        idles(lambda seconds: min(seconds, 60)),
        "an_empty_channel_is_left_after_the_time_that_was_set",
    ),
    inside(
        "notices two hours late that it idled out",
        wrapped(Recording, "is_running", when_asked),
        "an_idle_recording_ends_while_nobody_asks",
        "a_user_who_comes_too_late_revives_nothing",
        "after_idling_out_recording_needs_a_new_resource_id",
    ),
    inside(
        "counts a question as a visit",
        wrapped(Resource, "find", kept_by_asking),
        "asking_does_not_keep_a_recording_alive",
    ),
    inside(
        "does not see users come",
        replaced(Recordings, "on_users_joined", nobody_came),
        "users_keep_a_recording_alive",
        "an_audience_counts_as_users",
        "recordings_live_as_documented",
    ),
    inside(
        "does not see users leave",
        replaced(World, "_take_out", never_empty),
        "the_idle_time_counts_from_the_last_users_leaving",
        "kicked_users_leave_a_channel_empty",
        "recordings_live_as_documented",
    ),
    inside(
        "thinks a channel empty when one leaves",
        replaced(World, "_take_out", empty_at_once),
        "the_idle_time_counts_from_the_last_users_leaving",
        "recordings_live_as_documented",
    ),
    inside(
        "counts idle time from the start",
        replaced(Recordings, "on_users_left", from_the_start),
        "the_idle_time_counts_from_the_last_users_leaving",
        "the_idle_time_counts_anew_after_every_visit",
        "recordings_live_as_documented",
    ),
    inside(
        "adds idle seconds up",
        adding_up,
        "the_idle_time_counts_anew_after_every_visit",
    ),
    inside(
        "counts users of other App IDs",
        replaced(Recordings, "on_users_joined", by_name_alone),
        "users_elsewhere_do_not_count",
    ),
    inside(
        "wakes an ended recording up",
        wrapped(Recordings, "on_users_joined", revived),
        "a_user_who_comes_too_late_revives_nothing",
    ),
    inside("takes an audience for nobody", wrapped(World, "join", hosts_only), "an_audience_counts_as_users"),
    inside(
        "leaves kicked recorders in",
        wrapped(World, "_put_offline", users_only),
        "a_kicked_recorders_recording_ends",
        "recordings_live_as_documented",
    ),
    inside(
        "ends every recording of a kicked user's channel",
        wrapped(World, "_put_offline", all_of_the_channel),
        "a_kicking_rule_ends_no_other_recording",
        "a_rule_for_an_address_ends_no_recording",
        "recordings_live_as_documented",
    ),
    inside(
        "bars no recorder", replaced(world.Rules, "deny_join", lambda *_: False), "a_barred_recorder_records_nothing"
    ),
]


# -- files -------------------------------------------------------------------------------------------------------------


def other_index(payload: Any, sent: Sent) -> Any:
    payload.get("serverResponse", {})["fileList"] = f"{sent.operation}.m3u8"


def one_index(payload: Any, sent: Sent) -> Any:
    payload.get("serverResponse", {})["fileList"] = "recording.m3u8"


def no_index(payload: Any, sent: Sent) -> Any:
    payload.get("serverResponse", {}).pop("fileList", None)


def uploading(status: str) -> Any:
    def change(payload: Any, sent: Sent) -> Any:
        payload["serverResponse"]["uploadingStatus"] = status

    return rewrites(change, STOP, when=lambda number: number == 200)


def forgotten_at_once(find: Any, self: Resource, sid: str, now: float) -> Recording:
    """A stopped recording is not found any more."""
    recording: Recording = find(self, sid, now)
    if not recording.is_running(now):
        raise self.worker_not_found()
    return recording


def as_list(payload: Any, sent: Sent) -> Any:
    payload.get("serverResponse", {})["fileList"] = [{"fileName": "index.m3u8"}]


FILES = [
    edge("names another index at stop", rewrites(other_index, QUERY, STOP), "query_and_stop_name_one_index_file"),
    edge("has one index for all recordings", rewrites(one_index, QUERY, STOP), "query_and_stop_name_one_index_file"),
    edge(
        "names no index",
        rewrites(no_index, QUERY, STOP),
        "query_and_stop_name_one_index_file",
        "a_stop_says_where_the_files_are",
    ),
    edge(
        "gives a list of files in the documented dialect",
        rewrites(as_list, QUERY, STOP),
        "query_and_stop_name_one_index_file",
    ),
    edge("has always uploaded everything", uploading("uploaded"), "a_stop_says_where_the_files_are"),
    edge("spells it backed-up", uploading("backedup"), "a_recording_of_users_is_stopped_with_its_files"),
    edge(
        "found nothing recorded",
        responds(
            lambda response, sent: (
                answer(206, {"Code": 206, "Body": {"code": 435}})
                if sent.operation == STOP and response.status_code == 200
                else response
            )
        ),
        "a_recording_of_users_is_stopped_with_its_files",
    ),
    inside(
        "forgets a recording that was stopped",
        wrapped(Resource, "find", forgotten_at_once),
        "where_the_upload_is_unknown_query_answers",
    ),
]


# -- answers -----------------------------------------------------------------------------------------------------------


def bare_refusals(response: httpx.Response, sent: Sent) -> httpx.Response:
    body = response.json()
    return answer(response.status_code, body["Body"]) if response.status_code >= 400 and "Body" in body else response


def always_200(response: httpx.Response, sent: Sent) -> httpx.Response:
    body = response.json()
    return answer(response.status_code, {**body, "Code": 200}) if "Code" in body else response


def two_envelopes(response: httpx.Response, sent: Sent) -> httpx.Response:
    body = response.json()
    return answer(response.status_code, {"Code": response.status_code, "Body": body}) if "Body" in body else response


def unprocessable(response: httpx.Response, sent: Sent) -> httpx.Response:
    return answer(422, response.json()) if response.status_code == 400 else response


def typed(media_type: str) -> Edge:
    return responds(
        lambda response, _: httpx.Response(
            response.status_code, headers={"content-type": media_type}, content=response.content
        )
    )


ANSWERS = [
    edge("refuses without the envelope", responds(bare_refusals), "answers_are_all_enveloped_or_all_bare"),
    edge("puts 200 into every envelope", responds(always_200), "the_envelope_repeats_the_status"),
    edge(
        "wraps answers twice",
        responds(two_envelopes),
        "the_envelope_repeats_the_status",
        "a_success_has_no_error_in_it",
    ),
    edge("says 422", responds(unprocessable), "statuses_are_the_documented_ones"),
    edge("fails where it should refuse", recodes(1005, 62, 500), "statuses_are_the_documented_ones"),
    edge(
        "refuses without a reason",
        rewrites(lambda payload, _: payload.pop("reason", None) and None),
        "a_refusal_says_why",
    ),
    edge(
        "refuses without a code", rewrites(lambda payload, _: payload.pop("code", None) and None), "a_refusal_says_why"
    ),
    edge(
        "writes codes as strings",
        rewrites(lambda payload, _: {**payload, "code": str(payload["code"])} if "code" in payload else None),
        "a_refusal_says_why",
    ),
    edge(
        "tells of the recording in refusals",
        rewrites(lambda payload, _: {**payload, "serverResponse": {"status": 5}} if "code" in payload else None),
        "a_success_has_no_error_in_it",
    ),
    edge("answers in text", typed("text/plain"), "answers_are_json_in_utf_8"),
    edge("answers in Latin-1", typed("application/json; charset=iso-8859-1"), "answers_are_json_in_utf_8"),
    edge(
        "starts for an unknown App ID",
        responds(lambda response, _: error(2) if "invalid appid" in response.text else response),
        "an_unknown_app_id_is_invalid_in_every_call",
    ),
]

RECORDING_FAULTS: list[Fault] = [*LIFE, *OWNERSHIP, *IDLE, *FILES, *ANSWERS]
