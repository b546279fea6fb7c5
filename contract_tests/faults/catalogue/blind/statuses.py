"""Answers with another status or other header fields than the documents give them."""

from __future__ import annotations

from collections.abc import Callable

from faults.caller import APP, Request, get, limited, query
from faults.middleware import At, Forward, HttpCall, names_no_app_id, on_response, respond
from faults.seeds import statuses


def _envelope_too(new: int) -> Callable[[HttpCall], None]:
    """The status, and `Code` in the envelope with it."""

    def change(call: HttpCall) -> None:
        call.status = new
        reply = call.payload
        if isinstance(reply, dict) and "Code" in reply:
            call.payload = {**reply, "Code": new}

    return change


def _redirect(call: HttpCall) -> None:
    call.status = 302
    call.set_response_header(b"location", b"/")


def _nothing(call: HttpCall) -> None:
    call.status, call.response_body = 204, b""


def _is_called(media_type: bytes | None) -> Callable[[HttpCall], None]:
    return lambda call: call.set_response_header(b"content-type", media_type)


def _in_gbk(call: HttpCall) -> None:
    call.response_body = call.response_body.decode().encode("gbk")


def _malformed_is_a_crash() -> At:
    async def middleware(call: HttpCall, forward: Forward) -> None:
        await forward()
        if call.content and call.body is None and call.status == 400:
            call.status, call.payload = 500, {"message": "An unexpected error occurred"}

    return At(lambda: middleware)


def _any_method_will_do() -> At:
    async def middleware(call: HttpCall, forward: Forward) -> None:
        await forward()
        if call.status == 405:
            call.status, call.payload = 200, {"success": True}

    return At(lambda: middleware)


_RECORDING = "acquire start_recording query_recording stop_recording"

FAULTS = {
    "acquire-is-accepted": statuses(
        "CR-60", "acquire answers 202, which is none of the statuses", on_response("acquire", respond(202))
    ),
    "stop-has-no-content": statuses(
        "CR-51", "stop answers 204 and says nothing", on_response("stop_recording", _nothing)
    ),
    "invalid-appid-is-forbidden": statuses(
        "CR-65",
        "an App ID that does not exist is 403",
        on_response(_RECORDING, lambda call: names_no_app_id(call) and respond(403)(call), status=400),
    ),
    "expired-is-gone": statuses(
        "CR-65",
        "an expired resource ID is 410",
        on_response("start_recording", _envelope_too(410), code=433),
        lambda a: [resource := a.resource(), a.advance(301), a.start(resource)],
    ),
    "used-is-a-conflict": statuses(
        "CR-65",
        "a used resource ID is 409",
        on_response("start_recording", _envelope_too(409), code=1005),
        lambda a: [made := a.record(), a.stop(*made), a.start(made[0])],
    ),
    "bad-name-is-not-found": statuses(
        "CR-65", "a channel name that is none is 404", on_response("acquire", _envelope_too(404), code=1013)
    ),
    "missing-worker-is-malformed": statuses(
        "CR-65",
        "a recording that is no longer there is 400",
        on_response("stop_recording", _envelope_too(400), status=404),
    ),
    "wrong-credentials-are-forbidden": statuses(
        "CR-02",
        "wrong credentials are 403",
        on_response("", lambda call: call.path.startswith("/v1/apps") and respond(403)(call), status=401),
        lambda a: a.send(Request("POST", f"/v1/apps/{APP}/cloud_recording/acquire", {}, user=("emulator", "wrong"))),
    ),
    "eleventh-recording-call-is-503": statuses(
        "CR-05",
        "the eleventh call of a second is 503",
        on_response("query_recording", respond(503), status=429),
        lambda a: limited(a, (0, query("x", "y"), 11)),
    ),
    "eleventh-console-call-is-403": statuses(
        "CO-03",
        "the eleventh call of a second is 403",
        on_response("list_projects", respond(403), status=429),
        lambda a: limited(a, (0, get("/v1/projects"), 11)),
    ),
    "recording-answers-plain-text": statuses(
        "CR-03",
        "query calls its JSON plain text",
        on_response("query_recording", _is_called(b"text/plain; charset=utf-8")),
    ),
    "untyped-answer": statuses(
        "CR-03", "start does not say what its answer is", on_response("start_recording", _is_called(None))
    ),
    "console-answers-html": statuses(
        "CO-02", "the list of channels calls itself HTML", on_response("list_channels", _is_called(b"text/html"))
    ),
    "refusals-are-html": statuses(
        "CO-02",
        "what refuses wrong credentials calls itself HTML",
        on_response("", lambda call: call.path.startswith("/dev") and _is_called(b"text/html")(call), status=401),
        lambda a: a.send(Request("GET", "/dev/v1/projects", user=None)),
    ),
    "usage-in-gbk": statuses(
        "CO-02", "v3 usage is written in GBK, which is no encoding of JSON", on_response("get_usage_v3", _in_gbk)
    ),
    "malformed-json-crashes": statuses(
        "CO-04",
        "a body that is not JSON is 500",
        _malformed_is_a_crash(),
        lambda a: a.send(Request("POST", "/dev/v1/signkey", b"{")),
    ),
    "malformed-input-is-422": statuses(
        "CO-04",
        "malformed input is 422",
        on_response("create_project create_kicking_rule list_channels", respond(422), status=400),
    ),
    "unknown-project-is-malformed": statuses(
        "CO-17", "a project that does not exist is 400", on_response("find_project", respond(400), status=404)
    ),
    "unknown-project-is-fine": statuses(
        "CO-17",
        "finding a project that does not exist is 200 with an empty list",
        on_response("find_project", respond(200, {"project": []}), status=404),
    ),
    "deleted-rule-has-no-content": statuses(
        "CO-47", "deleting a rule is answered with 204 and nothing else", on_response("delete_kicking_rule", _nothing)
    ),
    "found-elsewhere": statuses(
        "CO-15", "find redirects to the list of projects", on_response("find_project", _redirect)
    ),
    "partial-list": statuses("CO-04", "the list of projects is 206", on_response("list_projects", respond(206))),
    "any-method-succeeds": statuses(
        "CO-04",
        "a method that a path does not have is 200",
        _any_method_will_do(),
        lambda a: a.send(Request("DELETE", "/dev/v1/projects")),
    ),
    "unknown-app-crashes-query": statuses(
        "CR-15",
        "query of an App ID that does not exist is 500",
        on_response("query_recording", lambda call: names_no_app_id(call) and respond(500)(call), status=400),
        lambda a: a.query("x", "y", app="f" * 32),
    ),
}
