"""One request to an ASGI application, without a network."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

Headers = Iterable[tuple[bytes, bytes]]


class Response(NamedTuple):
    """A response as it was sent."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    content: bytes

    @property
    def json(self) -> Any:
        """Its JSON."""
        return json.loads(self.content)

    @property
    def inner(self) -> Any:
        """Its JSON without the envelope."""
        found = self.json
        return found.get("Body", found)


async def request(app: Any, method: str, target: bytes, headers: Headers = (), content: bytes = b"") -> Response:
    """The response of `app`. Raises whatever `app` raises."""
    path, _, query = target.partition(b"?")
    scope = {
        "type": "http",
        "method": method,
        "path": path.decode("latin-1"),
        "raw_path": path,
        "query_string": query,
        "headers": [(name.lower(), value) for name, value in headers],
    }
    return await exchange(app, scope, content)


async def exchange(app: Any, scope: dict[str, Any], content: bytes) -> Response:
    """The response of `app` to a request of this scope and body."""
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": content, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return Response(sent[0]["status"], tuple(sent[0]["headers"]), body)
