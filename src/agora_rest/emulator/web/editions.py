"""Which fact of the present documents takes the place of one of 2019, for verdicts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from agora_rest import spec

SUCCESSORS: Final = {
    "CR-05": "CR-71",
    "CR-11": "CR-91",
    "CR-12": "CR-92",
    "CR-15": "CR-78",
    "CR-37": "CR-94",
    "CR-38": "CR-93",
    "CR-39": "CR-93",
    "CR-60": "CR-77",
    "CR-63": "CR-82",
    "CR-65": "CR-144",
    "CO-02": "CO-65",
    "CO-03": "CO-62",
    "CO-04": "CO-63",
    "CO-17": "CO-75",
    "CO-49": "CO-62",
}


def holding(numbers: Iterable[str], edition: spec.Edition) -> tuple[str, ...]:
    """These facts as they hold in an edition: with their successors, and without those that do not hold."""
    known = spec.facts()
    current = [SUCCESSORS.get(number, number) if edition == "current" else number for number in numbers]
    return tuple(number for number in dict.fromkeys(current) if edition in known[number].editions)
