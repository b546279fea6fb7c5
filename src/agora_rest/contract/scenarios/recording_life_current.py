"""The life of a recording of the present documents: one start, one recorder, its states and its end."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from agora_rest.contract.checking.checks import check
from agora_rest.contract.http.control import Control
from agora_rest.contract.http.server import STORAGE, Response, Server, client_request
from agora_rest.contract.scenarios._current import (
    MODES,
    OF_CHANNELS,
    UPLOADED_AFTER,
    configured,
    end,
    has_ended,
    record,
    resource_for,
    server_response,
    settings,
    start,
)
from agora_rest.contract.scenarios._recording import (
    INSTANT,
    alone,
    must_be_400_or_404,
    must_not_be_there,
    past,
    to_the_half_second,
)

_STATUSES: Final = (0, 1, 2, 3, 4, 5, 6, 7, 8, 20)
_LIFETIME: Final = 300
_EXITED_AFTER: Final = 100
"""Seconds after its end when a recording is certainly over."""


@check("CR-91", needs=Control.CLOCK)
@to_the_half_second
def a_resource_id_lives_five_minutes(server: Server) -> None:
    """`start` takes a resource ID for five minutes, in every mode, and refuses it afterwards with 400."""
    for mode in MODES:
        early, late = resource_for(server, mode), resource_for(server, mode)
        rest = past(server, _LIFETIME)
        start(server, early, mode, settings(mode)).must_succeed()
        server.advance(seconds=max(rest, INSTANT))
        start(server, late, mode, settings(mode)).must_be_refused(400)


@check("CR-91", needs=Control.CLOCK)
def a_refused_start_lengthens_no_life(server: Server) -> None:
    """A refused `start` does not restart the five minutes of its resource ID."""
    for wrong in ({"cname": "another"}, {"uid": "4294967295"}, {"path": {"mode": "web"}}, {"storage": {"region": 99}}):
        resource = resource_for(server, "mix")
        for _ in range(2):
            server.advance(seconds=140)
            must_be_400_or_404(server.start(resource, **wrong))
        server.advance(seconds=30)
        start(server, resource, "mix", settings("mix")).must_be_refused(400)


@check("CR-92")
def a_resource_id_makes_one_recording(server: Server) -> None:
    """A resource ID whose recording was stopped starts no other one."""
    for mode in MODES:
        recording = record(server, mode)
        end(server, recording)
        start(server, recording.resource, mode, settings(mode)).must_be_refused(400)


@check("CR-92", needs=Control.CLOCK)
def a_resource_id_makes_no_other_recording_later(server: Server) -> None:
    """Nor does it when the recording has been over for some time."""
    recording = record(server, "mix")
    end(server, recording)
    server.advance(seconds=_EXITED_AFTER)
    start(server, recording.resource, "mix", settings("mix")).must_be_refused(400)


@check("CR-93")
def a_start_is_of_its_resource(server: Server) -> None:
    """`start` with another `cname` or `uid` than those of `acquire` is refused, and uses nothing up."""
    for mode in MODES:
        resource, other = resource_for(server, mode), resource_for(server, mode)
        keep = list(server.trail)
        for wrong in ({"cname": other.cname}, {"uid": other.uid}, {"id": "nobodys"}):
            with alone(server, keep):
                must_be_400_or_404(start(server, replace(resource, **wrong), mode, settings(mode)))
        start(server, resource, mode, settings(mode)).must_succeed()


@check("CR-93")
def a_stop_is_of_its_recording(server: Server) -> None:
    """`stop` with another `cname`, `uid`, resource ID or `sid` is refused, and the recording continues."""
    recording, other = record(server, "mix"), record(server, "mix")
    resource = recording.resource
    keep = list(server.trail)
    for wrong in (
        replace(recording, resource=replace(resource, cname=other.resource.cname)),
        replace(recording, resource=replace(resource, uid=other.resource.uid)),
        replace(recording, resource=replace(resource, id=other.resource.id)),
        replace(recording, sid=other.sid),
    ):
        with alone(server, keep):
            must_be_400_or_404(server.stop(wrong))
    server.query(recording).must_succeed()
    server.query(other).must_succeed()
    for path in ({"resourceid": other.resource.id}, {"sid": other.sid}):
        with alone(server, keep):
            must_be_400_or_404(server.query(recording, path=path))


@check("CR-94")
def a_repeated_start_is_201(server: Server) -> None:
    """A `start` on a resource ID that is recording is 201 with code 7, has no `sid`, and changes nothing."""
    for mode in MODES:
        recording = record(server, mode)
        for _ in range(2):
            response = start(server, recording.resource, mode, settings(mode))
            if response.status != 201 or response.code != 7 or response.get("sid") is not None:
                raise response.broken("status 201 with code 7 and no `sid`")
        server.query(recording).must_succeed().must_hold(recording.sid, "sid")


@check("CR-94", needs=Control.CLOCK | Control.USERS)
def a_repeated_start_is_201_later_too(server: Server) -> None:
    """A `start` on a resource ID that is recording is 201 with code 7 however long ago it was acquired."""
    recording = record(server, "mix")
    for _ in range(2):
        server.advance(seconds=_LIFETIME + 1)
        response = start(server, recording.resource, "mix", settings("mix"))
        response.must(response.status == 201 and response.code == 7, "status 201 with code 7")
    server.query(recording).must_succeed()


@check("CR-94")
def a_repeated_start_may_be_another(server: Server) -> None:
    """A `start` on a resource ID that is recording is 201 with code 7 whatever else it asks for."""
    for mode in MODES:
        recording = record(server, mode)
        own = client_request(mode)
        for other in ({"token": "contract-token"}, {"storageConfig": {**STORAGE, "bucket": "another-bucket"}}):
            response = start(server, recording.resource, mode, {**own, **other})
            response.must(response.status == 201 and response.code == 7, "status 201 with code 7")
        server.query(recording).must_succeed().must_hold(recording.sid, "sid")


@check("CR-95")
def a_uid_records_several_channels(server: Server) -> None:
    """A `start` with the `uid` of a recording of another channel is no conflict."""
    for mode in MODES:
        recording = record(server, mode)
        other = server.acquire(uid=recording.resource.uid, mode=mode)
        server.recording(other, start(server, other, mode, settings(mode)), mode)
        server.query(recording).must_succeed()


@check("CR-95")
def a_cname_and_uid_are_recorded_once(server: Server) -> None:
    """A `start` with the `cname` and `uid` of another running recording is 400 with code 53, until that one ends."""
    for mode in OF_CHANNELS:
        recording = record(server, mode)
        second = server.acquire(recording.resource.cname, recording.resource.uid)
        start(server, second, mode, settings(mode)).must_be_refused(400, code=53)
        server.query(recording).must_succeed()
        end(server, recording)
        start(server, second, mode, settings(mode)).must_succeed()


@check("CR-95")
def modes_share_a_cname_and_uid(server: Server) -> None:
    """A `start` with the `cname` and `uid` of a recording in another mode is 400 with code 53 too."""
    for mode, other in (("individual", "mix"), ("mix", "individual"), ("mix", "web")):
        recording = record(server, mode)
        second = server.acquire(recording.resource.cname, recording.resource.uid, mode=other)
        start(server, second, other, settings(other)).must_be_refused(400, code=53)
        server.query(recording).must_succeed()


@check("CR-137", "CR-138", needs=Control.CLOCK | Control.USERS)
def a_good_start_is_seen_within_90_seconds(server: Server) -> None:
    """A recording of a channel with users, or of a page, has status 4 or 5 within 90 seconds, and keeps it."""
    for mode in MODES:
        recording = record(server, mode)
        seen = [_status(server.query(recording))]
        for _ in range(18):
            server.advance(seconds=5)
            seen.append(_status(server.query(recording)))
        response = server.query(recording)
        response.must(_status(response) in (4, 5), "status 4 or 5 after 90 seconds")
        response.must(seen == sorted(seen), "a status that does not fall while the recording continues")


def _status(response: Response) -> int:
    status = server_response(response).get("status")
    if not isinstance(status, int) or isinstance(status, bool) or status not in _STATUSES:
        raise response.broken(f"a status: one of {', '.join(map(str, _STATUSES))}")
    return status


@check("CR-144", "CR-75", needs=Control.CLOCK)
def what_is_over_is_404(server: Server) -> None:
    """Every call about a recording that is over is 404 with code 404, `failed to find worker`."""
    for mode in MODES:
        recording = record(server, mode)
        end(server, recording)
        server.advance(seconds=_EXITED_AFTER)
        responses = [server.query(recording), server.update(recording), server.stop(recording)]
        if mode == "mix":
            responses.append(server.update_layout(recording))
        for response in responses:
            response.must_be_refused(404, code=404, saying="failed to find worker")


@check("CR-155")
def a_second_stop_is_refused(server: Server) -> None:
    """A second `stop` is 400 with code 49, or 404 with code 404 if the recording is over by then."""
    for mode in MODES:
        recording = record(server, mode)
        end(server, recording)
        for _ in range(2):
            response = server.stop(recording)
            if (response.status, response.code) not in ((400, 49), (404, 404)):
                raise response.broken("status 400 with code 49, or 404 with code 404")


@check("CR-156", needs=Control.CLOCK)
def nothing_recorded_is_206(server: Server) -> None:
    """Without any stream, `stop` is 206 with code 435, and the recorder leaves anyway."""
    for mode in OF_CHANNELS:
        resource = resource_for(server, mode)
        recording = server.recording(resource, start(server, resource, mode, configured(mode, maxIdleTime=3600)), mode)
        server.advance(seconds=UPLOADED_AFTER)
        response = server.stop(recording)
        response.must(response.status == 206 and response.code == 435, "status 206 with code 435: nothing was recorded")
        server.advance(seconds=_EXITED_AFTER)
        must_not_be_there(server.query(recording))


@check("CR-156", needs=Control.CLOCK | Control.USERS)
def an_audience_sends_nothing(server: Server) -> None:
    """A `stop` of a recording of a live channel with an audience only is 206 with code 435."""
    for mode in OF_CHANNELS:
        resource = resource_for(server, mode)
        server.join(resource.cname, 77, mode=2, role=3)
        client = configured(mode, channelType=1, maxIdleTime=3600)
        recording = server.recording(resource, start(server, resource, mode, client), mode)
        server.advance(seconds=UPLOADED_AFTER)
        response = server.stop(recording)
        response.must(response.status == 206 and response.code == 435, "status 206 with code 435: nobody sent anything")


@check("CR-156", "CR-153", needs=Control.CLOCK | Control.USERS)
def something_recorded_is_200(server: Server) -> None:
    """With a stream that was recorded, `stop` is a success."""
    for mode in MODES:
        recording = record(server, mode)
        server.advance(seconds=UPLOADED_AFTER)
        response = server.stop(recording)
        response.must(response.status == 200 and has_ended(response), "status 200")
