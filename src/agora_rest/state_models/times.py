"""Times in responses of the Console."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

EARLIEST: Final = datetime(2014, 1, 1, tzinfo=UTC).timestamp()
"""Unix seconds before which nothing of today happened: an earlier time is in another unit."""


def instant(value: Any) -> float | None:
    """Unix seconds of a time in ISO 8601 (CO-45); None if it is none."""
    if not isinstance(value, str) or len(value) < 11:
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    try:
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (OverflowError, ValueError):
        return None


def is_number(value: Any) -> bool:
    """Whether a value is a number, and not a truth value."""
    return isinstance(value, int | float) and not isinstance(value, bool)
