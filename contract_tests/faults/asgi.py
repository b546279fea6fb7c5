"""One request to an ASGI application, without a network."""

from __future__ import annotations

import json
from typing import Any

from agora_rest.contract.http import in_process
from agora_rest.contract.http.in_process import Answer, Headers, scope_of


class Response(Answer):
    """A response as it was sent."""

    __slots__ = ()

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
    return await exchange(app, scope_of(method, target, headers), content)


async def exchange(app: Any, scope: dict[str, Any], content: bytes) -> Response:
    """The response of `app` to a request of this scope and body."""
    return Response(*await in_process.exchange(app, scope, content))
