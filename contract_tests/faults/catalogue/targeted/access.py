"""Credentials, and secrets that come out."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from agora_rest.emulator import DEFAULT_CUSTOMER_ID
from faults.fault import Category, targeted
from faults.middleware import RIGHT_CREDENTIALS, At, Forward, HttpCall, edit, on_request, on_response, respond

_RECORDED = "recording_needs_the_right_credentials"
_ADMINISTERED = "the_console_needs_the_right_credentials"


def _let_in(operations: str, when: Callable[[HttpCall], bool]) -> At:
    """A caller with other credentials is let in."""
    return on_request(
        operations, lambda call: call.set_header(b"authorization", RIGHT_CREDENTIALS) if when(call) else None
    )


def _credentials(call: HttpCall) -> str:
    """The credentials of a request, decoded, or ""."""
    scheme, _, token = call.header(b"authorization").partition(b" ")
    try:
        return base64.b64decode(token, validate=True).decode() if scheme == b"Basic" else ""
    except ValueError:
        return ""


def _reads_first() -> At:
    async def middleware(call: HttpCall, forward: Forward) -> None:
        await forward()
        if call.content == b"{":
            respond(400, {"message": "malformed"})(call)

    return At(lambda: middleware)


def _one_case_only(call: HttpCall) -> None:
    if call.header(b"authorization").startswith(b"basic"):
        call.set_header(b"authorization", None)


CREDENTIALS = {
    f"{_RECORDED} {_ADMINISTERED} a_stranger_changes_no_recording a_stranger_changes_no_project": {
        "everybody is let in": _let_in("", lambda _: True),
    },
    _RECORDED: {
        "the token may stand in another header": _let_in("", lambda call: bool(call.header(b"x-authorization"))),
    },
    f"{_RECORDED} {_ADMINISTERED}": {
        "only the user is looked at": _let_in(
            "", lambda call: _credentials(call).startswith(f"{DEFAULT_CUSTOMER_ID}:")
        ),
    },
    f"{_ADMINISTERED} a_stranger_changes_no_project": {
        "create_kicking_rule needs no credentials": _let_in("create_kicking_rule", lambda _: True),
    },
    "recording_looks_at_credentials_first the_console_looks_at_credentials_first": {
        "what is malformed is refused before credentials are looked at": _reads_first(),
    },
    "the_scheme_is_basic_in_any_case the_consoles_scheme_is_basic_in_any_case": {
        "the scheme is known in one case only": on_request("", _one_case_only),
    },
}


def _quoted(code: int) -> At:
    """A refusal quotes the body it was sent."""

    def change(call: HttpCall) -> None:
        call.payload = {**call.payload, "sent": call.content.decode("utf-8", "replace")}

    return on_response("start_recording", change, code=code)


def _key_of(call: HttpCall, name: str) -> Any:
    body = call.body if isinstance(call.body, dict) else {}
    request = body.get("clientRequest")
    storage = request.get("storageConfig") if isinstance(request, dict) else None
    return storage.get(name) if isinstance(storage, dict) else None


def _query_tells_the_request() -> At:
    known: dict[str, Any] = {}

    def change(call: HttpCall) -> None:
        if call.operation == "start_recording":
            known[call.parameters["resourceid"]] = call.body
        else:
            edit(lambda body: body.update(request=known.get(call.parameters["resourceid"])))(call)

    return on_response("start_recording query_recording", change)


def _secret_in_a_header() -> At:
    async def middleware(call: HttpCall, forward: Forward) -> None:
        await forward()
        key = str(_key_of(call, "secretKey"))
        call.set_response_header(b"x-debug", key.encode("ascii", "replace"))

    return At(lambda: middleware)


def _quotes_a_number(call: HttpCall) -> None:
    key = _key_of(call, "accessKey")
    if isinstance(key, int):
        edit(lambda body: body.update(reason=f"{key} is no string"))(call)


_REFUSED = "no_refusal_holds_the_secrets_of_the_request"

SECRETS = {
    _REFUSED: {
        "a mismatch quotes the request": _quoted(1003),
        "error 2 quotes a wrong number": on_response("start_recording", _quotes_a_number, code=2),
    },
    f"{_REFUSED} no_response_about_a_recording_contains_its_secrets": {
        "a start that comes again quotes the request": _quoted(1004),
        "a header has the secret key": _secret_in_a_header(),
    },
    "no_late_refusal_holds_secrets": {
        "a start that comes too late quotes the request": _quoted(433),
        "a start on a used resource ID quotes the request": _quoted(1005),
    },
    "no_response_about_a_recording_contains_its_secrets": {
        "query tells how the recording was started": _query_tells_the_request(),
    },
}

FAULTS = (*targeted(Category.AUTHENTICATION, CREDENTIALS), *targeted(Category.AUTHENTICATION, SECRETS))
