"""The failure matrix of docs/fleet.md, row by row: what is lost, and how the recording is found."""

from __future__ import annotations

import pytest

from agora_rest.fleet import Ended, State
from tests.fleet.harness import KEY, Crash, Fuse, House

BUSY_FOR_NOW = {"code": 65, "reason": "not completed"}
NOT_THERE = {"code": 404, "reason": "failed to find worker"}


def died_in_the_start(house: House) -> None:
    """A process that was killed after its start was carried out, with the answer on its way."""
    house.order()
    with pytest.raises(Crash):
        house.advance(fuse=Fuse(6))  # acquire out and in, written before and after, start out and in
    assert house.entry().state is State.ACQUIRED
    assert len(house.running) == 1


@pytest.mark.parametrize("moment", [1, 2, 3])
def test_before_or_during_acquire__it_is_acquired_again(house: House, moment: int) -> None:
    house.order()
    with pytest.raises(Crash):
        house.advance(fuse=Fuse(moment))
    assert house.entry().state is State.INTENT
    assert house.entry().doubt is False
    assert house.drive().state is State.DONE
    assert len(house.recordings) == 1
    assert house.calls("acquire") == (1 if moment == 1 else 2)


def test_resource_id_lost_before_the_commit__another_is_acquired_and_the_old_one_serves_nobody(house: House) -> None:
    house.order()
    with pytest.raises(Crash):
        house.advance(fuse=Fuse(3))
    assert house.drive().ended is Ended.STOPPED
    resources = list(house.emulator.world.recordings.resources())
    assert [resource.recording is not None for resource in resources] == [False, True]


def test_start_unsent__the_same_resource_id_is_started(house: House) -> None:
    house.order()
    with pytest.raises(Crash):
        house.advance(fuse=Fuse(5))
    assert house.entry().state is State.ACQUIRED
    assert house.running == []
    assert house.drive().state is State.DONE
    assert house.calls("acquire") == 1
    assert len(house.recordings) == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "cut_before"},
        {"kind": "status", "status": 500},
        {"kind": "status", "status": 500, "body": {"code": 62, "reason": "waiting"}},
        {"kind": "status", "status": 206, "body": BUSY_FOR_NOW},
        {"kind": "status", "status": 504},
    ],
    ids=["unanswered", "500", "62", "206-65", "504"],
)
def test_start_unanswered__the_same_resource_id_after_3_6_and_9_seconds(house: House, fault: dict[str, object]) -> None:
    house.order()
    house.inject(operation="start_recording", times=3, **fault)
    began, waits = house.clock.now(), []
    while house.entry().state is not State.STARTED:
        house.until_due()
        waits.append(house.clock.now() - began)
        house.advance()
    assert waits == [0.0, 3.0, 9.0, 18.0]
    assert house.calls("acquire") == 1
    assert house.drive().ended is Ended.STOPPED
    assert len(house.recordings) == 1


def test_start_turned_away__it_certainly_did_nothing_so_the_end_leaves_no_doubt(house: House) -> None:
    house.order(stop_at=house.clock.now() + 20)
    house.inject("status", "start_recording", status=429)
    entry = house.drive()
    assert (entry.state, entry.ended, entry.doubt) == (State.FAILED, Ended.NOT_STARTED, False)
    assert house.calls("create_kicking_rule") == 0


@pytest.mark.parametrize("kind", ["cut_after", "truncate", "not_json"])
def test_201_without_sid__it_goes_on_to_its_end_and_is_then_put_offline(house: House, kind: str) -> None:
    house.order()
    house.inject(kind, "start_recording", times=1)
    house.advance()
    house.until_due()
    entry = house.advance()
    assert entry is not None
    assert (entry.state, entry.sid) == (State.LOST, None)
    assert house.calls("create_kicking_rule") == 0
    assert len(house.running) == 1
    assert entry.next_at == entry.stop_at
    entry = house.drive()
    assert (entry.state, entry.ended) == (State.UNKNOWN, Ended.PUT_OFFLINE)
    assert house.running == []
    assert len(house.recordings) == 1
    rules = house.emulator.state()["kicking_rules"]
    assert [(rule["channel"], rule["uid"]) for rule in rules] == [("room", 7)]


@pytest.mark.parametrize("by", ["webhook", "file"])
def test_201_without_sid__the_sid_of_a_webhook_or_of_the_first_file_saves_the_outcome(house: House, by: str) -> None:
    died_in_the_start(house)
    house.until_due()
    house.advance()
    assert house.entry().state is State.LOST
    recording = house.running[0]
    if by == "webhook":
        assert house.journal.note_sid(KEY, recording.sid)
    else:
        assert house.journal.note_file(f"folder/{recording.index_file}")
    entry = house.drive()
    assert (entry.state, entry.ended, entry.sid) == (State.DONE, Ended.STOPPED, recording.sid)
    assert entry.files == (recording.index_file,)
    assert house.calls("create_kicking_rule") == 0


def test_201_without_sid__a_wrong_sid_does_no_harm(house: House) -> None:
    died_in_the_start(house)
    house.until_due()
    house.advance()
    house.journal.note_sid(KEY, "f" * 32)
    entry = house.drive()
    assert (entry.state, entry.ended) == (State.UNKNOWN, Ended.PUT_OFFLINE)
    assert house.running == []


def test_resource_id_over_5_min_old__a_probe_that_is_refused_with_53_says_that_it_lives(house: House) -> None:
    died_in_the_start(house)
    house.clock.advance(301)
    entry = house.advance()  # the resource ID is too old to ask with; the next one is refused
    assert entry is not None
    assert (entry.state, entry.doubt) == (State.LOST, True)
    assert len(house.running) == 1
    assert house.calls("acquire") == 2
    entry = house.drive()
    assert (entry.state, entry.ended) == (State.UNKNOWN, Ended.PUT_OFFLINE)
    assert len(house.recordings) == 1
    assert house.running == []


def test_resource_id_over_5_min_old__a_probe_that_starts_is_the_recording_from_then_on(house: House) -> None:
    house.order()
    with pytest.raises(Crash):
        house.advance(fuse=Fuse(5))  # nobody knows that the start was never sent
    house.clock.advance(301)
    entry = house.advance()
    assert entry is not None
    assert entry.state is State.STARTED
    assert house.drive().ended is Ended.STOPPED
    assert len(house.recordings) == 1


def test_resource_id_over_5_min_old__a_process_that_dies_in_the_probe_makes_no_second_recording(house: House) -> None:
    for moment in range(1, 9):
        house.order(key=f"lesson-{moment}", channel=f"room-{moment}")
        with pytest.raises(Crash):
            house.advance(f"lesson-{moment}", fuse=Fuse(6))
    house.clock.advance(301)
    for moment in range(1, 9):
        house.drive(f"lesson-{moment}", deaths=[moment])
        assert len(house.recordings) == 8
    assert house.running == []


def test_its_end_comes_in_doubt__nothing_is_started_to_find_out_and_the_recorder_is_put_offline(house: House) -> None:
    died_in_the_start(house)
    house.clock.advance(700)
    starts = house.calls("start_recording")
    entry = house.drive()
    assert (entry.state, entry.ended) == (State.UNKNOWN, Ended.PUT_OFFLINE)
    assert house.calls("start_recording") == starts
    assert house.running == []


def test_somebody_elses_recording_of_the_same_recorder__it_is_left_alone_and_waited_for(house: House) -> None:
    house.order("first", stop_at=house.clock.now() + 100)
    house.advance("first")
    house.order()
    house.advance()
    assert house.entry().doubt is False
    assert "53" in str(house.entry().error)
    house.drive("first")
    assert house.drive().ended is Ended.STOPPED
    assert len(house.recordings) == 2


def test_sid_received_but_not_committed__the_same_resource_id_says_that_it_runs(house: House) -> None:
    house.order()
    with pytest.raises(Crash):
        house.advance(fuse=Fuse(7))
    assert house.entry().state is State.ACQUIRED
    house.until_due()
    house.advance()
    assert house.entry().state is State.LOST
    assert house.drive().ended is Ended.PUT_OFFLINE
    assert len(house.recordings) == 1
    assert house.running == []


def test_crash_while_recording__it_is_queried_and_stopped_when_due(house: House) -> None:
    house.order()
    house.advance()
    house.until_due()
    with pytest.raises(Crash):
        house.advance(fuse=Fuse(2))
    entry = house.drive()
    assert (entry.state, entry.ended) == (State.DONE, Ended.STOPPED)
    assert house.calls("query_recording") >= 4  # about every two minutes in ten


@pytest.mark.parametrize("fault", [{"kind": "cut_before"}, {"kind": "status", "status": 500, "body": {"code": 62}}])
def test_stop_unanswered__it_is_repeated(house: House, fault: dict[str, object]) -> None:
    house.order()
    house.inject(operation="stop_recording", times=3, **fault)
    entry = house.drive()
    assert (entry.state, entry.ended, entry.uploading_status) == (State.DONE, Ended.STOPPED, "uploaded")
    assert house.calls("stop_recording") == 4


def test_stop_carried_out_and_unanswered__a_query_tells_the_files(house: House) -> None:
    house.order()
    house.inject("cut_after", "stop_recording", times=1)
    entry = house.drive()
    assert (entry.state, entry.ended) == (State.DONE, Ended.STOPPED)
    assert entry.files == (house.recordings[0].index_file,)
    assert house.calls("stop_recording") == 2


def test_stop_65__it_is_repeated(house: House) -> None:
    house.order()
    house.inject("status", "stop_recording", status=206, body=BUSY_FOR_NOW, times=2)
    assert house.drive().ended is Ended.STOPPED
    assert house.calls("stop_recording") == 3


def test_stop_49__it_is_leaving_already(house: House) -> None:
    house.order()
    body = {"code": 49, "reason": "repeated stop request"}
    house.inject("status", "stop_recording", status=400, body=body, after_effect=True, times=1)
    entry = house.drive()
    assert (entry.state, entry.ended) == (State.DONE, Ended.STOPPED)
    assert entry.files == (house.recordings[0].index_file,)


@pytest.mark.parametrize("said", ["unknown", "unknow", "archived"])
def test_stop_that_does_not_say_where_the_files_are__they_are_asked_for(house: House, said: str) -> None:
    house.order()
    body = {"resourceId": "r", "sid": "s", "serverResponse": {"fileList": "", "uploadingStatus": said}}
    house.inject("status", "stop_recording", status=200, body=body, after_effect=True, times=1)
    entry = house.drive()
    assert (entry.state, entry.ended) == (State.DONE, Ended.STOPPED)
    calls = [exchange["operation"] for exchange in house.emulator.requests()]
    assert "query_recording" in calls[calls.index("stop_recording") :]


def test_stop_435__there_are_no_files(house: House) -> None:
    house.order()
    body = {"code": 435, "reason": "no recorded data"}
    house.inject("status", "stop_recording", status=206, body=body, after_effect=True, times=1)
    entry = house.drive()
    assert (entry.state, entry.ended) == (State.DONE, Ended.STOPPED)
    assert "without a file" in str(entry.error)


def test_a_stop_that_never_succeeds__the_recorder_is_put_offline(house: House) -> None:
    house.order()
    house.inject("status", "stop_recording", status=500)
    entry = house.drive()
    assert (entry.state, entry.ended) == (State.DONE, Ended.PUT_OFFLINE)
    assert house.running == []
    assert entry.files == (house.recordings[0].index_file,)


@pytest.mark.parametrize("operation", ["query_recording", "stop_recording"])
def test_404__done_only_after_more_than_90_seconds_of_them(house: House, operation: str) -> None:
    house.order()
    house.advance()
    if operation == "stop_recording":
        house.clock.advance(house.entry().stop_at - house.clock.now())
    house.inject("status", "query_recording", status=404, body=NOT_THERE)
    house.inject("status", "stop_recording", status=404, body=NOT_THERE)
    house.until_due()
    began = house.clock.now()
    while not house.entry().state.is_final:
        house.until_due()
        assert house.clock.now() - began <= 120
        house.advance()
    entry = house.entry()
    assert entry.state is State.DONE
    assert house.clock.now() - began > 90
    assert house.running == []  # put offline as well, in case the service only does not see it


def test_404_for_a_while__the_service_moves_it_and_it_goes_on(house: House) -> None:
    house.order()
    house.advance()
    house.inject("status", "query_recording", status=404, body=NOT_THERE, times=5)
    entry = house.drive()
    assert (entry.state, entry.ended, entry.uploading_status) == (State.DONE, Ended.STOPPED, "uploaded")
    assert len(house.recordings) == 1


def test_it_ends_by_itself__the_reconciler_sees_it(house: House) -> None:
    house.order(config=None)  # an idle time of 30 seconds, and nobody is there
    entry = house.drive()
    assert (entry.state, entry.ended) == (State.DONE, Ended.BY_ITSELF)
    assert entry.files == (house.recordings[0].index_file,)
    assert house.clock.now() < entry.stop_at
