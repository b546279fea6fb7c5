"""Validates live responses against the specification, to detect drift of the real API."""

from __future__ import annotations

from typing import Any

from agora_rest import spec


def broken_rule(operation_id: str, status: int, value: Any) -> str | None:
    """Describe the first rule that a response breaks, without its value; None if it breaks none."""
    validator = spec.response_validator(operation_id, status)
    if validator is None:
        return f"HTTP {status} is not documented for it"
    try:
        error = None if validator.is_valid(value) else next(validator.iter_errors(value))
    except (ValueError, RecursionError):
        return "it is not JSON that can be validated"
    if error is None:
        return None
    where = ".".join(map(str, error.instance_path)) or "the answer"
    return f"{where} breaks `{error.kind.name}` ({'/'.join(map(str, error.schema_path[-3:]))})"
