"""Calls that come at the same moment: what may happen once happens once."""

from __future__ import annotations

from functools import partial

from agora_rest.contract.checking.checks import check
from agora_rest.contract.http.control import Control
from agora_rest.contract.http.server import Server
from agora_rest.contract.outcomes import Broken, require
from agora_rest.contract.scenarios._recording import (
    alone,
    is_gone,
    is_recording_already,
    must_be_gone,
    must_be_recording_already,
    must_run,
    stop,
)
from agora_rest.contract.scenarios._together import at_once

_CALLERS = 6
_ROUNDS = 4


@check("CR-37", "CR-12")
def starts_at_once_begin_one_recording(server: Server) -> None:
    """Of simultaneous `start` calls on one resource ID, one begins a recording and the others return it."""
    for _ in range(_ROUNDS):
        with alone(server):
            resource = server.acquire()
            responses = at_once([partial(server.start, resource)] * _CALLERS)
            begun = [response for response in responses if response.succeeded]
            if len(begun) != 1:
                raise Broken("one recording", f"{len(begun)} from {_CALLERS} calls at once", responses[-1].exchange)
            for response in responses:
                if not response.succeeded:
                    must_be_recording_already(response)
            recording = server.recording(resource, begun[0])
            must_run(server, recording)
            stop(server, recording)
            must_be_gone(server.stop(recording))


@check("CR-14")
def recorders_at_once_need_uids_of_their_own(server: Server) -> None:
    """Of several resource IDs of one channel and user, started at the same moment, one begins a recording."""
    for _ in range(_ROUNDS):
        with alone(server):
            first = server.acquire()
            resources = [first, *(server.acquire(first.cname, first.uid) for _ in range(_CALLERS - 1))]
            responses = at_once([partial(server.start, each) for each in resources])
            begun = sum(response.succeeded for response in responses)
            require(begun == 1, "one recording of a channel by one user", begun, responses[-1].exchange)


@check("CR-50")
def stops_at_once_end_a_recording_once(server: Server) -> None:
    """Of several `stop` calls at the same moment one ends the recording, and the others find none."""
    for _ in range(_ROUNDS):
        with alone(server):
            recording = server.record()
            responses = at_once([partial(server.stop, recording)] * _CALLERS)
            gone = sum(is_gone(response) for response in responses)
            if gone != _CALLERS - 1:
                raise Broken("one call to end the recording", f"{_CALLERS - gone} to", responses[-1].exchange)


@check("CR-10", "CR-36")
def ids_given_at_once_differ(server: Server) -> None:
    """Resource IDs and sids that are given at the same moment are all different."""
    acquired = at_once([server.ask_acquire] * _CALLERS)
    ids = {response.must_succeed().need("resourceId") for response in acquired}
    resources = [server.acquire() for _ in range(_CALLERS)]
    started = at_once([partial(server.start, each) for each in resources])
    sids = {response.must_succeed().need("sid") for response in started}
    if len(ids) != _CALLERS or len(sids) != _CALLERS:
        raise Broken("IDs of their own for all", f"{len(ids)} resource IDs and {len(sids)} sids for {_CALLERS} each")


@check("CR-12", "CR-37", needs=Control.RESET)
def a_start_and_a_stop_at_once_leave_no_second_recording(server: Server) -> None:
    """A `start` repeated while the recording is being stopped begins no other one, whichever comes first."""
    for _ in range(_ROUNDS):
        with alone(server):
            recording = server.record()
            again = [partial(server.start, recording.resource)] * 3
            for response in at_once([*again, partial(server.stop, recording), *again])[:3]:
                if not is_recording_already(response):
                    response.must_be_refused(code=1005)
            must_be_gone(server.stop(recording))
