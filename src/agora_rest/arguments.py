"""Holds arguments against the schemas of the specifications before anything is sent.

The rules themselves are in the specifications only. Here they are looked up, and a broken one is put into words: which
field, which rule, which value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Never

from . import spec
from .errors import InvalidArgument
from .redaction import HIDDEN, is_secret, redact

if TYPE_CHECKING:
    import jsonschema_rs

    Validator = jsonschema_rs.Draft202012Validator

_FOLDED_AWAY: Final = ("", ".", "..")
"""Path segments that URLs lose on their way: the request would reach another operation (CO-57)."""


def check(operation_id: str, parameters: Mapping[str, Any], body: Mapping[str, Any] | None = None) -> None:
    """Raises InvalidArgument for the first of `parameters` (JSON values by name) or of `body` that breaks a rule."""
    for name, (validator, in_path) in _parameters(operation_id).items():
        if name not in parameters:
            continue
        value = parameters[name]
        _hold(operation_id, validator, value, (name,))
        if in_path and value in _FOLDED_AWAY:
            _refuse(operation_id, name, "cannot be carried by a URL", value, ("CO-57",))
    if body is not None:
        _hold(operation_id, _body(operation_id), body, ())


@cache
def _parameters(operation_id: str) -> dict[str, tuple[Validator, bool]]:
    """The validator of every parameter of an operation, and whether it goes into the path."""
    operation = spec.operation(operation_id)
    item = ("paths", operation.path)
    found = {}
    for place in (item, (*item, operation.method.lower())):
        listed = _at(operation.api, place).get("parameters", [])
        for index, node in enumerate(listed):
            parameter = spec.resolve(operation.api, node)
            pointer = node.get("$ref") or _pointer(*place, "parameters", str(index))
            schema = parameter["schema"].get("$ref") or f"{pointer}/schema"
            found[parameter["name"]] = (spec.validator(operation.api, schema), parameter["in"] == "path")
    return found


@cache
def _body(operation_id: str) -> Validator:
    validator = spec.request_validator(operation_id)
    if validator is None:
        raise LookupError(f"{operation_id} has no body")
    return validator


def _hold(operation_id: str, validator: Validator, value: Any, where: tuple[str, ...]) -> None:
    """The happy way is one call; only a broken rule is looked into."""
    try:
        error = None if validator.is_valid(value) else next(validator.iter_errors(value))
    except (ValueError, RecursionError) as unfit:
        # What has no place in JSON at all: bytes, sets, keys that are no strings.
        _refuse(operation_id, ".".join(where) or "the request", f"must be JSON ({_first_line(unfit)})", HIDDEN, ())
    if error is not None:
        chain = _inwards(error)
        error = chain[-1]
        api = spec.operation(operation_id).api
        path = [*where, *error.instance_path]
        missing = error.kind.value if error.kind.name == "required" else None
        if missing is None:
            given = _shown(path, error.instance)
        else:
            path, given = [*path, missing], None
        facts = next(filter(None, (_facts(api, outer.schema_path, missing) for outer in reversed(chain))), ())
        _refuse(operation_id, _dotted(path), _in_words(error, api), given, facts)


def _refuse(operation_id: str, field: str, rule: str, value: object, facts: tuple[str, ...]) -> Never:
    raise InvalidArgument(field, rule, value, operation=operation_id, facts=facts)


def _inwards(error: jsonschema_rs.ValidationError) -> list[jsonschema_rs.ValidationError]:
    """From a rule with alternatives to what is wrong with the alternative that was probably meant."""
    chain = [error]
    while chain[-1].kind.name in ("anyOf", "oneOf") and chain[-1].kind.value:
        alternatives: list[list[jsonschema_rs.ValidationError]] = chain[-1].kind.value
        chain.append(min(alternatives, key=_distance)[0])
    return chain


def _distance(errors: list[jsonschema_rs.ValidationError]) -> tuple[int, int]:
    """How far a value is from an alternative: another `const` or type says that it was not meant at all."""
    return sum(error.kind.name in ("const", "type") for error in errors), len(errors)


def _in_words(error: jsonschema_rs.ValidationError, api: spec.Api) -> str:
    """The rule as a sentence without its subject. A pattern nobody can read is put as its schema describes it."""
    kind, limit = error.kind.name, error.kind.value
    if kind in _WORDS:
        return _WORDS[kind](limit)
    if kind == "pattern" and limit in _PATTERNS:
        return f"must be {_PATTERNS[limit]}"
    described = " ".join(str(_at(api, error.schema_path[:-1]).get("description", "")).split()).rstrip(".")
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
    "^[0-9a-zA-Z]{32}$": "32 letters and digits",
}


def _facts(api: spec.Api, schema_path: list[str | int], missing: str | None) -> tuple[str, ...]:
    """The facts stated nearest to the rule that was broken, or at the member that is missing."""
    for depth in range(len(schema_path) - 1, 1, -1):
        node = _at(api, schema_path[:depth])
        if isinstance(node, dict):
            member = node.get("properties", {}).get(missing, {})
            stated = (member.get("x-facts") if isinstance(member, dict) else None) or node.get("x-facts")
            if stated:
                return tuple(stated)
    return ()


def _shown(path: list[str | int], value: Any) -> Any:
    secret = value and any(isinstance(part, str) and is_secret(part) for part in path)
    return HIDDEN if secret else redact(value)


def _dotted(path: list[str | int]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".") or "the request"


def _pointer(*parts: str) -> str:
    return "#/" + "/".join(part.replace("~", "~0").replace("/", "~1") for part in parts)


def _at(api: spec.Api, path: tuple[str, ...] | list[str | int]) -> Any:
    node: Any = spec.document(api)
    for part in path:
        node = node[part]
    return node


def uid_text(uid: int | str) -> str:
    """A user ID as Cloud Recording wants it (CR-14)."""
    return str(uid)


def uid_number(uid: int | str) -> int | str:
    """A user ID as the console wants it (CO-41). What is no number stays, to be refused by its rule."""
    return int(uid) if isinstance(uid, str) and uid.isascii() and uid.isdigit() and len(uid) < 20 else uid


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
