from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.render_mode import RenderMode
from ..types import UNSET, Unset

T = TypeVar("T", bound="LayoutRegion")


@_attrs_define
class LayoutRegion:
    """Where one user's picture lies, in parts of the whole picture, from the upper left corner. `x_axis` and `width`
    together are at most 1, and so are `y_axis` and `height`.

        Attributes:
            x_axis (float): A part of the whole width or height, from 0 to 1, with up to 6 decimal places.
            y_axis (float): A part of the whole width or height, from 0 to 1, with up to 6 decimal places.
            width (float): A part of the whole width or height, from 0 to 1, with up to 6 decimal places.
            height (float): A part of the whole width or height, from 0 to 1, with up to 6 decimal places.
            uid (str | Unset): A user ID in a channel, an integer from 1 to 4294967295 written as a string. Never `0`.
            alpha (float | Unset): How opaque the picture is, from 0, which is not seen at all, to 1. Left out, 1.
            render_mode (RenderMode | Unset): What becomes of a picture that has another shape than its region. Left out, it
                is cropped.
    """

    x_axis: float
    y_axis: float
    width: float
    height: float
    uid: str | Unset = UNSET
    alpha: float | Unset = UNSET
    render_mode: RenderMode | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        x_axis = self.x_axis

        y_axis = self.y_axis

        width = self.width

        height = self.height

        uid = self.uid

        alpha = self.alpha

        render_mode: int | Unset = UNSET
        if not isinstance(self.render_mode, Unset):
            render_mode = self.render_mode.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "x_axis": x_axis,
                "y_axis": y_axis,
                "width": width,
                "height": height,
            }
        )
        if uid is not UNSET:
            field_dict["uid"] = uid
        if alpha is not UNSET:
            field_dict["alpha"] = alpha
        if render_mode is not UNSET:
            field_dict["render_mode"] = render_mode

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        x_axis = d.pop("x_axis")

        y_axis = d.pop("y_axis")

        width = d.pop("width")

        height = d.pop("height")

        uid = d.pop("uid", UNSET)

        alpha = d.pop("alpha", UNSET)

        _render_mode = d.pop("render_mode", UNSET)
        render_mode: RenderMode | Unset
        if isinstance(_render_mode, Unset):
            render_mode = UNSET
        else:
            render_mode = RenderMode(_render_mode)

        layout_region = cls(
            x_axis=x_axis,
            y_axis=y_axis,
            width=width,
            height=height,
            uid=uid,
            alpha=alpha,
            render_mode=render_mode,
        )

        layout_region.additional_properties = d
        return layout_region

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
