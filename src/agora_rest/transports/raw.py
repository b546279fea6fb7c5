"""The answers behind the results, for those who want to see them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from . import Call

if TYPE_CHECKING:
    import httpx


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


_LISTENERS: Final[ContextVar[tuple[list[RawResponse], ...]]] = ContextVar("agora_rest.answers", default=())


@contextmanager
def listening() -> Iterator[list[RawResponse]]:
    """The answers that this thread or task gets while the block lasts, in their order."""
    answers: list[RawResponse] = []
    token = _LISTENERS.set((*_LISTENERS.get(), answers))
    try:
        yield answers
    finally:
        _LISTENERS.reset(token)


def note_answer(response: httpx.Response, call: Call) -> None:
    """Give an answer to those who listen."""
    for answers in _LISTENERS.get():
        answers.append(
            RawResponse(
                operation=call.operation.id,
                status=response.status_code,
                headers=dict(response.headers),
                content=response.content,
                attempts=call.attempts,
                seconds=call.elapsed,
                request_id=response.headers.get("x-request-id"),
            )
        )
