from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.audio_uid_list import AudioUidList
    from ..models.video_uid_list import VideoUidList


T = TypeVar("T", bound="StreamSubscribe")


@_attrs_define
class StreamSubscribe:
    """Which users to record from now on.

    Attributes:
        audio_uid_list (AudioUidList | Unset): Whose sound to record, for `streamTypes` 0 and 2. One list only.
        video_uid_list (VideoUidList | Unset): Whose video to record, for `streamTypes` 1 and 2. One list only.
    """

    audio_uid_list: AudioUidList | Unset = UNSET
    video_uid_list: VideoUidList | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        audio_uid_list: dict[str, Any] | Unset = UNSET
        if not isinstance(self.audio_uid_list, Unset):
            audio_uid_list = self.audio_uid_list.to_dict()

        video_uid_list: dict[str, Any] | Unset = UNSET
        if not isinstance(self.video_uid_list, Unset):
            video_uid_list = self.video_uid_list.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if audio_uid_list is not UNSET:
            field_dict["audioUidList"] = audio_uid_list
        if video_uid_list is not UNSET:
            field_dict["videoUidList"] = video_uid_list

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.audio_uid_list import AudioUidList  # noqa: PLC0415
        from ..models.video_uid_list import VideoUidList  # noqa: PLC0415

        d = dict(src_dict)
        _audio_uid_list = d.pop("audioUidList", UNSET)
        audio_uid_list: AudioUidList | Unset
        if isinstance(_audio_uid_list, Unset):
            audio_uid_list = UNSET
        else:
            audio_uid_list = AudioUidList.from_dict(_audio_uid_list)

        _video_uid_list = d.pop("videoUidList", UNSET)
        video_uid_list: VideoUidList | Unset
        if isinstance(_video_uid_list, Unset):
            video_uid_list = UNSET
        else:
            video_uid_list = VideoUidList.from_dict(_video_uid_list)

        stream_subscribe = cls(
            audio_uid_list=audio_uid_list,
            video_uid_list=video_uid_list,
        )

        stream_subscribe.additional_properties = d
        return stream_subscribe

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
