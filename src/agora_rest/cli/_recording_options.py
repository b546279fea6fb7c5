"""Options for the settings and the mode of a recording.

None of them is a secret, because other users could see it: keys, passwords and tokens come from the environment.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import typer

from agora_rest.cli import _layouts
from agora_rest.cli._completing import fixed_offers, members
from agora_rest.cli._exits import CliError
from agora_rest.cli._options import flag, option
from agora_rest.client import enums

if TYPE_CHECKING:
    from agora_rest import IndividualConfig, RecordingConfig, ResourceConfig, Subscription, WebConfig

DECRYPTION_SECRET: Final = "AGORA_DECRYPTION_SECRET"  # noqa: S105  the name of a variable
"""The variable with the password of an encrypted channel."""
DECRYPTION_SALT: Final = "AGORA_DECRYPTION_SALT"
"""The variable with the salt, in Base64, that two ways of encryption need (CR-106)."""
RTMP_KEY: Final = "AGORA_RTMP_KEY"
"""The variable with the stream key, which is the last part of an address to push to (CR-135)."""

_PICTURE: Final = "Sound and picture"
_USERS: Final = "Users to record"
_WEB: Final = "Web page (--mode web)"
_SERVICE: Final = "Recording service"

Mode = Annotated[
    Literal["mix", "individual", "web"],
    option("All users of a channel in one file, each user in files of their own, or a web page.", "mix|individual|web"),
]
"""How a recording is made."""
StartMode = Annotated[
    Literal["mix", "individual", "web"] | None,
    option("How it was started, if not in mode mix.", "mix|individual|web"),
]
"""How a recording that runs was started."""

_MAX_HOURS: Final = 720
"""The most hours that a web page is recorded (CR-130)."""

_CHANNEL: Final = ("mix", "individual")
_BELONGS_TO: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(
        ("stream_types", "channel_type", "video_stream_type", "max_idle_time", "decryption_mode"), _CHANNEL
    ),
    **dict.fromkeys(("subscribe_audio", "subscribe_video"), _CHANNEL),
    **dict.fromkeys(("audio_profile", "width", "height", "fps", "bitrate"), ("mix", "web")),
    **dict.fromkeys(("layout", "max_resolution_uid", "background_color"), ("mix",)),
    **dict.fromkeys(("max_users", "stream_mode", "snapshot_interval"), ("individual",)),
    **dict.fromkeys(("url", "max_hours", "mobile", "paused", "ready_timeout", "rtmp_url"), ("web",)),
}
"""The modes of the options that not every mode has."""


def named(kind: type[IntEnum], help: str, panel: str = _PICTURE) -> Any:  # noqa: A002  as Typer calls it
    """An option that takes a member of `kind` by its name."""
    names = members(kind)
    return option(
        f"{help}: {', '.join(names)}.", "NAME", panel=panel, parser=_by_name(kind), autocompletion=fixed_offers(*names)
    )


def _by_name(kind: type[IntEnum]) -> Callable[[str], IntEnum]:
    def parse(text: str) -> IntEnum:
        wanted = text.upper().replace("-", "_")
        if wanted not in kind.__members__:
            raise typer.BadParameter(f"{text!r} is not one of {', '.join(members(kind))}.")
        return kind[wanted]

    return parse


def _option(help: str, metavar: str = "", panel: str = _PICTURE, **more: Any) -> Any:  # noqa: A002  as Typer calls it
    return typer.Option(help=help, metavar=metavar, rich_help_panel=panel, **more)


def _subscribing(medium: str) -> Any:
    return _option(
        f"Users whose {medium} is recorded: 7,8 or all or except:7,8. Give both media, or only one is recorded.",
        "UIDS",
        _USERS,
    )


def subscription_of(argument: str, text: str | None) -> Subscription | None:
    """The users that the option for `argument` names; None if it was not given."""
    from agora_rest import InvalidArgument, Subscription

    if text is None:
        return None
    if text.strip() == "all":
        return Subscription.all()
    wanted, excluded = text.removeprefix("except:"), text.startswith("except:")
    uids = [uid.strip() for uid in wanted.split(",") if uid.strip()]
    if not uids:
        raise CliError(f"{text!r} names no users: write 7,8 or all or except:7,8.")
    try:
        return Subscription.all_except(uids) if excluded else Subscription.only(uids)
    except InvalidArgument as error:
        error.argument = argument
        raise


def rtmp_urls(address: str | None) -> list[str] | None:
    """The address to push to, with its key from the environment; None if there is none. Raises CliError."""
    from agora_rest.redaction import Secret

    if address is None:
        return None
    if not (key := os.environ.get(RTMP_KEY)):
        raise CliError(f"--rtmp-url takes the address without its last part, the stream key: set it in {RTMP_KEY}.")
    return [Secret(f"{address.rstrip('/')}/{key}")]


@dataclass(frozen=True)
class ConfigOptions:
    """How to record. Omitted settings have the server's defaults."""

    stream_types: Annotated[Any, named(enums.StreamTypes, "What to record")] = None
    channel_type: Annotated[Any, named(enums.ChannelType, "The channel's profile, as its SDKs use it")] = None
    audio_profile: Annotated[Any, named(enums.AudioProfile, "The sound")] = None
    video_stream_type: Annotated[Any, named(enums.VideoStreamType, "Which stream of a user who sends two")] = None
    max_idle_time: Annotated[int | None, _option("How long the channel may be idle, 5 or more.", "SECONDS")] = None
    layout: Annotated[
        str | None,
        option(
            f"Layout of the mixed video: {_layouts.HELP}.",
            "LAYOUT",
            "--layout",
            "--mixed-video-layout",
            panel=_PICTURE,
            autocompletion=fixed_offers(*_layouts.NAMES),
        ),
    ] = None
    width: Annotated[int | None, _option("Width of the video.", "PIXELS")] = None
    height: Annotated[int | None, _option("Height of the video.", "PIXELS")] = None
    fps: Annotated[int | None, _option("Pictures per second.", "N")] = None
    bitrate: Annotated[int | None, _option("Bitrate of the video.", "KBPS")] = None
    max_resolution_uid: Annotated[str | None, _option("User ID shown large in the vertical layout.", "UID")] = None
    background_color: Annotated[str | None, _option("Colour behind the videos, such as '#203040'.", "COLOR")] = None
    files: Annotated[
        str | None,
        _option(
            "The kinds of files: hls, the default, or hls,mp4. Without it, --snapshot-interval makes snapshots only.",
            "hls|hls,mp4",
        ),
    ] = None
    decryption_mode: Annotated[
        Any,
        named(
            enums.DecryptionMode,
            f"How the channel is encrypted, with the password in {DECRYPTION_SECRET} and the salt, if it has one, in "
            f"{DECRYPTION_SALT}",
        ),
    ] = None
    subscribe_audio: Annotated[str | None, _subscribing("sound")] = None
    subscribe_video: Annotated[str | None, _subscribing("video")] = None
    max_users: Annotated[
        int | None,
        _option(
            "With --mode individual, the most users to record at once, 1 to 49; the price depends on it.",
            "N",
            _USERS,
        ),
    ] = None
    stream_mode: Annotated[
        Literal["default", "standard", "original"] | None,
        _option(
            "With --mode individual, what to make of each user's streams: default transcodes the sound; standard also "
            "joins sound and video in one list; original keeps the sound as it is.",
            "default|standard|original",
            _USERS,
        ),
    ] = None
    snapshot_interval: Annotated[
        int | None,
        _option(
            "With --mode individual, make a snapshot of each user's video every so many seconds, 5 to 3600; nothing "
            "else is recorded unless --files is given.",
            "SECONDS",
            _USERS,
        ),
    ] = None
    url: Annotated[str | None, _option("The page to record.", "ADDRESS", _WEB)] = None
    max_hours: Annotated[
        int | None, _option("Hours after which the recording ends on its own, 1 to 720.", "N", _WEB)
    ] = None
    mobile: Annotated[bool, flag("Show the page as on a mobile device.", panel=_WEB)] = False
    paused: Annotated[bool, flag("Begin paused, until `update --resume`.", panel=_WEB)] = False
    ready_timeout: Annotated[
        int | None,
        _option("Seconds within which the page must call navigator.notifyReady(), 1 to 60.", "SECONDS", _WEB),
    ] = None
    rtmp_url: Annotated[
        str | None,
        _option(
            f"Push the page to this address, whose last part, the stream key, is taken from {RTMP_KEY}.", "URL", _WEB
        ),
    ] = None

    def config(
        self, mode: str = "mix", *, duration: float | None = None
    ) -> RecordingConfig | IndividualConfig | WebConfig | None:
        """The settings for a mode, None for mode mix without options.

        `duration`, in seconds, is how long a web page is recorded: it sets --max-hours. Raises CliError for an option
        of another mode, and for a missing password.
        """
        for item in fields(self):
            modes = _BELONGS_TO.get(item.name, ("mix", "individual", "web"))
            if getattr(self, item.name) not in (None, False) and mode not in modes:
                option = f"--{item.name.replace('_', '-')}"
                raise CliError(f"{option} belongs to --mode {' or '.join(modes)}, not to mode {mode}.")
        if mode == "web":
            return self._web(duration)
        return self._individual() if mode == "individual" else self._mix()

    def _given(self, *names: str) -> dict[str, Any]:
        """Settings with the names of their options."""
        return {name: getattr(self, name) for name in names}

    def _channel(self) -> dict[str, Any]:
        """Settings that both modes of a channel have."""
        return {
            **self._given("stream_types", "channel_type", "video_stream_type", "max_idle_time", "decryption_mode"),
            "secret": self._secret(),
            "salt": (self.decryption_mode and os.environ.get(DECRYPTION_SALT)) or None,
            "subscribe_audio": subscription_of("subscribe_audio", self.subscribe_audio),
            "subscribe_video": subscription_of("subscribe_video", self.subscribe_video),
            "av_file_type": self._files(),
        }

    def _mix(self) -> RecordingConfig | None:
        from agora_rest import RecordingConfig, TranscodingConfig

        if self.layout is None and self.max_resolution_uid is not None:
            raise CliError("--max-resolution-uid belongs to --layout vertical.")
        picture: dict[str, Any] = {
            **self._given("width", "height", "fps", "bitrate", "background_color"),
            "layout": None if self.layout is None else _layouts.layout_of(self.layout, self.max_resolution_uid),
        }
        config: dict[str, Any] = {
            **self._channel(),
            "audio_profile": self.audio_profile,
            "transcoding_config": TranscodingConfig(**picture) if _has_values(picture) else None,
        }
        return RecordingConfig(**config) if _has_values(config) else None

    def _individual(self) -> IndividualConfig:
        from agora_rest import IndividualConfig, SnapshotConfig, SubscribeUidGroup

        try:
            group = None if self.max_users is None else SubscribeUidGroup.of(self.max_users)
        except ValueError:
            raise CliError(f"--max-users must be from 1 to 49, not {self.max_users}.") from None
        interval = self.snapshot_interval
        return IndividualConfig(
            **self._channel(),
            subscribe_uid_group=group,
            stream_mode=self.stream_mode,
            snapshot_config=None if interval is None else SnapshotConfig(capture_interval=interval),
        )

    def _web(self, duration: float | None) -> WebConfig:
        from agora_rest import WebConfig

        if self.url is None:
            raise CliError("--mode web needs --url, the page to record.")
        hours = self.max_hours
        if hours is None:
            if duration is None:
                raise CliError("--mode web needs --max-hours, which limits the cost of a forgotten recording.")
            hours = int(duration // 3600) + 1
            if hours > _MAX_HOURS:
                raise CliError(f"--duration must be less than {_MAX_HOURS}h with --mode web, which records no longer.")
        picture = self._given("width", "height", "fps", "bitrate")
        given = {
            **{f"video_{name}": value for name, value in picture.items()},
            **self._given("audio_profile", "ready_timeout"),
            "mobile": self.mobile or None,
            "onhold": self.paused or None,
            "rtmp_urls": rtmp_urls(self.rtmp_url),
            "av_file_type": self._files(),
        }
        given_options = {name: value for name, value in given.items() if value is not None}
        return WebConfig(url=self.url, max_recording_hour=hours, **given_options)

    def _files(self) -> list[str] | None:
        return None if self.files is None else [kind.strip().lower() for kind in self.files.split(",")]

    def _secret(self) -> str | None:
        if not self.decryption_mode:
            return None
        if not (secret := os.environ.get(DECRYPTION_SECRET)):
            raise CliError(f"--decryption-mode needs the channel's password: set {DECRYPTION_SECRET}.")
        return secret


@dataclass(frozen=True)
class ResourceOptions:
    """How long a recording can be controlled, and in which region it is made."""

    service_region: Annotated[
        Literal["CN", "AP", "EU", "NA"] | None,
        _option(
            "The region that the recording service may not leave: mainland China, the rest of Asia, Europe or North "
            "America.",
            "CN|AP|EU|NA",
            _SERVICE,
        ),
    ] = None
    control_hours: Annotated[
        int | None,
        _option("Hours after the start during which it can be queried and stopped, 1 to 720.", "N", _SERVICE),
    ] = None

    def resource_config(self) -> ResourceConfig | None:
        """The settings of the resource; None if no option was given."""
        from agora_rest import ResourceConfig

        if self.service_region is None and self.control_hours is None:
            return None
        return ResourceConfig(region=self.service_region, resource_expired_hour=self.control_hours)


def _has_values(values: dict[str, Any]) -> bool:
    return any(value is not None for value in values.values())
