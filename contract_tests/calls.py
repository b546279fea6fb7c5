"""The client's method for every operation, called with the values of a request: one entry an operation.

`CALLS` takes a request as it is on the wire and makes the same request through the client. Tests that need a call of
every operation take the request from the specification, a recording or `tour.py`, and the call from here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

import agora_rest
from agora_rest.contract.http.wire import OMIT
from agora_rest.contract.samples import Sample

STORAGES: Final = (agora_rest.QiniuStorage, agora_rest.S3Storage, agora_rest.AlibabaStorage)
"""By vendor (CR-34)."""


def app(agora: Any, it: Sample) -> Any:
    """The App ID that a request names, in its path, query or body."""
    return agora.app({**it.path, **it.query, **(it.body if it.body is not OMIT else {})}["appid"])


def extra(members: Mapping[str, Any], *known: str) -> dict[str, Any]:
    """The members that no argument sets."""
    return {name: value for name, value in members.items() if name not in known}


def setting(kind: type, members: Mapping[str, Any], **parts: Any) -> Any:
    """`members` of a request as an object of the client's settings; unknown members in its `extra`."""
    named = {re.sub("([A-Z])", lambda capital: f"_{capital[1].lower()}", name): name for name in members}
    known = {name: members[wire] for name, wire in named.items() if name in kind.__dataclass_fields__}
    return kind(**{**known, **parts}, extra=extra(members, *(named[name] for name in known)))


def storage(members: Mapping[str, Any]) -> Any:
    """A `storageConfig` as the client's object."""
    return setting(STORAGES[members["vendor"]], extra(members, "vendor"))


def config(members: Mapping[str, Any] | None) -> Any:
    """A `recordingConfig` as the client's object."""
    if members is None:
        return None
    nested = members.get("transcodingConfig")
    parts = {} if nested is None else {"transcoding_config": setting(agora_rest.TranscodingConfig, nested)}
    return setting(agora_rest.RecordingConfig, members, **parts)


def start(agora: Any, it: Sample) -> Any:
    """Start a recording."""
    request = it.body["clientRequest"]
    resource = agora_rest.Resource(resource_id=it.path["resourceid"], channel=it.body["cname"], uid=it.body["uid"])
    return app(agora, it).recordings.start(
        resource,
        storage(request["storageConfig"]),
        config=config(request.get("recordingConfig")),
        extra=extra(request, "storageConfig", "recordingConfig"),
    )


def recording(it: Sample) -> agora_rest.StartedRecording:
    """The recording that a query or a stop names; a query names no channel."""
    who = {"cname": "lesson", "uid": "1"} if it.body is OMIT else it.body
    return agora_rest.StartedRecording(
        resource_id=it.path["resourceid"], sid=it.path["sid"], channel=who["cname"], uid=who["uid"]
    )


def days(it: Sample) -> tuple[date, date]:
    """The period of a query."""
    return date.fromisoformat(it.query["from_date"]), date.fromisoformat(it.query["to_date"])


def ban(agora: Any, it: Sample) -> Any:
    """Create a kicking rule; empty strings mean "not given" (CO-41)."""
    target = {
        name: it.body.get(member) or None for name, member in (("channel", "cname"), ("uid", "uid"), ("ip", "ip"))
    }
    more = extra(it.body, "appid", "cname", "uid", "ip", "time", "privileges")
    return app(agora, it).kicking_rules.ban(**target, minutes=it.body["time"], extra=more)


CALLS: Final[Mapping[str, Callable[[Any, Sample], Any]]] = {
    "acquire": lambda agora, it: app(agora, it).recordings.acquire(
        it.body["cname"], it.body["uid"], extra=it.body["clientRequest"]
    ),
    "start_recording": start,
    "query_recording": lambda agora, it: app(agora, it).recordings.query(recording(it)),
    "stop_recording": lambda agora, it: app(agora, it).recordings.stop(recording(it), extra=it.body["clientRequest"]),
    "create_project": lambda agora, it: agora.projects.create(
        it.body["name"],
        enable_sign_key=it.body["enable_sign_key"],
        extra=extra(it.body, "name", "enable_sign_key"),
    ),
    "list_projects": lambda agora, _: agora.projects.list(),
    "find_project": lambda agora, it: agora.projects.find(id=it.query.get("id"), name=it.query.get("name")),
    "set_project_status": lambda agora, it: agora.projects.set_status(
        it.body["id"], agora_rest.ProjectStatus(it.body["status"])
    ),
    "delete_project": lambda agora, it: agora.projects.delete(it.body["id"]),
    "set_recording_server": lambda agora, it: agora.projects.set_recording_server(
        it.body["id"], it.body["recording_server"]
    ),
    "enable_certificate": lambda agora, it: agora.projects.enable_certificate(it.body["id"], enable=it.body["enable"]),
    "reset_certificate": lambda agora, it: agora.projects.reset_certificate(it.body["id"]),
    "get_usage_v1": lambda agora, it: agora.usage.minutes(*days(it), projects=it.query.get("projects")),
    "get_usage_v3": lambda agora, it: agora.usage.metrics(
        it.query["project_id"], *days(it), business=it.query["business"]
    ),
    "create_kicking_rule": ban,
    "list_kicking_rules": lambda agora, it: app(agora, it).kicking_rules.list(),
    "update_kicking_rule": lambda agora, it: app(agora, it).kicking_rules.extend(
        it.body["id"], minutes=it.body["time"]
    ),
    "delete_kicking_rule": lambda agora, it: app(agora, it).kicking_rules.lift(it.body["id"]),
    "get_user_property": lambda agora, it: app(agora, it).channels.user(it.path["cname"], it.path["uid"]),
    "list_channel_users": lambda agora, it: app(agora, it).channels.users(it.path["cname"]),
    "list_channels": lambda agora, it: app(agora, it).channels.page(
        int(it.query.get("page_no", 0)), size=int(it.query.get("page_size", 100))
    ),
}
"""By operation ID: the call for a client and a request."""
