"""Describes schema violations: the member and the rule, never the value, which may be a storage key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agora_rest import spec

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError


def reason(error: ValidationError, document: dict[str, Any], name: str = "body") -> str:
    """Such as `clientRequest.storageConfig.region: must be one of 0, 1, 2, 3`; the root itself is called `name`.

    `document` contains the schema.
    """
    broken = spec.broken_rule(error, document)
    return f"{broken.named(name)}: {broken.rule}"
