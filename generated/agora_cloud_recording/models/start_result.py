from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="StartResult")


@_attrs_define
class StartResult:
    """The recording's ID, the resource ID it was started with, and whose it is.

    Attributes:
        resource_id (str): What `acquire` gives. Good for 5 minutes and for one recording. It belongs to an App ID, a
            channel and a
            user ID.
        sid (str): The ID of one recording, from start to stop.
        cname (str): The `cname` of the recording.
        uid (str): The user ID of the recorder.
    """

    resource_id: str
    sid: str
    cname: str
    uid: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        resource_id = self.resource_id

        sid = self.sid

        cname = self.cname

        uid = self.uid

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "resourceId": resource_id,
                "sid": sid,
                "cname": cname,
                "uid": uid,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        resource_id = d.pop("resourceId")

        sid = d.pop("sid")

        cname = d.pop("cname")

        uid = d.pop("uid")

        start_result = cls(
            resource_id=resource_id,
            sid=sid,
            cname=cname,
            uid=uid,
        )

        start_result.additional_properties = d
        return start_result

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
