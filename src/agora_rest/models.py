"""What calls give back: small frozen values, the same whatever dialect the server speaks.

`extra` of each holds the members of the answer that the documents do not name, as they came. It is shown by no `repr`
and does not count when two values are compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from .enums import ChannelMode, ProjectStatus, RecordingStatus, Role, UploadingStatus

Extra = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """What `acquire` gives: good for five minutes (CR-11) and for one recording (CR-12) of this channel by this uid."""

    resource_id: str
    channel: str
    uid: str
    """The recorder's user ID, as the string the API wants (CR-14)."""
    extra: Extra = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StartedRecording:
    """The four values that name a recording. Keep them: a lost `sid` cannot be looked up."""

    resource_id: str
    sid: str
    """The recording's ID (CR-36)."""
    channel: str
    uid: str
    extra: Extra = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedFile:
    """One file of a recording."""

    name: str
    """Its name in the bucket; empty where the server does not say."""
    extra: Extra = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingState:
    """What `query` tells (CR-41, CR-42)."""

    status: RecordingStatus
    files: tuple[RecordedFile, ...]
    """The index of the recording (M3U8), or file by file where the server lists them; empty while there is none."""
    extra: Extra = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppedRecording:
    """What `stop` tells (CR-51)."""

    uploading_status: UploadingStatus
    files: tuple[RecordedFile, ...]
    """As in `RecordingState`."""
    extra: Extra = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A project of the account (CO-11)."""

    id: str
    name: str
    app_id: str
    """What channels, recordings and rules of the project are addressed by (`vendor_key`)."""
    sign_key: str = field(repr=False)
    """The primary App certificate, a secret; empty while it is not enabled."""
    recording_server: str | None
    """`ip:port` for On-premise Recording up to 1.9.0; nothing else uses it."""
    status: ProjectStatus
    created: datetime
    """In UTC, whichever unit the server counts in (CO-12)."""
    extra: Extra = field(default_factory=dict, repr=False, compare=False)

    @property
    def enabled(self) -> bool:
        """Whether the project is in use."""
        return self.status == ProjectStatus.ENABLED


@dataclass(frozen=True, slots=True)
class DayMinutes:
    """What a project used on one day, in minutes (CO-32)."""

    date: date
    audio: float
    sd: float
    hd: float
    hdp: float
    extra: Extra = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class ProjectMinutes:
    """What one project used, day by day (CO-32)."""

    project: str
    """The project's ID."""
    daily: tuple[DayMinutes, ...]
    extra: Extra = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Metric:
    """What a number of `DayMetrics` means (CO-35)."""

    cn: str | None
    """Its name in Chinese; None where the server does not say."""
    en: str
    """Its name in English."""
    unit: str
    """What it is counted in, e.g. `second`."""
    extra: Extra = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class DayMetrics:
    """The numbers of one day."""

    date: datetime
    """The day's beginning, UTC."""
    usage: Mapping[str, float]
    """By the name of the metric; `UsageMetrics.meta` says what it is counted in."""
    extra: Extra = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class UsageMetrics:
    """The figures of one project and one business (CO-35)."""

    meta: Mapping[str, Metric]
    """Every metric that occurs, by its name. Which there are is open."""
    days: tuple[DayMetrics, ...]
    extra: Extra = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ban:
    """A kicking rule that was made or changed (CO-40, CO-46)."""

    id: int
    ends_at: datetime | None = None
    """Its end, UTC; None where the server does not say, which is the case when it is made."""
    extra: Extra = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class KickingRule:
    """A rule as the list shows it (CO-45). What a rule does not name is None."""

    id: int
    app_id: str
    channel: str | None
    uid: int | None
    ip: str | None
    ends_at: datetime
    """UTC."""
    created_at: datetime
    """UTC."""
    updated_at: datetime
    """UTC."""
    operation_id: int | None
    """`opid`, which Agora's support asks for."""
    extra: Extra = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class UserState:
    """Whether a user is in a channel, and as what (CO-50)."""

    in_channel: bool
    joined_at: datetime | None
    """UTC; None for a user who is not there."""
    role: Role | None
    """None for a user who is not there."""
    extra: Extra = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelUsers:
    """Who is in a channel (CO-51 … CO-53). A channel that is not there has nobody in it and no mode."""

    exists: bool
    mode: ChannelMode | None = None
    users: tuple[int | str, ...] = ()
    """Everybody, in communication mode."""
    total: int = 0
    """How many users, in communication mode."""
    broadcasters: tuple[int | str, ...] = ()
    """The hosts, in live mode."""
    audience: tuple[int | str, ...] = ()
    """The first 10,000 of the audience, in live mode."""
    audience_total: int = 0
    """How large the audience is, in live mode."""
    extra: Extra = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel that is in use (CO-55)."""

    name: str
    user_count: int
    extra: Extra = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class ChannelPage:
    """One page of channels (CO-54, CO-55)."""

    channels: tuple[Channel, ...]
    total_size: int
    """How many channels there are in all, not on this page."""
    extra: Extra = field(default_factory=dict, repr=False, compare=False)
