"""How a recording ends without `stop`: its channel is empty for too long, or its recorder is put offline."""

from __future__ import annotations

from agora_rest.contract.checking.checks import check
from agora_rest.contract.http.control import Control
from agora_rest.contract.http.server import Recording, Server
from agora_rest.contract.scenarios._recording import (
    USED,
    alone,
    is_over,
    must_be_over,
    must_be_recording_already,
    must_end_after,
    must_run,
    second_project,
    stop,
    to_the_half_second,
)

_TIME = Control.CLOCK
_PEOPLE = Control.CLOCK | Control.USERS

_DEFAULT = 30
"""Seconds without users that a recording may be given, and the default (CR-28)."""


# -- an empty channel --------------------------------------------------------------------------------------------------


@check("CR-28", needs=_TIME)
@to_the_half_second
def an_empty_channel_is_left_after_30_seconds(server: Server) -> None:
    """Without `maxIdleTime`, a recording of a channel without users runs for 30 seconds and then ends automatically."""
    recording = server.record()
    must_end_after(server, recording, _DEFAULT)
    server.start(recording.resource).must_be_refused(code=USED)


@check("CR-28", needs=_TIME)
@to_the_half_second
def an_empty_channel_is_left_after_the_time_that_was_set(server: Server) -> None:
    """With `maxIdleTime`, a recording of a channel without users ends after so many seconds, no sooner and no later."""
    for seconds in (5, 6, 29, 31, 60, 600, 7200):
        with alone(server):
            must_end_after(server, server.record(maxIdleTime=seconds), seconds)


@check("CR-28", needs=_TIME)
def an_idle_recording_ends_without_queries(server: Server) -> None:
    """Any first call finds an idled-out recording over: `query`, `stop`, or a `start` of its channel and user."""
    one, two, three = (server.record(maxIdleTime=5) for _ in range(3))
    server.advance(seconds=7)
    if not is_over(response := server.query(one)):
        raise response.broken("a recording that is over (status 6 … 8, or 404)")
    server.stop(two).must_be_refused(404)
    again = server.record(three.resource.cname, three.resource.uid)
    must_run(server, again)
    must_be_over(server, three)


@check("CR-28", needs=_TIME)
def asking_does_not_keep_a_recording_alive(server: Server) -> None:
    """Neither `query` nor a repeated `start` counts as a user: the channel stays empty, the recording ends in time."""
    recording = server.record()
    for _ in range(29):
        server.advance(seconds=1)
        must_run(server, recording)
        must_be_recording_already(server.start(recording.resource))
    server.advance(seconds=2)
    must_be_over(server, recording)


@check("CR-28", needs=_TIME)
@to_the_half_second
def each_recording_has_its_own_idle_time(server: Server) -> None:
    """Two recorders in one empty channel keep each other company no longer than each is set to wait."""
    cname = server.fresh_channel()
    short, long = server.record(cname, maxIdleTime=10), server.record(cname, maxIdleTime=20)
    must_end_after(server, short, 10)
    server.advance(seconds=9)
    must_run(server, long)
    server.advance(seconds=1)
    must_be_over(server, long)


# -- users -------------------------------------------------------------------------------------------------------------


@check("CR-28", needs=_PEOPLE)
def users_keep_a_recording_alive(server: Server) -> None:
    """As long as a user is in the channel its recording continues, in any order of joins, and for hours."""
    early, late = server.fresh_channel(), server.fresh_channel()
    server.join(early, 7)
    recordings = [server.record(cname, maxIdleTime=5) for cname in (early, late)]
    server.join(late, 7)
    for seconds in (4, 2, 30, 600, 36_000):
        server.advance(seconds=seconds)
        for recording in recordings:
            must_run(server, recording)
    for recording in recordings:
        stop(server, recording)


@check("CR-28", needs=_PEOPLE)
@to_the_half_second
def the_idle_time_counts_from_the_last_users_leaving(server: Server) -> None:
    """The idle time begins when the last user leaves, not with the first, and not with the recording."""
    recording = server.record(maxIdleTime=20)
    cname = recording.resource.cname
    for uid in (7, 8):
        server.join(cname, uid)
    server.advance(seconds=100)
    server.leave(cname, 7)
    server.advance(seconds=100)
    must_run(server, recording)
    server.leave(cname, 8)
    must_end_after(server, recording, 20)


@check("CR-28", needs=_PEOPLE)
@to_the_half_second
def the_idle_time_counts_anew_after_every_visit(server: Server) -> None:
    """A user who joins in time and leaves again restarts the recording's full idle time."""
    recording = server.record(maxIdleTime=20)
    cname = recording.resource.cname
    for _ in range(3):
        server.advance(seconds=15)
        server.join(cname, 7)
        must_run(server, recording)
        server.leave(cname, 7)
    must_end_after(server, recording, 20)


@check("CR-28", needs=_PEOPLE)
@to_the_half_second
def users_elsewhere_do_not_count(server: Server) -> None:
    """Users of another channel, or of a channel with this name under another App ID, keep no recording alive."""
    other = second_project(server)["vendor_key"]
    recording = server.record("Lesson", maxIdleTime=20)
    for cname in ("lesson", "Lesson2", "Lesso"):
        server.join(cname, 7)
    server.join("Lesson", 7, app_id=other)
    server.advance(seconds=19.5)
    must_run(server, recording)
    server.leave("Lesson", 7, app_id=other)
    server.advance(seconds=1)
    must_be_over(server, recording)


@check("CR-28", needs=_PEOPLE)
def a_user_who_comes_too_late_revives_nothing(server: Server) -> None:
    """A user who joins after the recording has ended automatically finds it ended."""
    recording = server.record(maxIdleTime=5)
    server.advance(seconds=7)
    server.join(recording.resource.cname, 7)
    must_be_over(server, recording)
    server.advance(seconds=60)
    must_be_over(server, recording)


@check("CR-28", needs=_PEOPLE)
def an_audience_counts_as_users(server: Server) -> None:
    """In a live channel, hosts and audience keep a recording alive alike."""
    recording = server.record(maxIdleTime=5, channelType=1)
    server.join(recording.resource.cname, 7, mode=2, role=3)
    server.advance(seconds=60)
    must_run(server, recording)


# -- a recorder put offline --------------------------------------------------------------------------------------------


@check("CO-48", "CO-44", needs=_PEOPLE)
def a_kicked_recorders_recording_ends(server: Server) -> None:
    """A kicking rule that meets a recorder's uid, its channel, or both puts it offline and so ends its recording."""
    for target in (("cname", "uid"), ("uid",), ("cname",)):
        with alone(server):
            recording = server.record()
            _kick(server, recording, *target)
            must_be_over(server, recording, by_force=True)
            server.start(recording.resource).must_be_refused(code=USED)


@check("CO-48", "CO-44", needs=_PEOPLE)
def a_kicking_rule_ends_no_other_recording(server: Server) -> None:
    """A rule for a channel and user leaves other users' recordings there, and this user's elsewhere, alone."""
    kicked = server.record()
    cname, uid = kicked.resource.cname, kicked.resource.uid
    others = [server.record(cname), server.record(None, uid), server.record()]
    foreign = second_project(server)["vendor_key"]
    others.append(server.record(cname, uid, app_id=foreign))
    _kick(server, kicked, "cname", "uid")
    must_be_over(server, kicked, by_force=True)
    for each in others:
        must_run(server, each)
        stop(server, each)


@check("CO-48", "CO-44", needs=_PEOPLE)
def a_rule_for_an_address_ends_no_recording(server: Server) -> None:
    """A rule for an IP address other than the recorder's ends no recording."""
    recording = server.record()
    server.kick(ip="198.51.100.7", time=1)
    must_run(server, recording)
    stop(server, recording)


@check("CO-48", needs=_PEOPLE)
def a_barred_recorder_records_nothing(server: Server) -> None:
    """While a rule matches a recorder, it records nothing, whether `start` refuses it or not; afterwards it does."""
    cname, uid = server.fresh_channel(), server.fresh_uid()
    server.kick(cname=cname, uid=int(uid), time=2)
    for seconds in (0, 118):
        server.advance(seconds=seconds)
        resource = server.acquire(cname, uid)
        response = server.start(resource)
        if response.succeeded:
            must_be_over(server, server.recording(resource, response), by_force=True)
        else:
            response.must_be_refused()
    server.advance(seconds=3)
    must_run(server, server.record(cname, uid))


@check("CO-48", "CR-28", needs=_PEOPLE)
@to_the_half_second
def kicked_users_leave_a_channel_empty(server: Server) -> None:
    """Users who are put offline keep no recording alive: its idle time begins."""
    recording = server.record(maxIdleTime=20)
    cname = recording.resource.cname
    server.join(cname, 7)
    server.advance(seconds=60)
    server.kick(cname=cname, uid=7, time=5)
    must_end_after(server, recording, 20)


def _kick(server: Server, recording: Recording, *by: str) -> None:
    target: dict[str, str | int] = {"cname": recording.resource.cname, "uid": int(recording.resource.uid)}
    server.kick(**{name: target[name] for name in by}, time=1)
