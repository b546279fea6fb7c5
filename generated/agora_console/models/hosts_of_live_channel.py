from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="HostsOfLiveChannel")


@_attrs_define
class HostsOfLiveChannel:
    """A channel in live mode, without its audience.

    Attributes:
        channel_exist (bool): The channel is there.
        mode (Literal[2]): 2 is live.
        broadcasters (list[int]): The hosts' IDs.
    """

    channel_exist: bool
    mode: Literal[2]
    broadcasters: list[int]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        channel_exist = self.channel_exist

        mode = self.mode

        broadcasters = self.broadcasters

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "channel_exist": channel_exist,
                "mode": mode,
                "broadcasters": broadcasters,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        channel_exist = d.pop("channel_exist")

        mode = cast(Literal[2], d.pop("mode"))
        if mode != 2:
            raise ValueError(f"mode must match const 2, got '{mode}'")

        broadcasters = cast(list[int], d.pop("broadcasters"))

        hosts_of_live_channel = cls(
            channel_exist=channel_exist,
            mode=mode,
            broadcasters=broadcasters,
        )

        hosts_of_live_channel.additional_properties = d
        return hosts_of_live_channel

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
