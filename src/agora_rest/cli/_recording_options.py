"""Options for recording settings and storage. None of them is a secret, because other users could see it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from agora_rest.cli._accounts import ENVIRONMENT, Account
from agora_rest.cli._completing import among, members
from agora_rest.cli._exits import CliError, Exit
from agora_rest.client import enums

if TYPE_CHECKING:
    from agora_rest import RecordingConfig, Storage

DECRYPTION_SECRET: Final = "AGORA_DECRYPTION_SECRET"  # noqa: S105  the name of a variable
"""The variable with the password of an encrypted channel."""

_VENDORS: Final[dict[str, type[IntEnum]]] = {
    "s3": enums.S3Region,
    "qiniu": enums.QiniuRegion,
    "alibaba": enums.AlibabaRegion,
}
_REGIONS: Final = sorted({name for kind in _VENDORS.values() for name in members(kind)})

_STORAGE: Final = "Storage"
_PICTURE: Final = "Sound and picture"


def named(kind: type[IntEnum], help: str) -> Any:  # noqa: A002  as Typer calls it
    """An option that takes a member of `kind` by its name."""
    names = members(kind)
    return typer.Option(
        parser=_by_name(kind),
        metavar="NAME",
        help=f"{help}: {', '.join(names)}.",
        autocompletion=among(*names),
        rich_help_panel=_PICTURE,
    )


def _by_name(kind: type[IntEnum]) -> Callable[[str], IntEnum]:
    def parse(text: str) -> IntEnum:
        wanted = text.upper().replace("-", "_")
        if wanted not in kind.__members__:
            raise typer.BadParameter(f"{text!r} is not one of {', '.join(members(kind))}.")
        return kind[wanted]

    return parse


@dataclass(frozen=True)
class ConfigOptions:
    """How to record; what is left out, the server decides."""

    stream_types: Annotated[Any, named(enums.StreamTypes, "What to record")] = None
    channel_type: Annotated[Any, named(enums.ChannelType, "The channel's profile, as its SDKs use it")] = None
    audio_profile: Annotated[Any, named(enums.AudioProfile, "The sound")] = None
    video_stream_type: Annotated[Any, named(enums.VideoStreamType, "Which stream of users who send two")] = None
    max_idle_time: Annotated[
        int | None,
        typer.Option(metavar="SECONDS", help="How long the channel may be empty, 5 or more.", rich_help_panel=_PICTURE),
    ] = None
    mixed_video_layout: Annotated[Any, named(enums.MixedVideoLayout, "Layout of the mixed video")] = None
    width: Annotated[
        int | None, typer.Option(metavar="PIXELS", help="Width of the video.", rich_help_panel=_PICTURE)
    ] = None
    height: Annotated[
        int | None, typer.Option(metavar="PIXELS", help="Height of the video.", rich_help_panel=_PICTURE)
    ] = None
    fps: Annotated[int | None, typer.Option(metavar="N", help="Pictures per second.", rich_help_panel=_PICTURE)] = None
    bitrate: Annotated[
        int | None, typer.Option(metavar="KBPS", help="Bitrate of the video.", rich_help_panel=_PICTURE)
    ] = None
    max_resolution_uid: Annotated[
        str | None,
        typer.Option(metavar="UID", help="User ID shown large in the vertical layout.", rich_help_panel=_PICTURE),
    ] = None
    decryption_mode: Annotated[
        Any,
        named(enums.DecryptionMode, f"How the channel is encrypted, with the password in {DECRYPTION_SECRET}"),
    ] = None

    def config(self) -> RecordingConfig | None:
        """The configuration, None if no option was given. Raises CliError for a missing password."""
        from agora_rest import RecordingConfig, TranscodingConfig

        picture = {
            "width": self.width,
            "height": self.height,
            "fps": self.fps,
            "bitrate": self.bitrate,
            "mixed_video_layout": self.mixed_video_layout,
            "max_resolution_uid": self.max_resolution_uid,
        }
        config = {
            "stream_types": self.stream_types,
            "channel_type": self.channel_type,
            "audio_profile": self.audio_profile,
            "video_stream_type": self.video_stream_type,
            "max_idle_time": self.max_idle_time,
            "decryption_mode": self.decryption_mode,
            "secret": self._secret(),
            "transcoding_config": TranscodingConfig(**picture) if any(_is_said(picture)) else None,
        }
        return RecordingConfig(**config) if any(_is_said(config)) else None

    def _secret(self) -> str | None:
        if not self.decryption_mode:
            return None
        if not (secret := os.environ.get(DECRYPTION_SECRET)):
            raise CliError(f"--decryption-mode needs the channel's password: set {DECRYPTION_SECRET}.")
        return secret


def _is_said(values: dict[str, Any]) -> list[bool]:
    return [value is not None for value in values.values()]


@dataclass(frozen=True)
class StorageOptions:
    """Where the files go. The keys come from the environment or the profile."""

    storage: Annotated[
        str | None,
        typer.Option(
            metavar="s3|qiniu|alibaba",
            help="The storage vendor; also AGORA_STORAGE_VENDOR. Its keys are taken from AGORA_STORAGE_ACCESS_KEY and "
            "AGORA_STORAGE_SECRET_KEY, or from the profile.",
            autocompletion=among(*_VENDORS),
            rich_help_panel=_STORAGE,
        ),
    ] = None
    region: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="The bucket's region by name or number, e.g. eu-west-1; also AGORA_STORAGE_REGION.",
            autocompletion=among(*_REGIONS),
            rich_help_panel=_STORAGE,
        ),
    ] = None
    bucket: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The bucket; also AGORA_STORAGE_BUCKET.", rich_help_panel=_STORAGE),
    ] = None

    def settled(self, account: Account) -> Storage:
        """The storage from options, environment and profile together. Raises CliError for missing values."""
        settings = _settings(account, {"vendor": self.storage, "region": self.region, "bucket": self.bucket})
        kind = settings["vendor"]
        regions, region = _VENDORS[kind], settings["region"]
        wanted = region.upper().replace("-", "_")
        if wanted not in regions.__members__ and not (region.isascii() and region.isdigit()):
            raise CliError(f"{kind} has no region {region!r}: choose {', '.join(members(regions))}.")
        found: Storage = _class_of(kind)(
            region=regions[wanted] if wanted in regions.__members__ else int(region),
            bucket=settings["bucket"],
            access_key=settings["access_key"],
            secret_key=settings["secret_key"],
        )
        return found


def _class_of(kind: str) -> Any:
    from agora_rest import AlibabaStorage, QiniuStorage, S3Storage

    return {"s3": S3Storage, "qiniu": QiniuStorage, "alibaba": AlibabaStorage}[kind]


_FIELDS: Final = {
    "vendor": "--storage",
    "region": "--region",
    "bucket": "--bucket",
    "access_key": None,
    "secret_key": None,
}
"""The storage fields, each with its option. The keys have no options, because other users could read them."""


def _settings(account: Account, given: Mapping[str, str | None]) -> dict[str, str]:
    """The settings of the storage by field. Raises CliError that lists all missing ones."""
    found = {
        field: given.get(field) or ((setting := account.get(f"storage.{field}")) and setting.value) for field in _FIELDS
    }
    found["vendor"] = (found["vendor"] or "").lower()
    if found["vendor"] and found["vendor"] not in _VENDORS:
        raise CliError(f"Unknown storage vendor {found['vendor']!r}: choose {', '.join(_VENDORS)}.")
    missing = [field for field, value in found.items() if not value]
    if missing:
        ways = [f"{_FIELDS[field]} or " if _FIELDS[field] else "" for field in missing]
        listed = ", ".join(f"{way}{ENVIRONMENT[f'storage.{field}']}" for way, field in zip(ways, missing, strict=True))
        advice = "`agora-rest config save` keeps them in a profile"
        options = any(_FIELDS[field] for field in missing)
        raise CliError(
            f"The storage for the files is not fully described. Set {listed}; {advice}.",
            Exit.USAGE if options else Exit.CREDENTIALS,
        )
    return {field: value for field, value in found.items() if value}
