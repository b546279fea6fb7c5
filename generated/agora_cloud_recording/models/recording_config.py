from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.audio_profile import AudioProfile
from ..models.channel_type import ChannelType
from ..models.decryption_mode import DecryptionMode
from ..models.stream_types import StreamTypes
from ..models.video_stream_type import VideoStreamType
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.transcoding_config import TranscodingConfig


T = TypeVar("T", bound="RecordingConfig")


@_attrs_define
class RecordingConfig:
    """How to record. Everything may be left out.

    Attributes:
        stream_types (StreamTypes | Unset): Which streams to record. Left out, both.
        decryption_mode (DecryptionMode | Unset): How to decrypt the channel; it must be what the channel uses. Left
            out, not at all.
        secret (str | Unset): The password for the decryption. A secret. Needed with decryption modes 1 to 3, idle
            otherwise.
        channel_type (ChannelType | Unset): The profile of the channel; it must be what the SDKs in the channel use.
            Left out, communication.
        audio_profile (AudioProfile | Unset): Sampling rate, channels and bitrate of the recorded sound. Left out, 48
            kHz mono at about 48 kbps.
        video_stream_type (VideoStreamType | Unset): Which video of users who send two. Left out, the high stream.
        max_idle_time (int | Unset): After how many seconds without users in the channel the recording ends by itself.
            Left out, 30.
        transcoding_config (TranscodingConfig | Unset): The recorded picture. At most 1080p, lying or standing: the
            longer side up to 1920 pixels, the shorter one up to
            1080.
    """

    stream_types: StreamTypes | Unset = UNSET
    decryption_mode: DecryptionMode | Unset = UNSET
    secret: str | Unset = UNSET
    channel_type: ChannelType | Unset = UNSET
    audio_profile: AudioProfile | Unset = UNSET
    video_stream_type: VideoStreamType | Unset = UNSET
    max_idle_time: int | Unset = UNSET
    transcoding_config: TranscodingConfig | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        stream_types: int | Unset = UNSET
        if not isinstance(self.stream_types, Unset):
            stream_types = self.stream_types.value

        decryption_mode: int | Unset = UNSET
        if not isinstance(self.decryption_mode, Unset):
            decryption_mode = self.decryption_mode.value

        secret = self.secret

        channel_type: int | Unset = UNSET
        if not isinstance(self.channel_type, Unset):
            channel_type = self.channel_type.value

        audio_profile: int | Unset = UNSET
        if not isinstance(self.audio_profile, Unset):
            audio_profile = self.audio_profile.value

        video_stream_type: int | Unset = UNSET
        if not isinstance(self.video_stream_type, Unset):
            video_stream_type = self.video_stream_type.value

        max_idle_time = self.max_idle_time

        transcoding_config: dict[str, Any] | Unset = UNSET
        if not isinstance(self.transcoding_config, Unset):
            transcoding_config = self.transcoding_config.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if stream_types is not UNSET:
            field_dict["streamTypes"] = stream_types
        if decryption_mode is not UNSET:
            field_dict["decryptionMode"] = decryption_mode
        if secret is not UNSET:
            field_dict["secret"] = secret
        if channel_type is not UNSET:
            field_dict["channelType"] = channel_type
        if audio_profile is not UNSET:
            field_dict["audioProfile"] = audio_profile
        if video_stream_type is not UNSET:
            field_dict["videoStreamType"] = video_stream_type
        if max_idle_time is not UNSET:
            field_dict["maxIdleTime"] = max_idle_time
        if transcoding_config is not UNSET:
            field_dict["transcodingConfig"] = transcoding_config

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.transcoding_config import TranscodingConfig  # noqa: PLC0415

        d = dict(src_dict)
        _stream_types = d.pop("streamTypes", UNSET)
        stream_types: StreamTypes | Unset
        if isinstance(_stream_types, Unset):
            stream_types = UNSET
        else:
            stream_types = StreamTypes(_stream_types)

        _decryption_mode = d.pop("decryptionMode", UNSET)
        decryption_mode: DecryptionMode | Unset
        if isinstance(_decryption_mode, Unset):
            decryption_mode = UNSET
        else:
            decryption_mode = DecryptionMode(_decryption_mode)

        secret = d.pop("secret", UNSET)

        _channel_type = d.pop("channelType", UNSET)
        channel_type: ChannelType | Unset
        if isinstance(_channel_type, Unset):
            channel_type = UNSET
        else:
            channel_type = ChannelType(_channel_type)

        _audio_profile = d.pop("audioProfile", UNSET)
        audio_profile: AudioProfile | Unset
        if isinstance(_audio_profile, Unset):
            audio_profile = UNSET
        else:
            audio_profile = AudioProfile(_audio_profile)

        _video_stream_type = d.pop("videoStreamType", UNSET)
        video_stream_type: VideoStreamType | Unset
        if isinstance(_video_stream_type, Unset):
            video_stream_type = UNSET
        else:
            video_stream_type = VideoStreamType(_video_stream_type)

        max_idle_time = d.pop("maxIdleTime", UNSET)

        _transcoding_config = d.pop("transcodingConfig", UNSET)
        transcoding_config: TranscodingConfig | Unset
        if isinstance(_transcoding_config, Unset):
            transcoding_config = UNSET
        else:
            transcoding_config = TranscodingConfig.from_dict(_transcoding_config)

        recording_config = cls(
            stream_types=stream_types,
            decryption_mode=decryption_mode,
            secret=secret,
            channel_type=channel_type,
            audio_profile=audio_profile,
            video_stream_type=video_stream_type,
            max_idle_time=max_idle_time,
            transcoding_config=transcoding_config,
        )

        recording_config.additional_properties = d
        return recording_config

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
