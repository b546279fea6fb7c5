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
_CONSOLE: Final = frozenset({"console", "kicking-rules"})
_FACTS: Final = {"console": "CO-03", "kicking-rules": "CO-49"}
_OTHERS: Final = "CR-05 CR-71"


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
        for group in _groups(seen, limit):
            recent = self._recent.get_or_add((seen.account, group), deque)
            while recent and recent[0].sent <= seen.sent - limit.per and recent[0].done < seen.sent - limit.per:
                recent.popleft()
            recent.append(seen)
            if len(recent) > 10 * limit.calls:
                recent.popleft()
            if group in (limit.group, limit.within):
                counts.append((len(recent), limit.calls))
            made = _together(recent, limit)
            if made > limit.calls and _counted(seen, limit, group):
                title = f"At most {limit.calls} calls of the group {group} are made in {limit.per:g} second"
                got = f"{made} calls, the last with status {seen.status}"
                facts = "CO-62" if group == seen.operation and limit.group in _CONSOLE else _FACTS.get(group, _OTHERS)
                yield deviation("quota", facts, title, f"{limit.calls} calls", got, seen)
        if seen.status == _TOO_MANY and all(count <= calls for count, calls in counts):
            title = "A call is not refused before its quota is used up"
            got = f"429 for call {max(count for count, _ in counts)} within {limit.per:g} second"
            facts = "CO-03 CO-49 CO-62" if limit.group in _CONSOLE else _OTHERS
            yield deviation("quota_is_there", facts, title, "a response other than 429", got, seen, seen, doubtful=True)


def _groups(seen: Observed, limit: spec.RateLimit) -> tuple[str, ...]:
    """The groups in which a call counts: those of 2019, and the call alone, which counts today (CO-62)."""
    return tuple(dict.fromkeys(filter(None, (limit.group, limit.within, seen.operation))))


def _counted(seen: Observed, limit: spec.RateLimit, group: str) -> bool:
    """Whether a server of the exchange's edition has a quota of this group."""
    if limit.group in _CONSOLE and seen.edition == "current":
        return group == seen.operation
    return group in (limit.group, limit.within)


def _together(recent: deque[Observed], limit: spec.RateLimit) -> int:
    """The calls, at most, that certainly came to the server within the time of a quota.

    A call comes some time between its request and its response.
    """
    if len(recent) <= limit.calls:
        return len(recent)
    return max(
        sum(each.sent >= first.sent and each.done < first.sent + limit.per for each in recent) for first in recent
    )
