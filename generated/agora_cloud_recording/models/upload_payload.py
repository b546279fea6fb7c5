from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.uploading_status import UploadingStatus

T = TypeVar("T", bound="UploadPayload")


@_attrs_define
class UploadPayload:
    """Where the files are.

    Attributes:
        uploading_status (UploadingStatus): Where the files of a stopped recording are.
    """

    uploading_status: UploadingStatus
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        uploading_status = self.uploading_status.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "uploadingStatus": uploading_status,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        uploading_status = UploadingStatus(d.pop("uploadingStatus"))

        upload_payload = cls(
            uploading_status=uploading_status,
        )

        upload_payload.additional_properties = d
        return upload_payload

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
