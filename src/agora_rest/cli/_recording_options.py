"""Options for the settings and the mode of a recording.

None of them is a secret, because other users could see it: keys, passwords and tokens come from the environment.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import IntEnum
from functools import cache, partial
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import typer

from agora_rest.cli import _layouts
from agora_rest.cli._completing import fixed_offers, members
from agora_rest.cli._exits import CliError
from agora_rest.cli._option_names import parameters_for
from agora_rest.cli._options import flag, option
from agora_rest.client import enums

if TYPE_CHECKING:
    from agora_rest import IndividualConfig, RecordingConfig, ResourceConfig, SubscribeUidGroup, Subscription, WebConfig

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

_MODES: Final = ("mix", "individual", "web")


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
    max_idle_time: Annotated[
        int | None, _option("End the recording after this idle time of the channel, 5 or more.", "SECONDS")
    ] = None
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
            "With --mode individual, the maximum number of users to record at once, 1 to 49; the price depends on it.",
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
            modes = [each for each in _MODES if any(item.name in _options_for(kind) for kind in _settings_of(each))]
            if _is_given(getattr(self, item.name)) and mode not in modes:
                option = f"--{item.name.replace('_', '-')}"
                raise CliError(f"{option} belongs to --mode {' or '.join(modes)}, not to mode {mode}.")
        if mode == "web":
            return self._web(duration)
        return self._individual() if mode == "individual" else self._mix()

    def _given(self, kind: type) -> dict[str, Any]:
        """The arguments of a class of settings that options set."""
        values = {argument: getattr(self, option) for option, argument in _options_for(kind).items()}
        given = {name: value for name, value in values.items() if _is_given(value)}
        return {name: _READERS[name](value) if name in _READERS else value for name, value in given.items()}

    def _encryption(self) -> dict[str, str]:
        """The password and the salt of an encrypted channel."""
        if not self.decryption_mode:
            return {}
        if not (secret := os.environ.get(DECRYPTION_SECRET)):
            raise CliError(f"--decryption-mode needs the channel's password: set {DECRYPTION_SECRET}.")
        salt = os.environ.get(DECRYPTION_SALT)
        return {"secret": secret, **({"salt": salt} if salt else {})}

    def _mix(self) -> RecordingConfig | None:
        from agora_rest import RecordingConfig, TranscodingConfig

        if self.layout is None and self.max_resolution_uid is not None:
            raise CliError("--max-resolution-uid belongs to --layout vertical.")
        picture = self._given(TranscodingConfig)
        if self.layout is not None:
            picture["layout"] = _layouts.layout_of(self.layout, picture.pop("max_resolution_uid", None))
        config = {**self._given(RecordingConfig), **self._encryption()}
        if picture:
            config["transcoding_config"] = TranscodingConfig(**picture)
        return RecordingConfig(**config) if config else None

    def _individual(self) -> IndividualConfig:
        from agora_rest import IndividualConfig, SnapshotConfig

        snapshots = self._given(SnapshotConfig)
        config = {**self._given(IndividualConfig), **self._encryption()}
        return IndividualConfig(**config, snapshot_config=SnapshotConfig(**snapshots) if snapshots else None)

    def _web(self, duration: float | None) -> WebConfig:
        from agora_rest import WebConfig

        if self.url is None:
            raise CliError("--mode web needs --url, the page to record.")
        given = self._given(WebConfig)
        if self.max_hours is None:
            if duration is None:
                raise CliError("--mode web needs --max-hours, which limits the cost of a forgotten recording.")
            given["max_recording_hour"] = int(duration // 3600) + 1
            if given["max_recording_hour"] > _MAX_HOURS:
                raise CliError(f"--duration must be less than {_MAX_HOURS}h with --mode web, which records no longer.")
        return WebConfig(**given)


def _settings_of(mode: str) -> tuple[type, ...]:
    """The classes of settings of a mode."""
    from agora_rest import IndividualConfig, RecordingConfig, SnapshotConfig, TranscodingConfig, WebConfig

    if mode == "web":
        return (WebConfig,)
    return (RecordingConfig, TranscodingConfig) if mode == "mix" else (IndividualConfig, SnapshotConfig)


@cache
def _options_for(kind: type) -> dict[str, str]:
    """The options of `ConfigOptions` that set arguments of a class of settings, each with its argument."""
    known = {item.name for item in fields(ConfigOptions)}
    arguments = [item.name for item in fields(kind)]
    return {option: name for name in arguments for option in parameters_for(name) if option in known}


def _is_given(value: Any) -> bool:
    return value is not None and value is not False  # 0 is a value


def _group(most: int) -> SubscribeUidGroup:
    from agora_rest import SubscribeUidGroup

    try:
        return SubscribeUidGroup.of(most)
    except ValueError:
        raise CliError(f"--max-users must be from 1 to 49, not {most}.") from None


def _files(kinds: str) -> list[str]:
    return [kind.strip().lower() for kind in kinds.split(",")]


_READERS: Final[dict[str, Callable[[Any], Any]]] = {
    "av_file_type": _files,
    "rtmp_urls": rtmp_urls,
    "subscribe_audio": partial(subscription_of, "subscribe_audio"),
    "subscribe_uid_group": _group,
    "subscribe_video": partial(subscription_of, "subscribe_video"),
}
"""The arguments of settings that are not the value of their option."""


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
