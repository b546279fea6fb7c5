"""Why a value does not satisfy a schema, in words that name the field and the rule and never the value.

The validator's own messages quote what was sent. That may be a storage key, so nothing of them is used.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError


def reason(error: ValidationError, name: str = "body") -> str:
    """Such as `clientRequest.storageConfig.region: must be one of 0, 1, 2, 3`; the root itself is called `name`."""
    kind = error.kind
    details: dict[str, Any] = kind.as_dict()
    if kind.name == "required":
        return f"{_field([*error.instance_path, details['property']], '')}: is missing"
    if kind.name in ("oneOf", "anyOf"):
        return _reason_among(error, details.get("context", []), name)
    rule = _RULES.get(kind.name)
    return f"{_field(error.instance_path, name)}: {rule(details) if rule else _NOT_ALLOWED}"


def _reason_among(error: ValidationError, alternatives: Iterable[list[ValidationError]], name: str) -> str:
    """Alternatives are told apart by a `const`: the one that was meant is the one whose tag fits, or nearly so."""
    faulty = [faults for faults in alternatives if faults]
    meant = [faults for faults in faulty if all(fault.kind.name != "const" for fault in faults)]
    if meant:
        return reason(min(meant, key=len)[0], name)
    tags = [fault for faults in faulty for fault in faults if fault.kind.name == "const"]
    if not tags:  # `oneOf` that more than one alternative satisfies
        return f"{_field(error.instance_path, name)}: {_NOT_ALLOWED}"
    return f"{_field(tags[0].instance_path, name)}: must be one of {_listed(tag.kind.value for tag in tags)}"


def _field(path: Iterable[str | int], root: str) -> str:
    """`a.b[0].c`; in what is a list itself, `root[0]`."""
    name = ""
    for step in path:
        name += f"[{step}]" if isinstance(step, int) else f".{step}"
    return f"{root}{name}" if name.startswith("[") else name.removeprefix(".") or root


def _pattern(pattern: str) -> str:
    return f"must match {pattern}" if len(pattern) <= _READABLE else "is not of the documented form"


def _listed(values: Iterable[Any]) -> str:
    return ", ".join(json.dumps(value) for value in values)


_READABLE = 80
_NOT_ALLOWED = "has a value that is not allowed"

_RULES: dict[str, Callable[[dict[str, Any]], str]] = {
    "type": lambda rule: f"must be of type {' or '.join(map(str, rule['types']))}",
    "enum": lambda rule: f"must be one of {_listed(rule['options'])}",
    "const": lambda rule: f"must be {json.dumps(rule['expected_value'])}",
    "pattern": lambda rule: _pattern(rule["pattern"]),
    "format": lambda rule: f"must be a {rule['format']}",
    "minimum": lambda rule: f"must be at least {rule['limit']}",
    "maximum": lambda rule: f"must be at most {rule['limit']}",
    "exclusiveMinimum": lambda rule: f"must be more than {rule['limit']}",
    "exclusiveMaximum": lambda rule: f"must be less than {rule['limit']}",
    "minLength": lambda rule: f"must have at least {rule['limit']} characters",
    "maxLength": lambda rule: f"must have at most {rule['limit']} characters",
    "additionalProperties": lambda rule: f"must not have {', '.join(rule['unexpected'])}",
    "minProperties": lambda _: "must not be empty",
    "minItems": lambda rule: f"must have at least {rule['limit']} items",
    "maxItems": lambda rule: f"must have at most {rule['limit']} items",
}
