from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ChannelSummary")


@_attrs_define
class ChannelSummary:
    """A channel and how many are in it.

    Attributes:
        channel_name (str): The name of a channel: 1 to 64 bytes out of 89 characters: `a`–`z`, `A`–`Z`, `0`–`9`, space,
            and
            `! # $ % & ( ) + - : ; < = . > ? @ [ ] ^ _ { } | ~ ,`. All of them are ASCII, so characters count as bytes.
        user_count (int): A number of things.
    """

    channel_name: str
    user_count: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        channel_name = self.channel_name

        user_count = self.user_count

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "channel_name": channel_name,
                "user_count": user_count,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        channel_name = d.pop("channel_name")

        user_count = d.pop("user_count")

        channel_summary = cls(
            channel_name=channel_name,
            user_count=user_count,
        )

        channel_summary.additional_properties = d
        return channel_summary

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
