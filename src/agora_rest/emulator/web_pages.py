"""Web pages that are recorded, and pushed to a CDN (CR-128 … CR-136)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from agora_rest.emulator.choices import Choice
from agora_rest.emulator.clock import Instant

OPENS_AFTER: Final = 5.0
"""Seconds from the start of a recording until its page is open (CR-136)."""

CONNECTS_AFTER: Final = 2.0
"""Seconds until a push is connected to its CDN. Not in the documents."""


class PageFate(Choice):
    """The outcome of opening a page."""

    LOADS = "loads"
    FAILS = "fails"
    """It cannot be opened: the recording ends (CR-136)."""
    TIMES_OUT = "times_out"
    """It never reports that it is ready: the recording ends after `readyTimeout`, if one is set (CR-134)."""


PageFateWord = Literal["loads", "fails", "times_out"]
"""The same as a plain word."""


class PushStatus(StrEnum):
    """The status of a push (CR-140)."""

    CONNECTING = "connecting"
    PUBLISHING = "publishing"
    ONHOLD = "onhold"
    DISCONNECTED = "disconnected"


class ServiceState(StrEnum):
    """The state of a service of web mode (CR-139)."""

    INIT = "init"
    IN_PROGRESS = "inProgress"
    EXIT = "exit"


@dataclass(frozen=True)
class Page:
    """A page to record. What concerns only its picture is not stored."""

    url: str
    max_hours: int
    """The recording ends after this time (CR-132)."""
    max_video_minutes: int = 120
    """An MP4 file is at most this long."""
    ready_timeout: int = 0
    """Seconds; 0 means that the page need not report that it is ready (CR-134)."""
    starts_on_hold: bool = False
    fate: PageFate = PageFate.LOADS

    def breaks_off_after(self) -> float | None:
        """The seconds from the start after which the recording ends because of its page, or None."""
        if self.fate is PageFate.FAILS:
            return OPENS_AFTER
        if self.fate is PageFate.TIMES_OUT and self.ready_timeout:
            return OPENS_AFTER + self.ready_timeout
        return None


@dataclass(frozen=True)
class Push:
    """The push of a page to one CDN address, which is a secret."""

    url: str
    since: Instant
    """The time from which it is attempted."""
    fate: PageFate = PageFate.LOADS

    def status(self, now: Instant, *, on_hold: bool) -> PushStatus:
        """Its current status. An address that fails or times out is never connected."""
        if now - self.since < CONNECTS_AFTER:
            return PushStatus.CONNECTING
        if self.fate is not PageFate.LOADS:
            return PushStatus.DISCONNECTED
        return PushStatus.ONHOLD if on_hold else PushStatus.PUBLISHING

    @property
    def shown_url(self) -> str:
        """Its address without the path, which contains the key of the stream."""
        scheme, _, rest = self.url.partition("://")
        return f"{scheme}://{rest.partition('/')[0].rpartition('@')[2]}/…"
