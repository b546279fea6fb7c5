"""The API's numbers and words as enumerations.

Enumerations in responses are open: an unknown value becomes a member that equals it instead of an error
(`RecordingStatus(42) == 42`, named `UNKNOWN_42`).
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Final, Self


class _OpenIntEnum(IntEnum):
    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if type(value) is not int:
            return None
        member = int.__new__(cls, value)
        member._name_ = f"UNKNOWN_{value}"
        member._value_ = value
        return member

    def __reduce_ex__(self, _protocol: object) -> tuple[type[Self], tuple[int]]:
        # By value: early releases of Python 3.11 copy and unpickle by name, and an unknown value has none in the class.
        return type(self), (self._value_,)


class _OpenStrEnum(StrEnum):
    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if type(value) is not str:
            return None
        member = str.__new__(cls, value)
        member._name_ = f"UNKNOWN_{value}"
        member._value_ = value
        return member

    def __reduce_ex__(self, _protocol: object) -> tuple[type[Self], tuple[str]]:
        return type(self), (self._value_,)


class RecordingStatus(_OpenIntEnum):
    """The status of a recording (CR-42)."""

    NOT_STARTED = 0
    INITIALISED = 1
    RECORDER_STARTING = 2
    UPLOADER_READY = 3
    RECORDER_READY = 4
    """The recorder is in the channel."""
    RECORDING = 5
    """The first file is uploaded; the status stays while it records."""
    RECORDING_STOPPED = 6
    ALL_STOPPED = 7
    EXITING = 8
    EXITED_ABNORMALLY = 20


RUNNING: Final = frozenset({RecordingStatus.RECORDER_READY, RecordingStatus.RECORDING})
"""The recorder is in the channel."""
OVER: Final = frozenset(
    {
        RecordingStatus.RECORDING_STOPPED,
        RecordingStatus.ALL_STOPPED,
        RecordingStatus.EXITING,
        RecordingStatus.EXITED_ABNORMALLY,
    }
)
"""The recording is over."""


class UploadingStatus(_OpenStrEnum):
    """The upload status of the files of a stopped recording (CR-51)."""

    UPLOADED = "uploaded"
    """All files are in the customer's storage."""
    BACKUPED = "backuped"
    """All files are uploaded, at least one of them to Agora's backup, which forwards it on its own (CR-52)."""
    UNKNOWN = "unknown"
    """Unknown: use `query` (CR-53)."""


KEPT: Final = frozenset({UploadingStatus.UPLOADED, UploadingStatus.BACKUPED})
"""The statuses that mean that the files are safe. Any other status leaves their location unknown."""


class ProjectStatus(_OpenIntEnum):
    """Whether a project is enabled (CO-11)."""

    DISABLED = 0
    ENABLED = 1


class ChannelMode(_OpenIntEnum):
    """The mode of a channel (CO-51, CO-52)."""

    COMMUNICATION = 1
    LIVE = 2


class Role(_OpenIntEnum):
    """The role of a user in a channel (CO-50)."""

    UNKNOWN = 0
    COMMUNICATION_USER = 1
    HOST = 2
    AUDIENCE = 3


class Platform(_OpenIntEnum):
    """The platform of a user's device (CO-88). The documents call these common values, so there may be more."""

    OTHER = 0
    ANDROID = 1
    IOS = 2
    WINDOWS = 5
    LINUX = 6
    WEB = 7
    MACOS = 8


class Privilege(_OpenStrEnum):
    """What a kicking rule denies (CO-43, CO-79)."""

    JOIN_CHANNEL = "join_channel"
    """Joining a channel; users who are in one are put offline."""
    PUBLISH_AUDIO = "publish_audio"
    """Sending audio."""
    PUBLISH_VIDEO = "publish_video"
    """Sending video."""


class Business(StrEnum):
    """The kind of usage to request (CO-34)."""

    DEFAULT = "default"
    """Real-time communication, without the usage of mini apps."""
    TRANSCODE_DURATION = "transcodeDuration"
    RECORDING = "recording"
    """On-premise recording."""
    CLOUD_RECORDING = "cloudRecording"
    MINIAPP = "miniapp"


class StreamTypes(IntEnum):
    """The streams to record (CR-22)."""

    AUDIO = 0
    VIDEO = 1
    BOTH = 2


class DecryptionMode(IntEnum):
    """The encryption of the channel (CR-23)."""

    NONE = 0
    AES128XTS = 1
    AES128ECB = 2
    AES256XTS = 3


class ChannelType(IntEnum):
    """The profile of the channel, which must match that of its SDKs (CR-25)."""

    COMMUNICATION = 0
    LIVE_BROADCAST = 1


class AudioProfile(IntEnum):
    """The audio profile of the recording, always 48 kHz (CR-26)."""

    MUSIC_STANDARD = 0
    """Mono, about 48 kbps."""
    MUSIC_HIGH_QUALITY = 1
    """Mono, about 128 kbps."""
    MUSIC_HIGH_QUALITY_STEREO = 2
    """Stereo, about 192 kbps."""


class VideoStreamType(IntEnum):
    """The video stream to record of users who send two (CR-27)."""

    HIGH = 0
    LOW = 1


class MixedVideoLayout(IntEnum):
    """The layout of up to 17 users' videos (CR-31)."""

    FLOATING = 0
    """The first user fills the frame, with up to four rows of four small videos on top."""
    BEST_FIT = 1
    """All videos have the same size."""
    VERTICAL = 2
    """One large video on the left, up to two columns of eight on the right."""


class QiniuRegion(IntEnum):
    """The region of a Qiniu bucket (CR-35)."""

    HUADONG = 0
    HUABEI = 1
    HUANAN = 2
    BEIMEI = 3


class S3Region(IntEnum):
    """The region of an Amazon S3 bucket (CR-35)."""

    US_EAST_1 = 0
    US_EAST_2 = 1
    US_WEST_1 = 2
    US_WEST_2 = 3
    EU_WEST_1 = 4
    EU_WEST_2 = 5
    EU_WEST_3 = 6
    EU_CENTRAL_1 = 7
    AP_SOUTHEAST_1 = 8
    AP_SOUTHEAST_2 = 9
    AP_NORTHEAST_1 = 10
    AP_NORTHEAST_2 = 11
    SA_EAST_1 = 12
    CA_CENTRAL_1 = 13
    AP_SOUTH_1 = 14
    CN_NORTH_1 = 15
    CN_NORTHWEST_1 = 16
    US_GOV_WEST_1 = 17


class AlibabaRegion(IntEnum):
    """The region of an Alibaba Cloud bucket (CR-35), spelled as documented; `CN_BEIJING` is an alias of 3."""

    CN_HANGZHOU = 0
    CN_SHANGHAI = 1
    CN_QINGDAO = 2
    CN_BEIJIN = 3
    CN_BEIJING = 3
    CN_ZHANGJIAKOU = 4
    CN_HUHEHAOTE = 5
    CN_SHENZHEN = 6
    CN_HONGKONG = 7
    US_WEST_1 = 8
    US_EAST_1 = 9
    AP_SOUTHEAST_1 = 10
    AP_SOUTHEAST_2 = 11
    AP_SOUTHEAST_3 = 12
    AP_SOUTHEAST_5 = 13
    AP_NORTHEAST_1 = 14
    AP_SOUTH_1 = 15
    EU_CENTRAL_1 = 16
    EU_WEST_1 = 17
    EU_EAST_1 = 18
