from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="DeleteKickingRuleRequest")


@_attrs_define
class DeleteKickingRuleRequest:
    """The rule to delete.

    Attributes:
        appid (str): The ID of a project at Agora, 32 letters and digits. Masked examples print it with `x`.
        id (int): The ID of a kicking rule. 0 is not the ID of a rule, but the response to a duration of 0.
    """

    appid: str
    id: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        appid = self.appid

        id = self.id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "appid": appid,
                "id": id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        appid = d.pop("appid")

        id = d.pop("id")

        delete_kicking_rule_request = cls(
            appid=appid,
            id=id,
        )

        delete_kicking_rule_request.additional_properties = d
        return delete_kicking_rule_request

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
