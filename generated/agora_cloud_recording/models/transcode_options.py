from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="TranscodeOptions")


@_attrs_define
class TranscodeOptions:
    """Transcoding after the recording. Not in the documents any more; it passes unread.

    Attributes:
        trans_config (Any | Unset): `transMode`: `postponeTranscoding` or `audioMix`.
        container (Any | Unset): `format`: `mp4`, `mp3`, `m4a` or `aac`.
        audio (Any | Unset): `sampleRate` in Hz, `bitrate` in bit/s and `channels`, all three as strings.
    """

    trans_config: Any | Unset = UNSET
    container: Any | Unset = UNSET
    audio: Any | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        trans_config = self.trans_config

        container = self.container

        audio = self.audio

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if trans_config is not UNSET:
            field_dict["transConfig"] = trans_config
        if container is not UNSET:
            field_dict["container"] = container
        if audio is not UNSET:
            field_dict["audio"] = audio

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        trans_config = d.pop("transConfig", UNSET)

        container = d.pop("container", UNSET)

        audio = d.pop("audio", UNSET)

        transcode_options = cls(
            trans_config=trans_config,
            container=container,
            audio=audio,
        )

        transcode_options.additional_properties = d
        return transcode_options

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
