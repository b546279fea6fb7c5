"""A blind fault of each category, for instance `state(name, facts, sentence, plant)`."""

from __future__ import annotations

from functools import partial

from faults.fault import Category, Dialect, Fault
from faults.middleware import At
from faults.patches import Patch
from faults.probes import BY_OPERATION, Shows


def seeded(
    category: Category,
    name: str,
    facts: str,
    sentence: str,
    plant: At | Patch | tuple[Patch, ...],
    shows: Shows | None = None,
    only_in: Dialect | None = None,
    *,
    excluded: str = "",
) -> Fault:
    """A blind fault, its facts in one string with spaces in between.

    What is left out of `shows` is taken from the plant: the calls it brings, or those of the operation that it changes.
    """
    return Fault(name, category, tuple(facts.split()), sentence, plant, shows or _shows(plant), only_in, excluded)


def _shows(plant: At | Patch | tuple[Patch, ...]) -> Shows:
    if not isinstance(plant, At) or not (plant.shows or plant.operations):
        raise ValueError("which calls show it?")
    return plant.shows or BY_OPERATION[plant.operations[0]]


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
