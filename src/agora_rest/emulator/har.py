"""Exports the session as a HAR 1.2 file, a fixture for others, without secrets.

Secrets are hidden by name, and wherever the same text occurs again in their exchange; certificates of projects are
hidden everywhere. Times are the emulator's, so that a fixture shows when the clock was advanced.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from agora_rest.emulator.clock import iso
from agora_rest.emulator.faults import har_comment
from agora_rest.emulator.request_log import Exchange, RawHeaders
from agora_rest.redaction import is_secret, redact

MARK: Final = "REDACTED"
"""The text shown instead of a secret."""


def session(exchanges: Iterable[Exchange], base_url: str, certificates: Iterable[str] = ()) -> dict[str, Any]:
    """A HAR document of `exchanges`, in the order in which they began, as if they had been sent to `base_url`."""
    from importlib.metadata import version  # slow to load, and not needed to start an emulator

    known = frozenset(certificates)
    entries = [_entry(found, base_url, known) for found in sorted(exchanges, key=lambda found: found.at)]
    creator = {"name": "agora-rest emulator", "version": version("agora-rest")}
    return {"log": {"version": "1.2", "creator": creator, "entries": entries}}


def _entry(exchange: Exchange, base_url: str, known: frozenset[str]) -> dict[str, Any]:
    milliseconds = round(exchange.seconds * 1000, 3)
    entry = {
        "startedDateTime": iso(exchange.at),
        "time": milliseconds,
        "request": _request(exchange, base_url),
        "response": _response(exchange),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
    }
    if exchange.fault is not None:
        entry["comment"] = har_comment(exchange.fault)
    hidden: dict[str, Any] = redact(entry, known | exchange.secrets(), MARK)
    return hidden


def _request(exchange: Exchange, base_url: str) -> dict[str, Any]:
    url = base_url + exchange.target
    request = {
        "method": exchange.method,
        "url": url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _headers(exchange.request_headers),
        "queryString": [
            {"name": name, "value": MARK if is_secret(name) else value}
            for name, value in parse_qsl(urlsplit(url).query, keep_blank_values=True)
        ],
        "headersSize": -1,
        "bodySize": len(exchange.request_body),
    }
    if exchange.request_body:
        request["postData"] = _body(exchange.request_body, _media_type(exchange.request_headers))
    return request


def _response(exchange: Exchange) -> dict[str, Any]:
    """The response; a missing response has the status 0, as in files that browsers save."""
    status = exchange.status or 0
    content = _body(exchange.response_body, _media_type(exchange.response_headers))
    return {
        "status": status,
        "statusText": HTTPStatus(status).phrase if status in _PHRASES else "",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _headers(exchange.response_headers),
        "content": {"size": len(exchange.response_body), **content},
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": len(exchange.response_body),
    }


_PHRASES: Final = frozenset(status.value for status in HTTPStatus)


def _headers(headers: RawHeaders) -> list[dict[str, str]]:
    decoded = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
    return [{"name": name, "value": _hidden(name, value) if is_secret(name) else value} for name, value in decoded]


def _hidden(name: str, value: str) -> str:
    """The redacted value of a secret header. The scheme of credentials stays, so that it can be checked."""
    scheme, space, _ = value.partition(" ")
    return f"{scheme} {MARK}" if name.lower() == "authorization" and space else MARK


def _media_type(headers: RawHeaders) -> str:
    return next((value.decode("latin-1") for name, value in headers if name.lower() == b"content-type"), "x-unknown")


def _body(body: bytes, media_type: str) -> dict[str, str]:
    """A body without its secrets. A body that is not JSON cannot be searched for them, and is omitted."""
    if not body:
        return {"mimeType": media_type, "text": ""}
    try:
        text = body.decode("utf-8")
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {"mimeType": media_type}
    hidden = redact(value, mark=MARK)
    return {"mimeType": media_type, "text": text if hidden == value else json.dumps(hidden, ensure_ascii=False)}
