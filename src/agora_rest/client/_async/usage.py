"""The usage of projects."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from agora_rest.client._async.calls import AsyncCalls
from agora_rest.client._merging import joined_metrics, joined_minutes
from agora_rest.client._project_ids import project_id
from agora_rest.client._results import usage as results
from agora_rest.client.enums import Business
from agora_rest.client.models import Project, ProjectMinutes, UsageMetrics
from agora_rest.errors import InvalidArgument

if TYPE_CHECKING:
    from agora_console.types import Request


class AsyncUsage:
    """Usage by day (facts CO-30 … CO-36). The current day's figures are not final.

    The server returns at most one year per request (CO-31); a longer period is requested in parts, which are merged.
    `agora_rest.to_dataframe` converts either result to a table.
    """

    def __init__(self, calls: AsyncCalls) -> None:
        self._calls = calls

    async def metrics(
        self, project: str | Project, from_date: date, to_date: date, *, business: Business | str = Business.DEFAULT
    ) -> UsageMetrics:
        """Get all metrics of one project and business between two UTC days, both included (version 3, CO-34).

        An unknown project raises ApiError (CO-36).
        """
        from agora_console.api.usage import get_usage_v3

        parts = [
            await self._calls.send(
                _with_business(
                    get_usage_v3.request(
                        from_date=first,
                        to_date=last,
                        project_id=project_id(project, "get_usage_v3", "project_id"),
                        business=business,
                    )
                ),
                results.metrics,
            )
            for first, last in _years("get_usage_v3", from_date, to_date)
        ]
        return joined_metrics(parts)

    async def minutes(
        self, from_date: date, to_date: date, *, projects: Iterable[str | Project] | str | Project | None = None
    ) -> tuple[ProjectMinutes, ...]:
        """Get minutes of audio and video between two days, both included (version 1, CO-30).

        `projects` is one or several IDs or projects; by default all. Unknown projects are ignored silently (CO-33).

        The present documents do not have this call, so Agora's servers may refuse it: use `metrics`.
        """
        from agora_console.api.usage import get_usage_v1

        ids = None if projects is None else _ids(projects)
        parts = [
            await self._calls.send(
                get_usage_v1.request(projects=ids, from_date=first, to_date=last),
                results.minutes,
            )
            for first, last in _years("get_usage_v1", from_date, to_date)
        ]
        return joined_minutes(parts)


_A_DATE: Final = "must be a date: a datetime.date, which neither a datetime nor a text is"
_YEAR: Final = timedelta(days=365)


def _years(operation: str, from_date: date, to_date: date) -> list[tuple[date, date]]:
    """Split a period into parts of at most one year, each given by its first and last day (CO-31).

    The schema validates the days, but not their order.
    """
    for name, day in (("from_date", from_date), ("to_date", to_date)):
        if not isinstance(day, date) or isinstance(day, datetime):
            raise InvalidArgument(name, _A_DATE, day, operation=operation, facts=("CO-30", "CO-34"))
    if to_date < from_date:
        raise InvalidArgument("to_date", f"must not be before {from_date}", to_date, operation=operation)
    starts = [from_date + _YEAR * number for number in range((to_date - from_date) // _YEAR + 1)]
    return [(first, min(to_date - first, _YEAR - timedelta(days=1)) + first) for first in starts]


def _with_business(request: Request) -> Request:
    """`request`, whose generated code expects the member of an enumeration, and not its word, which is checked."""

    def build(**given: Any) -> dict[str, Any]:
        return request.build(**given | {"business": Business(given["business"])})

    return request._replace(build=build)


def _ids(projects: Iterable[str | Project] | str | Project) -> list[str]:
    """Return a list of IDs. A text is one ID, although it is iterable."""
    several = (projects,) if isinstance(projects, str | Project) else projects
    return [project_id(project, "get_usage_v1", f"projects[{index}]") for index, project in enumerate(several)]
