"""Reads JSON from untrusted clients, strictly and within limits.

Every fault of a body raises `InvalidInput` with a reason that does not quote it, because it may contain secrets.
"""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Iterator
from typing import Any, Final

from agora_rest.emulator.refusals import InvalidInput, UnsupportedMediaType
from agora_rest.emulator.web.messages import Receive, Request

MAX_BYTES: Final = 1 << 20
MAX_DEPTH: Final = 64
BODY_TIMEOUT: Final = 10.0
"""The maximum number of real seconds for a body."""

# Integers up to this size are written without an exponent and read without loss.
_EXACT: Final = 2**53


class Disconnected(Exception):  # noqa: N818  # nothing went wrong here: the other side left
    """The client disconnected before its request was complete."""


async def read_body(request: Request, receive: Receive) -> bytes:
    """Read the whole body. Raises InvalidInput if it is too large or too slow, Disconnected if the client is gone."""
    for length in request.values(b"content-length"):
        if length.isdigit() and int(length) > MAX_BYTES:
            raise InvalidInput("the body is too large")
    if (arrived := request.arrived_body(receive)) is not None:
        if len(arrived) > MAX_BYTES:
            raise InvalidInput("the body is too large")
        return arrived
    try:
        async with asyncio.timeout(BODY_TIMEOUT):
            return await _received(receive)
    except TimeoutError:
        raise InvalidInput("the body did not arrive in time") from None


async def _received(receive: Receive) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        chunk: bytes = message.get("body", b"")
        size += len(chunk)
        if size > MAX_BYTES:
            raise InvalidInput("the body is too large")
        chunks.append(chunk)
        if not message.get("more_body", False):
            return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def check_content_type(request: Request) -> None:
    """Refuse a body whose Content-Type is not JSON, or has a charset other than UTF-8 (CR-03, CO-02)."""
    values = request.values(b"content-type")
    if values == [b"application/json"]:
        return
    if len(values) != 1:
        raise UnsupportedMediaType("Content-Type: must be application/json")
    media_type, *parameters = values[0].decode("latin-1").lower().split(";")
    if media_type.strip() != "application/json":
        raise UnsupportedMediaType("Content-Type: must be application/json")
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset" and value.strip().strip('"') not in ("utf-8", "utf8"):
            raise UnsupportedMediaType("Content-Type: the charset must be utf-8")


def parse(body: bytes) -> Any:
    """Parse the JSON in `body`: UTF-8, no duplicate names, finite numbers, limited depth.

    A number such as `60.0` becomes an integer (JSON Schema treats both alike, Python does not).
    """
    try:
        text = body.decode("utf-8")
        value = _decode(text)
        if "\\u" in text:
            _ENCODER.encode(value).encode("utf-8")  # a lone surrogate is not a character
    except UnicodeError:
        raise InvalidInput("the body is not UTF-8") from None
    except RecursionError:
        raise InvalidInput("the body is nested too deeply") from None
    except ValueError:
        raise InvalidInput("the body is not JSON") from None
    if body.count(b"{") + body.count(b"[") > MAX_DEPTH and _depth(value) > MAX_DEPTH:
        raise InvalidInput("the body is nested too deeply")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise InvalidInput("the body has an object with the same name twice")
    return found


def _number(text: str) -> int | float:
    number = float(text)
    if not math.isfinite(number):
        raise InvalidInput("the body has a number that is too large")
    return int(number) if number.is_integer() and abs(number) < _EXACT else number


def _constant(name: str) -> float:
    raise InvalidInput(f"the body has {name}, which is not JSON")


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_object, parse_float=_number, parse_constant=_constant)
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False)


def _decode(text: str) -> Any:
    """The JSON value in `text`. Usually nothing is around it, and then nothing is searched for blanks."""
    try:
        value, end = _DECODER.raw_decode(text)
    except ValueError:
        end = -1
    return value if end == len(text) else _DECODER.decode(text)


def _depth(value: Any) -> int:
    """The nesting depth, computed without recursion."""
    depth, level = 0, [value]
    while level:
        depth += 1
        level = [child for parent in level for child in _children(parent)]
    return depth


def _children(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value
