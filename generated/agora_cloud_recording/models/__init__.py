"""Contains all the data models used in inputs/outputs"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .acquire_client_request import AcquireClientRequest
    from .acquire_envelope import AcquireEnvelope
    from .acquire_request import AcquireRequest
    from .acquire_result import AcquireResult
    from .alibaba_region import AlibabaRegion
    from .alibaba_storage import AlibabaStorage
    from .audio_profile import AudioProfile
    from .channel_type import ChannelType
    from .decryption_mode import DecryptionMode
    from .error_code import ErrorCode
    from .error_envelope import ErrorEnvelope
    from .gateway_message import GatewayMessage
    from .mixed_video_layout import MixedVideoLayout
    from .qiniu_region import QiniuRegion
    from .qiniu_storage import QiniuStorage
    from .query_envelope import QueryEnvelope
    from .query_result import QueryResult
    from .query_server_response import QueryServerResponse
    from .recorded_file import RecordedFile
    from .recording_config import RecordingConfig
    from .recording_error import RecordingError
    from .recording_mode import RecordingMode
    from .recording_status import RecordingStatus
    from .s3_region import S3Region
    from .s3_storage import S3Storage
    from .start_client_request import StartClientRequest
    from .start_envelope import StartEnvelope
    from .start_request import StartRequest
    from .start_result import StartResult
    from .stop_client_request import StopClientRequest
    from .stop_envelope import StopEnvelope
    from .stop_request import StopRequest
    from .stop_result import StopResult
    from .stop_server_response import StopServerResponse
    from .stream_types import StreamTypes
    from .transcoding_config import TranscodingConfig
    from .uploading_status import UploadingStatus
    from .video_stream_type import VideoStreamType

_MODULES = {
    "AcquireClientRequest": ".acquire_client_request",
    "AcquireEnvelope": ".acquire_envelope",
    "AcquireRequest": ".acquire_request",
    "AcquireResult": ".acquire_result",
    "AlibabaRegion": ".alibaba_region",
    "AlibabaStorage": ".alibaba_storage",
    "AudioProfile": ".audio_profile",
    "ChannelType": ".channel_type",
    "DecryptionMode": ".decryption_mode",
    "ErrorCode": ".error_code",
    "ErrorEnvelope": ".error_envelope",
    "GatewayMessage": ".gateway_message",
    "MixedVideoLayout": ".mixed_video_layout",
    "QiniuRegion": ".qiniu_region",
    "QiniuStorage": ".qiniu_storage",
    "QueryEnvelope": ".query_envelope",
    "QueryResult": ".query_result",
    "QueryServerResponse": ".query_server_response",
    "RecordedFile": ".recorded_file",
    "RecordingConfig": ".recording_config",
    "RecordingError": ".recording_error",
    "RecordingMode": ".recording_mode",
    "RecordingStatus": ".recording_status",
    "S3Region": ".s3_region",
    "S3Storage": ".s3_storage",
    "StartClientRequest": ".start_client_request",
    "StartEnvelope": ".start_envelope",
    "StartRequest": ".start_request",
    "StartResult": ".start_result",
    "StopClientRequest": ".stop_client_request",
    "StopEnvelope": ".stop_envelope",
    "StopRequest": ".stop_request",
    "StopResult": ".stop_result",
    "StopServerResponse": ".stop_server_response",
    "StreamTypes": ".stream_types",
    "TranscodingConfig": ".transcoding_config",
    "UploadingStatus": ".uploading_status",
    "VideoStreamType": ".video_stream_type",
}


def __getattr__(name: str) -> Any:
    """Loads a model when it is first asked for."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name], __name__), name)


__all__ = (
    "AcquireClientRequest",
    "AcquireEnvelope",
    "AcquireRequest",
    "AcquireResult",
    "AlibabaRegion",
    "AlibabaStorage",
    "AudioProfile",
    "ChannelType",
    "DecryptionMode",
    "ErrorCode",
    "ErrorEnvelope",
    "GatewayMessage",
    "MixedVideoLayout",
    "QiniuRegion",
    "QiniuStorage",
    "QueryEnvelope",
    "QueryResult",
    "QueryServerResponse",
    "RecordedFile",
    "RecordingConfig",
    "RecordingError",
    "RecordingMode",
    "RecordingStatus",
    "S3Region",
    "S3Storage",
    "StartClientRequest",
    "StartEnvelope",
    "StartRequest",
    "StartResult",
    "StopClientRequest",
    "StopEnvelope",
    "StopRequest",
    "StopResult",
    "StopServerResponse",
    "StreamTypes",
    "TranscodingConfig",
    "UploadingStatus",
    "VideoStreamType",
)
