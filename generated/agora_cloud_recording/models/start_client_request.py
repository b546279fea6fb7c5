from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.alibaba_storage import AlibabaStorage
    from ..models.apps_collection import AppsCollection
    from ..models.azure_storage import AzureStorage
    from ..models.baidu_storage import BaiduStorage
    from ..models.extension_service_config import ExtensionServiceConfig
    from ..models.google_storage import GoogleStorage
    from ..models.huawei_storage import HuaweiStorage
    from ..models.qiniu_storage import QiniuStorage
    from ..models.recording_config import RecordingConfig
    from ..models.recording_file_config import RecordingFileConfig
    from ..models.s3_compatible_storage import S3CompatibleStorage
    from ..models.s3_storage import S3Storage
    from ..models.snapshot_config import SnapshotConfig
    from ..models.tencent_storage import TencentStorage
    from ..models.transcode_options import TranscodeOptions


T = TypeVar("T", bound="StartClientRequest")


@_attrs_define
class StartClientRequest:
    """What to record and where the files go.

    Attributes:
        storage_config (AlibabaStorage | AzureStorage | BaiduStorage | GoogleStorage | HuaweiStorage | QiniuStorage |
            S3CompatibleStorage | S3Storage | TencentStorage): The storage the files go to. `vendor` says which kind, and
            the kind says what `region` means.
        recording_config (RecordingConfig | Unset): How to record a channel. Everything may be left out, but for
            `subscribeUidGroup` in mode `individual`. A
            subscription list for one medium alone means that the other medium is not recorded at all.
        token (str | Unset): The token to join the channel with, needed when the project's App Certificate is on. It
            cannot be renewed
            and must outlive the recording. A secret.
        recording_file_config (RecordingFileConfig | Unset): Which files to make. Left out, M3U8 with TS files; but with
            `snapshotConfig` alone, snapshots only.
        snapshot_config (SnapshotConfig | Unset): Snapshots of each user's video, in mode `individual`. `streamTypes`
            must not be 0; where there is a
            `subscribeAudioUids` there must be a `subscribeVideoUids`.
        extension_service_config (ExtensionServiceConfig | Unset): What mode `web` records, and where it is pushed to.
        apps_collection (AppsCollection | Unset): How to use the services of a recording. Not in the documents any more;
            it passes unread.
        transcode_options (TranscodeOptions | Unset): Transcoding after the recording. Not in the documents any more; it
            passes unread.
    """

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
    )
    recording_config: RecordingConfig | Unset = UNSET
    token: str | Unset = UNSET
    recording_file_config: RecordingFileConfig | Unset = UNSET
    snapshot_config: SnapshotConfig | Unset = UNSET
    extension_service_config: ExtensionServiceConfig | Unset = UNSET
    apps_collection: AppsCollection | Unset = UNSET
    transcode_options: TranscodeOptions | Unset = UNSET
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

        storage_config: dict[str, Any]
        if isinstance(self.storage_config, QiniuStorage):
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

        recording_config: dict[str, Any] | Unset = UNSET
        if not isinstance(self.recording_config, Unset):
            recording_config = self.recording_config.to_dict()

        token = self.token

        recording_file_config: dict[str, Any] | Unset = UNSET
        if not isinstance(self.recording_file_config, Unset):
            recording_file_config = self.recording_file_config.to_dict()

        snapshot_config: dict[str, Any] | Unset = UNSET
        if not isinstance(self.snapshot_config, Unset):
            snapshot_config = self.snapshot_config.to_dict()

        extension_service_config: dict[str, Any] | Unset = UNSET
        if not isinstance(self.extension_service_config, Unset):
            extension_service_config = self.extension_service_config.to_dict()

        apps_collection: dict[str, Any] | Unset = UNSET
        if not isinstance(self.apps_collection, Unset):
            apps_collection = self.apps_collection.to_dict()

        transcode_options: dict[str, Any] | Unset = UNSET
        if not isinstance(self.transcode_options, Unset):
            transcode_options = self.transcode_options.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "storageConfig": storage_config,
            }
        )
        if recording_config is not UNSET:
            field_dict["recordingConfig"] = recording_config
        if token is not UNSET:
            field_dict["token"] = token
        if recording_file_config is not UNSET:
            field_dict["recordingFileConfig"] = recording_file_config
        if snapshot_config is not UNSET:
            field_dict["snapshotConfig"] = snapshot_config
        if extension_service_config is not UNSET:
            field_dict["extensionServiceConfig"] = extension_service_config
        if apps_collection is not UNSET:
            field_dict["appsCollection"] = apps_collection
        if transcode_options is not UNSET:
            field_dict["transcodeOptions"] = transcode_options

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.alibaba_storage import AlibabaStorage  # noqa: PLC0415
        from ..models.apps_collection import AppsCollection  # noqa: PLC0415
        from ..models.azure_storage import AzureStorage  # noqa: PLC0415
        from ..models.baidu_storage import BaiduStorage  # noqa: PLC0415
        from ..models.extension_service_config import ExtensionServiceConfig  # noqa: PLC0415
        from ..models.google_storage import GoogleStorage  # noqa: PLC0415
        from ..models.huawei_storage import HuaweiStorage  # noqa: PLC0415
        from ..models.qiniu_storage import QiniuStorage  # noqa: PLC0415
        from ..models.recording_config import RecordingConfig  # noqa: PLC0415
        from ..models.recording_file_config import RecordingFileConfig  # noqa: PLC0415
        from ..models.s3_compatible_storage import S3CompatibleStorage  # noqa: PLC0415
        from ..models.s3_storage import S3Storage  # noqa: PLC0415
        from ..models.snapshot_config import SnapshotConfig  # noqa: PLC0415
        from ..models.tencent_storage import TencentStorage  # noqa: PLC0415
        from ..models.transcode_options import TranscodeOptions  # noqa: PLC0415

        d = dict(src_dict)

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
        ):
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

        storage_config = _parse_storage_config(d.pop("storageConfig"))

        _recording_config = d.pop("recordingConfig", UNSET)
        recording_config: RecordingConfig | Unset
        if isinstance(_recording_config, Unset):
            recording_config = UNSET
        else:
            recording_config = RecordingConfig.from_dict(_recording_config)

        token = d.pop("token", UNSET)

        _recording_file_config = d.pop("recordingFileConfig", UNSET)
        recording_file_config: RecordingFileConfig | Unset
        if isinstance(_recording_file_config, Unset):
            recording_file_config = UNSET
        else:
            recording_file_config = RecordingFileConfig.from_dict(_recording_file_config)

        _snapshot_config = d.pop("snapshotConfig", UNSET)
        snapshot_config: SnapshotConfig | Unset
        if isinstance(_snapshot_config, Unset):
            snapshot_config = UNSET
        else:
            snapshot_config = SnapshotConfig.from_dict(_snapshot_config)

        _extension_service_config = d.pop("extensionServiceConfig", UNSET)
        extension_service_config: ExtensionServiceConfig | Unset
        if isinstance(_extension_service_config, Unset):
            extension_service_config = UNSET
        else:
            extension_service_config = ExtensionServiceConfig.from_dict(_extension_service_config)

        _apps_collection = d.pop("appsCollection", UNSET)
        apps_collection: AppsCollection | Unset
        if isinstance(_apps_collection, Unset):
            apps_collection = UNSET
        else:
            apps_collection = AppsCollection.from_dict(_apps_collection)

        _transcode_options = d.pop("transcodeOptions", UNSET)
        transcode_options: TranscodeOptions | Unset
        if isinstance(_transcode_options, Unset):
            transcode_options = UNSET
        else:
            transcode_options = TranscodeOptions.from_dict(_transcode_options)

        start_client_request = cls(
            storage_config=storage_config,
            recording_config=recording_config,
            token=token,
            recording_file_config=recording_file_config,
            snapshot_config=snapshot_config,
            extension_service_config=extension_service_config,
            apps_collection=apps_collection,
            transcode_options=transcode_options,
        )

        start_client_request.additional_properties = d
        return start_client_request

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
