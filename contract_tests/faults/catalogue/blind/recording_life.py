"""Faults of a recording's life: a second stop, another's sid, a rule."""

from __future__ import annotations

import base64
from typing import Any

from agora_rest.emulator import DEFAULT_CUSTOMER_CERTIFICATE, DEFAULT_CUSTOMER_ID, projects, recordings, world
from agora_rest.emulator.recordings import Ending, Recording, Recordings
from faults.caller import APP, DEMO, Caller, Request
from faults.middleware import At, HttpCall, envelope, on_request, on_response, put
from faults.patches import also, called_with, marked, method
from faults.seeds import authentication, cross, idempotency, identity, state, statuses

_RIGHT = b"Basic " + base64.b64encode(f"{DEFAULT_CUSTOMER_ID}:{DEFAULT_CUSTOMER_CERTIFICATE}".encode())


def _stops_again(original: Any, self: Any, resource_id: Any, sid: Any, identity: Any, *mode: Any) -> Any:
    recording = self.recordings.resource(identity.app_id, resource_id).recording
    if recording is not None and recording.sid == sid and recording.ended_at is not None:
        return recording
    return original(self, resource_id, sid, identity, *mode)


def _forgotten_at_once(original: Any, self: Any, now: Any) -> bool:
    return bool(self.is_running(now)) if self.ending is Ending.STOPPED else bool(original(self, now))


def _any_sid_stops(original: Any, self: Any, resource_id: Any, sid: Any, identity: Any, *_: Any) -> Any:
    recording = self.recordings.resource(identity.app_id, resource_id).recording
    return original(self, resource_id, sid if recording is None else recording.sid, identity)


def _owner(recordings: Any, resource_id: Any, identity: Any) -> Any:
    return recordings.resource(identity.app_id, resource_id).owner


def _only_by_uid(original: Any, self: Any, rule: Any) -> None:
    now = self.clock.now()
    before = self.recordings.of(rule.app_id, now)
    original(self, rule)
    for recording in before:
        if rule.target.uid is None and recording.ending is Ending.PUT_OFFLINE:
            recording.ended_at = recording.ending = None


def _let_in(operation: str) -> At:
    return on_request(operation, lambda call: call.set_header(b"authorization", _RIGHT))


def _longer_password(call: HttpCall) -> None:
    try:
        given = base64.b64decode(call.header(b"authorization").partition(b" ")[2])
    except ValueError:
        return
    if given.startswith(f"{DEFAULT_CUSTOMER_ID}:{DEFAULT_CUSTOMER_CERTIFICATE}".encode()):
        call.set_header(b"authorization", _RIGHT)


def _user(a: Caller, credentials: str, path: str = "/dev/v1/projects") -> int:
    encoded = "Basic " + base64.b64encode(credentials.encode()).decode()
    return a.send(Request("GET", path, user=encoded)).status


def _stored_keys() -> At:
    """Query repeats the request that start was given."""

    def make() -> Any:
        keys: dict[str, Any] = {}

        async def middleware(call: HttpCall, forward: Any) -> None:
            await forward()
            if call.operation == "start_recording" and call.status == 200:
                keys[call.parameters["resourceid"]] = call.body["clientRequest"]["storageConfig"]["accessKey"]
            if call.operation == "query_recording" and call.status == 200:
                put("serverResponse.fileList", lambda name: name)(call)
                reply = call.payload
                reply.get("Body", reply)["serverResponse"]["storage"] = keys.get(call.parameters["resourceid"])
                call.payload = reply

        return middleware

    return At(make)


def _same_sid(result: Any, self: Any) -> None:
    key = f"sid of {result.identity}"
    result.sid = vars(self).setdefault(key, result.sid)


def _beginning_of_a_resource(original: Any, self: Any, app_id: Any, resource_id: Any) -> Any:
    found = next(
        (each for each in self._resources if len(resource_id) > 8 and each.startswith(resource_id)), resource_id
    )
    return original(self, app_id, found)


def _plain_ok(call: HttpCall) -> None:
    if isinstance(call.payload, dict) and call.payload.get("code") == 7:
        call.status = 200


def _ends_the_channel(self: Any, identity: Any, now: Any) -> None:
    for other in self.in_channel(identity.app_id, identity.cname, now):
        other.end(recordings.Ending.STOPPED, now)


FAULTS = {
    "stop-twice-succeeds": idempotency(
        "CR-50 CR-65",
        "a second stop succeeds again",
        method(world.World, "stop", _stops_again),
        lambda a: [made := a.record(), a.stop(*made).status, a.stop(*made).status],
    ),
    "stopped-and-gone": state(
        "CR-42 CR-53",
        "a recording that was stopped cannot be queried: 404 at once",
        method(Recording, "is_remembered", _forgotten_at_once),
        lambda a: [a.join(1), made := a.record(), a.stop(*made).status, a.query(*made).status],
    ),
    "stop-with-any-sid": identity(
        "CR-39",
        "stop takes any sid with a resource ID",
        method(world.World, "stop", _any_sid_stops),
        lambda a: a.stop(a.record()[0], "0" * 32).status,
    ),
    "start-with-any-uid": identity(
        "CR-39 CR-14",
        "start takes another uid than the one acquired for",
        called_with(
            Recordings,
            "owned",
            identity=lambda self, resource_id, identity: identity._replace(uid=_owner(self, resource_id, identity).uid),
        ),
        lambda a: a.start(a.resource(), uid="9").status,
    ),
    "start-in-any-channel": identity(
        "CR-39",
        "start and stop take another channel than the one acquired for",
        called_with(
            Recordings,
            "owned",
            identity=lambda self, resource_id, identity: identity._replace(
                cname=_owner(self, resource_id, identity).cname
            ),
        ),
        lambda a: a.start(a.resource(), cname="other").status,
    ),
    "always-uploaded": state(
        "CR-51 CR-52",
        "stop says uploaded, also where Agora's backup has the files",
        on_response("stop_recording", put("serverResponse.uploadingStatus", "uploaded")),
        lambda a: [a.control(a.emulator.stop_with, "backuped"), a.join(1), a.stop(*a.record()).inner],
    ),
    "disabled-app-records": state(
        "CR-15 CO-16",
        "the App ID of a disabled project still works",
        method(
            projects.Projects,
            "require_app_id",
            lambda original, self, app_id: self._by_app_id.get(app_id) or original(self, app_id),
        ),
        lambda a: [a.post("/v1/project_status", id=DEMO, status=0), a.acquire().status],
    ),
    "barred-recorder-records": state(
        "CO-48",
        "a recorder whom a rule keeps out can start to record all the same",
        marked(world.World, "start", ended_at=None, ending=None),
        lambda a: [a.kick(uid=527841).status, a.advance(1), made := a.record(), a.status(*made)],
    ),
    "channel-rule-spares-recorders": state(
        "CO-44 CO-48",
        "a rule for a channel does not end its recordings",
        method(world.World, "_put_offline", _only_by_uid),
        lambda a: [made := a.record(), a.kick(cname="lesson").status, a.status(*made)],
    ),
    "stop-for-everybody": authentication(
        "CR-02",
        "stop needs no credentials",
        _let_in("stop_recording"),
        lambda a: (
            a.send(
                Request("POST", f"/v1/apps/{APP}/cloud_recording/resourceid/x/sid/y/mode/mix/stop", {}, user=None)
            ).status
        ),
    ),
    "password-with-more-behind": authentication(
        "CR-02 CO-01",
        "a password that goes on behind the right one is taken",
        on_request("", _longer_password),
        lambda a: _user(a, f"{DEFAULT_CUSTOMER_ID}:{DEFAULT_CUSTOMER_CERTIFICATE}x"),
    ),
    "access-key-in-query": authentication(
        "CR-33",
        "query tells the access key that start was given",
        _stored_keys(),
        lambda a: [made := a.record(), a.query(*made)],
    ),
    "one-sid-for-a-recorder": identity(
        "CR-36",
        "the second recording of a channel has the sid of the first",
        also(Recordings, "start", _same_sid),
        lambda a: [made := a.record(), a.stop(*made), made[1] == a.record()[1]],
    ),
    "another-file-when-stopped": identity(
        "CR-51",
        "stop names another index than query",
        on_response("stop_recording", put("serverResponse.fileList", lambda name: f"stopped_{name}")),
    ),
    "beginning-of-a-resource-id": identity(
        "CR-38",
        "the beginning of a resource ID is taken for it",
        method(Recordings, "resource", _beginning_of_a_resource),
        lambda a: [made := a.record(), a.query(made[0][:-1], made[1]).status],
    ),
    "started-already-is-200": statuses(
        "CR-37",
        "a start on what is recording is 200 instead of 201",
        on_response("start_recording", _plain_ok),
        only_in="observed",
    ),
    "code-of-404-is-400": cross(
        "CR-61",
        "Code in the envelope of a 404 is 400",
        on_response("query_recording stop_recording", envelope(400), status=404),
        only_in="documented",
    ),
    "stop-ends-the-channel": identity(
        "CR-50",
        "stop ends every recording of the channel",
        also(Recordings, "stop", _ends_the_channel),
        lambda a: [made := a.record(uid="8"), a.stop(*a.record()), a.status(*made)],
    ),
}
