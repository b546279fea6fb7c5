from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="AppsCollection")


@_attrs_define
class AppsCollection:
    """How to use the services of a recording. Not in the documents any more; it passes unread.

    Attributes:
        combination_policy (Any | Unset): `default`, or `postpone_transcoding` for transcoding after the recording
            (`scene` 2).
    """

    combination_policy: Any | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        combination_policy = self.combination_policy

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if combination_policy is not UNSET:
            field_dict["combinationPolicy"] = combination_policy

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        combination_policy = d.pop("combinationPolicy", UNSET)

        apps_collection = cls(
            combination_policy=combination_policy,
        )

        apps_collection.additional_properties = d
        return apps_collection

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
