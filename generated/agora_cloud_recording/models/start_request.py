from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.start_client_request import StartClientRequest


T = TypeVar("T", bound="StartRequest")


@_attrs_define
class StartRequest:
    """Who records which channel or page, and how. `cname` and `uid` are those of `acquire`.

    Attributes:
        cname (str): What a recording is known by, with App ID and user ID. In modes `individual` and `mix` it is the
            name of the
            channel, a `ChannelName`. In mode `web` it is a label that distinguishes recordings, of 1 to 1024 bytes.
        uid (str): A user ID in a channel, an integer from 1 to 4294967295 written as a string. Never `0`.
        client_request (StartClientRequest): What to record and where the files go.
    """

    cname: str
    uid: str
    client_request: StartClientRequest
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        cname = self.cname

        uid = self.uid

        client_request = self.client_request.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "cname": cname,
                "uid": uid,
                "clientRequest": client_request,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.start_client_request import StartClientRequest  # noqa: PLC0415

        d = dict(src_dict)
        cname = d.pop("cname")

        uid = d.pop("uid")

        client_request = StartClientRequest.from_dict(d.pop("clientRequest"))

        start_request = cls(
            cname=cname,
            uid=uid,
            client_request=client_request,
        )

        start_request.additional_properties = d
        return start_request

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
