from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="UpdateKickingRuleRequest")


@_attrs_define
class UpdateKickingRuleRequest:
    """A rule's new duration.

    Attributes:
        appid (str): The ID of a project at Agora, 32 letters and digits. Masked examples print it with `x`.
        id (int): The ID of a kicking rule. 0 is not the ID of a rule, but the response to a duration of 0.
        time (float | Unset): How long a rule lasts from its update on, in minutes. Left out, 60. The server makes a
            value below 1, also a
            negative one but not 0, into 1 and a value over 1440 into 1440. 0 creates no ban: the rule is over, users who
            match
            are put offline once and may come back.
        time_in_seconds (float | Unset): How long a rule lasts from its update on, in seconds. The server makes a value
            below 10, also a negative one
            but not 0, into 10 and a value over 86430 into 86430. It comes before `time`. 0 ends the rule: users who match
            are put offline once and may come back.
    """

    appid: str
    id: int
    time: float | Unset = UNSET
    time_in_seconds: float | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        appid = self.appid

        id = self.id

        time = self.time

        time_in_seconds = self.time_in_seconds

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "appid": appid,
                "id": id,
            }
        )
        if time is not UNSET:
            field_dict["time"] = time
        if time_in_seconds is not UNSET:
            field_dict["time_in_seconds"] = time_in_seconds

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        appid = d.pop("appid")

        id = d.pop("id")

        time = d.pop("time", UNSET)

        time_in_seconds = d.pop("time_in_seconds", UNSET)

        update_kicking_rule_request = cls(
            appid=appid,
            id=id,
            time=time,
            time_in_seconds=time_in_seconds,
        )

        update_kicking_rule_request.additional_properties = d
        return update_kicking_rule_request

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
