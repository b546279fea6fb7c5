"""Calls of an application in this process without the objects of httpx.

A run of the embedded emulator sends twenty thousand requests. To parse the URL of each three times, and to make a
request and two responses of it, took httpx as long as the emulator takes for its work. Here the same bytes go to the
application, through the same gate and within the same bounds. Whatever is unusual is left to httpx: header fields of a
check's own, and URLs that have to be encoded or normalized.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import httpx

from agora_rest import spec
from agora_rest.contract.http.bounded import TooSlow, Unusable, read_bounded
from agora_rest.contract.http.direct import DirectClient
from agora_rest.contract.http.exchange import Exchange
from agora_rest.contract.http.in_process import Answer, InProcess
from agora_rest.contract.safety.gate import Gate, GatedTransport, UnusableResponse
from agora_rest.redaction import basic_token

_PLAIN_PATH: Final = re.compile(r"/(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]++|%[0-9A-Fa-f]{2})*+")
"""A path in which nothing has to be encoded. If no segment begins with a dot, httpx sends it as it is."""

_LONGEST_PATH: Final = 8_000
"""A longer path is left to httpx, which refuses very long URLs."""

_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})
"""Methods whose requests state a length of 0 if they have no body."""

_JSON_TYPE: Final = (b"Content-Type", b"application/json")

Fields = list[tuple[bytes, bytes]]


class StraightClient(DirectClient):
    """An httpx client of an application in this process, with a short way for the usual calls."""

    def __init__(self, application: InProcess, gate: Gate, *, base_url: str, timeout: float | None = None) -> None:
        super().__init__(GatedTransport(application, gate), base_url=base_url, timeout=timeout)
        self._application, self._gate = application, gate
        self._base = str(self.base_url).rstrip("/")
        self._prefix = self.base_url.raw_path.rstrip(b"/")
        self._host = (b"Host", self.base_url.netloc)
        self._defaults = tuple(self.headers.raw)
        self._authorizations: dict[tuple[str, str], tuple[bytes, bytes]] = {}

    def exchange(
        self,
        method: str,
        path: str,
        *,
        operation: str = "",
        edition: spec.Edition = "2019",
        query: Mapping[str, Any] | None = None,
        content: bytes | None = None,
        auth: tuple[str, str] | None = None,
    ) -> Exchange | None:
        """Send a request with JSON in `content`, or without a body; None if it is not one for the short way.

        path: percent-encoded, below the base URL. auth: user and password, or None for no credentials. The event hooks
        of the client are not called. Raises what `GatedTransport` raises.
        """
        if len(path) > _LONGEST_PATH or "/." in path or not _PLAIN_PATH.fullmatch(path):
            return None
        method, tail = method.upper(), f"?{httpx.QueryParams(query)}" if query else ""
        if len(tail) > _LONGEST_PATH:
            return None
        fields, url, sent = self._fields(method, content, auth), f"{self._base}{path}{tail}", content or b""
        answer, received, body = self._send(method, url, self._prefix + f"{path}{tail}".encode(), fields, sent)
        return Exchange(
            operation=operation,
            method=method,
            url=url,
            request_headers=_named(fields),
            request_body=sent,
            status=answer.status,
            headers=received,
            body=body,
            edition=edition,
        )

    def _fields(self, method: str, content: bytes | None, auth: tuple[str, str] | None) -> Fields:
        """The header fields that httpx sends."""
        fields = [self._host]
        if not content and method in _WITH_BODY:
            fields.append((b"Content-Length", b"0"))
        fields += self._defaults
        if content is not None:
            fields.append(_JSON_TYPE)
        if content:
            fields.append((b"Content-Length", b"%d" % len(content)))
        if auth is not None:
            fields.append(self._authorization(auth))
        return fields

    def _authorization(self, auth: tuple[str, str]) -> tuple[bytes, bytes]:
        known = self._authorizations.get(auth)
        if known is None:
            known = self._authorizations[auth] = (b"Authorization", f"Basic {basic_token(*auth)}".encode())
        return known

    def _send(
        self, method: str, url: str, target: bytes, fields: Fields, content: bytes
    ) -> tuple[Answer, dict[str, str], bytes]:
        """The application's response, its header fields and its body, as `GatedTransport` gives them."""
        try:
            with self._gate.passing(method, url, content) as answered:
                answer = self._application.send(method, target, fields, content)
                received = _received(answer)
                body = read_bounded((answer.content,), received.pop("content-encoding", ""))
                answered(answer.status, received, body)
        except TooSlow as slow:
            raise httpx.ReadTimeout(str(slow), request=httpx.Request(method, url)) from slow
        except Unusable as unusable:
            raise UnusableResponse(str(unusable), request=httpx.Request(method, url)) from unusable
        return answer, received, body


def _named(fields: Fields) -> dict[str, str]:
    """Header fields as `Exchange` has them: each name once, in lower case."""
    named: dict[str, str] = {}
    try:
        for raw_name, raw_value in fields:
            name, value = raw_name.decode("ascii").lower(), raw_value.decode("ascii")
            named[name] = f"{named[name]}, {value}" if name in named else value
    except UnicodeDecodeError:
        return {name.lower(): value for name, value in httpx.Headers(fields).items()}
    return named


def _received(answer: Answer) -> dict[str, str]:
    named = _named(list(answer.headers))
    if answer.content and "content-length" not in named:
        named["content-length"] = str(len(answer.content))
    return named
