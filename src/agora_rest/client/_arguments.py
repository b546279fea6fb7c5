"""Validates arguments against the schemas of the specifications before anything is sent.

The specifications are the only source of the rules. An error states the field, the rule and the value.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from functools import cache, reduce
from operator import getitem
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from agora_rest import spec
from agora_rest.client._argument_names import argument_name
from agora_rest.errors import InvalidArgument
from agora_rest.redaction import HIDDEN, is_secret, redact

if TYPE_CHECKING:
    import jsonschema_rs

    Validator = jsonschema_rs.Draft202012Validator

_FOLDED_AWAY: Final = ("", ".", "..")
"""Path segments that URL normalization removes: the request would reach another operation (CO-57)."""


def check(operation_id: str, parameters: Mapping[str, Any], body: Mapping[str, Any] | None = None) -> None:
    """Raise InvalidArgument for the first of `parameters` (JSON values by name) or of `body` that breaks a rule."""
    for name, parameter in _parameters(operation_id).items():
        if name not in parameters:
            if parameter.required:
                argument = argument_name(operation_id, name)
                raise InvalidArgument(
                    name, "is required", None, operation=operation_id, facts=parameter.facts, argument=argument
                )
            continue
        value = parameters[name]
        _hold(operation_id, parameter.validator, value, (name,))
        if parameter.in_path and value in _FOLDED_AWAY:
            rule = "cannot be used in a URL path"
            argument = argument_name(operation_id, name)
            raise InvalidArgument(name, rule, value, operation=operation_id, facts=("CO-57",), argument=argument)
    if body is not None:
        _hold(operation_id, _body(operation_id), body, ())


class _Parameter(NamedTuple):
    validator: Validator
    in_path: bool
    required: bool
    facts: tuple[str, ...]


@cache
def _parameters(operation_id: str) -> dict[str, _Parameter]:
    """The parameters of an operation, by name."""
    operation = spec.operation(operation_id)
    return {
        each.name: _Parameter(
            spec.validator(operation.api, each.pointer),
            in_path=each.place == "path",
            required=each.required,
            facts=each.facts,
        )
        for each in operation.parameters
    }


@cache
def _body(operation_id: str) -> Validator:
    validator = spec.request_validator(operation_id)
    if validator is None:
        raise LookupError(f"{operation_id} has no body")
    return validator


def _hold(operation_id: str, validator: Validator, value: Any, where: tuple[str, ...]) -> None:
    """Validate in one call; only on failure find the broken rule."""
    # Returned, not raised, so that no frame in the traceback holds secrets.
    if (broken := _broken(operation_id, validator, value, where)) is not None:
        raise broken


def _broken(operation_id: str, validator: Validator, value: Any, where: tuple[str, ...]) -> InvalidArgument | None:
    try:
        try:
            error = _first_error(validator, value)
        except ValueError:  # The validator accepts only JSON's own types; convert values of similar types.
            error = _first_error(validator, plain(value))
    except (ValueError, RecursionError) as unfit:
        # Values that JSON cannot represent: bytes, sets, keys that are not strings.
        first_line = str(unfit).partition("\n")[0]
        return unwritable(operation_id, value, where, f" ({first_line})")
    if error is None:
        return None
    api = spec.operation(operation_id).api
    broken = spec.broken_rule(error, spec.document(api))
    path = (*where, *broken.path)
    missing = str(broken.path[-1]) if broken.is_missing else None
    given = None if broken.is_missing else _shown(path, reduce(getitem, broken.path, value))
    facts = next(filter(None, (_facts(api, outer.schema_path, missing) for outer in reversed(broken.chain))), ())
    field = _dotted(path)
    argument = argument_name(operation_id, field)
    return InvalidArgument(field, broken.rule, given, operation=operation_id, facts=facts, argument=argument)


def _first_error(validator: Validator, value: Any) -> jsonschema_rs.ValidationError | None:
    return None if validator.is_valid(value) else next(validator.iter_errors(value))


def plain(value: Any) -> Any:
    """`value` in JSON's own types: numbers and texts of other types (numpy's, an enum's) are converted.

    Values that JSON cannot represent are returned unchanged and rejected later.
    """
    if isinstance(value, Enum):
        value = value.value
    if type(value) is bool:
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, Mapping):
        return {key: plain(member) for key, member in value.items()}
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value


def unwritable(
    operation_id: str | None, value: Any, where: tuple[str | int, ...] = (), why: str = ""
) -> InvalidArgument:
    """The error for the first value in a request that JSON cannot represent."""
    try:
        path, misfit = next(_misfits(value, where), (where, HIDDEN))
    except RecursionError:
        path, misfit = where, HIDDEN
    field, shown = _dotted(path), _shown(path, misfit)
    argument = argument_name(operation_id, field)
    return InvalidArgument(field, f"must be JSON{why}", shown, operation=operation_id, argument=argument)


def _misfits(value: Any, where: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    if isinstance(value, Mapping):
        for key, member in value.items():
            yield from _misfits(member, (*where, key)) if isinstance(key, str) else [(where, key)]
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _misfits(item, (*where, index))
    elif not _is_written(value):
        yield where, value


def _is_written(value: Any) -> bool:
    if isinstance(value, str):
        return value.isascii() or not any("\ud800" <= character <= "\udfff" for character in value)
    return value is None or isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))


def _facts(api: spec.Api, schema_path: list[str | int], missing: str | None) -> tuple[str, ...]:
    """The facts nearest to the broken rule, or to the missing member."""
    for depth in range(len(schema_path) - 1, 1, -1):
        node = spec.at(api, schema_path[:depth])
        if isinstance(node, dict):
            member = node.get("properties", {}).get(missing, {})
            stated = (member.get("x-facts") if isinstance(member, dict) else None) or node.get("x-facts")
            if stated:
                return tuple(stated)
    return ()


def _shown(path: Sequence[str | int], value: Any) -> Any:
    # A wrong address to push to may hold the key of a stream anywhere.
    secret = value and any(isinstance(part, str) and (is_secret(part) or part == "rtmpUrl") for part in path)
    return HIDDEN if secret else redact(value)


def _dotted(path: Sequence[str | int]) -> str:
    return spec.dotted(path, "the request")


def uid_text(uid: int | str) -> str:
    """A user ID in the form of Cloud Recording (CR-14). None is returned unchanged and rejected later."""
    return uid if uid is None else str(uid)


def uid_number(uid: int | str) -> int:
    """A user ID in the form of the Console (CO-41). Other text is returned unchanged; the schema rejects it."""
    if isinstance(uid, str) and uid.isascii() and uid.isdigit() and len(uid) < 20:
        return int(uid)
    return cast("int", uid)
