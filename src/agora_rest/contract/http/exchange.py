"""One request and its response as sent over the network; every layer of the suite uses it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from agora_rest import spec
from agora_rest.state_models.observed import dig


class _NotJson:
    def __repr__(self) -> str:
        return "NOT_JSON"


NOT_JSON: Final = _NotJson()
"""Marks a body that is not JSON (`None` is JSON's null)."""


@dataclass(frozen=True, eq=False)
class Exchange:
    """A request, its response, and the properties that do not depend on the dialect.

    operation: operation ID; "" for a request to no operation of the two APIs (a control call, an unknown path).
    headers of both sides carry lower-case names. Bodies are bytes as sent. `elapsed` is in seconds.
    """

    operation: str
    method: str
    url: str
    request_headers: Mapping[str, str]
    request_body: bytes
    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    elapsed: float = 0.0
    edition: spec.Edition = "2019"
    """The edition of the documents that the server follows."""

    @property
    def specified(self) -> spec.Operation:
        """The operation, as that edition describes it. Raises KeyError if it belongs to none."""
        return spec.operation(self.operation, self.edition)

    @property
    def path(self) -> str:
        """The path of the request, still percent-encoded, without the query."""
        return urlsplit(self.url).path

    @property
    def succeeded(self) -> bool:
        """Whether the status is a 2xx and the body carries no error code."""
        return 200 <= self.status < 300 and self.code in (None, 200)

    @property
    def query(self) -> dict[str, str]:
        """The parameters in the query of the request, decoded."""
        return dict(parse_qsl(urlsplit(self.url).query, keep_blank_values=True))

    @cached_property
    def asked(self) -> Any:
        """The decoded body of the request, or `NOT_JSON`; None if it has none."""
        return _decoded(self.request_body) if self.request_body else None

    @cached_property
    def json(self) -> Any:
        """The decoded body, or `NOT_JSON`."""
        return _decoded(self.body)

    @property
    def enveloped(self) -> bool:
        """Whether the body is wrapped as `{"Code", "Body"}` (CR-61)."""
        return isinstance(self.json, dict) and "Code" in self.json and "Body" in self.json

    @property
    def payload(self) -> Any:
        """The decoded body without the envelope, or `NOT_JSON`."""
        return self.json["Body"] if self.enveloped else self.json

    @property
    def code(self) -> int | None:
        """The error code in the body (CR-62 … CR-65), or None."""
        code = self.member("code")
        return code if isinstance(code, int) else None

    @property
    def message(self) -> str | None:
        """The server's error message, under any of its three names."""
        found = (self.member(name) for name in ("reason", "message", "error_msg"))
        return next((text for text in found if isinstance(text, str)), None)

    def member(self, *path: str | int) -> Any:
        """The value at `path` inside the payload, or None if it is missing."""
        return dig(self.payload, *path)

    @property
    def text(self) -> str:
        """The body as text; invalid UTF-8 is replaced."""
        return self.body.decode("utf-8", errors="replace")

    def summary(self, limit: int = 300) -> str:
        """Status and body on one line, truncated to `limit` characters. May contain secrets: redact before showing."""
        text = " ".join(self.text.split())
        return f"{self.status} {text if len(text) <= limit else text[:limit] + ' …'}".rstrip()


def _decoded(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return NOT_JSON
