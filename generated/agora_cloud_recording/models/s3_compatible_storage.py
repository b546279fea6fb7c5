from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.s3_compatible_extension_params import S3CompatibleExtensionParams


T = TypeVar("T", bound="S3CompatibleStorage")


@_attrs_define
class S3CompatibleStorage:
    """A bucket at a server that speaks the protocol of S3, wherever it is.

    Attributes:
        vendor (Literal[11]): 11 is any storage that speaks the protocol of S3.
        region (int): 0, for a storage whose region is without effect. It must be given; other numbers pass.
        bucket (str): The bucket for the files.
        access_key (str): The access key of the storage. A secret.
        secret_key (str): The secret key of the storage. A secret.
        extension_params (S3CompatibleExtensionParams): Where the server is.
        file_name_prefix (list[str] | Unset): The folders that the files go to: `["a", "b"]` puts `a/b/` before their
            names. With the slashes at most 128
            characters.
    """

    vendor: Literal[11]
    region: int
    bucket: str
    access_key: str
    secret_key: str
    extension_params: S3CompatibleExtensionParams
    file_name_prefix: list[str] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        vendor = self.vendor

        region = self.region

        bucket = self.bucket

        access_key = self.access_key

        secret_key = self.secret_key

        extension_params = self.extension_params.to_dict()

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
                "extensionParams": extension_params,
            }
        )
        if file_name_prefix is not UNSET:
            field_dict["fileNamePrefix"] = file_name_prefix

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.s3_compatible_extension_params import S3CompatibleExtensionParams  # noqa: PLC0415

        d = dict(src_dict)
        vendor = cast(Literal[11], d.pop("vendor"))
        if vendor != 11:
            raise ValueError(f"vendor must match const 11, got '{vendor}'")

        region = d.pop("region")

        bucket = d.pop("bucket")

        access_key = d.pop("accessKey")

        secret_key = d.pop("secretKey")

        extension_params = S3CompatibleExtensionParams.from_dict(d.pop("extensionParams"))

        file_name_prefix = cast(list[str], d.pop("fileNamePrefix", UNSET))

        s3_compatible_storage = cls(
            vendor=vendor,
            region=region,
            bucket=bucket,
            access_key=access_key,
            secret_key=secret_key,
            extension_params=extension_params,
            file_name_prefix=file_name_prefix,
        )

        s3_compatible_storage.additional_properties = d
        return s3_compatible_storage

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
