"""Reports of models: a response that contradicts an earlier one, or its own request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from agora_rest.state_models.observed import Observed


@dataclass(frozen=True)
class Deviation:
    """A response that contradicts what the server said before. The texts hold no secrets, IDs or names."""

    check: str
    """The name of the rule, a Python name."""
    facts: tuple[str, ...]
    """The numbers of the facts that it breaks, of every edition."""
    title: str
    """The rule as a sentence."""
    expected: str
    got: str
    seen: Observed
    """The exchange in which it shows."""
    earlier: Observed | None = None
    """The exchange that it contradicts."""
    doubtful: bool = False
    """Whether others may have caused it between the two: another client, users, or the clock of the caller."""

    @property
    def gap(self) -> float:
        """Seconds between the two exchanges, in which others may have acted."""
        return 0.0 if self.earlier is None else max(self.seen.done - self.earlier.sent, 0.0)


class Model(Protocol):
    """Follows exchanges."""

    def observe(self, seen: Observed) -> Iterator[Deviation]:
        """The deviations that show with `seen`."""


def deviation(
    check: str,
    facts: str,
    title: str,
    expected: str,
    got: str,
    seen: Observed,
    earlier: Observed | None = None,
    *,
    doubtful: bool = False,
) -> Deviation:
    """A deviation whose facts are one text, with spaces in between. `got` is completed by the earlier exchange."""
    shown = got if earlier is None or earlier is seen else f"{got} (see exchange {earlier.number})"
    return Deviation(check, tuple(facts.split()), title, expected, shown, seen, earlier, doubtful)
