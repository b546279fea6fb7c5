"""The meaning of an error for a recording: whether the call took effect, and whether a retry can succeed."""

from __future__ import annotations

from typing import Final

from agora_rest import spec
from agora_rest.client._retries import Effect, effect
from agora_rest.client._transports.retry import outcome_of
from agora_rest.errors import AgoraError, ApiError, CallError, InvalidArgument

_NOT_ABOUT_THE_RECORDING: Final = frozenset({401, 403, 404, 408, 429})
"""Refusals of a 4xx status that are not about this recording: credentials, a gateway, too many calls."""


def effect_of(error: CallError) -> Effect:
    """The effect of a call that raised `error`."""
    return effect(spec.operation(error.operation), outcome_of(error))[0]


def is_final(error: AgoraError) -> bool:
    """Whether a retry would be refused again, because of the content of the request."""
    if isinstance(error, InvalidArgument):
        return True
    if not isinstance(error, ApiError) or effect_of(error) is not Effect.SETTLED:
        return False
    return error.status is not None and 400 <= error.status < 500 and error.status not in _NOT_ABOUT_THE_RECORDING


def one_line(message: AgoraError | str) -> str:
    """A short single line that describes an error."""
    return " ".join(str(message).split())[:500]
