from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.channel_page import ChannelPage


T = TypeVar("T", bound="ChannelsAnswer")


@_attrs_define
class ChannelsAnswer:
    """A page of channels.

    Attributes:
        success (bool): True in every response with status 200; false is reserved.
        data (ChannelPage): A page of channels.
    """

    success: bool
    data: ChannelPage
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        success = self.success

        data = self.data.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "success": success,
                "data": data,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.channel_page import ChannelPage  # noqa: PLC0415

        d = dict(src_dict)
        success = d.pop("success")

        data = ChannelPage.from_dict(d.pop("data"))

        channels_answer = cls(
            success=success,
            data=data,
        )

        channels_answer.additional_properties = d
        return channels_answer

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
