"""Request bodies must be JSON in UTF-8 with the matching content type; anything else is a 400, never a 5xx."""

from __future__ import annotations

import json
from collections.abc import Iterator

from agora_rest import spec
from agora_rest.contract.checking.checks import check
from agora_rest.contract.http.server import Server
from agora_rest.contract.scenarios._calls import Call, live_calls
from agora_rest.contract.scenarios._recording import alone

_RIGHT_TYPES = (
    "application/json",
    "application/json;charset=utf-8",
    "application/json; charset=UTF-8",
    "Application/JSON",
)
_WRONG_TYPES = (
    *("text/plain", "text/json", "application/xml", "application/x-www-form-urlencoded", "application/octet-stream"),
    *("multipart/form-data; boundary=x", "application/jsonx", "application/json-patch+json", "json", "*/*"),
)


@check("CR-62", "CR-60")
def recording_calls_refuse_what_is_no_json(server: Server) -> None:
    """To Cloud Recording a body that is malformed, empty, too deep, too large or no object is a 400, and no failure."""
    _try_malformed(server, "cloud-recording")


@check("CO-04", "CO-02")
def console_calls_refuse_what_is_no_json(server: Server) -> None:
    """To the Console a body that is malformed, empty, too deep, too large or no object is a 400, and no failure."""
    _try_malformed(server, "console")


@check("CR-03")
def recording_calls_take_json_only(server: Server) -> None:
    """Cloud Recording accepts only bodies declared as JSON, with or without the charset UTF-8; others are a 400."""
    _try_types(server, "cloud-recording")


@check("CO-02")
def console_calls_take_json_only(server: Server) -> None:
    """The Console accepts only bodies declared as JSON, with or without the charset UTF-8; others are a 400."""
    _try_types(server, "console")


@check("CR-03")
def bodies_are_utf_8(server: Server) -> None:
    """Characters outside ASCII pass in a body, as themselves or escaped, if any text is allowed."""
    for note in ("课程", "naïve", "\U0001f600", "\u2028"):
        body = {"cname": server.fresh_channel(), "uid": server.fresh_uid(), "clientRequest": {"note": note}}
        for ascii_only in (False, True):
            with alone(server):
                server.send("acquire", content=json.dumps(body, ensure_ascii=ascii_only).encode()).must_succeed()


@check("CR-03", "CR-40")
def a_get_needs_no_body(server: Server) -> None:
    """`query` works without a body and without a content type."""
    recording = server.record()
    response = server.query(recording).must_succeed()
    response.must(not response.exchange.request_body, "success without a body")


# -- inside ------------------------------------------------------------------------------------------------------------


def _try_malformed(server: Server, api: spec.Api) -> None:
    for call in _calls_with_bodies(server, api):
        for content in _malformed(call.content or b""):
            with alone(server):
                call.send(server, content=content).must_be_refused(400)
    for call in live_calls(server, api):
        call.must_work(server)


def _malformed(right: bytes) -> Iterator[bytes]:
    """Bodies that are not a JSON object in UTF-8, beginning with `right` damaged."""
    yield from (right[:-1], right[1:], right + right, right + b"}", right[:-1] + b",}", right.replace(b'"', b"'"))
    yield from (
        b"",
        b" ",
        b"{",
        b"}",
        b"[",
        b"nul",
        b"{}{}",
        b"undefined",
        b"a=b",
        b"<json/>",
        b"\x00",
        b"\xff\xfe",
        b'"',
    )
    yield from (b"null", b"true", b"0", b"1", b'""', b'"text"', b"[]", b"[{}]", b"[" + right + b"]")
    yield from (right[:-1] + b',"more":' + value + b"}" for value in (b"NaN", b"Infinity", b"01", b"'x'", b"", b"\xff"))
    yield from (
        right[:-1] + b',"more":"' + text + b'"}' for text in (b"\xff", b"\xc3", b"\xed\xa0\x80", b"\\x", b"\n", b"\x00")
    )
    yield right.decode().encode("utf-16")
    yield b"[" * 100_000
    yield b'{"a":' * 100_000
    yield b"[" * 20_000 + b"]" * 20_000
    yield b'"' + b"x" * 2_000_000 + b'"'


def _try_types(server: Server, api: spec.Api) -> None:
    for call in _calls_with_bodies(server, api):
        for media_type in _WRONG_TYPES:
            with alone(server):
                call.send(server, headers={"Content-Type": media_type}).must_be_refused(400)
    for media_type in _RIGHT_TYPES:
        for call in _calls_with_bodies(server, api):
            call.must_work(server, headers={"Content-Type": media_type})


def _calls_with_bodies(server: Server, api: spec.Api) -> list[Call]:
    return [call for call in live_calls(server, api) if call.content is not None]
