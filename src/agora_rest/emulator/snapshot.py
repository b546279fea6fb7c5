"""The whole state as JSON without secrets, for tests and for the page."""

from __future__ import annotations

from dataclasses import asdict
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from agora_rest.emulator.channels import Channel, User
from agora_rest.emulator.clock import Instant, iso
from agora_rest.emulator.current_recordings import CurrentRecording
from agora_rest.emulator.faults import ActiveFault
from agora_rest.emulator.projects import Project
from agora_rest.emulator.recordings import RESOURCE_LIFETIME, Recording, Resource
from agora_rest.emulator.rules import Rule
from agora_rest.emulator.shown_recordings import shown
from agora_rest.emulator.subscriptions import Medium

if TYPE_CHECKING:
    from agora_rest.emulator.state import EmulatorState


_STARTED_AT: Final = attrgetter("started_at")

SHOWN: Final = 60
"""The maximum number of objects of a kind on the page."""


def state(emulator: EmulatorState) -> dict[str, Any]:
    """The current state. Forgotten recordings are only counted."""
    emulator.world.settle()
    world, now = emulator.world, emulator.clock.now()
    resources = list(world.recordings.resources())
    recordings = [resource.recording for resource in resources if resource.recording is not None]
    return {
        "clock": clock(emulator, now),
        "settings": settings(emulator),
        "projects": [project(found) for found in world.projects.all()],
        "channels": [_channel(emulator, found) for found in world.channels.all()],
        "resources": [_resource(found) for found in resources if _is_waiting(found, now)],
        "recordings": [recording(found, now) for found in recordings if found.is_shown(now)],
        "kicking_rules": [_rule(found) for found in world.rules.all(now)],
        "faults": [fault(found) for found in emulator.faults.all(now)],
        "pages": pages(emulator),
        "quotas": [limit._asdict() | {"used": world.quotas.used(limit, now)} for limit in emulator.limits],
        "totals": _totals(emulator, len(recordings), sum(each.is_running(now) for each in recordings), len(resources)),
    }


def view(emulator: EmulatorState) -> dict[str, Any]:
    """The current state for the page: at most `SHOWN` objects of each kind, and their total number."""
    emulator.world.settle()
    world, now = emulator.world, emulator.clock.now()
    resources = list(world.recordings.resources())
    recordings = [resource.recording for resource in resources if resource.recording is not None]
    running = [found for found in recordings if found.is_running(now)]
    ended = [found for found in recordings if found.ended_at is not None and found.is_shown(now)]
    latest = [found for each in (ended, running) for found in sorted(each, key=_STARTED_AT)]
    waiting = [found for found in resources if _is_waiting(found, now)]
    channels, projects, rules = world.channels.all(), world.projects.all(), world.rules.all(now)
    return {
        "settings": settings(emulator),
        "projects": [project(found) for found in projects[-SHOWN:]],
        "channels": [_channel(emulator, found, SHOWN) | {"user_count": len(found.users)} for found in channels[:SHOWN]],
        "resources": [_resource(found) for found in waiting[-SHOWN:]],
        "recordings": [recording(found, now) for found in latest[-SHOWN:]],
        "kicking_rules": [_rule(found) for found in rules[-SHOWN:]],
        "faults": [fault(found) for found in emulator.faults.all(now)[-SHOWN:]],
        "pages": pages(emulator)[-SHOWN:],
        "quotas": [limit._asdict() | {"used": world.quotas.used(limit, now)} for limit in emulator.limits],
        "totals": _totals(emulator, len(recordings), len(running), len(resources))
        | {
            "projects": len(projects),
            "channels": len(channels),
            "kicking_rules": len(rules),
            "remembered": len(latest),
            "waiting": len(waiting),
        },
    }


def _totals(emulator: EmulatorState, recordings: int, running: int, resources: int) -> dict[str, int]:
    known = emulator.world.recordings
    return {
        "requests": emulator.request_log.total,
        "resources": resources + known.resources_forgotten,
        "recordings": recordings + known.recordings_forgotten,
        "running": running,
    }


def clock(emulator: EmulatorState, now: Instant) -> dict[str, Any]:
    """The time, formatted and as a number, and whether the clock is stopped."""
    return {"now": iso(now), "unix": now, "frozen": emulator.clock.frozen}


def settings(emulator: EmulatorState) -> dict[str, Any]:
    """The settings."""
    recordings = emulator.world.recordings
    return asdict(emulator.settings) | {
        "stop_outcome": recordings.stop_outcome,
        "account_active": recordings.account_active,
        "max_recordings": recordings.max_recordings,
        "refused_buckets": sorted(recordings.refused_buckets),
    }


def pages(emulator: EmulatorState) -> list[dict[str, Any]]:
    """The URLs that do not open as usual."""
    return [{"url": url, "fate": fate} for url, fate in emulator.world.pages.items()]


def project(found: Project) -> dict[str, Any]:
    """A project without its certificate."""
    return {
        "id": found.id,
        "name": found.name,
        "app_id": found.app_id,
        "enabled": found.enabled,
        "certificate_enabled": found.certificate_enabled,
        "recording_server": found.recording_server,
        "created": iso(found.created),
    }


def fault(found: ActiveFault) -> dict[str, Any]:
    """An injected fault and its strikes."""
    return {
        "id": found.id,
        **asdict(found.fault),
        "struck": found.struck,
        "until": None if found.until is None else iso(found.until),
    }


def _channel(emulator: EmulatorState, found: Channel, users: int | None = None) -> dict[str, Any]:
    streams = emulator.world.streams(found)
    return {
        "app_id": found.app_id,
        "channel": found.name,
        "mode": found.mode,
        "users": [_user(user, streams[user.uid]) for user in islice(found.users.values(), users)],
    }


def user(emulator: EmulatorState, app_id: str, channel: str, uid: int) -> dict[str, Any]:
    """One user of a channel."""
    found = emulator.world.channels.with_user(app_id, channel, uid)
    return _user(found.users[uid], emulator.world.streams(found)[uid])


def _user(found: User, allowed: frozenset[Medium]) -> dict[str, Any]:
    return {
        "uid": found.uid,
        "role": found.role,
        "ip": found.ip,
        "joined": iso(found.joined),
        "platform": found.platform,
        "publishes": sorted(found.publishes),
        "muted": sorted(found.publishes - allowed),
    }


def _is_waiting(found: Resource, now: Instant) -> bool:
    return found.recording is None and now - found.acquired_at <= RESOURCE_LIFETIME


def _resource(found: Resource) -> dict[str, Any]:
    return {
        "resource_id": found.id,
        "app_id": found.owner.app_id,
        "channel": found.owner.cname,
        "uid": found.owner.uid,
        "acquired": iso(found.acquired_at),
        "expires": iso(found.acquired_at + RESOURCE_LIFETIME),
        "scene": found.reservation.scene,
        "region": found.reservation.region,
    }


def recording(found: Recording, now: Instant) -> dict[str, Any]:
    """A recording."""
    return (shown(found, now) if isinstance(found, CurrentRecording) else {}) | {
        "sid": found.sid,
        "resource_id": found.resource_id,
        "app_id": found.identity.app_id,
        "channel": found.identity.cname,
        "uid": found.identity.uid,
        "status": found.status(now),
        "running": found.is_running(now),
        "course": [{"status": step.status, "since": iso(step.since)} for step in found.course(now)],
        "started": iso(found.started_at),
        "max_idle_time": found.max_idle_time,
        "idle_since": None if found.idle_since is None else iso(found.idle_since),
        "ended": None if found.ended_at is None else iso(found.ended_at),
        "ending": found.ending,
        "files": found.files(now),
    }


def _rule(found: Rule) -> dict[str, Any]:
    return {
        "id": found.id,
        "app_id": found.app_id,
        "channel": found.target.cname,
        "uid": found.target.uid,
        "ip": found.target.ip,
        "since": iso(found.updated),
        "until": iso(found.until),
        "privileges": sorted(found.privileges),
    }
