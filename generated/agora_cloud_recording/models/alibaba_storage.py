from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.alibaba_region import AlibabaRegion
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.alibaba_extension_params import AlibabaExtensionParams


T = TypeVar("T", bound="AlibabaStorage")


@_attrs_define
class AlibabaStorage:
    """A bucket at Alibaba Cloud.

    Attributes:
        vendor (Literal[2]): 2 is Alibaba Cloud.
        region (AlibabaRegion): Where the bucket is, at Alibaba Cloud.
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
        extension_params (AlibabaExtensionParams | Unset): What Alibaba Cloud does to uploaded files.
    """

    vendor: Literal[2]
    region: AlibabaRegion
    bucket: str
    access_key: str
    secret_key: str
    sts_token: str | Unset = UNSET
    sts_expiration: int | Unset = UNSET
    file_name_prefix: list[str] | Unset = UNSET
    extension_params: AlibabaExtensionParams | Unset = UNSET
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

        extension_params: dict[str, Any] | Unset = UNSET
        if not isinstance(self.extension_params, Unset):
            extension_params = self.extension_params.to_dict()

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
        if extension_params is not UNSET:
            field_dict["extensionParams"] = extension_params

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.alibaba_extension_params import AlibabaExtensionParams  # noqa: PLC0415

        d = dict(src_dict)
        vendor = cast(Literal[2], d.pop("vendor"))
        if vendor != 2:
            raise ValueError(f"vendor must match const 2, got '{vendor}'")

        region = AlibabaRegion(d.pop("region"))

        bucket = d.pop("bucket")

        access_key = d.pop("accessKey")

        secret_key = d.pop("secretKey")

        sts_token = d.pop("stsToken", UNSET)

        sts_expiration = d.pop("stsExpiration", UNSET)

        file_name_prefix = cast(list[str], d.pop("fileNamePrefix", UNSET))

        _extension_params = d.pop("extensionParams", UNSET)
        extension_params: AlibabaExtensionParams | Unset
        if isinstance(_extension_params, Unset):
            extension_params = UNSET
        else:
            extension_params = AlibabaExtensionParams.from_dict(_extension_params)

        alibaba_storage = cls(
            vendor=vendor,
            region=region,
            bucket=bucket,
            access_key=access_key,
            secret_key=secret_key,
            sts_token=sts_token,
            sts_expiration=sts_expiration,
            file_name_prefix=file_name_prefix,
            extension_params=extension_params,
        )

        alibaba_storage.additional_properties = d
        return alibaba_storage

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
