"""Where the specifications state a rule: schemas of single parameters and members, and the facts beside them."""

from __future__ import annotations

from functools import cache
from typing import Any

import jsonschema_rs

from agora_rest import spec
from agora_rest.contract.http.exchange import NOT_JSON, Exchange
from agora_rest.contract.safety.undo import path_values


@cache
def body_schema(operation_id: str, edition: spec.Edition) -> dict[str, Any] | None:
    """The schema of the JSON request body, or None if the operation has none."""
    operation = spec.operation(operation_id, edition)
    return operation.resolve(operation.body_schema) if operation.body_schema else None


@cache
def member_schema(operation_id: str, name: str, edition: spec.Edition) -> dict[str, Any] | None:
    """The schema of a member of the request body, looking into `allOf`."""
    schema = body_schema(operation_id, edition)
    return _member(spec.operation(operation_id, edition), schema, name) if schema else None


def _member(operation: spec.Operation, schema: dict[str, Any], name: str) -> dict[str, Any] | None:
    schema = operation.resolve(schema)
    if name in schema.get("properties", {}):
        found: dict[str, Any] = schema["properties"][name]
        return found
    inner = (_member(operation, part, name) for part in schema.get("allOf", []))
    return next((part for part in inner if part is not None), None)


def parameter_is_valid(operation_id: str, name: str, value: object, edition: spec.Edition) -> bool:
    """Whether `value` is valid for a parameter, as it is or parsed as a number or a list."""
    validator = spec.parameter_validator(operation_id, name, edition)
    if validator is None:
        return False
    if validator.is_valid(value):
        return True
    if not isinstance(value, str):
        return False
    return validator.is_valid(value.split(",")) or (value.isdecimal() and validator.is_valid(int(value)))


def path_is_valid(exchange: Exchange) -> bool:
    """Whether every path parameter of a request is valid as it was sent."""
    values = path_values(exchange)
    return all(parameter_is_valid(exchange.operation, name, value, exchange.edition) for name, value in values.items())


def member_is_valid(operation_id: str, name: str, value: object, edition: spec.Edition) -> bool:
    """Whether `value` is a valid value of a member of the request body."""
    if member_schema(operation_id, name, edition) is None:
        return False
    return _member_validator(operation_id, name, edition).is_valid(value)


@cache
def _member_validator(operation_id: str, name: str, edition: spec.Edition) -> jsonschema_rs.Draft202012Validator:
    """A validator of one schema; its references lead into the whole document."""
    document = spec.document(spec.operation(operation_id, edition).api, edition)
    schema = {"components": document["components"], **(member_schema(operation_id, name, edition) or {})}
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


def broken_facts(exchange: Exchange) -> tuple[str, ...]:
    """The facts stated nearest to the first rule that a request breaks in its path, query or body."""
    sent = {**path_values(exchange), **exchange.query}
    for parameter in exchange.specified.parameters:
        name = parameter.name
        if name in sent and not parameter_is_valid(exchange.operation, name, sent[name], exchange.edition):
            return parameter.facts
    if exchange.asked is NOT_JSON:
        return ()
    try:
        return spec.request_facts(exchange.operation, exchange.asked, exchange.edition)
    except (ValueError, RecursionError):
        return ()
