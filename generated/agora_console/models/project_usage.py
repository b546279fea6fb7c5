from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.daily_minutes import DailyMinutes


T = TypeVar("T", bound="ProjectUsage")


@_attrs_define
class ProjectUsage:
    """Minutes of one project, day by day.

    Attributes:
        project (str): The ID that the Console gives a project. It is not the App ID.
        daily (list[DailyMinutes]): One entry per day.
    """

    project: str
    daily: list[DailyMinutes]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        project = self.project

        daily = []
        for daily_item_data in self.daily:
            daily_item = daily_item_data.to_dict()
            daily.append(daily_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "project": project,
                "daily": daily,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.daily_minutes import DailyMinutes  # noqa: PLC0415

        d = dict(src_dict)
        project = d.pop("project")

        daily = []
        _daily = d.pop("daily")
        for daily_item_data in _daily:
            daily_item = DailyMinutes.from_dict(daily_item_data)

            daily.append(daily_item)

        project_usage = cls(
            project=project,
            daily=daily,
        )

        project_usage.additional_properties = d
        return project_usage

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
