from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.project import Project


T = TypeVar("T", bound="ProjectAnswer")


@_attrs_define
class ProjectAnswer:
    """One project.

    Attributes:
        project (list[Project] | Project): The project, as documented in a list of one, as observed by itself.
    """

    project: list[Project] | Project
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        project: dict[str, Any] | list[dict[str, Any]]
        if isinstance(self.project, list):
            project = []
            for componentsschemas_one_project_item_data in self.project:
                componentsschemas_one_project_item = componentsschemas_one_project_item_data.to_dict()
                project.append(componentsschemas_one_project_item)

        else:
            project = self.project.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "project": project,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.project import Project  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_project(data: object) -> list[Project] | Project:
            try:
                if not isinstance(data, list):
                    raise TypeError()
                project_type_0 = []
                _project_type_0 = data
                for componentsschemas_one_project_item_data in _project_type_0:
                    componentsschemas_one_project_item = Project.from_dict(componentsschemas_one_project_item_data)

                    project_type_0.append(componentsschemas_one_project_item)

                return project_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            project_type_1 = Project.from_dict(data)

            return project_type_1

        project = _parse_project(d.pop("project"))

        project_answer = cls(
            project=project,
        )

        project_answer.additional_properties = d
        return project_answer

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
