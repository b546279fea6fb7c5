"""A blind fault of each category, all but its name: `state(facts, sentence, plant)`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from faults.fault import Category, Dialect, Fault
from faults.middleware import At
from faults.patches import Patch
from faults.probes import BY_OPERATION, Shows

Seed = Callable[[str], Fault]
"""Makes a fault of its name."""


def seeded(
    category: Category,
    facts: str,
    sentence: str,
    plant: At | Patch | tuple[Patch, ...],
    shows: Shows | None = None,
    only_in: Dialect | None = None,
    *,
    excluded: str = "",
) -> Seed:
    """A blind fault, its facts in one string with spaces in between.

    What is left out of `shows` is taken from the plant: the calls it brings, or those of the operation that it changes.
    """
    found = shows or _shows(plant)
    return lambda name: Fault(name, category, tuple(facts.split()), sentence, plant, found, only_in, excluded)


def _shows(plant: At | Patch | tuple[Patch, ...]) -> Shows:
    if isinstance(plant, At):
        operation = plant.operations[0] if plant.operations else ""
        if found := plant.shows or BY_OPERATION.get(operation):
            return found
    raise ValueError(f"which calls show it? {plant}")


shapes = partial(seeded, Category.SHAPES)
ranges = partial(seeded, Category.RANGES)
statuses = partial(seeded, Category.STATUSES)
validation = partial(seeded, Category.VALIDATION)
authentication = partial(seeded, Category.AUTHENTICATION)
state = partial(seeded, Category.STATE)
identity = partial(seeded, Category.IDENTITY)
timing = partial(seeded, Category.TIME)
units = partial(seeded, Category.UNITS)
paging = partial(seeded, Category.PAGING)
cross = partial(seeded, Category.CROSS_FIELD)
concurrency = partial(seeded, Category.CONCURRENCY)
idempotency = partial(seeded, Category.IDEMPOTENCY)
