"""Ownership: resource ID, App ID, sid, channel and user belong together, and none can replace another."""

from __future__ import annotations

from typing import Any, Final

from agora_rest.contract.checking.checks import check
from agora_rest.contract.http.server import Recording, Server
from agora_rest.contract.scenarios._almost import almost
from agora_rest.contract.scenarios._recording import (
    MISMATCH,
    alone,
    is_not_there,
    must_be_one_of,
    must_run,
    second_project,
)

_OTHERS: Final[tuple[tuple[str, Any], ...]] = (
    *(("cname", cname) for cname in ("Lesson-2", "Lesson", *filter(str.isascii, almost("Lesson-1")))),
    *(("uid", uid) for uid in ("8", "77", "70")),
)
"""Values other than the channel "Lesson-1" and the user "7"."""


@check("CR-39")
def a_sid_goes_with_its_own_resource_id_only(server: Server) -> None:
    """A sid with the resource ID of another recording is error 1003, in `query` and `stop`, and stops neither."""
    one, other = server.record(), server.record()
    for path in ({"sid": other.sid}, {"resourceid": other.resource.id}):
        server.query(one, path=path).must_be_refused(code=MISMATCH)
        server.stop(one, path=path).must_be_refused(code=MISMATCH)
    for each in (one, other):
        must_run(server, each)


@check("CR-39")
def a_resource_id_that_records_nothing_has_no_sid(server: Server) -> None:
    """A live sid with a resource ID that was never started is error 1003, and the resource ID stays good."""
    recording, resource = server.record(), server.acquire()
    stranger = Recording(resource, recording.sid)
    server.query(stranger).must_be_refused(code=MISMATCH)
    server.stop(stranger).must_be_refused(code=MISMATCH)
    must_run(server, recording)
    server.recording(resource, server.start(resource))


@check("CR-39", "CR-65")
def a_sid_that_never_was_is_refused(server: Server) -> None:
    """A sid that no `start` gave is a mismatch (1003) or not there (404), on a live resource ID."""
    recording = server.record()
    for sid in (recording.sid[::-1], "0" * 32, recording.sid[:-1], *almost(recording.sid), "-"):
        if sid != recording.sid:
            for response in (server.query(recording, path={"sid": sid}), server.stop(recording, path={"sid": sid})):
                if not is_not_there(response):
                    must_be_one_of(response, MISMATCH)
    must_run(server, recording)


@check("CR-39")
def a_resource_id_goes_with_its_own_app_id_only(server: Server) -> None:
    """Under another App ID of the account, a resource ID is error 1003 to `start`, `query` and `stop`."""
    other = {"appid": second_project(server)["vendor_key"]}
    resource = server.acquire()
    server.start(resource, path=other).must_be_refused(code=MISMATCH)
    recording = server.recording(resource, server.start(resource))
    server.start(resource, path=other).must_be_refused(code=MISMATCH)
    server.query(recording, path=other).must_be_refused(code=MISMATCH)
    server.stop(recording, path=other).must_be_refused(code=MISMATCH)
    must_run(server, recording)


@check("CR-21", "CR-39")
def start_names_the_channel_and_user_of_acquire(server: Server) -> None:
    """`start` for another channel or user than in `acquire` is refused and leaves the resource ID usable."""
    resource = server.acquire("Lesson-1", "7")
    keep = server.trail[-1:]
    for name, other in _OTHERS:
        with alone(server, keep):
            must_be_one_of(server.start(resource, **{name: other}), MISMATCH, 2)
    server.recording(resource, server.start(resource))


@check("CR-39", "CR-50")
def stop_names_the_channel_and_user_of_acquire(server: Server) -> None:
    """`stop` for another channel or user than those of `acquire` is refused, and the recording continues."""
    recording = server.record("Lesson-1", "7")
    keep = server.trail[-2:]
    for name, other in _OTHERS:
        with alone(server, keep):
            must_be_one_of(server.stop(recording, **{name: other}), MISMATCH, 2)
    must_run(server, recording)
