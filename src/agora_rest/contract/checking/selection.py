"""Which checks a run makes, and in which order."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from agora_rest.contract.checking.checks import Check

FUZZ_CHECKS: Final = (
    "answers",
    "content_type_conformance",
    "ensure_resource_availability",
    "ignored_auth",
    "missing_required_header",
    "negative_data_rejection",
    "not_a_server_error",
    "positive_data_acceptance",
    "response_headers_conformance",
    "response_schema_conformance",
    "status_code_conformance",
    "succeeds_once",
    "unsupported_method",
    "use_after_free",
)
"""The checks of the fuzzing phases: those of schemathesis, and our own."""

WATCH_CHECKS: Final = (
    "envelope_code",
    "headers_in_spec",
    "json_responses",
    "no_secrets_in_responses",
    "one_dialect",
    "schema_of_responses",
    "status_in_spec",
)
"""The checks that apply to all traffic."""

_SLOW: Final = ("machine", "at_once", "quota", "limits")
"""Parts of the names of modules whose checks send hundreds of requests or wait for a limit."""


class NothingSelected(ValueError):  # noqa: N818  a statement about the selection
    """No check is called so; the message names those that may have been meant."""


def selected(checks: Iterable[Check], only: Sequence[str], names: Sequence[str]) -> list[Check]:
    """The checks of facts to make: of one of the facts `only`, and with one of `names` in their name."""
    facts = {fact.upper() for fact in only}
    return [
        each
        for each in checks
        if (not facts or facts & set(each.facts)) and (not names or any(name in each.name for name in names))
    ]


def fuzz_selected(only: Sequence[str], names: Sequence[str]) -> bool:
    """Whether a selection includes the fuzzing phases, by naming one of their checks."""
    if not only and not names:
        return True
    return not only and any(name in each for name in names for each in (*FUZZ_CHECKS, *WATCH_CHECKS))


def is_reported(check: str, names: Sequence[str]) -> bool:
    """Whether a selection includes the findings of `check` in the fuzzing phases."""
    return not names or any(name in check for name in names)


def require_known(checks: Iterable[Check], only: Sequence[str], names: Sequence[str]) -> None:
    """Raise `NothingSelected` if a fact or a name selects nothing."""
    listed = list(checks)
    facts = sorted({fact for each in listed for fact in each.facts})
    for fact in only:
        if fact.upper() not in facts:
            raise NothingSelected(f"no check guards {fact}{_near(fact.upper(), facts)}; --list-checks lists all checks")
    known = [*(each.name for each in listed), *FUZZ_CHECKS, *WATCH_CHECKS]
    for name in names:
        if not any(name in each for each in known):
            raise NothingSelected(f"no check has {name!r} in its name{_near(name, known)}; --list-checks lists them")
    if not selected(listed, only, names) and not fuzz_selected(only, names):
        raise NothingSelected("no check is selected by both --only and -k")


def telling_first(checks: Iterable[Check]) -> list[Check]:
    """`checks` with the most telling first, for a run that stops at its first findings.

    The order is that of `telling.json`, which `python -m strength --order` computes: next comes the check that catches
    most faults a second among those that no check before it catches. Checks that are not in it come next, the cheap
    ones first: those that send few requests, one of each group of scenarios, then the second ones, and so on.
    """
    places = _places()
    seen: dict[str, int] = {}

    def rank(check: Check) -> tuple[int, bool, int]:
        module = check.function.__module__.rpartition(".")[2]
        seen[module] = seen.get(module, -1) + 1
        return places.get(check.name, len(places)), any(part in module for part in _SLOW), seen[module]

    return [check for _, check in sorted(((rank(each), each) for each in checks), key=lambda pair: pair[0])]


@cache
def _places() -> dict[str, int]:
    """The place of each check in the table."""
    names = json.loads(files("agora_rest.contract.checking").joinpath("telling.json").read_text(encoding="utf-8"))
    return {name: place for place, name in enumerate(names)}


def _near(name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, known, 3)
    return f"; perhaps {', '.join(near)}" if near else ""
