from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.abort_policy import AbortPolicy
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.web_recorder_param import WebRecorderParam


T = TypeVar("T", bound="WebRecorderService")


@_attrs_define
class WebRecorderService:
    """The recording of a web page. Its errors stop the push too.

    Attributes:
        service_name (Literal['web_recorder_service']): The name of this service.
        service_param (WebRecorderParam): Which page to record, and how. Width times height is at most 1920 × 1080
            pixels.
        error_handle_policy (AbortPolicy | Unset): `error_abort`: an error of this service stops the others too.
    """

    service_name: Literal["web_recorder_service"]
    service_param: WebRecorderParam
    error_handle_policy: AbortPolicy | Unset = UNSET
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
        from ..models.web_recorder_param import WebRecorderParam  # noqa: PLC0415

        d = dict(src_dict)
        service_name = cast(Literal["web_recorder_service"], d.pop("serviceName"))
        if service_name != "web_recorder_service":
            raise ValueError(f"serviceName must match const 'web_recorder_service', got '{service_name}'")

        service_param = WebRecorderParam.from_dict(d.pop("serviceParam"))

        _error_handle_policy = d.pop("errorHandlePolicy", UNSET)
        error_handle_policy: AbortPolicy | Unset
        if isinstance(_error_handle_policy, Unset):
            error_handle_policy = UNSET
        else:
            error_handle_policy = AbortPolicy(_error_handle_policy)

        web_recorder_service = cls(
            service_name=service_name,
            service_param=service_param,
            error_handle_policy=error_handle_policy,
        )

        web_recorder_service.additional_properties = d
        return web_recorder_service

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
