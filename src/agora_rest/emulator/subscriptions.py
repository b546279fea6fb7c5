"""Subscriptions: whose audio and video a recording records (CR-109 … CR-114)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

MOST_USERS: Final = 17
"""The maximum number of users recorded at a time; others follow when one of them leaves."""

GROUP_SIZES: Final = (2, 7, 12, 17, 32, 49)
"""The maximum number of users recorded at a time in mode `individual`, by `subscribeUidGroup` (CR-114)."""


class Medium(StrEnum):
    """A kind of stream."""

    AUDIO = "audio"
    VIDEO = "video"


BOTH: Final = frozenset(Medium)

Published = frozenset[Medium]
"""The media that one user publishes."""

Streams = Mapping[int, frozenset[Medium]]
"""The media that each user of a channel publishes, in the order in which they joined."""


class Track(NamedTuple):
    """One stream of one user."""

    uid: int
    medium: Medium


@dataclass(frozen=True)
class UidList:
    """The users of one medium: those that are listed, or all but those."""

    uids: frozenset[int] = frozenset()
    all_but: bool = False

    def includes(self, uid: int) -> bool:
        """Whether this user is recorded."""
        return (uid in self.uids) is not self.all_but


EVERYBODY: Final = UidList(all_but=True)
NOBODY: Final = UidList()


@dataclass(frozen=True)
class Subscription:
    """The users that a recording subscribes to, by medium."""

    audio: UidList = EVERYBODY
    video: UidList = EVERYBODY
    most_users: int = MOST_USERS

    @classmethod
    def of(
        cls, stream_types: frozenset[Medium], audio: UidList | None, video: UidList | None, most_users: int = MOST_USERS
    ) -> Subscription:
        """The subscription of these media (CR-112). With a list for one only, the other is not recorded (CR-113)."""
        default = EVERYBODY if audio is None and video is None else NOBODY
        return cls(
            (audio or default) if Medium.AUDIO in stream_types else NOBODY,
            (video or default) if Medium.VIDEO in stream_types else NOBODY,
            most_users,
        )

    @property
    def media(self) -> frozenset[Medium]:
        """The media of which it may record anything."""
        lists = {Medium.AUDIO: self.audio, Medium.VIDEO: self.video}
        return frozenset(medium for medium, users in lists.items() if users != NOBODY)

    def tracks(self, streams: Streams) -> list[Track]:
        """The recorded streams: those of the first subscribed users who publish, in the order in which they joined."""
        found: list[Track] = []
        users = 0
        for uid, media in streams.items():
            if users == self.most_users:
                break
            wanted = [Track(uid, each) for each in Medium if each in media and self._list(each).includes(uid)]
            users += bool(wanted)
            found += wanted
        return found

    def _list(self, medium: Medium) -> UidList:
        return self.audio if medium is Medium.AUDIO else self.video
