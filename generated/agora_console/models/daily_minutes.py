from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="DailyMinutes")


@_attrs_define
class DailyMinutes:
    """Minutes of one day.

    Attributes:
        date (int): A day as a number, 20150101 for 1 January 2015.
        audio (float): Minutes.
        sd (float): Minutes.
        hd (float): Minutes.
        hdp (float): Minutes.
    """

    date: int
    audio: float
    sd: float
    hd: float
    hdp: float
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        date = self.date

        audio = self.audio

        sd = self.sd

        hd = self.hd

        hdp = self.hdp

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "date": date,
                "audio": audio,
                "sd": sd,
                "hd": hd,
                "hdp": hdp,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        date = d.pop("date")

        audio = d.pop("audio")

        sd = d.pop("sd")

        hd = d.pop("hd")

        hdp = d.pop("hdp")

        daily_minutes = cls(
            date=date,
            audio=audio,
            sd=sd,
            hd=hd,
            hdp=hdp,
        )

        daily_minutes.additional_properties = d
        return daily_minutes

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
