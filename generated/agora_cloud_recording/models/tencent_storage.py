from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.tencent_region import TencentRegion
from ..types import UNSET, Unset

T = TypeVar("T", bound="TencentStorage")


@_attrs_define
class TencentStorage:
    """A bucket at Tencent Cloud.

    Attributes:
        vendor (Literal[3]): 3 is Tencent Cloud.
        region (TencentRegion): Where the bucket is, at Tencent Cloud.
        bucket (str): The bucket for the files.
        access_key (str): The access key of the storage. A secret.
        secret_key (str): The secret key of the storage. A secret.
        sts_token (str | Unset): A temporary security token of the storage, good for 4 hours at the least. A secret.
        sts_expiration (int | Unset): When `stsToken` ends, Unix time in seconds. A recording of more than an hour
            renews token and time by `update`
            every 60 minutes.
        file_name_prefix (list[str] | Unset): The folders that the files go to: `["a", "b"]` puts `a/b/` before their
            names. With the slashes at most 128
            characters.
    """

    vendor: Literal[3]
    region: TencentRegion
    bucket: str
    access_key: str
    secret_key: str
    sts_token: str | Unset = UNSET
    sts_expiration: int | Unset = UNSET
    file_name_prefix: list[str] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        vendor = self.vendor

        region = self.region.value

        bucket = self.bucket

        access_key = self.access_key

        secret_key = self.secret_key

        sts_token = self.sts_token

        sts_expiration = self.sts_expiration

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
        if sts_token is not UNSET:
            field_dict["stsToken"] = sts_token
        if sts_expiration is not UNSET:
            field_dict["stsExpiration"] = sts_expiration
        if file_name_prefix is not UNSET:
            field_dict["fileNamePrefix"] = file_name_prefix

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        vendor = cast(Literal[3], d.pop("vendor"))
        if vendor != 3:
            raise ValueError(f"vendor must match const 3, got '{vendor}'")

        region = TencentRegion(d.pop("region"))

        bucket = d.pop("bucket")

        access_key = d.pop("accessKey")

        secret_key = d.pop("secretKey")

        sts_token = d.pop("stsToken", UNSET)

        sts_expiration = d.pop("stsExpiration", UNSET)

        file_name_prefix = cast(list[str], d.pop("fileNamePrefix", UNSET))

        tencent_storage = cls(
            vendor=vendor,
            region=region,
            bucket=bucket,
            access_key=access_key,
            secret_key=secret_key,
            sts_token=sts_token,
            sts_expiration=sts_expiration,
            file_name_prefix=file_name_prefix,
        )

        tencent_storage.additional_properties = d
        return tencent_storage

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
