from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.new_rtmp_output import NewRtmpOutput


T = TypeVar("T", bound="RtmpPublishConfig")


@_attrs_define
class RtmpPublishConfig:
    """Where to push the page from now on.

    Attributes:
        outputs (list[NewRtmpOutput] | Unset): At most one address.
    """

    outputs: list[NewRtmpOutput] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        outputs: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.outputs, Unset):
            outputs = []
            for outputs_item_data in self.outputs:
                outputs_item = outputs_item_data.to_dict()
                outputs.append(outputs_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if outputs is not UNSET:
            field_dict["outputs"] = outputs

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.new_rtmp_output import NewRtmpOutput  # noqa: PLC0415

        d = dict(src_dict)
        _outputs = d.pop("outputs", UNSET)
        outputs: list[NewRtmpOutput] | Unset = UNSET
        if _outputs is not UNSET:
            outputs = []
            for outputs_item_data in _outputs:
                outputs_item = NewRtmpOutput.from_dict(outputs_item_data)

                outputs.append(outputs_item)

        rtmp_publish_config = cls(
            outputs=outputs,
        )

        rtmp_publish_config.additional_properties = d
        return rtmp_publish_config

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
