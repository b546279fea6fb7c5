"""Faults of what the present documents say about every call of Cloud Recording, about modes and about acquire."""

from __future__ import annotations

from typing import Any

from agora_rest.emulator import current_recordings, recordings, world
from faults.caller import APP, Caller, Request, limited
from faults.current import acquired, began, body, of_users, recording, settings, start, status
from faults.edits import refuses, takes
from faults.middleware import (
    At,
    Forward,
    HttpCall,
    Middleware,
    drop,
    edit,
    error,
    names_no_app_id,
    on_request,
    on_response,
    put,
    refuse,
    respond,
)
from faults.patches import called_with, method, skipped, value
from faults.seeds import authentication, idempotency, identity, shapes, state, statuses, timing, validation

_SLOWLY = (
    (0.0, recordings.Status.INITIALISED),
    (1.0, recordings.Status.RECORDER_STARTING),
    (180.0, recordings.Status.RECORDER_READY),
)
_FOUR = "acquire start_recording query_recording stop_recording"
_SIX = "acquire start_recording query_recording update_recording update_layout stop_recording"


def _carried_out(call: HttpCall) -> None:
    """A call over the quota is answered as if it had been carried out."""
    named = {"resourceId": call.parameters.get("resourceid", "r"), "sid": call.parameters.get("sid", "s")}
    respond(200, {"cname": call.body["cname"], "uid": call.body["uid"], **named})(call)


def _unauthorized(call: HttpCall) -> None:
    if not call.header(b"authorization"):
        put("message", "Invalid authentication credentials")(call)


def _in_an_envelope(call: HttpCall) -> None:
    call.payload = {"Code": call.status, "Body": call.payload}


def _no_route(call: HttpCall) -> None:
    if isinstance(call.payload, dict) and "no Route" in str(call.payload.get("message")):
        respond(405, {"message": "Method Not Allowed"})(call)


def _another_mode(old: str, new: str) -> At:
    def change(call: HttpCall) -> None:
        call.path = call.path.replace(f"/mode/{old}/", f"/mode/{new}/")

    return on_request("", change)


def _mode_of_the_start() -> At:
    """Later calls may name any mode: it is replaced by that of the start."""

    def make() -> Middleware:
        modes: dict[str, str] = {}

        async def middleware(call: HttpCall, forward: Forward) -> None:
            sid, mode = call.parameters.get("sid", ""), call.parameters.get("mode", "")
            if sid in modes and call.operation != "update_layout":
                call.path = call.path.replace(f"/mode/{mode}/", f"/mode/{modes[sid]}/")
            await forward()
            if call.operation == "start_recording" and call.succeeded and call.status == 200:
                modes[call.payload["sid"]] = mode

        return middleware

    return At(make)


def _bytes_of(name: Any) -> int:
    return len(name.encode()) if isinstance(name, str) else 0


def _cut_name(call: HttpCall) -> None:
    if isinstance(call.body, dict) and isinstance(call.body.get("cname"), str) and len(call.body["cname"]) > 64:
        call.body = {**call.body, "cname": call.body["cname"][:64]}


def _member(call: HttpCall, name: str) -> Any:
    request = call.body.get("clientRequest") if isinstance(call.body, dict) else None
    return request.get(name) if isinstance(request, dict) else None


def _twice(original: Any, self: Any, now: Any) -> None:
    if self.recording is not None and not self.recording.is_running(now):
        self.recording = None
    original(self, now)


def _any_digest(original: Any, self: Any, *args: Any, digest: Any = None, **more: Any) -> Any:
    if args[0] in self._resources:
        self._resources[args[0]].start_digest = None
    return original(self, *args, digest=digest, **more)


def _stop_as(a: Caller, cname: str) -> Any:
    made = recording(a)
    return [made.post("stop", cname=cname).status, made.query().status]


def _update_as(a: Caller, cname: str) -> int:
    return recording(a).post("update", cname=cname).status


def _cname_of_the_start(operation: str) -> At:
    """A call may name any channel: it is replaced by that of the start."""

    def make() -> Middleware:
        names: dict[str, str] = {}

        async def middleware(call: HttpCall, forward: Forward) -> None:
            name = names.get(call.parameters.get("sid", ""))
            if call.operation == operation and name and isinstance(call.body, dict) and "cname" in call.body:
                call.body = {**call.body, "cname": name}
            await forward()
            if call.operation == "start_recording" and call.status == 200:
                names[call.payload["sid"]] = call.payload["cname"]

        return middleware

    return At(make)


def _expired(a: Caller, hours: int) -> Any:
    resource = acquired(a, resourceExpiredHour=hours).json["resourceId"]
    a.join(1)
    sid = a.send(start(resource, "mix", settings(config={"maxIdleTime": 2592000}))).json["sid"]
    path = f"/v1/apps/{APP}/cloud_recording/resourceid/{resource}/sid/{sid}/mode/mix/query"
    a.advance(hours * 3600 - 1)
    before = a.send(Request("GET", path)).status
    a.advance(2)
    return before, a.send(Request("GET", path)).status


def _announced(a: Caller, announced: Any, said: Any) -> Any:
    resource = acquired(a, startParameter=announced).json["resourceId"]
    return status(a.send(start(resource, "mix", said)))


FAULTS = {
    # CR-71 … CR-78: every call
    "updates-without-a-quota": timing(
        "CR-71",
        "update has no quota",
        on_response("update_recording", _carried_out, status=429),
        lambda a: limited(a, (2, recording(a).request("update"), 12)),
    ),
    "layouts-without-a-quota": timing(
        "CR-71",
        "updateLayout has no quota",
        on_response("update_layout", _carried_out, status=429),
        lambda a: limited(a, (2, recording(a).request("updateLayout", "mix"), 12)),
    ),
    "no-header-is-wrong-credentials": authentication(
        "CR-72",
        "a call without credentials is told that they are invalid",
        on_response(_SIX, _unauthorized, status=401),
        lambda a: a.send(Request("POST", f"/v1/apps/{APP}/cloud_recording/acquire", body({}), user=None)).json,
    ),
    "wrong-credentials-are-none": authentication(
        "CR-72",
        "a call with a wrong password is told that there is none",
        on_response(_SIX, put("message", "Unauthorized"), status=401),
        lambda a: a.send(Request("POST", f"/v1/apps/{APP}/cloud_recording/acquire", body({}), user=("a", "b"))).json,
    ),
    "unknown-routes-are-405": statuses(
        "CR-73",
        "a path that does not exist is 405",
        on_response("", _no_route, status=404),
        lambda a: a.send(Request("POST", f"/v1/apps/{APP}/cloud_recording/acquired", body({}))).status,
    ),
    "no-route-in-other-words": statuses(
        "CR-73",
        "a path that does not exist is told in other words",
        on_response("", lambda call: None if call.operation else put("message", "not found")(call), status=404),
        lambda a: a.send(Request("POST", f"/v1/apps/{APP}/cloud_recording/acquired", body({}))).json,
    ),
    "updates-in-an-envelope": shapes(
        "CR-74", "update answers in an envelope", on_response("update_recording", _in_an_envelope)
    ),
    "acquire-in-an-envelope": shapes(
        "CR-74", "acquire answers in an envelope", on_response("acquire", _in_an_envelope)
    ),
    "codes-are-texts": shapes(
        "CR-75",
        "the code of an error is a text",
        on_response(
            _SIX, edit(lambda reply: reply.update(code=str(reply["code"])) if "code" in reply else None), status=400
        ),
    ),
    "errors-without-a-reason": shapes(
        "CR-75", "errors have no reason", on_response(_SIX, drop("reason"), status=404), lambda a: _gone(a).json
    ),
    "starts-without-cname": shapes(
        "CR-76", "start does not repeat the cname", on_response("start_recording", drop("cname"))
    ),
    "query-of-another-uid": identity(
        "CR-76",
        "query answers with another uid than that of the recording",
        on_response("query_recording", put("uid", "1")),
    ),
    "acquire-in-another-channel": identity(
        "CR-76", "acquire answers with the cname in small letters", on_response("acquire", put("cname", str.lower))
    ),
    "update-with-another-sid": identity(
        "CR-76", "update answers with another sid", on_response("update_recording", put("sid", "0" * 32))
    ),
    "refusals-are-422": statuses(
        "CR-77", "what is refused is 422", on_response("start_recording", respond(422), status=400)
    ),
    "updates-are-202": statuses("CR-77", "update succeeds with 202", on_response("update_recording", respond(202))),
    "no-service-is-403": statuses(
        "CR-78",
        "an App ID that does not exist is 403",
        on_response(_SIX, lambda call: respond(403)(call) if _has_no_service(call) else None, status=400),
    ),
    "unknown-app-acquires-today": state(
        "CR-78",
        "acquire takes an App ID that does not exist",
        method(
            world.World,
            "acquire",
            lambda _, self, identity, **more: self.recordings.acquire(identity, self.clock.now(), **more),
        ),
        lambda a: acquired(a, app="f" * 32).status,
    ),
    # CR-79 … CR-80: modes
    "composite-is-a-mode": validation(
        "CR-79",
        "start takes the mode composite",
        _another_mode("composite", "mix"),
        lambda a: _start_in(a, "composite").status,
    ),
    "individual-is-no-mode": validation(
        "CR-79",
        "start refuses the mode individual",
        refuse("start_recording", lambda call: call.parameters["mode"] == "individual", error(2)),
        lambda a: began(a, "individual").status,
    ),
    "web-cannot-be-stopped": validation(
        "CR-79",
        "stop refuses the mode web",
        refuse("stop_recording", lambda call: call.parameters["mode"] == "web", error(2)),
    ),
    "any-mode-finds-it": state(
        "CR-80",
        "query, update and stop of a recording take another mode",
        _mode_of_the_start(),
        lambda a: recording(a).query("individual").status,
    ),
    # CR-81 … CR-93: acquire
    "labels-of-any-length": validation(
        "CR-81",
        "a label of a web page may have more than 1024 bytes",
        takes(_FOUR, "cname", "a" * 1025, "a", lambda name: _bytes_of(name) > 1024, mode="web"),
    ),
    "labels-counted-in-characters": validation(
        "CR-81",
        "a label is counted in characters instead of bytes",
        takes("acquire", "cname", "é" * 1000, "a", lambda name: len(name) <= 1024 < _bytes_of(name), mode="web"),
    ),
    "labels-are-channel-names": validation(
        "CR-81",
        "a label may only have the characters of a channel's name",
        refuses("acquire", "cname", "a/b", lambda name: "/" in name, error(401), mode="web"),
    ),
    "labels-of-128": validation(
        "CR-81",
        "a label may have 128 bytes only",
        refuses("acquire", "cname", "a" * 1024, lambda name: _bytes_of(name) > 128, mode="web"),
    ),
    "channel-names-are-error-two": statuses(
        "CR-82", "a bad channel name at acquire is code 2", on_response("acquire", put("code", 2), code=401)
    ),
    "channel-names-of-65": validation(
        "CR-82",
        "a channel's name may have 65 characters",
        on_request("acquire", _cut_name),
        lambda a: acquired(a, "a" * 65).status,
    ),
    "scene-two": validation("CR-83", "acquire takes scene 2", takes("acquire", "clientRequest.scene", 2, 0)),
    "scene-must-be-given": validation(
        "CR-83", "acquire needs a scene", refuse("acquire", lambda call: _member(call, "scene") is None, error(2))
    ),
    "pages-on-any-resource": validation(
        "CR-84",
        "mode web takes a resource of scene 0, and the other modes one of scene 1",
        method(recordings.Resource, "check_mode", lambda *_: None),
        lambda a: [began(a, "web", scene=0).status, began(a, "mix", scene=1).status],
    ),
    "channels-on-resources-of-pages": validation(
        "CR-84",
        "mode mix takes a resource of scene 1",
        skipped(recordings.Resource, "check_mode", lambda mode: mode == "mix"),
        lambda a: began(a, "mix", scene=1).status,
    ),
    "validity-of-721-hours": validation(
        "CR-85", "resourceExpiredHour may be 721", takes("acquire", "clientRequest.resourceExpiredHour", 721, 720)
    ),
    "validity-of-no-hour": validation(
        "CR-85", "resourceExpiredHour may be 0", takes("acquire", "clientRequest.resourceExpiredHour", 0, 1)
    ),
    "validity-of-720-is-refused": validation(
        "CR-85", "resourceExpiredHour may not be 720", refuses("acquire", "clientRequest.resourceExpiredHour", 720)
    ),
    "never-out-of-reach": timing(
        "CR-86",
        "a recording can be queried after resourceExpiredHour",
        on_request(
            "acquire", lambda call: _member(call, "resourceExpiredHour") and _without(call, "resourceExpiredHour")
        ),
        lambda a: _expired(a, 1),
    ),
    "out-of-reach-too-early": timing(
        "CR-86",
        "a recording is out of reach half an hour before resourceExpiredHour",
        called_with(recordings.Resource, "find", now=lambda self, now: now + 1800 if self.valid_for else now),
        lambda a: _expired(a, 1),
    ),
    "excluded-as-a-text": validation(
        "CR-87",
        "excludeResourceIds may be a text",
        takes("acquire", "clientRequest.excludeResourceIds", "r", [], lambda ids: isinstance(ids, str)),
    ),
    "nothing-can-be-excluded": validation(
        "CR-87", "excludeResourceIds is refused", refuses("acquire", "clientRequest.excludeResourceIds", ["r"], bool)
    ),
    "region-in-small-letters": validation(
        "CR-88",
        "the region may be in small letters",
        takes("acquire", "clientRequest.region", "eu", "EU", lambda region: region.islower()),
    ),
    "no-region-na": validation("CR-88", "the region NA is refused", refuses("acquire", "clientRequest.region", "NA")),
    "region-five": validation(
        "CR-89", "regionAffinity may be 5", takes("acquire", "clientRequest.regionAffinity", 5, 4)
    ),
    "region-or-affinity": validation(
        "CR-89",
        "region and regionAffinity exclude each other",
        refuse("acquire", lambda call: _member(call, "region") and _member(call, "regionAffinity"), error(2)),
        lambda a: acquired(a, region="EU", regionAffinity=3).status,
    ),
    "start-parameters-are-not-compared": validation(
        "CR-90",
        "start may have another client request than acquire was given",
        method(recordings.Recordings, "start", _any_digest),
        lambda a: _announced(a, settings(), settings(config={"maxIdleTime": 60})),
    ),
    "start-parameters-in-order": validation(
        "CR-90",
        "the members of startParameter must come in the same order",
        refuse("start_recording", lambda call: list(_client(call)) != sorted(_client(call)), error(2)),
        lambda a: _announced(a, _reversed(settings(config={"maxIdleTime": 60})), settings(config={"maxIdleTime": 60})),
    ),
    "resource-of-six-minutes-today": timing(
        "CR-91",
        "a resource ID lives for six minutes",
        value(recordings, "RESOURCE_LIFETIME", 360.0),
        lambda a: _late_start(a, 330),
    ),
    "resource-of-four-minutes-today": timing(
        "CR-91",
        "a resource ID lives for four minutes",
        value(recordings, "RESOURCE_LIFETIME", 240.0),
        lambda a: _late_start(a, 270),
    ),
    "used-resource-serves-again-today": state(
        "CR-92",
        "a resource ID whose recording is over makes another one",
        method(recordings.Resource, "check_startable", _twice),
        lambda a: _again(a),
    ),
    "update-in-any-channel": identity(
        "CR-93",
        "update takes another cname",
        _cname_of_the_start("update_recording"),
        lambda a: _update_as(a, "another"),
    ),
    "stop-in-any-channel": identity(
        "CR-93", "stop takes another cname", _cname_of_the_start("stop_recording"), lambda a: _stop_as(a, "another")
    ),
    "start-of-any-uid-today": identity(
        "CR-93",
        "start takes another uid than that of acquire",
        method(
            recordings.Recordings,
            "owned",
            lambda _, self, resource_id, identity: self.resource(identity.app_id, resource_id),
        ),
        lambda a: a.send(start(acquired(a).json["resourceId"], "mix", settings(), uid="77")).status,
    ),
    # CR-94 … CR-95: repeated starts
    "repeated-start-is-200": idempotency(
        "CR-94", "a repeated start is 200", on_response("start_recording", respond(200), code=7)
    ),
    "repeated-start-has-a-sid": idempotency(
        "CR-94",
        "a repeated start has a sid beside code 7",
        on_response("start_recording", edit(lambda reply: reply.update(sid="0" * 32)), code=7),
    ),
    "conflict-is-code-two": state(
        "CR-95",
        "a second recorder with the same cname and uid is code 2",
        on_response("start_recording", put("code", 2), code=53),
    ),
    "two-recorders-of-one-uid": state(
        "CR-95",
        "a second recorder with the same cname and uid starts",
        method(recordings.Recordings, "_in_channel", lambda *_: {}),
        lambda a: [began(a).status, began(a).status],
    ),
    "ready-after-three-minutes": timing(
        "CR-138",
        "a recording is ready after three minutes only",
        (value(recordings, "STARTING", _SLOWLY), value(current_recordings, "STARTING", _SLOWLY)),
        lambda a: of_users(a, seconds=90).server_response()["status"],
    ),
    "kept-after-its-end-today": state(
        "CR-144",
        "a recording that is over can be queried for a day",
        value(current_recordings, "EXITS_WITHIN", 86400.0),
        lambda a: _gone(a).status,
    ),
    "gone-is-code-1001": statuses(
        "CR-144",
        "a recording that is over is code 1001",
        on_response("query_recording update_recording update_layout stop_recording", put("code", 1001), code=404),
    ),
}


def _has_no_service(call: HttpCall) -> bool:
    return names_no_app_id(call) or (isinstance(call.payload, dict) and call.payload.get("code") == 400)


def _start_in(a: Caller, mode: str) -> Any:
    return a.send(start(acquired(a).json["resourceId"], mode, settings()))


def _client(call: HttpCall) -> dict[str, Any]:
    found = call.body.get("clientRequest") if isinstance(call.body, dict) else None
    return found if isinstance(found, dict) else {}


def _reversed(members: dict[str, Any]) -> dict[str, Any]:
    return dict(reversed(members.items()))


def _without(call: HttpCall, name: str) -> dict[str, Any]:
    client = {key: member for key, member in _client(call).items() if key != name}
    call.body = {**call.body, "clientRequest": client}
    return client


def _late_start(a: Caller, seconds: float) -> int:
    resource = acquired(a).json["resourceId"]
    a.advance(seconds)
    return a.send(start(resource, "mix", settings())).status


def _again(a: Caller) -> int:
    made = of_users(a)
    made.post("stop")
    a.advance(120)
    return a.send(start(made.resource, "mix", settings())).status


def _gone(a: Caller) -> Any:
    made = of_users(a)
    made.post("stop")
    a.advance(300)
    return made.query()
