"""A live call of every operation: what checks of the transport send right once, and wrong in many ways."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from agora_rest import spec
from agora_rest.contract.http.response import Response
from agora_rest.contract.http.server import Server
from agora_rest.contract.http.wire import OMIT, prefix
from agora_rest.contract.safety.access import Profile
from agora_rest.contract.scenarios._recording import has_stopped, path_of, plain_body, start_body


@dataclass(frozen=True)
class Call:
    """A call with everything it needs."""

    operation: str
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = OMIT

    def send(self, server: Server, **how: Any) -> Response:
        """Send it; `how` is what `Wire.send` takes besides."""
        return server.send(self.operation, **{"path": self.path, "query": self.query, "body": self.body, **how})

    def url(self, server: Server) -> str:
        """Its path, below the base URL."""
        known = spec.operation(self.operation)
        values = {"appid": server.app_id, "mode": "mix", **self.path}
        return prefix(known.api) + known.path.format_map(
            {name: quote(value, safe="") for name, value in values.items()}
        )

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
        answer = self.send(server, **how)
        if not has_stopped(answer):
            raise answer.broken("success")
        return answer


def live_calls(server: Server, api: spec.Api) -> list[Call]:
    """A call of each operation of `api` that this run may make, in an order in which all of them succeed.

    A read-only run has only those that need nothing to be made first; its question about a recording finds none.
    """
    if server.profile is Profile.READ_ONLY:
        return [call for call in _reading_calls() if spec.operation(call.operation).api == api]
    return list(_recording_calls(server) if api == "cloud-recording" else _console_calls(server))


def _recording_calls(server: Server) -> Iterator[Call]:
    resource, recording = server.acquire(), server.record()
    yield Call("acquire", body=plain_body(resource))
    yield Call("start_recording", path_of(resource), body=start_body(resource))
    yield Call("query_recording", path_of(recording))
    yield Call("stop_recording", path_of(recording), body=plain_body(recording.resource))


def _console_calls(server: Server) -> Iterator[Call]:
    project = server.create_project()
    app_id, of_project = project["vendor_key"], {"id": project["id"]}
    ban = {"appid": app_id, "cname": "contract"}
    rule = {"appid": app_id, "id": server.kick(**ban, uid=7)}
    yield from (call for call in _reading_calls() if call.operation != "query_recording")
    yield Call("create_project", body={"name": server.fresh_name("project"), "enable_sign_key": True})
    yield Call("find_project", query=of_project)
    yield Call("set_project_status", body={**of_project, "status": 1})
    yield Call("set_recording_server", body={**of_project, "recording_server": "10.2.2.8:8080"})
    yield Call("enable_certificate", body={**of_project, "enable": True})
    if server.profile is Profile.LOCAL:
        yield Call("reset_certificate", body=of_project)
    yield Call("get_usage_v3", query={**_DAYS, "project_id": project["id"], "business": "default"})
    yield Call("create_kicking_rule", body={**ban, "uid": 8, "time": 60, "privileges": ["join_channel"]})
    yield Call("list_kicking_rules", query={"appid": app_id})
    yield Call("update_kicking_rule", body={**rule, "time": 30})
    yield Call("delete_kicking_rule", body=rule)
    yield Call("delete_project", body=of_project)


def _reading_calls() -> Iterator[Call]:
    yield Call("query_recording", {"resourceid": "nobody", "sid": "nobody"})
    yield Call("list_projects")
    yield Call("get_usage_v1", query=_DAYS)
    yield Call("get_user_property", {"cname": "contract", "uid": "7"})
    yield Call("list_channel_users", {"cname": "contract"})
    yield Call("list_channels", query={"page_no": 0, "page_size": 10})


_DAYS = {"from_date": "2024-02-28", "to_date": "2024-03-01"}
