"""A request about to be sent, read as a server might read it: what it asks for, and of what."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from agora_rest import spec

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing on any server worth the name."""


@dataclass(frozen=True, eq=False)
class Outgoing:
    """A request. `operation` is "" where path and method are no operation's; `body` is {} where it is no JSON object.

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
        for operation, of_method, exact, lenient in _patterns():
            found = lenient.fullmatch(path) if method == of_method else None
            if found:
                values = {name: unquote(value) for name, value in found.groupdict().items()}
                return cls(method, url, content, operation, values, _object(content), bool(exact.fullmatch(path)))
        return cls(method, url, content)

    @property
    def words(self) -> str:
        """What it is, for people: the operation, or the method where there is none."""
        return self.operation or f"{self.method} beside the documents' paths"


@cache
def _patterns() -> tuple[tuple[str, str, re.Pattern[str], re.Pattern[str]], ...]:
    return tuple(_compiled())


def _compiled() -> Iterator[tuple[str, str, re.Pattern[str], re.Pattern[str]]]:
    for each in spec.operations().values():
        prefix = urlsplit(spec.document(each.api)["servers"][0]["url"]).path.rstrip("/")
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]*)", re.escape(prefix + each.path))
        lenient = re.compile(pattern.rstrip("/") + "/?", re.IGNORECASE)
        yield each.id, each.method, re.compile(pattern), lenient


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
