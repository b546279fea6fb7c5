"""The numbers and words of the API, by name.

Those that come in answers are open: a value nobody has named yet comes through as itself instead of failing, as a
member that equals it (`RecordingStatus(42) == 42`, named `UNKNOWN_42`).
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
    """How far a recording is (CR-42)."""

    NOT_STARTED = 0
    INITIALISED = 1
    RECORDER_STARTING = 2
    UPLOADER_READY = 3
    RECORDER_READY = 4
    """The recorder is in the channel."""
    RECORDING = 5
    """The first file is uploaded; stays for as long as it records."""
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
"""Nothing is recorded any more."""


class UploadingStatus(_OpenStrEnum):
    """Where the files of a stopped recording are (CR-51)."""

    UPLOADED = "uploaded"
    """All of them are in the customer's storage."""
    BACKUPED = "backuped"
    """All are uploaded, at least one to Agora's own backup, which passes it on by itself (CR-52)."""
    UNKNOWN = "unknown"
    """Ask `query` (CR-53)."""


KEPT: Final = frozenset({UploadingStatus.UPLOADED, UploadingStatus.BACKUPED})
"""The files are safe. Whatever else a server says, nobody can tell from it where they are."""


class ProjectStatus(_OpenIntEnum):
    """Whether a project is in use (CO-11)."""

    DISABLED = 0
    ENABLED = 1


class ChannelMode(_OpenIntEnum):
    """What kind of channel it is (CO-51, CO-52)."""

    COMMUNICATION = 1
    LIVE = 2


class Role(_OpenIntEnum):
    """What a user is in a channel (CO-50)."""

    UNKNOWN = 0
    COMMUNICATION_USER = 1
    HOST = 2
    AUDIENCE = 3


class Business(StrEnum):
    """What kind of usage to ask for (CO-34)."""

    DEFAULT = "default"
    """Real-time communication."""
    TRANSCODE_DURATION = "transcodeDuration"
    RECORDING = "recording"
    """On-premise recording."""
    CLOUD_RECORDING = "cloudRecording"
    MINIAPP = "miniapp"


class StreamTypes(IntEnum):
    """Which streams to record (CR-22)."""

    AUDIO = 0
    VIDEO = 1
    BOTH = 2


class DecryptionMode(IntEnum):
    """How the channel is encrypted (CR-23)."""

    NONE = 0
    AES128XTS = 1
    AES128ECB = 2
    AES256XTS = 3


class ChannelType(IntEnum):
    """The profile of the channel, which must be what its SDKs use (CR-25)."""

    COMMUNICATION = 0
    LIVE_BROADCAST = 1


class AudioProfile(IntEnum):
    """The sound of the recording, always 48 kHz (CR-26)."""

    MUSIC_STANDARD = 0
    """Mono, about 48 kbps."""
    MUSIC_HIGH_QUALITY = 1
    """Mono, about 128 kbps."""
    MUSIC_HIGH_QUALITY_STEREO = 2
    """Stereo, about 192 kbps."""


class VideoStreamType(IntEnum):
    """Which video of users who send two (CR-27)."""

    HIGH = 0
    LOW = 1


class MixedVideoLayout(IntEnum):
    """How up to 17 users' pictures are arranged (CR-31)."""

    FLOATING = 0
    """The first user fills the picture, up to four rows of four small pictures lie over it."""
    BEST_FIT = 1
    """All pictures have the same size."""
    VERTICAL = 2
    """One large picture on the left, up to two columns of eight on the right."""


class QiniuRegion(IntEnum):
    """Where a bucket at Qiniu is (CR-35)."""

    HUADONG = 0
    HUABEI = 1
    HUANAN = 2
    BEIMEI = 3


class S3Region(IntEnum):
    """Where a bucket at Amazon S3 is (CR-35)."""

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
    """Where a bucket at Alibaba Cloud is (CR-35), spelled as documented; `CN_BEIJING` is a second name of 3."""

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
