"""Members of a request body that its schema does not declare. They are allowed, and a server may ignore them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, Final

from agora_rest import spec

MAX_NAMED: Final = 20
"""The maximum number of members reported."""

MAX_LENGTH: Final = 100
"""Longer names are truncated, because callers choose them."""


def unknown_members(
    operation_id: str, body: object, also_known: Collection[str] = (), edition: spec.Edition = "current"
) -> tuple[str, ...]:
    """The members of a request body that the operation's specification does not declare, such as `clientRequest.x`.

    Sorted by name. Members that are null count as absent. If `also_known` contains an object, all of its members are
    known, unless `also_known` also contains some of its members: then only those are.
    """
    operation = spec.operation(operation_id, edition)
    if operation.body_schema is None:
        return ()
    found = _unknown(operation, [operation.body_schema], body, "", also_known)
    return tuple(sorted(dict.fromkeys(found))[:MAX_NAMED])


def _unknown(
    operation: spec.Operation, schemas: list[dict[str, Any]], value: object, path: str, also_known: Collection[str]
) -> Iterator[str]:
    conditions = ("if", "then", "else")
    schemas = [
        each for schema in schemas for each in spec.alternatives(operation.api, schema, operation.edition, conditions)
    ]
    if isinstance(value, list):
        items = [schema["items"] for schema in schemas if "items" in schema]
        for each in value if items else ():
            yield from _unknown(operation, items, each, path, also_known)
    if not isinstance(value, dict):
        return
    for name, member in value.items():
        if member is None:
            continue
        known = [schema["properties"][name] for schema in schemas if name in schema.get("properties", {})]
        known += [
            schema["additionalProperties"] for schema in schemas if isinstance(schema.get("additionalProperties"), dict)
        ]
        where = f"{path}.{name[:MAX_LENGTH]}".removeprefix(".")
        if known or any(each.startswith(f"{where}.") for each in also_known):
            yield from _unknown(operation, known, member, where, also_known)
        elif where not in also_known:
            yield where
