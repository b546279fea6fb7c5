from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="GoogleStorage")


@_attrs_define
class GoogleStorage:
    """A bucket at Google Cloud.

    Attributes:
        vendor (Literal[6]): 6 is Google Cloud.
        region (int): 0, for a storage whose region is without effect. It must be given; other numbers pass.
        bucket (str): The bucket for the files.
        access_key (str): The access key of the storage. A secret.
        secret_key (str): The secret key of the storage. A secret.
        file_name_prefix (list[str] | Unset): The folders that the files go to: `["a", "b"]` puts `a/b/` before their
            names. With the slashes at most 128
            characters.
    """

    vendor: Literal[6]
    region: int
    bucket: str
    access_key: str
    secret_key: str
    file_name_prefix: list[str] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        vendor = self.vendor

        region = self.region

        bucket = self.bucket

        access_key = self.access_key

        secret_key = self.secret_key

        file_name_prefix: list[str] | Unset = UNSET
        if not isinstance(self.file_name_prefix, Unset):
            file_name_prefix = self.file_name_prefix

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "vendor": vendor,
                "region": region,
                "bucket": bucket,
                "accessKey": access_key,
                "secretKey": secret_key,
            }
        )
        if file_name_prefix is not UNSET:
            field_dict["fileNamePrefix"] = file_name_prefix

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        vendor = cast(Literal[6], d.pop("vendor"))
        if vendor != 6:
            raise ValueError(f"vendor must match const 6, got '{vendor}'")

        region = d.pop("region")

        bucket = d.pop("bucket")

        access_key = d.pop("accessKey")

        secret_key = d.pop("secretKey")

        file_name_prefix = cast(list[str], d.pop("fileNamePrefix", UNSET))

        google_storage = cls(
            vendor=vendor,
            region=region,
            bucket=bucket,
            access_key=access_key,
            secret_key=secret_key,
            file_name_prefix=file_name_prefix,
        )

        google_storage.additional_properties = d
        return google_storage

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
