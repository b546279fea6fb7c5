"""The Console's quota, and how bodies are looked at."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from agora_rest.emulator.quotas import Quotas
from agora_rest.emulator.web.calls import Calls
from agora_rest.emulator.web.endpoints import Endpoint
from agora_rest.emulator.web.messages import json_response
from faults.fault import Category, targeted
from faults.patches import Patch, called_with, method


async def _carried_out(answer: Any, self: Any, endpoint: Any, *request: Any) -> Any:
    found = await answer(self, endpoint, *request)
    if found.status == 429:
        await answer(self, replace(endpoint, limits=()), *request)
    return found


def _unlimited(operation: str, answer: Any, self: Any, endpoint: Any, *request: Any) -> Any:
    return answer(self, replace(endpoint, limits=()) if endpoint.id == operation else endpoint, *request)


def _crashes(carry_out: Any, *arguments: Any) -> Any:
    try:
        return carry_out(*arguments)
    except (AttributeError, KeyError, TypeError):
        return json_response(500, {"message": "An unexpected error occurred"})


def _unchecked(operation: str) -> tuple[Patch, ...]:
    """The body of an operation is not validated: what it lacks is a failure of the server."""
    check = method(
        Endpoint,
        "check_body",
        lambda check, self, value, **how: (
            value if self.id == operation and isinstance(value, dict) else check(self, value, **how)
        ),
    )
    return check, method(Calls, "_carry_out", _crashes)


QUOTAS = {
    "the_console_has_a_quota_of_its_own": {
        "nine calls pass": called_with(
            Quotas, "admit", limits=lambda limits: tuple(each._replace(calls=9) for each in limits)
        ),
    },
    "a_refused_console_call_does_nothing a_call_over_the_limit_is_not_done": {
        "refused calls are carried out": method(Calls, "respond", _carried_out),
    },
    "every_console_call_counts": {
        f"{operation} is not limited": method(Calls, "respond", partial(_unlimited, operation))
        for operation in ("get_usage_v3", "update_kicking_rule", "reset_certificate", "list_channel_users")
    },
}

BODIES = {
    "console_calls_miss_what_is_left_out console_calls_take_no_other_types": {
        f"the body of {operation} is not looked at": _unchecked(operation)
        for operation in (
            *("create_project", "set_project_status", "enable_certificate"),
            *("create_kicking_rule", "update_kicking_rule"),
        )
    },
}

FAULTS = (*targeted(Category.TIME, QUOTAS), *targeted(Category.VALIDATION, BODIES))
