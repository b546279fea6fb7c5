"""The failure matrix of docs/fleet.md, row by row: what is lost, and how the recording is found."""

from __future__ import annotations

import pytest

from agora_rest.fleet import Ended, State
from tests.fleet.harness import KEY, Crash, FleetHarness, Fuse

BUSY_FOR_NOW = {"code": 65, "reason": "not completed"}
NOT_THERE = {"code": 404, "reason": "failed to find worker"}


def died_in_the_start(harness: FleetHarness) -> None:
    """A process that was killed after its start was carried out, with the answer on its way."""
    harness.order()
    with pytest.raises(Crash):
        harness.advance(fuse=Fuse(6))  # acquire out and in, written before and after, start out and in
    assert harness.entry().state is State.ACQUIRED
    assert len(harness.running) == 1


@pytest.mark.parametrize("moment", [1, 2, 3])
def test_before_or_during_acquire__it_is_acquired_again(harness: FleetHarness, moment: int) -> None:
    harness.order()
    with pytest.raises(Crash):
        harness.advance(fuse=Fuse(moment))
    assert harness.entry().state is State.INTENT
    assert harness.entry().maybe_started is False
    assert harness.drive().state is State.DONE
    assert len(harness.recordings) == 1
    assert harness.calls("acquire") == (1 if moment == 1 else 2)


def test_resource_id_lost_before_the_commit__another_is_acquired_and_the_old_one_serves_nobody(
    harness: FleetHarness,
) -> None:
    harness.order()
    with pytest.raises(Crash):
        harness.advance(fuse=Fuse(3))
    assert harness.drive().ended is Ended.STOPPED
    resources = list(harness.emulator.world.recordings.resources())
    assert [resource.recording is not None for resource in resources] == [False, True]


def test_start_unsent__the_same_resource_id_is_started(harness: FleetHarness) -> None:
    harness.order()
    with pytest.raises(Crash):
        harness.advance(fuse=Fuse(5))
    assert harness.entry().state is State.ACQUIRED
    assert harness.running == []
    assert harness.drive().state is State.DONE
    assert harness.calls("acquire") == 1
    assert len(harness.recordings) == 1


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
def test_start_unanswered__the_same_resource_id_after_3_6_and_9_seconds(
    harness: FleetHarness, fault: dict[str, object]
) -> None:
    harness.order()
    harness.inject(operation="start_recording", times=3, **fault)
    began, waits = harness.clock.now(), []
    while harness.entry().state is not State.STARTED:
        harness.until_due()
        waits.append(harness.clock.now() - began)
        harness.advance()
    assert waits == [0.0, 3.0, 9.0, 18.0]
    assert harness.calls("acquire") == 1
    assert harness.drive().ended is Ended.STOPPED
    assert len(harness.recordings) == 1


def test_start_turned_away__it_certainly_did_nothing_so_the_end_leaves_no_doubt(harness: FleetHarness) -> None:
    harness.order(stop_at=harness.clock.now() + 20)
    harness.inject("status", "start_recording", status=429)
    entry = harness.drive()
    assert (entry.state, entry.ended, entry.maybe_started) == (State.FAILED, Ended.NOT_STARTED, False)
    assert harness.calls("create_kicking_rule") == 0


@pytest.mark.parametrize("kind", ["cut_after", "truncate", "not_json"])
def test_201_without_sid__it_goes_on_to_its_end_and_is_then_put_offline(harness: FleetHarness, kind: str) -> None:
    harness.order()
    harness.inject(kind, "start_recording", times=1)
    harness.advance()
    harness.until_due()
    entry = harness.advance()
    assert entry is not None
    assert (entry.state, entry.sid) == (State.LOST, None)
    assert harness.calls("create_kicking_rule") == 0
    assert len(harness.running) == 1
    assert entry.next_at == entry.stop_at
    entry = harness.drive()
    assert (entry.state, entry.ended) == (State.UNKNOWN, Ended.PUT_OFFLINE)
    assert harness.running == []
    assert len(harness.recordings) == 1
    rules = harness.emulator.state()["kicking_rules"]
    assert [(rule["channel"], rule["uid"]) for rule in rules] == [("room", 7)]


@pytest.mark.parametrize("by", ["webhook", "file"])
def test_201_without_sid__the_sid_of_a_webhook_or_of_the_first_file_saves_the_outcome(
    harness: FleetHarness, by: str
) -> None:
    died_in_the_start(harness)
    harness.until_due()
    harness.advance()
    assert harness.entry().state is State.LOST
    recording = harness.running[0]
    if by == "webhook":
        assert harness.journal.note_sid(KEY, recording.sid)
    else:
        assert harness.journal.note_file(f"folder/{recording.index_file}")
    entry = harness.drive()
    assert (entry.state, entry.ended, entry.sid) == (State.DONE, Ended.STOPPED, recording.sid)
    assert entry.files == (recording.index_file,)
    assert harness.calls("create_kicking_rule") == 0


def test_201_without_sid__a_wrong_sid_does_no_harm(harness: FleetHarness) -> None:
    died_in_the_start(harness)
    harness.until_due()
    harness.advance()
    harness.journal.note_sid(KEY, "f" * 32)
    entry = harness.drive()
    assert (entry.state, entry.ended) == (State.UNKNOWN, Ended.PUT_OFFLINE)
    assert harness.running == []


def test_resource_id_over_5_min_old__a_probe_that_is_refused_with_53_says_that_it_lives(harness: FleetHarness) -> None:
    died_in_the_start(harness)
    harness.clock.advance(301)
    entry = harness.advance()  # the resource ID is too old to ask with; the next one is refused
    assert entry is not None
    assert (entry.state, entry.maybe_started) == (State.LOST, True)
    assert len(harness.running) == 1
    assert harness.calls("acquire") == 2
    entry = harness.drive()
    assert (entry.state, entry.ended) == (State.UNKNOWN, Ended.PUT_OFFLINE)
    assert len(harness.recordings) == 1
    assert harness.running == []


def test_resource_id_over_5_min_old__a_probe_that_starts_is_the_recording_from_then_on(harness: FleetHarness) -> None:
    harness.order()
    with pytest.raises(Crash):
        harness.advance(fuse=Fuse(5))  # nobody knows that the start was never sent
    harness.clock.advance(301)
    entry = harness.advance()
    assert entry is not None
    assert entry.state is State.STARTED
    assert harness.drive().ended is Ended.STOPPED
    assert len(harness.recordings) == 1


def test_resource_id_over_5_min_old__a_process_that_dies_in_the_probe_makes_no_second_recording(
    harness: FleetHarness,
) -> None:
    for moment in range(1, 9):
        harness.order(key=f"lesson-{moment}", channel=f"room-{moment}")
        with pytest.raises(Crash):
            harness.advance(f"lesson-{moment}", fuse=Fuse(6))
    harness.clock.advance(301)
    for moment in range(1, 9):
        harness.drive(f"lesson-{moment}", deaths=[moment])
        assert len(harness.recordings) == 8
    assert harness.running == []


def test_its_end_comes_in_doubt__nothing_is_started_to_find_out_and_the_recorder_is_put_offline(
    harness: FleetHarness,
) -> None:
    died_in_the_start(harness)
    harness.clock.advance(700)
    starts = harness.calls("start_recording")
    entry = harness.drive()
    assert (entry.state, entry.ended) == (State.UNKNOWN, Ended.PUT_OFFLINE)
    assert harness.calls("start_recording") == starts
    assert harness.running == []


def test_somebody_elses_recording_of_the_same_recorder__it_is_left_alone_and_waited_for(harness: FleetHarness) -> None:
    harness.order("first", stop_at=harness.clock.now() + 100)
    harness.advance("first")
    harness.order()
    harness.advance()
    assert harness.entry().maybe_started is False
    assert "53" in str(harness.entry().error)
    harness.drive("first")
    assert harness.drive().ended is Ended.STOPPED
    assert len(harness.recordings) == 2


def test_sid_received_but_not_committed__the_same_resource_id_says_that_it_runs(harness: FleetHarness) -> None:
    harness.order()
    with pytest.raises(Crash):
        harness.advance(fuse=Fuse(7))
    assert harness.entry().state is State.ACQUIRED
    harness.until_due()
    harness.advance()
    assert harness.entry().state is State.LOST
    assert harness.drive().ended is Ended.PUT_OFFLINE
    assert len(harness.recordings) == 1
    assert harness.running == []


def test_crash_while_recording__it_is_queried_and_stopped_when_due(harness: FleetHarness) -> None:
    harness.order()
    harness.advance()
    harness.until_due()
    with pytest.raises(Crash):
        harness.advance(fuse=Fuse(2))
    entry = harness.drive()
    assert (entry.state, entry.ended) == (State.DONE, Ended.STOPPED)
    assert harness.calls("query_recording") >= 4  # about every two minutes in ten


@pytest.mark.parametrize("fault", [{"kind": "cut_before"}, {"kind": "status", "status": 500, "body": {"code": 62}}])
def test_stop_unanswered__it_is_repeated(harness: FleetHarness, fault: dict[str, object]) -> None:
    harness.order()
    harness.inject(operation="stop_recording", times=3, **fault)
    entry = harness.drive()
    assert (entry.state, entry.ended, entry.uploading_status) == (State.DONE, Ended.STOPPED, "uploaded")
    assert harness.calls("stop_recording") == 4


def test_stop_carried_out_and_unanswered__a_query_tells_the_files(harness: FleetHarness) -> None:
    harness.order()
    harness.inject("cut_after", "stop_recording", times=1)
    entry = harness.drive()
    assert (entry.state, entry.ended) == (State.DONE, Ended.STOPPED)
    assert entry.files == (harness.recordings[0].index_file,)
    assert harness.calls("stop_recording") == 2


def test_stop_65__it_is_repeated(harness: FleetHarness) -> None:
    harness.order()
    harness.inject("status", "stop_recording", status=206, body=BUSY_FOR_NOW, times=2)
    assert harness.drive().ended is Ended.STOPPED
    assert harness.calls("stop_recording") == 3


def test_stop_49__it_is_leaving_already(harness: FleetHarness) -> None:
    harness.order()
    body = {"code": 49, "reason": "repeated stop request"}
    harness.inject("status", "stop_recording", status=400, body=body, after_effect=True, times=1)
    entry = harness.drive()
    assert (entry.state, entry.ended) == (State.DONE, Ended.STOPPED)
    assert entry.files == (harness.recordings[0].index_file,)


@pytest.mark.parametrize("said", ["unknown", "unknow", "archived"])
def test_stop_that_does_not_say_where_the_files_are__they_are_asked_for(harness: FleetHarness, said: str) -> None:
    harness.order()
    body = {"resourceId": "r", "sid": "s", "serverResponse": {"fileList": "", "uploadingStatus": said}}
    harness.inject("status", "stop_recording", status=200, body=body, after_effect=True, times=1)
    entry = harness.drive()
    assert (entry.state, entry.ended) == (State.DONE, Ended.STOPPED)
    calls = [exchange["operation"] for exchange in harness.emulator.requests()]
    assert "query_recording" in calls[calls.index("stop_recording") :]


def test_stop_435__there_are_no_files(harness: FleetHarness) -> None:
    harness.order()
    body = {"code": 435, "reason": "no recorded data"}
    harness.inject("status", "stop_recording", status=206, body=body, after_effect=True, times=1)
    entry = harness.drive()
    assert (entry.state, entry.ended) == (State.DONE, Ended.STOPPED)
    assert "without a file" in str(entry.error)


@pytest.mark.parametrize("asked", ["31536000", "9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT", "-5", "soon"])
@pytest.mark.parametrize("operation", ["acquire", "start_recording", "query_recording", "stop_recording"])
def test_429_that_asks_for_an_absurd_wait__repeated_within_a_minute(
    harness: FleetHarness, operation: str, asked: str
) -> None:
    """A recording that waits for its stop costs money, and an order without an end would never be started."""
    body = {"message": "API rate limit exceeded"}
    harness.inject("status", operation=operation, status=429, body=body, headers={"Retry-After": asked}, times=1)
    entry = harness.order()
    done = harness.drive()
    assert (done.state, done.ended) == (State.DONE, Ended.STOPPED)
    assert harness.clock.now() - entry.stop_at <= harness.timings.longest


def test_a_stop_that_never_succeeds__the_recorder_is_put_offline(harness: FleetHarness) -> None:
    harness.order()
    harness.inject("status", "stop_recording", status=500)
    entry = harness.drive()
    assert (entry.state, entry.ended) == (State.DONE, Ended.PUT_OFFLINE)
    assert harness.running == []
    assert entry.files == (harness.recordings[0].index_file,)


@pytest.mark.parametrize("operation", ["query_recording", "stop_recording"])
def test_404__done_only_after_more_than_90_seconds_of_them(harness: FleetHarness, operation: str) -> None:
    harness.order()
    harness.advance()
    if operation == "stop_recording":
        harness.clock.advance(harness.entry().stop_at - harness.clock.now())
    harness.inject("status", "query_recording", status=404, body=NOT_THERE)
    harness.inject("status", "stop_recording", status=404, body=NOT_THERE)
    harness.until_due()
    began = harness.clock.now()
    while not harness.entry().state.is_final:
        harness.until_due()
        assert harness.clock.now() - began <= 120
        harness.advance()
    entry = harness.entry()
    assert entry.state is State.DONE
    assert harness.clock.now() - began > 90
    assert harness.running == []  # put offline as well, in case the service only does not see it


def test_404_for_a_while__the_service_moves_it_and_it_goes_on(harness: FleetHarness) -> None:
    harness.order()
    harness.advance()
    harness.inject("status", "query_recording", status=404, body=NOT_THERE, times=5)
    entry = harness.drive()
    assert (entry.state, entry.ended, entry.uploading_status) == (State.DONE, Ended.STOPPED, "uploaded")
    assert len(harness.recordings) == 1


def test_it_ends_by_itself__the_reconciler_sees_it(harness: FleetHarness) -> None:
    harness.order(config=None)  # an idle time of 30 seconds, and nobody is there
    entry = harness.drive()
    assert (entry.state, entry.ended) == (State.DONE, Ended.BY_ITSELF)
    assert entry.files == (harness.recordings[0].index_file,)
    assert harness.clock.now() < entry.stop_at
