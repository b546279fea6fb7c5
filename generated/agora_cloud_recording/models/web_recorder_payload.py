from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.extension_state import ExtensionState
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.web_recorded_file import WebRecordedFile


T = TypeVar("T", bound="WebRecorderPayload")


@_attrs_define
class WebRecorderPayload:
    """How far the recording of a web page is.

    Attributes:
        state (ExtensionState): How far a service is.
        onhold (bool | Unset): Whether the recording is paused. One example leaves it out after the end.
        file_list (list[WebRecordedFile] | Unset): The files so far.
    """

    state: ExtensionState
    onhold: bool | Unset = UNSET
    file_list: list[WebRecordedFile] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        state = self.state.value

        onhold = self.onhold

        file_list: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.file_list, Unset):
            file_list = []
            for file_list_item_data in self.file_list:
                file_list_item = file_list_item_data.to_dict()
                file_list.append(file_list_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "state": state,
            }
        )
        if onhold is not UNSET:
            field_dict["onhold"] = onhold
        if file_list is not UNSET:
            field_dict["fileList"] = file_list

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.web_recorded_file import WebRecordedFile  # noqa: PLC0415

        d = dict(src_dict)
        state = ExtensionState(d.pop("state"))

        onhold = d.pop("onhold", UNSET)

        _file_list = d.pop("fileList", UNSET)
        file_list: list[WebRecordedFile] | Unset = UNSET
        if _file_list is not UNSET:
            file_list = []
            for file_list_item_data in _file_list:
                file_list_item = WebRecordedFile.from_dict(file_list_item_data)

                file_list.append(file_list_item)

        web_recorder_payload = cls(
            state=state,
            onhold=onhold,
            file_list=file_list,
        )

        web_recorder_payload.additional_properties = d
        return web_recorder_payload

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
