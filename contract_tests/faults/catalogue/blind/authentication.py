"""Callers who are let in and should not be, and secrets that come out."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from agora_rest import spec
from agora_rest.emulator import DEFAULT_CUSTOMER_CERTIFICATE, DEFAULT_CUSTOMER_ID
from agora_rest.emulator.refusals import InvalidInput
from agora_rest.emulator.web import endpoints
from faults.caller import APP, DEMO, STORAGE, Caller, Request
from faults.middleware import RIGHT_CREDENTIALS, At, Forward, HttpCall, on_request, on_response, respond
from faults.patches import method
from faults.seeds import authentication


def _let_in(operations: str, when: Callable[[bytes, str, str], bool]) -> At:
    """Give a request the right credentials where its header, user or password satisfies `when`."""

    def change(call: HttpCall) -> None:
        header = call.header(b"authorization")
        try:
            user, _, password = base64.b64decode(header.partition(b" ")[2]).decode().partition(":")
        except ValueError:
            user = password = ""
        if when(header, user, password):
            call.set_header(b"authorization", RIGHT_CREDENTIALS)

    return on_request(operations, change)


def _carried_out_all_the_same(operations: str) -> At:
    async def middleware(call: HttpCall, forward: Forward) -> None:
        await forward()
        if call.operation in operations.split() and call.status == 401:
            refused = call.status, call.response_body, call.response_headers
            call.set_header(b"authorization", RIGHT_CREDENTIALS)
            await forward()
            call.status, call.response_body, call.response_headers = refused

    return At(lambda: middleware)


def _echo(pick: Callable[[HttpCall], Any], name: str) -> Callable[[HttpCall], None]:
    def change(call: HttpCall) -> None:
        reply = call.payload
        holder = reply.get("Body", reply)
        holder[name] = pick(call)
        call.payload = reply

    return change


def _echo_header(call: HttpCall) -> None:
    call.set_response_header(b"x-authorization", call.header(b"authorization"))


def _storage_of(call: HttpCall) -> Any:
    return (call.body or {}).get("clientRequest", {}).get("storageConfig")


def _quoting_reason(original: Any, self: Any, value: Any, **how: Any) -> Any:
    try:
        return original(self, value, **how)
    except InvalidInput as refused:
        raise InvalidInput(f"{refused.reason} in {value}") from None


def _asks(a: Caller, user: Any, *paths: str) -> list[int]:
    return [a.send(Request("GET", path, user=user)).status for path in paths]


_QUERY = f"/v1/apps/{APP}/cloud_recording/resourceid/x/sid/y/mode/mix/query"
_PROJECTS = spec.operation("list_projects").url()
_RECORDING = "acquire start_recording query_recording stop_recording"
_BASIC = (DEFAULT_CUSTOMER_ID, DEFAULT_CUSTOMER_CERTIFICATE)


def _basic(text: str, scheme: str = "Basic") -> str:
    return f"{scheme} {base64.b64encode(text.encode()).decode()}"


FAULTS = {
    "query-for-everybody": authentication(
        "CR-02",
        "query needs no credentials",
        _let_in("query_recording", lambda header, *_: not header),
        lambda a: _asks(a, None, _QUERY),
    ),
    "projects-for-everybody": authentication(
        "CO-01",
        "the list of projects, certificates and all, needs no credentials",
        _let_in("list_projects", lambda header, *_: not header),
        lambda a: _asks(a, None, _PROJECTS),
    ),
    "usage-for-everybody": authentication(
        "CO-01",
        "v3 usage needs no credentials",
        _let_in("get_usage_v3", lambda header, *_: not header),
        lambda a: _asks(
            a, None, f"/dev/v3/usage?project_id={DEMO}&business=default&from_date=2026-01-01&to_date=2026-01-01"
        ),
    ),
    "any-password": authentication(
        "CO-01",
        "the password is not looked at in calls about certificates",
        _let_in("enable_certificate reset_certificate", lambda _, user, __: user == DEFAULT_CUSTOMER_ID),
        lambda a: a.send(Request("POST", "/dev/v1/reset_signkey", {"id": DEMO}, user=("emulator", "wrong"))),
    ),
    "any-user": authentication(
        "CR-02",
        "any user will do if the password is right",
        _let_in(_RECORDING, lambda *given: given[2] == DEFAULT_CUSTOMER_CERTIFICATE),
        lambda a: _asks(a, ("somebody", DEFAULT_CUSTOMER_CERTIFICATE), _QUERY),
    ),
    "any-scheme": authentication(
        "CR-02",
        "Bearer with the same credentials is taken for Basic",
        _let_in(_RECORDING, lambda header, *_: header.startswith(b"Bearer ")),
        lambda a: _asks(a, _basic(":".join(_BASIC), "Bearer"), _QUERY),
    ),
    "password-in-any-case": authentication(
        "CO-01",
        "upper and lower case of the password do not matter",
        _let_in("", lambda _, user, password: (user, password.lower()) == _BASIC),
        lambda a: _asks(a, ("emulator", "EMULATOR-SECRET"), _PROJECTS),
    ),
    "password-cut-off": authentication(
        "CR-02",
        "a password that only begins as the right one is taken",
        _let_in(_RECORDING, lambda _, user, password: user == _BASIC[0] and password.startswith(_BASIC[1])),
        lambda a: _asks(a, ("emulator", "emulator-secret-and-more"), _QUERY),
    ),
    "empty-password": authentication(
        "CO-01",
        "an empty password is taken",
        _let_in("", lambda _, user, password: user == _BASIC[0] and not password),
        lambda a: _asks(a, ("emulator", ""), _PROJECTS),
    ),
    "unreadable-credentials": authentication(
        "CO-01",
        "Basic with something that is not base64 is taken",
        _let_in("", lambda header, user, _: header.startswith(b"Basic ") and not user),
        lambda a: _asks(a, "Basic ???", _PROJECTS),
    ),
    "refused-and-deleted": authentication(
        "CO-01 CO-18",
        "delete_project without credentials is 401, and deletes",
        _carried_out_all_the_same("delete_project"),
        lambda a: [a.send(Request("DELETE", "/dev/v1/project", {"id": DEMO}, user=None)).status, a.find(id=DEMO)],
    ),
    "refused-and-stopped": authentication(
        "CR-02",
        "stop with wrong credentials is 401, and stops the recording",
        _carried_out_all_the_same("stop_recording"),
        lambda a: [
            made := a.record(),
            a.send(
                Request(
                    "POST",
                    f"/v1/apps/{APP}/cloud_recording/resourceid/{made[0]}/sid/{made[1]}/mode/mix/stop",
                    {"cname": "lesson", "uid": "527841", "clientRequest": {}},
                    user=None,
                )
            ).status,
            a.status(*made),
        ],
    ),
    "storage-keys-echoed": authentication(
        "CR-33",
        "start answers with the storage keys it was given",
        on_response("start_recording", _echo(_storage_of, "storageConfig")),
    ),
    "storage-keys-in-an-error": authentication(
        "CR-33 CR-62",
        "error 2 quotes the body, storage keys and all",
        method(endpoints.Endpoint, "check_body", _quoting_reason),
        lambda a: a.start(a.resource(), storage={**STORAGE, "vendor": 9}),
    ),
    "decryption-secret-echoed": authentication(
        "CR-24",
        "start answers with the decryption password",
        on_response(
            "start_recording",
            _echo(lambda call: call.body["clientRequest"].get("recordingConfig", {}).get("secret"), "secret"),
        ),
    ),
    "credentials-in-a-header": authentication(
        "CO-01", "the answer repeats the Authorization header", on_response("find_project", _echo_header)
    ),
    "credentials-in-the-401": authentication(
        "CR-02",
        "the 401 quotes the credentials that were wrong",
        on_response(
            "",
            lambda call: respond(
                payload={"message": f"Invalid authentication credentials: {call.header(b'authorization').decode()}"}
            )(call),
            status=401,
        ),
        lambda a: a.send(Request("GET", _QUERY, user=("emulator", "wrong-one"))),
    ),
}
