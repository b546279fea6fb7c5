"""The results of calls: small frozen values, the same for every dialect of a server."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from msgspec import Struct, field

from agora_rest.client.enums import (
    OVER,
    RUNNING,
    ChannelMode,
    ExtensionState,
    Platform,
    Privilege,
    ProjectStatus,
    RecordingMode,
    RecordingStatus,
    Role,
    RtmpStatus,
    UploadingStatus,
)
from agora_rest.errors import AgoraError

Extra = Mapping[str, Any]

if TYPE_CHECKING:
    Mode = RecordingMode | str
else:
    Mode = RecordingMode  # for `msgspec.convert`, which cannot choose between two types of text


class Model(Struct, frozen=True, kw_only=True, eq=False, gc=False):
    """Base class of results. They are equal by value and can be pickled.

    `msgspec.to_builtins` makes a dict of one for JSON, and `msgspec.convert(row, StartedRecording)` reads it again.

    They are msgspec structs, because creating a frozen dataclass takes longer than parsing its JSON, which matters in
    lists of thousands. The garbage collector does not follow them, because they cannot be part of a cycle: their values
    are JSON. `msgspec.structs.replace` returns a changed copy.
    """

    _HIDDEN: ClassVar[frozenset[str]] = frozenset({"extra"})
    """Fields that `repr` does not show."""

    extra: Extra = field(default_factory=dict)
    """The undocumented members of the response, unchanged. They are excluded from `repr` and from comparison."""

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._compared() == other._compared()

    def __ne__(self, other: object) -> bool:
        return not self == other  # explicit, because Struct defines its own

    def __hash__(self) -> int:
        return hash(self._compared())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.__rich_repr__())})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """The fields shown by `repr` and by rich: msgspec's own version would show hidden fields."""
        return [(name, getattr(self, name)) for name in self.__struct_fields__ if name not in self._HIDDEN]

    def _compared(self) -> tuple[Any, ...]:
        return tuple([getattr(self, name) for name in self.__struct_fields__ if name != "extra"])


class Resource(Model, frozen=True, kw_only=True):
    """A resource ID, valid for five minutes (CR-11) and for one recording (CR-12) of this channel by this uid."""

    resource_id: str
    channel: str
    """The channel; for the recording of a web page its label."""
    uid: str
    """The recorder's user ID, as the string that the API requires (CR-14)."""
    mode: Mode | None = None
    """The mode that it was acquired for; None if unknown. A resource for a web page serves no other mode (CR-83)."""

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """The fields as a program can take them back."""
        shown = [(name, value) for name, value in Model.__rich_repr__(self) if name != "mode"]
        return [*shown, ("mode", str(self.mode))] if self.mode == RecordingMode.WEB else shown

    def _compared(self) -> tuple[Any, ...]:
        # One that was stored without a mode equals one of a channel.
        return (self.resource_id, self.channel, self.uid, self.mode or RecordingMode.MIX)


class StartedRecording(Model, frozen=True, kw_only=True):
    """The five values that identify a recording. Keep them: a lost `sid` cannot be looked up."""

    resource_id: str
    sid: str
    """The recording's ID (CR-36)."""
    channel: str
    """The channel; for the recording of a web page its label."""
    uid: str
    mode: Mode = RecordingMode.MIX
    """How it was started; all later calls name it (CR-80). A text such as `"web"` does as well."""

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """The fields as a program can take them back."""
        shown = [(name, value) for name, value in Model.__rich_repr__(self) if name != "mode"]
        return shown if self.mode == RecordingMode.MIX else [*shown, ("mode", str(self.mode))]


class RecordedFile(Model, frozen=True, kw_only=True):
    """One file of a recording. What the server omits is None."""

    name: str
    """Its name in the bucket; empty if the server omits it."""
    uid: str | None = None
    """The user whose file it is; `0` for all users together (CR-142)."""
    track_type: str | None = None
    """`audio`, `video` or `audio_and_video` (CR-142)."""
    is_playable: bool | None = None
    """Whether it can be played online (CR-142)."""
    started_at: datetime | None = None
    """When its recording began, in UTC, whichever unit the server uses (CR-142)."""


class WebState(Model, frozen=True, kw_only=True):
    """How far the recorder of a web page is (CR-139)."""

    state: ExtensionState | None
    """None if the server omits it."""
    onhold: bool | None
    """Whether the recording is paused; None if the server omits it."""


class RtmpState(Model, frozen=True, kw_only=True):
    """How the push of a web page to an address is doing (CR-140)."""

    _HIDDEN = frozenset({"extra", "url"})

    url: str
    """The address. Its last part is a key, so `repr` does not show it."""
    status: RtmpStatus | None
    """None if the server omits it."""


class RecordingState(Model, frozen=True, kw_only=True):
    """The result of `query` (CR-41, CR-42, CR-137)."""

    status: RecordingStatus
    files: tuple[RecordedFile, ...]
    """The index of the recording (M3U8), or all files if the server lists them; empty while there is none, and always
    for a recording of snapshots only (CR-143)."""
    started_at: datetime | None = None
    """When the recording of a channel began, in UTC; None if the server omits it (CR-142)."""
    web: WebState | None = None
    """Only in mode `web`."""
    rtmp: tuple[RtmpState, ...] = ()
    """An address that a web page is pushed to."""

    @property
    def is_running(self) -> bool:
        """Whether it has started well and is not over: the recorder is in the channel, or has the web page."""
        return not self.is_over and (
            self.status in RUNNING or (self.web is not None and self.web.state == ExtensionState.IN_PROGRESS)
        )

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.status in OVER or (self.web is not None and self.web.state == ExtensionState.EXIT)


class StoppedRecording(Model, frozen=True, kw_only=True):
    """The result of `stop` (CR-51, CR-153, CR-154)."""

    uploading_status: UploadingStatus
    files: tuple[RecordedFile, ...]
    """As in `RecordingState`."""


class Project(Model, frozen=True, kw_only=True):
    """A project of the account (CO-11)."""

    _HIDDEN = frozenset({"extra", "sign_key"})

    id: str
    name: str
    app_id: str
    """The App ID of the project's channels, recordings and rules (`vendor_key`)."""
    sign_key: str
    """The primary App certificate, a secret; empty while disabled."""
    recording_server: str | None
    """`ip:port` for On-premise Recording up to 1.9.0; not used otherwise."""
    status: ProjectStatus | None
    """None if the server omits it."""
    created: datetime | None
    """In UTC, whichever unit the server uses (CO-12); None if the server omits it."""

    @property
    def enabled(self) -> bool:
        """Whether the project is enabled."""
        return self.status == ProjectStatus.ENABLED


class DayMinutes(Model, frozen=True):
    """The usage of a project on one day, in minutes (CO-32)."""

    date: date
    audio: float
    sd: float
    hd: float
    hdp: float


class ProjectMinutes(Model, frozen=True):
    """The usage of a project by day (CO-32)."""

    project: str
    """The project's ID."""
    daily: tuple[DayMinutes, ...]


class Metric(Model, frozen=True):
    """The meaning of a number in `DayMetrics` (CO-35)."""

    cn: str | None
    """Its name in Chinese; None if the server omits it."""
    en: str
    """Its name in English; empty if the server omits it."""
    unit: str
    """The unit of its numbers, e.g. `second`; empty if the server omits it."""


class DayMetrics(Model, frozen=True):
    """The numbers of one day."""

    date: datetime
    """The start of the day, in UTC."""
    usage: Mapping[str, float]
    """Numbers by metric; `UsageMetrics.meta` has their units."""


class UsageMetrics(Model, frozen=True):
    """The metrics of one project and one business (CO-35)."""

    meta: Mapping[str, Metric]
    """Every metric by name. The set of metrics is open."""
    days: tuple[DayMetrics, ...]


class Ban(Model, frozen=True, kw_only=True):
    """A created or changed kicking rule (CO-40, CO-46), which bans or mutes; or users who were put offline once."""

    id: int | None
    """Its ID; None if no rule was created, because users were only put offline once (CO-85)."""
    ends_at: datetime | None = None
    """Its end, in UTC; None if the server omits it, as in the response to a creation."""

    @property
    def kicked_once(self) -> bool:
        """Whether users were put offline once and no rule was created. Then there is nothing to extend or to lift."""
        return self.id is None

    @property
    def rule_id(self) -> int:
        """The ID of the rule, for a ban or a mute of a duration. Raises AgoraError if no rule was created."""
        if self.id is None:
            raise AgoraError("No rule was created: the users were only put offline once.")
        return self.id


class KickingRule(Model, frozen=True, kw_only=True):
    """A rule as listed by the server (CO-45, CO-81). Absent selectors are None."""

    id: int
    app_id: str
    channel: str | None
    uid: int | str | None
    """A string if the rule selects a string user account."""
    ip: str | None
    ends_at: datetime | None
    """In UTC; None if the server omits it. The same holds for the next two."""
    created_at: datetime | None
    updated_at: datetime | None
    operation_id: int | None
    """`opid`, which Agora's support asks for."""
    privileges: tuple[Privilege, ...] = (Privilege.JOIN_CHANNEL,)
    """The denied privileges (CO-79). A rule that the server lists without privileges is a ban, as in 2019."""

    @property
    def bans(self) -> bool:
        """Whether the rule keeps users out of channels; other rules only mute."""
        return Privilege.JOIN_CHANNEL in self.privileges


class UserState(Model, frozen=True, kw_only=True):
    """Whether a user is in a channel, in which role and on which platform (CO-50, CO-88).

    Everything but `in_channel` is None for an absent user, or if the server omits it.
    """

    in_channel: bool
    joined_at: datetime | None = None
    """In UTC."""
    role: Role | None = None
    uid: int | str | None = None
    """Servers of 2019 omit it, and the platform."""
    platform: Platform | None = None


class ChannelUsers(Model, frozen=True, kw_only=True):
    """The users in a channel (CO-51 … CO-53). A channel that does not exist has no users and no mode."""

    exists: bool
    mode: ChannelMode | None = None
    users: tuple[int | str, ...] = ()
    """All users, in communication mode."""
    total: int = 0
    """The number of users, in communication mode."""
    broadcasters: tuple[int | str, ...] = ()
    """The hosts, in live mode."""
    audience: tuple[int | str, ...] = ()
    """The first 10,000 users of the audience, in live mode."""
    audience_total: int = 0
    """The size of the audience, in live mode."""


class ChannelHosts(Model, frozen=True, kw_only=True):
    """The hosts of a channel (CO-90). A channel that does not exist has no hosts and no mode."""

    exists: bool
    mode: ChannelMode | None = None
    hosts: tuple[int | str, ...] = ()
    """The hosts, in live mode."""
    users: tuple[int | str, ...] = ()
    """All users, in communication mode: there, every user may send."""
    total: int = 0
    """The number of users, in communication mode."""


class Channel(Model, frozen=True):
    """An active channel (CO-55)."""

    name: str
    user_count: int | None
    """None if the server omits it."""


class ChannelPage(Model, frozen=True):
    """One page of channels (CO-54, CO-55)."""

    channels: tuple[Channel, ...]
    total_size: int | None
    """The total number of channels, not that on this page; None if the server omits it."""
