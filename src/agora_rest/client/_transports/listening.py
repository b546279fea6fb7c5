"""Collects raw responses for `with_raw_response`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

from agora_rest.client._transports import Call

if TYPE_CHECKING:
    import httpx

    from agora_rest.client._transports.raw import RawResponse

_LISTENERS: Final[ContextVar[tuple[list[RawResponse], ...]]] = ContextVar("agora_rest.responses", default=())


@contextmanager
def listening() -> Iterator[list[RawResponse]]:
    """Collect the responses of this thread or task during the block, in order."""
    responses: list[RawResponse] = []
    token = _LISTENERS.set((*_LISTENERS.get(), responses))
    try:
        yield responses
    finally:
        with suppress(ValueError):  # The block may end in a different task than it began in, as in a fixture.
            _LISTENERS.reset(token)


def note_response(request: httpx.Request, response: httpx.Response, call: Call) -> None:
    """Pass a response to the active listeners."""
    for responses in _LISTENERS.get():
        from agora_rest.client._transports.errors import request_id_of
        from agora_rest.client._transports.raw import RawResponse

        responses.append(
            RawResponse(
                operation=call.operation.id,
                status=response.status_code,
                headers=dict(response.headers),
                content=response.content,
                attempts=call.attempts,
                seconds=call.elapsed,
                request_id=request_id_of(request, response),
            )
        )
