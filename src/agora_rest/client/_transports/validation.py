"""Holds live answers against the specification, so that drift of the real API is seen the day it happens."""

from __future__ import annotations

from typing import Any

from agora_rest import spec


def broken_rule(operation_id: str, status: int, value: Any) -> str | None:
    """The first rule that an answer breaks, in words and without a value of it; None where it keeps to all."""
    validator = spec.response_validator(operation_id, status)
    if validator is None:
        return f"HTTP {status} is not documented for it"
    try:
        error = None if validator.is_valid(value) else next(validator.iter_errors(value))
    except (ValueError, RecursionError):
        return "it is no JSON that a schema can be held against"
    if error is None:
        return None
    where = ".".join(map(str, error.instance_path)) or "the answer"
    return f"{where} breaks `{error.kind.name}` ({'/'.join(map(str, error.schema_path[-3:]))})"
