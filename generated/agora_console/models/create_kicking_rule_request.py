from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.privilege import Privilege
from ..types import UNSET, Unset

T = TypeVar("T", bound="CreateKickingRuleRequest")


@_attrs_define
class CreateKickingRuleRequest:
    """Which users lose which privileges. The documents describe four combinations of channel, user and address; at
    least one of the three is required.

        Attributes:
            appid (str): The ID of a project at Agora, 32 letters and digits. Masked examples print it with `x`.
            privileges (list[Privilege]): What a rule takes away, one privilege at least. Both of audio and video silence a
                user altogether.
            cname (str | Unset): The name of a channel: 1 to 64 bytes out of 89 characters: `a`–`z`, `A`–`Z`, `0`–`9`,
                space, and
                `! # $ % & ( ) + - : ; < = . > ? @ [ ] ^ _ { } | ~ ,`. All of them are ASCII, so characters count as bytes.
            uid (int | str | Unset): The user; never 0. The empty string means "not given".
            ip (str | Unset): The user's address; never 0. The empty string means "not given".
            time (float | Unset): How long a rule lasts, in minutes. Left out, 60. The server makes a value between 0 and 1
                into 1 and a value
                over 1440 into 1440. 0 creates no ban: users who match are put offline once and may come back.
            time_in_seconds (float | Unset): How long a rule lasts, in seconds. The server makes a value between 0 and 10
                into 10 and a value over 86430
                into 86430. It comes before `time`. 0 creates no ban: users who match are put offline once and may come back.
    """

    appid: str
    privileges: list[Privilege]
    cname: str | Unset = UNSET
    uid: int | str | Unset = UNSET
    ip: str | Unset = UNSET
    time: float | Unset = UNSET
    time_in_seconds: float | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        appid = self.appid

        privileges = []
        for componentsschemas_privileges_item_data in self.privileges:
            componentsschemas_privileges_item = componentsschemas_privileges_item_data.value
            privileges.append(componentsschemas_privileges_item)

        cname = self.cname

        uid: int | str | Unset
        if isinstance(self.uid, Unset):
            uid = UNSET
        else:
            uid = self.uid

        ip: str | Unset
        if isinstance(self.ip, Unset):
            ip = UNSET
        else:
            ip = self.ip

        time = self.time

        time_in_seconds = self.time_in_seconds

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "appid": appid,
                "privileges": privileges,
            }
        )
        if cname is not UNSET:
            field_dict["cname"] = cname
        if uid is not UNSET:
            field_dict["uid"] = uid
        if ip is not UNSET:
            field_dict["ip"] = ip
        if time is not UNSET:
            field_dict["time"] = time
        if time_in_seconds is not UNSET:
            field_dict["time_in_seconds"] = time_in_seconds

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        appid = d.pop("appid")

        privileges = []
        _privileges = d.pop("privileges")
        for componentsschemas_privileges_item_data in _privileges:
            componentsschemas_privileges_item = Privilege(componentsschemas_privileges_item_data)

            privileges.append(componentsschemas_privileges_item)

        cname = d.pop("cname", UNSET)

        def _parse_uid(data: object) -> int | str | Unset:
            if isinstance(data, Unset):
                return data
            return cast(int | str | Unset, data)

        uid = _parse_uid(d.pop("uid", UNSET))

        def _parse_ip(data: object) -> str | Unset:
            if isinstance(data, Unset):
                return data
            return cast(str | Unset, data)

        ip = _parse_ip(d.pop("ip", UNSET))

        time = d.pop("time", UNSET)

        time_in_seconds = d.pop("time_in_seconds", UNSET)

        create_kicking_rule_request = cls(
            appid=appid,
            privileges=privileges,
            cname=cname,
            uid=uid,
            ip=ip,
            time=time,
            time_in_seconds=time_in_seconds,
        )

        create_kicking_rule_request.additional_properties = d
        return create_kicking_rule_request

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
