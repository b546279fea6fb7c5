"""Kicking rules, which keep users out of channels for a time (CO-40 … CO-48)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from agora_rest.emulator.clock import Instant
from agora_rest.emulator.ids import Ids
from agora_rest.emulator.refusals import InvalidInput, NoSuchRule
from agora_rest.emulator.subscriptions import BOTH, Medium

DEFAULT_MINUTES: Final = 60
SHORTEST_MINUTES: Final = 1
LONGEST_MINUTES: Final = 1440

SHORTEST_SECONDS: Final = 10
LONGEST_SECONDS: Final = 86430
"""The bounds of `time_in_seconds`, which the documents of 2020 do not mention (CO-84)."""


class Privilege(StrEnum):
    """A privilege that a rule denies (CO-79)."""

    JOIN_CHANNEL = "join_channel"
    PUBLISH_AUDIO = "publish_audio"
    PUBLISH_VIDEO = "publish_video"


JOIN_ONLY: Final = frozenset({Privilege.JOIN_CHANNEL})

_PUBLISHING: Final = {Privilege.PUBLISH_AUDIO: Medium.AUDIO, Privilege.PUBLISH_VIDEO: Medium.VIDEO}


@dataclass(frozen=True)
class Target:
    """The selector of a rule (CO-44): all given values must match. `uid` alone matches in every channel, `cname` alone
    every user.
    """

    cname: str | None = None
    uid: int | None = None
    ip: str | None = None

    def __post_init__(self) -> None:
        if self.cname is None and self.uid is None and self.ip is None:
            raise InvalidInput("cname, uid, ip: at least one of them is needed")

    def fits(self, cname: str, uid: int, ip: str | None) -> bool:
        """Whether it matches this user in this channel. Pass None for a recorder's IP, which is unknown."""
        return self.cname in (None, cname) and self.uid in (None, uid) and self.ip in (None, ip)


@dataclass
class Rule:
    """A ban in force until `until`, from joining or from publishing."""

    id: int
    app_id: str
    target: Target
    operation_id: int
    until: Instant
    created: Instant
    updated: Instant
    privileges: frozenset[Privilege] = JOIN_ONLY

    @property
    def bars(self) -> bool:
        """Whether matching users cannot join."""
        return Privilege.JOIN_CHANNEL in self.privileges

    @property
    def mutes(self) -> frozenset[Medium]:
        """The media that matching users cannot publish."""
        return frozenset(medium for privilege, medium in _PUBLISHING.items() if privilege in self.privileges)

    def in_force(self, now: Instant) -> bool:
        """Whether it is still in force."""
        return now < self.until


def ban_minutes(time: float | None) -> float:
    """The actual duration of a ban of `time` minutes: 0 means none, other values are limited to 1 … 1440 (CO-42)."""
    if time is None:
        return DEFAULT_MINUTES
    return 0 if time == 0 else min(max(time, SHORTEST_MINUTES), LONGEST_MINUTES)


def ban_seconds(seconds: float) -> float:
    """The actual duration of a ban in seconds: 0 means none, other values are limited to 10 … 86430 (observed)."""
    return 0 if seconds == 0 else min(max(seconds, SHORTEST_SECONDS), LONGEST_SECONDS)


class Rules:
    """The rules in force, of all App IDs. Expired rules are removed."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._rules: dict[int, Rule] = {}

    def create(
        self,
        app_id: str,
        target: Target,
        minutes: float,
        now: Instant,
        *,
        privileges: frozenset[Privilege] = JOIN_ONLY,
    ) -> Rule:
        """Create a rule for `minutes`; with 0 it has an ID but ends immediately (CO-42)."""
        rule = Rule(
            self._ids.rule_id(),
            app_id,
            target,
            self._ids.operation_id(),
            now + minutes * 60,
            created=now,
            updated=now,
            privileges=privileges,
        )
        if rule.in_force(now):
            self._rules[rule.id] = rule
        return rule

    def restore(self, rule: Rule) -> None:
        """Add an existing rule."""
        self._rules[rule.id] = rule

    def all(self, now: Instant) -> list[Rule]:
        """The rules that are in force, oldest first."""
        if any(not rule.in_force(now) for rule in self._rules.values()):
            self._rules = {rule.id: rule for rule in self._rules.values() if rule.in_force(now)}
        return list(self._rules.values())

    def of(self, app_id: str, now: Instant) -> list[Rule]:
        """The rules of an App ID that are in force, oldest first (CO-45)."""
        return [rule for rule in self.all(now) if rule.app_id == app_id]

    def get(self, app_id: str, rule_id: int, now: Instant) -> Rule:
        """One rule in force. Raises NoSuchRule, also for another App ID's rule."""
        rule = self._rules.get(rule_id)
        if rule is None or rule.app_id != app_id or not rule.in_force(now):
            raise NoSuchRule
        return rule

    def update(self, app_id: str, rule_id: int, minutes: float, now: Instant) -> Rule:
        """Set a rule to end `minutes` from now (CO-46); 0 ends it (CO-42)."""
        rule = self.get(app_id, rule_id, now)
        rule.until, rule.updated = now + minutes * 60, now
        return rule

    def delete(self, app_id: str, rule_id: int, now: Instant) -> Rule:
        """Lift a ban (CO-47)."""
        return self._rules.pop(self.get(app_id, rule_id, now).id)

    def deny_join(self, app_id: str, cname: str, uid: int, ip: str | None, now: Instant) -> bool:
        """Whether a rule keeps this user out of this channel (CO-48)."""
        return any(rule.bars and rule.target.fits(cname, uid, ip) for rule in self.of(app_id, now))

    def allowed_media(self, app_id: str, cname: str, uid: int, ip: str | None, now: Instant) -> frozenset[Medium]:
        """The media that this user may publish in this channel (CO-79)."""
        fitting = [rule for rule in self.of(app_id, now) if rule.target.fits(cname, uid, ip)]
        return BOTH.difference(*(rule.mutes for rule in fitting))

    def forget(self, app_id: str) -> None:
        """Drop every rule of an App ID."""
        self._rules = {rule.id: rule for rule in self._rules.values() if rule.app_id != app_id}
