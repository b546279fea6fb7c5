"""Agora's Cloud Recording and Console REST APIs.

    from agora_rest import Agora, S3Region, S3Storage

    with Agora.from_env() as agora:
        app = agora.app("0123456789abcdef0123456789abcdef")
        with app.recordings.record("lesson-42", uid=527841, storage=storage) as recording:
            recording.wait_until_started()
        print(recording.files, recording.uploading_status)

`AsyncAgora` is the same with `async` and `await`. Nothing is imported before it is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from ._async.client import AsyncAgora, AsyncApp
    from ._async.recording import AsyncRecording
    from ._sync.client import Agora, App
    from ._sync.recording import Recording
    from ._version import __version__
    from .clocks import AsyncClock, Clock
    from .enums import (
        AlibabaRegion,
        AudioProfile,
        Business,
        ChannelMode,
        ChannelType,
        DecryptionMode,
        MixedVideoLayout,
        ProjectStatus,
        QiniuRegion,
        RecordingStatus,
        Role,
        S3Region,
        StreamTypes,
        UploadingStatus,
        VideoStreamType,
    )
    from .errors import (
        AgoraError,
        AlreadyRecording,
        ApiError,
        AuthenticationFailed,
        CallError,
        ConfigurationError,
        ConnectionFailed,
        ContractBroken,
        InvalidAppId,
        InvalidArgument,
        InvalidChannelName,
        InvalidParameter,
        MalformedAnswer,
        NotCompleted,
        NotFound,
        NothingRecorded,
        RateLimited,
        RecordingEnded,
        RecordingError,
        RecordingLost,
        RecordingNotStarted,
        RecordingNotUploaded,
        ResourceExpired,
        ResourceMismatch,
        ResourceUndecodable,
        ResourceUsed,
        ServerError,
        TimedOut,
        TransportError,
    )
    from .frames import to_dataframe
    from .hooks import Hooks, RequestEvent, ResponseEvent, RetryEvent, WaitEvent
    from .models import (
        Ban,
        Channel,
        ChannelPage,
        ChannelUsers,
        DayMetrics,
        DayMinutes,
        KickingRule,
        Metric,
        Project,
        ProjectMinutes,
        RecordedFile,
        RecordingState,
        Resource,
        StartedRecording,
        StoppedRecording,
        UsageMetrics,
        UserState,
    )
    from .permits import Limit, Limits, MemoryPermits, PermitStore
    from .retries import RetryPolicy
    from .settings import AlibabaStorage, QiniuStorage, RecordingConfig, S3Storage, Storage, TranscodingConfig
    from .transports.raw import RawResponse

__all__ = [
    "Agora",
    "AgoraError",
    "AlibabaRegion",
    "AlibabaStorage",
    "AlreadyRecording",
    "ApiError",
    "App",
    "AsyncAgora",
    "AsyncApp",
    "AsyncClock",
    "AsyncRecording",
    "AudioProfile",
    "AuthenticationFailed",
    "Ban",
    "Business",
    "CallError",
    "Channel",
    "ChannelMode",
    "ChannelPage",
    "ChannelType",
    "ChannelUsers",
    "Clock",
    "ConfigurationError",
    "ConnectionFailed",
    "ContractBroken",
    "DayMetrics",
    "DayMinutes",
    "DecryptionMode",
    "Hooks",
    "InvalidAppId",
    "InvalidArgument",
    "InvalidChannelName",
    "InvalidParameter",
    "KickingRule",
    "Limit",
    "Limits",
    "MalformedAnswer",
    "MemoryPermits",
    "Metric",
    "MixedVideoLayout",
    "NotCompleted",
    "NotFound",
    "NothingRecorded",
    "PermitStore",
    "Project",
    "ProjectMinutes",
    "ProjectStatus",
    "QiniuRegion",
    "QiniuStorage",
    "RateLimited",
    "RawResponse",
    "RecordedFile",
    "Recording",
    "RecordingConfig",
    "RecordingEnded",
    "RecordingError",
    "RecordingLost",
    "RecordingNotStarted",
    "RecordingNotUploaded",
    "RecordingState",
    "RecordingStatus",
    "RequestEvent",
    "Resource",
    "ResourceExpired",
    "ResourceMismatch",
    "ResourceUndecodable",
    "ResourceUsed",
    "ResponseEvent",
    "RetryEvent",
    "RetryPolicy",
    "Role",
    "S3Region",
    "S3Storage",
    "ServerError",
    "StartedRecording",
    "StoppedRecording",
    "Storage",
    "StreamTypes",
    "TimedOut",
    "TranscodingConfig",
    "TransportError",
    "UploadingStatus",
    "UsageMetrics",
    "UserState",
    "VideoStreamType",
    "WaitEvent",
    "__version__",
    "to_dataframe",
]

_HOMES: Final = (
    "errors",
    "enums",
    "settings",
    "models",
    "clocks",
    "hooks",
    "frames",
    "retries",
    "permits",
    "transports.raw",
    "_version",
)
"""Where the names are, the cheap modules first."""

_DOORS: Final = {
    "Agora": "_sync.client",
    "App": "_sync.client",
    "AsyncAgora": "_async.client",
    "AsyncApp": "_async.client",
    "AsyncRecording": "_async.recording",
    "Recording": "_sync.recording",
}
"""Those that are found without loading what is in the others: nearly everybody imports one of them."""


def __getattr__(name: str) -> Any:
    if name in __all__:
        for home in (_DOORS[name],) if name in _DOORS else _HOMES:
            module = import_module(f".{home}", __name__)
            if hasattr(module, name):
                return globals().setdefault(name, getattr(module, name))
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
