"""Accepts input beyond the specifications, as servers do: null for absent members, quoted digits for numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError

_DIGITS: Final = re.compile(r"-?(0|[1-9][0-9]{0,19})")

_NUMERIC: Final = frozenset({"integer", "number"})


def without_nulls(value: Any) -> Any:
    """`value`, JSON-like, without null members: an explicit null counts as absent."""
    if isinstance(value, dict):
        return {name: without_nulls(member) for name, member in value.items() if member is not None}
    return [without_nulls(each) for each in value] if isinstance(value, list) else value


def with_numbers(value: Any, errors: Iterable[ValidationError]) -> Any:
    """`value` with numbers for strings of digits wherever a schema accepts a number but not the string.

    errors: those that the schema finds in it. Returns `value` itself where there is no such string.
    """
    for error in errors:
        for each in _leaves(error):
            if _wants_number(each) and _is_quoted(each.instance):
                value = _with_number_at(value, list(each.instance_path))
    return value


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    """The rules broken in an error, including those of all its alternatives."""
    alternatives = getattr(error.kind, "context", None)
    if not alternatives:
        yield error
        return
    for alternative in alternatives:
        for each in alternative:
            yield from _leaves(each)


def _wants_number(error: ValidationError) -> bool:
    kind = error.kind
    match kind.name:  # first, because details of an error take long to get
        case "type":
            return _NUMERIC.issuperset(map(str, kind.as_dict()["types"]))
        case "enum":
            return all(_is_number(each) for each in kind.as_dict()["options"])
        case "const":
            return _is_number(kind.as_dict()["expected_value"])
    return False


def _is_quoted(value: Any) -> bool:
    return isinstance(value, str) and _DIGITS.fullmatch(value) is not None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _with_number_at(value: Any, path: list[str | int]) -> Any:
    if not path:
        return int(value) if _is_quoted(value) else value
    step, *rest = path
    if isinstance(value, dict) and isinstance(step, str):
        return {**value, step: _with_number_at(value[step], rest)}
    if isinstance(value, list) and isinstance(step, int):
        return [_with_number_at(each, rest) if index == step else each for index, each in enumerate(value)]
    return value


def number_from(value: Any) -> int | float | None:
    """The number of an undeclared member, quoted or not; None if it is not a number."""
    if _is_number(value):
        return value  # type: ignore[no-any-return]
    return int(value) if _is_quoted(value) else None
