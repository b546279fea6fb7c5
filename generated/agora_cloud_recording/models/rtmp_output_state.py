from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.rtmp_status import RtmpStatus

T = TypeVar("T", bound="RtmpOutputState")


@_attrs_define
class RtmpOutputState:
    """How the push to one address is doing.

    Attributes:
        rtmp_url (str): The address. A secret, for the key of the stream is a part of it.
        status (RtmpStatus): How a push is doing.
    """

    rtmp_url: str
    status: RtmpStatus
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        rtmp_url = self.rtmp_url

        status = self.status.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "rtmpUrl": rtmp_url,
                "status": status,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        rtmp_url = d.pop("rtmpUrl")

        status = RtmpStatus(d.pop("status"))

        rtmp_output_state = cls(
            rtmp_url=rtmp_url,
            status=status,
        )

        rtmp_output_state.additional_properties = d
        return rtmp_output_state

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
