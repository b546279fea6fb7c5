"""The settings of a recording: how it is made, one class for each mode.

A value that is None is omitted from the request, and the server's default applies. `extra` sets parameters that servers
accept but the documents do not mention. It is merged with the named arguments, object by object; InvalidArgument is
raised for a member that both set to different values.

Settings can be pickled, for instance for another process. A pickle contains their keys and passwords in the clear.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Literal, Self

from agora_rest.client._field_docs import with_field_docs
from agora_rest.client._setting import Setting
from agora_rest.client.enums import (
    AudioProfile,
    AvFileType,
    ChannelType,
    DecryptionMode,
    MixedVideoLayout,
    RecordingMode,
    RegionAffinity,
    ServiceRegion,
    StreamMode,
    StreamTypes,
    SubscribeUidGroup,
    VideoStreamType,
)
from agora_rest.client.storages import (
    AlibabaStorage,
    AzureStorage,
    BaiduStorage,
    GoogleStorage,
    HuaweiStorage,
    QiniuStorage,
    S3CompatibleStorage,
    S3Storage,
    Storage,
    TencentStorage,
)
from agora_rest.errors import InvalidArgument
from agora_rest.layouts import Layout
from agora_rest.redaction import HIDDEN, Payload, without_url_secrets

__all__ = [
    "AlibabaStorage",
    "AzureStorage",
    "BaiduStorage",
    "GoogleStorage",
    "HuaweiStorage",
    "IndividualConfig",
    "QiniuStorage",
    "RecordingConfig",
    "ResourceConfig",
    "S3CompatibleStorage",
    "S3Storage",
    "SnapshotConfig",
    "Storage",
    "Subscription",
    "TencentStorage",
    "TranscodingConfig",
    "UserBackground",
    "WebConfig",
]

EVERYBODY: Final = "#allstream#"
"""The documented name of all users in a list of user IDs (CR-111)."""


@with_field_docs
@dataclass(frozen=True, slots=True)
class Subscription:
    """The users whose audio or video is recorded (CR-109 … CR-112).

    Raises InvalidArgument unless `uids` are 1 to 32 user IDs: whole numbers from 1 to 4294967295.
    """

    uids: tuple[str, ...]
    excluded: bool = False
    """Whether `uids` are those not to record."""

    def __post_init__(self) -> None:
        """Validate the user IDs, which may be passed in any order and as numbers."""
        object.__setattr__(self, "uids", _uids(self.uids))
        if EVERYBODY in self.uids and self.excluded:
            raise InvalidArgument("uids", f"must not exclude {EVERYBODY}", self.uids, facts=("CR-111",))

    @classmethod
    def all(cls) -> Self:
        """All users."""
        return cls((EVERYBODY,))

    @classmethod
    def only(cls, uids: Iterable[int | str]) -> Self:
        """These users and no others."""
        return cls(_uids(uids))

    @classmethod
    def all_except(cls, uids: Iterable[int | str]) -> Self:
        """All users but these."""
        return cls(_uids(uids), excluded=True)

    @property
    def named(self) -> frozenset[str] | None:
        """The users to record; None if they are not known by name."""
        return None if self.excluded or EVERYBODY in self.uids else frozenset(self.uids)

    def members(self, medium: Literal["Audio", "Video"]) -> dict[str, list[str]]:
        """The member of a request for a medium."""
        return {f"{'unSubscribe' if self.excluded else 'subscribe'}{medium}Uids": list(self.uids)}


def _uids(uids: Iterable[int | str]) -> tuple[str, ...]:
    if isinstance(uids, str | int) or not isinstance(uids, Iterable):
        raise InvalidArgument("uids", "must be a list of user IDs", uids, facts=("CR-109",))
    texts = tuple(map(str, uids))
    if not 1 <= len(texts) <= _MAX_SUBSCRIBED:
        raise InvalidArgument("uids", f"must be 1 to {_MAX_SUBSCRIBED} user IDs", len(texts), facts=("CR-109",))
    for text in texts:
        if text != EVERYBODY and not (_USER_ID.fullmatch(text) and int(text) <= _MAX_USER_ID):
            rule = f"must be whole numbers from 1 to {_MAX_USER_ID}"
            raise InvalidArgument("uids", rule, text, facts=("CR-109",))
    return texts


_MAX_SUBSCRIBED: Final = 32
_MAX_USER_ID: Final = 2**32 - 1
_USER_ID: Final = re.compile(r"[1-9][0-9]{0,9}")


@dataclass(frozen=True, slots=True, kw_only=True)
class UserBackground(Setting):
    """The image in the region of a user who has sent no video for 3.5 seconds (CR-121)."""

    uid: int | str
    image_url: str
    """A JPG or BMP of at most 6 MB."""
    crop: bool | None = None
    """Whether an image of another shape is cropped, which is the default; otherwise the whole image is visible."""
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False, hash=False)

    def _members(self) -> Payload:
        mode = {} if self.crop is None else {"render_mode": 0 if self.crop else 1}
        return Payload({"uid": str(self.uid), "image_url": self.image_url, **mode})


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscodingConfig(Setting):
    """The video of a mixed recording: at most as many pixels as 1920 by 1080 (CR-29, CR-117)."""

    width: int | None = None
    """In pixels, at most 1920; 360 by default."""
    height: int | None = None
    """In pixels, at most 1920; 640 by default."""
    fps: int | None = None
    """Frames per second; 15 by default (CR-30)."""
    bitrate: int | None = None
    """In kbps; 500 by default (CR-30)."""
    layout: Layout | None = None
    """See `agora_rest.layouts`; `Floating()` by default. It sets the next two."""
    mixed_video_layout: MixedVideoLayout | int | None = None
    """The number of a layout (CR-31)."""
    max_resolution_uid: int | str | None = None
    """The user whose video is the large one of the vertical layout (CR-32)."""
    background_color: str | None = None
    """Such as `#FF0000`; black by default (CR-120)."""
    background_image: str | None = None
    """The URL of the image behind all regions (CR-121)."""
    default_user_background_image: str | None = None
    """The URL of the image in the region of each user who has sent no video for 3.5 seconds (CR-121)."""
    background_config: Sequence[UserBackground] | None = None
    """The same for single users (CR-121)."""
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False, hash=False)

    def _members(self) -> Payload:
        """Convert the user ID to a string, and the layout to its members."""
        _check_area("width, height", self.width, self.height, "CR-117", default=(360, 640))
        written = Setting._members(self)  # noqa: SLF001  `super()` does not know a class that slots have replaced
        written.pop("layout", None)
        if type(self.max_resolution_uid) is int:
            written["maxResolutionUid"] = str(self.max_resolution_uid)
        if self.background_config is not None:
            written["backgroundConfig"] = _backgrounds(self.background_config)
        return _with_layout(written, self.layout)


@dataclass(frozen=True, slots=True, kw_only=True)
class _ChannelConfig(Setting):
    stream_types: StreamTypes | int | None = None
    """Audio and video by default."""
    decryption_mode: DecryptionMode | int | None = None
    """No encryption by default; any other mode needs a `secret` (CR-24, CR-105)."""
    secret: str | None = field(default=None, repr=False)
    """The password of an encrypted channel; needs a `decryption_mode`."""
    salt: bytes | str | None = field(default=None, repr=False)
    """32 bytes, or these in Base64. Decryption modes 7 and 8 need it (CR-106)."""
    channel_type: ChannelType | int | None = None
    """Communication by default."""
    video_stream_type: VideoStreamType | int | None = None
    """The high stream by default."""
    max_idle_time: int | None = None
    """Seconds of an idle channel after which the recording ends on its own: 5 to 2,592,000, which is 30 days; 30 by
    default. A live channel is idle without hosts, a communication channel without users (CR-28, CR-107, CR-108)."""
    subscribe_audio: Subscription | None = None
    """The users whose sound is recorded. If neither this nor `subscribe_video` is given, everything is recorded. **If
    only one of the two is given, the other medium is not recorded at all** (CR-110)."""
    subscribe_video: Subscription | None = None
    """The users whose video is recorded; as for `subscribe_audio`. At most 17 videos are mixed (CR-113)."""
    av_file_type: Sequence[AvFileType | str] | None = None
    """The kinds of files, `["hls"]` by default (CR-122). Mode `mix` may add `mp4`."""
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False, hash=False)

    mode: ClassVar[RecordingMode]

    def _members(self) -> Payload:
        """The members of `recordingConfig`."""
        written = Setting._members(self)  # noqa: SLF001  as above
        _check_secret(self.secret, self.decryption_mode, self.extra)
        for name in ("subscribeAudio", "subscribeVideo", "avFileType"):
            written.pop(name, None)
        if isinstance(self.salt, bytes):
            written["salt"] = base64.b64encode(self.salt).decode("ascii")
        written.update(subscription_members("subscribe_audio", self.subscribe_audio, "Audio"))
        written.update(subscription_members("subscribe_video", self.subscribe_video, "Video"))
        return written

    def client_request(self) -> Payload:
        """The members of a start's `clientRequest` that these settings are."""
        members = Payload(recordingConfig=self.to_request())
        if self.av_file_type is not None:
            members["recordingFileConfig"] = {"avFileType": _listed(self.av_file_type)}
        return members


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingConfig(_ChannelConfig):
    """How to record a channel into one file, mode `mix` (CR-22 … CR-32, CR-104 … CR-123). All fields are optional."""

    mode: ClassVar[RecordingMode] = RecordingMode.MIX

    audio_profile: AudioProfile | int | None = None
    """48 kHz mono at about 48 kbps by default."""
    transcoding_config: TranscodingConfig | None = None

    def _members(self) -> Payload:
        """The members of `recordingConfig`, with the video."""
        _check_kind("transcoding_config", self.transcoding_config, TranscodingConfig)
        return _ChannelConfig._members(self)  # noqa: SLF001  as above


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotConfig(Setting):
    """Snapshots of each user's video, in mode `individual` (CR-125, CR-126)."""

    capture_interval: int | None = None
    """Seconds between two snapshots of a user, 5 to 3600; 10 by default."""
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False, hash=False)

    def _members(self) -> Payload:
        return Payload({**Setting._members(self), "fileType": ["jpg"]})  # noqa: SLF001  as above


@dataclass(frozen=True, slots=True, kw_only=True)
class IndividualConfig(_ChannelConfig):
    """How to record a channel into files for each user, mode `individual` (CR-114 … CR-116, CR-125, CR-126)."""

    mode: ClassVar[RecordingMode] = RecordingMode.INDIVIDUAL

    subscribe_uid_group: SubscribeUidGroup | int | None = None
    """The most users to record at the same time, which sets the price. It is computed if the subscriptions name all
    users to record, and required otherwise (CR-114, CR-115)."""
    stream_mode: StreamMode | str | None = None
    """`DEFAULT` by default."""
    snapshot_config: SnapshotConfig | None = None
    """With it, only snapshots are made, unless `av_file_type` is given too (CR-124)."""

    def _members(self) -> Payload:
        """The members of `recordingConfig`, with the number of users."""
        _check_kind("snapshot_config", self.snapshot_config, SnapshotConfig)
        written = _ChannelConfig._members(self)  # noqa: SLF001  as above
        written.pop("snapshotConfig", None)
        if self.subscribe_uid_group is None and "subscribeUidGroup" not in self.extra:
            written["subscribeUidGroup"] = self._computed_group()
        return written

    def client_request(self) -> Payload:
        """See `RecordingConfig`."""
        members = _ChannelConfig.client_request(self)
        if self.snapshot_config is not None:
            members["snapshotConfig"] = self.snapshot_config.to_request()
        return members

    def _computed_group(self) -> SubscribeUidGroup:
        given = [each for each in (self.subscribe_audio, self.subscribe_video) if each is not None]
        named = [each.named for each in given]
        users = frozenset[str]().union(*(uids for uids in named if uids is not None))
        if not given or None in named:
            rule = "is required unless the subscriptions name all users to record"
            raise InvalidArgument("subscribe_uid_group", rule, None, facts=("CR-114", "CR-115"))
        try:
            return SubscribeUidGroup.of(len(users))
        except ValueError:
            rule = "must name 1 to 49 users in all"
            raise InvalidArgument("subscribe_audio, subscribe_video", rule, len(users), facts=("CR-114",)) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebConfig(Setting):
    """How to record a web page, mode `web` (CR-127 … CR-136). At most as many pixels as 1920 by 1080 (CR-131)."""

    mode: ClassVar[RecordingMode] = RecordingMode.WEB

    url: str | None = None
    """The address of the page, which must not lead to another domain (CR-136). `record_web` sets it."""
    max_recording_hour: int
    """Hours after which the recording ends on its own, 1 to 720: the limit of what a forgotten one costs (CR-132)."""
    video_width: int = 1280
    """In pixels, at most 1920."""
    video_height: int = 720
    """In pixels, at most 1920."""
    audio_profile: AudioProfile | int = AudioProfile.MUSIC_STANDARD
    """48 kHz mono at about 48 kbps by default."""
    video_fps: int | None = None
    """Frames per second, 5 to 60; 15 by default."""
    video_bitrate: int | None = None
    """In kbps; 2000 by default from 1280 by 720 upwards, otherwise 1500."""
    mobile: bool | None = None
    """Whether the page is shown as on a mobile device; not by default."""
    max_video_duration: int | None = None
    """Minutes after which a new MP4 file begins, 30 to 240; 120 by default."""
    onhold: bool | None = None
    """Whether the recording begins paused: no files come until `resume` (CR-133)."""
    ready_timeout: int | None = None
    """Seconds within which the page must report that it is loaded, by `navigator.notifyReady()`, or the recording ends:
    1 to 60; 0, the default, does not check (CR-134)."""
    rtmp_urls: Sequence[str] | None = field(default=None, repr=False)
    """One address to push the page to, by RTMP or RTMPS (CR-135). Its last part is a key, so it is a secret."""
    av_file_type: Sequence[AvFileType | str] | None = None
    """`["hls"]` by default; `["hls", "mp4"]` makes MP4 files too (CR-122)."""
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False, hash=False)
    """Parameters of the web recorder."""

    def _members(self) -> Payload:
        """The parameters of the web recorder."""
        _check_area("video_width, video_height", self.video_width, self.video_height, "CR-131")
        _check_page(self.url)
        written = Setting._members(self)  # noqa: SLF001  as above
        written.pop("rtmpUrls", None)
        written.pop("avFileType", None)
        return written

    def client_request(self) -> Payload:
        """See `RecordingConfig`."""
        recorder = {"serviceName": "web_recorder_service", "serviceParam": self.to_request()}
        services: list[Mapping[str, Any]] = [Payload(recorder)]
        if self.rtmp_urls is not None:
            push = {"serviceName": "rtmp_publish_service", "serviceParam": rtmp_outputs(self.rtmp_urls)}
            services.append(Payload(push))
        members = Payload(extensionServiceConfig={"extensionServices": services})
        if self.av_file_type is not None:
            members["recordingFileConfig"] = {"avFileType": _listed(self.av_file_type)}
        return members


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceConfig(Setting):
    """For how long a recording can be controlled, and where it is made (CR-85 … CR-89). All fields are optional."""

    resource_expired_hour: int | None = None
    """Hours after the start during which it can be queried, updated and stopped, 1 to 720; 72 by default, and for a web
    page at least its `max_recording_hour`. **The recording continues afterwards** (CR-85, CR-86)."""
    exclude_resource_ids: Sequence[str] | None = None
    """The resource IDs of other recordings, to get resources of another place, for a second recording that must not
    fail together with the first (CR-87)."""
    region: ServiceRegion | str | None = None
    """The region that the service may not leave (CR-88)."""
    region_affinity: RegionAffinity | int | None = None
    """The region that is preferred; the nearest by default (CR-89)."""
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False, hash=False)


AnyConfig = RecordingConfig | IndividualConfig | WebConfig
"""The settings of a recording in any mode."""


def subscription_members(name: str, subscription: Any, medium: Literal["Audio", "Video"]) -> dict[str, list[str]]:
    """The member of a request for a subscription, which is the argument `name`; none for None."""
    if subscription is None:
        return {}
    if not isinstance(subscription, Subscription):
        raise InvalidArgument(name, "must be a Subscription", type(subscription))
    return subscription.members(medium)


def rtmp_outputs(urls: Sequence[str]) -> Payload:
    """The `outputs` of a request, for addresses to push to."""
    listed = _listed(urls)
    if not isinstance(listed, list) or not listed:
        raise InvalidArgument("rtmp_urls", "must be a list with one address", type(urls), facts=("CR-135", "CR-148"))
    return Payload(outputs=[Payload(rtmpUrl=url) for url in listed])


def layout_members(layout: Layout, **backgrounds: Any) -> Payload:
    """The members of a request for a layout with its backgrounds, which are fields of `TranscodingConfig`."""
    if not isinstance(layout, Layout):
        raise InvalidArgument("layout", "must be a layout of agora_rest.layouts", type(layout))
    return TranscodingConfig(layout=layout, **backgrounds).to_request()


def _check_secret(secret: str | None, mode: int | None, extra: Any) -> None:
    """Refuse a password without a decryption mode: the service would record the channel without decrypting it."""
    if secret is not None and mode is None and not (isinstance(extra, Mapping) and "decryptionMode" in extra):
        rule = "needs a decryption_mode, because by default nothing is decrypted"
        raise InvalidArgument("secret", rule, HIDDEN, facts=("CR-23", "CR-24"))


def _check_area(arguments: str, width: Any, height: Any, fact: str, default: tuple[int, int] = (0, 0)) -> None:
    """Refuse more pixels than a recording may have. The schema knows the sides only."""
    sides = [side if given is None else given for given, side in zip((width, height), default, strict=True)]
    if all(type(side) is int and side > 0 for side in sides) and sides[0] * sides[1] > _MAX_PIXELS:
        rule = "must have at most as many pixels as 1920 by 1080"
        raise InvalidArgument(arguments, rule, f"{sides[0]} by {sides[1]}", facts=(fact,))


_MAX_PIXELS: Final = 1920 * 1080


def _with_layout(written: Payload, layout: Layout | None) -> Payload:
    if layout is None:
        return written
    if not isinstance(layout, Layout):
        raise InvalidArgument("layout", "must be a layout of agora_rest.layouts", type(layout))
    members = layout.to_request()
    for name, argument in (("mixedVideoLayout", "mixed_video_layout"), ("maxResolutionUid", "max_resolution_uid")):
        if name in written and written[name] != members.get(name):
            raise InvalidArgument(argument, "must not be given with another `layout`", written[name])
    return Payload({**written, **members})


def _check_page(url: Any) -> None:
    """Refuse what no browser opens: the service would take it, and the recording would end after its start."""
    if isinstance(url, str) and url and not _PAGE.fullmatch(url):
        rule = "must begin with http:// or https:// and a host, and have no spaces"
        raise InvalidArgument("url", rule, without_url_secrets(url, every_parameter=True), facts=("CR-136",))


_PAGE: Final = re.compile(r"https?://[^\s/?#]\S*", re.IGNORECASE)


def _check_kind(name: str, setting: Any, kind: type[Setting]) -> None:
    """Refuse another object than one of `kind`, such as a dict. Only its type is reported: it may contain keys."""
    if setting is not None and not isinstance(setting, kind):
        raise InvalidArgument(name, f"must be a {kind.__name__}", type(setting))


def _backgrounds(backgrounds: Any) -> list[Payload]:
    listed = _listed(backgrounds)
    if not isinstance(listed, list) or not all(hasattr(each, "to_request") for each in listed):
        raise InvalidArgument("background_config", "must be a list of UserBackground", type(backgrounds))
    return [each.to_request() for each in listed]


def _listed(values: Any) -> Any:
    """A list, unless it is something else, which the schema rejects."""
    return list(values) if isinstance(values, tuple | set | frozenset) else values
