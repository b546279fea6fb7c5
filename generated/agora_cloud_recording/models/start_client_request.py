from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.alibaba_storage import AlibabaStorage
    from ..models.qiniu_storage import QiniuStorage
    from ..models.recording_config import RecordingConfig
    from ..models.s3_storage import S3Storage


T = TypeVar("T", bound="StartClientRequest")


@_attrs_define
class StartClientRequest:
    """What to record and where the files go.

    Attributes:
        storage_config (AlibabaStorage | QiniuStorage | S3Storage): The storage the files go to. `vendor` says which
            kind, and the kind says what `region` means.
        recording_config (RecordingConfig | Unset): How to record. Everything may be left out.
    """

    storage_config: AlibabaStorage | QiniuStorage | S3Storage
    recording_config: RecordingConfig | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.qiniu_storage import QiniuStorage  # noqa: PLC0415
        from ..models.s3_storage import S3Storage  # noqa: PLC0415

        storage_config: dict[str, Any]
        if isinstance(self.storage_config, QiniuStorage):
            storage_config = self.storage_config.to_dict()
        elif isinstance(self.storage_config, S3Storage):
            storage_config = self.storage_config.to_dict()
        else:
            storage_config = self.storage_config.to_dict()

        recording_config: dict[str, Any] | Unset = UNSET
        if not isinstance(self.recording_config, Unset):
            recording_config = self.recording_config.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "storageConfig": storage_config,
            }
        )
        if recording_config is not UNSET:
            field_dict["recordingConfig"] = recording_config

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.alibaba_storage import AlibabaStorage  # noqa: PLC0415
        from ..models.qiniu_storage import QiniuStorage  # noqa: PLC0415
        from ..models.recording_config import RecordingConfig  # noqa: PLC0415
        from ..models.s3_storage import S3Storage  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_storage_config(data: object) -> AlibabaStorage | QiniuStorage | S3Storage:
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
            if not isinstance(data, dict):
                raise TypeError()
            componentsschemas_storage_config_type_2 = AlibabaStorage.from_dict(data)

            return componentsschemas_storage_config_type_2

        storage_config = _parse_storage_config(d.pop("storageConfig"))

        _recording_config = d.pop("recordingConfig", UNSET)
        recording_config: RecordingConfig | Unset
        if isinstance(_recording_config, Unset):
            recording_config = UNSET
        else:
            recording_config = RecordingConfig.from_dict(_recording_config)

        start_client_request = cls(
            storage_config=storage_config,
            recording_config=recording_config,
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
