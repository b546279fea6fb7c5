"""Recordings that follow each other in one channel by one recorder: the end of one must not be the end of the next."""

from __future__ import annotations

import pytest

from agora_rest.fleet import Ended, State
from tests.fleet.harness import Crash, Fuse, House

NOT_THERE = {"code": 404, "reason": "failed to find worker"}


def over_in_silence(house: House) -> None:
    """The recording `lesson` has ended by itself, and since then the service does not find it."""
    house.order(config=None)  # an idle time of 30 seconds, and nobody is there
    house.advance()
    house.clock.advance(40)
    assert house.running == []
    house.inject("status", "query_recording", status=404, body=NOT_THERE, times=20)


def test_a_recording_that_is_not_found_is_not_put_offline_where_its_recorder_records_again(house: House) -> None:
    over_in_silence(house)
    house.order("next")
    house.advance("next")
    assert house.entry("next").state is State.STARTED
    entry = house.drive()
    assert (entry.state, entry.ended) == (State.DONE, Ended.BY_ITSELF)
    assert house.calls("create_kicking_rule") == 0
    assert len(house.running) == 1, "the next one goes on"
    house.emulator.clear_faults()
    assert house.drive("next").ended is Ended.STOPPED


def test_a_stop_that_never_succeeds_is_not_put_offline_where_its_recorder_records_again(house: House) -> None:
    house.order(stop_at=house.clock.now() + 10)
    house.advance()
    house.clock.advance(10)
    house.inject("status", "stop_recording", status=500, after_effect=True, times=1)
    house.advance()
    house.inject("status", "stop_recording", status=500, times=100)
    house.order("next", stop_at=None)
    house.advance("next")
    assert house.drive().state is State.DONE
    assert house.calls("create_kicking_rule") == 0
    assert [recording.sid for recording in house.running] == [house.entry("next").sid]


def test_who_may_have_been_started_since_is_waited_for(house: House) -> None:
    over_in_silence(house)
    for _ in range(6):
        house.until_due()
        house.advance()
    house.order("next")
    with pytest.raises(Crash):
        house.advance("next", fuse=Fuse(6))  # its start was carried out, and nobody knows
    house.clock.advance(30)
    while house.entry("next").state is State.ACQUIRED:
        house.until_due()
        house.advance()
        assert house.calls("create_kicking_rule") == 0
        house.until_due("next")
        house.advance("next")
    assert len(house.running) == 1


def test_of_two_that_are_lost_the_later_one_is_put_offline_and_both_are_over(house: House) -> None:
    for key in ("lesson", "next"):
        house.order(key, stop_at=house.clock.now() + 100, config=None)
        with pytest.raises(Crash):
            house.advance(key, fuse=Fuse(6))
        house.clock.advance(40)  # it ends by itself
    assert house.drive("next").state is State.UNKNOWN
    assert house.drive().state is State.UNKNOWN
    assert house.running == []


def test_a_recorder_that_was_put_offline_is_started_again_when_it_may_come_in(house: House) -> None:
    house.order(stop_at=house.clock.now() + 100)
    with pytest.raises(Crash):
        house.advance(fuse=Fuse(6))
    assert house.drive().ended is Ended.PUT_OFFLINE
    house.order("next", stop_at=None)
    house.advance("next")
    assert house.calls("start_recording") == 2  # both of the first
    assert "put offline" in str(house.entry("next").error)
    house.until_due("next")
    house.advance("next")
    assert len(house.running) == 1
    house.clock.advance(200)
    assert len(house.running) == 1
