"""A live call of every operation: what checks of the transport send right once, and wrong in many ways."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from agora_rest import spec
from agora_rest.contract.http.server import OMIT, Response, Server, path_of
from agora_rest.contract.safety.access import Profile
from agora_rest.contract.safety.gate import NEVER_CALLED
from agora_rest.contract.samples import Ids, Sample, sample
from agora_rest.contract.scenarios._recording import has_stopped, plain_body, start_body


class Call(Sample):
    """A call with everything it needs."""

    def send(self, server: Server, **how: Any) -> Response:
        """Send it; `how` is what `Wire.send` takes besides."""
        return server.send(self.operation, **{"path": self.path, "query": self.query, "body": self.body, **how})

    def url(self, server: Server) -> str:
        """Its path, below the base URL."""
        return spec.operation(self.operation).url(**{"appid": server.app_id, "mode": "mix", **self.path})

    @property
    def method(self) -> str:
        """Its method."""
        return spec.operation(self.operation).method

    @property
    def content(self) -> bytes | None:
        """Its body as it is sent, or None."""
        return None if self.body is OMIT else json.dumps(self.body, ensure_ascii=False).encode()

    def must_work(self, server: Server, **how: Any) -> Response:
        """Send it; it must be carried out."""
        response = self.send(server, **how)
        response.must(has_stopped(response), "success")
        return response


def live_calls(server: Server, api: spec.Api) -> list[Call]:
    """A call of each operation of `api` that this run may make, in an order in which all of them succeed.

    A read-only run has only those that need nothing to be made first; its question about a recording finds none.
    """
    if server.profile is Profile.READ_ONLY:
        return [call for call in _reading_calls(server) if spec.operation(call.operation).api == api]
    return list(_recording_calls(server) if api == "cloud-recording" else _console_calls(server))


def _recording_calls(server: Server) -> Iterator[Call]:
    resource, recording = server.acquire(), server.record()
    yield Call("acquire", body=plain_body(resource))
    yield Call("start_recording", path_of(resource), body=start_body(resource))
    yield Call("query_recording", path_of(recording))
    if server.edition == "current":
        yield Call("update_recording", path_of(recording), body=plain_body(recording.resource))
        yield Call("update_layout", path_of(recording), body=plain_body(recording.resource))
    yield Call("stop_recording", path_of(recording), body=plain_body(recording.resource))


def _console_calls(server: Server) -> Iterator[Call]:
    project = server.create_project()
    app_id = project["vendor_key"]
    rule = server.kick(appid=app_id, cname="contract", uid=7)
    ids = Ids(app_id=app_id, project=project["id"], rule=int(rule), channel="contract")
    yield from (call for call in _reading_calls(server) if call.operation != "query_recording")
    own = {"create_project": {"name": server.fresh_name("project")}}
    for operation in sorted(_others(server, "console"), key=lambda each: each.effect.kind == "removes"):
        if operation.id not in NEVER_CALLED or server.profile is Profile.LOCAL:
            yield call_of(operation.id, ids, **own.get(operation.id, {}))


def _others(server: Server, api: spec.Api) -> Iterator[spec.Operation]:
    """The operations that `_reading_calls` does not have, the deletion of the project last."""
    reading = {call.operation for call in _reading_calls(server)}
    found = [each for each in server.operations(api) if each.id not in reading]
    yield from sorted(found, key=lambda each: each.id == "delete_project")


def _reading_calls(server: Server) -> Iterator[Call]:
    """Values for calls that need no existing object."""
    ids = Ids(channel="contract", uid="7", resource="nobody", sid="nobody")
    for operation in (each for api in spec.APIS for each in server.operations(api)):
        if operation.effect.kind == "reads" and not _needs_a_project(operation):
            yield call_of(operation.id, ids, without=("appid", "mode"))


def _needs_a_project(operation: spec.Operation) -> bool:
    """Whether it reads what belongs to a project, which its query names and which must exist."""
    return any(each.place == "query" and each.name in ("id", "project_id", "appid") for each in operation.parameters)


def call_of(operation: str, ids: Ids, without: Sequence[str] = (), **members: Any) -> Call:
    """A valid call of an operation, but for some of its path parameters: see `sample`."""
    found = sample(operation, ids, **members)
    path = {name: value for name, value in found.path.items() if name not in without}
    return Call(operation, path, found.query, found.body)
