"""A fault as data: one change of the emulator's behaviour, the facts that it breaks, and how it shows."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Final

from agora_rest import spec
from agora_rest.contract.checking.checks import Check, all_checks
from agora_rest.emulator import Clock, Emulator, FrozenClock
from faults.caller import Caller
from faults.middleware import At, Edge, ErrorRecorder
from faults.patches import Patch

Dialect = spec.Dialect
DIALECTS: Final = spec.DIALECTS
_OF_2019: Final[tuple[Dialect, ...]] = ("documented", "observed")


_PREFIXES: Final[dict[spec.Api, str]] = {"cloud-recording": "CR", "console": "CO"}


class Category(StrEnum):
    """The kind of rule that a fault breaks."""

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


class Origin(StrEnum):
    """How a fault was written; the published figure counts blind ones only."""

    BLIND = "blind"
    """From the facts, without a look at the checks."""
    TARGETED = "targeted"
    """For a check that must catch it."""


class DoesNotApply(Exception):  # noqa: N818  as in contract/checking/checks.py
    """The fault changes nothing, or raises: the emulator has changed since the fault was written."""


@dataclass(frozen=True)
class Fault:
    """One change of behaviour."""

    name: str
    category: Category
    facts: tuple[str, ...]
    """The numbers of the facts that it breaks."""
    sentence: str
    """The behaviour that is wrong, as a sentence without a full stop."""
    plant: At | Patch | tuple[Patch, ...]
    """The change: at the edge of the emulator or inside it."""
    shows: Callable[[Caller], Any] | None = None
    """Calls whose outcome differs, which prove that the fault changes something; None where only checks prove it."""
    only_in: Dialect | None = None
    """The dialect that it shows in; None where that follows from its facts, or it shows in both of 2019."""
    excluded: str = ""
    """Why the published figure does not count it, for example because the documents allow what it does."""
    origin: Origin = Origin.BLIND
    caught_by: tuple[str, ...] = ()
    """Names of checks that must catch it."""

    @property
    def dialect(self) -> Dialect:
        """The dialect it is tried in: `current` if its facts are of the present documents only.

        One that shows in both dialects of 2019 is tried in one of them, settled by its name.
        """
        if self.only_in:
            return self.only_in
        if all("2019" not in spec.facts()[fact].editions for fact in self.facts):
            return "current"
        return _OF_2019[zlib.crc32(self.name.encode()) % 2]

    @property
    def counted(self) -> bool:
        """Does the published figure count it?"""
        return self.origin is Origin.BLIND and not self.excluded

    @property
    def patches(self) -> tuple[Patch, ...]:
        """Its changes inside the emulator; none where it is at the edge."""
        if isinstance(self.plant, At):
            return ()
        return self.plant if isinstance(self.plant, tuple) else (self.plant,)

    @property
    def apis(self) -> tuple[spec.Api, ...]:
        """The APIs whose facts it breaks."""
        return tuple(api for api in spec.APIS if any(fact.startswith(_PREFIXES[api]) for fact in self.facts))

    def prove(self) -> None:
        """Raise DoesNotApply unless the calls that show the fault come out otherwise than without it."""
        if self.shows is None:
            raise ValueError(f"{self.name} has no calls that show it")
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


Table = Mapping[str, Mapping[str, At | Patch | tuple[Patch, ...]]]
"""Targeted faults: names of checks (with spaces in between) to the faults that they must catch, by sentence."""


def targeted(category: Category, table: Table, *, dialect: Dialect = "documented") -> tuple[Fault, ...]:
    """The faults of a table. Their facts are those of the checks; a sentence is the name as well."""
    return tuple(
        Fault(
            name=sentence,
            category=category,
            facts=tuple(dict.fromkeys(fact for name in names.split() for fact in checks()[name].facts)),
            sentence=sentence,
            plant=plant,
            only_in=dialect,
            origin=Origin.TARGETED,
            caught_by=tuple(names.split()),
        )
        for names, faults in table.items()
        for sentence, plant in faults.items()
    )


@cache
def checks() -> Mapping[str, Check]:
    """Every check of the contract suite by its name."""
    return {check.name: check for check in all_checks()}


@contextmanager
def emulator(
    dialect: Dialect, fault: Fault | None = None, *, rate_limit: bool = False, clock: Clock | None = None
) -> Iterator[Emulator]:
    """An emulator, with a fault in it if one is given; its clock is `clock`, or stands still.

    Raises DoesNotApply at the end when the fault itself raised: what was seen of it proves nothing.
    """
    with (
        planted(dialect, fault, rate_limit=rate_limit, clock=clock) as made,
        errors_kept(made.app, fault) as recorder,
    ):
        made.app = recorder  # type: ignore[assignment]
        yield made


@contextmanager
def errors_kept(app: Any, fault: Fault | None) -> Iterator[ErrorRecorder]:
    """An application whose mishaps are kept. Raises DoesNotApply at the end when there were any."""
    recorder = ErrorRecorder(app)
    yield recorder
    if recorder.errors:
        name = "the emulator" if fault is None else fault.name
        raise DoesNotApply(f"{name} broke down: {recorder.errors[0]!r}") from recorder.errors[0]


@contextmanager
def planted(
    dialect: Dialect, fault: Fault | None, *, rate_limit: bool = False, clock: Clock | None = None
) -> Iterator[Emulator]:
    """The same, but what the application raises is only raised to its caller."""
    with ExitStack() as patches:
        for patch in () if fault is None else fault.patches:
            patches.enter_context(patch.applied())
        made = Emulator(dialect=dialect, clock=clock or FrozenClock(), rate_limit=rate_limit)
        if fault is not None and isinstance(fault.plant, At):
            made.app = Edge(made, fault.plant.make())  # type: ignore[assignment]
        yield made
