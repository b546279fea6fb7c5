"""A fact explained: its words, where the specifications state it, what guards it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from typing import Final

from agora_rest.contract.checking.fact_locations import Location, locations
from agora_rest.contract.checking.guards import Guard, guards
from agora_rest.spec import Edition, Fact, facts

_SPELLING = re.compile(r"\s*(C[RO])[\s_-]*(\d+)\s*", re.IGNORECASE)

_OFFERED = 3
"""How many facts are offered in the place of an unknown one."""


class UnknownFact(LookupError):  # noqa: N818  says what it is
    """Unknown fact number; the message lists similar numbers."""


def explain(number: str) -> str:
    """Describes a fact as Markdown that is also readable as plain text.

    `number` may be written `CR-42`, `cr42` or `CR 42`. Raises `UnknownFact`.
    """
    return "\n".join(_lines(find(number))) + "\n"


def find(number: str) -> Fact:
    """The fact people mean by `number`. Raises `UnknownFact`."""
    spelled = _SPELLING.fullmatch(number)
    wanted = f"{spelled[1].upper()}-{spelled[2].zfill(2)}" if spelled else number.strip()
    if wanted in facts():
        return facts()[wanted]
    near = [str(facts()[each]) for each in _near(wanted)]
    offer = f"; perhaps {', or '.join(near)}" if near else ""
    raise UnknownFact(f"unknown fact {wanted or '(empty)'}{offer}")


def _near(wanted: str) -> list[str]:
    """The facts beside a number that was left out, or those whose titles have a word of `wanted`, or look like it."""
    prefix, _, digits = wanted.partition("-")
    if digits.isdecimal() and any(each.startswith(f"{prefix}-") for each in facts()):
        same = [each for each in facts() if each.startswith(f"{prefix}-")]
        beside = sorted(same, key=lambda each: abs(int(each.partition("-")[2]) - int(digits)))
        return sorted(beside[:_OFFERED])
    words = set(wanted.lower().split())
    titled = [each.number for each in facts().values() if words & set(each.title.lower().split())]
    return titled[:_OFFERED] or difflib.get_close_matches(wanted.upper(), list(facts()), _OFFERED)


def _lines(fact: Fact) -> Iterator[str]:
    yield f"# {fact}"
    yield f"\n{fact.sentence}"
    if fact.decision:
        yield f"\nWhere the document is in doubt: {fact.decision}"
    yield f"\nSource: {fact.document}, {fact.section}"
    if len(fact.editions) == 1:
        yield f"\nIt holds {_HOLDS[fact.editions[0]]}."
    yield "\n## Stated in the specifications\n"
    yield from map(_location, locations(fact.number))
    yield "\n## Checked by\n"
    found = guards(fact.number)
    yield from map(_guarded, found)
    if not found:
        yield f"Nothing: {fact.unchecked}" if fact.unchecked else "Nothing yet."


_HOLDS: Final[dict[Edition, str]] = {
    "2019": "in the documents of 2019 and 2020 only",
    "current": "in the present documents only",
}


def _location(location: Location) -> str:
    return f"- {location.api}: `{location.pointer}` ({', '.join(location.operations) or 'no operation'})"


def _guarded(guard: Guard) -> str:
    needs = f" (needs {guard.condition})" if guard.condition else ""
    return f"- `{guard.name}`: {guard.sentence}{needs}"
