from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.abort_policy import AbortPolicy
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.rtmp_publish_service import RtmpPublishService
    from ..models.web_recorder_service import WebRecorderService


T = TypeVar("T", bound="ExtensionServiceConfig")


@_attrs_define
class ExtensionServiceConfig:
    """What mode `web` records, and where it is pushed to.

    Attributes:
        extension_services (list[RtmpPublishService | WebRecorderService]): The recording of a page, and at most one
            push of it.
        error_handle_policy (AbortPolicy | Unset): `error_abort`: an error of this service stops the others too.
    """

    extension_services: list[RtmpPublishService | WebRecorderService]
    error_handle_policy: AbortPolicy | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.web_recorder_service import WebRecorderService  # noqa: PLC0415

        extension_services = []
        for extension_services_item_data in self.extension_services:
            extension_services_item: dict[str, Any]
            if isinstance(extension_services_item_data, WebRecorderService):
                extension_services_item = extension_services_item_data.to_dict()
            else:
                extension_services_item = extension_services_item_data.to_dict()

            extension_services.append(extension_services_item)

        error_handle_policy: str | Unset = UNSET
        if not isinstance(self.error_handle_policy, Unset):
            error_handle_policy = self.error_handle_policy.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "extensionServices": extension_services,
            }
        )
        if error_handle_policy is not UNSET:
            field_dict["errorHandlePolicy"] = error_handle_policy

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.rtmp_publish_service import RtmpPublishService  # noqa: PLC0415
        from ..models.web_recorder_service import WebRecorderService  # noqa: PLC0415

        d = dict(src_dict)
        extension_services = []
        _extension_services = d.pop("extensionServices")
        for extension_services_item_data in _extension_services:

            def _parse_extension_services_item(data: object) -> RtmpPublishService | WebRecorderService:
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    componentsschemas_extension_service_type_0 = WebRecorderService.from_dict(data)

                    return componentsschemas_extension_service_type_0
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_extension_service_type_1 = RtmpPublishService.from_dict(data)

                return componentsschemas_extension_service_type_1

            extension_services_item = _parse_extension_services_item(extension_services_item_data)

            extension_services.append(extension_services_item)

        _error_handle_policy = d.pop("errorHandlePolicy", UNSET)
        error_handle_policy: AbortPolicy | Unset
        if isinstance(_error_handle_policy, Unset):
            error_handle_policy = UNSET
        else:
            error_handle_policy = AbortPolicy(_error_handle_policy)

        extension_service_config = cls(
            extension_services=extension_services,
            error_handle_policy=error_handle_policy,
        )

        extension_service_config.additional_properties = d
        return extension_service_config

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
