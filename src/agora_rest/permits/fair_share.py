"""How priorities share one limit: the more urgent goes first, and nobody is left standing for ever."""

from __future__ import annotations

from typing import Final

from agora_rest.permits.limits import Priority

STRIDE: Final = {priority: 10.0**priority for priority in Priority}
"""While both wait, ten permits go to a priority for each one that goes to the next."""


class FairShare:
    """Stride scheduling: each priority is due at a point of a line, and being served moves its point on by its stride.

    Of those that wait the one that is due first goes. Alone, any priority has everything; a newcomer starts from where
    the line has got to, so that nobody saves up turns by staying away.
    """

    def __init__(self) -> None:
        self._reached = 0.0
        self._due = dict.fromkeys(Priority, 0.0)

    def enter(self, priority: Priority) -> None:
        """Somebody of `priority` waits, where nobody of it waited before."""
        self._due[priority] = max(self._due[priority], self._reached + STRIDE[priority])

    def due(self, priority: Priority) -> tuple[float, Priority]:
        """What orders those that wait: the least goes first."""
        return self._due[priority], priority

    def served(self, priority: Priority) -> None:
        """Somebody of `priority` has gone."""
        self._reached = max(self._reached, self._due[priority])
        self._due[priority] += STRIDE[priority]
