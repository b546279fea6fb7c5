"""A process may die at every moment: before and after each call and each writing. Whoever comes next finds its way."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agora_rest import RecordingStatus
from agora_rest.emulator import FrozenClock
from agora_rest.fleet import Ended, State
from tests.fleet.harness import CONFIG, Crash, FleetHarness, Fuse
from tests.fleet.test_failure_matrix import NOT_THERE


def moments(harness: FleetHarness) -> int:
    """How many moments there are in the life of a recording without any trouble."""
    fuse = Fuse()
    harness.order("undisturbed")
    harness.drive("undisturbed", fuse=fuse)
    return fuse.passed


def check(harness: FleetHarness, *, started: int = 1) -> None:
    """One recording for one order, and it is over; the journal says so."""
    entry = harness.entry()
    assert len(harness.recordings) <= started
    assert harness.running == []
    assert entry.state in (State.DONE, State.UNKNOWN)
    assert entry.ended in (Ended.STOPPED, Ended.PUT_OFFLINE)
    assert entry.next_at is None
    assert entry.owner is None


def test_without_a_crash_a_recording_is_started_once_stopped_and_has_its_files(harness: FleetHarness) -> None:
    harness.order()
    entry = harness.drive()
    assert (entry.state, entry.ended, entry.uploading_status) == (State.DONE, Ended.STOPPED, "uploaded")
    assert entry.files == (harness.recordings[0].index_file,)
    assert entry.error is None
    check(harness)


@pytest.mark.slow
@pytest.mark.parametrize("dialect", ["documented", "observed"])
def test_whenever_a_process_dies_there_is_one_recording_and_it_is_stopped(tmp_path: Path, dialect: str) -> None:
    (tmp_path / "0").mkdir()
    undisturbed = FleetHarness(tmp_path / "0", dialect=dialect)
    count = moments(undisturbed)
    undisturbed.journal.close()
    assert count > 20
    for at in range(1, count + 1):
        folder = tmp_path / str(at)
        folder.mkdir()
        harness = FleetHarness(folder, dialect=dialect)
        harness.order()
        fuse = Fuse(at)
        harness.until_dead(fuse)
        harness.drive()
        check(harness)
        assert len(harness.recordings) == 1, f"the one that died at moment {at}"
        harness.journal.close()


@pytest.mark.slow
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    deaths=st.lists(st.integers(1, 12), max_size=6),
    faults=st.lists(
        st.tuples(
            st.sampled_from(
                ["cut_before", "cut_after", "truncate", "not_json", "wrong_shape", "500", "503", "404", "429"]
            ),
            st.sampled_from([None, "acquire", "start_recording", "query_recording", "stop_recording"]),
            st.integers(1, 4),
            st.booleans(),
        ),
        max_size=4,
    ),
    stopped_early=st.booleans(),
    observed=st.booleans(),
)
def test_deaths_and_faults_in_any_order_leave_one_recording_at_most_and_none_running(
    tmp_path_factory: pytest.TempPathFactory,
    deaths: list[int],
    faults: list[tuple[str, str | None, int, bool]],
    stopped_early: bool,
    observed: bool,
) -> None:
    harness = FleetHarness(tmp_path_factory.mktemp("any"), dialect="observed" if observed else "documented")
    harness.order(stop_at=None if stopped_early else harness.clock.now() + 600)
    for kind, operation, times, after in faults:
        if kind.isdigit():
            body = {"code": 404, "reason": "failed to find worker"} if kind == "404" else None
            harness.inject(
                "status", operation, status=int(kind), body=body, times=times, after_effect=after and kind[0] == "5"
            )
        else:
            harness.inject(kind, operation, times=times)
    if stopped_early:
        try:
            harness.advance(fuse=Fuse(deaths[0] if deaths else None))
        except Crash:
            deaths = deaths[1:]
        harness.clock.advance(1)
        harness.journal.stop("lesson")
    entry = harness.drive(deaths=deaths)
    harness.journal.close()
    assert harness.running == []
    assert len(harness.recordings) <= 1
    if not harness.recordings:
        assert entry.state in (State.FAILED, State.UNKNOWN)
    if entry.state is State.FAILED:
        assert harness.recordings == []


def test_a_recording_without_an_end_goes_on_until_somebody_wants_it_to_end(harness: FleetHarness) -> None:
    harness.order(stop_at=None, config=CONFIG)
    harness.advance()
    for _ in range(30):
        harness.until_due()
        harness.advance()
    assert len(harness.running) == 1
    assert harness.journal.stop("lesson") == 1
    assert harness.drive().state is State.DONE
    check(harness)


KEYS = ("lesson", "next")
ACTIONS = st.one_of(
    st.tuples(st.just("advance"), st.sampled_from(KEYS), st.none() | st.integers(1, 9)),
    st.tuples(st.just("wait"), st.sampled_from(KEYS), st.sampled_from([1, 20, 61, 301])),
    st.tuples(st.just("stop"), st.sampled_from(KEYS), st.sampled_from([-5, 0, 5, 100])),
    st.tuples(st.just("cut_after"), st.sampled_from(KEYS), st.none()),
    st.tuples(st.just("lost from sight"), st.sampled_from(KEYS), st.sampled_from([1, 8])),
    st.tuples(st.just("set the clock"), st.sampled_from(KEYS), st.sampled_from([-3600, 3600])),
)
BEGINNINGS = st.sampled_from(
    [
        [],
        [("advance", "lesson", None), ("lost from sight", "lesson", 20), ("stop", "lesson", 0)],
        [
            ("cut_after", "lesson", None),
            ("advance", "lesson", None),
            ("wait", "lesson", 20),
            ("advance", "lesson", None),
        ],
    ]
)
"""In most runs something goes wrong early, for by chance alone little does."""


class SetClock:
    """The journal's clock, which somebody has set."""

    def __init__(self, true: FrozenClock) -> None:
        self._true, self.offset = true, 0.0

    def now(self) -> float:
        return self._true.now() + self.offset


def happen(harness: FleetHarness, clock: SetClock, kind: str, key: str, value: int | None) -> None:
    """One of ACTIONS."""
    match kind:
        case "advance":
            with suppress(Crash):
                harness.advance(key, fuse=Fuse(value))
        case "wait":
            harness.clock.advance(value or 0)
        case "stop":
            harness.journal.stop(key, at=clock.now() + (value or 0))
        case "lost from sight":
            harness.inject("status", "query_recording", status=404, body=NOT_THERE, times=value)
        case "set the clock":
            clock.offset += value or 0
        case _:
            harness.inject(kind, "start_recording", times=1)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(beginning=BEGINNINGS, actions=st.lists(ACTIONS, max_size=10), idle=st.booleans())
def test_two_recordings_of_one_recorder_in_any_order_of_events_are_both_over_in_the_end(
    tmp_path_factory: pytest.TempPathFactory,
    beginning: list[tuple[str, str, int | None]],
    actions: list[tuple[str, str, int | None]],
    idle: bool,
) -> None:
    """One after the other in one channel: stops that move, deaths, lost answers, a clock that was set."""
    harness = FleetHarness(tmp_path_factory.mktemp("two"))
    clock = harness.journal.clock = SetClock(harness.clock)
    config = None if idle else CONFIG
    for key in KEYS:
        harness.order(key, config=config, stop_at=None if key == "next" else clock.now() + 60)
    for kind, key, value in beginning + actions:
        happen(harness, clock, kind, key, value)
    harness.emulator.clear_faults()
    harness.journal.stop_all()
    for _ in range(200):
        live = [entry for entry in harness.journal.entries() if not entry.state.is_final]
        if not live:
            break
        soonest = min(live, key=lambda entry: entry.next_at or 0.0)
        harness.until_due(soonest.key)
        harness.advance(soonest.key)
    entries = list(harness.journal.entries())
    harness.journal.close()
    assert all(entry.state.is_final for entry in entries)
    assert harness.running == []
    assert len(harness.recordings) <= sum(entry.state is not State.FAILED for entry in entries)
    if not idle and clock.offset == 0.0:
        put_offline = [entry.key for entry in entries if entry.status == RecordingStatus.EXITED_ABNORMALLY]
        assert put_offline == [], "only by the rule that was meant for the other one"
