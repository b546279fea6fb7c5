from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.recording_status import RecordingStatus
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.recorded_file import RecordedFile


T = TypeVar("T", bound="QueryServerResponse")


@_attrs_define
class QueryServerResponse:
    """How far a recording is. Servers leave the file list out while there is none.

    Attributes:
        status (int | RecordingStatus | str): How far the recording is; a number, or the same number as a string.
        file_list (list[RecordedFile] | str | Unset): The name of the M3U8 file that lists all TS files of the
            recording, or the recorded files one by one.
        file_list_mode (str | Unset): Which shape `fileList` has, `string` or `json` (an array). Not in the document.
        slice_start_time (int | Unset): When the recording began, Unix time in milliseconds. Not in the document.
    """

    status: int | RecordingStatus | str
    file_list: list[RecordedFile] | str | Unset = UNSET
    file_list_mode: str | Unset = UNSET
    slice_start_time: int | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        status: int | str
        if isinstance(self.status, RecordingStatus):
            status = self.status.value
        else:
            status = self.status

        file_list: list[dict[str, Any]] | str | Unset
        if isinstance(self.file_list, Unset):
            file_list = UNSET
        elif isinstance(self.file_list, list):
            file_list = []
            for componentsschemas_file_list_type_1_item_data in self.file_list:
                componentsschemas_file_list_type_1_item = componentsschemas_file_list_type_1_item_data.to_dict()
                file_list.append(componentsschemas_file_list_type_1_item)

        else:
            file_list = self.file_list

        file_list_mode = self.file_list_mode

        slice_start_time = self.slice_start_time

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "status": status,
            }
        )
        if file_list is not UNSET:
            field_dict["fileList"] = file_list
        if file_list_mode is not UNSET:
            field_dict["fileListMode"] = file_list_mode
        if slice_start_time is not UNSET:
            field_dict["sliceStartTime"] = slice_start_time

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.recorded_file import RecordedFile  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_status(data: object) -> int | RecordingStatus | str:
            try:
                if not isinstance(data, int):
                    raise TypeError()
                status_type_0 = RecordingStatus(data)

                return status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(int | RecordingStatus | str, data)

        status = _parse_status(d.pop("status"))

        def _parse_file_list(data: object) -> list[RecordedFile] | str | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                componentsschemas_file_list_type_1 = []
                _componentsschemas_file_list_type_1 = data
                for componentsschemas_file_list_type_1_item_data in _componentsschemas_file_list_type_1:
                    componentsschemas_file_list_type_1_item = RecordedFile.from_dict(
                        componentsschemas_file_list_type_1_item_data
                    )

                    componentsschemas_file_list_type_1.append(componentsschemas_file_list_type_1_item)

                return componentsschemas_file_list_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[RecordedFile] | str | Unset, data)

        file_list = _parse_file_list(d.pop("fileList", UNSET))

        file_list_mode = d.pop("fileListMode", UNSET)

        slice_start_time = d.pop("sliceStartTime", UNSET)

        query_server_response = cls(
            status=status,
            file_list=file_list,
            file_list_mode=file_list_mode,
            slice_start_time=slice_start_time,
        )

        query_server_response.additional_properties = d
        return query_server_response

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
