from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.audio_profile import AudioProfile
from ..types import UNSET, Unset

T = TypeVar("T", bound="WebRecorderParam")


@_attrs_define
class WebRecorderParam:
    """Which page to record, and how. Width times height is at most 1920 × 1080 pixels.

    Attributes:
        url (str): The address of the page, which must not lead to another domain. If it cannot be opened, the recording
            ends
            soon after a `start` that succeeded.
        audio_profile (AudioProfile): Sampling rate, channels and bitrate of the recorded sound. Left out in mode `mix`,
            48 kHz mono at about 48 kbps;
            in mode `web` it must be given.
        video_width (int): The width of the recorded page in pixels. Width times height is at most 1920 × 1080.
        video_height (int): The height of the recorded page in pixels. Width times height is at most 1920 × 1080.
        max_recording_hour (int): After how many hours the recording of a page ends on its own. It should not be more
            than
            `resourceExpiredHour`, for the recording cannot be stopped afterwards.
        video_bitrate (int | Unset): The bitrate of the page's video in kbps. Left out, 2000 from 1280 × 720 upwards,
            and 1500 below.
        video_fps (int | Unset): Pictures per second of the page's video. Left out, 15.
        mobile (bool | Unset): Whether the page is shown as on a mobile device. Left out, it is not.
        max_video_duration (int | Unset): After how many minutes a new MP4 file begins. Left out, 120.
        onhold (bool | Unset): Whether the recording of the page is paused, so that no files come. Left out, it is not.
        ready_timeout (int | Unset): For how many seconds the page may load before the recording stops. 0, as when it is
            left out, does not look.
    """

    url: str
    audio_profile: AudioProfile
    video_width: int
    video_height: int
    max_recording_hour: int
    video_bitrate: int | Unset = UNSET
    video_fps: int | Unset = UNSET
    mobile: bool | Unset = UNSET
    max_video_duration: int | Unset = UNSET
    onhold: bool | Unset = UNSET
    ready_timeout: int | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        url = self.url

        audio_profile = self.audio_profile.value

        video_width = self.video_width

        video_height = self.video_height

        max_recording_hour = self.max_recording_hour

        video_bitrate = self.video_bitrate

        video_fps = self.video_fps

        mobile = self.mobile

        max_video_duration = self.max_video_duration

        onhold = self.onhold

        ready_timeout = self.ready_timeout

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "url": url,
                "audioProfile": audio_profile,
                "videoWidth": video_width,
                "videoHeight": video_height,
                "maxRecordingHour": max_recording_hour,
            }
        )
        if video_bitrate is not UNSET:
            field_dict["videoBitrate"] = video_bitrate
        if video_fps is not UNSET:
            field_dict["videoFps"] = video_fps
        if mobile is not UNSET:
            field_dict["mobile"] = mobile
        if max_video_duration is not UNSET:
            field_dict["maxVideoDuration"] = max_video_duration
        if onhold is not UNSET:
            field_dict["onhold"] = onhold
        if ready_timeout is not UNSET:
            field_dict["readyTimeout"] = ready_timeout

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        url = d.pop("url")

        audio_profile = AudioProfile(d.pop("audioProfile"))

        video_width = d.pop("videoWidth")

        video_height = d.pop("videoHeight")

        max_recording_hour = d.pop("maxRecordingHour")

        video_bitrate = d.pop("videoBitrate", UNSET)

        video_fps = d.pop("videoFps", UNSET)

        mobile = d.pop("mobile", UNSET)

        max_video_duration = d.pop("maxVideoDuration", UNSET)

        onhold = d.pop("onhold", UNSET)

        ready_timeout = d.pop("readyTimeout", UNSET)

        web_recorder_param = cls(
            url=url,
            audio_profile=audio_profile,
            video_width=video_width,
            video_height=video_height,
            max_recording_hour=max_recording_hour,
            video_bitrate=video_bitrate,
            video_fps=video_fps,
            mobile=mobile,
            max_video_duration=max_video_duration,
            onhold=onhold,
            ready_timeout=ready_timeout,
        )

        web_recorder_param.additional_properties = d
        return web_recorder_param

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
