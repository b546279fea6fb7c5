"""Faults as data: kind, operation, frequency and duration.

A fault is *drawn* for each call of its operation; the web layer carries out those that strike. Draws are
reproducible, because each fault has its own seed.
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
    """The kind of a fault."""

    STATUS = "status"
    """The response has another status, `body` and `headers`. The call has no effect, unless `after_effect`."""
    DELAY = "delay"
    """`seconds` of real time pass before the call is carried out, or with `after_effect` before the response."""
    CUT_BEFORE = "cut_before"
    """The connection is cut; the call has no effect."""
    CUT_AFTER = "cut_after"
    """The connection is cut without a response, after the call was carried out."""
    TRUNCATE = "truncate"
    """The call is carried out; its response is truncated."""
    NOT_JSON = "not_json"
    """The call is carried out; its response is an HTML page."""
    WRONG_SHAPE = "wrong_shape"
    """The call is carried out; its response is JSON, but `body` or an undocumented shape."""


def har_comment(kind: str) -> str:
    """The comment of an exchange in a HAR file whose response a fault of this kind decided."""
    return f"decided by the injected fault {kind}"


def is_har_comment(text: str) -> bool:
    """Whether a text is such a comment. A delay decides no response."""
    return any(text == har_comment(kind.value) for kind in FaultKind if kind is not FaultKind.DELAY)


FaultWord = Literal["status", "delay", "cut_before", "cut_after", "truncate", "not_json", "wrong_shape"]
"""The same as a plain word."""


@dataclass(frozen=True)
class Fault:
    """A fault of some calls."""

    kind: FaultKind | FaultWord
    operation: str | None = None
    """The ID of the affected operation; None means every operation."""
    status: int = 500
    """For `status`."""
    body: Any = None
    """For `status` and `wrong_shape`: JSON, or a string that is sent unchanged."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """For `status`: additional header fields."""
    seconds: float = 0.0
    """For `delay`."""
    after_effect: bool = False
    """For `status` and `delay`: the call is carried out first."""
    times: int | None = None
    """The maximum number of strikes; None means no limit."""
    probability: float = 1.0
    """The share of calls that it strikes."""
    seed: int = 0
    """The seed, which determines the calls that it strikes."""
    expires: float | None = None
    """Seconds on the emulator's clock after which it ends; None means never."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", FaultKind(self.kind))

    @property
    def lets_through(self) -> bool:
        """Whether the call is carried out nevertheless."""
        if self.kind is FaultKind.STATUS:
            return self.after_effect
        return self.kind is not FaultKind.CUT_BEFORE


@dataclass
class ActiveFault:
    """An injected fault, and how often it struck."""

    id: int
    fault: Fault
    until: Instant | None
    struck: int = 0
    _random: random.Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._random = random.Random(self.fault.seed)  # noqa: S311  it must be reproducible

    def is_over(self, now: Instant) -> bool:
        """Whether it will never strike again."""
        return (self.until is not None and now >= self.until) or self.struck == self.fault.times

    def strikes(self, operation: str) -> bool:
        """Draw for a call of `operation`."""
        if self.fault.operation not in (None, operation) or self._random.random() >= self.fault.probability:
            return False
        self.struck += 1
        return True


class Faults:
    """The active faults, oldest first."""

    def __init__(self) -> None:
        self._ids = itertools.count(1)
        self._active: list[ActiveFault] = []

    def inject(self, fault: Fault, now: Instant) -> ActiveFault:
        """Inject `fault`."""
        until = None if fault.expires is None else now + fault.expires
        active = ActiveFault(next(self._ids), fault, until)
        self._active.append(active)
        return active

    @property
    def are_active(self) -> bool:
        """Whether there are any. Faults that are over count until they are removed."""
        return bool(self._active)

    def all(self, now: Instant) -> list[ActiveFault]:
        """The faults that may still strike. Faults that are over are removed automatically."""
        self._active = [active for active in self._active if not active.is_over(now)]
        return list(self._active)

    def clear(self, fault_id: int | None = None) -> None:
        """Remove one fault, or all of them."""
        self._active = [active for active in self._active if fault_id not in (None, active.id)]

    def draw(self, operation: str, now: Instant) -> tuple[list[Fault], Fault | None]:
        """The faults that strike a call of `operation`: all matching delays, and the first other match."""
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
