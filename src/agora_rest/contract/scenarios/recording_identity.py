"""Identity of a recording: the valid values of `cname`, `uid` and `appid`, in every call that carries them."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from agora_rest.contract.checking.checks import check
from agora_rest.contract.http.server import Recording, Resource, Response, Server, path_of
from agora_rest.contract.outcomes import Broken
from agora_rest.contract.scenarios._recording import (
    CONFIG,
    INVALID,
    STORED,
    TRANSCODING,
    acquire_with,
    all_refused,
    alone,
    has_stopped,
    must_be_invalid_app_id,
    must_run,
    plain_body,
    second_project,
    start_as,
    start_body,
    start_refuses,
    start_with,
    stop,
    unknown_app_id,
)

GOOD_UIDS: Final = ("1", "9", "10", "527841", "999999999", "1000000000", "3999999999", "4294967294", "4294967295")
BAD_UIDS: Final[tuple[Any, ...]] = (
    *("0", "00", "4294967296", "4294967300", "4300000000", "5000000000", "9999999999", "10000000000"),
    *("18446744073709551617", "-1", "+1", "01", "0527841", " 527841", "527841 ", "527841\n", "\t1"),
    *("1.0", "1e3", "0x1F", "1_000", "1,000", "", " ", "abc", "12a", "١٢٣", "１２３", "²", "1\x00"),  # noqa: RUF001
    *(527841, 1, 0, -1, 1.5, None, True, ["527841"], {"uid": "527841"}),
)
NO_OBJECTS: Final[tuple[Any, ...]] = (None, "", "{}", 0, 1, True, [], [{}])
NO_STRINGS: Final[tuple[Any, ...]] = (None, 0, 1, 1.5, True, False, [], ["lesson"], {}, {"cname": "lesson"})


# -- acquire -----------------------------------------------------------------------------------------------------------


@check("CR-10")
def acquire_gives_a_resource_id_of_its_own(server: Server) -> None:
    """Every `acquire` returns a new resource ID, for the same channel and user too."""
    cname, uid = server.fresh_channel(), server.fresh_uid()
    responses = [server.ask_acquire(cname, uid).must_succeed() for _ in range(8)]
    responses += [server.ask_acquire().must_succeed() for _ in range(8)]
    ids = [response.need("resourceId") for response in responses]
    if len(set(ids)) != len(ids):
        raise Broken("a resource ID for each `acquire`", f"{len(set(ids))} different ones from {len(ids)} calls")


@check("CR-10", "CR-13")
def acquire_without_any_member_is_refused(server: Server) -> None:
    """`acquire` needs `cname`, `uid` and `clientRequest`, in this spelling; without one of them it is error 2."""
    body = plain_body(Resource("", server.app_id, server.fresh_channel(), server.fresh_uid()))
    all_refused(server, incomplete(body), lambda each: server.send("acquire", body=each), code=INVALID)
    server.send("acquire", body=body).must_succeed()


@check("CR-13")
def acquire_takes_no_other_types(server: Server) -> None:
    """`clientRequest` is an object and `cname` a string; anything else is error 2."""
    for name, values in (("clientRequest", NO_OBJECTS), ("cname", NO_STRINGS)):
        all_refused(server, values, partial(acquire_with, server, name), code=INVALID)


@check("CR-13", "CR-50")
def unknown_members_pass(server: Server) -> None:
    """Members that the documents do not know pass, in the body and in `clientRequest`, in `acquire` and in `stop`."""
    resource = server.acquire()
    extra = {"resourceExpiredHour": 24, "scene": 0, "note": "课程 ✓", "nested": {"list": [1, None, True]}}
    body = {**plain_body(resource), "clientRequest": extra, "somethingNew": extra}
    response = server.send("acquire", body=body).must_succeed()
    again = Resource(response.need("resourceId"), resource.app_id, resource.cname, resource.uid)
    recording = server.recording(again, server.start(again))
    _must_stop(server, recording, body)


@check("CR-14")
def uids_from_1_to_4294967295_pass(server: Server) -> None:
    """`uid` is a string with an integer from 1 to 4294967295, both included."""
    for uid in GOOD_UIDS:
        with alone(server):
            resource = server.acquire(uid=uid)
            stop(server, server.recording(resource, server.start(resource)))


@check("CR-14", "CR-62")
def other_uids_are_refused(server: Server) -> None:
    """A `uid` that is 0, over 4294967295, not written as plain digits, or no string is error 2."""
    all_refused(server, BAD_UIDS, partial(acquire_with, server, "uid"), code=INVALID)


@check("CR-14", "CR-21", "CR-50")
def other_uids_are_refused_by_start_and_stop(server: Server) -> None:
    """`start` and `stop` refuse an invalid `uid`, on live IDs, and the recording is not affected."""
    resource = server.acquire()
    wrong, keep = (*BAD_UIDS, *_almost(resource.uid)), server.trail[-1:]
    all_refused(server, wrong, partial(start_with, server, resource, ("uid",)), code=INVALID, keep=keep)
    recording = server.record()
    wrong, keep = (*BAD_UIDS, *_almost(recording.resource.uid)), server.trail[-2:]
    all_refused(server, wrong, lambda uid: server.stop(recording, uid=uid), code=INVALID, keep=keep)
    must_run(server, recording)


@check("CR-15")
def an_unknown_app_id_is_invalid(server: Server) -> None:
    """An unknown App ID is the error "invalid appid", a bare message with status 400."""
    for app_id in (unknown_app_id(server), server.app_id.swapcase()):
        if app_id != server.app_id:
            with alone(server):
                must_be_invalid_app_id(_acquire_under(server, app_id))


@check("CR-15")
def a_malformed_app_id_is_refused(server: Server) -> None:
    """An invalid App ID is refused with status 400: too short, too long, with a space, blank except for one."""
    right = server.app_id
    wrong = (right[:-1], f"{right}0", f"{right[:-1]} ", " ", f"{right}\n", "null")
    all_refused(server, wrong, partial(_acquire_under, server), 400)


@check("CR-15", "CO-16")
def the_app_id_of_a_disabled_project_is_invalid(server: Server) -> None:
    """While a project is disabled its App ID is "invalid appid" to `acquire` and `start`; enabled again, it serves."""
    project = second_project(server)
    app_id = project["vendor_key"]
    resource = server.acquire(app_id=app_id)
    server.set_project_status(project["id"], 0).must_succeed()
    body = plain_body(resource)
    must_be_invalid_app_id(server.send("acquire", path={"appid": app_id}, body=body))
    must_be_invalid_app_id(server.start(resource))
    server.set_project_status(project["id"], 1).must_succeed()
    server.send("acquire", path={"appid": app_id}, body=body).must_succeed()
    server.recording(resource, server.start(resource))


@check("CR-15", "CO-18")
def the_app_id_of_a_deleted_project_is_invalid(server: Server) -> None:
    """Once a project is deleted, its App ID is "invalid appid"."""
    project = second_project(server)
    resource = server.acquire(app_id=project["vendor_key"])
    server.delete_project(project["id"]).must_succeed()
    path = {"appid": resource.app_id}
    must_be_invalid_app_id(server.send("acquire", path=path, body=plain_body(resource)))
    must_be_invalid_app_id(server.start(resource))


# -- start and stop ----------------------------------------------------------------------------------------------------


@check("CR-21", "CR-62")
def start_without_any_member_is_refused(server: Server) -> None:
    """`start` needs `cname`, `uid`, `clientRequest` and in it `storageConfig`, in this spelling; else it is error 2."""
    resource = server.acquire()
    keep, body = server.trail[-1:], start_body(resource)
    request = body["clientRequest"]
    wrong = [*incomplete(body), *({**body, "clientRequest": each} for each in incomplete(request))]
    all_refused(server, wrong, partial(start_as, server, resource), code=INVALID, keep=keep)
    server.start(resource).must_succeed()


@check("CR-21", "CR-62")
def start_takes_no_other_types(server: Server) -> None:
    """In `start`, `clientRequest`, `storageConfig` and `recordingConfig` are objects and `cname` is a string."""
    for path in (("clientRequest",), STORED, CONFIG, TRANSCODING):
        start_refuses(server, path, NO_OBJECTS)
    start_refuses(server, ("cname",), NO_STRINGS)


@check("CR-50", "CR-62")
def stop_without_any_member_is_refused(server: Server) -> None:
    """`stop` needs `cname`, `uid` and `clientRequest`, of their types; else it is error 2, the recording continues."""
    recording = server.record()
    keep, body = server.trail[-2:], plain_body(recording.resource)
    broken = [*incomplete(body), *({**body, "clientRequest": each} for each in NO_OBJECTS)]
    broken += [{**body, "cname": each} for each in NO_STRINGS]
    ask = partial(server.send, "stop_recording", path=path_of(recording))
    all_refused(server, broken, lambda each: ask(body=each), code=INVALID, keep=keep)
    must_run(server, recording)
    _must_stop(server, recording, body)


# -- inside ------------------------------------------------------------------------------------------------------------


def _almost(uid: str) -> tuple[Any, ...]:
    """The right uid, written as it must not be."""
    return (f"0{uid}", f"+{uid}", f" {uid}", f"{uid} ", f"{uid}\n", f"{uid}.0", f"{int(uid):_}", int(uid), [uid])


def incomplete(body: dict[str, Any]) -> list[dict[str, Any]]:
    """`body` without each of its members, and with each of them under its name in another case."""
    found: list[dict[str, Any]] = [{}]
    for name, value in body.items():
        rest = {other: member for other, member in body.items() if other != name}
        respelled = {name.upper(), name.lower(), name[:1].upper() + name[1:]} - {name}
        found += [rest, *({**rest, other: value} for other in sorted(respelled))]
    return found


def _acquire_under(server: Server, app_id: str) -> Response:
    """Ask for a resource ID under this App ID."""
    body = plain_body(Resource("", app_id, server.fresh_channel(), server.fresh_uid()))
    return server.send("acquire", path={"appid": app_id}, body=body)


def _must_stop(server: Server, recording: Recording, body: Any) -> None:
    response = server.send("stop_recording", path=path_of(recording), body=body)
    response.must(has_stopped(response), "the recording to be stopped")
