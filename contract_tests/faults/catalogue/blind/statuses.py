"""Answers with another status or other header fields than the documents give them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from faults.caller import APP, DEMO, UNKNOWN, Ask, Caller
from faults.fault import Category, seeded
from faults.middleware import At, Call, Forward, answered, names_no_app_id, respond

_status = partial(seeded, Category.STATUSES)

_DAY = {"from_date": "2026-01-01", "to_date": "2026-01-01"}


def _envelope_too(new: int) -> Callable[[Call], None]:
    """The status, and `Code` in the envelope with it."""

    def change(call: Call) -> None:
        call.status = new
        reply = call.reply
        if isinstance(reply, dict) and "Code" in reply:
            call.reply = {**reply, "Code": new}

    return change


def _redirect(call: Call) -> None:
    call.status = 302
    call.set_answer_header(b"location", b"/")


def _nothing(call: Call) -> None:
    call.status, call.answer = 204, b""


def _is_called(media_type: bytes | None) -> Callable[[Call], None]:
    return lambda call: call.set_answer_header(b"content-type", media_type)


def _in_gbk(call: Call) -> None:
    call.answer = call.answer.decode().encode("gbk")


def _malformed_is_a_crash() -> At:
    async def middleware(call: Call, forward: Forward) -> None:
        await forward()
        if call.content and call.body is None and call.status == 400:
            call.status, call.reply = 500, {"message": "An unexpected error occurred"}

    return At(lambda: middleware)


def _any_method_will_do() -> At:
    async def middleware(call: Call, forward: Forward) -> None:
        await forward()
        if call.status == 405:
            call.status, call.reply = 200, {"success": True}

    return At(lambda: middleware)


def _quota(a: Caller, ask: Ask) -> Any:
    a.emulator.settings.rate_limit = True
    return [a.send(ask).status for _ in range(11)]


_RECORDING = "acquire start_recording query_recording stop_recording"

FAULTS = (
    _status(
        "acquire-is-accepted",
        "CR-60",
        "acquire answers 202, which is none of the statuses",
        answered("acquire", respond(202)),
        lambda a: a.acquire(),
    ),
    _status(
        "stop-has-no-content",
        "CR-51",
        "stop answers 204 and says nothing",
        answered("stop_recording", _nothing),
        lambda a: a.stop(*a.record()),
    ),
    _status(
        "invalid-appid-is-forbidden",
        "CR-65",
        "an App ID that does not exist is 403",
        answered(_RECORDING, lambda call: names_no_app_id(call) and respond(403)(call), status=400),
        lambda a: a.acquire(app="f" * 32),
    ),
    _status(
        "expired-is-gone",
        "CR-65",
        "an expired resource ID is 410",
        answered("start_recording", _envelope_too(410), code=433),
        lambda a: [resource := a.resource(), a.advance(301), a.start(resource)],
    ),
    _status(
        "used-is-a-conflict",
        "CR-65",
        "a used resource ID is 409",
        answered("start_recording", _envelope_too(409), code=1005),
        lambda a: [made := a.record(), a.stop(*made), a.start(made[0])],
    ),
    _status(
        "bad-name-is-not-found",
        "CR-65",
        "a channel name that is none is 404",
        answered("acquire", _envelope_too(404), code=1013),
        lambda a: a.acquire("a/b"),
    ),
    _status(
        "missing-worker-is-malformed",
        "CR-65",
        "a recording that is no longer there is 400",
        answered("stop_recording", _envelope_too(400), status=404),
        lambda a: [made := a.record(), a.stop(*made), a.stop(*made)],
    ),
    _status(
        "wrong-credentials-are-forbidden",
        "CR-02",
        "wrong credentials are 403",
        answered("", lambda call: call.path.startswith("/v1/apps") and respond(403)(call), status=401),
        lambda a: a.send(Ask("POST", f"/v1/apps/{APP}/cloud_recording/acquire", {}, user=("emulator", "wrong"))),
    ),
    _status(
        "eleventh-recording-call-is-503",
        "CR-05",
        "the eleventh call of a second is 503",
        answered("query_recording", respond(503), status=429),
        lambda a: _quota(a, Ask("GET", f"/v1/apps/{APP}/cloud_recording/resourceid/x/sid/y/mode/mix/query")),
    ),
    _status(
        "eleventh-console-call-is-403",
        "CO-03",
        "the eleventh call of a second is 403",
        answered("list_projects", respond(403), status=429),
        lambda a: _quota(a, Ask("GET", "/dev/v1/projects/")),
    ),
    _status(
        "recording-answers-plain-text",
        "CR-03",
        "query calls its JSON plain text",
        answered("query_recording", _is_called(b"text/plain; charset=utf-8")),
        lambda a: a.query(*a.record()),
    ),
    _status(
        "untyped-answer",
        "CR-03",
        "start does not say what its answer is",
        answered("start_recording", _is_called(None)),
        lambda a: a.start(a.resource()),
    ),
    _status(
        "console-answers-html",
        "CO-02",
        "the list of channels calls itself HTML",
        answered("list_channels", _is_called(b"text/html")),
        lambda a: a.channels(),
    ),
    _status(
        "refusals-are-html",
        "CO-02",
        "what refuses wrong credentials calls itself HTML",
        answered("", lambda call: call.path.startswith("/dev") and _is_called(b"text/html")(call), status=401),
        lambda a: a.send(Ask("GET", "/dev/v1/projects/", user=None)),
    ),
    _status(
        "usage-in-gbk",
        "CO-02",
        "v3 usage is written in GBK, which is no encoding of JSON",
        answered("get_usage_v3", _in_gbk),
        lambda a: a.get("/v3/usage/", project_id=DEMO, business="default", **_DAY).content,
    ),
    _status(
        "malformed-json-crashes",
        "CO-04",
        "a body that is not JSON is 500",
        _malformed_is_a_crash(),
        lambda a: a.send(Ask("POST", "/dev/v1/signkey/", b"{")),
    ),
    _status(
        "malformed-input-is-422",
        "CO-04",
        "malformed input is 422",
        answered("create_project create_kicking_rule list_channels", respond(422), status=400),
        lambda a: a.create(name=7),
    ),
    _status(
        "unknown-project-is-malformed",
        "CO-17",
        "a project that does not exist is 400",
        answered("find_project", respond(400), status=404),
        lambda a: a.find(id=UNKNOWN),
    ),
    _status(
        "unknown-project-is-fine",
        "CO-17",
        "finding a project that does not exist is 200 with an empty list",
        answered("find_project", respond(200, {"project": []}), status=404),
        lambda a: a.find(id=UNKNOWN),
    ),
    _status(
        "deleted-rule-has-no-content",
        "CO-47",
        "deleting a rule is answered with 204 and nothing else",
        answered("delete_kicking_rule", _nothing),
        lambda a: [a.kick(uid=7), a.delete("/v1/kicking-rule/", appid=APP, id=1)],
    ),
    _status(
        "found-elsewhere",
        "CO-15",
        "find redirects to the list of projects",
        answered("find_project", _redirect),
        lambda a: a.find(id=DEMO),
    ),
    _status(
        "partial-list",
        "CO-04",
        "the list of projects is 206",
        answered("list_projects", respond(206)),
        lambda a: a.get("/v1/projects/"),
    ),
    _status(
        "any-method-succeeds",
        "CO-04",
        "a method that a path does not have is 200",
        _any_method_will_do(),
        lambda a: a.send(Ask("DELETE", "/dev/v1/projects/")),
    ),
    _status(
        "unknown-app-crashes-query",
        "CR-15",
        "query of an App ID that does not exist is 500",
        answered("query_recording", lambda call: names_no_app_id(call) and respond(500)(call), status=400),
        lambda a: a.query("x", "y", app="f" * 32),
    ),
)
