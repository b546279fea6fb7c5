"""Faults of today's Cloud Recording: what one call leaves behind for another, and settings that meet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from agora_rest.emulator import current_recordings, recorded_files, recordings, world
from agora_rest.emulator.modes import RecordingMode
from agora_rest.emulator.recordings import Ending
from agora_rest.emulator.refusals import Code, InvalidInput, RecordingRefused
from agora_rest.emulator.subscriptions import EVERYBODY, UidList
from agora_rest.emulator.web import current_responses
from faults.caller import APP, Caller
from faults.current import CNAME, UID, Started, acquired, began, of_users, recording, settings, start
from faults.edits import edit_client_request, refuse_client_request, takes
from faults.patches import also, called_with, first, method, result, skipped
from faults.seeds import cross, identity, state, timing, validation

_HOUR = 3600
_HELD: dict[str, Any] = {"webRecordingConfig": {"onhold": True}}


# -- inside the emulator ----------------------------------------------------------------------------------------------


def _announced_once(original: Any, self: Any, resource_id: str, identity: Any, now: float, **more: Any) -> Any:
    resource = self._resources.get(resource_id)
    try:
        return original(self, resource_id, identity, now, **more)
    finally:
        if resource is not None and more["digest"] != resource.start_digest:
            resource.start_digest = None


def _same_scene(self: Any, identity: Any, result: Any) -> None:
    for other in self._resources.values():
        if other.owner == identity:
            other.reservation = result.reservation


def _same_reach(self: Any, identity: Any, result: Any) -> None:
    for other in self._resources.values():
        if other.owner[:2] == identity[:2]:
            other.valid_for = result.valid_for


def _awake_everywhere(self: Any, app_id: str, cname: str) -> None:
    for project in self.projects.all():
        if project.app_id != app_id:
            self.recordings.on_users_joined(project.app_id, cname, self.clock.now())


def _its_owner(self: Any, resource_id: str, identity: Any) -> Any:
    resource = self.recordings._resources.get(resource_id)
    return identity if resource is None else identity._replace(app_id=resource.owner.app_id)


def _subscribe_all(self: Any, recording: Any, subscription: Any) -> None:
    made, now = recording.identity, self.clock.now()
    for other in self.recordings.in_channel(made.app_id, made.cname, now):
        if subscription is not None:
            other.subscribe(subscription, now)


def _wait_alike(self: Any, identity: Any, now: float, result: Any) -> None:
    for other in self.in_channel(identity.app_id, identity.cname, now):
        other.max_idle_time = result.max_idle_time


def _busy_though_over(self: Any, resource_id: str, identity: Any, now: float) -> None:
    resource = self.owned(resource_id, identity)
    for other in self._resources.values():
        found = other.recording
        if found is None or found.is_running(now) or found.identity != identity or other is resource:
            continue
        if found.ending in (Ending.IDLE, Ending.MAX_HOURS) and now - found.ended_at < recordings.REMEMBERED_FOR:
            raise resource.refused(Code.RECORDER_BUSY, "a recording of this channel with this uid is running")


def _busy_at_once(self: Any, identity: Any, now: float) -> None:
    if identity.uid in self._in_channel(identity.app_id, identity.cname, now):
        raise RecordingRefused(Code.RECORDER_BUSY, "a recording of this channel with this uid is running")


def _note(self: Any, app_id: str, cname: str, uid: int) -> None:
    self.__dict__.setdefault("_were_here", set()).add((app_id, cname, uid))


def _uid_of_the_past(self: Any, identity: Any, setup: Any) -> None:
    is_page = setup is not None and setup.mode is RecordingMode.WEB
    if not is_page and tuple(identity) in self.__dict__.get("_were_here", ()):
        raise InvalidInput("uid: is a user's in this channel")


def _nothing_on_hold(result: Any, recording: Any) -> Any:
    return [] if recording.on_hold and recording.ended_at is None else result


def _not_counting_pauses(result: Any, self: Any) -> Any:
    if result is None or result[0] is not Ending.MAX_HOURS:
        return result
    held, last = 0.0, self.ready_at
    for span in self.spans.by_key.get(current_recordings.PAGE, []):
        held, last = held + span.since - last, span.until
    return None if last is not None else (result[0], result[1] + held)


def _latest(original: Any, recording: Any, track: Any, segment: Any) -> Any:
    found = original(recording, track, segment)
    return found and max(found, recording.spans.by_key[track][-1].since)


def _only_the_subscribed(result: Any, recording: Any) -> Any:
    wanted = recording.subscription
    lists = {"audio": [wanted.audio], "video": [wanted.video], "audio_and_video": [wanted.audio, wanted.video]}
    return [each for each in result if all(users.includes(each.uid) for users in lists[each.track_type])]


def _idle_unless_heard(self: Any, streams: Any, now: float) -> None:
    if self.is_in_channel and not self.subscription.tracks(streams):
        self.idle_since = now


def _those_present(self: Any, subscription: Any) -> Any:
    def now(users: UidList) -> UidList:
        return UidList(frozenset(self.streams)) if users == EVERYBODY else users

    return replace(subscription, audio=now(subscription.audio), video=now(subscription.video))


def _said_before(original: Any, recording: Any, now: float) -> Any:
    since, said = recording.__dict__.get("_said", (None, None))
    if since is None or now - since >= 5:
        since, said = recording.__dict__["_said"] = now, original(recording, now)
    return said


# -- at the edge ------------------------------------------------------------------------------------------------------


def _all_for_the_unnamed(config: dict[str, Any]) -> None:
    for medium in ("Audio", "Video"):
        if config.pop(f"unsubscribe{medium}Uids", None) is not None:
            config[f"subscribe{medium}Uids"] = ["#allstream#"]


def _sound_when_left_out(config: dict[str, Any]) -> None:
    if not any("Uids" in name for name in config):
        config.setdefault("streamTypes", 0)


def _unseen(config: dict[str, Any]) -> bool:
    return any(len(config.get(f"{name}bscribeVideoUids", ())) > 17 for name in ("unsu", "unSu"))


# -- what shows them --------------------------------------------------------------------------------------------------


def _listed(made: Started) -> Any:
    return made.server_response().get("fileList")


def _page_of(made: Started) -> Any:
    return made.server_response()["extensionServiceState"][0]["payload"]


def _announced_and_refused(a: Caller) -> Any:
    resource = acquired(a, startParameter=settings()).json["resourceId"]
    other = settings(token="t")
    return [a.send(start(resource, "mix", other)).status for _ in range(2)]


def _two_scenes(a: Caller) -> Any:
    page = acquired(a, scene=1).json["resourceId"]
    acquired(a)
    return a.send(start(page, "web", settings("web"))).status


def _two_reaches(a: Caller) -> Any:
    made = of_users(a)
    acquired(a, uid="7", resourceExpiredHour=1)
    a.advance(2 * _HOUR)
    return made.query().status


def _idle_beside(a: Caller) -> Any:
    app = a.other_app()
    made = recording(a)
    a.emulator.join(app, CNAME, 5)
    a.advance(60)
    return made.query().status


def _update_of_another(a: Caller) -> Any:
    made, app = of_users(a), a.other_app()
    request = made.request("update")
    return a.send(request._replace(path=request.path.replace(APP, app))).status


def _two_recorders(a: Caller, **first: Any) -> tuple[Started, Started]:
    return recording(a, "individual", uid="11", config=first), recording(a, "individual", uid="12")


def _updated_beside(a: Caller) -> Any:
    a.join(1)
    one, other = _two_recorders(a)
    one.post("update", streamSubscribe={"audioUidList": {"subscribeAudioUids": ["2"]}})
    a.join(3)
    a.advance(10)
    return _listed(other)


def _idle_alike(a: Caller) -> Any:
    patient, _ = _two_recorders(a, maxIdleTime=300)
    a.advance(100)
    return patient.query().status


def _idle_and_again(a: Caller) -> Any:
    recording(a, config={"maxIdleTime": 10})
    a.advance(30)
    return began(a).status


def _acquired_beside(a: Caller) -> Any:
    return [of_users(a), acquired(a).status][1]


def _after_a_user(a: Caller) -> Any:
    a.join(int(UID), 1)
    a.emulator.leave(APP, CNAME, int(UID))
    return began(a).status


def _paused(a: Caller, after: float, *holds: bool) -> Started:
    made = recording(a, "web")
    a.advance(after)
    for hold in holds:
        made.post("update", webRecordingConfig={"onhold": hold})
        a.advance(10)
    return made


def _hours_on_hold(a: Caller) -> Any:
    made = recording(a, "web")
    a.advance(60)
    made.post("update", **_HELD)
    a.advance(_HOUR)
    return made.query().status


def _came_back(a: Caller) -> Any:
    a.join(2)
    made = of_users(a, "individual")
    a.emulator.leave(APP, CNAME, 1)
    a.advance(10)
    a.join(1)
    a.advance(10)
    return _listed(made)


def _no_longer_wanted(a: Caller) -> Any:
    a.join(2)
    made = of_users(a, "individual")
    made.post("update", streamSubscribe={"audioUidList": {"subscribeAudioUids": ["2"]}})
    a.advance(10)
    return _listed(made)


def _among_the_unheard(a: Caller) -> Any:
    a.join(1)
    made = recording(a, config={"subscribeAudioUids": ["99"]})
    a.advance(100)
    return made.query().status


def _all_and_one_more(a: Caller) -> Any:
    made = of_users(a, "individual")
    everybody = ["#allstream#"]
    lists = {"audioUidList": {"subscribeAudioUids": everybody}, "videoUidList": {"subscribeVideoUids": everybody}}
    made.post("update", streamSubscribe=lists)
    a.join(2)
    a.advance(10)
    return _listed(made)


def _many_unseen(a: Caller) -> Any:
    uids = [str(uid) for uid in range(1, 33)]
    return began(a, config={"unSubscribeVideoUids": uids, "subscribeAudioUids": ["1"]}).status


def _asked_twice(a: Caller) -> Any:
    made = _paused(a, 20)
    return [_page_of(made), made.post("update", **_HELD).status, _page_of(made)]


def _in_small_letters(a: Caller) -> Any:
    a.join(2)
    config = {"unsubscribeAudioUids": ["1"], "unsubscribeVideoUids": ["1"]}
    return _listed(of_users(a, "individual", config=config))


def _after(seconds: float, *holds: bool) -> Callable[[Caller], Any]:
    return lambda a: _page_of(_paused(a, seconds, *holds))


FAULTS = {
    # What one call leaves behind for another
    "announcement-counts-once": state(
        "CR-90",
        "once a start was refused because of startParameter, any start passes",
        method(recordings.Recordings, "start", _announced_once),
        _announced_and_refused,
    ),
    "scene-of-the-latest-acquire": identity(
        "CR-84 CR-83",
        "the scene of the latest acquire for a cname and uid is that of all their resource IDs",
        also(recordings.Recordings, "acquire", _same_scene),
        _two_scenes,
    ),
    "reach-of-the-latest-acquire": identity(
        "CR-86",
        "the resourceExpiredHour of the latest acquire for a channel is that of all its recordings",
        also(recordings.Recordings, "acquire", _same_reach),
        _two_reaches,
    ),
    "kept-busy-by-another-project": identity(
        "CR-108",
        "users of a channel with the same name in another project keep a recording from idling out",
        also(world.World, "join", _awake_everywhere),
        _idle_beside,
    ),
    "changed-under-another-app-id": identity(
        "CR-93",
        "update and updateLayout take another App ID of the account",
        called_with(world.World, "running", identity=_its_owner),
        _update_of_another,
    ),
    "subscription-of-all-recorders": identity(
        "CR-146",
        "new lists of users are those of every recorder of the channel",
        also(world.World, "update", _subscribe_all),
        _updated_beside,
    ),
    "idle-time-of-the-latest-recorder": identity(
        "CR-107 CR-108",
        "the maxIdleTime of the latest recorder is that of every recorder of the channel",
        also(recordings.Recordings, "start", _wait_alike),
        _idle_alike,
    ),
    "busy-though-it-ended-by-itself": state(
        "CR-95",
        "for five minutes after a recording ended by itself its cname and uid are a conflict",
        first(recordings.Recordings, "start", _busy_though_over),
        _idle_and_again,
    ),
    "acquire-beside-its-recorder": state(
        "CR-10 CR-95",
        "acquire is refused while the same cname and uid are recording",
        first(recordings.Recordings, "acquire", _busy_at_once),
        _acquired_beside,
        "current",
    ),
    "uid-of-a-user-who-left": state(
        "CR-14",
        "start refuses the uid of a user who has left the channel",
        (also(world.World, "_take_out", _note), first(world.World, "start", _uid_of_the_past)),
        _after_a_user,
        "current",
    ),
    "query-says-what-it-said": state(
        "CR-147 CR-137",
        "query answers for five seconds what it answered before, whatever was called in between",
        method(current_responses, "progress", _said_before),
        _asked_twice,
    ),
    # Pages
    "early-pause-is-lost": state(
        "CR-147",
        "a pause has no effect before the page is open",
        skipped(current_recordings.CurrentRecording, "hold", lambda self, now: now < self.ready_at),
        _after(1, True),
    ),
    "pause-is-a-toggle": state(
        "CR-147",
        "a second pause resumes the recording of a page",
        called_with(
            current_recordings.CurrentRecording, "hold", on_hold=lambda self, on_hold: on_hold and not self.on_hold
        ),
        _after(20, True, True),
    ),
    "held-pages-list-no-files": state(
        "CR-139 CR-147",
        "while a page is on hold its files are not listed",
        result(recorded_files, "_of_all", _nothing_on_hold),
        _after(20, True),
    ),
    "hours-without-pauses": timing(
        "CR-132",
        "the time on hold does not count for maxRecordingHour",
        result(current_recordings.CurrentRecording, "due", _not_counting_pauses),
        _hours_on_hold,
    ),
    "recorder-of-a-page-may-ignore-errors": validation(
        "CR-129",
        "the policy of web_recorder_service may be error_ignore",
        takes(
            "start_recording",
            "clientRequest.extensionServiceConfig.extensionServices.0.errorHandlePolicy",
            "error_ignore",
            "error_abort",
            mode="web",
        ),
    ),
    # Users
    "files-begin-with-the-last-join": state(
        "CR-142",
        "the file of a user who came back begins when they came back",
        method(recorded_files, "_begin", _latest),
        _came_back,
    ),
    "unsubscribed-files-are-gone": state(
        "CR-141 CR-146",
        "in mode individual files of users to whom it is no longer subscribed are not listed",
        result(recorded_files, "_of_users", _only_the_subscribed),
        _no_longer_wanted,
    ),
    "unheard-users-are-nobody": cross(
        "CR-108",
        "a channel is idle in which nobody is to whom the recording is subscribed",
        also(current_recordings.CurrentRecording, "observe", _idle_unless_heard),
        _among_the_unheard,
    ),
    "all-are-those-present": state(
        "CR-111 CR-146",
        "#allstream# in an update stands for the users who are there",
        called_with(current_recordings.CurrentRecording, "subscribe", subscription=_those_present),
        _all_and_one_more,
    ),
    "seventeen-not-to-see": validation(
        "CR-109",
        "a list of those not to see may have 17 users only",
        refuse_client_request("start_recording", _unseen, part="recordingConfig"),
        _many_unseen,
    ),
    "other-spelling-has-no-effect": cross(
        "CR-110",
        "a list that is spelled unsubscribe is taken and excludes nobody",
        edit_client_request("start_recording", _all_for_the_unnamed, part="recordingConfig"),
        _in_small_letters,
    ),
    "sound-when-left-out": cross(
        "CR-22",
        "without streamTypes only audio is recorded",
        edit_client_request("start_recording", _sound_when_left_out, part="recordingConfig"),
        lambda a: _listed(of_users(a, "individual")),
        "current",
    ),
    "snapshots-need-given-stream-types": cross(
        "CR-126",
        "snapshots are refused when streamTypes is left out",
        refuse_client_request(
            "start_recording",
            lambda request: "snapshotConfig" in request and "streamTypes" not in request["recordingConfig"],
        ),
        lambda a: began(a, "individual", snapshotConfig={"fileType": ["jpg"]}).status,
    ),
    "gcm2-of-256-without-salt": cross(
        "CR-106",
        "decryption mode 8 is taken without a salt",
        edit_client_request(
            "start_recording",
            lambda config: config.setdefault("salt", "A" * 43 + "=") if config["decryptionMode"] == 8 else None,
            part="recordingConfig",
        ),
        lambda a: began(a, config={"decryptionMode": 8, "secret": "s"}).status,
    ),
}
