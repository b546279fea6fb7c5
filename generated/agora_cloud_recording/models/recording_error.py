from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.error_code import ErrorCode
from ..types import UNSET, Unset

T = TypeVar("T", bound="RecordingError")


@_attrs_define
class RecordingError:
    """An error code, mostly with a reason, sometimes with the recorder's identity.

    Attributes:
        code (ErrorCode | int): Why the call was refused. Codes that the list does not name pass too.
        reason (str | Unset): The same in words, for people.
        cname (str | Unset): The `cname` of the recording.
        uid (str | Unset): The user ID of the recorder.
    """

    code: ErrorCode | int
    reason: str | Unset = UNSET
    cname: str | Unset = UNSET
    uid: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        code: int
        if isinstance(self.code, ErrorCode):
            code = self.code.value
        else:
            code = self.code

        reason = self.reason

        cname = self.cname

        uid = self.uid

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "code": code,
            }
        )
        if reason is not UNSET:
            field_dict["reason"] = reason
        if cname is not UNSET:
            field_dict["cname"] = cname
        if uid is not UNSET:
            field_dict["uid"] = uid

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_code(data: object) -> ErrorCode | int:
            try:
                if not isinstance(data, int):
                    raise TypeError()
                code_type_0 = ErrorCode(data)

                return code_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ErrorCode | int, data)

        code = _parse_code(d.pop("code"))

        reason = d.pop("reason", UNSET)

        cname = d.pop("cname", UNSET)

        uid = d.pop("uid", UNSET)

        recording_error = cls(
            code=code,
            reason=reason,
            cname=cname,
            uid=uid,
        )

        recording_error.additional_properties = d
        return recording_error

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
