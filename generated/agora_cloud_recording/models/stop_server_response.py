from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.uploading_status import UploadingStatus
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.recorded_file import RecordedFile


T = TypeVar("T", bound="StopServerResponse")


@_attrs_define
class StopServerResponse:
    """What became of the files.

    Attributes:
        uploading_status (UploadingStatus): Where the files of a stopped recording are.
        file_list (list[RecordedFile] | str | Unset): The name of the M3U8 file that lists all TS files of the
            recording, or the recorded files one by one.
        file_list_mode (str | Unset): Which shape `fileList` has, `string` or `json` (an array). Not in the document.
    """

    uploading_status: UploadingStatus
    file_list: list[RecordedFile] | str | Unset = UNSET
    file_list_mode: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        uploading_status = self.uploading_status.value

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

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "uploadingStatus": uploading_status,
            }
        )
        if file_list is not UNSET:
            field_dict["fileList"] = file_list
        if file_list_mode is not UNSET:
            field_dict["fileListMode"] = file_list_mode

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.recorded_file import RecordedFile  # noqa: PLC0415

        d = dict(src_dict)
        uploading_status = UploadingStatus(d.pop("uploadingStatus"))

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

        stop_server_response = cls(
            uploading_status=uploading_status,
            file_list=file_list,
            file_list_mode=file_list_mode,
        )

        stop_server_response.additional_properties = d
        return stop_server_response

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
