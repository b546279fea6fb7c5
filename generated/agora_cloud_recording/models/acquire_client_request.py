from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.region_affinity import RegionAffinity
from ..models.scene import Scene
from ..models.service_region import ServiceRegion
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.start_parameter import StartParameter


T = TypeVar("T", bound="AcquireClientRequest")


@_attrs_define
class AcquireClientRequest:
    """What the resource is for, and where it is. Everything may be left out.

    Attributes:
        scene (Scene | Unset): What the resource is for. Left out, a recording of a channel.
        resource_expired_hour (int | Unset): For how many hours after `start` the recording can be queried, updated and
            stopped. It continues
            afterwards. Left out, 72.
        exclude_resource_ids (list[str] | Unset): The resource IDs of other recordings, so that this one gets resources
            of another place.
        region (ServiceRegion | Unset): The region that the recording service may not leave. Left out, it is chosen by
            where the request comes from.
            The storage must be in the same region.
        region_affinity (RegionAffinity | Unset): The region whose resources are preferred; when it has none, a
            neighbouring one serves. Left out, the nearest.
            Only the Chinese documents have it.
        start_parameter (StartParameter | Unset): The `clientRequest` of the `start` that will follow, a
            `StartClientRequest`. `acquire` takes any object;
            `start` is refused unless its own is valid and the same. It holds the same secrets.
    """

    scene: Scene | Unset = UNSET
    resource_expired_hour: int | Unset = UNSET
    exclude_resource_ids: list[str] | Unset = UNSET
    region: ServiceRegion | Unset = UNSET
    region_affinity: RegionAffinity | Unset = UNSET
    start_parameter: StartParameter | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        scene: int | Unset = UNSET
        if not isinstance(self.scene, Unset):
            scene = self.scene.value

        resource_expired_hour = self.resource_expired_hour

        exclude_resource_ids: list[str] | Unset = UNSET
        if not isinstance(self.exclude_resource_ids, Unset):
            exclude_resource_ids = self.exclude_resource_ids

        region: str | Unset = UNSET
        if not isinstance(self.region, Unset):
            region = self.region.value

        region_affinity: int | Unset = UNSET
        if not isinstance(self.region_affinity, Unset):
            region_affinity = self.region_affinity.value

        start_parameter: dict[str, Any] | Unset = UNSET
        if not isinstance(self.start_parameter, Unset):
            start_parameter = self.start_parameter.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if scene is not UNSET:
            field_dict["scene"] = scene
        if resource_expired_hour is not UNSET:
            field_dict["resourceExpiredHour"] = resource_expired_hour
        if exclude_resource_ids is not UNSET:
            field_dict["excludeResourceIds"] = exclude_resource_ids
        if region is not UNSET:
            field_dict["region"] = region
        if region_affinity is not UNSET:
            field_dict["regionAffinity"] = region_affinity
        if start_parameter is not UNSET:
            field_dict["startParameter"] = start_parameter

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.start_parameter import StartParameter  # noqa: PLC0415

        d = dict(src_dict)
        _scene = d.pop("scene", UNSET)
        scene: Scene | Unset
        if isinstance(_scene, Unset):
            scene = UNSET
        else:
            scene = Scene(_scene)

        resource_expired_hour = d.pop("resourceExpiredHour", UNSET)

        exclude_resource_ids = cast(list[str], d.pop("excludeResourceIds", UNSET))

        _region = d.pop("region", UNSET)
        region: ServiceRegion | Unset
        if isinstance(_region, Unset):
            region = UNSET
        else:
            region = ServiceRegion(_region)

        _region_affinity = d.pop("regionAffinity", UNSET)
        region_affinity: RegionAffinity | Unset
        if isinstance(_region_affinity, Unset):
            region_affinity = UNSET
        else:
            region_affinity = RegionAffinity(_region_affinity)

        _start_parameter = d.pop("startParameter", UNSET)
        start_parameter: StartParameter | Unset
        if isinstance(_start_parameter, Unset):
            start_parameter = UNSET
        else:
            start_parameter = StartParameter.from_dict(_start_parameter)

        acquire_client_request = cls(
            scene=scene,
            resource_expired_hour=resource_expired_hour,
            exclude_resource_ids=exclude_resource_ids,
            region=region,
            region_affinity=region_affinity,
            start_parameter=start_parameter,
        )

        acquire_client_request.additional_properties = d
        return acquire_client_request

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
