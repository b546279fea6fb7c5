"""A request about to be sent, parsed as a server would parse it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from agora_rest import spec

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing on any server worth the name."""


@dataclass(frozen=True, eq=False)
class Outgoing:
    """A request. `operation` is "" if path and method match no operation; `body` is {} if it is not a JSON object.

    A path counts as an operation's in any case and with or without a slash at its end: a server may be that lenient.
    `exact` is false where only a lenient one would take it for the operation's.
    """

    method: str
    url: str
    content: bytes = b""
    operation: str = ""
    path: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    exact: bool = False

    @classmethod
    def of(cls, method: str, url: str, content: bytes, prefix: str = "") -> Outgoing:
        """Read a request; `prefix` is the path of the server's base URL."""
        path = urlsplit(url).path.removeprefix(prefix)
        for operation in spec.operations().values():
            values = operation.match(method, path, any_case=True, any_slash=True)
            if values is not None:
                exact = operation.match(method, path) is not None
                return cls(method, url, content, operation.id, values, _object(content), exact)
        return cls(method, url, content)

    @property
    def words(self) -> str:
        """A display name: the operation, or the method if there is no operation."""
        return self.operation or f"{self.method} beside the documents' paths"


def _object(content: bytes) -> dict[str, Any]:
    """The body as an object; one that names a member twice could be read in two ways, and counts as none."""
    try:
        value = json.loads(content, object_pairs_hook=_distinct)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member is named twice")
    return members
