"""How priorities share one limit: the more urgent goes first, and none starves."""

from __future__ import annotations

from typing import Final

from agora_rest.permits.limits import Priority

STRIDE: Final = {priority: 10.0**priority for priority in Priority}
"""While both wait, ten permits go to a priority for each one that goes to the next."""


class FairShare:
    """Stride scheduling: each priority is due at a point of a line, and being served moves its point on by its stride.

    Of those that wait the one that is due first goes. Alone, any priority has everything; a newcomer starts from where
    the line has got to, so that turns cannot be saved up.
    """

    def __init__(self) -> None:
        self._reached = 0.0
        self._due = dict.fromkeys(Priority, 0.0)

    def enter(self, priority: Priority) -> None:
        """The first waiter of `priority` has arrived."""
        self._due[priority] = max(self._due[priority], self._reached + STRIDE[priority])

    def due(self, priority: Priority) -> tuple[float, Priority]:
        """What orders those that wait: the least goes first."""
        return self._due[priority], priority

    def served(self, priority: Priority) -> None:
        """A waiter of `priority` was served."""
        self._reached = max(self._reached, self._due[priority])
        self._due[priority] += STRIDE[priority]
