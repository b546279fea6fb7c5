"""Describes a broken schema rule: which member, and what is allowed there.

The client's errors, the emulator's reasons and the findings of the contract suite use these descriptions. They never
quote the value, which may be a secret, nor a pattern or a keyword of JSON Schema, which explain nothing: `x-rules` in
the specification describes each pattern.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from agora_rest.spec.documents import step_into

if TYPE_CHECKING:
    import jsonschema_rs

    Error = jsonschema_rs.ValidationError

_ALTERNATIVES: Final = ("anyOf", "oneOf")
_NOT_ALLOWED: Final = "has a value that is not allowed"


class BrokenRule(NamedTuple):
    """A rule of a schema that a value breaks."""

    path: tuple[str | int, ...]
    """The path in the value; the path of a missing member ends with its name."""
    rule: str
    """A predicate without a subject: `must be a number, not text`."""
    is_missing: bool
    """Whether the rule is that the member is required."""
    chain: tuple[Error, ...]
    """The validator's errors, outermost first: its own, then those of the alternatives that were probably intended."""

    def named(self, root: str) -> str:
        """The member as `a.b[0].c`; `root` names the value itself, and prefixes the items of a list."""
        return dotted(self.path, root)


def broken_rule(error: Error, document: dict[str, Any]) -> BrokenRule:
    """The rule behind `error`. `document` contains the validator's schema."""
    chain, options = _inwards(error)
    error = chain[-1]
    path = tuple(error.instance_path)
    if error.kind.name == "required":
        return BrokenRule((*path, error.kind.as_dict()["property"]), "is required", is_missing=True, chain=chain)
    return BrokenRule(path, _in_words(error, document, options), is_missing=False, chain=chain)


def best_match(error: Error) -> Error:
    """If a value matches none of several alternatives, the error of the alternative that was probably intended."""
    return _inwards(error)[0][-1]


def dotted(path: Iterable[str | int], root: str) -> str:
    """A path as `a.b[0].c`; `root` names the value itself, and prefixes the items of a list."""
    name = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return f"{root}{name}" if name.startswith("[") else name.removeprefix(".") or root


# Which alternative was intended: alternatives differ by a `const` tag, such as the storage's `vendor`, or by the
# members at their root, such as those of a response's envelope. So the alternative is chosen that has the fewest
# mismatches of this kind near its root; those of a tag count first. If every alternative refuses its tag, the tag is
# wrong, and the tags of all alternatives are allowed.


def _inwards(error: Error) -> tuple[tuple[Error, ...], tuple[Any, ...]]:
    """The errors from `error` to that in the intended alternative; and the allowed tags, if the tag is wrong."""
    chain, options = [error], ()
    while chain[-1].kind.name in _ALTERNATIVES:
        alternatives = [errors for errors in chain[-1].kind.as_dict().get("context", ()) if errors]
        if not alternatives:  # a `oneOf` that matches several alternatives
            break
        depth = len(chain[-1].instance_path)
        meant = min(alternatives, key=lambda errors: _distance(errors, depth))
        tags = [_tag(errors) for errors in alternatives]
        if (tag := _tag(meant)) is not None and None not in tags:
            same = [each for each in tags if each is not None and list(each.instance_path) == list(tag.instance_path)]
            options = tuple(each.kind.as_dict()["expected_value"] for each in same)
            chain.append(tag)
        else:
            chain.append(meant[0])
    return tuple(chain), options


def _distance(errors: list[Error], depth: int) -> tuple[int, int, int]:
    """The distance of a value from an alternative that starts `depth` steps inside it."""
    near = [error for error in errors if len(error.instance_path) <= depth + 1]
    return sum(map(_is_wrong_tag, near)), sum(map(_is_wrong_shape, near)), len(errors)


def _is_wrong_tag(error: Error) -> bool:
    """Whether an error refuses a tag. A `maxLength` of 0 acts like a `const`, a `not` like all other tags."""
    kind = error.kind
    return kind.name in ("const", "not") or (kind.name == "maxLength" and kind.as_dict()["limit"] == 0)


def _is_wrong_shape(error: Error) -> bool:
    return error.kind.name in ("type", "required")


def _tag(errors: list[Error]) -> Error | None:
    return next((error for error in errors if error.kind.name == "const"), None)


def _in_words(error: Error, document: dict[str, Any], options: Sequence[Any]) -> str:
    schema, details = _schema(error, document), error.kind.as_dict()
    allowed = options or schema.get("enum") or ([schema["const"]] if "const" in schema else ())
    if error.kind.name in ("type", "enum", "const") and allowed:
        return _one_of(allowed, error.instance, schema)
    stated = schema.get("x-rules", {}).get(error.kind.name)
    if stated:
        return str(stated)
    if error.kind.name in ("minimum", "maximum") and {"minimum", "maximum"} <= schema.keys():
        return f"must be from {schema['minimum']} to {schema['maximum']}"
    words = _WORDS.get(error.kind.name)
    return words(details, error.instance) if words else _NOT_ALLOWED


def _schema(error: Error, document: dict[str, Any]) -> dict[str, Any]:
    """The schema that has the broken keyword; {} if it is not in the document."""
    node = reduce(step_into, error.schema_path[:-1], document)
    return node if isinstance(node, dict) else {}


def _one_of(allowed: Iterable[Any], given: Any, schema: dict[str, Any]) -> str:
    """Such as `must be a number, not text: one of 0, 1, 2`; for the name of a number, the number is suggested."""
    allowed = list(dict.fromkeys(allowed))
    kinds = dict.fromkeys(_kind(each) for each in allowed)
    listed = ", ".join(json.dumps(each, ensure_ascii=False) for each in allowed)
    options = listed if len(allowed) == 1 else f"one of {listed}"
    if _kind(given) in kinds:
        return f"must be {options}"
    rule = f"must be {' or '.join(kinds)}, not {_kind(given)}"
    if isinstance(given, str) and (named := dict(zip(schema.get("x-enum-varnames", ()), allowed, strict=False))):
        number = named.get(given.upper().replace("-", "_"))
        if number is not None:
            return f"{rule}: {number} stands for {given}"
    return f"{rule}: {options}"


def _type(details: dict[str, Any], given: Any) -> str:
    types = [str(each) for each in details["types"]]
    if "integer" in types and isinstance(given, float):
        return "must be a whole number"
    return f"must be {' or '.join(_TYPES[each] for each in types)}, not {_kind(given)}"


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "text"
    return "an object" if isinstance(value, dict) else "a list"


def _count(bound: str, unit: str) -> Callable[[dict[str, Any], Any], str]:
    def words(details: dict[str, Any], _: Any) -> str:
        extreme = {("at least", 1): "must not be empty", ("at most", 0): "must be empty"}
        return extreme.get((bound, details["limit"])) or f"must have {bound} {details['limit']} {unit}"

    return words


_TYPES: Final = {
    "integer": "a number",
    "number": "a number",
    "string": "text",
    "boolean": "true or false",
    "object": "an object",
    "array": "a list",
    "null": "null",
}

_FORMATS: Final = {
    "date": "must be a date that exists, written YYYY-MM-DD",
    "date-time": "must be a date and time as in RFC 3339, such as 2020-01-31T12:00:00Z",
    "ipv4": "must be an IPv4 address",
    "ipv6": "must be an IPv6 address",
}

_WORDS: Final[dict[str, Callable[[dict[str, Any], Any], str]]] = {
    "type": _type,
    "minLength": _count("at least", "characters"),
    "maxLength": _count("at most", "characters"),
    "minItems": _count("at least", "items"),
    "maxItems": _count("at most", "items"),
    "minProperties": _count("at least", "members"),
    "maxProperties": _count("at most", "members"),
    "minimum": lambda details, _: f"must be at least {details['limit']}",
    "maximum": lambda details, _: f"must be at most {details['limit']}",
    "exclusiveMinimum": lambda details, _: f"must be more than {details['limit']}",
    "exclusiveMaximum": lambda details, _: f"must be less than {details['limit']}",
    "format": lambda details, _: _FORMATS.get(details["format"], f"must be a {details['format']}"),
    "additionalProperties": lambda details, _: f"must not have {', '.join(details['unexpected'])}",
    "uniqueItems": lambda *_: "must not have the same item twice",
    "pattern": lambda *_: "is not written as its description says",
    "propertyNames": lambda *_: "has a member with a name that is not allowed",
}
