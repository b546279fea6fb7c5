"""Rules for every call of Cloud Recording in the present documents: credentials, paths, statuses, errors."""

from __future__ import annotations

from typing import Final

from agora_rest.contract.checking.checks import check
from agora_rest.contract.http.server import Response, Server
from agora_rest.contract.safety.access import Profile
from agora_rest.contract.scenarios._calls import live_calls
from agora_rest.contract.scenarios._current import configured, record, resource_for, settings, start
from agora_rest.contract.scenarios._recording import alone, must_be_400_or_404

_NO_ROUTE: Final = "no Route matched with those values"


@check("CR-72", profile=Profile.READ_ONLY)
def missing_and_wrong_credentials_are_distinguished(server: Server) -> None:
    """Without `Authorization` a call is 401, `Unauthorized`; with wrong credentials it says that they are invalid."""
    for call in live_calls(server, "cloud-recording"):
        with alone(server):
            call.send(server, authenticated=False).must_be_refused(401, saying="Unauthorized")
        for wrong in ((server.account.customer_id, "another"), ("nobody", server.account.customer_certificate)):
            with alone(server):
                call.send(server, auth=wrong).must_be_refused(401, saying="Invalid authentication credentials")


@check("CR-73", profile=Profile.READ_ONLY)
def an_unknown_path_has_no_route(server: Server) -> None:
    """A path of Cloud Recording that does not exist is 404, `no Route matched with those values`."""
    app = f"/v1/apps/{server.app_id}/cloud_recording"
    for path in (f"{app}/acquired", f"{app}/resourceid/nobody/mode/mix/begin", f"{app}/resourceid/r/sid/s/query", app):
        with alone(server):
            response = server.request("GET", path, auth=server.account.credentials)
            response.must_be_refused(404, saying=_NO_ROUTE)


@check("CR-73")
def a_wrong_method_has_no_route(server: Server) -> None:
    """A method that a path of Cloud Recording does not have is 404, `no Route matched with those values`."""
    recording = record(server, "mix")
    for call in live_calls(server, "cloud-recording"):
        method = "PUT" if call.method == "GET" else "GET"
        with alone(server):
            response = server.request(method, call.url(server), auth=server.account.credentials)
            response.must_be_refused(404, saying=_NO_ROUTE)
    server.query(recording).must_succeed()


@check("CR-75", "CR-74")
def an_error_has_a_code_and_a_reason(server: Server) -> None:
    """An error of the service is `{"code": …, "reason": …}`, a number and a text, whatever else stands beside them."""
    recording = record(server, "mix")
    responses = [
        server.ask_acquire(clientRequest={"scene": "none"}),
        server.ask_acquire("a/b"),
        start(server, resource_for(server, "mix"), "mix", configured(streamTypes=9)),
        start(server, resource_for(server, "mix"), "composite", settings("mix")),
        server.update(recording, storageConfig={}),
        server.update_layout(recording, mixedVideoLayout=9),
        server.stop(recording, clientRequest={"async_stop": "soon"}),
        server.query(recording, path={"sid": "nobody"}),
    ]
    for response in responses:
        _must_explain(response)


def _must_explain(response: Response) -> None:
    body = response.exchange.json
    code, reason = (body.get("code"), body.get("reason")) if isinstance(body, dict) else (None, None)
    is_number = isinstance(code, int) and not isinstance(code, bool)
    response.must(is_number and isinstance(reason, str) and reason, "an error with a number `code` and a text `reason`")


@check("CR-77")
def a_success_is_200(server: Server) -> None:
    """A call that is carried out is 200, and one that is refused 400."""
    for mode in ("individual", "mix", "web"):
        resource = resource_for(server, mode)
        if server.trail[-1].status != 200:
            raise Response(server.trail[-1]).broken("status 200")
        start(server, resource, mode, settings(mode, storageConfig={})).must_be_refused(400)
    running = record(server, "mix")
    for response in (server.query(running), server.update(running), server.update_layout(running)):
        response.must_succeed(200)


@check("CR-144", "CR-77")
def what_never_was_is_not_there(server: Server) -> None:
    """Calls with a `sid` that no `start` has returned are refused with 400 or 404."""
    recording = record(server, "mix")
    path = {"sid": "0" * 32}
    for response in (server.query(recording, path=path), server.update(recording, path=path)):
        must_be_400_or_404(response)
    server.stop(recording)
