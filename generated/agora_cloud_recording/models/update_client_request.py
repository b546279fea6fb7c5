from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.alibaba_storage import AlibabaStorage
    from ..models.azure_storage import AzureStorage
    from ..models.baidu_storage import BaiduStorage
    from ..models.google_storage import GoogleStorage
    from ..models.huawei_storage import HuaweiStorage
    from ..models.qiniu_storage import QiniuStorage
    from ..models.rtmp_publish_config import RtmpPublishConfig
    from ..models.s3_compatible_storage import S3CompatibleStorage
    from ..models.s3_storage import S3Storage
    from ..models.stream_subscribe import StreamSubscribe
    from ..models.tencent_storage import TencentStorage
    from ..models.web_recording_config import WebRecordingConfig


T = TypeVar("T", bound="UpdateClientRequest")


@_attrs_define
class UpdateClientRequest:
    """What changes. `streamSubscribe` is for modes `individual` and `mix`, `webRecordingConfig` and
    `rtmpPublishConfig` are for mode `web`, `storageConfig` is for all.

        Attributes:
            stream_subscribe (StreamSubscribe | Unset): Which users to record from now on.
            web_recording_config (WebRecordingConfig | Unset): Whether to pause the recording of a page or to resume it.
            rtmp_publish_config (RtmpPublishConfig | Unset): Where to push the page from now on.
            storage_config (AlibabaStorage | AzureStorage | BaiduStorage | GoogleStorage | HuaweiStorage | QiniuStorage |
                S3CompatibleStorage | S3Storage | TencentStorage | Unset): The storage the files go to. `vendor` says which
                kind, and the kind says what `region` means.
    """

    stream_subscribe: StreamSubscribe | Unset = UNSET
    web_recording_config: WebRecordingConfig | Unset = UNSET
    rtmp_publish_config: RtmpPublishConfig | Unset = UNSET
    storage_config: (
        AlibabaStorage
        | AzureStorage
        | BaiduStorage
        | GoogleStorage
        | HuaweiStorage
        | QiniuStorage
        | S3CompatibleStorage
        | S3Storage
        | TencentStorage
        | Unset
    ) = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.alibaba_storage import AlibabaStorage  # noqa: PLC0415
        from ..models.azure_storage import AzureStorage  # noqa: PLC0415
        from ..models.baidu_storage import BaiduStorage  # noqa: PLC0415
        from ..models.google_storage import GoogleStorage  # noqa: PLC0415
        from ..models.huawei_storage import HuaweiStorage  # noqa: PLC0415
        from ..models.qiniu_storage import QiniuStorage  # noqa: PLC0415
        from ..models.s3_storage import S3Storage  # noqa: PLC0415
        from ..models.tencent_storage import TencentStorage  # noqa: PLC0415

        stream_subscribe: dict[str, Any] | Unset = UNSET
        if not isinstance(self.stream_subscribe, Unset):
            stream_subscribe = self.stream_subscribe.to_dict()

        web_recording_config: dict[str, Any] | Unset = UNSET
        if not isinstance(self.web_recording_config, Unset):
            web_recording_config = self.web_recording_config.to_dict()

        rtmp_publish_config: dict[str, Any] | Unset = UNSET
        if not isinstance(self.rtmp_publish_config, Unset):
            rtmp_publish_config = self.rtmp_publish_config.to_dict()

        storage_config: dict[str, Any] | Unset
        if isinstance(self.storage_config, Unset):
            storage_config = UNSET
        elif isinstance(self.storage_config, QiniuStorage):
            storage_config = self.storage_config.to_dict()
        elif isinstance(self.storage_config, S3Storage):
            storage_config = self.storage_config.to_dict()
        elif isinstance(self.storage_config, AlibabaStorage):
            storage_config = self.storage_config.to_dict()
        elif isinstance(self.storage_config, TencentStorage):
            storage_config = self.storage_config.to_dict()
        elif isinstance(self.storage_config, AzureStorage):
            storage_config = self.storage_config.to_dict()
        elif isinstance(self.storage_config, GoogleStorage):
            storage_config = self.storage_config.to_dict()
        elif isinstance(self.storage_config, HuaweiStorage):
            storage_config = self.storage_config.to_dict()
        elif isinstance(self.storage_config, BaiduStorage):
            storage_config = self.storage_config.to_dict()
        else:
            storage_config = self.storage_config.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if stream_subscribe is not UNSET:
            field_dict["streamSubscribe"] = stream_subscribe
        if web_recording_config is not UNSET:
            field_dict["webRecordingConfig"] = web_recording_config
        if rtmp_publish_config is not UNSET:
            field_dict["rtmpPublishConfig"] = rtmp_publish_config
        if storage_config is not UNSET:
            field_dict["storageConfig"] = storage_config

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.alibaba_storage import AlibabaStorage  # noqa: PLC0415
        from ..models.azure_storage import AzureStorage  # noqa: PLC0415
        from ..models.baidu_storage import BaiduStorage  # noqa: PLC0415
        from ..models.google_storage import GoogleStorage  # noqa: PLC0415
        from ..models.huawei_storage import HuaweiStorage  # noqa: PLC0415
        from ..models.qiniu_storage import QiniuStorage  # noqa: PLC0415
        from ..models.rtmp_publish_config import RtmpPublishConfig  # noqa: PLC0415
        from ..models.s3_compatible_storage import S3CompatibleStorage  # noqa: PLC0415
        from ..models.s3_storage import S3Storage  # noqa: PLC0415
        from ..models.stream_subscribe import StreamSubscribe  # noqa: PLC0415
        from ..models.tencent_storage import TencentStorage  # noqa: PLC0415
        from ..models.web_recording_config import WebRecordingConfig  # noqa: PLC0415

        d = dict(src_dict)
        _stream_subscribe = d.pop("streamSubscribe", UNSET)
        stream_subscribe: StreamSubscribe | Unset
        if isinstance(_stream_subscribe, Unset):
            stream_subscribe = UNSET
        else:
            stream_subscribe = StreamSubscribe.from_dict(_stream_subscribe)

        _web_recording_config = d.pop("webRecordingConfig", UNSET)
        web_recording_config: WebRecordingConfig | Unset
        if isinstance(_web_recording_config, Unset):
            web_recording_config = UNSET
        else:
            web_recording_config = WebRecordingConfig.from_dict(_web_recording_config)

        _rtmp_publish_config = d.pop("rtmpPublishConfig", UNSET)
        rtmp_publish_config: RtmpPublishConfig | Unset
        if isinstance(_rtmp_publish_config, Unset):
            rtmp_publish_config = UNSET
        else:
            rtmp_publish_config = RtmpPublishConfig.from_dict(_rtmp_publish_config)

        def _parse_storage_config(
            data: object,
        ) -> (
            AlibabaStorage
            | AzureStorage
            | BaiduStorage
            | GoogleStorage
            | HuaweiStorage
            | QiniuStorage
            | S3CompatibleStorage
            | S3Storage
            | TencentStorage
            | Unset
        ):
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_storage_config_type_0 = QiniuStorage.from_dict(data)

                return componentsschemas_storage_config_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_storage_config_type_1 = S3Storage.from_dict(data)

                return componentsschemas_storage_config_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_storage_config_type_2 = AlibabaStorage.from_dict(data)

                return componentsschemas_storage_config_type_2
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_storage_config_type_3 = TencentStorage.from_dict(data)

                return componentsschemas_storage_config_type_3
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_storage_config_type_4 = AzureStorage.from_dict(data)

                return componentsschemas_storage_config_type_4
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_storage_config_type_5 = GoogleStorage.from_dict(data)

                return componentsschemas_storage_config_type_5
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_storage_config_type_6 = HuaweiStorage.from_dict(data)

                return componentsschemas_storage_config_type_6
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_storage_config_type_7 = BaiduStorage.from_dict(data)

                return componentsschemas_storage_config_type_7
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            componentsschemas_storage_config_type_8 = S3CompatibleStorage.from_dict(data)

            return componentsschemas_storage_config_type_8

        storage_config = _parse_storage_config(d.pop("storageConfig", UNSET))

        update_client_request = cls(
            stream_subscribe=stream_subscribe,
            web_recording_config=web_recording_config,
            rtmp_publish_config=rtmp_publish_config,
            storage_config=storage_config,
        )

        update_client_request.additional_properties = d
        return update_client_request

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
