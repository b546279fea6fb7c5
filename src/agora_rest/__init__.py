"""Agora's Cloud Recording and Console REST APIs.

    from agora_rest import Agora, S3Region, S3Storage

    with Agora.from_env() as agora:
        app = agora.app("0123456789abcdef0123456789abcdef")
        with app.recordings.record("lesson-42", uid=527841, storage=storage) as recording:
            recording.wait_until_started()
        print(recording.files, recording.uploading_status)

`AsyncAgora` is the same with `async` and `await`. Names are imported on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

# Written by `make generate` (scripts/exports.py) down to the end of `_MODULES`; do not edit.
if TYPE_CHECKING:
    from agora_rest._version import __version__
    from agora_rest.client._async.client import AsyncAgora, AsyncApp
    from agora_rest.client._async.recording import AsyncRecording
    from agora_rest.client._dataframe import to_dataframe
    from agora_rest.client._retries import RetryPolicy
    from agora_rest.client._sync.client import Agora, App
    from agora_rest.client._sync.recording import Recording
    from agora_rest.client._transports.raw import RawResponse
    from agora_rest.client.clocks import AsyncClock, Clock
    from agora_rest.client.enums import (
        AlibabaRegion,
        AudioProfile,
        Business,
        ChannelMode,
        ChannelType,
        DecryptionMode,
        MixedVideoLayout,
        Platform,
        Privilege,
        ProjectStatus,
        QiniuRegion,
        RecordingStatus,
        Role,
        S3Region,
        StreamTypes,
        UploadingStatus,
        VideoStreamType,
    )
    from agora_rest.client.hooks import Hooks, RequestEvent, ResponseEvent, RetryEvent, WaitEvent
    from agora_rest.client.models import (
        Ban,
        Channel,
        ChannelHosts,
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
    from agora_rest.client.settings import (
        AlibabaStorage,
        QiniuStorage,
        RecordingConfig,
        S3Storage,
        Storage,
        TranscodingConfig,
    )
    from agora_rest.errors import (
        AgoraError,
        AlreadyRecording,
        ApiError,
        AuthenticationFailed,
        CallError,
        ConfigurationError,
        ConnectionFailed,
        InvalidAppId,
        InvalidArgument,
        InvalidChannelName,
        InvalidParameter,
        MalformedResponse,
        NotCompleted,
        NotFound,
        NothingRecorded,
        RateLimited,
        RecorderBusy,
        RecordingEnded,
        RecordingError,
        RecordingLost,
        RecordingNotStarted,
        RecordingNotUploaded,
        ResourceExpired,
        ResourceMismatch,
        ResourceUndecodable,
        ResourceUsed,
        ResponseTooLarge,
        ServerError,
        SpecificationViolation,
        TimedOut,
        TransportError,
        WrongAddress,
    )
    from agora_rest.permits import Limit, Limits, MemoryPermits, PermitStore

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
    "ChannelHosts",
    "ChannelMode",
    "ChannelPage",
    "ChannelType",
    "ChannelUsers",
    "Clock",
    "ConfigurationError",
    "ConnectionFailed",
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
    "MalformedResponse",
    "MemoryPermits",
    "Metric",
    "MixedVideoLayout",
    "NotCompleted",
    "NotFound",
    "NothingRecorded",
    "PermitStore",
    "Platform",
    "Privilege",
    "Project",
    "ProjectMinutes",
    "ProjectStatus",
    "QiniuRegion",
    "QiniuStorage",
    "RateLimited",
    "RawResponse",
    "RecordedFile",
    "RecorderBusy",
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
    "ResponseTooLarge",
    "RetryEvent",
    "RetryPolicy",
    "Role",
    "S3Region",
    "S3Storage",
    "ServerError",
    "SpecificationViolation",
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
    "WrongAddress",
    "__version__",
    "to_dataframe",
]

_MODULES: Final = {
    "_version": ("__version__",),
    "client._async.client": ("AsyncAgora", "AsyncApp"),
    "client._async.recording": ("AsyncRecording",),
    "client._dataframe": ("to_dataframe",),
    "client._retries": ("RetryPolicy",),
    "client._sync.client": ("Agora", "App"),
    "client._sync.recording": ("Recording",),
    "client._transports.raw": ("RawResponse",),
    "client.clocks": ("AsyncClock", "Clock"),
    "client.enums": (
        "AlibabaRegion",
        "AudioProfile",
        "Business",
        "ChannelMode",
        "ChannelType",
        "DecryptionMode",
        "MixedVideoLayout",
        "Platform",
        "Privilege",
        "ProjectStatus",
        "QiniuRegion",
        "RecordingStatus",
        "Role",
        "S3Region",
        "StreamTypes",
        "UploadingStatus",
        "VideoStreamType",
    ),
    "client.hooks": ("Hooks", "RequestEvent", "ResponseEvent", "RetryEvent", "WaitEvent"),
    "client.models": (
        "Ban",
        "Channel",
        "ChannelHosts",
        "ChannelPage",
        "ChannelUsers",
        "DayMetrics",
        "DayMinutes",
        "KickingRule",
        "Metric",
        "Project",
        "ProjectMinutes",
        "RecordedFile",
        "RecordingState",
        "Resource",
        "StartedRecording",
        "StoppedRecording",
        "UsageMetrics",
        "UserState",
    ),
    "client.settings": (
        "AlibabaStorage",
        "QiniuStorage",
        "RecordingConfig",
        "S3Storage",
        "Storage",
        "TranscodingConfig",
    ),
    "errors": (
        "AgoraError",
        "AlreadyRecording",
        "ApiError",
        "AuthenticationFailed",
        "CallError",
        "ConfigurationError",
        "ConnectionFailed",
        "InvalidAppId",
        "InvalidArgument",
        "InvalidChannelName",
        "InvalidParameter",
        "MalformedResponse",
        "NotCompleted",
        "NotFound",
        "NothingRecorded",
        "RateLimited",
        "RecorderBusy",
        "RecordingEnded",
        "RecordingError",
        "RecordingLost",
        "RecordingNotStarted",
        "RecordingNotUploaded",
        "ResourceExpired",
        "ResourceMismatch",
        "ResourceUndecodable",
        "ResourceUsed",
        "ResponseTooLarge",
        "ServerError",
        "SpecificationViolation",
        "TimedOut",
        "TransportError",
        "WrongAddress",
    ),
    "permits": ("Limit", "Limits", "MemoryPermits", "PermitStore"),
}
"""Where each public name is defined. A module is imported when one of its names is first used."""

# Written by hand again.

_MODULE_OF: Final = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name in _MODULE_OF:
        module = import_module(f"agora_rest.{_MODULE_OF[name]}")
        return globals().setdefault(name, getattr(module, name))
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
