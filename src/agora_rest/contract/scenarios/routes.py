"""Routes: the documents' paths with the documents' methods, and no others."""

from __future__ import annotations

from collections.abc import Iterable

from agora_rest import spec
from agora_rest.contract.checking.checks import check
from agora_rest.contract.http.server import Response, Server, path_of
from agora_rest.contract.safety.access import Profile
from agora_rest.contract.scenarios._calls import Call, live_calls
from agora_rest.contract.scenarios._recording import alone, changed, must_run, plain_body, start_body

_METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH")


@check("CR-04")
def paths_are_case_sensitive(server: Server) -> None:
    """A path of Cloud Recording in another case does not exist: 404, without effect."""
    resource, recording = server.acquire(), server.record()
    calls = (
        Call("acquire", body=plain_body(resource)),
        Call("start_recording", path_of(resource), body=start_body(resource)),
        Call("query_recording", path_of(recording)),
        Call("stop_recording", path_of(recording), body=plain_body(recording.resource)),
    )
    for call in calls:
        for wrong in _in_other_cases(call.url(server), spec.operation(call.operation).path):
            with alone(server):
                _request(server, call.method, wrong, call).must_be_refused(404)
    must_run(server, recording)
    server.recording(resource, server.start(resource))


@check("CR-04", "CR-62")
def members_are_case_sensitive(server: Server) -> None:
    """Beside the right ones, members in another case are unknown ones that change nothing: the right ones count."""
    resource = server.acquire()
    body = changed(start_body(resource), ("Cname",), "another")
    body = changed(changed(body, ("UID",), "0"), ("ClientRequest",), {})
    must_run(server, server.recording(resource, server.send("start_recording", path=path_of(resource), body=body)))


@check("CR-60", profile=Profile.READ_ONLY)
def beside_the_recording_paths_there_is_nothing(server: Server) -> None:
    """A path that no call of Cloud Recording has is a 404."""
    app = f"/v1/apps/{server.app_id}/cloud_recording"
    paths = ["/v1", "/v1/apps", f"/v1/apps/{server.app_id}", app, f"{app}/resourceid/nobody", f"{app}/mode/mix/start"]
    paths += [
        f"{app}/resourceid/nobody/mode/mix/begin",
        f"{app}/resourceid/nobody/sid/nobody/query",
        f"{app}/acquire/now",
    ]
    paths += [f"/v2/apps/{server.app_id}/cloud_recording/acquire", f"/dev{app}/acquire", "/nothing"]
    _must_lead_nowhere(server, paths)


@check("CO-04", profile=Profile.READ_ONLY)
def beside_the_consoles_paths_there_is_nothing(server: Server) -> None:
    """A path that no call of the Console has is a 404."""
    paths = [
        "/dev",
        "/dev/v1",
        "/dev/v2/projects",
        "/dev/v1/project/nobody/",
        "/dev/v1/kicking-rules",
        "/dev/v3/projects",
    ]
    paths += [
        "/dev/v1/channels",
        "/dev/v1/channel",
        f"/dev/v1/channel/user/{server.app_id}",
        "/dev/nothing",
        "/v1/projects",
    ]
    _must_lead_nowhere(server, paths)


@check("CR-60")
def recording_calls_have_one_method(server: Server) -> None:
    """A Cloud Recording path with another method than its own is refused as 404 or 405, and nothing is done."""
    resource, recording = server.acquire(), server.record()
    _try_methods(server, "cloud-recording")
    for call in (Call("start_recording", path_of(resource)), Call("stop_recording", path_of(recording))):
        for method in ("GET", "PUT", "DELETE", "PATCH"):
            _must_not_be_served(_request(server, method, call.url(server), call))
    must_run(server, recording)
    server.recording(resource, server.start(resource))


@check("CO-04")
def console_calls_have_their_methods(server: Server) -> None:
    """A Console path with a method that no call has there is refused as 404 or 405."""
    _try_methods(server, "console")


@check("CO-05")
def a_path_may_end_in_a_slash_or_not(server: Server) -> None:
    """The paths that the document's tables print with a slash at the end are served so too, with the same response."""
    for call in live_calls(server, "console"):
        if _has_a_slash_in_the_tables(spec.operation(call.operation).path):
            slashed = _request(server, call.method, call.url(server) + "/", call, operation=call.operation)
            if call.method == "GET":
                bare = call.send(server).must_succeed()
                if (slashed.status, slashed.payload) != (bare.status, bare.payload):
                    raise slashed.broken("the response that the path without a slash gives")
            elif not slashed.succeeded:
                raise slashed.broken("success, as without a slash at the end of the path")


# -- inside ------------------------------------------------------------------------------------------------------------


def _has_a_slash_in_the_tables(path: str) -> bool:
    return path != "/v1/reset_signkey" and not path.startswith("/v1/channel/")


def _request(server: Server, method: str, url: str, call: Call, operation: str = "") -> Response:
    """`call` with another method or path; `operation` if that should still be one."""
    credentials = server.account.credentials
    return server.request(method, url, operation=operation, query=call.query, content=call.content, auth=credentials)


def _in_other_cases(url: str, template: str) -> Iterable[str]:
    """`url` with each of its fixed segments in other cases."""
    segments = url.split("/")
    for index, name in enumerate(template.split("/")):
        if name and not name.startswith("{"):
            for other in (name.upper(), name.title()):
                yield "/".join([*segments[:index], other, *segments[index + 1 :]])


def _must_lead_nowhere(server: Server, paths: Iterable[str]) -> None:
    for path in paths:
        for method in ("GET", "POST") if server.profile > Profile.READ_ONLY else ("GET",):
            with alone(server):
                content = b"{}" if method == "POST" else None
                server.request(method, path, content=content, auth=server.account.credentials).must_be_refused(404)


def _try_methods(server: Server, api: spec.Api) -> None:
    paths = spec.document(api)["paths"]
    for call in live_calls(server, api):
        served = {method.upper() for method in paths[spec.operation(call.operation).path]} & set(_METHODS)
        for method in _METHODS:
            if method not in served:
                with alone(server):
                    _must_not_be_served(_request(server, method, call.url(server), call))


def _must_not_be_served(response: Response) -> None:
    """404 or 405: which one, and what goes with it, the documents leave open."""
    if response.status != 405:
        response.must_be_refused(404)
