"""The guards of a fact: its own checks, and the passive checks applied to all traffic of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from agora_rest.contract.checking.checks import Check, checks_by_fact
from agora_rest.contract.safety.access import Profile


@dataclass(frozen=True)
class Guard:
    """Something that notices when a fact is broken.

    name: as used in findings. sentence: the rule it holds servers to. condition: what it needs, "" when nothing.
    """

    name: str
    sentence: str
    condition: str = ""


_WATCHES: Final[tuple[tuple[Guard, frozenset[str]], ...]] = (
    (
        Guard("status_in_spec", "Every status is one of the specification's."),
        frozenset({"CR-60", "CO-04", "CR-77", "CO-63"}),
    ),
    (Guard("json_responses", "Responses are JSON."), frozenset({"CR-03", "CO-02"})),
    (Guard("one_dialect", "A server keeps to one dialect."), frozenset({"CR-61", "CO-13", "CR-74", "CO-71"})),
)


def guards(number: str) -> tuple[Guard, ...]:
    """Everything that guards the fact `number`, its own checks first."""
    checks = tuple(guard(each) for each in checks_by_fact().get(number, ()))
    return checks + tuple(watch for watch, facts in _WATCHES if number in facts)


def guard(check: Check) -> Guard:
    """A check of facts, with its requirement in words."""
    conditions = []
    if check.needs.names:
        conditions.append(f"control of the server's {', '.join(check.needs.names)}")
    if check.profile is not Profile.READ_ONLY:
        conditions.append(f"{check.profile.word} access")
    return Guard(check.name, check.sentence, " and ".join(conditions))
