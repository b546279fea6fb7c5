"""The recording modes of the present documents, and the scene that a resource is acquired for (CR-79, CR-83, CR-84)."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Final


class RecordingMode(StrEnum):
    """The mode of a recording: what it records (CR-79)."""

    INDIVIDUAL = "individual"
    """Each user in files of their own."""
    MIX = "mix"
    """All users together in one file."""
    WEB = "web"
    """A web page; there is no channel."""


class Scene(IntEnum):
    """The purpose of a resource (CR-83)."""

    CHANNEL = 0
    WEB_PAGE = 1


class StreamMode(StrEnum):
    """The index files of mode `individual` (CR-116)."""

    DEFAULT = "default"
    """One for the audio and one for the video of each user."""
    STANDARD = "standard"
    """The same, and one for both together."""
    ORIGINAL = "original"
    """Audio only, not transcoded."""


_SCENES: Final = {
    RecordingMode.INDIVIDUAL: Scene.CHANNEL,
    RecordingMode.MIX: Scene.CHANNEL,
    RecordingMode.WEB: Scene.WEB_PAGE,
}


def fits(scene: Scene, mode: RecordingMode) -> bool:
    """Whether a resource of this scene can start a recording in this mode. The documents leave open what happens
    otherwise; the emulator refuses the start (CR-84).
    """
    return _SCENES[mode] is scene
