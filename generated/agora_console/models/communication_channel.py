from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="CommunicationChannel")


@_attrs_define
class CommunicationChannel:
    """A channel in communication mode, in which every user may speak.

    Attributes:
        channel_exist (bool): The channel is there.
        mode (Literal[1]): 1 is communication.
        total (int): A number of things.
        users (list[int]): Their IDs.
    """

    channel_exist: bool
    mode: Literal[1]
    total: int
    users: list[int]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        channel_exist = self.channel_exist

        mode = self.mode

        total = self.total

        users = self.users

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "channel_exist": channel_exist,
                "mode": mode,
                "total": total,
                "users": users,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        channel_exist = d.pop("channel_exist")

        mode = cast(Literal[1], d.pop("mode"))
        if mode != 1:
            raise ValueError(f"mode must match const 1, got '{mode}'")

        total = d.pop("total")

        users = cast(list[int], d.pop("users"))

        communication_channel = cls(
            channel_exist=channel_exist,
            mode=mode,
            total=total,
            users=users,
        )

        communication_channel.additional_properties = d
        return communication_channel

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
