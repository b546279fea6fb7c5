"""A request and an answer, as the rest of the web layer sees them: plain values instead of ASGI's dictionaries."""

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

`connection` can be cut; `loopback`: only this machine can ask; `name` is the host it listens at; `authority` is the
host in the target of a request, where there is one.
"""

JSON_TYPE: Final = (b"content-type", b"application/json; charset=utf-8")


class Request:
    """A request. Its path stays percent-encoded: decoded, segments could no longer be told apart (CO-57)."""

    __slots__ = ("body", "headers", "method", "path", "query", "refusal", "scope")

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.method: str = scope["method"]
        raw_path: bytes | None = scope.get("raw_path")
        self.path = quote(scope["path"]) if raw_path is None else raw_path.decode("latin-1")
        self.query: str = scope["query_string"].decode("latin-1")
        self.headers: list[tuple[bytes, bytes]] = scope["headers"]
        self.body = b""  # until somebody reads it
        self.refusal: Refusal | None = None
        """Why it is answered with a no, once that is known."""

    @property
    def extension(self) -> dict[str, Any]:
        """What our own server tells of the connection: see `EXTENSION`."""
        found: dict[str, Any] = self.scope.get("extensions", {}).get(EXTENSION, {})
        return found

    @property
    def scheme(self) -> str:
        """`http` or `https`."""
        found: str = self.scope.get("scheme", "http")
        return found

    @property
    def host(self) -> str:
        """The host that is asked for, with its port, in lower case: that of the target, or else the header's."""
        named: bytes | None = self.extension.get("authority")
        if named is None:
            named = b"".join(self.values(b"host")[:1])
        return named.decode("latin-1").lower()

    @property
    def target(self) -> str:
        """Path and query, as they came."""
        return f"{self.path}?{self.query}" if self.query else self.path

    def values(self, name: bytes) -> list[bytes]:
        """The values of every header field of this name, which is written in lower case."""
        return [value for key, value in self.headers if key == name]


class Stream(NamedTuple):
    """An answer that goes on until one side has enough. An empty chunk is not sent: there was nothing to say."""

    chunks: AsyncGenerator[bytes]
    headers: Headers


class Answer(NamedTuple):
    """What is sent back, but for `Content-Length`."""

    status: int
    body: bytes
    headers: Headers = (JSON_TYPE,)


def json_answer(status: int, content: Any, *headers: tuple[bytes, bytes]) -> Answer:
    """An answer with a JSON body."""
    return Answer(status, _encode(content).encode("utf-8"), (JSON_TYPE, *headers))


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
