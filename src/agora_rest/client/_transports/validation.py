"""Validates live responses against the specification, to detect drift of the real API.

A server may follow the documents of 2019 or the present ones: a response that conforms to either is no drift.
"""

from __future__ import annotations

from typing import Any

from agora_rest import spec
from agora_rest.text import printable


def broken_rule(operation_id: str, status: int, value: Any) -> str | None:
    """Describe the first rule that a response breaks, without its value; None if it breaks none."""
    of_today = _broken_rule(operation_id, status, value, "current")
    if of_today is None or operation_id not in spec.operations("2019"):
        return of_today
    of_2019 = _broken_rule(operation_id, status, value, "2019")
    is_enveloped = isinstance(value, dict) and "Code" in value
    return of_2019 if of_2019 is None or is_enveloped else of_today


def edition_shown(operation_id: str, status: int, value: Any) -> spec.Edition | None:
    """The edition of the documents that a response shows; None if it conforms to both, or to neither."""
    if operation_id not in spec.operations("2019") or spec.operations("2019")[operation_id].is_deprecated:
        return "current" if _broken_rule(operation_id, status, value, "current") is None else None
    if operation_id not in spec.operations("current") or spec.operations("current")[operation_id].is_deprecated:
        return None
    known = [edition for edition in spec.EDITIONS if _broken_rule(operation_id, status, value, edition) is None]
    return known[0] if len(known) == 1 else None


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
