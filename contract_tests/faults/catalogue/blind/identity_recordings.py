"""The wrong recording, resource or App ID; errors of Cloud Recording with the number of another."""

from __future__ import annotations

from typing import Any

from agora_rest.emulator import ids, projects, recordings, world
from agora_rest.emulator.refusals import Code, RecordingRefused
from faults.middleware import Change, on_response, put
from faults.patches import also, called_with, method
from faults.seeds import identity


def _instead(other: Code) -> Change:
    return put("code", int(other))


def _one_resource(original: Any, self: Any, identity: Any, now: Any, **more: Any) -> Any:
    known = next((each for each in self.resources() if each.owner == identity), None)
    return known or original(self, identity, now, **more)


def _any_app(original: Any, self: Any, app_id: Any, resource_id: Any) -> Any:
    known = self._resources.get(resource_id)
    return original(self, app_id if known is None else known.owner.app_id, resource_id)


def _undecodable_is_mismatch(original: Any, self: Any, app_id: Any, resource_id: Any) -> Any:
    try:
        return original(self, app_id, resource_id)
    except RecordingRefused as refused:
        if refused.code is Code.RESOURCE_UNDECODABLE:
            raise RecordingRefused(Code.RESOURCE_MISMATCH, refused.reason) from None
        raise


def _stops_all(self: Any, identity: Any) -> None:
    for other in self.recordings.of(identity.app_id, self.clock.now()):
        other.end(recordings.Ending.STOPPED, self.clock.now())


def _any_app_records(original: Any, self: Any, app_id: Any) -> Any:
    return self._by_app_id.get(app_id) or next(iter(self._by_app_id.values()))


FAULTS = {
    "start-names-another-resource": identity(
        "CR-36",
        "start repeats another resourceId than it was asked with",
        on_response("start_recording", put("resourceId", lambda number: number[::-1])),
    ),
    "every-recording-has-one-sid": identity(
        "CR-36",
        "all recordings have the same sid",
        method(ids.Ids, "sid", lambda _original, _self: "0" * 31 + "1"),
        lambda a: [a.record()[1], a.record("other")[1]],
    ),
    "one-resource-for-a-recorder": identity(
        "CR-10 CR-12",
        "acquire gives the same resource ID again for the same channel and uid",
        method(recordings.Recordings, "acquire", _one_resource),
        lambda a: a.resource() == a.resource(),
    ),
    "query-with-any-sid": identity(
        "CR-39",
        "query and stop take any sid with a resource ID",
        called_with(
            recordings.Resource, "find", sid=lambda self, sid: self.recording.sid if self.recording is not None else sid
        ),
        lambda a: a.query(a.record()[0], a.record("other")[1]),
    ),
    "query-with-any-app": identity(
        "CR-39",
        "a resource ID works under another App ID of the account",
        method(recordings.Recordings, "resource", _any_app),
        lambda a: [app := a.other_app(), a.query(*a.record(), app=app)],
    ),
    "undecodable-is-a-mismatch": identity(
        "CR-38",
        "a resource ID that is none is 1003 instead of 1001",
        method(recordings.Recordings, "resource", _undecodable_is_mismatch),
        lambda a: a.start("unknown"),
    ),
    "expired-is-used": identity(
        "CR-11",
        "an expired resource ID is 1005 instead of 433",
        on_response("start_recording", _instead(Code.RESOURCE_USED), code=433),
        lambda a: [resource := a.resource(), a.advance(301), a.start(resource)],
    ),
    "used-is-expired": identity(
        "CR-12",
        "a used resource ID is 433 instead of 1005",
        on_response("start_recording", _instead(Code.RESOURCE_EXPIRED), code=1005),
        lambda a: [made := a.record(), a.stop(*made), a.start(made[0])],
    ),
    "recording-is-used": identity(
        "CR-37",
        "a resource ID that is recording is 1005 instead of 1004",
        on_response("start_recording", _instead(Code.RESOURCE_USED), code=1004),
        only_in="documented",
    ),
    "started-already-is-1004": identity(
        "CR-37",
        "a start on what is recording is 201 with code 1004 instead of 7",
        on_response("start_recording", _instead(Code.ALREADY_RECORDING), code=7),
        only_in="observed",
    ),
    "bad-name-is-error-two": identity(
        "CR-63",
        "a channel name that is none is error 2 instead of 1013",
        on_response("acquire", _instead(Code.INVALID_PARAMETER), code=1013),
    ),
    "missing-member-is-1013": identity(
        "CR-62",
        "a body without uid is 1013 instead of error 2",
        on_response(
            "acquire",
            lambda call: (
                isinstance(call.body, dict) and "uid" not in call.body and _instead(Code.INVALID_CHANNEL_NAME)(call)
            ),
            code=2,
        ),
        lambda a: a.acquire(uid=None),
    ),
    "one-index-for-all": identity(
        "CR-41",
        "every recording's index has the same name",
        method(recordings.Recording, "index_file", lambda _original, _self: "index.m3u8"),
        lambda a: [
            a.join(1),
            a.join(1, cname="other"),
            a.record(),
            made := a.record("other"),
            a.advance(120),
            a.query(*made),
        ],
    ),
    "stop-ends-all": identity(
        "CR-50",
        "stop ends every recording of the App ID",
        also(world.World, "stop", _stops_all),
        lambda a: [other := a.record("other"), a.advance(10), a.stop(*a.record()), a.status(*other)],
    ),
    "any-app-id-records": identity(
        "CR-15",
        "an App ID that does not exist counts as the first project's",
        method(projects.Projects, "require_app_id", _any_app_records),
        lambda a: a.acquire(app="f" * 32),
    ),
    "recorder-is-another-user": identity(
        "CR-14",
        "a user may have the uid of the recorder, which then begins anew",
        called_with(recordings.Recordings, "start", users=lambda identity, users: set(users) - {identity.uid}),
        lambda a: [a.join(527841), a.start(a.resource()).status],
    ),
}
