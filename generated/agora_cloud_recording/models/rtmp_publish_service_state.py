from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.rtmp_publish_payload import RtmpPublishPayload


T = TypeVar("T", bound="RtmpPublishServiceState")


@_attrs_define
class RtmpPublishServiceState:
    """The push of a web page.

    Attributes:
        service_name (Literal['rtmp_publish_service']): The name of this service.
        payload (RtmpPublishPayload): How far the push of a web page is.
    """

    service_name: Literal["rtmp_publish_service"]
    payload: RtmpPublishPayload
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
        from ..models.rtmp_publish_payload import RtmpPublishPayload  # noqa: PLC0415

        d = dict(src_dict)
        service_name = cast(Literal["rtmp_publish_service"], d.pop("serviceName"))
        if service_name != "rtmp_publish_service":
            raise ValueError(f"serviceName must match const 'rtmp_publish_service', got '{service_name}'")

        payload = RtmpPublishPayload.from_dict(d.pop("payload"))

        rtmp_publish_service_state = cls(
            service_name=service_name,
            payload=payload,
        )

        rtmp_publish_service_state.additional_properties = d
        return rtmp_publish_service_state

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
