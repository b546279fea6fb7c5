"""How priorities share one limit: the more urgent goes first, and none starves."""

from __future__ import annotations

from typing import Final

from agora_rest.permits.limits import Priority

STRIDE: Final = {priority: 10.0**priority for priority in Priority}
"""While both wait, a priority gets ten permits for each permit of the next."""


class FairShare:
    """Stride scheduling: each priority has a position, and being served advances it by the priority's stride.

    The waiting priority with the lowest position is served. A single one gets everything. A new one starts at the
    current position, so turns cannot be saved up.
    """

    def __init__(self) -> None:
        self._reached = 0.0
        self._due = dict.fromkeys(Priority, 0.0)

    def enter(self, priority: Priority) -> None:
        """The first waiter of `priority` has arrived."""
        self._due[priority] = max(self._due[priority], self._reached + STRIDE[priority])

    def due(self, priority: Priority) -> tuple[float, Priority]:
        """The sort key of a waiting priority: the least goes first."""
        return self._due[priority], priority

    def served(self, priority: Priority) -> None:
        """A waiter of `priority` was served."""
        self._reached = max(self._reached, self._due[priority])
        self._due[priority] += STRIDE[priority]
