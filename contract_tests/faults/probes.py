"""Calls that show a fault in the responses of an operation: how it succeeds, and how it is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import date
from typing import Any, Final

from agora_rest import spec
from agora_rest.contract.samples import Ids, sample
from agora_rest.emulator import Minutes
from faults.caller import APP, DAY, DEMO, UNKNOWN, Caller, Request
from faults.current import Started, acquired, began, body, of_users, push, recording, services, settings, start

Shows = Callable[[Caller], Any]
"""Makes calls and gives what they are answered."""

NO_APP: Final = "f" * 32
RULE: Final = "/v1/kicking-rule"
SERVER: Final = "10.0.0.1:80"


def recordings(a: Caller, seconds: float = 20) -> list[Started]:
    """Recordings of a channel with two users after so many seconds: of `current`, one of each kind."""
    a.join(1, 2)
    if a.emulator.settings.dialect != "current":
        found = [Started(a, *a.record(), "mix")]
    else:
        page = services(push())
        found = [
            recording(a, uid="11", storage={"fileNamePrefix": ["dir1", "dir2"]}),
            recording(a, uid="12", recordingFileConfig={"avFileType": ["hls", "mp4"]}),
            recording(a, "individual", uid="13"),
            recording(a, "individual", uid="14", snapshotConfig={"fileType": ["jpg"]}),
            recording(a, "web", uid="15", extensionServiceConfig=page),
        ]
    a.advance(seconds)
    return found


def _before_and_after(call: Callable[[Started], Any]) -> Shows:
    """A call of running recordings, and the same when they are over and forgotten."""

    def shows(a: Caller) -> Any:
        found = recordings(a)
        before = [call(each) for each in found]
        for each in found:
            each.post("stop")
        a.advance(400)
        return before, [call(each) for each in found]

    return shows


def _acquire(a: Caller) -> Any:
    return [acquired(a, "Lesson"), acquired(a, "a/b"), acquired(a, uid="0"), acquired(a, app=NO_APP)]


def _start(a: Caller) -> Any:
    resource = a.resource()
    refused = [a.start(a.resource(), cname="a/b"), a.start("unknown"), a.start(resource, config={"streamTypes": 9})]
    return [*refused, a.start(resource), a.start(resource), began(a)]


def _stop(a: Caller) -> Any:
    return [[each.post("stop") for _ in range(2)] for each in recordings(a)]


def _users(a: Caller) -> Any:
    a.join(1, 2, cname="live", mode=2, role=2)
    a.join(3, cname="live", mode=2, role=3)
    a.join(1, 2)
    return [*map(a.users, ("live", "lesson", "empty")), a.users(app=NO_APP)]


def _hosts(a: Caller) -> Any:
    a.join(1, 2, mode=2, role=2)
    a.join(3, mode=2, role=3)
    return [a.get(f"/v1/channel/user/{app}/lesson/hosts_only") for app in (APP, NO_APP)]


def _usage(a: Caller) -> Any:
    a.emulator.seed_minutes(DEMO, date(2026, 1, 1), Minutes(5, 6, 7, 8))
    return a.get("/v1/usage", **DAY)


def _kicked(a: Caller, *calls: Callable[[], Any]) -> Any:
    a.kick(uid=7)
    a.kick(cname="lesson")
    return [call() for call in calls]


def _of_projects(path: str, **members: Any) -> Shows:
    return lambda a: [a.post(path, id=project, **members) for project in (DEMO, UNKNOWN)]


BY_OPERATION: Final[Mapping[str, Shows]] = {
    "acquire": _acquire,
    "start_recording": _start,
    "query_recording": _before_and_after(Started.query),
    "update_recording": _before_and_after(lambda started: started.post("update")),
    "update_layout": lambda a: recordings(a)[0].post("updateLayout", "mix"),
    "stop_recording": _stop,
    "create_project": lambda a: [a.create(), a.create(name=7), a.create()],
    "list_projects": lambda a: a.get("/v1/projects"),
    "find_project": lambda a: [a.find(id=DEMO), a.find(id=UNKNOWN)],
    "set_project_status": _of_projects("/v1/project_status", status=1),
    "delete_project": lambda a: a.delete("/v1/project", id=DEMO),
    "set_recording_server": _of_projects("/v1/recording_config", recording_server=SERVER),
    "enable_certificate": _of_projects("/v1/signkey", enable=True),
    "reset_certificate": _of_projects("/v1/reset_signkey"),
    "get_usage_v1": _usage,
    "get_usage_v3": lambda a: a.get("/v3/usage", project_id=DEMO, business="default", **DAY),
    "create_kicking_rule": lambda a: [a.kick(uid=7), a.kick(uid=7, time=0), a.kick(uid=[]), a.kick(appid=NO_APP)],
    "list_kicking_rules": lambda a: _kicked(a, a.rules, lambda: a.rules(NO_APP)),
    "update_kicking_rule": lambda a: _kicked(a, lambda: a.put(RULE, appid=APP, id=1, time=5)),
    "delete_kicking_rule": lambda a: _kicked(a, lambda: a.delete(RULE, appid=APP, id=1)),
    "get_user_property": lambda a: [a.join(5), a.user(5), a.user(6)],
    "list_channel_users": _users,
    "list_channel_hosts": _hosts,
    "list_channels": lambda a: [a.join(1, 2), a.channels(), a.channels(page_size=0)],
}
"""By operation ID."""


def _acquired(a: Caller, mode: str) -> Request:
    scene = {"scene": 1} if mode == "web" else {}
    return Request("POST", f"/v1/apps/{APP}/cloud_recording/acquire", body(scene))


def _started(a: Caller, mode: str) -> Request:
    return start(a.send(_acquired(a, mode)).inner["resourceId"], mode, settings(mode))


def _changed_rule(a: Caller, _mode: str) -> Request:
    a.kick(uid=7)
    return Request("PUT", f"/dev{RULE}", {"appid": APP, "id": 1, "time": 60})


_REQUESTS: Final[Mapping[str, Callable[[Caller, str], Request]]] = {
    "acquire": _acquired,
    "start_recording": _started,
    "update_recording": lambda a, mode: recording(a, mode).request("update"),
    "update_layout": lambda a, mode: recording(a, mode).request("updateLayout"),
    "stop_recording": lambda a, mode: of_users(a, mode).request("stop"),
    "create_kicking_rule": lambda _a, _mode: Request(
        "POST", f"/dev{RULE}", {"appid": APP, "uid": 7, "privileges": ["join_channel"]}
    ),
    "update_kicking_rule": _changed_rule,
}
"""A right request of an operation with a body for which the specification's example will not do."""


def _right(operation: str, a: Caller, mode: str) -> Request:
    """A right request of any operation with a body; that of a recording in a mode."""
    if operation in _REQUESTS:
        return _REQUESTS[operation](a, mode)
    known, example = spec.operation(operation), sample(operation, Ids(app_id=APP, project=DEMO))
    if "sid" in example.path:
        return recording(a, mode).request(known.path.rpartition("/")[2], **example.body["clientRequest"])
    return Request(known.method, known.url(**example.path), dict(example.body))


def member(operation: str, path: str, value: Any, mode: str = "mix", beside: Mapping[str, Any] | None = None) -> Shows:
    """A right request but for the member at `path`, which has this value; None leaves it out.

    `beside` are other members of the object that holds it.
    """
    *way, name = path.split(".")

    def shows(a: Caller) -> Any:
        request = _right(operation, a, mode)
        whole = holder = deepcopy(request.body)
        for step in way:
            holder = holder[int(step)] if isinstance(holder, list) else holder.setdefault(step, {})
        holder.update({**(beside or {}), name: value})
        if value is None:
            del holder[name]
        return a.send(request._replace(body=whole))

    return shows
