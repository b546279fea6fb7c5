"""Reads a JSON object member by member: each has to be there and of its type, and what nobody asked for is kept."""

from __future__ import annotations

import codecs
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final, Never

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECONDS_FROM: Final = 10**11
"""A Unix time from here on is in milliseconds: in seconds it would be the year 5138 (CO-12)."""
_MISSING: Final = object()
MAX_DEPTH: Final = 100
"""Objects and arrays inside each other in a response. The documented ones have five; what looks at them recurses."""


class NestedTooDeeply(ValueError):  # noqa: N818  as in errors.py
    """JSON has more than MAX_DEPTH objects and arrays inside each other."""


def parse_json(content: bytes) -> Any:
    """The value of a JSON text in UTF-8.

    Raises ValueError for any other text, and NestedTooDeeply for one that code which recurses could not handle.
    """
    try:
        value = _DECODER.decode(content.removeprefix(codecs.BOM_UTF8).decode())
    except RecursionError:
        raise NestedTooDeeply from None
    if _is_deeper_than(MAX_DEPTH, value):
        raise NestedTooDeeply
    return value


def _is_deeper_than(limit: int, value: Any) -> bool:
    level = [value]
    for _ in range(limit + 1):
        level = [
            member
            for each in level
            for member in (each.values() if type(each) is dict else each if type(each) is list else ())
            if type(member) is dict or type(member) is list
        ]
        if not level:
            return False
    return True


def _no_constant(name: str) -> Never:
    raise ValueError(f"{name} is no JSON")


_DECODER: Final = json.JSONDecoder(parse_constant=_no_constant)


class Unreadable(ValueError):  # noqa: N818  as in errors.py
    """A member of an answer is missing or of another type. The value is not in it, for it may be a secret."""

    def __init__(self, field: str, expected: str, value: object) -> None:
        self.field = field
        found = "is missing" if value is _MISSING else f"is {_kind(value)} and should be {expected}"
        super().__init__(f"{field or 'it'} {found}")


def opened(value: Mapping[str, Any]) -> tuple[int | None, Mapping[str, Any]]:
    """The status that an envelope claims, and what is inside; a bare answer is its own inside (CR-61)."""
    body = value.get("Body")
    if type(body) is not dict:
        return None, value
    status = value.get("Code", value.get("code"))
    return (status if type(status) is int else None), body


class Fields:
    """The members of one JSON object, to be taken out by name and type."""

    __slots__ = ("_index", "_left", "_where")

    def __init__(self, value: object, where: str = "", index: int | None = None) -> None:
        self._where, self._index = where, index
        if type(value) is not dict:
            raise Unreadable(self._place(), "an object", value)
        self._left: dict[str, Any] = value.copy()

    @property
    def rest(self) -> dict[str, Any]:
        """The members that have not been taken."""
        return self._left

    def __contains__(self, name: str) -> bool:
        return name in self._left

    def path(self, name: str) -> str:
        """Where the member `name` is in the answer, as a dotted path."""
        place = self._place()
        return f"{place}.{name}" if place else name

    def drop(self, *names: str) -> None:
        """Forget members that say nothing new."""
        for name in names:
            self._left.pop(name, None)

    def take(self, name: str) -> Any:
        """The member `name`, whatever it is."""
        value = self._left.pop(name, _MISSING)
        if value is _MISSING:
            raise Unreadable(self.path(name), "", value)
        return value

    def text(self, name: str, *, empty: bool = True) -> str:
        """A string, which may be empty where `empty` says so."""
        value = self._left.pop(name, _MISSING)
        if type(value) is not str or not (value or empty):
            raise Unreadable(self.path(name), "a string" if empty else "a string that is not empty", value)
        return value

    def text_or_none(self, name: str) -> str | None:
        """A string; None where it is null or missing."""
        return self.text(name) if self._left.get(name) is not None else self._left.pop(name, None)

    def integer(self, name: str) -> int:
        """A whole number. A float without a fraction is one too, as in JSON Schema."""
        value = self._left.pop(name, _MISSING)
        if type(value) is int:
            return value
        if type(value) is float and value.is_integer():
            return int(value)
        raise Unreadable(self.path(name), "an integer", value)

    def integer_or_none(self, name: str) -> int | None:
        """A whole number; None where it is null or missing."""
        return self.integer(name) if self._left.get(name) is not None else self._left.pop(name, None)

    def written_integer(self, name: str) -> int:
        """A whole number, which may be written as a string of digits."""
        value = self._left.get(name)
        if type(value) is str and value.isascii() and value.isdigit() and len(value) < 20:
            return int(self._left.pop(name))
        return self.integer(name)

    def number(self, name: str) -> float:
        """A number; an integer stays one."""
        value = self._left.pop(name, _MISSING)
        if type(value) is int or type(value) is float:
            return value
        raise Unreadable(self.path(name), "a number", value)

    def flag(self, name: str) -> bool:
        """A boolean."""
        value = self._left.pop(name, _MISSING)
        if type(value) is not bool:
            raise Unreadable(self.path(name), "a boolean", value)
        return value

    def array(self, name: str) -> list[Any]:
        """An array of anything."""
        value = self._left.pop(name, _MISSING)
        if type(value) is not list:
            raise Unreadable(self.path(name), "an array", value)
        return value

    def objects(self, name: str) -> list[Fields]:
        """An array of objects."""
        where = self.path(name)
        return [Fields(item, where, index) for index, item in enumerate(self.array(name))]

    def object(self, name: str) -> Fields:
        """An object."""
        return Fields(self.take(name), self.path(name))

    def day_number(self, name: str) -> date:
        """A day written as the number 20150101 (CO-32)."""
        value = self.integer(name)
        try:
            return day_number(value)
        except (ValueError, OverflowError):
            raise Unreadable(self.path(name), "a day such as 20150101", value) from None

    def unix_time(self, name: str) -> datetime:
        """A Unix time in seconds or milliseconds, as an aware UTC datetime."""
        value = self.integer(name)
        try:
            return unix_time(value)
        except OverflowError:
            raise Unreadable(self.path(name), "a Unix time", value) from None

    def iso_time(self, name: str) -> datetime:
        """An ISO 8601 time, as an aware UTC datetime."""
        value = self.text(name)
        try:
            return iso_time(value)
        except (ValueError, OverflowError):
            raise Unreadable(self.path(name), "an ISO 8601 time", value) from None

    def _place(self) -> str:
        """Put together only when it is asked for: most objects are read without a fault."""
        return self._where if self._index is None else f"{self._where}[{self._index}]"


@lru_cache(maxsize=4096)
def iso_time(text: str) -> datetime:
    """An ISO 8601 time in UTC. Usage repeats the same few hundred days for every project: hence the cache."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is UTC:
        return moment
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def unix_time(number: int) -> datetime:
    """A Unix time in seconds or milliseconds, in UTC."""
    return _EPOCH + (timedelta(milliseconds=number) if number >= _MILLISECONDS_FROM else timedelta(seconds=number))


@lru_cache(maxsize=4096)
def day_number(number: int) -> date:
    """The day that 20150101 means (CO-32)."""
    return date(number // 10_000, number // 100 % 100, number % 100)


def _kind(value: object) -> str:
    if value is None:
        return "null"
    if value == "":
        return "an empty string"
    if isinstance(value, bool):
        return "a boolean"
    kinds: dict[type, str] = {dict: "an object", list: "an array", str: "a string"}
    return kinds.get(type(value), "a number")
