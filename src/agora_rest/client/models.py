"""What calls give back: small frozen values, the same whatever dialect the server speaks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar

from msgspec import Struct, field

from agora_rest.client.enums import ChannelMode, ProjectStatus, RecordingStatus, Role, UploadingStatus

Extra = Mapping[str, Any]


class Model(Struct, frozen=True, kw_only=True, eq=False):
    """What all of them have in common. They are equal by value, and can be pickled.

    They are structs of msgspec, for a frozen dataclass takes longer to make than its JSON takes to parse, which is felt
    in lists of thousands. `msgspec.structs.replace` makes a changed copy.
    """

    _HIDDEN: ClassVar[frozenset[str]] = frozenset({"extra"})
    """Fields that `repr` does not show."""

    extra: Extra = field(default_factory=dict)
    """The members of the answer that the documents do not name, as they came. They are shown by no `repr` and do not
    count when two values are compared."""

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._compared() == other._compared()

    def __ne__(self, other: object) -> bool:
        return not self == other  # written out, for Struct brings one of its own

    def __hash__(self) -> int:
        return hash(self._compared())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.__rich_repr__())})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """What `repr` shows, and rich when it prints: msgspec's own would show what is hidden."""
        return [(name, getattr(self, name)) for name in self.__struct_fields__ if name not in self._HIDDEN]

    def _compared(self) -> tuple[Any, ...]:
        return tuple([getattr(self, name) for name in self.__struct_fields__ if name != "extra"])


class Resource(Model, frozen=True, kw_only=True):
    """What `acquire` gives: good for five minutes (CR-11) and for one recording (CR-12) of this channel by this uid."""

    resource_id: str
    channel: str
    uid: str
    """The recorder's user ID, as the string the API wants (CR-14)."""


class StartedRecording(Model, frozen=True, kw_only=True):
    """The four values that name a recording. Keep them: a lost `sid` cannot be looked up."""

    resource_id: str
    sid: str
    """The recording's ID (CR-36)."""
    channel: str
    uid: str


class RecordedFile(Model, frozen=True, kw_only=True):
    """One file of a recording."""

    name: str
    """Its name in the bucket; empty where the server does not say."""


class RecordingState(Model, frozen=True, kw_only=True):
    """What `query` tells (CR-41, CR-42)."""

    status: RecordingStatus
    files: tuple[RecordedFile, ...]
    """The index of the recording (M3U8), or file by file where the server lists them; empty while there is none."""


class StoppedRecording(Model, frozen=True, kw_only=True):
    """What `stop` tells (CR-51)."""

    uploading_status: UploadingStatus
    files: tuple[RecordedFile, ...]
    """As in `RecordingState`."""


class Project(Model, frozen=True, kw_only=True):
    """A project of the account (CO-11)."""

    _HIDDEN = frozenset({"extra", "sign_key"})

    id: str
    name: str
    app_id: str
    """What channels, recordings and rules of the project are addressed by (`vendor_key`)."""
    sign_key: str
    """The primary App certificate, a secret; empty while it is not enabled."""
    recording_server: str | None
    """`ip:port` for On-premise Recording up to 1.9.0; nothing else uses it."""
    status: ProjectStatus | None
    """None where the server does not say."""
    created: datetime | None
    """In UTC, whichever unit the server counts in (CO-12); None where it does not say."""

    @property
    def enabled(self) -> bool:
        """Whether the project is in use."""
        return self.status == ProjectStatus.ENABLED


class DayMinutes(Model, frozen=True):
    """What a project used on one day, in minutes (CO-32)."""

    date: date
    audio: float
    sd: float
    hd: float
    hdp: float


class ProjectMinutes(Model, frozen=True):
    """What one project used, day by day (CO-32)."""

    project: str
    """The project's ID."""
    daily: tuple[DayMinutes, ...]


class Metric(Model, frozen=True):
    """What a number of `DayMetrics` means (CO-35)."""

    cn: str | None
    """Its name in Chinese; None where the server does not say."""
    en: str
    """Its name in English; empty where the server does not say."""
    unit: str
    """The unit of its numbers, e.g. `second`; empty where the server does not say."""


class DayMetrics(Model, frozen=True):
    """The numbers of one day."""

    date: datetime
    """The day's beginning, UTC."""
    usage: Mapping[str, float]
    """By the name of the metric; `UsageMetrics.meta` says what it is counted in."""


class UsageMetrics(Model, frozen=True):
    """The figures of one project and one business (CO-35)."""

    meta: Mapping[str, Metric]
    """Every metric that occurs, by its name. Which there are is open."""
    days: tuple[DayMetrics, ...]


class Ban(Model, frozen=True, kw_only=True):
    """A kicking rule that was made or changed (CO-40, CO-46)."""

    id: int
    ends_at: datetime | None = None
    """Its end, UTC; None where the server does not say, which is the case when it is made."""


class KickingRule(Model, frozen=True, kw_only=True):
    """A rule as the list shows it (CO-45). What a rule does not name is None.

    `extra["privileges"]`, where the server sends it, says what the rule takes from users: only one with `join_channel`
    in it is a ban, others mute.
    """

    id: int
    app_id: str
    channel: str | None
    uid: int | str | None
    """A string where the rule is about a string user account."""
    ip: str | None
    ends_at: datetime | None
    """UTC; None where the server does not say. So are the next two."""
    created_at: datetime | None
    updated_at: datetime | None
    operation_id: int | None
    """`opid`, which Agora's support asks for."""


class UserState(Model, frozen=True, kw_only=True):
    """Whether a user is in a channel, and as what (CO-50)."""

    in_channel: bool
    joined_at: datetime | None
    """UTC; None for a user who is not there, or where the server does not say."""
    role: Role | None
    """None for a user who is not there, or where the server does not say."""


class ChannelUsers(Model, frozen=True, kw_only=True):
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


class Channel(Model, frozen=True):
    """A channel that is in use (CO-55)."""

    name: str
    user_count: int | None
    """None where the server does not say."""


class ChannelPage(Model, frozen=True):
    """One page of channels (CO-54, CO-55)."""

    channels: tuple[Channel, ...]
    total_size: int | None
    """How many channels there are in all, not on this page; None where the server does not say."""
