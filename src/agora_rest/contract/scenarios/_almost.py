"""Values that a careless comparison takes for the same, and lists of which a careless validation reads a part only."""

from __future__ import annotations

import copy
import unicodedata
from collections.abc import Iterator
from typing import Any, Final

from agora_rest import spec

Place = tuple[str | int, ...]
"""The way to a part of a JSON value."""

_NO_ELEMENTS: Final[tuple[Any, ...]] = ("", "a-b", "0", 5, [], {})
"""Values that hardly any list takes as an element."""


def almost(text: str) -> tuple[str, ...]:
    """Other texts: in another case, with a space or a zero around it, in another of Unicode's normal forms."""
    wide = "".join(chr(ord(each) + 0xFEE0) if each.isalnum() and each.isascii() else each for each in text[:1])
    found = (
        *(text.swapcase(), text.lower(), text.upper(), f" {text}", f"{text} ", f"0{text}", f"{text}0"),
        *(unicodedata.normalize(form, text) for form in ("NFC", "NFD")),
        wide + text[1:],
    )
    return tuple(each for each in dict.fromkeys(found) if each != text)


def altered(value: Any) -> Iterator[Any]:
    """The same JSON value with one part of it left out, in another order, or in other letters or digits."""
    for place in _places(value):
        part = _at(value, place)
        if place and isinstance(place[-1], str):
            yield _with(value, place, None, leave_out=True)
        if isinstance(part, list) and len(part) > 1:
            yield _with(value, place, part[::-1])
            yield _with(value, place, part[:-1])
        elif isinstance(part, str):
            yield _with(value, place, part.swapcase() if part.swapcase() != part else f"{part}0")
        elif isinstance(part, int):
            yield _with(value, place, not part if isinstance(part, bool) else part + 1)


def with_wrong_elements(operation: str, body: dict[str, Any], edition: spec.Edition) -> Iterator[dict[str, Any]]:
    """`body` with one element of one of its lists broken: the first, the last, or one in between.

    Only where the specification refuses it for that.
    """
    validator = spec.request_validator(operation, edition)
    for place in _places(body):
        elements = _at(body, place)
        if not isinstance(elements, list):
            continue
        for index, element in enumerate(elements):
            for wrong in _broken(element):
                changed = _with(body, (*place, index), wrong)
                if validator is not None and not validator.is_valid(changed):
                    yield changed


def _broken(element: Any) -> Iterator[Any]:
    if isinstance(element, dict):
        for name in element:
            yield {other: member for other, member in element.items() if other != name}
            yield {**element, name: [5]}
    else:
        yield from _NO_ELEMENTS


def _places(value: Any, place: Place = ()) -> Iterator[Place]:
    """The places of all parts of a JSON value, its own first."""
    yield place
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, member in members:
        yield from _places(member, (*place, name))


def _at(value: Any, place: Place) -> Any:
    for name in place:
        value = value[name]
    return value


def _with(value: Any, place: Place, new: Any, *, leave_out: bool = False) -> Any:
    """A copy with another part at this place, or without it."""
    result = copy.deepcopy(value)
    holder = _at(result, place[:-1])
    if leave_out:
        del holder[place[-1]]
    else:
        holder[place[-1]] = new
    return result
