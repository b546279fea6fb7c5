from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.privilege import Privilege

T = TypeVar("T", bound="KickingRule")


@_attrs_define
class KickingRule:
    """A kicking rule. What it does not name is null.

    Attributes:
        id (int | str): The ID of a kicking rule, a number or the same number as a string.
        appid (str): The ID of a project at Agora, 32 letters and digits. Masked examples print it with `x`.
        uid (int | None): The user, or null.
        opid (int): The ID of the operation, for asking Agora's support.
        cname (None | str): The channel, or null.
        ip (None | str): The address, or null.
        ts (datetime.datetime): When the rule ends.
        create_at (datetime.datetime): When the rule was created.
        update_at (datetime.datetime): When the rule was last changed.
        privileges (list[Privilege]): What a rule takes away, one privilege at least. Both of audio and video silence a
            user altogether.
    """

    id: int | str
    appid: str
    uid: int | None
    opid: int
    cname: None | str
    ip: None | str
    ts: datetime.datetime
    create_at: datetime.datetime
    update_at: datetime.datetime
    privileges: list[Privilege]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id: int | str
        id = self.id

        appid = self.appid

        uid: int | None
        uid = self.uid

        opid = self.opid

        cname: None | str
        cname = self.cname

        ip: None | str
        ip = self.ip

        ts = self.ts.isoformat()

        create_at = self.create_at.isoformat()

        update_at = self.update_at.isoformat()

        privileges = []
        for componentsschemas_privileges_item_data in self.privileges:
            componentsschemas_privileges_item = componentsschemas_privileges_item_data.value
            privileges.append(componentsschemas_privileges_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "appid": appid,
                "uid": uid,
                "opid": opid,
                "cname": cname,
                "ip": ip,
                "ts": ts,
                "createAt": create_at,
                "updateAt": update_at,
                "privileges": privileges,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_id(data: object) -> int | str:
            return cast(int | str, data)

        id = _parse_id(d.pop("id"))

        appid = d.pop("appid")

        def _parse_uid(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        uid = _parse_uid(d.pop("uid"))

        opid = d.pop("opid")

        def _parse_cname(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        cname = _parse_cname(d.pop("cname"))

        def _parse_ip(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        ip = _parse_ip(d.pop("ip"))

        ts = datetime.datetime.fromisoformat(d.pop("ts"))

        create_at = datetime.datetime.fromisoformat(d.pop("createAt"))

        update_at = datetime.datetime.fromisoformat(d.pop("updateAt"))

        privileges = []
        _privileges = d.pop("privileges")
        for componentsschemas_privileges_item_data in _privileges:
            componentsschemas_privileges_item = Privilege(componentsschemas_privileges_item_data)

            privileges.append(componentsschemas_privileges_item)

        kicking_rule = cls(
            id=id,
            appid=appid,
            uid=uid,
            opid=opid,
            cname=cname,
            ip=ip,
            ts=ts,
            create_at=create_at,
            update_at=update_at,
            privileges=privileges,
        )

        kicking_rule.additional_properties = d
        return kicking_rule

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
