"""Faults of quotas and of a recording's times: a second more or less."""

from __future__ import annotations

from collections import deque
from typing import Any

from agora_rest.emulator import quotas, recordings, world
from agora_rest.emulator.recordings import Ending, Recording, Recordings, Resource
from faults.caller import APP, Request, acquire, get, limited
from faults.patches import Patch, also, called_with, marked, method, value
from faults.seeds import idempotency, identity, timing

_LIST = Request("GET", "/dev/v1/projects")


def _at_the_limit_already(original: Any, self: Any, now: Any) -> bool:
    if self.ended_at is None and self.idle_since is not None and now - self.idle_since >= self.max_idle_time:
        self.end(Ending.IDLE, now)
    return bool(original(self, now))


def _only_once(original: Any, self: Any, app_id: Any, cname: Any, now: Any) -> None:
    for recording in self.in_channel(app_id, cname, now):
        if not getattr(recording, "was_left", False):
            recording.idle_since, recording.was_left = now, True


def _in_any_channel(self: Any, app_id: Any) -> None:
    for recording in self.recordings.of(app_id, self.clock.now()):
        recording.idle_since = None


def _fresh_by_acquire(original: Any, self: Any, identity: Any, now: Any, **more: Any) -> Any:
    for resource in self.resources():
        if resource.owner == identity:
            resource.acquired_at = now
    return original(self, identity, now, **more)


def _void_by_acquire(original: Any, self: Any, identity: Any, now: Any, **more: Any) -> Any:
    for resource in self.resources():
        if resource.owner == identity and resource.recording is None:
            resource.acquired_at = now - 10_000
    return original(self, identity, now, **more)


def _seconds(factor: float) -> Patch:
    return called_with(quotas.Quotas, "used", limit=lambda limit: limit._replace(seconds=limit.seconds * factor))


def _expired_at_the_limit(original: Any, self: Any, now: Any) -> None:
    if self.recording is None and now - self.acquired_at >= recordings.RESOURCE_LIFETIME:
        self.acquired_at -= 1
    original(self, now)


def _none_for_the_console(original: Any, self: Any, limits: Any, now: Any) -> bool:
    if limits[-1].group != "console":
        return bool(original(self, limits, now))
    self._passed["console"] = deque()
    return True


FAULTS = {
    "resource-lives-299-seconds": timing(
        "CR-11",
        "a resource ID is good for 299 seconds",
        value(recordings, "RESOURCE_LIFETIME", 298.9),
        lambda a: [made := a.resource(), a.advance(299), a.start(made).status],
    ),
    "resource-lives-302-seconds": timing(
        "CR-11",
        "a resource ID is good for two seconds more than five minutes",
        value(recordings, "RESOURCE_LIFETIME", 302.0),
        lambda a: [made := a.resource(), a.advance(301), a.start(made).status],
    ),
    "idle-at-the-limit": timing(
        "CR-28",
        "a recording ends when nobody was there for exactly maxIdleTime, not for longer",
        method(Recording, "is_running", _at_the_limit_already),
        lambda a: [made := a.record(config={"maxIdleTime": 10}), a.advance(10), a.status(*made)],
    ),
    "idle-an-hour-at-most": timing(
        "CR-28",
        "a maxIdleTime of more than an hour is an hour",
        called_with(world.World, "start", max_idle_time=lambda max_idle_time: min(max_idle_time, 3600.0)),
        lambda a: [made := a.record(config={"maxIdleTime": 7200}), a.advance(3700), a.status(*made)],
    ),
    "idle-ten-seconds-at-least": timing(
        "CR-28",
        "a maxIdleTime below ten seconds is ten",
        called_with(world.World, "start", max_idle_time=lambda max_idle_time: max(max_idle_time, 10.0)),
        lambda a: [made := a.record(config={"maxIdleTime": 5}), a.advance(6), a.status(*made)],
    ),
    "idle-only-once": timing(
        "CR-28",
        "the second time that a channel empties, its recording does not idle out",
        method(Recordings, "on_users_left", _only_once),
        lambda a: [
            made := a.record(),
            a.join(1),
            a.control(a.emulator.leave, APP, "lesson", 1),
            a.join(1),
            a.control(a.emulator.leave, APP, "lesson", 1),
            a.advance(31),
            a.status(*made),
        ],
    ),
    "kept-busy-by-another-channel": identity(
        "CR-28",
        "users of any channel keep a recording from idling out",
        also(world.World, "join", _in_any_channel),
        lambda a: [made := a.record(), a.join(1, cname="other"), a.advance(31), a.status(*made)],
    ),
    "idle-when-anybody-leaves": timing(
        "CR-28",
        "a recording idles out although somebody stayed when another one left",
        also(
            world.World,
            "_take_out",
            lambda self, app_id, cname: self.recordings.on_users_left(app_id, cname, self.clock.now()),
        ),
        lambda a: [
            a.join(1, 2),
            made := a.record(),
            a.control(a.emulator.leave, APP, "lesson", 1),
            a.advance(31),
            a.status(*made),
        ],
    ),
    "idle-though-users-were-first": timing(
        "CR-28",
        "users who were there before the recording do not count",
        marked(Recordings, "start", idle_since=lambda now: now),
        lambda a: [a.join(1), made := a.record(), a.advance(31), a.status(*made)],
    ),
    "acquire-renews-all": timing(
        "CR-11",
        "acquiring again makes the earlier resource IDs of a recorder last longer",
        method(Recordings, "acquire", _fresh_by_acquire),
        lambda a: [made := a.resource(), a.advance(250), a.resource(), a.advance(100), a.start(made).status],
    ),
    "acquire-voids-the-first": idempotency(
        "CR-10 CR-11",
        "acquiring again voids the first resource ID",
        method(Recordings, "acquire", _void_by_acquire),
        lambda a: [made := a.resource(), a.resource(), a.start(made).status],
    ),
    "window-of-nine-tenths": timing(
        "CR-05 CO-03",
        "the ten calls are for 0.9 seconds",
        _seconds(0.9),
        lambda a: limited(a, (0, _LIST, 10), (0.95, _LIST, 1)),
    ),
    "window-of-eleven-tenths": timing(
        "CR-05 CO-03",
        "the ten calls are for 1.1 seconds",
        _seconds(1.1),
        lambda a: limited(a, (0, _LIST, 10), (1.05, _LIST, 1)),
    ),
    "one-quota-for-both-apis": timing(
        "CR-05 CO-03",
        "Cloud Recording and the Console share one quota",
        called_with(
            quotas.Quotas, "admit", limits=lambda limits: tuple(limit._replace(group="all") for limit in limits)
        ),
        lambda a: limited(a, (0, acquire(), 6), (0, _LIST, 6)),
    ),
    "expired-at-the-limit": timing(
        "CR-11",
        "a resource ID is expired at five minutes sharp, not after them",
        method(Resource, "check_startable", _expired_at_the_limit),
        lambda a: [made := a.resource(), a.advance(300), a.start(made).status],
    ),
    "resource-lives-half-a-second-more": timing(
        "CR-11",
        "a resource ID is good for 300.4 seconds",
        value(recordings, "RESOURCE_LIFETIME", 300.4),
        lambda a: [made := a.resource(), a.advance(300.2), a.start(made).status],
    ),
    "no-quota-at-the-console": timing(
        "CO-03",
        "the Console has no quota",
        method(quotas.Quotas, "admit", _none_for_the_console),
        lambda a: limited(a, (0, get("/v1/projects"), 11)),
    ),
}
