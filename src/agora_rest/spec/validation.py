"""Validates values against the schemas of the specifications, and finds the rule and facts that a value breaks."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from agora_rest.spec.catalog import json_schema, operation
from agora_rest.spec.documents import APIS, Api, document, resolve, step_into
from agora_rest.spec.wording import best_match

if TYPE_CHECKING:
    import jsonschema_rs


@cache
def validator(api: Api, place: str) -> jsonschema_rs.Draft202012Validator:
    """A compiled validator of the schema at `place` in the document of `api`.

    `place` is the name of a component schema (`ChannelName`) or a JSON pointer (`#/paths/…/schema`). Formats such as
    `date` are asserted.
    """
    import jsonschema_rs

    if not place.startswith("#"):
        place = f"#/components/schemas/{place}"
    schema = {"$ref": f"agora:{api}#{quote(place[1:], safe='/~')}"}
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True, registry=_registry())


def parameter_validator(operation_id: str, name: str) -> jsonschema_rs.Draft202012Validator | None:
    """The validator of a parameter of an operation, or None if it has no such parameter."""
    found = operation(operation_id).parameter(name)
    return validator(operation(operation_id).api, found.pointer) if found else None


def request_validator(operation_id: str) -> jsonschema_rs.Draft202012Validator | None:
    """The validator of an operation's JSON request body, or None if it has none."""
    schema = operation(operation_id).body_schema
    return validator(operation(operation_id).api, schema["$ref"]) if schema else None


def response_validator(operation_id: str, status: int) -> jsonschema_rs.Draft202012Validator | None:
    """The validator of an operation's response with `status`, or None if that status is not in the document."""
    response = operation(operation_id).response(status)
    return validator(operation(operation_id).api, json_schema(response["content"])["$ref"]) if response else None


def request_facts(operation_id: str, body: object) -> tuple[str, ...]:
    """The facts nearest to the first rule that a request body breaks; () if it breaks none."""
    validator = request_validator(operation_id)
    error = next(iter(validator.iter_errors(body)), None) if validator else None
    schema = operation(operation_id).body_schema
    if error is None or schema is None:
        return ()
    return _facts_along(operation(operation_id).api, schema, best_match(error).evaluation_path)


def response_facts(operation_id: str, status: int, path: Iterable[str | int]) -> tuple[str, ...]:
    """The facts nearest to the rule at `path` in the schema of a response."""
    response = operation(operation_id).response(status) or {}
    schema = json_schema(response["content"])
    return _facts_along(operation(operation_id).api, schema, path) or tuple(response.get("x-facts", ()))


def _facts_along(api: Api, schema: dict[str, Any], path: Iterable[str | int]) -> tuple[str, ...]:
    node: Any = schema
    facts: tuple[str, ...] = ()
    for step in ["", *path]:  # "" stands for the schema itself
        if step not in ("", "$ref"):
            node = step_into(node, step)
        while isinstance(node, dict):
            facts = tuple(node.get("x-facts", facts))
            if "$ref" not in node:
                break
            node = resolve(api, {"$ref": node["$ref"]})
    return facts


@cache
def _registry() -> jsonschema_rs.Registry:
    import jsonschema_rs

    return jsonschema_rs.Registry([(f"agora:{api}", document(api)) for api in APIS], draft=jsonschema_rs.Draft202012)
