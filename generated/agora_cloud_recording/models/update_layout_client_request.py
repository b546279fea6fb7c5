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


T = TypeVar("T", bound="UpdateLayoutClientRequest")


@_attrs_define
class UpdateLayoutClientRequest:
    """The whole layout. A member that is left out returns to its default.

    Attributes:
        mixed_video_layout (MixedVideoLayout | Unset): How the users' pictures are arranged, at most 17 of them. Left
            out, floating.
        max_resolution_uid (str | Unset): A user ID in a channel, an integer from 1 to 4294967295 written as a string.
            Never `0`.
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

    mixed_video_layout: MixedVideoLayout | Unset = UNSET
    max_resolution_uid: str | Unset = UNSET
    background_color: str | Unset = UNSET
    background_image: str | Unset = UNSET
    default_user_background_image: str | Unset = UNSET
    layout_config: list[LayoutRegion] | Unset = UNSET
    background_config: list[UserBackground] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        mixed_video_layout: int | Unset = UNSET
        if not isinstance(self.mixed_video_layout, Unset):
            mixed_video_layout = self.mixed_video_layout.value

        max_resolution_uid = self.max_resolution_uid

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
        if mixed_video_layout is not UNSET:
            field_dict["mixedVideoLayout"] = mixed_video_layout
        if max_resolution_uid is not UNSET:
            field_dict["maxResolutionUid"] = max_resolution_uid
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
        _mixed_video_layout = d.pop("mixedVideoLayout", UNSET)
        mixed_video_layout: MixedVideoLayout | Unset
        if isinstance(_mixed_video_layout, Unset):
            mixed_video_layout = UNSET
        else:
            mixed_video_layout = MixedVideoLayout(_mixed_video_layout)

        max_resolution_uid = d.pop("maxResolutionUid", UNSET)

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

        update_layout_client_request = cls(
            mixed_video_layout=mixed_video_layout,
            max_resolution_uid=max_resolution_uid,
            background_color=background_color,
            background_image=background_image,
            default_user_background_image=default_user_background_image,
            layout_config=layout_config,
            background_config=background_config,
        )

        update_layout_client_request.additional_properties = d
        return update_layout_client_request

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
