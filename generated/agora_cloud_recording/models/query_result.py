from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.query_server_response import QueryServerResponse


T = TypeVar("T", bound="QueryResult")


@_attrs_define
class QueryResult:
    """The state of a recording.

    Attributes:
        resource_id (str): What `acquire` gives. Good for 5 minutes and for one recording. It belongs to an App ID, a
            channel and a
            user ID.
        sid (str): The ID of one recording, from start to stop.
        server_response (QueryServerResponse): How far a recording is. Besides `status` it holds:

            - in mode `web`, `extensionServiceState`;
            - in mode `individual` with snapshots only, `sliceStartTime`;
            - otherwise `fileListMode`, `fileList` and `sliceStartTime`, once there is a file.
        cname (str): The `cname` of the recording.
        uid (str): The user ID of the recorder.
    """

    resource_id: str
    sid: str
    server_response: QueryServerResponse
    cname: str
    uid: str
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
                "cname": cname,
                "uid": uid,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.query_server_response import QueryServerResponse  # noqa: PLC0415

        d = dict(src_dict)
        resource_id = d.pop("resourceId")

        sid = d.pop("sid")

        server_response = QueryServerResponse.from_dict(d.pop("serverResponse"))

        cname = d.pop("cname")

        uid = d.pop("uid")

        query_result = cls(
            resource_id=resource_id,
            sid=sid,
            server_response=server_response,
            cname=cname,
            uid=uid,
        )

        query_result.additional_properties = d
        return query_result

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
