"""What a resource ID is good for, and for how long."""

from __future__ import annotations

from agora_rest.contract.checks import Broken, check
from agora_rest.contract.control import Control
from agora_rest.contract.server import Server


@check("CR-11", needs=Control.CLOCK)
def resource_expires_after_five_minutes(server: Server) -> None:
    """A resource ID starts a recording at 4:59 and not at 5:01."""
    fresh, stale = server.acquire(), server.acquire()
    server.advance(minutes=4, seconds=59)
    server.start(fresh).must_succeed()
    server.advance(seconds=2)
    server.start(stale).must_be_refused(code=433)


@check("CR-12", "CR-54")
def a_resource_serves_one_recording(server: Server) -> None:
    """A resource ID whose recording was stopped starts no other one; a new resource ID does."""
    recording = server.record()
    server.stop(recording).must_succeed()
    server.start(recording.resource).must_be_refused(code=1005)
    server.record(recording.resource.cname, recording.resource.uid)


@check("CR-37")
def a_running_recording_is_not_started_again(server: Server) -> None:
    """`start` on a resource that is recording starts nothing: error 1004, or a 201 with code 7 and no sid."""
    recording = server.record()
    again = server.start(recording.resource)
    if again.code != 7:
        again.must_be_refused(code=1004)
    elif again.status != 201 or again.get("sid") is not None:
        raise Broken("a 201 with code 7 and no sid", again.exchange.summary(), again.exchange)
    server.query(recording).must_succeed().must_hold(recording.sid, "sid")


@check("CR-36", "CR-40")
def a_recording_keeps_its_ids(server: Server) -> None:
    """`start`, `query` and `stop` answer with the resource ID they were asked about, and `start`'s sid stays."""
    resource = server.acquire()
    started = server.start(resource).must_succeed().must_hold(resource.id, "resourceId")
    recording = server.recording(resource, started)
    for answer in (server.query(recording), server.stop(recording)):
        answer.must_succeed().must_hold(resource.id, "resourceId").must_hold(recording.sid, "sid")


@check("CR-39")
def a_resource_belongs_to_whom_it_was_acquired_for(server: Server) -> None:
    """A resource ID is refused for another App ID, and its recording under another recording's sid."""
    other_app = server.create_project()["vendor_key"]
    resource = server.acquire()
    server.start(resource, path={"appid": other_app}).must_be_refused(code=1003)
    one, other = server.record(), server.record()
    server.query(one, path={"sid": other.sid}).must_be_refused(code=1003)
    server.stop(one, path={"sid": other.sid}).must_be_refused(code=1003)
    server.query(one).must_succeed()
