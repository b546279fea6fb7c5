from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.stop_result import StopResult


T = TypeVar("T", bound="StopEnvelope")


@_attrs_define
class StopEnvelope:
    """The documented shape.

    Attributes:
        code (int): The HTTP status of the answer, once more.
        body (StopResult): A recording that has been stopped. Servers add whose it is.
    """

    code: int
    body: StopResult
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        code = self.code

        body = self.body.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "Code": code,
                "Body": body,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.stop_result import StopResult  # noqa: PLC0415

        d = dict(src_dict)
        code = d.pop("Code")

        body = StopResult.from_dict(d.pop("Body"))

        stop_envelope = cls(
            code=code,
            body=body,
        )

        stop_envelope.additional_properties = d
        return stop_envelope

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
