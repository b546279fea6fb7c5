"""Usage, as the world keeps it."""

from __future__ import annotations

from datetime import date

import pytest

from agora_rest.emulator import DEMO_ID, Business, Metric, Minutes
from agora_rest.emulator.refusals import InvalidInput, NoSuchProject
from agora_rest.emulator.usage import METRICS, check_range
from agora_rest.emulator.world import World

FIRST, LAST = date(2020, 2, 27), date(2020, 3, 2)


@pytest.mark.fact("CO-31", "CO-36")
@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2020, 1, 1), date(2020, 1, 1)),
        (date(2019, 1, 1), date(2020, 1, 1)),
        (date(2020, 2, 29), date(2021, 2, 28)),
        (date(1000, 1, 1), date(1000, 1, 2)),
        (date(9999, 12, 30), date(9999, 12, 31)),
    ],
)
def test_a_range_of_up_to_a_year_is_allowed(first: date, last: date) -> None:
    check_range(first, last)


@pytest.mark.fact("CO-31", "CO-36")
@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2020, 1, 2), date(2020, 1, 1)),
        (date(2019, 1, 1), date(2020, 1, 2)),
        (date(2020, 2, 29), date(2021, 3, 1)),
        (date(999, 12, 31), date(1000, 1, 1)),
    ],
)
def test_a_longer_or_backward_range_is_refused(world: World, first: date, last: date) -> None:
    with pytest.raises(InvalidInput):
        world.usage_minutes(first, last)
    with pytest.raises(InvalidInput):
        world.usage_metrics(DEMO_ID, Business.DEFAULT, first, last)


@pytest.mark.fact("CO-32")
def test_minutes_come_day_by_day_with_zeros_where_nothing_was_used(world: World) -> None:
    world.usage.seed_minutes(DEMO_ID, date(2020, 2, 29), Minutes(20, 100, 132, 225))
    ((project, days),) = world.usage_minutes(FIRST, LAST)
    assert project.id == DEMO_ID
    assert [row.day.day for row in days] == [27, 28, 29, 1, 2]
    assert [sum(row.minutes) for row in days] == [0, 0, 477, 0, 0]


@pytest.mark.fact("CO-30", "CO-33")
def test_projects_are_those_that_are_named_or_all_and_unknown_ones_are_left_out(world: World) -> None:
    other, gone = world.create_project("other"), world.create_project("gone")
    world.delete_project(gone.id)

    def asked(*ids: str) -> list[str]:
        return [project.id for project, _ in world.usage_minutes(FIRST, LAST, list(ids) or None)]

    assert asked() == [DEMO_ID, other.id]
    assert asked(other.id) == [other.id]
    assert asked(other.id, DEMO_ID, other.id, "unknown", gone.id) == [DEMO_ID, other.id]
    assert asked("unknown") == []


@pytest.mark.fact("CO-34", "CO-35")
@pytest.mark.parametrize("business", Business)
def test_every_metric_of_every_day_is_described(world: World, business: Business) -> None:
    name = next(iter(METRICS[business]))
    world.usage.seed_metrics(DEMO_ID, business, FIRST, {name: 60, "unheardOf": 1})
    report = world.usage_metrics(DEMO_ID, business, FIRST, LAST)
    assert [row.day for row in report.days][:: len(report.days) - 1] == [FIRST, LAST]
    assert all(row.metrics.keys() == report.meta.keys() for row in report.days)
    assert (report.days[0].metrics[name], report.days[1].metrics[name]) == (60, 0)
    assert report.meta["unheardOf"] == Metric("unheardOf", "unheardOf", "second")


@pytest.mark.fact("CO-35")
def test_metrics_are_described_as_they_were_seeded(world: World) -> None:
    described = Metric("分钟", "Minutes", "minute")
    world.usage.seed_metrics(DEMO_ID, Business.MINIAPP, FIRST, {"mine": 1}, {"mine": described})
    assert world.usage_metrics(DEMO_ID, Business.MINIAPP, FIRST, LAST).meta["mine"] == described


@pytest.mark.fact("CO-34")
def test_businesses_and_projects_are_kept_apart(world: World) -> None:
    other = world.create_project("other").id
    world.usage.seed_metrics(DEMO_ID, Business.RECORDING, FIRST, {"durationRecording": 9})
    for project, business in ((DEMO_ID, Business.CLOUD_RECORDING), (other, Business.RECORDING)):
        report = world.usage_metrics(project, business, FIRST, LAST)
        assert not any(any(row.metrics.values()) for row in report.days)


@pytest.mark.fact("CO-36")
def test_the_metrics_of_an_unknown_project_are_not_found(world: World) -> None:
    with pytest.raises(NoSuchProject):
        world.usage_metrics("unknown", Business.DEFAULT, FIRST, LAST)
