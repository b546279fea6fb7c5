from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.storage_encryption import StorageEncryption
from ..types import UNSET, Unset

T = TypeVar("T", bound="S3ExtensionParams")


@_attrs_define
class S3ExtensionParams:
    """What Amazon S3 does to uploaded files.

    Attributes:
        sse (StorageEncryption | Unset): How Amazon S3 encrypts uploaded files.
        tag (str | Unset): A tag for each uploaded file.
    """

    sse: StorageEncryption | Unset = UNSET
    tag: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        sse: str | Unset = UNSET
        if not isinstance(self.sse, Unset):
            sse = self.sse.value

        tag = self.tag

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if sse is not UNSET:
            field_dict["sse"] = sse
        if tag is not UNSET:
            field_dict["tag"] = tag

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        _sse = d.pop("sse", UNSET)
        sse: StorageEncryption | Unset
        if isinstance(_sse, Unset):
            sse = UNSET
        else:
            sse = StorageEncryption(_sse)

        tag = d.pop("tag", UNSET)

        s3_extension_params = cls(
            sse=sse,
            tag=tag,
        )

        s3_extension_params.additional_properties = d
        return s3_extension_params

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
