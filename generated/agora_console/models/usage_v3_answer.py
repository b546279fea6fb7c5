from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.daily_usage import DailyUsage
    from ..models.metrics import Metrics


T = TypeVar("T", bound="UsageV3Answer")


@_attrs_define
class UsageV3Answer:
    """Figures per day. Every metric in them is described in `meta`.

    Attributes:
        meta (Metrics): What each metric means, by its name, such as `durationAudioAll`.
        usages (list[DailyUsage]): One entry per day.
    """

    meta: Metrics
    usages: list[DailyUsage]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        meta = self.meta.to_dict()

        usages = []
        for usages_item_data in self.usages:
            usages_item = usages_item_data.to_dict()
            usages.append(usages_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "meta": meta,
                "usages": usages,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.daily_usage import DailyUsage  # noqa: PLC0415
        from ..models.metrics import Metrics  # noqa: PLC0415

        d = dict(src_dict)
        meta = Metrics.from_dict(d.pop("meta"))

        usages = []
        _usages = d.pop("usages")
        for usages_item_data in _usages:
            usages_item = DailyUsage.from_dict(usages_item_data)

            usages.append(usages_item)

        usage_v3_answer = cls(
            meta=meta,
            usages=usages,
        )

        usage_v3_answer.additional_properties = d
        return usage_v3_answer

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
