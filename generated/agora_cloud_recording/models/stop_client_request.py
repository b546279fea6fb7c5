from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="StopClientRequest")


@_attrs_define
class StopClientRequest:
    """Whether to wait for the upload. It may be empty.

    Attributes:
        async_stop (bool | Unset): Whether the response comes at once, before the files are uploaded. Left out, it comes
            after the upload.
    """

    async_stop: bool | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        async_stop = self.async_stop

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if async_stop is not UNSET:
            field_dict["async_stop"] = async_stop

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        async_stop = d.pop("async_stop", UNSET)

        stop_client_request = cls(
            async_stop=async_stop,
        )

        stop_client_request.additional_properties = d
        return stop_client_request

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
