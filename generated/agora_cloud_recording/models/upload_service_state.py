from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.upload_payload import UploadPayload


T = TypeVar("T", bound="UploadServiceState")


@_attrs_define
class UploadServiceState:
    """The upload of a web page's files.

    Attributes:
        service_name (Literal['upload_service']): The name of this service.
        payload (UploadPayload): Where the files are.
    """

    service_name: Literal["upload_service"]
    payload: UploadPayload
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        service_name = self.service_name

        payload = self.payload.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "serviceName": service_name,
                "payload": payload,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.upload_payload import UploadPayload  # noqa: PLC0415

        d = dict(src_dict)
        service_name = cast(Literal["upload_service"], d.pop("serviceName"))
        if service_name != "upload_service":
            raise ValueError(f"serviceName must match const 'upload_service', got '{service_name}'")

        payload = UploadPayload.from_dict(d.pop("payload"))

        upload_service_state = cls(
            service_name=service_name,
            payload=payload,
        )

        upload_service_state.additional_properties = d
        return upload_service_state

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
