from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="WebRecordingConfig")


@_attrs_define
class WebRecordingConfig:
    """Whether to pause the recording of a page or to resume it.

    Attributes:
        onhold (bool | Unset): Whether the recording of the page is paused, so that no files come. Left out, it is not.
    """

    onhold: bool | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        onhold = self.onhold

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if onhold is not UNSET:
            field_dict["onhold"] = onhold

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        onhold = d.pop("onhold", UNSET)

        web_recording_config = cls(
            onhold=onhold,
        )

        web_recording_config.additional_properties = d
        return web_recording_config

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
