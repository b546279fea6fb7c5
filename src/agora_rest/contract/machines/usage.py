"""A machine that seeds usage and queries it, over all projects, periods and businesses.

The model is what was seeded last for each day. What was not seeded is nothing: a day that is left out, or has zeros.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from agora_rest.contract.http.response import Response
from agora_rest.contract.machines.base import Machine
from agora_rest.contract.outcomes import Broken
from agora_rest.contract.scenarios._console import instant, now

_FIRST: Final = date(2020, 2, 26)
_LAST: Final = 364
_USED: Final = (*range(7), 120, _LAST, _LAST, _LAST)
_DAYS = st.sampled_from(_USED)
"""Days on which something is used, from the first one, which is `_FIRST`, or such that the last one is today."""

_SHORT: Final = [(first, last) for first in range(7) for last in range(first, 9)]
_LONG: Final = [(118, 122), (5, 120), (3, _LAST), (0, _LAST), (_LAST, _LAST)]
_PERIODS = st.sampled_from([*_SHORT, *_LONG])
"""First and last days of periods, of a year at most (CO-31)."""

_PROJECTS = st.sampled_from((0, 1))
_KINDS: Final = ("audio", "sd", "hd", "hdp")
_BUSINESSES = st.sampled_from(("default", "cloudRecording", "recording"))
_METRICS: Final = ("durationAudioAll", "contractMetric")
_AMOUNTS = st.integers(1, 10**6)


class Usage(Machine):
    """See the module."""

    @initialize(until_today=st.booleans())
    def begin(self, until_today: bool) -> None:
        """Two projects without usage, of one name where names may repeat."""
        name = self.server.fresh_name("project")
        names = (name, f"{name} too" if self.server.edition == "current" else name)
        self.projects = [self.server.create_project(each)["id"] for each in names]
        today = datetime.fromtimestamp(now(self.server), UTC).date()
        self.first = today - timedelta(days=_LAST) if until_today else _FIRST
        self.minutes: dict[tuple[int, date], dict[str, int]] = {}
        self.metrics: dict[tuple[int, str, date], dict[str, int]] = {}

    @rule(project=_PROJECTS, offset=_DAYS, amounts=st.fixed_dictionaries(dict.fromkeys(_KINDS, _AMOUNTS)))
    def use_minutes(self, project: int, offset: int, amounts: dict[str, int]) -> None:
        """A project uses minutes on a day."""
        day = self.first + timedelta(days=offset)
        self.server.seed_usage(project_id=self.projects[project], date=day.isoformat(), minutes=amounts)
        self.minutes[project, day] = amounts

    @rule(
        project=_PROJECTS,
        business=_BUSINESSES,
        offset=_DAYS,
        amounts=st.dictionaries(st.sampled_from(_METRICS), _AMOUNTS, min_size=1),
    )
    def use_metrics(self, project: int, business: str, offset: int, amounts: dict[str, int]) -> None:
        """A project uses something of a business on a day."""
        day = self.first + timedelta(days=offset)
        seed = {"project_id": self.projects[project], "date": day.isoformat(), "business": business}
        self.server.seed_usage(**seed, metrics=amounts)
        self.metrics[project, business, day] = amounts

    @rule(period=_PERIODS, named=st.sampled_from(((0,), (1,), (1, 0), ())))
    def ask_v1(self, period: tuple[int, int], named: tuple[int, ...]) -> None:
        """Minutes of some projects, or of all."""
        begin, end = (self.first + timedelta(days=each) for each in period)
        query: dict[str, Any] = {"from_date": begin.isoformat(), "to_date": end.isoformat()}
        if named:
            query["projects"] = ",".join(self.projects[each] for each in named)
        response = self.server.send("get_usage_v1", query=query).must_succeed()
        rows = {usage["project"]: usage["daily"] for usage in response.need("usages")}
        expected_projects = {self.projects[each] for each in named or (0, 1)}
        if not expected_projects <= rows.keys() or (named and len(rows) != len(named)):
            raise response.broken(f"the usage of {sorted(expected_projects)}")
        for each in named or (0, 1):
            seen = [(row["date"], {kind: row[kind] for kind in _KINDS}) for row in rows[self.projects[each]]]
            expected = {
                int(f"{day:%Y%m%d}"): self.minutes.get((each, day), dict.fromkeys(_KINDS, 0))
                for day in _days(begin, end)
            }
            _must_be(response, seen, expected, nothing=dict.fromkeys(_KINDS, 0))

    @rule(period=_PERIODS, project=_PROJECTS, business=_BUSINESSES)
    def ask_v3(self, period: tuple[int, int], project: int, business: str) -> None:
        """The metrics of one project and business."""
        begin, end = (self.first + timedelta(days=each) for each in period)
        query = {"from_date": begin.isoformat(), "to_date": end.isoformat(), "business": business}
        response = self.server.send(
            "get_usage_v3", query={**query, "project_id": self.projects[project]}
        ).must_succeed()
        rows = response.need("usages")
        seen = [(instant(row["date"], response.exchange) / 86_400, _used(row["usage"])) for row in rows]
        expected = {
            float((day - date(1970, 1, 1)).days): self.metrics.get((project, business, day), {})
            for day in _days(begin, end)
        }
        _must_be(response, seen, expected, nothing={})
        if any(not row["usage"].keys() <= response.need("meta").keys() for row in rows):
            raise response.broken("every metric described in `meta`")

    def conclude(self) -> None:
        """Ask for all minutes, and for all metrics of the first days and of the last ones."""
        self.ask_v1((0, _LAST), (1, 0))
        for project, business in sorted({(project, business) for project, business, _ in self.metrics}):
            for period in ((0, 8), (_LAST - 1, _LAST)):
                self.ask_v3(period, project, business)


def _must_be(response: Response, seen: list[tuple[Any, Any]], expected: dict[Any, Any], *, nothing: Any) -> None:
    """The days that were used are there with their figures; no other has any; all are in the period, once, in order."""
    used = {day: figures for day, figures in expected.items() if figures != nothing}
    days = [day for day, _ in seen]
    right = days == sorted(set(days)) and set(days) <= expected.keys()
    if not right or {day: figures for day, figures in seen if figures != nothing} != used:
        raise Broken(f"the figures {used}", f"{seen}", response.exchange)


def _used(figures: dict[str, float]) -> dict[str, float]:
    """The metrics of a day that are not 0."""
    return {name: figure for name, figure in figures.items() if figure}


def _days(begin: date, end: date) -> list[date]:
    return [begin + timedelta(days=number) for number in range((end - begin).days + 1)]
