"""Quotas: at most ten calls in a second of a group, and no refusal below that (CR-05, CR-71, CO-03, CO-49, CO-62)."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Final

from agora_rest import spec
from agora_rest.state_models.deviations import Deviation, deviation
from agora_rest.state_models.memory import Memory
from agora_rest.state_models.observed import Observed

_NOT_COUNTED: Final = frozenset({0, 401})
"""Statuses of calls that no quota counts: no response, unknown credentials."""
_TOO_MANY: Final = 429
_FACTS: Final = {"console": "CO-03 CO-62", "kicking-rules": "CO-49"}


class Quotas:
    """Counts the calls of an account in each group of operations."""

    def __init__(self, size: int) -> None:
        self._recent: Memory[tuple[str, str], deque[Observed]] = Memory(size)

    def observe(self, seen: Observed) -> Iterator[Deviation]:
        """More calls than a quota allows, or a call that is refused although it allows more."""
        limit = spec.operation(seen.operation).rate_limit
        if seen.status in _NOT_COUNTED:
            return
        counts = []
        for group in filter(None, (limit.group, limit.within)):
            recent = self._recent.get_or_add((seen.account, group), deque)
            while recent and recent[0].sent <= seen.sent - limit.per and recent[0].done < seen.sent - limit.per:
                recent.popleft()
            recent.append(seen)
            if len(recent) > 10 * limit.calls:
                recent.popleft()
            within = [each for each in recent if each.sent > seen.sent - limit.per]
            counts.append((len(recent), limit.calls))
            if len(within) > limit.calls:
                title = f"At most {limit.calls} calls of the group {group} are made in {limit.per:g} second"
                got = f"{len(within)} calls, the last with status {seen.status}"
                yield deviation("quota", _FACTS.get(group, "CR-05 CR-71"), title, f"{limit.calls} calls", got, seen)
        if seen.status == _TOO_MANY and all(count <= calls for count, calls in counts):
            title = "A call is not refused before its quota is used up"
            got = f"429 for call {max(count for count, _ in counts)} within {limit.per:g} second"
            facts = "CR-05 CR-71" if limit.within is None and limit.group != "console" else "CO-03 CO-49 CO-62"
            yield deviation("quota_is_there", facts, title, "a response other than 429", got, seen, seen, doubtful=True)
