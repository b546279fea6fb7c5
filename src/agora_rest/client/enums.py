"""The API's numbers and words as enumerations.

Enumerations in responses are open: an unknown value becomes a member that equals it instead of an error
(`RecordingStatus(42) == 42`, named `UNKNOWN_42`).
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Any, ClassVar, Final, Self


class _Open:
    """Makes a member of an unknown value."""

    _member_type_: ClassVar[Any]

    @classmethod
    def _missing_(cls, value: object) -> Any:
        if type(value) is not cls._member_type_:
            return None
        make: Any = cls._member_type_.__new__
        member = make(cls, value)
        member._name_, member._value_ = f"UNKNOWN_{value}", value
        return member

    def __reduce_ex__(self, _protocol: Any) -> tuple[Any, ...]:
        # By value: early releases of Python 3.11 copy and unpickle by name, and an unknown value has none in the class.
        return type(self), (self._member_type_(self),)


class _OpenIntEnum(_Open, IntEnum):
    pass


class _OpenStrEnum(_Open, StrEnum):
    pass


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
    """The privileges that a kicking rule denies (CO-43, CO-79)."""

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
    """The encryption of the channel (CR-23, CR-104)."""

    NONE = 0
    AES128XTS = 1
    AES128ECB = 2
    AES256XTS = 3
    SM4128ECB = 4
    AES128GCM = 5
    AES256GCM = 6
    AES128GCM2 = 7
    """With a `salt` (CR-106)."""
    AES256GCM2 = 8
    """With a `salt` (CR-106)."""


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
    """The layout of up to 17 users' videos (CR-31, CR-118)."""

    FLOATING = 0
    """The first user fills the frame, with up to four rows of four small videos on top."""
    BEST_FIT = 1
    """All videos have the same size."""
    VERTICAL = 2
    """One large video on the left, up to two columns of eight on the right."""
    CUSTOM = 3
    """Each video has its own region: see `agora_rest.layouts`."""


class RecordingMode(_OpenStrEnum):
    """How a recording is made; it cannot change (CR-79, CR-80)."""

    INDIVIDUAL = "individual"
    """Each user in files of their own."""
    MIX = "mix"
    """All users together in one file."""
    WEB = "web"
    """A web page."""


class ExtensionState(_OpenStrEnum):
    """How far the recorder of a web page, or its push, is (CR-139, CR-140)."""

    INIT = "init"
    IN_PROGRESS = "inProgress"
    EXIT = "exit"


class RtmpStatus(_OpenStrEnum):
    """How the push of a web page to an address is doing (CR-140)."""

    CONNECTING = "connecting"
    PUBLISHING = "publishing"
    ONHOLD = "onhold"
    """It is paused."""
    DISCONNECTED = "disconnected"


class StreamMode(StrEnum):
    """How a recording in mode `individual` processes each user's streams (CR-116)."""

    DEFAULT = "default"
    """A file list for the sound and one for the video; the sound is transcoded."""
    STANDARD = "standard"
    """As `default`, and a file list for both together."""
    ORIGINAL = "original"
    """The sound only, and not transcoded. It needs `stream_types=StreamTypes.AUDIO`, and has no effect otherwise."""


class SubscribeUidGroup(IntEnum):
    """The most users that a recording in mode `individual` subscribes to at the same time (CR-114)."""

    UP_TO_2 = 0
    UP_TO_7 = 1
    UP_TO_12 = 2
    UP_TO_17 = 3
    UP_TO_32 = 4
    UP_TO_49 = 5

    @classmethod
    def of(cls, users: int) -> Self:
        """The smallest group for this number of users. Raises ValueError for none, and for more than 49."""
        if users > 0:
            for most, group in zip((2, 7, 12, 17, 32, 49), cls, strict=True):
                if users <= most:
                    return group
        raise ValueError(f"a recording subscribes to 1 to 49 users, not to {users}")


class AvFileType(StrEnum):
    """A kind of recorded file (CR-122)."""

    HLS = "hls"
    """An M3U8 file and TS files. Always made."""
    MP4 = "mp4"
    """In modes `mix` and `web`, beside `HLS`."""


class ServiceRegion(StrEnum):
    """The region that the recording service may not leave; the storage must be in it too (CR-88)."""

    CN = "CN"
    """Mainland China."""
    AP = "AP"
    """Asia without mainland China."""
    EU = "EU"
    NA = "NA"


class RegionAffinity(IntEnum):
    """The region whose resources a recording prefers; if it has none, a neighbouring one serves (CR-89)."""

    NEAREST = 0
    CHINA = 1
    SOUTHEAST_ASIA = 2
    EUROPE = 3
    NORTH_AMERICA = 4


class QiniuRegion(IntEnum):
    """The region of a Qiniu bucket (CR-35)."""

    HUADONG = 0
    HUABEI = 1
    HUANAN = 2
    BEIMEI = 3


class S3Region(IntEnum):
    """The region of an Amazon S3 bucket (CR-35, CR-99)."""

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
    AF_SOUTH_1 = 18
    AP_EAST_1 = 19
    AP_NORTHEAST_3 = 20
    EU_NORTH_1 = 21
    ME_SOUTH_1 = 22
    AP_SOUTHEAST_3 = 24
    EU_SOUTH_1 = 25


class AlibabaRegion(IntEnum):
    """The region of an Alibaba Cloud bucket (CR-35, CR-99); `CN_BEIJIN`, as once documented, is an alias of 3."""

    CN_HANGZHOU = 0
    CN_SHANGHAI = 1
    CN_QINGDAO = 2
    CN_BEIJING = 3
    CN_BEIJIN = 3
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
    AP_SOUTHEAST_6 = 19
    CN_HEYUAN = 20
    CN_GUANGZHOU = 21
    CN_CHENGDU = 22
    CN_NANJING = 23
    CN_FUZHOU = 24
    CN_WULANCHABU = 25
    AP_NORTHEAST_2 = 26
    AP_SOUTHEAST_7 = 27


class TencentRegion(IntEnum):
    """The region of a Tencent Cloud bucket (CR-99)."""

    AP_BEIJING_1 = 0
    AP_BEIJING = 1
    AP_SHANGHAI = 2
    AP_GUANGZHOU = 3
    AP_CHENGDU = 4
    AP_CHONGQING = 5
    AP_SHENZHEN_FSI = 6
    AP_SHANGHAI_FSI = 7
    AP_BEIJING_FSI = 8
    AP_HONGKONG = 9
    AP_SINGAPORE = 10
    AP_MUMBAI = 11
    AP_SEOUL = 12
    AP_BANGKOK = 13
    AP_TOKYO = 14
    NA_SILICONVALLEY = 15
    NA_ASHBURN = 16
    NA_TORONTO = 17
    EU_FRANKFURT = 18
    EU_MOSCOW = 19


class HuaweiRegion(IntEnum):
    """The region of a Huawei Cloud bucket (CR-99)."""

    CN_NORTH_1 = 0
    CN_NORTH_4 = 1
    CN_EAST_2 = 2
    CN_EAST_3 = 3
    CN_SOUTH_1 = 4
    CN_SOUTHWEST_2 = 5
    AP_SOUTHEAST_1 = 6
    AP_SOUTHEAST_2 = 7
    AP_SOUTHEAST_3 = 8
    AF_SOUTH_1 = 9
    SA_ARGENTINA_1 = 10
    SA_PERU_1 = 11
    NA_MEXICO_1 = 12
    SA_BRAZIL_1 = 13
    LA_SOUTH_2 = 14
    SA_CHILE_1 = 15


class BaiduRegion(IntEnum):
    """The region of a Baidu bucket (CR-99). The numbers begin with 1."""

    BAODING = 1
    SUZHOU = 2
    GUANGZHOU = 3
    HONGKONG = 4
    SINGAPORE = 5
    WUHAN = 6
    SHANGHAI = 7
