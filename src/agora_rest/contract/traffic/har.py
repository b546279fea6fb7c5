"""Reading HAR 1.2 files, exchange by exchange, in bounded memory."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any

from agora_rest.contract.http.exchange import Exchange
from agora_rest.contract.traffic.units import HarError, units


@dataclass(frozen=True)
class Recorded:
    """An exchange in a HAR file.

    number: its place in the file, from 1. started: when the request was sent, Unix time in seconds, None if not said.
    body_known, request_body_known: whether the file holds the body; browsers leave some out, and overlong ones are not
    read. parameters: those of the path, once it is known what it means.
    """

    number: int
    exchange: Exchange
    started: float | None
    body_known: bool = True
    request_body_known: bool = True
    parameters: Mapping[str, str] = field(default_factory=dict)


def read(stream: IO[bytes]) -> Iterator[Recorded]:
    """Every exchange in a HAR file, with `operation` "". Raises HarError."""
    number = 0
    for unit in units(stream):
        if unit.array != "entries":
            continue
        number += 1
        try:
            yield _recorded(number, json.loads(unit.text), frozenset(unit.markers))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise HarError(f"entry {number} is not as HAR wants it: {type(error).__name__} at {error}") from None


def _recorded(number: int, entry: dict[str, Any], absent: frozenset[str]) -> Recorded:
    request, response = entry["request"], entry["response"]
    request_headers, headers = _headers(request), _headers(response)
    posted, content = request.get("postData") or {}, response.get("content") or {}
    sent = _body(posted, absent, request.get("bodySize"), request_headers)
    body = _body(content, absent, content.get("size"), headers)
    _name_media_type(request_headers, posted)
    _name_media_type(headers, content)
    exchange = Exchange(
        operation="",
        method=str(request["method"]).upper(),
        url=str(request["url"]),
        request_headers=request_headers,
        request_body=sent or b"",
        status=max(int(response["status"]), 0),  # browsers write 0 or -1 where there was no answer
        headers=headers,
        body=body or b"",
        elapsed=max(float(entry.get("time") or 0), 0) / 1000,
    )
    return Recorded(number, exchange, _time(entry.get("startedDateTime")), body is not None, sent is not None)


def _headers(message: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for header in message.get("headers") or []:
        name, value = str(header["name"]).lower(), str(header["value"])
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def _name_media_type(headers: dict[str, str], part: dict[str, Any]) -> None:
    """Where a header is missing, the file may still say the type of a body."""
    media_type = part.get("mimeType")
    if media_type and media_type != "x-unknown":
        headers.setdefault("content-type", str(media_type))


def _body(part: dict[str, Any], absent: frozenset[str], size: object, headers: Mapping[str, str]) -> bytes | None:
    """The bytes of a body, or None where there was one that the file does not hold."""
    text = part.get("text")
    if text is None:
        said = [size, headers.get("content-length")]
        return None if part.get("params") or any(str(each).isdecimal() and int(str(each)) for each in said) else b""
    if text in absent:
        return None
    if part.get("encoding") == "base64":
        try:
            return base64.b64decode(text)
        except binascii.Error:
            return None
    encoded: bytes = text.encode("utf-8", errors="surrogatepass")
    return encoded


def _time(text: object) -> float | None:
    try:
        return datetime.fromisoformat(str(text)).timestamp()
    except ValueError:
        return None
