"""Detects that a ledger's clock was set forward, after which permits would seem rested that are not."""

from __future__ import annotations

import math
from typing import Final

DRIFT: Final = 0.001
"""The maximum drift between two clocks: twice that of a clock being adjusted."""

RESOLUTION: Final = 2e-6
"""The error of the difference between two readings of a ledger's clock, which has a resolution of microseconds."""


class ClockWatch:
    """Compares a ledger's clock with this process's own.

    The ledger read its clock at some moment of the exchange, so each exchange says within which bounds the two clocks
    are apart. When the lower bound rises over an earlier upper one, the ledger's clock has been set forward: there is
    no other explanation, except that this process's clock stood still, which is as bad.
    """

    def __init__(self) -> None:
        self._most, self._at = math.inf, 0.0

    def forward_jump(self, sent: float, received: float, ledger: float) -> float:
        """By how many seconds the ledger's clock, which read `ledger`, has certainly been set forward since earlier."""
        most = self._most + DRIFT * (received - self._at)
        jump = ledger - received - most
        jumped = jump > RESOLUTION
        self._most, self._at = ledger - sent if jumped else min(most, ledger - sent), received
        return jump if jumped else 0.0
