"""Validates values against the schemas of the specifications, and finds the rule and facts that a value breaks."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from agora_rest.spec.catalog import Operation, json_schema, operation
from agora_rest.spec.documents import APIS, EDITIONS, Api, Edition, document, step_into
from agora_rest.spec.wording import best_match

if TYPE_CHECKING:
    import jsonschema_rs


@cache
def validator(api: Api, place: str, edition: Edition = "current") -> jsonschema_rs.Draft202012Validator:
    """A compiled validator of the schema at `place` in the document of `api`.

    `place` is the name of a component schema (`ChannelName`) or a JSON pointer (`#/paths/…/schema`). Formats such as
    `date` are asserted.
    """
    import jsonschema_rs

    if not place.startswith("#"):
        place = f"#/components/schemas/{place}"
    schema = {"$ref": f"agora:{api}:{edition}#{quote(place[1:], safe='/~')}"}
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True, registry=_registry())


def parameter_validator(
    operation_id: str, name: str, edition: Edition = "current"
) -> jsonschema_rs.Draft202012Validator | None:
    """The validator of a parameter of an operation, or None if it has no such parameter."""
    it = operation(operation_id, edition)
    found = it.parameter(name)
    return validator(it.api, found.pointer, edition) if found else None


def request_validator(operation_id: str, edition: Edition = "current") -> jsonschema_rs.Draft202012Validator | None:
    """The validator of an operation's JSON request body, or None if it has none."""
    it = operation(operation_id, edition)
    return validator(it.api, it.body_schema["$ref"], edition) if it.body_schema else None


def response_validator(
    operation_id: str, status: int, edition: Edition = "current"
) -> jsonschema_rs.Draft202012Validator | None:
    """The validator of an operation's response with `status`, or None if that status is not in the document."""
    it = operation(operation_id, edition)
    response = it.response(status)
    return validator(it.api, json_schema(response["content"])["$ref"], edition) if response else None


def request_facts(operation_id: str, body: object, edition: Edition = "current") -> tuple[str, ...]:
    """The facts nearest to the first rule that a request body breaks; () if it breaks none."""
    it = operation(operation_id, edition)
    validator = request_validator(operation_id, edition)
    error = next(iter(validator.iter_errors(body)), None) if validator else None
    if error is None or it.body_schema is None:
        return ()
    return _facts_along(it, it.body_schema, best_match(error).evaluation_path)


def response_facts(
    operation_id: str, status: int, path: Iterable[str | int], edition: Edition = "current"
) -> tuple[str, ...]:
    """The facts nearest to the rule at `path` in the schema of a response."""
    it = operation(operation_id, edition)
    response = it.response(status) or {}
    schema = json_schema(response["content"])
    return _facts_along(it, schema, path) or tuple(response.get("x-facts", ()))


def _facts_along(it: Operation, schema: dict[str, Any], path: Iterable[str | int]) -> tuple[str, ...]:
    node: Any = schema
    facts: tuple[str, ...] = ()
    for step in ["", *path]:  # "" stands for the schema itself
        if step not in ("", "$ref"):
            node = step_into(node, step)
        while isinstance(node, dict):
            facts = tuple(node.get("x-facts", facts))
            if "$ref" not in node:
                break
            node = it.resolve({"$ref": node["$ref"]})
    return facts


@cache
def _registry() -> jsonschema_rs.Registry:
    import jsonschema_rs

    documents = [(f"agora:{api}:{edition}", document(api, edition)) for api in APIS for edition in EDITIONS]
    return jsonschema_rs.Registry(documents, draft=jsonschema_rs.Draft202012)
