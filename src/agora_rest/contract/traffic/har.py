"""Reading HAR 1.2 files, exchange by exchange, in bounded memory."""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any
from urllib.parse import urlencode

from agora_rest.contract.http.exchange import Exchange
from agora_rest.contract.traffic.units import HarError, Shortened, units


@dataclass(frozen=True)
class Recorded:
    """An exchange in a HAR file."""

    number: int
    """Its place in the file, from 1."""
    exchange: Exchange
    started: float | None
    """When the request was sent, Unix time in seconds; None if the file does not give it."""
    body_known: bool = True
    """Whether the file holds the response body. Browsers leave some out, and overlong ones are not read."""
    request_body_known: bool = True
    """The same of the request body."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Those of the path, once its operation is known."""


def read(stream: IO[bytes]) -> Iterator[Recorded]:
    """Every exchange in a HAR file, with `operation` "". Raises HarError."""
    for unit in units(stream):
        if unit.array == "entries" and unit.number:
            yield _Entry(unit.number, unit.value).recorded()


class _Entry:
    """One element of `log.entries`. What HAR requires is required; anything else may be missing or of another type."""

    def __init__(self, number: int, entry: Any) -> None:
        self._number, self._entry = number, entry

    def recorded(self) -> Recorded:
        """The parsed body."""
        request, response = self._object("request"), self._object("response")
        request_headers, headers = self._headers(request), self._headers(response)
        posted, content = (
            _object(message.get(name)) for message, name in ((request, "postData"), (response, "content"))
        )
        sent = _body(posted, request.get("bodySize"), request_headers)
        body = _body(content, None, headers)
        _name_media_type(request_headers, posted)
        _name_media_type(headers, content)
        exchange = Exchange(
            operation="",
            method=self._text(request, "method").upper(),
            url=self._text(request, "url"),
            request_headers=request_headers,
            request_body=sent or b"",
            status=self._status(response),
            headers=headers,
            body=body or b"",
            elapsed=_number(self._entry.get("time")) / 1000,
        )
        started = _time(self._entry.get("startedDateTime"))
        return Recorded(self._number, exchange, started, body is not None, sent is not None)

    def _object(self, name: str) -> dict[str, Any]:
        found = self._entry.get(name) if isinstance(self._entry, dict) else None
        if not isinstance(found, dict):
            raise HarError(f"exchange {self._number} is not as HAR defines it: it has no `{name}`")
        return found

    def _text(self, message: dict[str, Any], name: str) -> str:
        found = message.get(name)
        if not isinstance(found, str):
            raise HarError(f"exchange {self._number} is not as HAR defines it: its `{name}` is not a string")
        return found

    def _status(self, response: dict[str, Any]) -> int:
        """The status; browsers write 0 or -1 where there was no response.

        A response that an injected fault of the emulator determined counts as missing, too.
        """
        status = response.get("status")
        if not isinstance(status, int) or status >= 1000:
            raise HarError(f"exchange {self._number} is not as HAR defines it: its `status` is not an HTTP status")
        return 0 if is_injected(self._entry.get("comment")) else max(status, 0)

    def _headers(self, message: dict[str, Any]) -> dict[str, str]:
        found: dict[str, str] = {}
        headers = message.get("headers") or []
        for header in headers if isinstance(headers, list) else [None]:
            if not isinstance(header, dict) or not isinstance(header.get("name"), str):
                raise HarError(
                    f"exchange {self._number} is not as HAR defines it: `headers` is not a list of names and values"
                )
            name, value = header["name"].lower(), str(header.get("value", ""))
            found[name] = f"{found[name]}, {value}" if name in found else value
        return found


def is_injected(comment: object) -> bool:
    """Whether the comment of an exchange is the emulator's statement that an injected fault decided the response."""
    if not isinstance(comment, str):
        return False
    from agora_rest.emulator.faults import is_har_comment  # here, because few files need the emulator loaded

    return is_har_comment(comment)


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _name_media_type(headers: dict[str, str], part: dict[str, Any]) -> None:
    """If a header is missing, the file may still give the type of a body."""
    media_type = part.get("mimeType")
    if media_type and media_type != "x-unknown":
        headers.setdefault("content-type", str(media_type))


def _body(part: dict[str, Any], size: object, headers: Mapping[str, str]) -> bytes | None:
    """The bytes of a body, or None where there was one that the file does not hold."""
    text = part.get("text")
    if isinstance(text, Shortened):
        return None
    if isinstance(text, str) and (text or not part.get("params")):
        if part.get("encoding") != "base64":
            return text.encode("utf-8", errors="surrogatepass")
        try:
            return base64.b64decode(text)
        except (binascii.Error, ValueError):
            return None
    if part.get("params"):
        return _form(part["params"])
    said = [size, part.get("size"), headers.get("content-length")]
    return None if text is not None or any(str(each).isdecimal() and str(each).strip("0") for each in said) else b""


def _form(parameters: Any) -> bytes:
    """The body that HAR gives as `params`: the fields of a form."""
    fields = [_object(each) for each in parameters] if isinstance(parameters, list) else []
    return urlencode([(str(each.get("name")), str(each.get("value", ""))) for each in fields]).encode() or b"?"


def _number(value: object) -> float:
    return max(float(value), 0.0) if isinstance(value, int | float) and math.isfinite(value) else 0.0


def _time(text: object) -> float | None:
    try:
        return datetime.fromisoformat(str(text)).timestamp()
    except (ValueError, OverflowError):
        return None
