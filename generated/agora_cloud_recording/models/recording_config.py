from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.audio_profile import AudioProfile
from ..models.channel_type import ChannelType
from ..models.decryption_mode import DecryptionMode
from ..models.stream_mode import StreamMode
from ..models.stream_types import StreamTypes
from ..models.subscribe_uid_group import SubscribeUidGroup
from ..models.video_stream_type import VideoStreamType
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.transcoding_config import TranscodingConfig


T = TypeVar("T", bound="RecordingConfig")


@_attrs_define
class RecordingConfig:
    """How to record a channel. Everything may be left out, but for `subscribeUidGroup` in mode `individual`. A
    subscription list for one medium alone means that the other medium is not recorded at all.

        Attributes:
            stream_types (StreamTypes | Unset): Which streams to record. Left out, both.
            decryption_mode (DecryptionMode | Unset): How to decrypt the channel; it must be what the channel uses. Left
                out, not at all.
            secret (str | Unset): The password for the decryption. A secret. Needed with decryption modes 1 to 8, idle
                otherwise.
            channel_type (ChannelType | Unset): The profile of the channel; it must be what the SDKs in the channel use.
                Left out, communication.
            audio_profile (AudioProfile | Unset): Sampling rate, channels and bitrate of the recorded sound. Left out in
                mode `mix`, 48 kHz mono at about 48 kbps;
                in mode `web` it must be given.
            video_stream_type (VideoStreamType | Unset): Which video of users who send two. Left out, the high stream.
            max_idle_time (int | Unset): After how many seconds of an idle channel the recording ends on its own, at most 30
                days. A live channel is idle
                without hosts, a communication channel without users. Left out, 30.
            transcoding_config (TranscodingConfig | Unset): The recorded picture of mode `mix`. Width times height is at
                most 1920 × 1080 pixels, and neither is more than
                1920; a side that is left out counts as 360 wide or 640 high. Behind a region lies, of those that are given, the
                user's own image, `defaultUserBackgroundImage`, `backgroundImage` or `backgroundColor`.
            salt (str | Unset): 32 bytes in Base64, for the decryption. A secret. Needed with decryption modes 7 and 8.
            subscribe_audio_uids (list[str] | Unset): The only users to record, 1 to 32 of them. `["#allstream#"]` stands
                for all.
            un_subscribe_audio_uids (list[str] | Unset): The users not to record, 1 to 32 of them. All others are recorded.
            unsubscribe_audio_uids (list[str] | Unset): The users not to record, 1 to 32 of them. All others are recorded.
            subscribe_video_uids (list[str] | Unset): The only users to record, 1 to 32 of them. `["#allstream#"]` stands
                for all.
            un_subscribe_video_uids (list[str] | Unset): The users not to record, 1 to 32 of them. All others are recorded.
            unsubscribe_video_uids (list[str] | Unset): The users not to record, 1 to 32 of them. All others are recorded.
            subscribe_uid_group (SubscribeUidGroup | Unset): How many users are recorded at the most busy time. A user
                counts once, with sound, video or both. Mode
                `individual` must give it.
            stream_mode (StreamMode | Unset): Which index files mode `individual` makes, and from what. Left out, `default`.
    """

    stream_types: StreamTypes | Unset = UNSET
    decryption_mode: DecryptionMode | Unset = UNSET
    secret: str | Unset = UNSET
    channel_type: ChannelType | Unset = UNSET
    audio_profile: AudioProfile | Unset = UNSET
    video_stream_type: VideoStreamType | Unset = UNSET
    max_idle_time: int | Unset = UNSET
    transcoding_config: TranscodingConfig | Unset = UNSET
    salt: str | Unset = UNSET
    subscribe_audio_uids: list[str] | Unset = UNSET
    un_subscribe_audio_uids: list[str] | Unset = UNSET
    unsubscribe_audio_uids: list[str] | Unset = UNSET
    subscribe_video_uids: list[str] | Unset = UNSET
    un_subscribe_video_uids: list[str] | Unset = UNSET
    unsubscribe_video_uids: list[str] | Unset = UNSET
    subscribe_uid_group: SubscribeUidGroup | Unset = UNSET
    stream_mode: StreamMode | Unset = UNSET
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

        salt = self.salt

        subscribe_audio_uids: list[str] | Unset = UNSET
        if not isinstance(self.subscribe_audio_uids, Unset):
            subscribe_audio_uids = self.subscribe_audio_uids

        un_subscribe_audio_uids: list[str] | Unset = UNSET
        if not isinstance(self.un_subscribe_audio_uids, Unset):
            un_subscribe_audio_uids = self.un_subscribe_audio_uids

        unsubscribe_audio_uids: list[str] | Unset = UNSET
        if not isinstance(self.unsubscribe_audio_uids, Unset):
            unsubscribe_audio_uids = self.unsubscribe_audio_uids

        subscribe_video_uids: list[str] | Unset = UNSET
        if not isinstance(self.subscribe_video_uids, Unset):
            subscribe_video_uids = self.subscribe_video_uids

        un_subscribe_video_uids: list[str] | Unset = UNSET
        if not isinstance(self.un_subscribe_video_uids, Unset):
            un_subscribe_video_uids = self.un_subscribe_video_uids

        unsubscribe_video_uids: list[str] | Unset = UNSET
        if not isinstance(self.unsubscribe_video_uids, Unset):
            unsubscribe_video_uids = self.unsubscribe_video_uids

        subscribe_uid_group: int | Unset = UNSET
        if not isinstance(self.subscribe_uid_group, Unset):
            subscribe_uid_group = self.subscribe_uid_group.value

        stream_mode: str | Unset = UNSET
        if not isinstance(self.stream_mode, Unset):
            stream_mode = self.stream_mode.value

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
        if salt is not UNSET:
            field_dict["salt"] = salt
        if subscribe_audio_uids is not UNSET:
            field_dict["subscribeAudioUids"] = subscribe_audio_uids
        if un_subscribe_audio_uids is not UNSET:
            field_dict["unSubscribeAudioUids"] = un_subscribe_audio_uids
        if unsubscribe_audio_uids is not UNSET:
            field_dict["unsubscribeAudioUids"] = unsubscribe_audio_uids
        if subscribe_video_uids is not UNSET:
            field_dict["subscribeVideoUids"] = subscribe_video_uids
        if un_subscribe_video_uids is not UNSET:
            field_dict["unSubscribeVideoUids"] = un_subscribe_video_uids
        if unsubscribe_video_uids is not UNSET:
            field_dict["unsubscribeVideoUids"] = unsubscribe_video_uids
        if subscribe_uid_group is not UNSET:
            field_dict["subscribeUidGroup"] = subscribe_uid_group
        if stream_mode is not UNSET:
            field_dict["streamMode"] = stream_mode

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

        salt = d.pop("salt", UNSET)

        subscribe_audio_uids = cast(list[str], d.pop("subscribeAudioUids", UNSET))

        un_subscribe_audio_uids = cast(list[str], d.pop("unSubscribeAudioUids", UNSET))

        unsubscribe_audio_uids = cast(list[str], d.pop("unsubscribeAudioUids", UNSET))

        subscribe_video_uids = cast(list[str], d.pop("subscribeVideoUids", UNSET))

        un_subscribe_video_uids = cast(list[str], d.pop("unSubscribeVideoUids", UNSET))

        unsubscribe_video_uids = cast(list[str], d.pop("unsubscribeVideoUids", UNSET))

        _subscribe_uid_group = d.pop("subscribeUidGroup", UNSET)
        subscribe_uid_group: SubscribeUidGroup | Unset
        if isinstance(_subscribe_uid_group, Unset):
            subscribe_uid_group = UNSET
        else:
            subscribe_uid_group = SubscribeUidGroup(_subscribe_uid_group)

        _stream_mode = d.pop("streamMode", UNSET)
        stream_mode: StreamMode | Unset
        if isinstance(_stream_mode, Unset):
            stream_mode = UNSET
        else:
            stream_mode = StreamMode(_stream_mode)

        recording_config = cls(
            stream_types=stream_types,
            decryption_mode=decryption_mode,
            secret=secret,
            channel_type=channel_type,
            audio_profile=audio_profile,
            video_stream_type=video_stream_type,
            max_idle_time=max_idle_time,
            transcoding_config=transcoding_config,
            salt=salt,
            subscribe_audio_uids=subscribe_audio_uids,
            un_subscribe_audio_uids=un_subscribe_audio_uids,
            unsubscribe_audio_uids=unsubscribe_audio_uids,
            subscribe_video_uids=subscribe_video_uids,
            un_subscribe_video_uids=un_subscribe_video_uids,
            unsubscribe_video_uids=unsubscribe_video_uids,
            subscribe_uid_group=subscribe_uid_group,
            stream_mode=stream_mode,
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
