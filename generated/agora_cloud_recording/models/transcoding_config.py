from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.mixed_video_layout import MixedVideoLayout
from ..types import UNSET, Unset

T = TypeVar("T", bound="TranscodingConfig")


@_attrs_define
class TranscodingConfig:
    """The recorded picture. At most 1080p, lying or standing: the longer side up to 1920 pixels, the shorter one up to
    1080.

        Attributes:
            width (int | Unset): The width of the recorded picture in pixels. Left out, 360.
            height (int | Unset): The height of the recorded picture in pixels. Left out, 640.
            fps (int | Unset): Pictures per second. Left out, 15.
            bitrate (int | Unset): The bitrate of the recorded video in kbps. Left out, 500.
            max_resolution_uid (str | Unset): A user ID in a channel, an integer from 1 to 4294967295 written as a string.
                Never `0`.
            mixed_video_layout (MixedVideoLayout | Unset): How the users' pictures are arranged, at most 17 of them. Left
                out, floating.
    """

    width: int | Unset = UNSET
    height: int | Unset = UNSET
    fps: int | Unset = UNSET
    bitrate: int | Unset = UNSET
    max_resolution_uid: str | Unset = UNSET
    mixed_video_layout: MixedVideoLayout | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        width = self.width

        height = self.height

        fps = self.fps

        bitrate = self.bitrate

        max_resolution_uid = self.max_resolution_uid

        mixed_video_layout: int | Unset = UNSET
        if not isinstance(self.mixed_video_layout, Unset):
            mixed_video_layout = self.mixed_video_layout.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if width is not UNSET:
            field_dict["width"] = width
        if height is not UNSET:
            field_dict["height"] = height
        if fps is not UNSET:
            field_dict["fps"] = fps
        if bitrate is not UNSET:
            field_dict["bitrate"] = bitrate
        if max_resolution_uid is not UNSET:
            field_dict["maxResolutionUid"] = max_resolution_uid
        if mixed_video_layout is not UNSET:
            field_dict["mixedVideoLayout"] = mixed_video_layout

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        width = d.pop("width", UNSET)

        height = d.pop("height", UNSET)

        fps = d.pop("fps", UNSET)

        bitrate = d.pop("bitrate", UNSET)

        max_resolution_uid = d.pop("maxResolutionUid", UNSET)

        _mixed_video_layout = d.pop("mixedVideoLayout", UNSET)
        mixed_video_layout: MixedVideoLayout | Unset
        if isinstance(_mixed_video_layout, Unset):
            mixed_video_layout = UNSET
        else:
            mixed_video_layout = MixedVideoLayout(_mixed_video_layout)

        transcoding_config = cls(
            width=width,
            height=height,
            fps=fps,
            bitrate=bitrate,
            max_resolution_uid=max_resolution_uid,
            mixed_video_layout=mixed_video_layout,
        )

        transcoding_config.additional_properties = d
        return transcoding_config

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
