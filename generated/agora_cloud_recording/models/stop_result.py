from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.stop_server_response import StopServerResponse


T = TypeVar("T", bound="StopResult")


@_attrs_define
class StopResult:
    """A recording that has been stopped, and whose it is. One guide prints the response without the latter.

    Attributes:
        resource_id (str): What `acquire` gives. Good for 5 minutes and for one recording. It belongs to an App ID, a
            channel and a
            user ID.
        sid (str): The ID of one recording, from start to stop.
        server_response (StopServerResponse): What became of the files. It holds:

            - in mode `web`, `extensionServiceState`, with `uploadingStatus` in that of the `upload_service`;
            - in mode `individual` with snapshots only, `uploadingStatus`;
            - otherwise `uploadingStatus`, `fileListMode` and `fileList`, which may be empty.
        cname (str | Unset): The `cname` of the recording.
        uid (str | Unset): The user ID of the recorder.
    """

    resource_id: str
    sid: str
    server_response: StopServerResponse
    cname: str | Unset = UNSET
    uid: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        resource_id = self.resource_id

        sid = self.sid

        server_response = self.server_response.to_dict()

        cname = self.cname

        uid = self.uid

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "resourceId": resource_id,
                "sid": sid,
                "serverResponse": server_response,
            }
        )
        if cname is not UNSET:
            field_dict["cname"] = cname
        if uid is not UNSET:
            field_dict["uid"] = uid

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.stop_server_response import StopServerResponse  # noqa: PLC0415

        d = dict(src_dict)
        resource_id = d.pop("resourceId")

        sid = d.pop("sid")

        server_response = StopServerResponse.from_dict(d.pop("serverResponse"))

        cname = d.pop("cname", UNSET)

        uid = d.pop("uid", UNSET)

        stop_result = cls(
            resource_id=resource_id,
            sid=sid,
            server_response=server_response,
            cname=cname,
            uid=uid,
        )

        stop_result.additional_properties = d
        return stop_result

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
