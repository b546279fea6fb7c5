from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ProjectNotFound")


@_attrs_define
class ProjectNotFound:
    """The documented shape of a 404 for a project.

    Attributes:
        error_msg (Literal['project not exit']): Always this, spelled so (sic).
    """

    error_msg: Literal["project not exit"]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        error_msg = self.error_msg

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "error_msg": error_msg,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        error_msg = cast(Literal["project not exit"], d.pop("error_msg"))
        if error_msg != "project not exit":
            raise ValueError(f"error_msg must match const 'project not exit', got '{error_msg}'")

        project_not_found = cls(
            error_msg=error_msg,
        )

        project_not_found.additional_properties = d
        return project_not_found

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
