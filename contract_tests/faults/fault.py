"""What a seeded fault is: one change of behaviour, with the facts it breaks, as a piece of data."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Literal

from agora_rest import spec
from agora_rest.emulator import Emulator, FrozenClock
from faults.caller import Caller
from faults.middleware import At, Edge, Watched
from faults.patches import Patch

Dialect = Literal["documented", "observed"]
DIALECTS: Final[tuple[Dialect, ...]] = ("documented", "observed")


_PREFIXES: Final[dict[spec.Api, str]] = {"cloud-recording": "CR", "console": "CO"}


class Category(StrEnum):
    """What kind of rule a fault breaks."""

    SHAPES = "shapes"
    RANGES = "ranges"
    STATUSES = "statuses and headers"
    VALIDATION = "request validation"
    AUTHENTICATION = "authentication and leaks"
    STATE = "state"
    IDENTITY = "identity"
    TIME = "time and quota"
    UNITS = "units and clamps"
    PAGING = "paging"
    CROSS_FIELD = "cross-field rules"
    CONCURRENCY = "concurrency"
    IDEMPOTENCY = "idempotency"


class DoesNotApply(Exception):  # noqa: N818 -- it is the catalogue that is at fault
    """A fault that changes nothing: what it is about has moved, or it never was one."""


@dataclass(frozen=True)
class Fault:
    """One change of behaviour.

    facts: the numbers it breaks. sentence: what the server does wrong. plant: how, at the edge of the emulator or
    inside it. shows: calls whose outcome differs, which proves that the fault is there and no equivalent of the right
    behaviour. dialect: the one it shows in; None where it shows in both. excluded: why it is not counted: the documents
    allow what it does.
    """

    name: str
    category: Category
    facts: tuple[str, ...]
    sentence: str
    plant: At | Patch | tuple[Patch, ...]
    shows: Callable[[Caller], Any]
    only_in: Dialect | None = None
    excluded: str = ""

    @property
    def dialect(self) -> Dialect:
        """The dialect it is tried in. One that shows in both is tried in one of them, settled by its name."""
        return self.only_in or DIALECTS[zlib.crc32(self.name.encode()) % 2]

    @property
    def apis(self) -> tuple[spec.Api, ...]:
        """The APIs whose facts it breaks."""
        return tuple(api for api in spec.APIS if any(fact.startswith(_PREFIXES[api]) for fact in self.facts))

    def prove(self) -> None:
        """Raise DoesNotApply unless the fault changes something."""
        with emulator(self.dialect) as right:
            expected = self.shows(Caller(right))
        try:
            with emulator(self.dialect, self) as wrong:
                got = self.shows(Caller(wrong))
        except DoesNotApply:
            raise
        except Exception as error:
            raise DoesNotApply(f"{self.name}: {error!r}") from error
        if got == expected:
            raise DoesNotApply(f"{self.name}: its calls come out as ever, {expected!r:.200}")


def seeded(
    category: Category,
    name: str,
    facts: str,
    sentence: str,
    plant: At | Patch,
    shows: Callable[[Caller], Any],
    *,
    only_in: Dialect | None = None,
    excluded: str = "",
) -> Fault:
    """A fault, its facts in one string with spaces in between."""
    return Fault(name, category, tuple(facts.split()), sentence, plant, shows, only_in, excluded)


@contextmanager
def emulator(dialect: Dialect, fault: Fault | None = None, *, rate_limit: bool = False) -> Iterator[Emulator]:
    """An emulator whose clock stands still, with a fault in it if one is given.

    Raises DoesNotApply at the end when the fault itself broke down: what was seen of it proves nothing.
    """
    with planted(dialect, fault, rate_limit=rate_limit) as made:
        watched = made.app = Watched(made.app)  # type: ignore[assignment]
        yield made
    if watched.mishaps:
        name = "the emulator" if fault is None else fault.name
        raise DoesNotApply(f"{name} broke down: {watched.mishaps[0]!r}") from watched.mishaps[0]


@contextmanager
def planted(dialect: Dialect, fault: Fault | None, *, rate_limit: bool = False) -> Iterator[Emulator]:
    """The same, and whoever calls its application sees for himself what it raises."""
    with ExitStack() as patches:
        plant = () if fault is None else fault.plant
        for patch in (plant,) if isinstance(plant, Patch) else plant if isinstance(plant, tuple) else ():
            patches.enter_context(patch.applied())
        made = Emulator(dialect=dialect, clock=FrozenClock(), rate_limit=rate_limit)
        if isinstance(plant, At):
            made.app = Edge(made, plant.make())  # type: ignore[assignment]
        yield made
