from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.av_file_type import AvFileType
from ..types import UNSET, Unset

T = TypeVar("T", bound="RecordingFileConfig")


@_attrs_define
class RecordingFileConfig:
    """Which files to make. Left out, M3U8 with TS files; but with `snapshotConfig` alone, snapshots only.

    Attributes:
        av_file_type (list[AvFileType] | Unset): The kinds of files. Modes `mix` and `web` may add `mp4` to `hls`; mode
            `individual` has `hls` only.
    """

    av_file_type: list[AvFileType] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        av_file_type: list[str] | Unset = UNSET
        if not isinstance(self.av_file_type, Unset):
            av_file_type = []
            for av_file_type_item_data in self.av_file_type:
                av_file_type_item = av_file_type_item_data.value
                av_file_type.append(av_file_type_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if av_file_type is not UNSET:
            field_dict["avFileType"] = av_file_type

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        _av_file_type = d.pop("avFileType", UNSET)
        av_file_type: list[AvFileType] | Unset = UNSET
        if _av_file_type is not UNSET:
            av_file_type = []
            for av_file_type_item_data in _av_file_type:
                av_file_type_item = AvFileType(av_file_type_item_data)

                av_file_type.append(av_file_type_item)

        recording_file_config = cls(
            av_file_type=av_file_type,
        )

        recording_file_config.additional_properties = d
        return recording_file_config

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
