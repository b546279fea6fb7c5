from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.file_list_mode import FileListMode
from ..models.uploading_status import UploadingStatus
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.other_service_state import OtherServiceState
    from ..models.recorded_file import RecordedFile
    from ..models.rtmp_publish_service_state import RtmpPublishServiceState
    from ..models.upload_service_state import UploadServiceState
    from ..models.web_recorder_service_state import WebRecorderServiceState


T = TypeVar("T", bound="StopServerResponse")


@_attrs_define
class StopServerResponse:
    """What became of the files. It holds:

    - in mode `web`, `extensionServiceState`, with `uploadingStatus` in that of the `upload_service`;
    - in mode `individual` with snapshots only, `uploadingStatus`;
    - otherwise `uploadingStatus`, `fileListMode` and `fileList`, which may be empty.

        Attributes:
            uploading_status (UploadingStatus | Unset): Where the files of a stopped recording are.
            file_list (list[RecordedFile] | str | Unset): The name of the M3U8 file of the recording where `fileListMode` is
                `string`, and the recorded files one by one
                where it is `json`. Either may be empty.
            file_list_mode (FileListMode | Unset): Which shape `fileList` has. `string` in mode `mix` without MP4 files;
                `json`, an array, in mode `mix` with them
                and in mode `individual`.
            extension_service_state (list[OtherServiceState | RtmpPublishServiceState | UploadServiceState |
                WebRecorderServiceState] | Unset): The state of each service, in mode `web` only. `query` reports
                `web_recorder_service` and
                `rtmp_publish_service`, `stop` of `upload_service` and `web_recorder_service`.
    """

    uploading_status: UploadingStatus | Unset = UNSET
    file_list: list[RecordedFile] | str | Unset = UNSET
    file_list_mode: FileListMode | Unset = UNSET
    extension_service_state: (
        list[OtherServiceState | RtmpPublishServiceState | UploadServiceState | WebRecorderServiceState] | Unset
    ) = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.rtmp_publish_service_state import RtmpPublishServiceState  # noqa: PLC0415
        from ..models.upload_service_state import UploadServiceState  # noqa: PLC0415
        from ..models.web_recorder_service_state import WebRecorderServiceState  # noqa: PLC0415

        uploading_status: str | Unset = UNSET
        if not isinstance(self.uploading_status, Unset):
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

        file_list_mode: str | Unset = UNSET
        if not isinstance(self.file_list_mode, Unset):
            file_list_mode = self.file_list_mode.value

        extension_service_state: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.extension_service_state, Unset):
            extension_service_state = []
            for componentsschemas_extension_service_states_item_data in self.extension_service_state:
                componentsschemas_extension_service_states_item: dict[str, Any]
                if isinstance(componentsschemas_extension_service_states_item_data, WebRecorderServiceState):
                    componentsschemas_extension_service_states_item = (
                        componentsschemas_extension_service_states_item_data.to_dict()
                    )
                elif isinstance(componentsschemas_extension_service_states_item_data, RtmpPublishServiceState):
                    componentsschemas_extension_service_states_item = (
                        componentsschemas_extension_service_states_item_data.to_dict()
                    )
                elif isinstance(componentsschemas_extension_service_states_item_data, UploadServiceState):
                    componentsschemas_extension_service_states_item = (
                        componentsschemas_extension_service_states_item_data.to_dict()
                    )
                else:
                    componentsschemas_extension_service_states_item = (
                        componentsschemas_extension_service_states_item_data.to_dict()
                    )

                extension_service_state.append(componentsschemas_extension_service_states_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if uploading_status is not UNSET:
            field_dict["uploadingStatus"] = uploading_status
        if file_list is not UNSET:
            field_dict["fileList"] = file_list
        if file_list_mode is not UNSET:
            field_dict["fileListMode"] = file_list_mode
        if extension_service_state is not UNSET:
            field_dict["extensionServiceState"] = extension_service_state

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.other_service_state import OtherServiceState  # noqa: PLC0415
        from ..models.recorded_file import RecordedFile  # noqa: PLC0415
        from ..models.rtmp_publish_service_state import RtmpPublishServiceState  # noqa: PLC0415
        from ..models.upload_service_state import UploadServiceState  # noqa: PLC0415
        from ..models.web_recorder_service_state import WebRecorderServiceState  # noqa: PLC0415

        d = dict(src_dict)
        _uploading_status = d.pop("uploadingStatus", UNSET)
        uploading_status: UploadingStatus | Unset
        if isinstance(_uploading_status, Unset):
            uploading_status = UNSET
        else:
            uploading_status = UploadingStatus(_uploading_status)

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

        _file_list_mode = d.pop("fileListMode", UNSET)
        file_list_mode: FileListMode | Unset
        if isinstance(_file_list_mode, Unset):
            file_list_mode = UNSET
        else:
            file_list_mode = FileListMode(_file_list_mode)

        _extension_service_state = d.pop("extensionServiceState", UNSET)
        extension_service_state: (
            list[OtherServiceState | RtmpPublishServiceState | UploadServiceState | WebRecorderServiceState] | Unset
        ) = UNSET
        if _extension_service_state is not UNSET:
            extension_service_state = []
            for componentsschemas_extension_service_states_item_data in _extension_service_state:

                def _parse_componentsschemas_extension_service_states_item(
                    data: object,
                ) -> OtherServiceState | RtmpPublishServiceState | UploadServiceState | WebRecorderServiceState:
                    try:
                        if not isinstance(data, dict):
                            raise TypeError()
                        componentsschemas_extension_service_state_type_0 = WebRecorderServiceState.from_dict(data)

                        return componentsschemas_extension_service_state_type_0
                    except (TypeError, ValueError, AttributeError, KeyError):
                        pass
                    try:
                        if not isinstance(data, dict):
                            raise TypeError()
                        componentsschemas_extension_service_state_type_1 = RtmpPublishServiceState.from_dict(data)

                        return componentsschemas_extension_service_state_type_1
                    except (TypeError, ValueError, AttributeError, KeyError):
                        pass
                    try:
                        if not isinstance(data, dict):
                            raise TypeError()
                        componentsschemas_extension_service_state_type_2 = UploadServiceState.from_dict(data)

                        return componentsschemas_extension_service_state_type_2
                    except (TypeError, ValueError, AttributeError, KeyError):
                        pass
                    if not isinstance(data, dict):
                        raise TypeError()
                    componentsschemas_extension_service_state_type_3 = OtherServiceState.from_dict(data)

                    return componentsschemas_extension_service_state_type_3

                componentsschemas_extension_service_states_item = (
                    _parse_componentsschemas_extension_service_states_item(
                        componentsschemas_extension_service_states_item_data
                    )
                )

                extension_service_state.append(componentsschemas_extension_service_states_item)

        stop_server_response = cls(
            uploading_status=uploading_status,
            file_list=file_list,
            file_list_mode=file_list_mode,
            extension_service_state=extension_service_state,
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
