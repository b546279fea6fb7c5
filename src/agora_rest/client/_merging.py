"""Merges results that were requested in parts."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from agora_rest.client.models import ProjectMinutes, UsageMetrics


def joined_minutes(parts: Sequence[tuple[ProjectMinutes, ...]]) -> tuple[ProjectMinutes, ...]:
    """Concatenate the days of each project. A project may be missing from some parts."""
    found: dict[str, ProjectMinutes] = {}
    for part in parts:
        for item in part:
            before = found.get(item.project)
            found[item.project] = _longer(before, item) if before else item
    return tuple(found.values())


def _longer(first: ProjectMinutes, second: ProjectMinutes) -> ProjectMinutes:
    return replace(first, daily=first.daily + second.daily, extra={**first.extra, **second.extra})


def joined_metrics(parts: Sequence[UsageMetrics]) -> UsageMetrics:
    """Concatenate the days of all parts, and combine their metadata of metrics."""
    meta = {name: metric for part in parts for name, metric in part.meta.items()}
    return replace(parts[0], meta=meta, days=tuple(day for part in parts for day in part.days))


def page_before(position: int, largest: int) -> tuple[int, int]:
    """Number and size of the largest page that starts at `position` or slightly before it.

    Pages start only at multiples of their size, so the size is chosen accordingly.
    """
    if position <= 0:
        return 0, largest
    number = -(-position // largest)
    return number, position // number
