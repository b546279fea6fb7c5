"""Validates live responses against the specification, to detect drift of the real API.

A server may follow the documents of 2019 or the present ones: a response that conforms to either is no drift.
"""

from __future__ import annotations

from typing import Any

from agora_rest import spec
from agora_rest.text import printable


def broken_rule(operation_id: str, status: int, value: Any) -> str | None:
    """Describe the first rule that a response breaks, without its value; None if it breaks none."""
    editions = [each for each in spec.EDITIONS if operation_id in spec.operations(each)]
    rules = {each: _broken_rule(operation_id, status, value, each) for each in editions}
    if None in rules.values():
        return None
    is_enveloped = isinstance(value, dict) and "Code" in value
    return rules["2019" if is_enveloped and "2019" in rules else "current"]


def _broken_rule(operation_id: str, status: int, value: Any, edition: spec.Edition) -> str | None:
    validator = spec.response_validator(operation_id, status, edition)
    if validator is None:
        return f"HTTP {status} is not documented for it"
    try:
        error = None if validator.is_valid(value) else next(validator.iter_errors(value))
        if error is None:
            return None
        broken = spec.broken_rule(error, spec.document(spec.operation(operation_id).api, edition))
    except (ValueError, RecursionError):
        return "it is not JSON that can be validated"
    return printable(f"{broken.named('the response')} {broken.rule}")
