"""Requests and responses of the web layer: plain values instead of ASGI's dictionaries."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Awaitable, Callable, MutableMapping
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from msgspec.json import encode

from agora_rest.emulator.refusals import Refusal

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = tuple[tuple[bytes, bytes], ...]

Respond = Callable[[Send, int, Headers, bytes], bool]
"""Sends a whole response at once. Returns False if it must be sent by messages, through the `Send` that is given."""

EXTENSION: Final = "agora_rest.emulator"
"""An ASGI extension of our own server.

`connection` can be cut; `take_body` returns the body once, if all of it has arrived; `respond` is a `Respond`. Both do
so only for the server's own `Receive` and `Send`: a middleware between would not see what passes it.
`loopback`: only this machine can connect; `name` is the host it listens at; `authority` is the host in the target of a
request, if there is one.
"""

JSON_TYPE: Final = (b"content-type", b"application/json; charset=utf-8")


class Request:
    """A request. Its path stays percent-encoded, because decoding would merge segments (CO-57)."""

    __slots__ = ("_fields", "body", "extension", "headers", "method", "path", "query", "refusal", "respond", "scope")

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.method: str = scope["method"]
        raw_path: bytes | None = scope.get("raw_path")
        self.path = quote(scope["path"]) if raw_path is None else raw_path.decode("latin-1")
        self.query: str = scope["query_string"].decode("latin-1")
        self.headers: list[tuple[bytes, bytes]] = scope["headers"]
        self._fields = dict(self.headers)
        self.extension: dict[str, Any] = scope.get("extensions", {}).get(EXTENSION, {})
        """The connection data of our own server: see `EXTENSION`."""
        self.respond: Respond | None = self.extension.get("respond")
        self.body = b""  # until it is read
        self.refusal: Refusal | None = None
        """The reason for its refusal, once known."""

    def arrived_body(self, receive: Receive) -> bytes | None:
        """The body, if all of it has arrived, so that nothing need be waited for. None if the server does not say."""
        take_body: Callable[[Receive], bytes | None] | None = self.extension.get("take_body")
        return None if take_body is None else take_body(receive)

    @property
    def scheme(self) -> str:
        """`http` or `https`."""
        found: str = self.scope.get("scheme", "http")
        return found

    @property
    def host(self) -> str:
        """The requested host with its port, in lower case: from the target, or else from the header."""
        named: bytes | None = self.extension.get("authority")
        if named is None:
            named = self.values(b"host")[0] if self.has(b"host") else b""
        return named.decode("latin-1").lower()

    @property
    def target(self) -> str:
        """Path and query, unchanged."""
        return f"{self.path}?{self.query}" if self.query else self.path

    def has(self, name: bytes) -> bool:
        """Whether there is a header field of this name, in lower case."""
        return name in self._fields

    def values(self, name: bytes) -> list[bytes]:
        """The values of all header fields of this name, in lower case."""
        if name not in self._fields:
            return []
        if len(self._fields) == len(self.headers):  # no name is repeated
            return [self._fields[name]]
        return [value for key, value in self.headers if key == name]


class Stream(NamedTuple):
    """A streaming response that ends when either side closes it. Empty chunks are not sent."""

    chunks: AsyncGenerator[bytes]
    headers: Headers


class Response(NamedTuple):
    """A response without `Content-Length`."""

    status: int
    body: bytes
    headers: Headers = (JSON_TYPE,)


def json_response(status: int, content: Any, *headers: tuple[bytes, bytes]) -> Response:
    """A response with a JSON body."""
    return Response(status, _encode(content).encode("utf-8"), (JSON_TYPE, *headers))


def api_response(status: int, content: Any) -> Response:
    """A `json_response` without floats, for results of calls: it would write floats with an exponent differently."""
    return Response(status, encode(content))


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
