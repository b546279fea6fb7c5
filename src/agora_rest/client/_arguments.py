"""Holds arguments against the schemas of the specifications before anything is sent.

The rules themselves are in the specifications only. Here they are looked up, and a broken one is put into words: which
field, which rule, which value.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cache, reduce
from operator import getitem
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from agora_rest import spec
from agora_rest.client._argument_names import argument_name
from agora_rest.client._redaction import redact
from agora_rest.errors import InvalidArgument
from agora_rest.secrecy import HIDDEN, is_secret

if TYPE_CHECKING:
    import jsonschema_rs

    Validator = jsonschema_rs.Draft202012Validator

_FOLDED_AWAY: Final = ("", ".", "..")
"""Path segments that URLs lose on their way: the request would reach another operation (CO-57)."""


def check(operation_id: str, parameters: Mapping[str, Any], body: Mapping[str, Any] | None = None) -> None:
    """Raises InvalidArgument for the first of `parameters` (JSON values by name) or of `body` that breaks a rule."""
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
            rule = "cannot be carried by a URL"
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
    """What is to be known of every parameter of an operation, by its name."""
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
    """The happy way is one call; only a broken rule is looked into."""
    # Given back, not raised, so that a traceback has no frame that holds the secrets beside what is wrong.
    if (broken := _broken(operation_id, validator, value, where)) is not None:
        raise broken


def _broken(operation_id: str, validator: Validator, value: Any, where: tuple[str, ...]) -> InvalidArgument | None:
    try:
        try:
            error = _first_error(validator, value)
        except ValueError:  # The validator knows JSON's own types only; what is written as one of them is one.
            error = _first_error(validator, plain(value))
    except (ValueError, RecursionError) as unfit:
        # What has no place in JSON at all: bytes, sets, keys that are no strings.
        return unwritable(operation_id, value, where, f" ({_first_line(unfit)})")
    if error is None:
        return None
    chain = _inwards(error)
    error = chain[-1]
    api = spec.operation(operation_id).api
    path = [*where, *error.instance_path]
    missing = error.kind.value if error.kind.name == "required" else None
    if missing is None:
        given = _shown(path, reduce(getitem, error.instance_path, value))
    else:
        path, given = [*path, missing], None
    facts = next(filter(None, (_facts(api, outer.schema_path, missing) for outer in reversed(chain))), ())
    field = _dotted(path)
    return InvalidArgument(
        field,
        _in_words(error, api),
        given,
        operation=operation_id,
        facts=facts,
        argument=argument_name(operation_id, field),
    )


def _first_error(validator: Validator, value: Any) -> jsonschema_rs.ValidationError | None:
    return None if validator.is_valid(value) else next(validator.iter_errors(value))


def plain(value: Any) -> Any:
    """`value` in JSON's own types: a number or text of another type (numpy's, an enum's) as it is written.

    What is no JSON stays, to be refused.
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
    """The error of a request with something in it that JSON does not have: it names the first of it."""
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


def _inwards(error: jsonschema_rs.ValidationError) -> list[jsonschema_rs.ValidationError]:
    """From a rule with alternatives to what is wrong with the alternative that was probably meant."""
    chain = [error]
    while chain[-1].kind.name in ("anyOf", "oneOf") and chain[-1].kind.value:
        alternatives: list[list[jsonschema_rs.ValidationError]] = chain[-1].kind.value
        chain.append(min(alternatives, key=_distance)[0])
    return chain


def _distance(errors: list[jsonschema_rs.ValidationError]) -> tuple[int, int]:
    """How far a value is from an alternative: some rules say that it was not meant at all."""
    return sum(map(_not_meant, errors)), len(errors)


def _not_meant(error: jsonschema_rs.ValidationError) -> bool:
    """A `maxLength` of 0 is another way to say `const`."""
    kind = error.kind
    return kind.name in ("const", "type", "required") or (kind.name == "maxLength" and kind.value == 0)


def _in_words(error: jsonschema_rs.ValidationError, api: spec.Api) -> str:
    """The rule as a sentence without its subject. A pattern nobody can read is put as its schema describes it."""
    kind, limit = error.kind.name, error.kind.value
    if kind in _WORDS:
        return _WORDS[kind](limit)
    if kind == "pattern" and limit in _PATTERNS:
        return f"must be {_PATTERNS[limit]}"
    described = " ".join(str(spec.at(api, error.schema_path[:-1]).get("description", "")).split()).rstrip(".")
    described = described.replace(" written as a string", "")  # which the client does for its callers
    return f"does not fit ({described})" if described else f"breaks the rule `{kind}`"


def _one_of(values: list[Any]) -> str:
    return f"must be one of {', '.join(map(str, values))}"


_WORDS: Final[dict[str, Callable[[Any], str]]] = {
    "required": lambda _: "is required",
    "type": lambda types: f"must be of type {' or '.join([types] if isinstance(types, str) else types)}",
    "enum": _one_of,
    "const": lambda value: f"must be {value!r}",
    "minLength": lambda limit: "must not be empty" if limit == 1 else f"must have {limit} characters or more",
    "maxLength": lambda limit: f"must have {limit} characters at most",
    "minItems": lambda limit: "must not be empty" if limit == 1 else f"must have {limit} items or more",
    "maxItems": lambda limit: f"must have {limit} items at most",
    "minimum": lambda limit: f"must be {limit} or more",
    "maximum": lambda limit: f"must be {limit} or less",
    "exclusiveMinimum": lambda limit: f"must be more than {limit}",
    "exclusiveMaximum": lambda limit: f"must be less than {limit}",
    "format": lambda name: f"must be a {name}",
}


_PATTERNS: Final = {
    "^[A-Za-z0-9_-]+$": "of letters, digits, `_` and `-`",
    "^[0-9a-zA-Z]{32}$": "32 letters and digits, the `app_id` of a project, which is not its `id`",
    "^[^,]+$": "without a comma",
}


def _facts(api: spec.Api, schema_path: list[str | int], missing: str | None) -> tuple[str, ...]:
    """The facts stated nearest to the rule that was broken, or at the member that is missing."""
    for depth in range(len(schema_path) - 1, 1, -1):
        node = spec.at(api, schema_path[:depth])
        if isinstance(node, dict):
            member = node.get("properties", {}).get(missing, {})
            stated = (member.get("x-facts") if isinstance(member, dict) else None) or node.get("x-facts")
            if stated:
                return tuple(stated)
    return ()


def _shown(path: Sequence[str | int], value: Any) -> Any:
    secret = value and any(isinstance(part, str) and is_secret(part) for part in path)
    return HIDDEN if secret else redact(value)


def _dotted(path: Sequence[str | int]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".") or "the request"


def uid_text(uid: int | str) -> str:
    """A user ID as Cloud Recording wants it (CR-14). None stays, to be refused."""
    return uid if uid is None else str(uid)


def uid_number(uid: int | str) -> int | str:
    """A user ID as the console wants it (CO-41). What is no number stays, to be refused by its rule."""
    return int(uid) if isinstance(uid, str) and uid.isascii() and uid.isdigit() and len(uid) < 20 else uid


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
