"""What an error says about a recording: whether the call did something, and whether it is worth repeating."""

from __future__ import annotations

from typing import Final

from agora_rest import spec
from agora_rest.client._retries import Effect, effect
from agora_rest.client._transports.retry import outcome_of
from agora_rest.errors import AgoraError, ApiError, CallError, InvalidArgument

_NOT_ABOUT_THE_RECORDING: Final = frozenset({401, 403, 404, 408, 429})
"""Refusals of a 4xx status that are not about this recording: credentials, a gateway, too many calls."""


def effect_of(error: CallError) -> Effect:
    """What the call that ended so has done."""
    return effect(spec.operation(error.operation), outcome_of(error))[0]


def is_final(error: AgoraError) -> bool:
    """Whether repeating the call would only be refused again, because of what it asks for."""
    if isinstance(error, InvalidArgument):
        return True
    if not isinstance(error, ApiError) or effect_of(error) is not Effect.SETTLED:
        return False
    return error.status is not None and 400 <= error.status < 500 and error.status not in _NOT_ABOUT_THE_RECORDING


def one_line(message: AgoraError | str) -> str:
    """What to write down of an error: one line, and short."""
    return " ".join(str(message).split())[:500]
