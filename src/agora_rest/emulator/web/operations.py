"""Maps each operation's request to calls of the domain."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from agora_rest.emulator.channels import Channel
from agora_rest.emulator.current_recordings import CurrentRecording
from agora_rest.emulator.modes import RecordingMode
from agora_rest.emulator.projects import Project
from agora_rest.emulator.recordings import DEFAULT_MAX_IDLE_TIME, FILE_TYPES, Identity, Recording, Resource
from agora_rest.emulator.refusals import InvalidInput
from agora_rest.emulator.rules import Privilege, Rule, Target
from agora_rest.emulator.usage import Business, MetricsReport
from agora_rest.emulator.web import recording_requests
from agora_rest.emulator.web.endpoints import Call
from agora_rest.emulator.web.leniency import number_from
from agora_rest.emulator.world import World

if TYPE_CHECKING:
    from agora_rest import spec

SHORTEST_VALIDITY: Final = 1
LONGEST_VALIDITY: Final = 720
"""The allowed values of `resourceExpiredHour`, in hours."""

OBSERVED_MEMBERS: Final[dict[str, frozenset[str]]] = {
    "acquire": frozenset({"clientRequest.resourceExpiredHour", "clientRequest.startParameter"}),
    "start_recording": frozenset({"clientRequest.recordingFileConfig", "clientRequest.recordingFileConfig.avFileType"}),
    "create_kicking_rule": frozenset({"time_in_seconds"}),
    "update_kicking_rule": frozenset({"time_in_seconds"}),
}
"""Undocumented members that have an effect here, by operation."""


class HostList(NamedTuple):
    """A channel of which the hosts are listed without the audience."""

    channel: Channel | None


def acquire(world: World, call: Call) -> Resource:
    """CR-10. In the documents of 2019 two members are undocumented, and have the effect observed on servers."""
    request = call.body["clientRequest"]
    announced = request.get("startParameter")
    digest = None if announced is None else _digest(announced)
    if world.settings.edition == "2019":
        return world.acquire(
            _identity(call), valid_for=_valid_for(request.get("resourceExpiredHour")), start_digest=digest
        )
    return world.acquire(
        _identity(call),
        valid_for=recording_requests.validity(request),
        start_digest=digest,
        reservation=recording_requests.reservation(call.body),
    )


def start_recording(world: World, call: Call) -> Recording:
    """CR-20. Storage keys are not stored."""
    request = call.body["clientRequest"]
    setup = None
    if world.settings.edition == "current":
        setup = world.with_fate(recording_requests.setup(_mode(call), request))
    return world.start(
        call.parameters["resourceid"],
        _identity(call),
        max_idle_time=request.get("recordingConfig", {}).get("maxIdleTime", DEFAULT_MAX_IDLE_TIME),
        file_types=_file_types(request.get("recordingFileConfig"), world.settings.edition),
        digest=_digest(request),
        bucket=request["storageConfig"]["bucket"],
        setup=setup,
    )


def update_recording(world: World, call: Call) -> Recording:
    """CR-145."""
    named, request = call.parameters, call.body["clientRequest"]
    found = world.running(named["resourceid"], named["sid"], _identity(call), _mode(call))
    storage = request.get("storageConfig")
    return world.update(
        found,
        subscription=recording_requests.new_subscription(request, found.setup),
        on_hold=request.get("webRecordingConfig", {}).get("onhold"),
        push_url=recording_requests.new_push(request),
        storage=None if storage is None else recording_requests.storage(storage),
    )


def update_layout(world: World, call: Call) -> Recording:
    """CR-150, CR-151."""
    named = call.parameters
    found = world.running(named["resourceid"], named["sid"], _identity(call), RecordingMode.MIX)
    found.layout = recording_requests.layout(call.body["clientRequest"])
    return found


def stop_recording(world: World, call: Call) -> Recording:
    """CR-50, CR-152."""
    recording = world.stop(call.parameters["resourceid"], call.parameters["sid"], _identity(call), _mode(call))
    if isinstance(recording, CurrentRecording):
        recording.async_stop = call.body["clientRequest"].get("async_stop", False)
    return recording


def create_project(world: World, call: Call) -> Project:
    """CO-10."""
    return world.create_project(
        call.body["name"],
        enable_certificate=call.body["enable_sign_key"],
        is_name_unique=world.settings.edition == "current",
    )


def get_usage_v3(world: World, call: Call) -> MetricsReport:
    """CO-34."""
    return world.usage_metrics(call.parameters["project_id"], Business(call.parameters["business"]), *_days(call))


def create_kicking_rule(world: World, call: Call) -> Rule:
    """CO-40, CO-79. An empty string means "not given" (CO-41)."""
    target = Target(call.body.get("cname"), call.body.get("uid") or None, call.body.get("ip") or None)
    privileges = frozenset(Privilege(each) for each in call.body["privileges"])
    return world.create_rule(call.body["appid"], target, call.body.get("time"), _seconds(call), privileges)


def update_kicking_rule(world: World, call: Call) -> Rule:
    """CO-46."""
    return world.update_rule(call.body["appid"], call.body["id"], call.body.get("time"), _seconds(call))


def list_channel_users(world: World, call: Call) -> Channel | HostList | None:
    """CO-51, CO-91."""
    channel = world.find_channel(call.parameters["appid"], call.parameters["cname"])
    return channel if call.parameters.get("hosts_only") is None else HostList(channel)


HANDLERS: Final[dict[str, Callable[[World, Call], Any]]] = {
    "query_recording": lambda world, call: world.query(
        call.parameters["appid"], call.parameters["resourceid"], call.parameters["sid"], _mode(call)
    ),
    "list_projects": lambda world, _: world.projects.all(),
    "find_project": lambda world, call: world.projects.find(
        project_id=call.parameters["id"], name=call.parameters["name"]
    ),
    "set_project_status": lambda world, call: world.set_project_status(call.body["id"], bool(call.body["status"])),
    "delete_project": lambda world, call: world.delete_project(*_given(call, "id")),
    "set_recording_server": lambda world, call: world.set_recording_server(*_given(call, "id", "recording_server")),
    "enable_certificate": lambda world, call: world.enable_certificate(*_given(call, "id", "enable")),
    "reset_certificate": lambda world, call: world.projects.reset_certificate(*_given(call, "id")),
    "get_usage_v1": lambda world, call: world.usage_minutes(*_days(call), *_given(call, "projects")),
    "list_kicking_rules": lambda world, call: world.list_rules(*_given(call, "appid")),
    "delete_kicking_rule": lambda world, call: world.delete_rule(*_given(call, "appid", "id")),
    "get_user_property": lambda world, call: world.find_user(*_given(call, "appid", "cname", "uid")),
    "list_channel_hosts": lambda world, call: HostList(world.find_channel(*_given(call, "appid", "cname"))),
    "list_channels": lambda world, call: world.channel_page(*_given(call, "appid", "page_no", "page_size")),
    **{
        handler.__name__: handler
        for handler in (
            acquire,
            start_recording,
            update_recording,
            update_layout,
            stop_recording,
            create_project,
            get_usage_v3,
            create_kicking_rule,
            update_kicking_rule,
            list_channel_users,
        )
    },
}
"""By operation ID: one call of the domain, or the function above that is named after its operation."""


def _given(call: Call, *names: str) -> list[Any]:
    """These members of a request, which are parameters or in its body."""
    return [call.parameters[name] if name in call.parameters else call.body[name] for name in names]


def _mode(call: Call) -> RecordingMode:
    """The mode in the path."""
    return RecordingMode(call.parameters["mode"])


def _identity(call: Call) -> Identity:
    return Identity(call.parameters["appid"], call.body["cname"], int(call.body["uid"]))


def _valid_for(hours: Any) -> float | None:
    """`resourceExpiredHour` in seconds."""
    if hours is None:
        return None
    hours = number_from(hours)
    if hours is None or not SHORTEST_VALIDITY <= hours <= LONGEST_VALIDITY:
        raise InvalidInput("Acquire: invalid resourceExpiredHour value!")
    return float(hours * 3600)


def _file_types(config: Any, edition: spec.Edition) -> tuple[str, ...]:
    """The file types requested by `recordingFileConfig`: HLS, alone or with MP4."""
    if config is None:
        return FILE_TYPES
    if not isinstance(config, dict):
        raise InvalidInput("clientRequest.recordingFileConfig: must be an object")
    kinds = config.get("avFileType", list(FILE_TYPES))
    if edition == "current":  # the schema has the rule, and allows repetitions (CR-122)
        return tuple(sorted(set(kinds)))
    if kinds not in (["hls"], ["hls", "mp4"], ["mp4", "hls"]):
        raise InvalidInput('clientRequest.recordingFileConfig.avFileType: must be ["hls"] or ["hls", "mp4"]')
    return tuple(sorted(kinds))


def _digest(request: dict[str, Any]) -> bytes:
    """The digest of a request for later comparison; the request itself contains storage keys."""
    import hashlib  # here, because it loads OpenSSL

    return hashlib.sha256(json.dumps(request, sort_keys=True).encode("utf-8")).digest()


def _seconds(call: Call) -> float | None:
    """The member `time_in_seconds` of a kicking rule, which servers accept but the documents do not mention."""
    given = call.body.get("time_in_seconds")
    if given is None:
        return None
    seconds = number_from(given)
    if seconds is None:
        raise InvalidInput("time_in_seconds: must be a number")
    return seconds


def _days(call: Call) -> tuple[date, date]:
    return date.fromisoformat(call.parameters["from_date"]), date.fromisoformat(call.parameters["to_date"])
