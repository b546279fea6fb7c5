"""What a benchmark is, and what it gives: rows, each a ratio with its target."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Final, NamedTuple

_SIGNS: Final = {"≤": operator.le, "≥": operator.ge}


class Size(NamedTuple):
    """How much is measured: all of it, little (`--quick`), or next to nothing (the tests)."""

    rounds: int
    """How often everything that is compared is measured, one after the other."""
    burst: float
    """Seconds that one of them gets at a time."""
    watched: float
    """Seconds that a limiter is watched: its limit is one per second, so little makes no sense."""
    networks: int
    """On how many networks that is done, the worst first."""
    share: float = 1.0
    """Of what is held at most where growth is measured."""

    def of(self, number: int) -> int:
        """So many of `number`, which may be little but not next to nothing."""
        return max(200, round(number * self.share))

    @property
    def few(self) -> int:
        """The rounds of what takes its time, and differs little from one round to the next."""
        return (self.rounds + 1) // 2


FULL: Final = Size(rounds=15, burst=0.15, watched=8.5, networks=3)
QUICK: Final = Size(rounds=5, burst=0.02, watched=3.6, networks=1, share=0.1)
TINY: Final = Size(rounds=1, burst=0.0, watched=3.6, networks=1, share=0.0)


@dataclass(frozen=True)
class Row:
    """One ratio. `low` and `high` are the middle half of the rounds."""

    what: str
    ratio: float
    low: float
    high: float
    figures: str = ""
    """What was divided by what, in units."""
    target: str | None = None
    """As `≤ 1.10`; None where the row is there to compare with."""
    forbidden: int = 0
    """How often something happened that must never happen."""

    @classmethod
    def once(cls, what: str, ratio: float, figures: str, target: str | None, forbidden: int = 0) -> Row:
        """The row of what is measured once, because it takes its time."""
        return cls(what, ratio, ratio, ratio, figures, target, forbidden)

    @property
    def met(self) -> bool | None:
        """Whether the target is; None where there is none."""
        if self.target is None:
            return None
        sign, bound = self.target.split()
        return not self.forbidden and bool(_SIGNS[sign](self.ratio, float(bound)))

    @property
    def verdict(self) -> str:
        return {None: "", True: "met", False: "**not met**"}[self.met]


@dataclass(frozen=True)
class Results:
    """What one benchmark gave, when, and with which versions."""

    rows: tuple[Row, ...]
    date: str
    machine: str
    versions: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Results:
        return cls(**{**kept, "rows": tuple(Row(**row) for row in kept["rows"])})


@dataclass(frozen=True)
class Section:
    """One benchmark, and what docs/performance.md says of it."""

    name: str
    title: str
    meaning: str
    """What the rows mean to a user, and how they are measured. Markdown."""
    measure: Callable[[Size], Iterable[Row]]
    packages: tuple[str, ...] = ()
    """The installed packages that take part."""
    other_versions: Callable[[], dict[str, str]] = dict
    """Of what is not installed as a Python package here."""
    limits: str = ""
    """Where a target is not met: why not, and what would have to change. Markdown."""
