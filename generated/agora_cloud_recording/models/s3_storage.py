from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.s3_region import S3Region
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.s3_extension_params import S3ExtensionParams


T = TypeVar("T", bound="S3Storage")


@_attrs_define
class S3Storage:
    """A bucket at Amazon S3.

    Attributes:
        vendor (Literal[1]): 1 is Amazon S3.
        region (S3Region): Where the bucket is, at Amazon S3.
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
        extension_params (S3ExtensionParams | Unset): What Amazon S3 does to uploaded files.
    """

    vendor: Literal[1]
    region: S3Region
    bucket: str
    access_key: str
    secret_key: str
    sts_token: str | Unset = UNSET
    sts_expiration: int | Unset = UNSET
    file_name_prefix: list[str] | Unset = UNSET
    extension_params: S3ExtensionParams | Unset = UNSET
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
        from ..models.s3_extension_params import S3ExtensionParams  # noqa: PLC0415

        d = dict(src_dict)
        vendor = cast(Literal[1], d.pop("vendor"))
        if vendor != 1:
            raise ValueError(f"vendor must match const 1, got '{vendor}'")

        region = S3Region(d.pop("region"))

        bucket = d.pop("bucket")

        access_key = d.pop("accessKey")

        secret_key = d.pop("secretKey")

        sts_token = d.pop("stsToken", UNSET)

        sts_expiration = d.pop("stsExpiration", UNSET)

        file_name_prefix = cast(list[str], d.pop("fileNamePrefix", UNSET))

        _extension_params = d.pop("extensionParams", UNSET)
        extension_params: S3ExtensionParams | Unset
        if isinstance(_extension_params, Unset):
            extension_params = UNSET
        else:
            extension_params = S3ExtensionParams.from_dict(_extension_params)

        s3_storage = cls(
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

        s3_storage.additional_properties = d
        return s3_storage

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
