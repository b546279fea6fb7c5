"""Recordings that follow each other in one channel by one recorder: the end of one must not be the end of the next."""

from __future__ import annotations

import pytest

from agora_rest.fleet import Ended, State
from tests.fleet.harness import Crash, FleetHarness, Fuse

NOT_THERE = {"code": 404, "reason": "failed to find worker"}


def over_in_silence(harness: FleetHarness) -> None:
    """The recording `lesson` has ended by itself, and since then the service does not find it."""
    harness.order(config=None)  # an idle time of 30 seconds, and nobody is there
    harness.advance()
    harness.clock.advance(40)
    assert harness.running == []
    harness.inject("status", "query_recording", status=404, body=NOT_THERE, times=20)


def test_a_recording_that_is_not_found_is_not_put_offline_where_its_recorder_records_again(
    harness: FleetHarness,
) -> None:
    over_in_silence(harness)
    harness.order("next")
    harness.advance("next")
    assert harness.entry("next").state is State.STARTED
    entry = harness.drive()
    assert (entry.state, entry.ended) == (State.DONE, Ended.BY_ITSELF)
    assert harness.calls("create_kicking_rule") == 0
    assert len(harness.running) == 1, "the next one goes on"
    harness.emulator.clear_faults()
    assert harness.drive("next").ended is Ended.STOPPED


def test_a_stop_that_never_succeeds_is_not_put_offline_where_its_recorder_records_again(harness: FleetHarness) -> None:
    harness.order(stop_at=harness.clock.now() + 10)
    harness.advance()
    harness.clock.advance(10)
    harness.inject("status", "stop_recording", status=500, after_effect=True, times=1)
    harness.advance()
    harness.inject("status", "stop_recording", status=500, times=100)
    harness.order("next", stop_at=None)
    harness.advance("next")
    assert harness.drive().state is State.DONE
    assert harness.calls("create_kicking_rule") == 0
    assert [recording.sid for recording in harness.running] == [harness.entry("next").sid]


def test_who_may_have_been_started_since_is_waited_for(harness: FleetHarness) -> None:
    over_in_silence(harness)
    for _ in range(6):
        harness.until_due()
        harness.advance()
    harness.order("next")
    with pytest.raises(Crash):
        harness.advance("next", fuse=Fuse(6))  # its start was carried out, and nobody knows
    harness.clock.advance(30)
    while harness.entry("next").state is State.ACQUIRED:
        harness.until_due()
        harness.advance()
        assert harness.calls("create_kicking_rule") == 0
        harness.until_due("next")
        harness.advance("next")
    assert len(harness.running) == 1


def test_of_two_that_are_lost_the_later_one_is_put_offline_and_both_are_over(harness: FleetHarness) -> None:
    for key in ("lesson", "next"):
        harness.order(key, stop_at=harness.clock.now() + 100, config=None)
        with pytest.raises(Crash):
            harness.advance(key, fuse=Fuse(6))
        harness.clock.advance(40)  # it ends by itself
    assert harness.drive("next").state is State.UNKNOWN
    assert harness.drive().state is State.UNKNOWN
    assert harness.running == []


def test_a_recorder_that_was_put_offline_is_started_again_when_it_may_come_in(harness: FleetHarness) -> None:
    harness.order(stop_at=harness.clock.now() + 100)
    with pytest.raises(Crash):
        harness.advance(fuse=Fuse(6))
    assert harness.drive().ended is Ended.PUT_OFFLINE
    harness.order("next", stop_at=None)
    harness.advance("next")
    assert harness.calls("start_recording") == 2  # both of the first
    assert "put offline" in str(harness.entry("next").error)
    harness.until_due("next")
    harness.advance("next")
    assert len(harness.running) == 1
    harness.clock.advance(200)
    assert len(harness.running) == 1
