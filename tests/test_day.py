"""The simulation of a day does what the fleet does: the same plan gone through by events, and by the fleet itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from agora_rest.fleet import Timings
from benchmarks.day.events import PATIENCE, simulated
from benchmarks.day.plan import GROUPS, Outcome, Plan, spread
from benchmarks.day.real import worked_off

CALM = Plan(recordings=40, hours=(1.0,), bell=3600, lesson=120, limits=dict.fromkeys(GROUPS, 3), workers=2)
"""All start and end at the same moment, which is much for limits of three a second."""
PRESSED = replace(
    CALM,
    lesson=20,
    limits=dict.fromkeys(GROUPS, 1),
    timings=replace(Timings(), stop_within=90.0),
    stops_wait=True,
)
"""Some are not started before their end comes, and most cannot be stopped in time."""
CURIOUS = replace(CALM, recordings=100, limits={**dict.fromkeys(GROUPS, 10), "query": 1}, workers=1)
"""Far more is to be asked than may be."""


both = pytest.mark.parametrize("plan", [CALM, PRESSED], ids=["calm", "pressed"])
by_fleet = cache(worked_off)
simulators = pytest.mark.parametrize("simulate", [simulated, by_fleet], ids=["events", "fleet"])


@pytest.mark.slow
@both
@simulators
def test_every_recording_is_settled_and_no_second_has_more_calls_than_the_limit(
    simulate: Callable[[Plan], Outcome], plan: Plan
) -> None:
    outcome = simulate(plan)
    assert outcome.unsettled == 0
    assert len(outcome.late_starts) + outcome.not_started == plan.recordings
    assert len(outcome.late_stops) == len(outcome.late_starts)
    assert min(outcome.late_starts + outcome.late_stops) > 0
    assert outcome.refused.total() == 0
    assert all(outcome.busiest[group] <= calls for group, calls in plan.limits.items())
    assert outcome.busiest["start"] == plan.limits["start"], "the limit was never reached"


@pytest.mark.slow
@both
def test_events_come_as_late_as_those_of_the_fleet(plan: Plan) -> None:
    events, fleet = simulated(plan), by_fleet(plan)
    for group in GROUPS:
        assert events.calls[group] == pytest.approx(fleet.calls[group], rel=0.1, abs=2), group
    assert len(events.late_starts) == pytest.approx(len(fleet.late_starts), abs=1)
    assert events.put_offline == pytest.approx(fleet.put_offline, abs=2)
    assert events.unconfirmed == pytest.approx(fleet.unconfirmed, abs=2)
    assert spread(events.late_starts) == pytest.approx(spread(fleet.late_starts), rel=0.1, abs=1)
    assert spread(events.late_stops) == pytest.approx(spread(fleet.late_stops), rel=0.1, abs=1)


def test_accounts_share_the_recordings_and_each_has_the_limits_for_itself() -> None:
    alone, three = simulated(CALM), simulated(replace(CALM, accounts=3))
    assert len(three.late_starts) == len(alone.late_starts) == CALM.recordings
    assert spread(three.late_starts)[2] < spread(alone.late_starts)[2] / 2
    assert three.busiest == alone.busiest


@pytest.mark.slow
@simulators
def test_no_stop_waits_because_others_wait_to_be_asked_for_their_files(simulate: Callable[[Plan], Outcome]) -> None:
    outcome = simulate(CURIOUS)
    assert outcome.calls["query"] > CURIOUS.recordings, "there was not much to ask"
    assert spread(outcome.late_stops)[2] < PATIENCE + 5, "one may wait to be asked for when its end comes"
