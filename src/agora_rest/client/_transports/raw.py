"""The raw response behind a result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class RawResponse:
    """A raw success response."""

    operation: str
    status: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)
    """The body. It may contain a secret, such as a project's certificate."""
    attempts: int
    """How many times the request was sent."""
    seconds: float
    """Seconds from the call to its response, including retries and waits."""
    request_id: str | None
    """`X-Request-ID`, which Agora's support asks for."""

    @property
    def json(self) -> Any:
        """The body, parsed."""
        import json

        return json.loads(self.content)
