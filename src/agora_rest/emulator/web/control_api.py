"""The OpenAPI document of the control API, which validates its requests."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from agora_rest import spec
from agora_rest.emulator.web.reasons import reason

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document of control."""
    found: dict[str, Any] = json.loads(files("agora_rest.emulator.web").joinpath("control.openapi.json").read_bytes())
    found["components"]["schemas"]["OperationId"]["enum"] = list(spec.operations())
    return found


def complaint(schema: str, value: Any, name: str) -> str | None:
    """The reason why `value`, called `name`, violates a schema of the document; None if it is valid."""
    validator = _validator(schema)
    if validator.is_valid(value):
        return None
    return "; ".join(dict.fromkeys(reason(error, document(), name) for error in validator.iter_errors(value)))


@cache
def _validator(schema: str) -> Draft202012Validator:
    import jsonschema_rs

    registry = jsonschema_rs.Registry([("emulator:control", document())], draft=jsonschema_rs.Draft202012)
    reference = {"$ref": f"emulator:control#/components/schemas/{schema}"}
    return jsonschema_rs.Draft202012Validator(reference, validate_formats=True, registry=registry)
