"""Shared parts of the checks of the present documents: client requests of each mode, and whether they are taken."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from agora_rest.contract.http.control import Control
from agora_rest.contract.http.server import (
    OMIT,
    PAGE,
    STORAGE,
    Recording,
    Resource,
    Response,
    Server,
    client_request,
    path_of,
)
from agora_rest.contract.scenarios._recording import INVALID, all_refused, all_taken, alone

Members = Mapping[str, Any]

PUSHED_TO: Final = "rtmp://example.com/live/contract-key"
SNAPSHOTS: Final[Members] = {"fileType": ["jpg"]}
WHOLE: Final[Members] = {"x_axis": 0, "y_axis": 0, "width": 1, "height": 1}
"""A region of a layout that fills the canvas."""

MODES: Final = ("individual", "mix", "web")
OF_CHANNELS: Final = ("individual", "mix")
UPLOADED_AFTER: Final = 120
"""Seconds after which the first file of a recording is certainly uploaded: without one after 90 it has failed."""


def values(*given: Any) -> tuple[Any, ...]:
    """These values, which may have any type."""
    return given


# -- client requests ---------------------------------------------------------------------------------------------------


def settings(mode: str, /, **more: Any) -> dict[str, Any]:
    """A client request that `start` takes in `mode`, with `more` members in the place of its own; see `OMIT`."""
    return _given({**client_request(mode), **more})


def configured(mode: str = "mix", /, **config: Any) -> dict[str, Any]:
    """The same with these members of `recordingConfig`."""
    own = {"subscribeUidGroup": 0} if mode == "individual" else {}
    return settings(mode, recordingConfig=_given({**own, **config}))


def pictured(**picture: Any) -> dict[str, Any]:
    """The same with these members of `transcodingConfig`."""
    return configured(transcodingConfig=picture)


def stored(**storage: Any) -> dict[str, Any]:
    """The same with these members of `storageConfig`."""
    return settings("mix", storageConfig=_given({**STORAGE, **storage}))


def services(*more: Members, **page: Any) -> dict[str, Any]:
    """An `extensionServiceConfig`: the recorder of a page with these members of its own, and `more` services."""
    return {
        "extensionServices": [{"serviceName": "web_recorder_service", "serviceParam": _given({**PAGE, **page})}, *more]
    }


def push(*urls: str, **more: Any) -> dict[str, Any]:
    """A service that pushes a page to these addresses."""
    outputs = [{"rtmpUrl": url} for url in urls or (PUSHED_TO,)]
    return {"serviceName": "rtmp_publish_service", "serviceParam": {"outputs": outputs}, **more}


def paged(*more: Members, **page: Any) -> dict[str, Any]:
    """A client request of mode `web`; see `services`."""
    return settings("web", extensionServiceConfig=services(*more, **page))


def _given(members: Members) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not OMIT}


# -- calls -------------------------------------------------------------------------------------------------------------


def resource_for(server: Server, mode: str, cname: str | None = None, **client: Any) -> Resource:
    """A resource ID for a recording in `mode`, by default of a channel of its own."""
    return server.acquire(cname or server.fresh_name("Channel"), mode=mode, **client)


def start(server: Server, resource: Resource, mode: str, client: Any) -> Response:
    """Ask for a recording in `mode` with this client request."""
    body = {"cname": resource.cname, "uid": resource.uid, "clientRequest": client}
    return server.send("start_recording", path={**path_of(resource), "mode": mode}, body=body)


def record(server: Server, mode: str, client: Members | None = None, **acquired: Any) -> Recording:
    """A running recording in `mode`; a channel has a user in it, if the server lets users join."""
    resource = resource_for(server, mode, **acquired)
    if mode != "web" and Control.USERS in server.offers:
        server.join(resource.cname, 77)
    response = start(server, resource, mode, settings(mode) if client is None else client)
    return server.recording(resource, response, mode)


def has_ended(response: Response) -> bool:
    """Whether a `stop` ended a recording: also if nothing was recorded, or the files are not uploaded yet (CR-152)."""
    return response.succeeded or (response.status == 206 and response.code in (50, 65, 435))


def end(server: Server, recording: Recording, **client: Any) -> Response:
    """Stop a running recording."""
    response = server.stop(recording, clientRequest=client)
    response.must(has_ended(response), "the recording to be stopped")
    return response


def server_response(response: Response) -> dict[str, Any]:
    """The `serverResponse` of a success."""
    found = response.must_succeed().need("serverResponse")
    if not isinstance(found, dict):
        raise response.broken("an object `serverResponse`")
    return found


def payload_of(response: Response, service: str) -> dict[str, Any]:
    """The `payload` of one of the extension services."""
    states = server_response(response).get("extensionServiceState")
    for state in states if isinstance(states, list) else ():
        if isinstance(state, dict) and state.get("serviceName") == service and isinstance(state.get("payload"), dict):
            found: dict[str, Any] = state["payload"]
            return found
    raise response.broken(f"the `payload` of {service} in `extensionServiceState`")


# -- tables of client requests -----------------------------------------------------------------------------------------


def start_takes(server: Server, mode: str, *requests: Any) -> None:
    """`start` takes each of these client requests."""
    for request in requests:
        with alone(server):
            resource = resource_for(server, mode)
            server.recording(resource, start(server, resource, mode, request), mode)


def start_refuses(server: Server, mode: str, *requests: Any, code: int = INVALID) -> None:
    """`start` refuses each of these client requests, on a resource ID that is good for a right one in the end."""
    resource = resource_for(server, mode)
    all_refused(server, requests, partial(start, server, resource, mode), code=code, keep=server.trail[-1:])
    start(server, resource, mode, settings(mode)).must_succeed()


def update_takes(server: Server, mode: str, *requests: Members, first: Members | None = None) -> None:
    """`update` takes each of these client requests; `first` is that of the recording's start."""
    recording = record(server, mode, first)
    all_taken(server, requests, lambda request: server.update(recording, **request), keep=list(server.trail))


def update_refuses(server: Server, mode: str, *requests: Members, first: Members | None = None) -> None:
    """`update` refuses each of these client requests with error 2, and the recording continues."""
    recording = record(server, mode, first)
    keep = list(server.trail)
    all_refused(server, requests, lambda request: server.update(recording, **request), code=INVALID, keep=keep)
    server.query(recording).must_succeed()


def layouts_are(server: Server, taken: tuple[Members, ...], refused: tuple[Members, ...]) -> None:
    """`updateLayout` takes some client requests and refuses others with error 2."""
    recording = record(server, "mix")
    keep = list(server.trail)

    def ask(request: Members) -> Response:
        return server.update_layout(recording, **request)

    all_taken(server, taken, ask, keep=keep)
    all_refused(server, refused, ask, code=INVALID, keep=keep)


def acquire_takes(server: Server, *requests: Members) -> None:
    """`acquire` takes each of these client requests."""
    all_taken(server, requests, lambda request: server.ask_acquire(clientRequest=request))


def acquire_refuses(server: Server, *requests: Members) -> None:
    """`acquire` refuses each of these client requests with error 2."""
    all_refused(server, requests, lambda request: server.ask_acquire(clientRequest=request), code=INVALID)
