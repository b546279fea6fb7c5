"""The settings of a recording: its storage and its configuration.

A value that is None is omitted from the request, and the server's default applies. `extra` sets parameters that servers
accept but the documents do not mention. It is merged with the named arguments, object by object; InvalidArgument is
raised for a member that both set to different values.

Settings can be pickled, for instance for another process. A pickle contains their keys and passwords in the clear.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import Enum, IntEnum
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from agora_rest.client._argument_names import camel_case
from agora_rest.client._extra import merged
from agora_rest.client.enums import (
    AlibabaRegion,
    AudioProfile,
    ChannelType,
    DecryptionMode,
    MixedVideoLayout,
    QiniuRegion,
    S3Region,
    StreamTypes,
    VideoStreamType,
)
from agora_rest.errors import InvalidArgument
from agora_rest.redaction import Payload


class _SecretArguments(type):
    """Creates classes that keep the constructor's arguments, which may be keys, out of tracebacks."""

    if not TYPE_CHECKING:  # otherwise type checkers look here for the constructor's arguments

        def __call__(cls, *args: Any, **kwargs: Any) -> Any:
            """A new instance."""
            try:
                return super().__call__(*args, **kwargs)
            except InvalidArgument as error:
                refused = error.with_traceback(None)
            del args, kwargs
            raise refused

        @property
        def __signature__(cls) -> Any:
            """The constructor's signature, as `help` shows it."""
            import inspect  # here, because programs rarely need it

            found = inspect.signature(cls.__init__)
            return found.replace(parameters=list(found.parameters.values())[1:], return_annotation=found.empty)


class _Setting(metaclass=_SecretArguments):
    """Converts the fields of a subclass to members of a request: `stream_types=2` to `"streamTypes": 2`."""

    __slots__ = ()

    extra: Mapping[str, Any]

    def __post_init__(self) -> None:
        """Reject an `extra` that contradicts the named arguments."""
        self.to_request()

    def to_request(self) -> Payload:
        """The JSON object of a request, including secrets."""
        names = {camel_case(item.name): item.name for item in fields(self) if item.name != "extra"}  # type: ignore[arg-type]  # every subclass is a dataclass
        return merged(self._members(), self.extra, name_of=names.get)

    def _members(self) -> Payload:
        """The members that the named arguments set."""
        written = Payload()
        for item in fields(self):  # type: ignore[arg-type]  # every subclass is a dataclass
            value = getattr(self, item.name)
            if item.name != "extra" and value is not None:
                written[camel_case(item.name)] = value.to_request() if isinstance(value, _Setting) else value
        return written


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscodingConfig(_Setting):
    """The video of a recording: at most 1080p, landscape or portrait (CR-29)."""

    width: int | None = None
    """In pixels; 360 by default."""
    height: int | None = None
    """In pixels; 640 by default."""
    fps: int | None = None
    """Frames per second; 15 by default (CR-30)."""
    bitrate: int | None = None
    """In kbps; 500 by default (CR-30)."""
    mixed_video_layout: MixedVideoLayout | int | None = None
    """Floating by default (CR-31)."""
    max_resolution_uid: int | str | None = None
    """The user whose video is the large one of the vertical layout (CR-32)."""
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False, hash=False)

    def _members(self) -> Payload:
        """Convert the user ID to a string."""
        written = _Setting._members(self)  # noqa: SLF001  `super()` does not know a class that slots have replaced
        if type(self.max_resolution_uid) is int:
            written["maxResolutionUid"] = str(self.max_resolution_uid)
        return written


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingConfig(_Setting):
    """The configuration of a recording (CR-22 … CR-32). All fields are optional."""

    stream_types: StreamTypes | int | None = None
    """Audio and video by default."""
    decryption_mode: DecryptionMode | int | None = None
    """No encryption by default; any other mode needs a `secret` (CR-24)."""
    secret: str | None = field(default=None, repr=False)
    """The password of an encrypted channel."""
    channel_type: ChannelType | int | None = None
    """Communication by default."""
    audio_profile: AudioProfile | int | None = None
    """48 kHz mono at about 48 kbps by default."""
    video_stream_type: VideoStreamType | int | None = None
    """The high stream by default."""
    max_idle_time: int | None = None
    """Seconds without users after which the recording ends on its own: at least 5; 30 by default (CR-28)."""
    transcoding_config: TranscodingConfig | None = None
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Storage(_Setting):
    bucket: str
    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False, hash=False)

    vendor: ClassVar[int]
    _regions: ClassVar[type[IntEnum]]

    def __post_init__(self) -> None:
        """Reject a region of another vendor, whose number means a different region here."""
        _check_region(getattr(self, "region"), self._regions)  # noqa: B009  a field of each subclass
        _Setting.__post_init__(self)

    def _members(self) -> Payload:
        """The JSON object of a request, including the keys (CR-33)."""
        return Payload({**_Setting._members(self), "vendor": self.vendor})  # noqa: SLF001  as above


@dataclass(frozen=True, slots=True, kw_only=True)
class QiniuStorage(_Storage):
    """A Qiniu bucket (vendor 0). `repr` hides its keys."""

    vendor: ClassVar[int] = 0
    _regions: ClassVar[type[IntEnum]] = QiniuRegion
    region: QiniuRegion | Literal[0, 1, 2, 3]


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Storage(_Storage):
    """An Amazon S3 bucket (vendor 1). `repr` hides its keys."""

    vendor: ClassVar[int] = 1
    _regions: ClassVar[type[IntEnum]] = S3Region
    region: S3Region | Literal[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlibabaStorage(_Storage):
    """An Alibaba Cloud bucket (vendor 2). `repr` hides its keys."""

    vendor: ClassVar[int] = 2
    _regions: ClassVar[type[IntEnum]] = AlibabaRegion
    region: AlibabaRegion | Literal[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18]


Storage = QiniuStorage | S3Storage | AlibabaStorage
"""The storage for the files of a recording (CR-34)."""


def _check_region(region: Any, regions: type[IntEnum]) -> None:
    if isinstance(region, regions) or (isinstance(region, int) and not isinstance(region, bool | Enum)):
        return
    rule = f"must be a member of {regions.__name__}"
    if isinstance(region, str):
        name = region.upper().replace("-", "_")
        hint = f"{regions.__name__}.{name}" if name in regions.__members__ else ", ".join(regions.__members__)
        rule += f" ({hint})"
    raise InvalidArgument("region", rule, region)
