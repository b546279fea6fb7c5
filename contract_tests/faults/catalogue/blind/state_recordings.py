"""Recordings: what happened and is forgotten, or did not happen and is claimed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from agora_rest.emulator import projects, recordings, world
from agora_rest.emulator.recordings import Status
from agora_rest.emulator.refusals import Code
from faults.caller import DEMO, Caller
from faults.middleware import At, Forward, HttpCall, code_of
from faults.patches import also, method, skipped
from faults.seeds import state


def _stops_nothing(original: Any, self: Any, resource_id: Any, sid: Any, identity: Any, *_: Any) -> Any:
    self.projects.require_app_id(identity.app_id)
    resource = self.recordings.resource(identity.app_id, resource_id)
    recording = resource.find(sid, self.clock.now())
    if not recording.is_running(self.clock.now()):
        raise resource.worker_not_found()
    return recording


def _falls_back(original: Any, self: Any, now: Any) -> Any:
    status = original(self, now)
    return Status.RECORDER_READY if status is Status.UPLOADING and now - self.started_at > 60 else status


def _never_uploads(original: Any, self: Any, now: Any) -> Any:
    return min(original(self, now), Status.RECORDER_READY) if self.is_running(now) else original(self, now)


def _stays_at_five(original: Any, self: Any, now: Any) -> Any:
    return original(self, now) if self.is_running(now) else Status.UPLOADING


def _spent_by(refusal: Callable[[HttpCall], bool]) -> At:
    """A resource ID whose `start` was refused so is used up."""

    def make() -> Any:
        spent: set[str] = set()

        async def middleware(call: HttpCall, forward: Forward) -> None:
            resource = call.parameters.get("resourceid", "")
            if call.operation == "start_recording" and resource in spent:
                error = {"code": int(Code.RESOURCE_USED), "reason": "used"}
                await forward()
                if call.succeeded:
                    call.status = 400
                    call.payload = {"Code": 400, "Body": error} if "Code" in call.payload else error
                return
            await forward()
            if call.operation == "start_recording" and refusal(call):
                spent.add(resource)

        return middleware

    return At(make)


def _forgets_by_id_only(result: Any, self: Any) -> None:
    self._by_app_id[result.app_id] = result


def _throttled(a: Caller) -> Any:
    made = a.resource()
    a.emulator.settings.rate_limit = True
    refused = [a.start("unknown").status for _ in range(10)]
    refused.append(a.start(made).status)
    a.advance(1.5)
    return refused, a.start(made).status


FAULTS = {
    "resource-serves-again": state(
        "CR-12 CR-54",
        "after a stop the same resource ID starts a second recording",
        skipped(
            recordings.Resource,
            "check_startable",
            lambda self, now: self.recording is not None and not self.recording.is_running(now),
        ),
        lambda a: [made := a.record(), a.stop(*made), a.start(made[0]).status],
    ),
    "stop-stops-nothing": state(
        "CR-50",
        "stop answers as it should and the recording goes on",
        method(world.World, "stop", _stops_nothing),
        lambda a: [made := a.record(), a.advance(10), a.stop(*made), a.status(*made)],
    ),
    "status-falls-back": state(
        "CR-42",
        "a minute into a recording the status goes from 5 back to 4",
        method(recordings.Recording, "status", _falls_back),
        lambda a: [a.join(1), made := a.record(), a.advance(70), a.status(*made)],
    ),
    "never-uploads": state(
        "CR-42",
        "a recording never comes to status 5",
        method(recordings.Recording, "status", _never_uploads),
        lambda a: [a.join(1), made := a.record(), a.advance(10), a.status(*made)],
    ),
    "stopped-and-recording": state(
        "CR-42 CR-50",
        "a recording that was stopped is still in status 5",
        method(recordings.Recording, "status", _stays_at_five),
        lambda a: [a.join(1), made := a.record(), a.stop(*made), a.status(*made)],
    ),
    "refused-start-uses-up": state(
        "CR-12",
        "a start that was refused with error 2 uses the resource ID up",
        _spent_by(lambda call: code_of(call) == Code.INVALID_PARAMETER),
        lambda a: [made := a.resource(), a.start(made, storage={"vendor": 9}).status, a.start(made).status],
    ),
    "throttled-start-uses-up": state(
        "CR-05",
        "a start that was one too many in its second uses the resource ID up",
        _spent_by(lambda call: call.status == 429),
        _throttled,
    ),
    "deleted-app-records": state(
        "CR-15 CO-18",
        "the App ID of a deleted project still records",
        also(projects.Projects, "delete", _forgets_by_id_only),
        lambda a: [a.delete("/v1/project", id=DEMO).status, a.acquire().status],
    ),
}
