from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.mixed_video_layout import MixedVideoLayout
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.layout_region import LayoutRegion
    from ..models.user_background import UserBackground


T = TypeVar("T", bound="TranscodingConfig")


@_attrs_define
class TranscodingConfig:
    """The recorded picture of mode `mix`. Width times height is at most 1920 × 1080 pixels, and neither is more than
    1920; a side that is left out counts as 360 wide or 640 high. Behind a region lies, of those that are given, the
    user's own image, `defaultUserBackgroundImage`, `backgroundImage` or `backgroundColor`.

        Attributes:
            width (int | Unset): The width of the recorded picture in pixels. Left out, 360.
            height (int | Unset): The height of the recorded picture in pixels. Left out, 640.
            fps (int | Unset): Pictures per second. Left out, 15.
            bitrate (int | Unset): The bitrate of the recorded video in kbps. Left out, 500.
            max_resolution_uid (str | Unset): A user ID in a channel, an integer from 1 to 4294967295 written as a string.
                Never `0`.
            mixed_video_layout (MixedVideoLayout | Unset): How the users' pictures are arranged, at most 17 of them. Left
                out, floating.
            background_color (str | Unset): The color behind the pictures, as `#` and red, green, blue in hexadecimal. Left
                out, black.
            background_image (str | Unset): The address of a picture, JPG or BMP of up to 6 MB, by HTTPS or HTTP. It takes
                effect once it is downloaded.
            default_user_background_image (str | Unset): The address of a picture, JPG or BMP of up to 6 MB, by HTTPS or
                HTTP. It takes effect once it is downloaded.
            layout_config (list[LayoutRegion] | Unset): The regions of layout 3, at most 17. The other layouts have no use
                for them.
            background_config (list[UserBackground] | Unset): The background images of single users.
    """

    width: int | Unset = UNSET
    height: int | Unset = UNSET
    fps: int | Unset = UNSET
    bitrate: int | Unset = UNSET
    max_resolution_uid: str | Unset = UNSET
    mixed_video_layout: MixedVideoLayout | Unset = UNSET
    background_color: str | Unset = UNSET
    background_image: str | Unset = UNSET
    default_user_background_image: str | Unset = UNSET
    layout_config: list[LayoutRegion] | Unset = UNSET
    background_config: list[UserBackground] | Unset = UNSET
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

        background_color = self.background_color

        background_image = self.background_image

        default_user_background_image = self.default_user_background_image

        layout_config: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.layout_config, Unset):
            layout_config = []
            for componentsschemas_layout_regions_item_data in self.layout_config:
                componentsschemas_layout_regions_item = componentsschemas_layout_regions_item_data.to_dict()
                layout_config.append(componentsschemas_layout_regions_item)

        background_config: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.background_config, Unset):
            background_config = []
            for componentsschemas_user_backgrounds_item_data in self.background_config:
                componentsschemas_user_backgrounds_item = componentsschemas_user_backgrounds_item_data.to_dict()
                background_config.append(componentsschemas_user_backgrounds_item)

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
        if background_color is not UNSET:
            field_dict["backgroundColor"] = background_color
        if background_image is not UNSET:
            field_dict["backgroundImage"] = background_image
        if default_user_background_image is not UNSET:
            field_dict["defaultUserBackgroundImage"] = default_user_background_image
        if layout_config is not UNSET:
            field_dict["layoutConfig"] = layout_config
        if background_config is not UNSET:
            field_dict["backgroundConfig"] = background_config

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.layout_region import LayoutRegion  # noqa: PLC0415
        from ..models.user_background import UserBackground  # noqa: PLC0415

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

        background_color = d.pop("backgroundColor", UNSET)

        background_image = d.pop("backgroundImage", UNSET)

        default_user_background_image = d.pop("defaultUserBackgroundImage", UNSET)

        _layout_config = d.pop("layoutConfig", UNSET)
        layout_config: list[LayoutRegion] | Unset = UNSET
        if _layout_config is not UNSET:
            layout_config = []
            for componentsschemas_layout_regions_item_data in _layout_config:
                componentsschemas_layout_regions_item = LayoutRegion.from_dict(
                    componentsschemas_layout_regions_item_data
                )

                layout_config.append(componentsschemas_layout_regions_item)

        _background_config = d.pop("backgroundConfig", UNSET)
        background_config: list[UserBackground] | Unset = UNSET
        if _background_config is not UNSET:
            background_config = []
            for componentsschemas_user_backgrounds_item_data in _background_config:
                componentsschemas_user_backgrounds_item = UserBackground.from_dict(
                    componentsschemas_user_backgrounds_item_data
                )

                background_config.append(componentsschemas_user_backgrounds_item)

        transcoding_config = cls(
            width=width,
            height=height,
            fps=fps,
            bitrate=bitrate,
            max_resolution_uid=max_resolution_uid,
            mixed_video_layout=mixed_video_layout,
            background_color=background_color,
            background_image=background_image,
            default_user_background_image=default_user_background_image,
            layout_config=layout_config,
            background_config=background_config,
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
