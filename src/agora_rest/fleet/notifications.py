"""Agora's notifications about recordings, and their effect on the journal.

The events are not part of the two APIs: Agora describes them with its
notification service (product 3, Cloud Recording). Few of them are needed here. A missed one does no harm: what
it would have reported is found by a query, or a recording without a known sid is put offline at its end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any, Final

from sqlalchemy import Connection, select

from agora_rest.fleet import rows
from agora_rest.fleet.states import LIVE, State
from agora_rest.fleet.tables import recordings

CLOUD_RECORDING: Final = 3
"""The product of the events."""
SKEW: Final = 5.0
"""Seconds by which Agora's clock may be behind the journal's. An event from before a recording concerns another one."""


class Event(IntEnum):
    """The types of events that are used here; of others only the number is read."""

    ERROR = 1
    """Of level 5 (fatal), the recording has probably ended."""
    SESSION_EXIT = 11
    UPLOADED = 31
    BACKED_UP = 32
    RECORDER_STARTED = 40
    RECORDER_LEFT = 41
    FIRST_SLICE = 42
    AUDIO_STREAM = 43
    VIDEO_STREAM = 44
    WEB_RECORDER_STARTED = 70
    WEB_RECORDER_STOPPED = 71


_RECORDER_PRESENT: Final = {
    Event.RECORDER_STARTED,
    Event.FIRST_SLICE,
    Event.AUDIO_STREAM,
    Event.VIDEO_STREAM,
    Event.WEB_RECORDER_STARTED,
}
"""Sent by a recorder in its channel, which has only one user with that ID, or by the only recorder of a page's label
and user ID: so the sid is this recording's. Uploads continue after the end, when the next recording of the same channel
may have begun."""
_AT_END: Final = {
    Event.SESSION_EXIT,
    Event.RECORDER_LEFT,
    Event.UPLOADED,
    Event.BACKED_UP,
    Event.WEB_RECORDER_STOPPED,
}
_FATAL: Final = 5


class NotificationEffect(StrEnum):
    """The effect of a notification on the journal."""

    SID = "sid"
    """A recording without a known sid got its sid."""
    DUE = "due"
    """A recording that has ended is queried immediately."""
    NOTHING = "nothing"
    """It reported nothing new, or was about something else."""
    AMBIGUOUS = "ambiguous"
    """It could concern several recordings, so nothing was changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """One notification about a recording."""

    event: int
    """Its type: see `Event`, and Agora's list for others."""
    channel: str
    uid: str
    """The recorder's user ID."""
    sid: str
    at: float
    """When it happened, in seconds since 1970 on Agora's clock."""
    details: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """The further members of this type of event."""

    @property
    def is_recorder_present(self) -> bool:
        """Whether the recorder was in its channel."""
        return self.event in _RECORDER_PRESENT

    @property
    def is_ended(self) -> bool:
        """Whether the recording is over, or likely to be."""
        return self.event in _AT_END or (self.event == Event.ERROR and self.details.get("errorLevel") == _FATAL)

    @property
    def is_relevant(self) -> bool:
        """Whether a journal uses events of this type."""
        return self.is_recorder_present or self.is_ended


def apply_notification(
    connection: Connection, notification: Notification, app_id: str | None, now: float
) -> NotificationEffect:
    """See `Journal.note_webhook`."""
    column = recordings.c
    here = column.channel == notification.channel
    if app_id is not None:
        here &= column.app_id == app_id
    its = here & (column.sid == notification.sid)
    if connection.scalar(select(column.id).where(its).limit(1)) is not None:
        waiting = its & column.state.in_((State.STARTED, State.UPLOADING))
        return (
            NotificationEffect.DUE
            if notification.is_ended and rows.make_due(connection, waiting, now)
            else NotificationEffect.NOTHING
        )
    if not notification.is_recorder_present:
        return NotificationEffect.NOTHING
    unnamed = (
        here & (column.uid == notification.uid) & column.sid.is_(None) & column.maybe_started & column.state.in_(LIVE)
    )
    meant = list(
        connection.scalars(select(column.id).where(unnamed, column.acquired_at <= notification.at + SKEW).limit(2))
    )
    if len(meant) != 1:
        return NotificationEffect.AMBIGUOUS if meant else NotificationEffect.NOTHING
    return (
        NotificationEffect.SID
        if rows.note_sid(connection, column.id == meant[0], notification.sid, now)
        else NotificationEffect.NOTHING
    )
