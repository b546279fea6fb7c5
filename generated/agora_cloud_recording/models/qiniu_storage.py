from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.qiniu_region import QiniuRegion

T = TypeVar("T", bound="QiniuStorage")


@_attrs_define
class QiniuStorage:
    """A bucket at Qiniu. Not in the documents any more; it still passes.

    Attributes:
        vendor (Literal[0]): 0 is Qiniu.
        region (QiniuRegion): Where the bucket is, at Qiniu.
        bucket (str): The bucket for the files.
        access_key (str): The access key of the storage. A secret.
        secret_key (str): The secret key of the storage. A secret.
    """

    vendor: Literal[0]
    region: QiniuRegion
    bucket: str
    access_key: str
    secret_key: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        vendor = self.vendor

        region = self.region.value

        bucket = self.bucket

        access_key = self.access_key

        secret_key = self.secret_key

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

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        vendor = cast(Literal[0], d.pop("vendor"))
        if vendor != 0:
            raise ValueError(f"vendor must match const 0, got '{vendor}'")

        region = QiniuRegion(d.pop("region"))

        bucket = d.pop("bucket")

        access_key = d.pop("accessKey")

        secret_key = d.pop("secretKey")

        qiniu_storage = cls(
            vendor=vendor,
            region=region,
            bucket=bucket,
            access_key=access_key,
            secret_key=secret_key,
        )

        qiniu_storage.additional_properties = d
        return qiniu_storage

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
