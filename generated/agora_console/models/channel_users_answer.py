from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.absent_channel import AbsentChannel
    from ..models.communication_channel import CommunicationChannel
    from ..models.hosts_of_live_channel import HostsOfLiveChannel
    from ..models.live_channel import LiveChannel


T = TypeVar("T", bound="ChannelUsersAnswer")


@_attrs_define
class ChannelUsersAnswer:
    """The users of a channel.

    Attributes:
        success (bool): True in every response with status 200; false is reserved.
        data (AbsentChannel | CommunicationChannel | HostsOfLiveChannel | LiveChannel): One of four shapes,
            distinguished by `channel_exist` and `mode`, and by the members that are there.
    """

    success: bool
    data: AbsentChannel | CommunicationChannel | HostsOfLiveChannel | LiveChannel
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.absent_channel import AbsentChannel  # noqa: PLC0415
        from ..models.communication_channel import CommunicationChannel  # noqa: PLC0415
        from ..models.live_channel import LiveChannel  # noqa: PLC0415

        success = self.success

        data: dict[str, Any]
        if isinstance(self.data, CommunicationChannel):
            data = self.data.to_dict()
        elif isinstance(self.data, LiveChannel):
            data = self.data.to_dict()
        elif isinstance(self.data, AbsentChannel):
            data = self.data.to_dict()
        else:
            data = self.data.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "success": success,
                "data": data,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.absent_channel import AbsentChannel  # noqa: PLC0415
        from ..models.communication_channel import CommunicationChannel  # noqa: PLC0415
        from ..models.hosts_of_live_channel import HostsOfLiveChannel  # noqa: PLC0415
        from ..models.live_channel import LiveChannel  # noqa: PLC0415

        d = dict(src_dict)
        success = d.pop("success")

        def _parse_data(data: object) -> AbsentChannel | CommunicationChannel | HostsOfLiveChannel | LiveChannel:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                data_type_0 = CommunicationChannel.from_dict(data)

                return data_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                data_type_1 = LiveChannel.from_dict(data)

                return data_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                data_type_2 = AbsentChannel.from_dict(data)

                return data_type_2
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            data_type_3 = HostsOfLiveChannel.from_dict(data)

            return data_type_3

        data = _parse_data(d.pop("data"))

        channel_users_answer = cls(
            success=success,
            data=data,
        )

        channel_users_answer.additional_properties = d
        return channel_users_answer

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
