"""The arguments of `start` and `acquire` for a recording of the present documents."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from agora_rest.emulator.layouts import Layout
from agora_rest.emulator.modes import RecordingMode, Scene, StreamMode
from agora_rest.emulator.subscriptions import BOTH, Medium, Subscription
from agora_rest.emulator.web_pages import Page

DEFAULT_VALIDITY: Final = 72 * 3600.0
"""Seconds after its start during which a recording can be queried, updated and stopped (CR-85)."""


@dataclass(frozen=True)
class Reservation:
    """The arguments of `acquire` about the recording that will follow."""

    scene: Scene = Scene.CHANNEL
    """CR-83."""
    region: str | None = None
    """The region that the service must not leave (CR-88)."""
    region_affinity: int = 0
    """The preferred region (CR-89)."""
    excluded: tuple[str, ...] = ()
    """The resources of other recordings, which are elsewhere (CR-87)."""


UNRESERVED: Final = Reservation()
"""That of a resource of which `acquire` says nothing."""


@dataclass(frozen=True)
class Storage:
    """The destination of files. Keys are not stored."""

    vendor: int
    region: int
    bucket: str
    folders: tuple[str, ...] = ()
    """`fileNamePrefix` (CR-103)."""
    sts_expires: int | None = None
    """When the temporary key ends, in seconds since 1970 (CR-102)."""


@dataclass(frozen=True)
class Snapshots:
    """Snapshots of each user's video (CR-125)."""

    interval: int
    """Seconds between two of them."""
    only: bool
    """Whether nothing else is recorded (CR-124)."""


@dataclass(frozen=True)
class Setup:
    """The arguments of `start`."""

    mode: RecordingMode
    storage: Storage
    stream_types: frozenset[Medium] = BOTH
    subscription: Subscription = field(default_factory=Subscription)
    stream_mode: StreamMode = StreamMode.DEFAULT
    """For mode `individual`."""
    snapshots: Snapshots | None = None
    """For mode `individual`."""
    layout: Layout = field(default_factory=Layout)
    """For mode `mix`."""
    canvas: tuple[int, int] = (360, 640)
    """For mode `mix`: the width and height of the picture in pixels."""
    page: Page | None = None
    """For mode `web`."""
    push_url: str | None = None
    """For mode `web`: the CDN address the page is pushed to."""
