"""How long a kicking rule lasts: in minutes or in seconds, within the limits of the server."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from agora_rest.errors import InvalidArgument

_MINUTES: Final = (1.0, 1440.0)
"""The limits of `time` (CO-42)."""
_SECONDS: Final = (10.0, 86430.0)
"""The limits of `time_in_seconds` (CO-84)."""


def duration_member(minutes: float | None, seconds: float | None, *, operation: str) -> dict[str, float]:
    """The member of the request that states the duration. Raises InvalidArgument unless exactly one is given."""
    in_minutes = seconds is None
    name, argument = ("time", "minutes") if in_minutes else ("time_in_seconds", "seconds")
    value: Any = minutes if in_minutes else seconds
    rule, fact = None, "CO-84"
    if value is None:
        rule = "or seconds is required"
    elif not in_minutes and minutes is not None:
        rule = "must not be combined with minutes: pass one of them"
    elif not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        rule, fact = "must be a number", "CO-42" if in_minutes else "CO-84"
    if rule is not None:
        raise InvalidArgument(name, rule, value, operation=operation, facts=(fact,), argument=argument)
    return {name: value}


def has_no_duration(duration: Mapping[str, float]) -> bool:
    """Whether users are only put offline once: a duration of 0 creates no rule (CO-42, CO-85)."""
    return all(value == 0 for value in duration.values())


def rule_length(duration: Mapping[str, float]) -> timedelta:
    """How long the server lets the rule last (CO-42, CO-84)."""
    if has_no_duration(duration):
        return timedelta()
    if "time_in_seconds" in duration:
        return timedelta(seconds=_limited(duration["time_in_seconds"], _SECONDS))
    return timedelta(minutes=_limited(duration["time"], _MINUTES))


def _limited(value: float, limits: tuple[float, float]) -> float:
    least, most = limits
    return min(max(value, least), most)
