"""An answer as it came, for those who want to see what is behind a result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class RawResponse:
    """An answer that said yes, as it came."""

    operation: str
    status: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)
    """The body. It may have a secret in it, such as a project's certificate."""
    attempts: int
    """How many times the request was sent."""
    seconds: float
    """From the call to its answer, everything included."""
    request_id: str | None
    """`X-Request-ID`, which Agora's support asks for."""

    @property
    def json(self) -> Any:
        """The body, parsed."""
        import json

        return json.loads(self.content)
