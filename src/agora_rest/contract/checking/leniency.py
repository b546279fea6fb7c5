"""Bodies that break a schema but that servers may accept: neither accepting nor refusing them is a finding.

An explicit null counts as not given. Digits in quotes count as the number: the documents decide against that (CO-41 …
CO-43), so it is for the observed dialect only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from agora_rest import spec


def is_taken_anyway(operation_id: str, body: object, *, observed: bool, edition: spec.Edition) -> bool:
    """Does `body` break its schema, but not once nulls and numbers in quotes are read as servers do?"""
    validator = spec.request_validator(operation_id, edition)
    if validator is None or validator.is_valid(body):
        return False
    return any(validator.is_valid(each) for each in _readings(body, observed=observed))


def strictly_wrong(operation_id: str, bodies: Iterable[Any], *, observed: bool, edition: spec.Edition) -> Iterator[Any]:
    """Those of `bodies` that no server takes."""
    return (body for body in bodies if not is_taken_anyway(operation_id, body, observed=observed, edition=edition))


def _readings(body: object, *, observed: bool) -> Iterator[object]:
    """The bodies a server may read `body` as: without nulls, and with one or more numbers parsed from digits."""
    plain = without_nulls(body)
    yield plain
    if observed:
        yield from _with_numbers(plain)


def without_nulls(value: object) -> object:
    """`value` without members that are null: a server takes those as not given."""
    if isinstance(value, dict):
        return {name: without_nulls(member) for name, member in value.items() if member is not None}
    return [without_nulls(each) for each in value] if isinstance(value, list) else value


def _with_numbers(value: object) -> Iterator[object]:
    """`value` with each of its texts of digits turned into a number, one at a time, and then all but the identities."""
    places = list(_places_of_digits(value, ()))
    for place in places:
        yield _turned(value, {place})
    yield _turned(value, {place for place in places if place not in (("uid",), ("cname",))})
    yield _turned(value, set(places))


def _places_of_digits(value: object, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, str) and value.removeprefix("-").isdecimal() and value.isascii() and len(value) < 20:
        yield path
    members: Iterable[tuple[str | int, object]] = ()
    if isinstance(value, dict):
        members = value.items()
    elif isinstance(value, list):
        members = enumerate(value)
    for name, member in members:
        yield from _places_of_digits(member, (*path, name))


def _turned(value: object, places: set[tuple[str | int, ...]], path: tuple[str | int, ...] = ()) -> object:
    if isinstance(value, str):
        return int(value) if path in places else value
    if isinstance(value, dict):
        return {name: _turned(member, places, (*path, name)) for name, member in value.items()}
    if isinstance(value, list):
        return [_turned(member, places, (*path, index)) for index, member in enumerate(value)]
    return value
