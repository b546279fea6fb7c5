from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.kicking_rule import KickingRule


T = TypeVar("T", bound="KickingRulesAnswer")


@_attrs_define
class KickingRulesAnswer:
    """The rules of an App ID.

    Attributes:
        status (Literal['success']): Always `success`; a failure has another HTTP status.
        rules (list[KickingRule]): The rules.
    """

    status: Literal["success"]
    rules: list[KickingRule]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        status = self.status

        rules = []
        for rules_item_data in self.rules:
            rules_item = rules_item_data.to_dict()
            rules.append(rules_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "status": status,
                "rules": rules,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.kicking_rule import KickingRule  # noqa: PLC0415

        d = dict(src_dict)
        status = cast(Literal["success"], d.pop("status"))
        if status != "success":
            raise ValueError(f"status must match const 'success', got '{status}'")

        rules = []
        _rules = d.pop("rules")
        for rules_item_data in _rules:
            rules_item = KickingRule.from_dict(rules_item_data)

            rules.append(rules_item)

        kicking_rules_answer = cls(
            status=status,
            rules=rules,
        )

        kicking_rules_answer.additional_properties = d
        return kicking_rules_answer

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
