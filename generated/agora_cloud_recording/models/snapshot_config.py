from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.snapshot_file_type import SnapshotFileType
from ..types import UNSET, Unset

T = TypeVar("T", bound="SnapshotConfig")


@_attrs_define
class SnapshotConfig:
    """Snapshots of each user's video, in mode `individual`. `streamTypes` must not be 0; where there is a
    `subscribeAudioUids` there must be a `subscribeVideoUids`.

        Attributes:
            file_type (list[SnapshotFileType]): The formats of the snapshots, `["jpg"]` only.
            capture_interval (int | Unset): How many seconds lie between two snapshots. Left out, 10.
    """

    file_type: list[SnapshotFileType]
    capture_interval: int | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        file_type = []
        for file_type_item_data in self.file_type:
            file_type_item = file_type_item_data.value
            file_type.append(file_type_item)

        capture_interval = self.capture_interval

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "fileType": file_type,
            }
        )
        if capture_interval is not UNSET:
            field_dict["captureInterval"] = capture_interval

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        file_type = []
        _file_type = d.pop("fileType")
        for file_type_item_data in _file_type:
            file_type_item = SnapshotFileType(file_type_item_data)

            file_type.append(file_type_item)

        capture_interval = d.pop("captureInterval", UNSET)

        snapshot_config = cls(
            file_type=file_type,
            capture_interval=capture_interval,
        )

        snapshot_config.additional_properties = d
        return snapshot_config

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
