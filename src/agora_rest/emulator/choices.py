"""Enumerations of an argument's words. The error for another word lists them all."""

from __future__ import annotations

from enum import StrEnum
from typing import NoReturn


class Choice(StrEnum):
    """Base class of enumerations of an argument's words."""

    @classmethod
    def _missing_(cls, value: object) -> NoReturn:
        import difflib  # here, because only mistakes need it

        words = [member.value for member in cls]
        nearest = difflib.get_close_matches(str(value), words, n=1)
        hint = f" Did you mean {nearest[0]}?" if nearest else ""
        raise ValueError(f"{value!r} is not a valid {cls.__name__}: it must be one of {', '.join(words)}.{hint}")
