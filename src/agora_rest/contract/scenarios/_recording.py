"""Shared parts of the recording checks: bodies with one change, and the responses that the documents allow."""

from __future__ import annotations

import copy
import string
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, partial, wraps
from typing import Any, Final, TypeVar

from agora_rest.contract.checking.checks import CheckFunction
from agora_rest.contract.checking.leniency import strictly_wrong
from agora_rest.contract.http.control import Control
from agora_rest.contract.http.exchange import Exchange
from agora_rest.contract.http.server import OMIT, STORAGE, Recording, Resource, Response, Server, path_of
from agora_rest.contract.outcomes import Broken, Skipped
from agora_rest.contract.scenarios._pairs import pairwise

INVALID, EXPIRED, UNDECODABLE, MISMATCH, RUNNING, USED, BAD_CHANNEL = 2, 433, 1001, 1003, 1004, 1005, 1013
"""The error codes of the documents, by meaning (CR-62 … CR-64)."""

ALREADY_STARTED, ALREADY_STOPPING, NOT_COMPLETED, NOTHING_RECORDED = 7, 49, 65, 435
"""Codes that servers send besides (CR-64): already started, already being stopped, not completed, nothing recorded."""

UNDER_WAY: Final = frozenset(range(6))
"""The statuses of a recording that is in progress, of one that ended, and of one that was ended by force (CR-42)."""

OVER: Final = frozenset({6, 7, 8})
OVER_BY_FORCE: Final = OVER | {20}

CERTAINLY_STARTED: Final = 120
"""Seconds after its start when a recording of a channel with users has certainly uploaded its first file: without
one after 90 it counts as failed."""

INVALID_APP_ID: Final = ("invalid appid", "appid is invalid")
"""Messages of the documents and of servers for an invalid App ID (CR-15, CR-64)."""

CHANNEL_CHARACTERS: Final = string.ascii_letters + string.digits + " !#$%&()+-:;<=.>?@[]^_{}|~,"
"""The 89 characters of a channel name (CR-63)."""

T = TypeVar("T")
PathInBody = tuple[str, ...]
CONFIG: Final[PathInBody] = ("clientRequest", "recordingConfig")
TRANSCODING: Final[PathInBody] = (*CONFIG, "transcodingConfig")
STORED: Final[PathInBody] = ("clientRequest", "storageConfig")


_FACTORS: Final[Mapping[str, Sequence[Any]]] = {
    "maxIdleTime": (OMIT, 5, 60, 600),
    "streamTypes": (OMIT, 0, 1, 2),
    "channelType": (OMIT, 0, 1),
    "audioProfile": (OMIT, 0, 2),
    "videoStreamType": (OMIT, 1),
    "decryption": ({}, {"decryptionMode": 1, "secret": "contract-secret"}, {"secret": "contract-secret"}),
    "size": (OMIT, {"width": 360, "height": 640}, {"width": 1920, "height": 1080}),
    "fps": (OMIT, 30),
    "bitrate": (OMIT, 500),
    "mixedVideoLayout": (OMIT, 0, 1, 2),
    "maxResolutionUid": (OMIT, "7"),
}
"""Values of the settings that both editions have; `decryption` and `size` stand for several members."""


@cache
def settings_together() -> list[dict[str, Any]]:
    """Some `recordingConfig`, in which each of these values meets each value of every other setting."""
    return [_config(row) for row in pairwise(_FACTORS)]


def _config(row: Mapping[str, Any]) -> dict[str, Any]:
    picture = {name: row[name] for name in ("fps", "bitrate", "mixedVideoLayout", "maxResolutionUid") if name in row}
    picture |= row.get("size", {})
    plain = {name: row[name] for name in tuple(_FACTORS)[:5] if name in row}
    return {**plain, **row["decryption"], **({"transcodingConfig": picture} if picture else {})}


# -- bodies ------------------------------------------------------------------------------------------------------------


def plain_body(resource: Resource) -> dict[str, Any]:
    """The body of `acquire` and `stop`."""
    return {"cname": resource.cname, "uid": resource.uid, "clientRequest": {}}


def start_body(resource: Resource) -> dict[str, Any]:
    """The body of `start`, with nothing in it that may be left out."""
    return {**plain_body(resource), "clientRequest": {"storageConfig": dict(STORAGE)}}


def changed(body: Mapping[str, Any], path: PathInBody, value: Any) -> dict[str, Any]:
    """A copy of `body` with `value` at `path`; objects on the way are made, `OMIT` takes the member away."""
    result = copy.deepcopy(dict(body))
    inner = result
    for name in path[:-1]:
        inner = inner.setdefault(name, {})
    if value is OMIT:
        inner.pop(path[-1], None)
    else:
        inner[path[-1]] = value
    return result


def acquire_with(server: Server, name: str, value: Any) -> Response:
    """Ask for a resource ID with `value` as the member `name`."""
    body = {"cname": server.fresh_channel(), "uid": server.fresh_uid(), "clientRequest": {}}
    return server.send("acquire", body={**body, name: value})


def start_with(server: Server, resource: Resource, path: PathInBody, value: Any) -> Response:
    """Ask for a recording with `value` at `path` of the body."""
    return start_as(server, resource, changed(start_body(resource), path, value))


def start_as(server: Server, resource: Resource, body: Any) -> Response:
    """Ask for a recording with exactly this body."""
    return server.send("start_recording", path=path_of(resource), body=body)


# -- tables of values --------------------------------------------------------------------------------------------------


@contextmanager
def alone(server: Server, keep: Sequence[Exchange] | int = ()) -> Iterator[None]:
    """One case among many: if it breaks, the finding shows the exchanges to `keep` and those of the case, no others.

    A number means so many of the check's first ones.
    """
    made = server.trail[:keep] if isinstance(keep, int) else keep
    begin = len(server.trail)
    try:
        yield
    except Broken as broken:
        broken.trail = [*made, *server.trail[begin:]]
        raise


def all_refused(
    server: Server,
    values: Iterable[T],
    ask: Callable[[T], Response],
    status: int | None = None,
    *,
    code: int | None = None,
    keep: Sequence[Exchange] | int = (),
) -> None:
    """The call with each of `values` is refused with this status or this error code; see `alone`."""
    for value in values:
        with alone(server, keep):
            ask(value).must_be_refused(status, code=code)


def all_taken(
    server: Server, values: Iterable[T], ask: Callable[[T], Response], *, keep: Sequence[Exchange] | int = ()
) -> None:
    """The call with each of `values` succeeds; see `alone`."""
    for value in values:
        with alone(server, keep):
            ask(value).must_succeed()


def start_refuses(server: Server, path: PathInBody, values: Iterable[Any], *, code: int = INVALID) -> None:
    """`start` refuses each of `values` at `path`, on a resource ID that is alive all the time.

    That it is, and that a refusal costs nothing, shows the start without the value in the end.
    """
    resource = server.acquire()
    keep = server.trail[-1:]
    bodies = (changed(start_body(resource), path, value) for value in values)
    wrong = strictly_wrong("start_recording", bodies, observed=not keep[0].enveloped, edition=server.edition)
    all_refused(server, wrong, partial(start_as, server, resource), code=code, keep=keep)
    server.start(resource).must_succeed()


def start_takes(server: Server, path: PathInBody, values: Iterable[Any]) -> None:
    """`start` takes each of `values` at `path`."""
    for value in values:
        with alone(server):
            resource = server.acquire()
            server.recording(resource, start_with(server, resource, path, value))


# -- time --------------------------------------------------------------------------------------------------------------


INSTANT: Final = 2.0**-10
"""The shortest time step with a frozen clock; a power of two, so that sums of times are exact."""


def past(server: Server, seconds: float) -> float:
    """Let `seconds` pass, half a second less if the clock is running; returns the seconds left to pass the limit."""
    if server.stands_still():
        server.advance(seconds=seconds)
        return INSTANT
    server.advance(seconds=seconds - 0.5)
    return 1.0


def to_the_half_second(function: CheckFunction) -> CheckFunction:
    """For a check that looks half a second to either side of a limit: it counts only if it was faster than that.

    If the server's clock is running and the check took longer, it is retried, and finally
    given up.
    """

    @wraps(function)
    def timed(server: Server) -> None:
        for _ in range(3):
            began = time.monotonic()
            try:
                return function(server)
            except Broken:
                if time.monotonic() - began < 0.45 or server.stands_still():
                    raise
            server.begin()
        raise Skipped("the machine is too busy for a check with a resolution of one second")

    return timed


# -- responses ---------------------------------------------------------------------------------------------------------


def is_observed(response: Response) -> bool:
    """Whether a response of Cloud Recording is bare, as in the observed dialect (CR-61)."""
    return not response.exchange.enveloped


def is_recording_already(response: Response) -> bool:
    """Whether this is the dialect's response for a resource that is already recording (CR-37)."""
    if is_observed(response):
        return response.status == 201 and response.code == ALREADY_STARTED and response.get("sid") is None
    return response.status == 400 and response.code == RUNNING


def must_be_recording_already(response: Response) -> None:
    """Error 1004, or in the observed dialect a 201 with code 7 and no sid (CR-37)."""
    if not is_recording_already(response):
        raise response.broken("error 1004 with status 400 (observed dialect: status 201, code 7, no sid)")


def is_invalid_app_id(response: Response) -> bool:
    """Whether this is the bare message for an invalid App ID (CR-15, CR-65)."""
    body = response.exchange.json
    return response.status == 400 and isinstance(body, dict) and body.get("message") in INVALID_APP_ID


def must_be_invalid_app_id(response: Response) -> None:
    """The bare message "invalid appid" with status 400 (CR-15, CR-65)."""
    response.must(is_invalid_app_id(response), 'status 400 with {"message": "invalid appid"}')


def is_not_there(response: Response) -> bool:
    """Whether this response means that a recording does not exist, or no longer exists (CR-65)."""
    return response.status == 404 and response.code == 404


def must_not_be_there(response: Response) -> None:
    """404 with code 404 (CR-65)."""
    response.must(is_not_there(response), "status 404 with code 404: no such recording")


def is_gone(response: Response) -> bool:
    """Whether a repeated `stop` found nothing to stop; servers may also return that it is being stopped (49)."""
    return is_not_there(response) or (
        is_observed(response) and response.status == 400 and response.code == ALREADY_STOPPING
    )


def must_be_gone(response: Response) -> None:
    """404 with code 404, or in the observed dialect code 49 with status 400."""
    response.must(is_gone(response), "status 404 with code 404: nothing is left to stop")


def must_be_one_of(response: Response, *codes: int) -> None:
    """A refusal with status 400 and one of these codes: the documents do not say which."""
    if response.status != 400 or response.code not in codes:
        raise response.broken(f"a refusal with status 400 and code {' or '.join(map(str, codes))}")


def must_be_400_or_404(response: Response, why: str = "") -> None:
    """A refusal with status 400 or 404: the documents do not say which."""
    if response.status not in (400, 404) or response.succeeded:
        raise response.broken(f"a refusal with status 400 or 404{why and ': '}{why}")


def has_stopped(response: Response) -> bool:
    """Whether a `stop` was carried out: success, or nothing was recorded (CR-51, CR-64)."""
    return response.succeeded or (response.status == 206 and response.code == NOTHING_RECORDED)


def stop(server: Server, recording: Recording) -> Response:
    """Stop a running recording; for an empty one the response may be that there are no files."""
    response = server.stop(recording)
    response.must(has_stopped(response), "the recording to be stopped")
    return response


def status_of(response: Response) -> int:
    """The status of a recording: a number, or that number as a string (CR-42)."""
    status = response.must_succeed().need("serverResponse", "status")
    if isinstance(status, str) and status.isascii() and status.isdecimal():
        return int(status)
    if isinstance(status, int) and not isinstance(status, bool):
        return status
    raise response.broken("a status that is a number")


def must_run(server: Server, recording: Recording) -> int:
    """The recording is in progress: its status, 0 … 5 (CR-42)."""
    response = server.query(recording)
    status = status_of(response)
    response.must(status in UNDER_WAY, "a recording that is in progress (status 0 … 5)")
    return status


def is_over(response: Response, *, by_force: bool = False) -> bool:
    """Whether a response of `query` means that the recording has ended or no longer exists (CR-42, CR-65)."""
    if not response.succeeded:
        return is_not_there(response)
    return status_of(response) in (OVER_BY_FORCE if by_force else OVER)


def must_be_over(server: Server, recording: Recording, *, by_force: bool = False) -> None:
    """Asserts that the recording has ended: `query` shows it, and there is nothing left to stop."""
    response = server.query(recording)
    response.must(is_over(response, by_force=by_force), "a recording that is over (status 6 … 8, or 404)")
    after = server.stop(recording)
    if server.edition == "current":
        must_be_gone(after)  # it may be ending (CR-155)
    else:
        must_not_be_there(after)


def must_end_after(server: Server, recording: Recording, seconds: float) -> None:
    """The recording continues for `seconds` from now, and then it ends: see `past`."""
    more = past(server, seconds)
    must_run(server, recording)
    server.advance(seconds=more)
    must_be_over(server, recording)


def index_of(response: Response) -> str:
    """The name of the recording's index in a response of `query` or `stop`, in either form of `fileList` (CR-41)."""
    files = response.must_succeed().need("serverResponse", "fileList")
    if isinstance(files, str):
        names = [files]
    elif is_observed(response) and isinstance(files, list):
        names = [each.get("fileName") or each.get("filename") for each in files]
    else:
        raise response.broken("a `fileList` that is a string")
    index = next((name for name in names if isinstance(name, str) and name.endswith(".m3u8")), None)
    if index is None:
        raise response.broken("the name of an M3U8 file in `fileList`")
    return index


# -- surroundings ------------------------------------------------------------------------------------------------------


def second_project(server: Server) -> dict[str, Any]:
    """Another project of the account, which only the Console can make."""
    response = server.send("create_project", body={"name": server.fresh_name("project"), "enable_sign_key": False})
    if not response.succeeded:
        raise Skipped("it needs a second App ID, and the server makes no projects")
    return response.project


def unknown_app_id(server: Server) -> str:
    """A well-formed, unused App ID: the server's with its digits reversed."""
    backwards = server.app_id[::-1]
    return backwards if backwards != server.app_id else server.app_id[:-1] + ("1" if server.app_id[-1] == "0" else "0")


def recording_with_user(server: Server, cname: str | None = None, **config: Any) -> Recording:
    """A recording of a channel with a user in it, if the server allows adding users."""
    cname = cname or server.fresh_channel()
    if Control.USERS in server.offers:
        server.join(cname, 77)
    return server.record(cname, **config)
