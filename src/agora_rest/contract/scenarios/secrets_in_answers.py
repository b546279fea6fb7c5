"""Secrecy of responses: no secret of a request is returned in any response."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any, Final

from agora_rest import spec
from agora_rest.contract.checking.checks import check
from agora_rest.contract.http.control import Control
from agora_rest.contract.http.server import Recording, Resource, Response, Server, path_of
from agora_rest.contract.safety.access import Profile
from agora_rest.contract.scenarios._calls import live_calls
from agora_rest.contract.scenarios._recording import (
    CONFIG,
    STORED,
    PathInBody,
    changed,
    start_as,
    start_body,
    unknown_app_id,
)

_ACCESS_KEY: Final = "Contract-AK-7f3a91c2"
"""Marks that nothing else contains. They are planted as secrets, and must not come up again."""

_SECRET_KEY: Final = "Contract-SK-e5d40b68"  # noqa: S105  invented
_DECRYPTION: Final = "Contract-DS-19c8a7f4"
_PASSWORD: Final = "Contract-PW-42be06d1"  # noqa: S105  invented
_NUMBER: Final = 7319046582190
"""The same for a key that is sent as a number by mistake."""

_MARKS: Final = (_ACCESS_KEY, _SECRET_KEY, _DECRYPTION, _PASSWORD, str(_NUMBER))


@check("CR-24", "CR-33", "CR-64")
def no_response_about_a_recording_contains_its_secrets(server: Server) -> None:
    """Neither `start` nor any later response about the recording contains a storage key or the decryption secret."""
    resource = server.acquire()
    body = _body_with_secrets(resource)
    response = _must_keep_quiet(start_as(server, resource, body))
    recording = server.recording(resource, response)
    for each in _later_responses(server, recording, body):
        _must_keep_quiet(each)


@check("CR-24", "CR-33", "CR-62")
def no_refusal_holds_the_secrets_of_the_request(server: Server) -> None:
    """A refusal of `start`, for any reason, contains no storage key and no decryption secret."""
    resource, recording = server.acquire(), server.record()
    body = _body_with_secrets(resource)
    for path, value in _MISTAKES:
        _must_keep_quiet(start_as(server, resource, changed(body, path, value)))
    for wrong in ({"resourceid": "unknown"}, {"mode": "web"}, {"appid": unknown_app_id(server)}):
        _must_keep_quiet(server.send("start_recording", path={**path_of(resource), **wrong}, body=body))
    running = {**body, "cname": recording.resource.cname, "uid": recording.resource.uid}
    _must_keep_quiet(start_as(server, recording.resource, running))
    right = json.dumps(body).encode()
    for content in (
        right[:-1],
        right[1:],
        right + right,
        right.replace(b'"', b"'"),
        right[:-1] + b',"x":"\xff"}',
        b"[" + right + b"]",
    ):
        _must_keep_quiet(server.send("start_recording", path=path_of(resource), content=content))
    for method, headers in (("PUT", {}), ("POST", {"Content-Type": "text/plain"})):
        url = server.trail[-1].path
        _must_keep_quiet(server.request(method, url, content=right, headers=headers, auth=server.account.credentials))


@check("CR-02", profile=Profile.READ_ONLY)
def no_recording_response_contains_credentials(server: Server) -> None:
    """No response of Cloud Recording contains the credentials of its request, right or wrong, plain or encoded."""
    _must_keep_credentials(server, "cloud-recording")


@check("CO-01", profile=Profile.READ_ONLY)
def no_console_response_contains_credentials(server: Server) -> None:
    """No response of the Console contains the credentials of its request, right or wrong, plain or encoded."""
    _must_keep_credentials(server, "console")


@check("CR-33", needs=Control.CLOCK)
def no_late_refusal_holds_secrets(server: Server) -> None:
    """A `start` that comes too late (433) or again (1005) is refused without a word of its secrets."""
    late, used = server.acquire(), server.acquire()
    recording = server.recording(used, start_as(server, used, _body_with_secrets(used)))
    server.stop(recording)
    _must_keep_quiet(start_as(server, used, _body_with_secrets(used)))
    server.advance(minutes=6)
    _must_keep_quiet(start_as(server, late, _body_with_secrets(late)))


# -- inside ------------------------------------------------------------------------------------------------------------


def _must_keep_credentials(server: Server, api: spec.Api) -> None:
    user, certificate = server.account.credentials
    for call in live_calls(server, api):
        for password in (certificate, _PASSWORD):
            response = call.send(server, auth=(user, password))
            token = base64.b64encode(f"{user}:{password}".encode()).decode()
            if password in _text(response) or token in _text(response):
                broken = response.broken("a response without the credentials of the request")
                raise broken.because("credentials in a response")


_MISTAKES: Final[tuple[tuple[PathInBody, Any], ...]] = (
    ((*STORED, "region"), 99),
    ((*STORED, "vendor"), 9),
    ((*STORED, "accessKey"), _NUMBER),
    ((*STORED, "secretKey"), _NUMBER),
    ((*STORED, "accessKey"), [_ACCESS_KEY]),
    ((*STORED, "secretKey"), {"key": _SECRET_KEY}),
    ((*STORED, "secretKey"), None),
    ((*STORED, "bucket"), None),
    (STORED, [_ACCESS_KEY, _SECRET_KEY]),
    (STORED, f"{_ACCESS_KEY}:{_SECRET_KEY}"),
    (STORED, {"AccessKey": _ACCESS_KEY, "SecretKey": _SECRET_KEY}),
    ((*CONFIG, "secret"), _NUMBER),
    ((*CONFIG, "secret"), [_DECRYPTION]),
    ((*CONFIG, "decryptionMode"), 9),
    ((*CONFIG, "maxIdleTime"), 1),
    (("clientRequest",), [_ACCESS_KEY, _SECRET_KEY, _DECRYPTION]),
    (("clientRequest",), f"{_ACCESS_KEY}:{_SECRET_KEY}"),
    (("cname",), "another"),
    (("cname",), "x" * 65),
    (("uid",), "0"),
    (("uid",), 5),
)
"""Mistakes that tempt a server to quote what it was sent."""


def _body_with_secrets(resource: Resource) -> dict[str, Any]:
    body = changed(start_body(resource), (*STORED, "accessKey"), _ACCESS_KEY)
    body = changed(body, (*STORED, "secretKey"), _SECRET_KEY)
    return changed(body, CONFIG, {"decryptionMode": 1, "secret": _DECRYPTION})


def _later_responses(server: Server, recording: Recording, body: Any) -> Iterator[Response]:
    yield start_as(server, recording.resource, body)
    yield server.query(recording)
    yield server.query(recording, path={"sid": recording.sid[::-1]})
    if Control.USERS in server.offers:
        server.join(recording.resource.cname, 7)
    yield server.send("list_channels")
    yield server.send("list_channel_users", path={"cname": recording.resource.cname})
    yield server.stop(recording)
    yield server.query(recording)
    yield server.stop(recording)


def _must_keep_quiet(response: Response) -> Response:
    text = _text(response)
    if any(mark in text for mark in _MARKS):
        broken = response.broken("a response without the secrets of the request")
        broken.got = f"a response with a secret, status {response.status}"
        raise broken
    return response


def _text(response: Response) -> str:
    """The whole text of a response, headers included; JSON escapes are decoded as well."""
    exchange = response.exchange
    headers = "\n".join(f"{name}: {value}" for name, value in exchange.headers.items())
    return f"{headers}\n{exchange.text}\n{json.dumps(exchange.json, ensure_ascii=False, default=str)}"
