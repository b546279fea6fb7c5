"""Enumerations of an argument's words. The error for another word lists them all."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NoReturn


def not_one_of(value: object, what: str, words: Iterable[str]) -> ValueError:
    """The error for a value that is not one of these words: it lists them all, and names the nearest."""
    import difflib  # here, because only mistakes need it

    known = list(words)
    nearest = difflib.get_close_matches(str(value), known, n=1)
    hint = f" Did you mean {nearest[0]}?" if nearest else ""
    return ValueError(f"{value!r} is not a valid {what}: it must be one of {', '.join(known)}.{hint}")


class Choice(StrEnum):
    """Base class of enumerations of an argument's words."""

    @classmethod
    def _missing_(cls, value: object) -> NoReturn:
        raise not_one_of(value, cls.__name__, [member.value for member in cls])
