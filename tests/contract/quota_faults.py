"""Faults of the Console's quotas and of how bodies are looked at, each with the checks that must see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from agora_rest.emulator.quotas import Quotas
from agora_rest.emulator.web.calls import Calls
from tests.contract.console_kinds import not_checked
from tests.contract.faults import Fault, inside, wrapped


def _limit(**changes: Any) -> Any:
    return wrapped(
        Quotas,
        "admit",
        lambda admit, self, limits, now: admit(self, tuple(each._replace(**changes) for each in limits), now),
    )


def _admit(function: Callable[..., bool]) -> Any:
    return wrapped(Quotas, "admit", function)


async def _carried_out(answer_: Any, self: Calls, endpoint: Any, *request: Any) -> Any:
    found = await answer_(self, endpoint, *request)
    if found.status == 429:
        await answer_(self, replace(endpoint, limits=()), *request)
    return found


def _unlimited(operation: str, answer_: Any, self: Calls, endpoint: Any, *request: Any) -> Any:
    return answer_(self, replace(endpoint, limits=()) if endpoint.id == operation else endpoint, *request)


QUOTAS: tuple[Fault, ...] = (
    inside("eleven calls pass", _limit(calls=11), "ten_console_calls_pass_in_a_second"),
    inside("nine calls pass", _limit(calls=9), "the_console_has_a_quota_of_its_own"),
    inside("ten calls pass in two seconds", _limit(seconds=2.0), "any_second_is_a_second"),
    inside("ten calls pass in half a second", _limit(seconds=0.5), "any_second_is_a_second"),
    inside(
        "seconds begin on the second",
        _admit(
            lambda admit, self, limits, now: admit(
                self, tuple(each._replace(seconds=1.0) for each in limits), float(int(now))
            )
        ),
        "any_second_is_a_second",
    ),
    inside(
        "calls about kicking rules do not count for the Console",
        _admit(
            lambda admit, self, limits, now: admit(
                self, tuple(each for each in limits if len(limits) == 1 or each.group != "console"), now
            )
        ),
        "a_refused_console_call_costs_nothing",
    ),
    inside(
        "the Console and Cloud Recording share ten calls",
        _admit(
            lambda admit, self, limits, now: admit(self, tuple(each._replace(group="all") for each in limits[:1]), now)
        ),
        "the_console_has_a_quota_of_its_own",
    ),
    inside(
        "refused calls count",
        _admit(
            lambda admit, self, limits, now: (
                admit(self, limits, now) or [self._passed[each.group].append(now) for each in limits] == 0
            )
        ),
        "any_second_is_a_second",
    ),
    inside(
        "refused calls are carried out", wrapped(Calls, "answer", _carried_out), "a_refused_console_call_does_nothing"
    ),
    *(
        inside(
            f"{operation} is not limited",
            wrapped(Calls, "answer", partial(_unlimited, operation)),
            "every_console_call_counts",
        )
        for operation in ("get_usage_v3", "update_kicking_rule", "reset_certificate", "list_channel_users")
    ),
)

BODIES: tuple[Fault, ...] = tuple(
    inside(
        f"the body of {operation} is not looked at",
        not_checked(operation),
        "console_calls_miss_what_is_left_out",
        "console_calls_take_no_other_types",
    )
    for operation in (
        "create_project",
        "set_project_status",
        "enable_certificate",
        "create_kicking_rule",
        "update_kicking_rule",
    )
)
