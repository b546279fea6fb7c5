from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="VideoUidList")


@_attrs_define
class VideoUidList:
    """Whose video to record, for `streamTypes` 1 and 2. One list only.

    Attributes:
        subscribe_video_uids (list[str] | Unset): The only users to record, 1 to 32 of them. `["#allstream#"]` stands
            for all.
        un_subscribe_video_uids (list[str] | Unset): The users not to record, 1 to 32 of them. All others are recorded.
        unsubscribe_video_uids (list[str] | Unset): The users not to record, 1 to 32 of them. All others are recorded.
    """

    subscribe_video_uids: list[str] | Unset = UNSET
    un_subscribe_video_uids: list[str] | Unset = UNSET
    unsubscribe_video_uids: list[str] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        subscribe_video_uids: list[str] | Unset = UNSET
        if not isinstance(self.subscribe_video_uids, Unset):
            subscribe_video_uids = self.subscribe_video_uids

        un_subscribe_video_uids: list[str] | Unset = UNSET
        if not isinstance(self.un_subscribe_video_uids, Unset):
            un_subscribe_video_uids = self.un_subscribe_video_uids

        unsubscribe_video_uids: list[str] | Unset = UNSET
        if not isinstance(self.unsubscribe_video_uids, Unset):
            unsubscribe_video_uids = self.unsubscribe_video_uids

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if subscribe_video_uids is not UNSET:
            field_dict["subscribeVideoUids"] = subscribe_video_uids
        if un_subscribe_video_uids is not UNSET:
            field_dict["unSubscribeVideoUids"] = un_subscribe_video_uids
        if unsubscribe_video_uids is not UNSET:
            field_dict["unsubscribeVideoUids"] = unsubscribe_video_uids

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        subscribe_video_uids = cast(list[str], d.pop("subscribeVideoUids", UNSET))

        un_subscribe_video_uids = cast(list[str], d.pop("unSubscribeVideoUids", UNSET))

        unsubscribe_video_uids = cast(list[str], d.pop("unsubscribeVideoUids", UNSET))

        video_uid_list = cls(
            subscribe_video_uids=subscribe_video_uids,
            un_subscribe_video_uids=un_subscribe_video_uids,
            unsubscribe_video_uids=unsubscribe_video_uids,
        )

        video_uid_list.additional_properties = d
        return video_uid_list

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
