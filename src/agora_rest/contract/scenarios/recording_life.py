"""The life of a recording: from its resource ID to its files, every step allowed and forbidden."""

from __future__ import annotations

from agora_rest.contract.checking.checks import check
from agora_rest.contract.http.control import Control
from agora_rest.contract.http.server import Recording, Server
from agora_rest.contract.outcomes import Broken, require
from agora_rest.contract.scenarios._recording import (
    CERTAINLY_STARTED,
    EXPIRED,
    OVER,
    USED,
    is_not_there,
    is_over,
    must_be_gone,
    must_be_one_of,
    must_be_recording_already,
    must_end_after,
    must_run,
    past,
    recording_with_user,
    status_of,
    stop,
    to_the_half_second,
)

_UPLOADING = 5

# -- resource IDs ------------------------------------------------------------------------------------------------------


@check("CR-11", needs=Control.CLOCK)
@to_the_half_second
def a_resource_id_lasts_five_minutes(server: Server) -> None:
    """A resource ID starts a recording until five minutes after it was acquired, and at no time later: error 433."""
    fresh, stale = server.acquire(), server.acquire()
    more = past(server, 300)
    server.recording(fresh, server.start(fresh))
    server.advance(seconds=more)
    server.start(stale).must_be_refused(code=EXPIRED)
    server.advance(minutes=60)
    server.start(stale).must_be_refused(code=EXPIRED)


@check("CR-11", needs=Control.CLOCK)
def nothing_lengthens_a_resource_ids_life(server: Server) -> None:
    """Neither a refused `start` nor another `acquire` for the same channel and user makes a resource ID last longer."""
    resource = server.acquire()
    server.advance(minutes=4)
    server.start(resource, storage={"region": 99}).must_be_refused()
    again = server.acquire(resource.cname, resource.uid)
    server.advance(minutes=1, seconds=1)
    server.start(resource).must_be_refused(code=EXPIRED)
    server.recording(again, server.start(again))


@check("CR-11", "CR-40", "CR-50", needs=Control.CLOCK | Control.USERS)
def a_recording_outlives_its_resource_id(server: Server) -> None:
    """The five minutes are for `start`: a recording is queried and stopped hours later."""
    recording = recording_with_user(server)
    server.advance(minutes=6)
    must_run(server, recording)
    server.advance(minutes=600)
    must_run(server, recording)
    stop(server, recording)


@check("CR-12", "CR-54")
def after_a_stop_recording_needs_a_new_resource_id(server: Server) -> None:
    """Once stopped, a resource ID starts nothing (1005); a newly acquired one records the channel as the same user."""
    recording = server.record()
    stop(server, recording)
    server.start(recording.resource).must_be_refused(code=USED)
    server.start(recording.resource, config={"maxIdleTime": 60}).must_be_refused(code=USED)
    another = server.record(recording.resource.cname, recording.resource.uid)
    must_run(server, another)
    _must_differ(recording, another)


@check("CR-12", "CR-28", needs=Control.CLOCK)
def after_idling_out_recording_needs_a_new_resource_id(server: Server) -> None:
    """A recording that ended automatically has used up its resource ID (1005) and released the channel and its uid."""
    recording = server.record(maxIdleTime=5)
    server.advance(seconds=7)
    server.start(recording.resource).must_be_refused(code=USED)
    must_run(server, server.record(recording.resource.cname, recording.resource.uid))


@check("CR-12", "CR-54", needs=Control.CLOCK)
def a_used_resource_id_never_serves_again(server: Server) -> None:
    """A used resource ID that is more than five minutes old is refused for either reason."""
    recording = server.record()
    stop(server, recording)
    server.advance(minutes=6)
    must_be_one_of(server.start(recording.resource), USED, EXPIRED)


@check("CR-14")
def two_recorders_need_two_uids(server: Server) -> None:
    """While a user records a channel, another `start` of the same user there is refused, and the first continues.

    Another user may record the channel at the same time, and the same user another channel.
    """
    recording = server.record()
    cname, uid = recording.resource.cname, recording.resource.uid
    second = server.acquire(cname, uid)
    response = server.start(second)
    response.must_be_refused(400)
    if response.code in (2, 433, 1001, 1003, 1005, 1013):
        raise response.broken("a refusal for another reason than the request or the resource ID, which are valid")
    beside, elsewhere = server.record(cname), server.record(None, uid)
    for each in (recording, beside, elsewhere):
        must_run(server, each)
        stop(server, each)
    must_run(server, server.recording(second, server.start(second)))  # what was refused has not used it up


@check("CR-14", needs=Control.USERS)
def a_recorder_has_no_users_uid(server: Server) -> None:
    """While a user with the recorder's uid is in the channel, `start` is refused; once the user has left, it is not.

    A user with that uid in another channel does not matter.
    """
    resource = server.acquire()
    server.join(resource.cname, int(resource.uid))
    server.start(resource).must_be_refused(400)
    server.leave(resource.cname, int(resource.uid))
    server.join(resource.cname, int(resource.uid) + 1)
    server.join(server.fresh_channel(), int(resource.uid))
    must_run(server, server.recording(resource, server.start(resource)))


# -- start -------------------------------------------------------------------------------------------------------------


@check("CR-36", "CR-40", "CR-51")
def responses_identify_the_resource_and_the_recording(server: Server) -> None:
    """`start`, `query` and `stop` return the resource ID of the request; all three return the same sid."""
    resource = server.acquire()
    started = server.start(resource).must_succeed().must_hold(resource.id, "resourceId")
    recording = server.recording(resource, started)
    asked = server.query(recording).must_succeed().must_hold(resource.id, "resourceId")
    stopped = stop(server, recording)
    for response in (asked, stopped) if stopped.succeeded else (asked,):
        response.must_hold(resource.id, "resourceId").must_hold(recording.sid, "sid")
    for response in (started, asked, stopped):
        for name, sent in (("cname", resource.cname), ("uid", resource.uid)):
            if response.get(name) is not None:
                response.must_hold(sent, name)


@check("CR-36")
def every_recording_has_a_sid_of_its_own(server: Server) -> None:
    """No two recordings have the same sid, not even of one channel and user."""
    recordings = [server.record() for _ in range(6)]
    cname, uid = server.fresh_channel(), server.fresh_uid()
    for _ in range(4):
        recordings.append(server.record(cname, uid))
        stop(server, recordings[-1])
    _must_differ(*recordings)


@check("CR-37")
def a_resource_that_records_is_not_started_again(server: Server) -> None:
    """`start` on a resource that is recording is error 1004 (observed dialect: 201, code 7, no sid), each time."""
    recording = server.record()
    for _ in range(3):
        must_be_recording_already(server.start(recording.resource))
    must_run(server, recording)
    stop(server, recording)
    must_be_gone(server.stop(recording))


@check("CR-37", "CR-28", needs=Control.CLOCK)
@to_the_half_second
def a_repeated_start_changes_nothing(server: Server) -> None:
    """A `start` that is repeated with other settings leaves the recording with those it began with."""
    recording = server.record(maxIdleTime=60)
    must_be_recording_already(server.start(recording.resource, config={"maxIdleTime": 5}))
    server.advance(seconds=50)
    must_be_recording_already(server.start(recording.resource, config={"maxIdleTime": 600}))
    must_run(server, recording)
    must_end_after(server, recording, 10)


# -- query -------------------------------------------------------------------------------------------------------------


@check("CR-42")
def a_new_recording_is_under_way(server: Server) -> None:
    """Right after its start a recording has a status from 0 to 5, which never goes back while it runs."""
    recording = server.record()
    seen = [must_run(server, recording) for _ in range(5)]
    _must_not_go_back(server, seen)


@check("CR-42", needs=Control.CLOCK | Control.USERS)
def a_recording_comes_to_status_5_and_stays(server: Server) -> None:
    """The status goes up from the start without going back, comes to 5 with the first file, and stays 5."""
    recording = recording_with_user(server)
    seen = []
    for _ in range(CERTAINLY_STARTED * 2):
        seen.append(must_run(server, recording))
        server.advance(seconds=0.5)
    _must_not_go_back(server, seen)
    for seconds in (0, 60, 600, 3600, 12 * 3600):
        server.advance(seconds=seconds)
        response = server.query(recording)
        if status_of(response) != _UPLOADING:
            raise response.broken("status 5: the first file is uploaded, and the recording continues")


@check("CR-42", needs=Control.CLOCK | Control.USERS)
def recordings_have_statuses_of_their_own(server: Server) -> None:
    """A recording does not share the status of another one that runs, neither in the same channel nor in another."""
    for cname in (None, server.fresh_channel()):
        first = recording_with_user(server, cname)
        server.advance(seconds=CERTAINLY_STARTED)
        second, third = (recording_with_user(server, cname) for _ in range(2))
        stop(server, second)
        response = server.query(second)
        response.must(is_over(response), "a recording that is over (status 6 … 8, or 404)")
        response = server.query(first)
        response.must(status_of(response) == _UPLOADING, "status 5 of the recording that was not stopped")
        stop(server, first)
        must_run(server, third)


@check("CR-42", "CR-54")
def a_stopped_recording_does_not_run(server: Server) -> None:
    """After `stop`, `query` returns 6, 7 or 8, never going back, or not found: 404."""
    recording = server.record()
    stop(server, recording)
    seen = []
    for _ in range(3):
        response = server.query(recording)
        response.must(is_over(response), "a recording that is over (status 6 … 8, or 404)")
        seen.append(status_of(response) if response.succeeded else max(OVER) + 1)
    _must_not_go_back(server, seen)


@check("CR-42", "CR-54", needs=Control.CLOCK)
def a_stopped_recording_never_runs_again(server: Server) -> None:
    """A query at any time after its end shows a recording as over; its status never goes back, nor does it reappear."""
    recording = server.record()
    server.advance(seconds=10)
    stop(server, recording)
    seen = []
    for seconds in (0, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 300, 600, 3600):
        server.advance(seconds=seconds)
        response = server.query(recording)
        response.must(is_over(response), "a recording that is over (status 6 … 8, or 404)")
        seen.append(max(OVER) + 1 if is_not_there(response) else status_of(response))
    _must_not_go_back(server, seen)


@check("CR-40", "CR-42")
def asking_changes_nothing(server: Server) -> None:
    """`query` may be called any number of times; recording, resource ID and stop are unaffected."""
    recording = server.record()
    for _ in range(12):
        must_run(server, recording)
    must_be_recording_already(server.start(recording.resource))
    stop(server, recording)


# -- stop --------------------------------------------------------------------------------------------------------------


@check("CR-50", "CR-65")
def a_recording_is_stopped_once(server: Server) -> None:
    """The first `stop` ends a recording, the next ones find none: 404; another recording is not touched."""
    recording, other = server.record(), server.record()
    stop(server, recording)
    must_be_gone(server.stop(recording))
    must_be_gone(server.stop(recording))
    must_run(server, other)
    stop(server, other)


# -- inside ------------------------------------------------------------------------------------------------------------


def _must_differ(*recordings: Recording) -> None:
    sids = [recording.sid for recording in recordings]
    if len(set(sids)) != len(sids):
        raise Broken(f"{len(sids)} different sids", f"{len(set(sids))} different ones: {', '.join(sids)}")


def _must_not_go_back(server: Server, statuses: list[int]) -> None:
    require(statuses == sorted(statuses), "a status that never goes back", statuses, server.trail[-1])
