"""Results of a recording: the index of its files, and where they are when it is stopped."""

from __future__ import annotations

import httpx

from agora_rest.contract.checking.checks import check
from agora_rest.contract.http.control import Control
from agora_rest.contract.http.server import Recording, Response, Server
from agora_rest.contract.outcomes import Broken, Skipped
from agora_rest.contract.scenarios._recording import (
    CERTAINLY_STARTED,
    UNDER_WAY,
    index_of,
    recording_with_user,
    status_of,
)


@check("CR-41", "CR-51", needs=Control.CLOCK | Control.USERS)
def query_and_stop_name_one_index_file(server: Server) -> None:
    """Once files are uploaded, `query` and `stop` name the recording's M3U8 index, the same one, and no other's."""
    indexes = []
    for _ in range(2):
        recording = _recording_with_files(server)
        asked = index_of(server.query(recording))
        server.advance(seconds=60)
        indexes += [index_of(server.query(recording)), index_of(server.stop(recording))]
        if {asked, *indexes[-2:]} != {asked}:
            raise Broken("one index file, the same one each time", f"{asked} and {indexes[-2:]}", server.trail[-1])
    if indexes[0] == indexes[-1]:
        raise Broken("an index file of each recording's own", f"{indexes[0]} for both", server.trail[-1])


@check("CR-51", needs=Control.CLOCK | Control.USERS)
def a_recording_of_users_is_stopped_with_its_files(server: Server) -> None:
    """Stopping a recording that has uploaded files is a success that states where they are, even with users present."""
    response = server.stop(_recording_with_files(server)).must_succeed(200)
    if response.get("serverResponse", "uploadingStatus") not in ("uploaded", "backuped", "unknown", None):
        raise response.broken("an `uploadingStatus` of `uploaded`, `backuped` or `unknown`")


@check("CR-51", "CR-52", "CR-53", needs=Control.CLOCK | Control.USERS)
def a_stop_lists_the_files(server: Server) -> None:
    """`uploadingStatus` is the true one of `uploaded`, `backuped` or `unknown`; a stop returns its own recording's."""
    cname = server.fresh_channel()
    for outcome in ("uploaded", "backuped", "unknown"):
        response = _stop_that_reports(server, _recording_with_files(server, cname), outcome)
        response.must_hold(outcome, "serverResponse", "uploadingStatus")
        index_of(response)


@check("CR-53", needs=Control.CLOCK | Control.USERS)
def a_stopped_recording_can_be_queried_about_its_upload(server: Server) -> None:
    """After a `stop` with an unknown upload status, `query` still returns the recording."""
    recording = _recording_with_files(server)
    _stop_that_reports(server, recording, "unknown")
    for seconds in (0, 1, 10):
        server.advance(seconds=seconds)
        response = server.query(recording)
        response.must(status_of(response) not in UNDER_WAY, "the status of a recording that was stopped")


def _recording_with_files(server: Server, cname: str | None = None) -> Recording:
    recording = recording_with_user(server, cname)
    server.advance(seconds=CERTAINLY_STARTED)
    return recording


def _stop_that_reports(server: Server, recording: Recording, outcome: str) -> Response:
    """A `stop` whose upload has the state `outcome`."""
    try:
        server.choose_upload(outcome)
    except httpx.HTTPStatusError:
        raise Skipped("the server does not let us choose what becomes of the files") from None
    return server.stop(recording).must_succeed()
