"""Routes, bodies, quotas and calls at once, of both APIs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from agora_rest.emulator.quotas import Limit, Quotas
from faults.fault import Category, Table, targeted
from faults.middleware import (
    RIGHT_CREDENTIALS,
    At,
    Forward,
    HttpCall,
    at_once,
    error,
    on_request,
    on_response,
    put,
    refuse,
    respond,
    text_of,
)
from faults.patches import Patch, called_with, method

_NOWHERE = "beside_the_recording_paths_there_is_nothing beside_the_consoles_paths_there_is_nothing"


def _put_is_post() -> At:
    async def middleware(call: HttpCall, forward: Forward) -> None:
        await forward()
        if call.status == 405 and call.method == "PUT":
            call.method = "POST"
            await forward()

    return At(lambda: middleware)


def _last_spelling(call: HttpCall) -> None:
    if isinstance(call.body, dict) and "Cname" in call.body:
        call.body = {**call.body, "cname": call.body["Cname"]}


def _nowhere(status: int) -> At:
    return on_response("", lambda call: respond(status)(call) if "no Route" in text_of(call) else None, status=404)


ROUTES: Table = {
    f"{_NOWHERE} paths_are_case_sensitive": {
        "unknown paths are 400": _nowhere(400),
    },
    _NOWHERE: {
        "unknown paths are 200": _nowhere(200),
    },
    "recording_calls_have_one_method console_calls_have_their_methods": {
        "PUT is taken for POST": _put_is_post(),
    },
    "members_are_case_sensitive": {
        "the last spelling of a member counts": on_request("start_recording", _last_spelling),
    },
    "a_get_needs_no_body": {
        "query needs a body": refuse("query_recording", lambda call: not call.content, error(2)),
    },
}

_MALFORMED = "recording_calls_refuse_what_is_no_json console_calls_refuse_what_is_no_json"
_TYPED = "recording_calls_take_json_only console_calls_take_json_only"


def _fails_at(what: bytes, status: int = 500) -> At:
    async def middleware(call: HttpCall, forward: Forward) -> None:
        await forward()
        if what in call.content:
            respond(status, {"message": "no"})(call)

    return At(lambda: middleware)


def _typed(*prefixes: bytes) -> At:
    """A body whose type begins like this is taken for JSON."""

    def change(call: HttpCall) -> None:
        if call.header(b"content-type").lower().startswith(prefixes) and call.content:
            call.set_header(b"content-type", b"application/json")

    return on_request("", change)


BODIES: Table = {
    _MALFORMED: {
        **{
            f"a body with {what[:8]!r} is a failure of the server": _fails_at(what)
            for what in (b"\xff", b"[" * 90_000, b"NaN", b'{"a":' * 9)
        },
        "large bodies are 413": _fails_at(b"x" * 1_000_000, 413),
    },
    _TYPED: {
        "another type is 415": on_response(
            "",
            lambda call: respond(415, {"message": "no"})(call) if "Content-Type" in text_of(call) else None,
            status=400,
        ),
        "only the beginning of the type counts": _typed(b"application/json"),
        "a charset is refused": refuse("", lambda call: b"charset=" in call.header(b"content-type"), error(2)),
    },
    "bodies_are_utf_8": {
        "bodies are ASCII": refuse("", lambda call: not call.content.isascii(), error(2)),
        "escapes are refused": refuse("", lambda call: b"\\u" in call.content, error(2)),
    },
}


def _bucket(_original: Any, self: Any, limits: tuple[Limit, ...], now: Any) -> bool:
    """Ten tokens that come back one by one."""
    level: dict[str, tuple[float, float]] = vars(self).setdefault("level", {})
    for limit in limits:
        tokens, since = level.get(limit.group, (10.0, now))
        tokens = min(10.0, tokens + (now - since) * 10)
        level[limit.group] = (tokens - 1 if tokens >= 1 else tokens, now)
        if tokens < 1:
            return False
    return True


def _limited(calls: int) -> Patch:
    return called_with(Quotas, "admit", limits=lambda limits: tuple(each._replace(calls=calls) for each in limits))


def _uncounted_refusals() -> At:
    async def middleware(call: HttpCall, forward: Forward) -> None:
        name = call.body.get("cname") if isinstance(call.body, dict) else ""
        if call.operation == "acquire" and not str(name).isascii():
            call.response_headers = [(b"content-type", b"application/json")]
            respond(400, {"Code": 400, "Body": {"code": 1013, "reason": "refused"}})(call)
        else:
            await forward()

    return At(lambda: middleware)


def _counted_strangers() -> At:
    async def middleware(call: HttpCall, forward: Forward) -> None:
        if call.operation and not call.header(b"authorization"):
            call.set_header(b"authorization", RIGHT_CREDENTIALS)
            await forward()
            call.set_header(b"authorization", None)
        await forward()

    return At(lambda: middleware)


_COUNTED = "ten_calls_of_each_kind_pass_in_a_second"

LIMITS: Table = {
    f"{_COUNTED} ten_calls_pass_however_many_come_at_once": {
        "eleven calls pass": _limited(11),
    },
    "the_second_of_the_limit_slides": {
        "tokens come back one by one": method(Quotas, "admit", _bucket),
    },
    f"{_COUNTED} a_failed_call_counts a_call_over_the_limit_is_not_done": {
        "every call passes": method(Quotas, "admit", lambda *_: True),
    },
    "a_failed_call_counts": {
        "a bad channel name is refused before it is counted": _uncounted_refusals(),
    },
    "a_call_that_is_none_costs_nothing": {
        "calls without credentials count": _counted_strangers(),
    },
}


def _succeeds(call: HttpCall) -> None:
    ids = {"sid": "a" * 32, "resourceId": call.parameters["resourceid"]}
    server = {"serverResponse": {"uploadingStatus": "uploaded"}} if call.operation == "stop_recording" else {}
    respond(200, {"Code": 200, "Body": {**ids, **server}})(call)


def _all_succeed(operation: str, key: Callable[[HttpCall], str]) -> At:
    return at_once(operation, key, lambda before, call: _succeeds(call) if before else None)


def _like_the_first(before: list[HttpCall], call: HttpCall) -> None:
    if before:
        call.response_body = before[0].response_body


AT_ONCE: Table = {
    "recorders_at_once_need_uids_of_their_own": {
        "a user records twice at once": _all_succeed("start_recording", lambda call: str(call.body["cname"])),
    },
    "stops_at_once_end_a_recording_once": {
        "two stops at once both succeed": _all_succeed("stop_recording", lambda call: call.parameters["sid"]),
    },
    "ids_given_at_once_differ": {
        "resource IDs are drawn from the time": on_response("acquire", put("resourceId", "now")),
    },
    "a_start_and_a_stop_at_once_leave_no_second_recording": {
        "a start after the end of a recording begins it again": on_response("start_recording", _succeeds, code=1005),
    },
    "concurrent_searches_find_the_requested_projects": {
        "of projects found at once all are the first": at_once("find_project", lambda _: "", _like_the_first),
    },
}

FAULTS = (
    *targeted(Category.VALIDATION, ROUTES),
    *targeted(Category.VALIDATION, BODIES),
    *targeted(Category.TIME, LIMITS),
    *targeted(Category.CONCURRENCY, AT_ONCE),
)
