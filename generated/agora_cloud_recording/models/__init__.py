"""Contains all the data models used in inputs/outputs"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .abort_policy import AbortPolicy
    from .acquire_client_request import AcquireClientRequest
    from .acquire_request import AcquireRequest
    from .acquire_result import AcquireResult
    from .alibaba_extension_params import AlibabaExtensionParams
    from .alibaba_region import AlibabaRegion
    from .alibaba_storage import AlibabaStorage
    from .apps_collection import AppsCollection
    from .audio_profile import AudioProfile
    from .audio_uid_list import AudioUidList
    from .av_file_type import AvFileType
    from .azure_storage import AzureStorage
    from .baidu_region import BaiduRegion
    from .baidu_storage import BaiduStorage
    from .channel_type import ChannelType
    from .decryption_mode import DecryptionMode
    from .error_code import ErrorCode
    from .extension_service_config import ExtensionServiceConfig
    from .extension_state import ExtensionState
    from .file_list_mode import FileListMode
    from .gateway_message import GatewayMessage
    from .google_storage import GoogleStorage
    from .huawei_region import HuaweiRegion
    from .huawei_storage import HuaweiStorage
    from .ignore_policy import IgnorePolicy
    from .layout_region import LayoutRegion
    from .mix_mode import MixMode
    from .mixed_video_layout import MixedVideoLayout
    from .new_rtmp_output import NewRtmpOutput
    from .other_service_state import OtherServiceState
    from .qiniu_region import QiniuRegion
    from .qiniu_storage import QiniuStorage
    from .query_result import QueryResult
    from .query_server_response import QueryServerResponse
    from .recorded_file import RecordedFile
    from .recording_config import RecordingConfig
    from .recording_error import RecordingError
    from .recording_file_config import RecordingFileConfig
    from .recording_mode import RecordingMode
    from .recording_status import RecordingStatus
    from .region_affinity import RegionAffinity
    from .render_mode import RenderMode
    from .rtmp_output import RtmpOutput
    from .rtmp_output_state import RtmpOutputState
    from .rtmp_publish_config import RtmpPublishConfig
    from .rtmp_publish_param import RtmpPublishParam
    from .rtmp_publish_payload import RtmpPublishPayload
    from .rtmp_publish_service import RtmpPublishService
    from .rtmp_publish_service_state import RtmpPublishServiceState
    from .rtmp_status import RtmpStatus
    from .s3_compatible_extension_params import S3CompatibleExtensionParams
    from .s3_compatible_storage import S3CompatibleStorage
    from .s3_extension_params import S3ExtensionParams
    from .s3_region import S3Region
    from .s3_storage import S3Storage
    from .scene import Scene
    from .service_region import ServiceRegion
    from .snapshot_config import SnapshotConfig
    from .snapshot_file_type import SnapshotFileType
    from .start_client_request import StartClientRequest
    from .start_parameter import StartParameter
    from .start_request import StartRequest
    from .start_result import StartResult
    from .stop_client_request import StopClientRequest
    from .stop_request import StopRequest
    from .stop_result import StopResult
    from .stop_server_response import StopServerResponse
    from .storage_encryption import StorageEncryption
    from .stream_mode import StreamMode
    from .stream_subscribe import StreamSubscribe
    from .stream_types import StreamTypes
    from .subscribe_uid_group import SubscribeUidGroup
    from .tencent_region import TencentRegion
    from .tencent_storage import TencentStorage
    from .transcode_options import TranscodeOptions
    from .transcoding_config import TranscodingConfig
    from .update_client_request import UpdateClientRequest
    from .update_layout_client_request import UpdateLayoutClientRequest
    from .update_layout_request import UpdateLayoutRequest
    from .update_request import UpdateRequest
    from .update_result import UpdateResult
    from .upload_payload import UploadPayload
    from .upload_service_state import UploadServiceState
    from .uploading_status import UploadingStatus
    from .user_background import UserBackground
    from .video_stream_type import VideoStreamType
    from .video_uid_list import VideoUidList
    from .web_recorded_file import WebRecordedFile
    from .web_recorder_param import WebRecorderParam
    from .web_recorder_payload import WebRecorderPayload
    from .web_recorder_service import WebRecorderService
    from .web_recorder_service_state import WebRecorderServiceState
    from .web_recording_config import WebRecordingConfig

_MODULES = {
    "AbortPolicy": ".abort_policy",
    "AcquireClientRequest": ".acquire_client_request",
    "AcquireRequest": ".acquire_request",
    "AcquireResult": ".acquire_result",
    "AlibabaExtensionParams": ".alibaba_extension_params",
    "AlibabaRegion": ".alibaba_region",
    "AlibabaStorage": ".alibaba_storage",
    "AppsCollection": ".apps_collection",
    "AudioProfile": ".audio_profile",
    "AudioUidList": ".audio_uid_list",
    "AvFileType": ".av_file_type",
    "AzureStorage": ".azure_storage",
    "BaiduRegion": ".baidu_region",
    "BaiduStorage": ".baidu_storage",
    "ChannelType": ".channel_type",
    "DecryptionMode": ".decryption_mode",
    "ErrorCode": ".error_code",
    "ExtensionServiceConfig": ".extension_service_config",
    "ExtensionState": ".extension_state",
    "FileListMode": ".file_list_mode",
    "GatewayMessage": ".gateway_message",
    "GoogleStorage": ".google_storage",
    "HuaweiRegion": ".huawei_region",
    "HuaweiStorage": ".huawei_storage",
    "IgnorePolicy": ".ignore_policy",
    "LayoutRegion": ".layout_region",
    "MixMode": ".mix_mode",
    "MixedVideoLayout": ".mixed_video_layout",
    "NewRtmpOutput": ".new_rtmp_output",
    "OtherServiceState": ".other_service_state",
    "QiniuRegion": ".qiniu_region",
    "QiniuStorage": ".qiniu_storage",
    "QueryResult": ".query_result",
    "QueryServerResponse": ".query_server_response",
    "RecordedFile": ".recorded_file",
    "RecordingConfig": ".recording_config",
    "RecordingError": ".recording_error",
    "RecordingFileConfig": ".recording_file_config",
    "RecordingMode": ".recording_mode",
    "RecordingStatus": ".recording_status",
    "RegionAffinity": ".region_affinity",
    "RenderMode": ".render_mode",
    "RtmpOutput": ".rtmp_output",
    "RtmpOutputState": ".rtmp_output_state",
    "RtmpPublishConfig": ".rtmp_publish_config",
    "RtmpPublishParam": ".rtmp_publish_param",
    "RtmpPublishPayload": ".rtmp_publish_payload",
    "RtmpPublishService": ".rtmp_publish_service",
    "RtmpPublishServiceState": ".rtmp_publish_service_state",
    "RtmpStatus": ".rtmp_status",
    "S3CompatibleExtensionParams": ".s3_compatible_extension_params",
    "S3CompatibleStorage": ".s3_compatible_storage",
    "S3ExtensionParams": ".s3_extension_params",
    "S3Region": ".s3_region",
    "S3Storage": ".s3_storage",
    "Scene": ".scene",
    "ServiceRegion": ".service_region",
    "SnapshotConfig": ".snapshot_config",
    "SnapshotFileType": ".snapshot_file_type",
    "StartClientRequest": ".start_client_request",
    "StartParameter": ".start_parameter",
    "StartRequest": ".start_request",
    "StartResult": ".start_result",
    "StopClientRequest": ".stop_client_request",
    "StopRequest": ".stop_request",
    "StopResult": ".stop_result",
    "StopServerResponse": ".stop_server_response",
    "StorageEncryption": ".storage_encryption",
    "StreamMode": ".stream_mode",
    "StreamSubscribe": ".stream_subscribe",
    "StreamTypes": ".stream_types",
    "SubscribeUidGroup": ".subscribe_uid_group",
    "TencentRegion": ".tencent_region",
    "TencentStorage": ".tencent_storage",
    "TranscodeOptions": ".transcode_options",
    "TranscodingConfig": ".transcoding_config",
    "UpdateClientRequest": ".update_client_request",
    "UpdateLayoutClientRequest": ".update_layout_client_request",
    "UpdateLayoutRequest": ".update_layout_request",
    "UpdateRequest": ".update_request",
    "UpdateResult": ".update_result",
    "UploadPayload": ".upload_payload",
    "UploadServiceState": ".upload_service_state",
    "UploadingStatus": ".uploading_status",
    "UserBackground": ".user_background",
    "VideoStreamType": ".video_stream_type",
    "VideoUidList": ".video_uid_list",
    "WebRecordedFile": ".web_recorded_file",
    "WebRecorderParam": ".web_recorder_param",
    "WebRecorderPayload": ".web_recorder_payload",
    "WebRecorderService": ".web_recorder_service",
    "WebRecorderServiceState": ".web_recorder_service_state",
    "WebRecordingConfig": ".web_recording_config",
}


def __getattr__(name: str) -> Any:
    """Loads a model when it is first asked for."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name], __name__), name)


__all__ = (
    "AbortPolicy",
    "AcquireClientRequest",
    "AcquireRequest",
    "AcquireResult",
    "AlibabaExtensionParams",
    "AlibabaRegion",
    "AlibabaStorage",
    "AppsCollection",
    "AudioProfile",
    "AudioUidList",
    "AvFileType",
    "AzureStorage",
    "BaiduRegion",
    "BaiduStorage",
    "ChannelType",
    "DecryptionMode",
    "ErrorCode",
    "ExtensionServiceConfig",
    "ExtensionState",
    "FileListMode",
    "GatewayMessage",
    "GoogleStorage",
    "HuaweiRegion",
    "HuaweiStorage",
    "IgnorePolicy",
    "LayoutRegion",
    "MixedVideoLayout",
    "MixMode",
    "NewRtmpOutput",
    "OtherServiceState",
    "QiniuRegion",
    "QiniuStorage",
    "QueryResult",
    "QueryServerResponse",
    "RecordedFile",
    "RecordingConfig",
    "RecordingError",
    "RecordingFileConfig",
    "RecordingMode",
    "RecordingStatus",
    "RegionAffinity",
    "RenderMode",
    "RtmpOutput",
    "RtmpOutputState",
    "RtmpPublishConfig",
    "RtmpPublishParam",
    "RtmpPublishPayload",
    "RtmpPublishService",
    "RtmpPublishServiceState",
    "RtmpStatus",
    "S3CompatibleExtensionParams",
    "S3CompatibleStorage",
    "S3ExtensionParams",
    "S3Region",
    "S3Storage",
    "Scene",
    "ServiceRegion",
    "SnapshotConfig",
    "SnapshotFileType",
    "StartClientRequest",
    "StartParameter",
    "StartRequest",
    "StartResult",
    "StopClientRequest",
    "StopRequest",
    "StopResult",
    "StopServerResponse",
    "StorageEncryption",
    "StreamMode",
    "StreamSubscribe",
    "StreamTypes",
    "SubscribeUidGroup",
    "TencentRegion",
    "TencentStorage",
    "TranscodeOptions",
    "TranscodingConfig",
    "UpdateClientRequest",
    "UpdateLayoutClientRequest",
    "UpdateLayoutRequest",
    "UpdateRequest",
    "UpdateResult",
    "UploadingStatus",
    "UploadPayload",
    "UploadServiceState",
    "UserBackground",
    "VideoStreamType",
    "VideoUidList",
    "WebRecordedFile",
    "WebRecorderParam",
    "WebRecorderPayload",
    "WebRecorderService",
    "WebRecorderServiceState",
    "WebRecordingConfig",
)
