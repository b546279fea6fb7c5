"""An emulator's state as a file: saved at exit and loaded at start, or written by hand.

The format is that of `/_emulator/state`, with all members optional, plus the certificates of the projects, which are
random and protect nothing, usage, and the internal state of recordings.
"""

from __future__ import annotations

import errno
import json
import os
import tempfile
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from agora_rest.emulator import saved_recordings, snapshot
from agora_rest.emulator.channels import Mode, Platform, Role
from agora_rest.emulator.choices import not_one_of
from agora_rest.emulator.current_recordings import CurrentRecording
from agora_rest.emulator.faults import Fault
from agora_rest.emulator.recordings import FILE_TYPES, Ending, Identity, Recording, Resource, UploadingStatus
from agora_rest.emulator.refusals import Refused
from agora_rest.emulator.rules import JOIN_ONLY, Privilege, Rule, Target
from agora_rest.emulator.settings import DialectName
from agora_rest.emulator.setups import UNRESERVED
from agora_rest.emulator.subscriptions import Medium
from agora_rest.emulator.usage import Metric, Minutes
from agora_rest.emulator.web_pages import PageFate

if TYPE_CHECKING:
    from agora_rest.emulator.state import EmulatorState

T = TypeVar("T")


class StateError(ValueError):
    """A file is not a valid state of an emulator; the message states the position."""


def save(emulator: EmulatorState, path: Path) -> None:
    """Write the state to `path` atomically, readable only by its owner. Raises OSError."""
    with emulator.lock:
        text = json.dumps(dump(emulator), indent=1, ensure_ascii=False)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text + "\n")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def check_writable(path: Path) -> None:
    """Check that the state can be saved at `path`. Raises OSError."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    try:
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise OSError(error.errno, f"the state cannot be saved: {error.strerror}", str(path)) from None


def load(emulator: EmulatorState, path: Path) -> None:
    """Replace the current state by that in the file at `path`. Raises OSError and StateError."""
    try:
        state = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        raise StateError(f"{path} is not JSON") from None
    try:
        restore(emulator, state)
    except StateError as error:
        raise StateError(f"{path} is not a state of an emulator: {error}") from None


def dump(emulator: EmulatorState) -> dict[str, Any]:
    """The state as JSON, including what `snapshot.state` omits."""
    world = emulator.world
    found = snapshot.state(emulator)
    for shown, project in zip(found["projects"], world.projects.all(), strict=True):
        shown["certificate"] = project.certificate
    resources = {each.id: each for each in world.recordings.resources()}
    for shown in (*found["recordings"], *found["resources"]):
        shown |= _more(resources[shown["resource_id"]])
    found["usage"] = world.usage.dump()
    found["generation"] = emulator.generation
    del found["quotas"], found["totals"]
    return found


def _more(resource: Resource) -> dict[str, Any]:
    """The internal state of a recording."""
    more: dict[str, Any] = {
        "acquired": resource.acquired_at,
        "valid_for": resource.valid_for,
        "start_digest": None if resource.start_digest is None else resource.start_digest.hex(),
        "reservation": saved_recordings.dump_reservation(resource.reservation),
    }
    if (recording := resource.recording) is not None:
        more |= {
            "needs_users": recording.needs_users,
            "first_stream": recording.first_stream_at,
            "file_types": recording.file_types,
            "refused": recording.refused_at,
            "uploading_status": recording.uploading_status,
        }
        if isinstance(recording, CurrentRecording):
            more["current"] = saved_recordings.dump(recording)
    return more


def restore(emulator: EmulatorState, state: Any) -> None:
    """Replace the current state by `state`. Raises StateError, and then changes nothing."""
    if not isinstance(state, dict):
        raise StateError("it must be an object")
    with emulator.lock:
        before = emulator.world, emulator.faults, emulator.ids, emulator.generation
        try:
            _restore(emulator, state)
        except BaseException:
            emulator.world, emulator.faults, emulator.ids, emulator.generation = before
            raise


def _restore(emulator: EmulatorState, state: Mapping[str, Any]) -> None:
    _one("the state", lambda: _check_members("", state))
    _one("generation", lambda: _begin(emulator, state))
    for name in ("clock", "settings"):
        found = state.get(name) or {}
        _one(name, lambda name=name, found=found: _check_members(name, found))  # type: ignore[misc]
        _one(name, lambda name=name, found=found: _SINGLE[name](emulator, found))  # type: ignore[misc]
    for name, add in _LISTED.items():
        values = state.get(name)
        if values is None:
            continue
        if not isinstance(values, list):
            raise StateError(f"{name} must be a list")
        for index, value in enumerate(values):
            where = f"{name}[{index}]"
            _one(where, lambda name=name, value=value: _check_members(name, value))  # type: ignore[misc]
            _one(where, lambda add=add, value=value: add(emulator, value))  # type: ignore[misc]


def _one(where: str, add: Callable[[], None]) -> None:
    """Add one object; its errors are reported with its position."""
    try:
        add()
    except KeyError as error:
        raise StateError(f"{where}.{error.args[0]} is missing") from None
    except (TypeError, ValueError, AttributeError, OverflowError, Refused) as error:
        raise StateError(f"{where}: {error}") from None


def _check_members(kind: str, found: Any) -> None:
    """Refuse unknown members, which are mistakes of a state that was written by hand. Raises ValueError."""
    known = _MEMBERS.get(kind)
    if known is None or not isinstance(found, dict):
        return
    for name in found:
        if name not in known:
            raise not_one_of(name, "member", sorted(known))


def _begin(emulator: EmulatorState, state: Mapping[str, Any]) -> None:
    emulator.begin(with_demo="projects" not in state, generation=int(state.get("generation", 0)) + 1)


def _set_clock(emulator: EmulatorState, found: dict[str, Any]) -> None:
    """Restore the clock, never backwards: advance it if the saved time is ahead, and stop it if it was stopped."""
    ahead = float(found.get("unix", 0.0)) - emulator.clock.now()
    if ahead > 0:
        emulator.clock.advance(ahead)
    if found.get("frozen"):
        emulator.clock.freeze()


def change_settings(emulator: EmulatorState, found: dict[str, Any]) -> None:
    """Change the settings that are given. Raises ValueError."""
    settings = emulator.settings
    settings.dialect = DialectName(found.get("dialect", settings.dialect))
    settings.rate_limit = bool(found.get("rate_limit", settings.rate_limit))
    if "stop_outcome" in found:
        emulator.stop_with(found["stop_outcome"])
    if "account_active" in found:
        emulator.set_account(active=bool(found["account_active"]))
    if "max_recordings" in found:
        emulator.limit_recordings(int(found["max_recordings"]))
    if "refused_buckets" in found:
        emulator.refuse_buckets(*found["refused_buckets"])


def _add_project(emulator: EmulatorState, found: dict[str, Any]) -> None:
    project = emulator.world.create_project(
        str(found["name"]),
        enable_certificate=bool(found.get("certificate_enabled", False)),
        app_id=found.get("app_id"),
        project_id=found.get("id"),
    )
    project.enabled = bool(found.get("enabled", True))
    project.recording_server = found.get("recording_server")
    project.certificate = found.get("certificate") or project.certificate
    if "created" in found:
        project.created = _instant(found["created"])


def _add_channel(emulator: EmulatorState, found: dict[str, Any]) -> None:
    for user in found.get("users", ()):
        _check_members("users", user)
        emulator.world.channels.join(
            found["app_id"],
            str(found["channel"]),
            int(user["uid"]),
            _instant(user["joined"]) if "joined" in user else emulator.clock.now(),
            ip=user.get("ip"),
            role=_maybe(Role, user.get("role")),
            mode=_maybe(Mode, found.get("mode")),
            platform=Platform(user.get("platform", Platform.OTHER)),
        )
        if "publishes" in user:
            media = frozenset(Medium(each) for each in user["publishes"])
            emulator.world.channels.publish(found["app_id"], str(found["channel"]), int(user["uid"]), media)


def _add_rule(emulator: EmulatorState, found: dict[str, Any]) -> None:
    since, until = _instant(found["since"]), _instant(found["until"])
    target = Target(found.get("channel"), found.get("uid"), found.get("ip"))
    opid = emulator.ids.operation_id()
    privileges = frozenset(Privilege(each) for each in found.get("privileges", JOIN_ONLY))
    rule = Rule(int(found["id"]), found["app_id"], target, opid, until, since, since, privileges)
    emulator.world.restore_rule(rule)
    emulator.ids.skip_rules(rule.id)


def _add_resource(emulator: EmulatorState, found: dict[str, Any], recording: Recording | None = None) -> None:
    acquired = found["acquired"] if recording is None else found.get("acquired", recording.started_at)
    resource = Resource(
        str(found["resource_id"]),
        _identity(found),
        _instant(acquired),
        recording,
        valid_for=_maybe(float, found.get("valid_for")),
        start_digest=_maybe(bytes.fromhex, found.get("start_digest")),
        reservation=_maybe(saved_recordings.load_reservation, found.get("reservation")) or UNRESERVED,
    )
    emulator.world.recordings.restore(resource)


def _add_recording(emulator: EmulatorState, found: dict[str, Any]) -> None:
    current = found.get("current")
    create = Recording if current is None else partial(saved_recordings.load, current)
    recording = create(
        sid=str(found["sid"]),
        resource_id=str(found["resource_id"]),
        identity=_identity(found),
        started_at=_instant(found["started"]),
        max_idle_time=float(found.get("max_idle_time", 30)),
        idle_since=_maybe(_instant, found.get("idle_since")),
        needs_users=bool(found.get("needs_users", False)),
        first_stream_at=_maybe(_instant, found.get("first_stream")),
        file_types=tuple(found.get("file_types", FILE_TYPES)),
        refused_at=_maybe(_instant, found.get("refused")),
        ended_at=_maybe(_instant, found.get("ended")),
        ending=_maybe(Ending, found.get("ending")),
        uploading_status=UploadingStatus(found.get("uploading_status", UploadingStatus.UNKNOWN)),
    )
    _add_resource(emulator, found, recording)


def add_usage(emulator: EmulatorState, found: dict[str, Any]) -> None:
    """Set the usage of a project on a day, in the format of control."""
    day, project_id = date.fromisoformat(found["date"]), str(found["project_id"])
    if "minutes" in found:
        emulator.seed_minutes(project_id, day, Minutes(**found["minutes"]))
    if "metrics" in found:
        meta = {name: Metric(**described) for name, described in found.get("meta", {}).items()}
        emulator.seed_metrics(project_id, day, found["metrics"], business=found.get("business", "default"), meta=meta)


def _add_fault(emulator: EmulatorState, found: dict[str, Any]) -> None:
    known = Fault.__dataclass_fields__.keys()
    emulator.inject(Fault(**{name: value for name, value in found.items() if name in known}))


def _add_page(emulator: EmulatorState, found: dict[str, Any]) -> None:
    emulator.world.pages[str(found["url"])] = PageFate(found["fate"])


_SINGLE: dict[str, Callable[[EmulatorState, dict[str, Any]], None]] = {"clock": _set_clock, "settings": change_settings}

_LISTED: dict[str, Callable[[EmulatorState, dict[str, Any]], None]] = {
    "projects": _add_project,
    "kicking_rules": _add_rule,
    "channels": _add_channel,
    "resources": _add_resource,
    "recordings": _add_recording,
    "usage": add_usage,
    "faults": _add_fault,
    "pages": _add_page,
}


_MEMBERS: dict[str, frozenset[str]] = {
    "": frozenset({"clock", "settings", "generation", "quotas", "totals", *_LISTED}),
    "clock": frozenset({"now", "unix", "frozen"}),
    "settings": frozenset(
        {"dialect", "rate_limit", "stop_outcome", "account_active", "max_recordings", "refused_buckets"}
    ),
    "projects": frozenset(
        {"id", "name", "app_id", "enabled", "certificate_enabled", "certificate", "recording_server", "created"}
    ),
    "channels": frozenset({"app_id", "channel", "mode", "users", "user_count"}),
    "users": frozenset({"uid", "role", "ip", "joined", "platform", "publishes", "muted"}),
    "kicking_rules": frozenset({"id", "app_id", "channel", "uid", "ip", "since", "until", "privileges"}),
    "usage": frozenset({"date", "project_id", "minutes", "metrics", "meta", "business"}),
    "faults": frozenset({*Fault.__dataclass_fields__, "id", "struck", "until"}),
    "pages": frozenset({"url", "fate"}),
}
"""The members by kind, those for readers included. Resources and recordings are not written by hand, nor checked."""


def _identity(found: dict[str, Any]) -> Identity:
    return Identity(found["app_id"], str(found["channel"]), int(found["uid"]))


def _instant(value: Any) -> float:
    """Parse a time in ISO 8601 or in seconds since 1970."""
    if isinstance(value, str):
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return moment.timestamp()
    return float(value)


def _maybe(read: Callable[[Any], T], value: Any) -> T | None:
    return None if value is None else read(value)
