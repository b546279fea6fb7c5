from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.project_status import ProjectStatus

T = TypeVar("T", bound="Project")


@_attrs_define
class Project:
    """A project.

    Attributes:
        id (str): The ID that the Console gives a project. It is not the App ID.
        name (str): The project's name.
        vendor_key (str): The ID of a project at Agora, 32 letters and digits. Masked examples print it with `x`.
        sign_key (str): The primary App certificate. Empty where it is disabled.
        recording_server (None | str): Address and port of the on-premise recording server (SDK 1.9.0 and earlier), or
            null.
        status (ProjectStatus): Whether a project is in use.
        created (int): When the project was created, Unix time in seconds.
    """

    id: str
    name: str
    vendor_key: str
    sign_key: str
    recording_server: None | str
    status: ProjectStatus
    created: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        name = self.name

        vendor_key = self.vendor_key

        sign_key = self.sign_key

        recording_server: None | str
        recording_server = self.recording_server

        status = self.status.value

        created = self.created

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "name": name,
                "vendor_key": vendor_key,
                "sign_key": sign_key,
                "recording_server": recording_server,
                "status": status,
                "created": created,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        name = d.pop("name")

        vendor_key = d.pop("vendor_key")

        sign_key = d.pop("sign_key")

        def _parse_recording_server(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        recording_server = _parse_recording_server(d.pop("recording_server"))

        status = ProjectStatus(d.pop("status"))

        created = d.pop("created")

        project = cls(
            id=id,
            name=name,
            vendor_key=vendor_key,
            sign_key=sign_key,
            recording_server=recording_server,
            status=status,
            created=created,
        )

        project.additional_properties = d
        return project

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
