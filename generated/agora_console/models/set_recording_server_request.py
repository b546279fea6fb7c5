from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="SetRecordingServerRequest")


@_attrs_define
class SetRecordingServerRequest:
    """A project's new recording server.

    Attributes:
        id (str): The ID that the Console gives a project. It is not the App ID.
        recording_server (str): IPv4 address and port, `10.12.1.5:8080`.
    """

    id: str
    recording_server: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        recording_server = self.recording_server

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "recording_server": recording_server,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        recording_server = d.pop("recording_server")

        set_recording_server_request = cls(
            id=id,
            recording_server=recording_server,
        )

        set_recording_server_request.additional_properties = d
        return set_recording_server_request

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
