"""Rate limits: a maximum number of calls of a group in *any* span of a given length (CR-05, CO-03, CO-49)."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from agora_rest.emulator.clock import Instant


class Limit(NamedTuple):
    """At most `calls` calls of `group` in any `seconds` seconds."""

    group: str
    calls: int
    seconds: float


class Quotas:
    """Counts the accepted calls. A refused call is not counted, so waiting always helps."""

    def __init__(self) -> None:
        self._passed: dict[str, deque[Instant]] = {}

    def admit(self, limits: tuple[Limit, ...], now: Instant) -> bool:
        """Accept a call that is subject to all of `limits`, if none is exhausted. Returns whether it was accepted."""
        if any(self.used(limit, now) >= limit.calls for limit in limits):
            return False
        for limit in limits:
            self._passed[limit.group].append(now)
        return True

    def used(self, limit: Limit, now: Instant) -> int:
        """The number of calls that currently count against `limit`: those after `now - limit.seconds`."""
        passed = self._passed.setdefault(limit.group, deque())
        while passed and passed[0] <= now - limit.seconds:
            passed.popleft()
        return len(passed)
