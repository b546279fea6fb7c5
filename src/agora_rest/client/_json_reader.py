"""Reads a JSON value into a result, described by a `Wire` struct and a function that builds the result.

There are up to three ways to read a value, all with the same result:

1. Bytes that contain only the described members are decoded by msgspec directly into the structs.
2. Any other JSON value is converted by msgspec; members that the description does not name are stored in `rest`.
3. Values that msgspec rejects are checked member by member. This accepts scalars in an unusual form, such as 7.0 for 7,
and finds the path and a description of a missing or wrong member.
"""

from __future__ import annotations

import codecs
import functools
import json
import operator
import types
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from typing import Annotated, Any, Final, Generic, NamedTuple, Never, TypeVar, Union, get_args, get_origin

from msgspec import NODEFAULT, DecodeError, Meta, Struct, ValidationError, convert, defstruct, field
from msgspec.json import Decoder, decode
from msgspec.structs import FieldInfo, fields

from agora_rest.client._reading import MAX_DEPTH, NestedTooDeeply, UnexpectedShape

T = TypeVar("T")

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECONDS_FROM: Final = 10**11
"""Unix times from this value on are in milliseconds: in seconds it would be the year 5138 (CO-12)."""


def parse_json(content: bytes) -> Any:
    """The value of a JSON text in UTF-8.

    Raises ValueError for any other text, and NestedTooDeeply for a text that recursive code could not handle.
    """
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        try:  # twice as fast, but stricter than the standard library
            value = decode(content)
        except DecodeError:
            value = _DECODER.decode(content.decode())
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


class Wire(Struct, kw_only=True, gc=False):
    """Describes a JSON object of a response. Members without a default are required; null counts as absent.

    JSON has no cycles, so the garbage collector need not follow thousands of them while an answer is read.
    """

    rest: dict[str, Any] = field(default_factory=dict, name="(rest)")
    """The members that the description does not name, unchanged."""


class Located(NamedTuple):
    """The described part of a response, and its path."""

    value: Any
    path: str = ""


class Reader(Generic[T]):
    """Reads the responses of an operation into its result."""

    def __init__(
        self,
        wire: type[Wire],
        build: Callable[[Any], T],
        *,
        locate: Callable[[dict[str, Any]], Located] = Located,
        is_list: bool = False,
    ) -> None:
        self._wire, self._build, self._locate, self._is_list = wire, build, locate, is_list

    def read_bytes(self, content: bytes) -> T | None:
        """The result if `content` is exactly as described; None if it must be parsed and checked first."""
        if not self._is_list:
            return None
        try:
            return self._build(_exact_decoder(self._wire).decode(content))
        except (DecodeError, ValueError, OverflowError, RecursionError):
            return None

    def read(self, value: dict[str, Any]) -> T:
        """The result. Raises UnexpectedShape for a missing required member, and for a member of a wrong type."""
        value, path = self._locate(value)
        try:
            item = self._converted(value, path)
        except UnicodeEncodeError:  # half of a surrogate pair, which msgspec cannot handle
            raise UnexpectedShape(path, "JSON in valid Unicode", value) from None
        _keep_rest(item, value)
        try:
            return self._build(item)
        except UnexpectedShape as error:
            raise error.within(path) from None
        except (ValueError, OverflowError):
            _normalized(value, self._wire, path)  # names the member
            raise

    def _converted(self, value: Any, path: str) -> Any:
        try:
            return convert(value, self._wire)
        except ValidationError:
            return convert(_normalized(value, self._wire, path), self._wire)


# ---- Exactly as described


@cache
def _exact_decoder(wire: type[Wire]) -> Decoder[Wire]:
    return Decoder(_exact(wire))


@cache
def _exact(wire: type[Wire]) -> type[Wire]:
    """`wire` as a type that rejects members which the description does not name, at every level."""
    nested = [_redefined(each, exact) for each in fields(wire) if (exact := _exactly(each.type)) is not each.type]
    return defstruct(wire.__name__, nested, bases=(wire,), forbid_unknown_fields=True, kw_only=True)  # type: ignore[return-value]


def _exactly(kind: Any) -> Any:
    if isinstance(kind, type) and issubclass(kind, Wire):
        return _exact(kind)
    arguments = get_args(kind)
    exact = tuple(map(_exactly, arguments))
    if get_origin(kind) is Annotated or all(map(operator.is_, arguments, exact)):
        return kind
    is_union = get_origin(kind) in (Union, types.UnionType)
    return functools.reduce(operator.or_, exact) if is_union else get_origin(kind)[exact]


def _redefined(each: FieldInfo, kind: Any) -> tuple[Any, ...]:
    return (each.name, kind) if each.default is NODEFAULT else (each.name, kind, each.default)


# ---- Members that the description does not name


class _Layout(NamedTuple):
    known: frozenset[str]
    nested: tuple[tuple[str, str], ...]
    """The attribute and member name of each field that contains structs."""


@cache
def _layout(wire: type[Wire]) -> _Layout:
    described = fields(wire)
    nested = [(each.name, each.encode_name) for each in described if _exactly(each.type) is not each.type]
    return _Layout(frozenset(each.encode_name for each in described), tuple(nested))


def _keep_rest(item: Any, value: Any) -> None:
    """Store in `rest`, on `item` and all structs in it, the members of `value` that the description does not name."""
    if isinstance(item, Wire):
        known, nested = _layout(type(item))
        if not value.keys() <= known:
            item.rest = {name: member for name, member in value.items() if name not in known}
        for attribute, name in nested:
            if (inner := getattr(item, attribute)) is not None:
                _keep_rest(inner, value[name])
    elif isinstance(item, list):
        for one, member in zip(item, value, strict=True):
            _keep_rest(one, member)
    elif isinstance(item, dict):
        for name, one in item.items():
            _keep_rest(one, value[name])


# ---- Unusual scalars, and descriptions of errors


def _normalized(value: Any, kind: Any, path: str) -> Any:
    """`value` with its scalars in the usual form. Raises UnexpectedShape for the first member that does not fit."""
    if isinstance(kind, type) and issubclass(kind, Wire):
        return _normalized_object(value, kind, path)
    if get_origin(kind) is list:
        _require(value, list, path)
        return [_normalized(item, get_args(kind)[0], f"{path}[{index}]") for index, item in enumerate(value)]
    if get_origin(kind) is dict:
        _require(value, dict, path)
        return {name: _normalized(item, get_args(kind)[1], f"{path}.{name}") for name, item in value.items()}
    if type(None) in get_args(kind):
        if value is None:
            return None
        return _normalized(value, _without_none(kind), path)
    if wires := [
        each
        for each in get_args(kind)
        if get_origin(each) is list or (isinstance(each, type) and issubclass(each, Wire))
    ]:
        return _normalized(value, wires[0], path)
    return _normalized_scalar(value, kind, path)


def _without_none(kind: Any) -> Any:
    """`X | None` as `X`, so that the annotations of `X` are visible."""
    return functools.reduce(operator.or_, [each for each in get_args(kind) if each is not type(None)])


def _normalized_object(value: Any, wire: type[Wire], path: str) -> dict[str, Any]:
    _require(value, dict, path)
    result = dict(value)
    for each in fields(wire):
        name = each.encode_name
        here = f"{path}.{name}" if path else name
        if name in value:
            result[name] = _normalized(value[name], each.type, here)
        elif each.required:
            raise UnexpectedShape(here)
    return result


def _normalized_scalar(value: Any, kind: Any, path: str) -> Any:
    usual = int(value) if type(value) is float and value.is_integer() and float not in get_args(kind) else value
    try:
        if datetime in (kind, *get_args(kind)) and type(value) is str:
            return iso_time(value)
        convert(usual, kind)
        for meta in getattr(kind, "__metadata__", ()):
            (meta.extra or {}).get("read", bool)(usual)
    except (ValueError, OverflowError):
        raise UnexpectedShape(path, _expected(kind), value) from None
    return usual


def _require(value: Any, kind: type, path: str) -> None:
    if type(value) is not kind:
        raise UnexpectedShape(path, _EXPECTED[kind], value)


_EXPECTED: Final[dict[Any, str]] = {
    str: "a string",
    int: "an integer",
    float: "a number",
    bool: "a boolean",
    datetime: "an ISO 8601 time",
    list: "an array",
    dict: "an object",
}


def _expected(kind: Any) -> str:
    """The name of a scalar of `kind`."""
    for meta in getattr(kind, "__metadata__", ()):
        if meta.extra:
            return str(meta.extra["expected"])
    arguments = get_args(kind)
    if float in arguments:
        return _EXPECTED[float]
    return _EXPECTED[kind] if kind in _EXPECTED else _expected(arguments[0])


# ---- Scalars


def iso_time(text: str) -> datetime:
    """Parse an ISO 8601 time, as UTC; a time without a zone is in UTC."""
    return in_utc(datetime.fromisoformat(text))


def in_utc(moment: datetime) -> datetime:
    """`moment` in UTC; a time without a zone is in UTC."""
    if moment.tzinfo is UTC:
        return moment
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def unix_time(number: int) -> datetime:
    """Convert a Unix time in seconds or milliseconds, to UTC."""
    return _EPOCH + (timedelta(milliseconds=number) if number >= _MILLISECONDS_FROM else timedelta(seconds=number))


@lru_cache(maxsize=4096)
def day_number(number: int) -> date:
    """The date of a number like 20150101 (CO-32). Cached, because usage repeats the same days for every project."""
    return date(number // 10_000, number // 100 % 100, number % 100)


Text = Annotated[str, Meta(min_length=1, extra={"expected": "a string that is not empty"})]
Number = int | float
Digits = Annotated[str, Meta(pattern=r"\A[0-9]{1,19}\Z", extra={"expected": "an integer"})]
WrittenInteger = int | Digits
"""An integer, which observed servers may send as a string of digits."""
UnixTime = Annotated[int, Meta(extra={"expected": "a Unix time", "read": unix_time})]
DayNumber = Annotated[int, Meta(extra={"expected": "a day such as 20150101", "read": day_number})]
