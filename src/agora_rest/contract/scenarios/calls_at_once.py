"""Simultaneous calls about different objects: each has its own effect and its own response."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial

from agora_rest.contract.checking.checks import check
from agora_rest.contract.http.control import Control
from agora_rest.contract.http.server import Response, Server
from agora_rest.contract.outcomes import Broken, Skipped
from agora_rest.contract.safety.access import Profile
from agora_rest.contract.scenarios._console import look
from agora_rest.contract.scenarios._recording import CERTAINLY_STARTED, index_of, recording_with_user
from agora_rest.contract.scenarios._together import at_once

_CALLERS = 6
_ROUNDS = 3
_LIMIT = 10

_MOMENT = 0.8
"""Limit for a burst, in seconds: in a longer one the first call may no longer count when the last arrives."""

_TRIES = 3
_BURSTS = 5


@check("CR-40", "CR-41")
def concurrent_queries_report_their_own_recordings(server: Server) -> None:
    """Simultaneous queries of several recordings each return the state of their own recording."""
    recordings = [recording_with_user(server) for _ in range(_CALLERS)]
    if Control.CLOCK in server.offers:
        server.advance(seconds=CERTAINLY_STARTED)
    asked = [partial(server.query, recording) for recording in recordings]
    alone = [_files_of(ask().must_succeed()) for ask in asked]
    for _ in range(_ROUNDS):
        for recording, index, response in zip(recordings, alone, at_once(asked), strict=True):
            response.must_succeed().must_hold(recording.sid, "sid")
            response.must(index is None or _files_of(response) == index, f"the index of its own recording, {index}")


def _files_of(response: Response) -> str | None:
    """The index of a recording, once it has files."""
    return index_of(response) if response.get("serverResponse", "fileList") else None


@check("CO-15")
def concurrent_searches_find_the_requested_projects(server: Server) -> None:
    """Projects that are looked for at the same moment are each found, and none for another."""
    projects = [server.create_project() for _ in range(_CALLERS)]
    asked = [partial(server.find_project, id=project["id"]) for project in projects]
    for _ in range(_ROUNDS):
        for project, response in zip(projects, at_once(asked), strict=True):
            response.must(response.must_succeed().project["id"] == project["id"], f"the project {project['id']}")


@check("CO-16", "CO-19")
def projects_set_at_once_are_all_set(server: Server) -> None:
    """Simultaneous changes to several projects each apply to their own project."""
    projects = [server.create_project()["id"] for _ in range(_CALLERS)]
    for number in range(_ROUNDS):
        address = f"10.2.3.{number}:8080"
        body = {"recording_server": address}
        _all_succeed([partial(server.send, "set_recording_server", body={"id": each, **body}) for each in projects])
        if any(look(server, project)["recording_server"] != address for project in projects):
            raise Broken(f"each project with the recording server {address}", "one without", server.trail[-1])
        for status in (0, 1):
            _all_succeed([partial(server.set_project_status, each, status) for each in projects])
            if any(look(server, project)["status"] != status for project in projects):
                raise Broken(f"each project with status {status}", "one that has another", server.trail[-1])


@check("CO-03", needs=Control.QUOTA | Control.CLOCK, profile=Profile.LOCAL)
def ten_console_calls_pass_however_many_come_at_once(server: Server) -> None:
    """Of Console calls that come at the same moment exactly ten pass, time and again."""
    server.limit_rate()
    for _ in range(_BURSTS):  # in one alone, they may come one after the other
        responses = _burst(server)
        passed = [response for response in responses if response.status != 429]
        if len(passed) != _LIMIT:
            raise Broken(
                f"ten of {len(responses)} calls to pass in one second", f"{len(passed)} to", responses[-1].exchange
            )


@check("CR-14", needs=Control.USERS)
def a_recorder_takes_nobodys_uid(server: Server) -> None:
    """A recorder whose uid is that of a user in the channel is refused; with another uid it records."""
    taken, free = server.acquire(), server.acquire()
    server.join(taken.cname, int(taken.uid))
    server.join(free.cname, int(taken.uid))
    server.start(taken).must_be_refused(400)
    server.start(free).must_succeed()


def _all_succeed(calls: Sequence[Callable[[], Response]]) -> None:
    for response in at_once(calls):
        response.must_succeed()


def _burst(server: Server) -> list[Response]:
    """The responses to twice as many simultaneous calls as one second allows."""
    for _ in range(_TRIES):
        server.advance(seconds=2)
        began = time.monotonic()
        responses = at_once([partial(server.send, "list_projects")] * (2 * _LIMIT))
        if time.monotonic() - began < _MOMENT or server.stands_still():
            return responses
    raise Skipped("the machine is too busy for a dozen calls in a second")
