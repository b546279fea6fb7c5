from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.user_role import UserRole
from ..types import UNSET, Unset

T = TypeVar("T", bound="UserProperty")


@_attrs_define
class UserProperty:
    """A user's state in a channel. For a user who is not there, there is only `in_channel`.

    Attributes:
        in_channel (bool): Whether the user is in the channel.
        join (int | Unset): When the user joined, Unix time in seconds.
        role (UserRole | Unset): What a user is in a channel. Hosts send and receive, the audience only receives.
        uid (int | Unset): A user ID in a channel, an integer from 1 to 4294967295. Never 0.
        platform (int | Unset): The platform of a user's device: 0 another one, 1 Android, 2 iOS, 5 Windows, 6 Linux, 7
            a browser, 8 macOS.
            The documents call these common values, so there may be more.
    """

    in_channel: bool
    join: int | Unset = UNSET
    role: UserRole | Unset = UNSET
    uid: int | Unset = UNSET
    platform: int | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        in_channel = self.in_channel

        join = self.join

        role: int | Unset = UNSET
        if not isinstance(self.role, Unset):
            role = self.role.value

        uid = self.uid

        platform = self.platform

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "in_channel": in_channel,
            }
        )
        if join is not UNSET:
            field_dict["join"] = join
        if role is not UNSET:
            field_dict["role"] = role
        if uid is not UNSET:
            field_dict["uid"] = uid
        if platform is not UNSET:
            field_dict["platform"] = platform

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        in_channel = d.pop("in_channel")

        join = d.pop("join", UNSET)

        _role = d.pop("role", UNSET)
        role: UserRole | Unset
        if isinstance(_role, Unset):
            role = UNSET
        else:
            role = UserRole(_role)

        uid = d.pop("uid", UNSET)

        platform = d.pop("platform", UNSET)

        user_property = cls(
            in_channel=in_channel,
            join=join,
            role=role,
            uid=uid,
            platform=platform,
        )

        user_property.additional_properties = d
        return user_property

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
