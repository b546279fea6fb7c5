from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.render_mode import RenderMode
from ..types import UNSET, Unset

T = TypeVar("T", bound="UserBackground")


@_attrs_define
class UserBackground:
    """The image in the region of one user who has sent no video for 3.5 seconds.

    Attributes:
        uid (str): A user ID in a channel, an integer from 1 to 4294967295 written as a string. Never `0`.
        image_url (str): The address of a picture, JPG or BMP of up to 6 MB, by HTTPS or HTTP. It takes effect once it
            is downloaded.
        render_mode (RenderMode | Unset): What becomes of a picture that has another shape than its region. Left out, it
            is cropped.
    """

    uid: str
    image_url: str
    render_mode: RenderMode | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        uid = self.uid

        image_url = self.image_url

        render_mode: int | Unset = UNSET
        if not isinstance(self.render_mode, Unset):
            render_mode = self.render_mode.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "uid": uid,
                "image_url": image_url,
            }
        )
        if render_mode is not UNSET:
            field_dict["render_mode"] = render_mode

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        uid = d.pop("uid")

        image_url = d.pop("image_url")

        _render_mode = d.pop("render_mode", UNSET)
        render_mode: RenderMode | Unset
        if isinstance(_render_mode, Unset):
            render_mode = UNSET
        else:
            render_mode = RenderMode(_render_mode)

        user_background = cls(
            uid=uid,
            image_url=image_url,
            render_mode=render_mode,
        )

        user_background.additional_properties = d
        return user_background

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
