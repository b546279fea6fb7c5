"""Faults as data: what shall go wrong, where, how often and for how long.

A fault is *drawn* for each call of its operation; those that strike are carried out by the web layer. Draws are
reproducible: each fault has a seed of its own.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from agora_rest.emulator.choices import Choice
from agora_rest.emulator.clock import Instant


class FaultKind(Choice):
    """What goes wrong."""

    STATUS = "status"
    """Another status is answered, with `body` and `headers`. The call has no effect, unless `after_effect`."""
    DELAY = "delay"
    """`seconds` of real time pass before the call is carried out, or with `after_effect` before it is answered."""
    CUT_BEFORE = "cut_before"
    """The connection is cut; the call has no effect."""
    CUT_AFTER = "cut_after"
    """The connection is cut without an answer, but the call was carried out."""
    TRUNCATE = "truncate"
    """The call is carried out; its answer breaks off in the middle."""
    NOT_JSON = "not_json"
    """The call is carried out; its answer is a page of HTML."""
    WRONG_SHAPE = "wrong_shape"
    """The call is carried out; its answer is JSON, but `body` or a shape that no document knows."""


FaultWord = Literal["status", "delay", "cut_before", "cut_after", "truncate", "not_json", "wrong_shape"]
"""The same as a plain word."""


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong with some calls."""

    kind: FaultKind | FaultWord
    operation: str | None = None
    """The operation ID it is about; None is every operation."""
    status: int = 500
    """For `status`."""
    body: Any = None
    """For `status` and `wrong_shape`: JSON, or a string that is sent as it is."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """For `status`: fields to send besides."""
    seconds: float = 0.0
    """For `delay`."""
    after_effect: bool = False
    """For `status` and `delay`: the call is carried out all the same, first."""
    times: int | None = None
    """It strikes so often; None is no bound."""
    probability: float = 1.0
    """It strikes this share of the calls."""
    seed: int = 0
    """Other seeds, other calls struck."""
    expires: float | None = None
    """Seconds on the emulator's clock after which it is gone; None is never."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", FaultKind(self.kind))

    @property
    def lets_through(self) -> bool:
        """Is the call carried out all the same?"""
        if self.kind is FaultKind.STATUS:
            return self.after_effect
        return self.kind is not FaultKind.CUT_BEFORE


@dataclass
class ActiveFault:
    """A fault that was injected, and how often it struck."""

    id: int
    fault: Fault
    until: Instant | None
    struck: int = 0
    _random: random.Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._random = random.Random(self.fault.seed)  # noqa: S311  # reproducible is what it has to be

    def is_over(self, now: Instant) -> bool:
        """Will it never strike again?"""
        return (self.until is not None and now >= self.until) or self.struck == self.fault.times

    def strikes(self, operation: str) -> bool:
        """Draw for a call of `operation`."""
        if self.fault.operation not in (None, operation) or self._random.random() >= self.fault.probability:
            return False
        self.struck += 1
        return True


class Faults:
    """The faults that are in force, oldest first."""

    def __init__(self) -> None:
        self._ids = itertools.count(1)
        self._active: list[ActiveFault] = []

    def inject(self, fault: Fault, now: Instant) -> ActiveFault:
        """From now on, `fault` strikes."""
        until = None if fault.expires is None else now + fault.expires
        active = ActiveFault(next(self._ids), fault, until)
        self._active.append(active)
        return active

    def all(self, now: Instant) -> list[ActiveFault]:
        """Those that may still strike. One that is over is forgotten by itself."""
        self._active = [active for active in self._active if not active.is_over(now)]
        return list(self._active)

    def clear(self, fault_id: int | None = None) -> None:
        """Forget one fault, or all of them."""
        self._active = [active for active in self._active if fault_id not in (None, active.id)]

    def draw(self, operation: str, now: Instant) -> tuple[list[Fault], Fault | None]:
        """What strikes a call of `operation`: every delay that does, and the first of the others that does."""
        if not self._active:
            return [], None
        delays: list[Fault] = []
        decisive: Fault | None = None
        for active in self.all(now):
            is_delay = active.fault.kind is FaultKind.DELAY
            if (is_delay or decisive is None) and active.strikes(operation):
                if is_delay:
                    delays.append(active.fault)
                else:
                    decisive = active.fault
        return delays, decisive
