"""Puts together what had to be asked for in parts."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from agora_rest.client.models import ProjectMinutes, UsageMetrics


def joined_minutes(parts: Sequence[tuple[ProjectMinutes, ...]]) -> tuple[ProjectMinutes, ...]:
    """The days of each project, one part after the other. A project need not be in all of them."""
    found: dict[str, ProjectMinutes] = {}
    for part in parts:
        for item in part:
            before = found.get(item.project)
            found[item.project] = _longer(before, item) if before else item
    return tuple(found.values())


def _longer(first: ProjectMinutes, second: ProjectMinutes) -> ProjectMinutes:
    return replace(first, daily=first.daily + second.daily, extra={**first.extra, **second.extra})


def joined_metrics(parts: Sequence[UsageMetrics]) -> UsageMetrics:
    """The days of all parts, and what any of them says of a metric."""
    meta = {name: metric for part in parts for name, metric in part.meta.items()}
    return replace(parts[0], meta=meta, days=tuple(day for part in parts for day in part.days))


def page_before(position: int, largest: int) -> tuple[int, int]:
    """Number and size of the largest page that begins at `position` or a little before it.

    Pages begin at multiples of their size only, so the size is chosen to fit.
    """
    if position <= 0:
        return 0, largest
    number = -(-position // largest)
    return number, position // number
