from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.ignore_policy import IgnorePolicy
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.rtmp_publish_param import RtmpPublishParam


T = TypeVar("T", bound="RtmpPublishService")


@_attrs_define
class RtmpPublishService:
    """The push of the recorded page to a CDN. Its errors leave the recording as it is.

    Attributes:
        service_name (Literal['rtmp_publish_service']): The name of this service.
        service_param (RtmpPublishParam): Where to push the page.
        error_handle_policy (IgnorePolicy | Unset): `error_ignore`: an error of this service leaves the others as they
            are.
    """

    service_name: Literal["rtmp_publish_service"]
    service_param: RtmpPublishParam
    error_handle_policy: IgnorePolicy | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        service_name = self.service_name

        service_param = self.service_param.to_dict()

        error_handle_policy: str | Unset = UNSET
        if not isinstance(self.error_handle_policy, Unset):
            error_handle_policy = self.error_handle_policy.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "serviceName": service_name,
                "serviceParam": service_param,
            }
        )
        if error_handle_policy is not UNSET:
            field_dict["errorHandlePolicy"] = error_handle_policy

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.rtmp_publish_param import RtmpPublishParam  # noqa: PLC0415

        d = dict(src_dict)
        service_name = cast(Literal["rtmp_publish_service"], d.pop("serviceName"))
        if service_name != "rtmp_publish_service":
            raise ValueError(f"serviceName must match const 'rtmp_publish_service', got '{service_name}'")

        service_param = RtmpPublishParam.from_dict(d.pop("serviceParam"))

        _error_handle_policy = d.pop("errorHandlePolicy", UNSET)
        error_handle_policy: IgnorePolicy | Unset
        if isinstance(_error_handle_policy, Unset):
            error_handle_policy = UNSET
        else:
            error_handle_policy = IgnorePolicy(_error_handle_policy)

        rtmp_publish_service = cls(
            service_name=service_name,
            service_param=service_param,
            error_handle_policy=error_handle_policy,
        )

        rtmp_publish_service.additional_properties = d
        return rtmp_publish_service

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
