"""Requests and responses of the web layer: plain values instead of ASGI's dictionaries."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Awaitable, Callable, MutableMapping
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from agora_rest.emulator.refusals import Refusal

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = tuple[tuple[bytes, bytes], ...]

EXTENSION: Final = "agora_rest.emulator"
"""An ASGI extension of our own server.

`connection` can be cut; `loopback`: only this machine can connect; `name` is the host it listens at; `authority` is the
host in the target of a request, if there is one.
"""

JSON_TYPE: Final = (b"content-type", b"application/json; charset=utf-8")


class Request:
    """A request. Its path stays percent-encoded, because decoding would merge segments (CO-57)."""

    __slots__ = ("body", "headers", "method", "path", "query", "refusal", "scope")

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.method: str = scope["method"]
        raw_path: bytes | None = scope.get("raw_path")
        self.path = quote(scope["path"]) if raw_path is None else raw_path.decode("latin-1")
        self.query: str = scope["query_string"].decode("latin-1")
        self.headers: list[tuple[bytes, bytes]] = scope["headers"]
        self.body = b""  # until it is read
        self.refusal: Refusal | None = None
        """The reason for its refusal, once known."""

    @property
    def extension(self) -> dict[str, Any]:
        """The connection data of our own server: see `EXTENSION`."""
        found: dict[str, Any] = self.scope.get("extensions", {}).get(EXTENSION, {})
        return found

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
            named = b"".join(self.values(b"host")[:1])
        return named.decode("latin-1").lower()

    @property
    def target(self) -> str:
        """Path and query, unchanged."""
        return f"{self.path}?{self.query}" if self.query else self.path

    def values(self, name: bytes) -> list[bytes]:
        """The values of all header fields of this name, in lower case."""
        return [value for key, value in self.headers if key == name]


class Stream(NamedTuple):
    """A streaming response that ends when either side closes it. Empty chunks are not sent."""

    chunks: AsyncGenerator[bytes]
    headers: Headers


class Answer(NamedTuple):
    """A response without `Content-Length`."""

    status: int
    body: bytes
    headers: Headers = (JSON_TYPE,)


def json_answer(status: int, content: Any, *headers: tuple[bytes, bytes]) -> Answer:
    """A response with a JSON body."""
    return Answer(status, _encode(content).encode("utf-8"), (JSON_TYPE, *headers))


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
