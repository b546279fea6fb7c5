from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.kicking_rule_end import KickingRuleEnd


T = TypeVar("T", bound="KickingRuleEndAnswer")


@_attrs_define
class KickingRuleEndAnswer:
    """A rule that was updated.

    Attributes:
        status (Literal['success']): Always `success`; a failure has another HTTP status.
        result (KickingRuleEnd): A rule and its new end.
    """

    status: Literal["success"]
    result: KickingRuleEnd
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        status = self.status

        result = self.result.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "status": status,
                "result": result,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.kicking_rule_end import KickingRuleEnd  # noqa: PLC0415

        d = dict(src_dict)
        status = cast(Literal["success"], d.pop("status"))
        if status != "success":
            raise ValueError(f"status must match const 'success', got '{status}'")

        result = KickingRuleEnd.from_dict(d.pop("result"))

        kicking_rule_end_answer = cls(
            status=status,
            result=result,
        )

        kicking_rule_end_answer.additional_properties = d
        return kicking_rule_end_answer

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
