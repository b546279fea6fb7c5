"""Items that coverage counts: the statuses, parameters and facts that the specifications give an operation."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from agora_rest import spec

_LEVELS: Final = 4
"""Members of a body are counted down to this level, as `coverage.parameters_of` does."""


@cache
def documented_statuses(operation_id: str, edition: spec.Edition) -> tuple[int, ...]:
    """The statuses of an operation's responses, in ascending order."""
    return tuple(sorted(spec.operation(operation_id, edition).statuses))


@cache
def documented_parameters(operation_id: str, edition: spec.Edition) -> tuple[str, ...]:
    """The names of an operation's parameters, in the order of the specification.

    They are those `coverage.parameters_of` reads off a request: parameters of path and query by their names, members of
    the body behind `body.`.
    """
    operation = spec.operation(operation_id, edition)
    names = [each.name for each in operation.parameters if each.place in ("path", "query")]
    if operation.body_schema:
        names += _members(operation, operation.body_schema, "body", _LEVELS)
    return tuple(dict.fromkeys(names))


def _members(operation: spec.Operation, schema: dict[str, Any], prefix: str, levels: int) -> Iterator[str]:
    if levels == 0:
        return
    schema = operation.resolve(schema)
    for name, member in schema.get("properties", {}).items():
        yield f"{prefix}.{name}"
        yield from _members(operation, member, f"{prefix}.{name}", levels - 1)
    for part in (*schema.get("allOf", ()), *schema.get("oneOf", ()), *schema.get("anyOf", ())):
        yield from _members(operation, part, prefix, levels)
