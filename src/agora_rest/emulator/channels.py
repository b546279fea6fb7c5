"""Channels and their users (CO-50 … CO-55). A channel exists as long as it has users.

Recorders are neither listed nor counted: in the documents a channel with only its recorder has no users (CR-28), so a
recorder is not a user.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Final

from agora_rest.emulator.clock import Instant
from agora_rest.emulator.refusals import Conflict, NotInChannel
from agora_rest.emulator.subscriptions import BOTH, Medium, Streams

AUDIENCE_LISTED: Final = 10_000
"""The maximum number of listed users of the audience; all are counted (CO-52)."""


class Mode(IntEnum):
    """The mode of a channel (CO-51, CO-52)."""

    COMMUNICATION = 1
    LIVE = 2


class Role(IntEnum):
    """The role of a user in a channel (CO-50)."""

    UNKNOWN = 0
    COMMUNICATION = 1
    HOST = 2
    AUDIENCE = 3


class Platform(IntEnum):
    """The platform of a user's device (CO-88)."""

    OTHER = 0
    ANDROID = 1
    IOS = 2
    WINDOWS = 5
    LINUX = 6
    WEB = 7
    MACOS = 8


_MODE_OF: Final = {Role.COMMUNICATION: Mode.COMMUNICATION, Role.HOST: Mode.LIVE, Role.AUDIENCE: Mode.LIVE}
_DEFAULT_ROLE: Final = {Mode.COMMUNICATION: Role.COMMUNICATION, Mode.LIVE: Role.HOST}


@dataclass(frozen=True)
class User:
    """A user in a channel."""

    uid: int
    role: Role
    joined: Instant
    ip: str | None = None
    publishes: frozenset[Medium] = BOTH
    """The media that this user publishes, unless a rule forbids it. The audience of a live channel publishes none."""
    platform: Platform = Platform.OTHER


@dataclass
class Channel:
    """A channel with at least one user, in the order they joined."""

    app_id: str
    name: str
    mode: Mode
    users: dict[int, User] = field(default_factory=dict)

    def streams(self) -> Streams:
        """The media that each user publishes and no rule forbids."""
        return {user.uid: user.publishes for user in self.users.values()}

    @property
    def has_hosts(self) -> bool:
        """Whether any user is a host."""
        return any(user.role is Role.HOST for user in self.users.values())

    def with_role(self, role: Role) -> list[int]:
        """The uids of the users with this role."""
        return [user.uid for user in self.users.values() if user.role is role]


@dataclass(frozen=True)
class ChannelPage:
    """A part of an App ID's channels, and their total number (CO-55)."""

    channels: list[Channel]
    total: int


class Channels:
    """All channels, by App ID and name."""

    def __init__(self) -> None:
        self._by_app: dict[str, dict[str, Channel]] = {}
        self._by_name: dict[str, list[Channel]] = {}
        """The channels of an App ID in the order of their names, until one begins or ends."""

    def find(self, app_id: str, name: str) -> Channel | None:
        """The channel, or None if it has no users (CO-53)."""
        return self._by_app.get(app_id, {}).get(name)

    def with_user(self, app_id: str, name: str, uid: int) -> Channel:
        """The channel, which has this user. Raises NotInChannel."""
        channel = self.find(app_id, name)
        if channel is None or uid not in channel.users:
            raise NotInChannel(f"user {uid} is not in the channel")
        return channel

    def all(self) -> list[Channel]:
        """All channels, grouped by App ID."""
        return [channel for app_id in self._by_app for channel in self.of(app_id)]

    def of(self, app_id: str) -> list[Channel]:
        """All channels of an App ID, by name: a list that is never changed, but replaced."""
        here = self._by_app.get(app_id, {})
        ordered = self._by_name.get(app_id)
        if ordered is None or len(ordered) != len(here):
            ordered = self._by_name[app_id] = [here[name] for name in sorted(here)]
        return ordered

    def selected(self, app_id: str, name: str | None) -> list[Channel]:
        """The channel with this name, if it has users; for None, all channels of the App ID."""
        if name is None:
            return self.of(app_id)
        channel = self.find(app_id, name)
        return [] if channel is None else [channel]

    def page(self, app_id: str, number: int, size: int) -> ChannelPage:
        """Page `number`, counted from 0, of the channels by name (CO-54). Past the end it is empty."""
        channels = self.of(app_id)
        return ChannelPage(channels[number * size : (number + 1) * size], len(channels))

    def join(
        self,
        app_id: str,
        name: str,
        uid: int,
        now: Instant,
        *,
        ip: str | None = None,
        role: Role | None = None,
        mode: Mode | None = None,
        platform: Platform = Platform.OTHER,
    ) -> User:
        """Put a user into a channel, which is created with its first user. A user who is already there rejoins.

        Raises Conflict if `mode` differs from the channel's, or `role` does not exist in that mode.
        """
        channel = self.find(app_id, name)
        mode = _agreed_mode(channel, role, mode)
        role = _DEFAULT_ROLE[mode] if role is None else role
        user = User(uid, role, now, ip, frozenset() if role is Role.AUDIENCE else BOTH, platform)
        if channel is None:
            channel = self._by_app.setdefault(app_id, {})[name] = Channel(app_id, name, mode)
            self._by_name.pop(app_id, None)
        channel.users[uid] = user
        return user

    def publish(self, app_id: str, name: str, uid: int, media: frozenset[Medium]) -> User:
        """Let a user publish exactly these media from now on. Raises NotInChannel, and Conflict for the audience."""
        channel = self.with_user(app_id, name, uid)
        if media and channel.users[uid].role is Role.AUDIENCE:
            raise Conflict("the audience of a live channel publishes nothing")
        user = channel.users[uid] = replace(channel.users[uid], publishes=media)
        return user

    def leave(self, app_id: str, name: str, uid: int) -> None:
        """Take a user out; the channel ends with its last one. Raises NotInChannel."""
        channel = self.with_user(app_id, name, uid)
        del channel.users[uid]
        if not channel.users:
            del self._by_app[app_id][name]
            self._by_name.pop(app_id, None)

    def forget(self, app_id: str) -> None:
        """End every channel of an App ID."""
        self._by_app.pop(app_id, None)
        self._by_name.pop(app_id, None)


def _agreed_mode(channel: Channel | None, role: Role | None, mode: Mode | None) -> Mode:
    """The mode that is consistent with the channel, the role and the requested mode."""
    wishes = [mode, None if role is None else _MODE_OF.get(role), None if channel is None else channel.mode]
    agreed = {wish for wish in wishes if wish is not None}
    if len(agreed) > 1:
        raise Conflict("mode, role: they contradict each other or the mode of the channel")
    return agreed.pop() if agreed else Mode.COMMUNICATION
