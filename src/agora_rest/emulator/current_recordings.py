"""Recordings of the present documents: their modes, what they record, and how they end (CR-79 … CR-156)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from agora_rest.emulator.clock import Instant
from agora_rest.emulator.layouts import Layout, Region
from agora_rest.emulator.modes import RecordingMode
from agora_rest.emulator.recorded_files import recorded_files
from agora_rest.emulator.recordings import FIRST_FILE_AFTER, REMEMBERED_FOR, STARTING, Ending, Recording
from agora_rest.emulator.setups import Setup, Storage
from agora_rest.emulator.spans import Spans
from agora_rest.emulator.subscriptions import Medium, Published, Streams, Subscription, Track
from agora_rest.emulator.web_pages import OPENS_AFTER, PageFate, Push, ServiceState

EXITS_WITHIN: Final = 15.0
"""Seconds from the end of a recording until it is not found (CR-144). Not in the documents."""

LONGEST_FAILOVER: Final = 90
"""Seconds (CR-144)."""

PAGE: Final = Track(0, Medium.VIDEO)
"""The track that mode `web` records."""


class Failover(NamedTuple):
    """The move of a recording to another server: calls do not find it in the meantime (CR-144)."""

    since: Instant
    until: Instant


class Segment(NamedTuple):
    """A part of a recording, between two failovers."""

    prefix: str
    """That of its files: `bak0_` after the first failover."""
    begin: Instant
    end: Instant


@dataclass
class CurrentRecording(Recording):
    """One recording, of which `setup` says what it records."""

    setup: Setup = field(kw_only=True)
    subscription: Subscription = field(init=False)
    layout: Layout = field(init=False)
    storage: Storage = field(init=False)
    spans: Spans[Track] = field(default_factory=Spans, init=False)
    """When each stream was recorded; in mode `web`, when the page was."""
    streams: dict[int, Published] = field(default_factory=dict, init=False)
    """The media that each user publishes at present."""
    on_hold: bool = field(default=False, init=False)
    """Whether the recording of a page is paused (CR-147)."""
    push: Push | None = field(default=None, init=False)
    failovers: list[Failover] = field(default_factory=list, init=False)
    async_stop: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        setup = self.setup
        self.subscription, self.layout, self.storage = setup.subscription, setup.layout, setup.storage
        if setup.page is not None:
            self.on_hold = setup.page.starts_on_hold
            self.spans.set_active([] if self.on_hold else [PAGE], self.started_at + OPENS_AFTER)

    @property
    def mode(self) -> RecordingMode:
        """Its mode (CR-79)."""
        return self.setup.mode

    @property
    def is_in_channel(self) -> bool:
        """Whether it has a recorder in a channel. That of a page has none."""
        return self.mode is not RecordingMode.WEB

    @property
    def has_content(self) -> bool:
        """Whether there is or was anything to record; a page always is."""
        return self.mode is RecordingMode.WEB or self.spans.first is not None

    @property
    def ready_at(self) -> Instant:
        """The time from which it can record."""
        return self.started_at + (OPENS_AFTER if self.mode is RecordingMode.WEB else STARTING[-1][0])

    def observe(self, streams: Streams, now: Instant) -> None:
        """Record from now on what it is subscribed to of these streams."""
        if self.is_in_channel:
            self.streams = dict(streams)
            self.spans.set_active(self.subscription.tracks(streams), now)

    def observe_user(self, uid: int, published: Published | None, now: Instant) -> None:
        """Record the subscribed media of a user who publishes; when a user leaves, the next user takes their place."""
        if not self.is_in_channel:
            return
        if published is None:
            self.streams.pop(uid, None)
        else:
            self.streams[uid] = published
        self.spans.set_active(self.subscription.tracks(self.streams), now)

    def subscribe(self, subscription: Subscription, now: Instant) -> None:
        """Replace the subscription (CR-146)."""
        self.subscription = subscription
        self.observe(self.streams, now)

    def hold(self, on_hold: bool, now: Instant) -> None:
        """Pause or resume the recording of a page (CR-147)."""
        self.on_hold = on_hold
        self.spans.set_active([] if on_hold else [PAGE], max(now, self.ready_at))

    def start_push(self, url: str, fate: PageFate, now: Instant) -> None:
        """Push the page to this address from now on, in place of the former one (CR-148)."""
        self.push = Push(url, max(now, self.ready_at), fate)

    # Failovers

    def fail_over(self, seconds: float, now: Instant) -> None:
        """Move it to another server: for `seconds`, calls do not find it."""
        self.failovers.append(Failover(now, now + seconds))

    def is_failing_over(self, now: Instant) -> bool:
        """Whether calls do not find it at present, although it is running."""
        return any(each.since <= now < each.until for each in self.failovers)

    def segments(self, now: Instant) -> list[Segment]:
        """Its parts up to now. In a failover nothing is recorded."""
        end = now if self.ended_at is None else self.ended_at
        begins = [self.ready_at, *(each.until for each in self.failovers)]
        ends = [*(each.since for each in self.failovers), end]
        prefixes = ["", *(f"bak{number}_" for number in range(len(self.failovers)))]
        return [
            Segment(prefix, begin, min(until, end))
            for prefix, begin, until in zip(prefixes, begins, ends, strict=True)
            if begin <= end
        ]

    # State

    def is_remembered(self, now: Instant) -> bool:
        """Whether it can still be queried: while it runs, and while it exits, unless its storage refused its files."""
        if self.is_running(now):
            return True
        return self.ending is not Ending.STORAGE_REFUSED and now - (self.ended_at or 0) <= EXITS_WITHIN

    def is_shown(self, now: Instant) -> bool:
        """Whether the state still shows it, with the reason for its end, although it is not found any more."""
        return self.is_running(now) or now - (self.ended_at or 0) <= REMEMBERED_FOR

    def service_state(self, now: Instant) -> ServiceState:
        """The state of the services of mode `web` (CR-139)."""
        if not self.is_running(now):
            return ServiceState.EXIT
        return ServiceState.INIT if now < self.ready_at else ServiceState.IN_PROGRESS

    def regions(self) -> list[Region]:
        """The regions of the layout, with the users who are recorded at present."""
        recorded = {track.uid for track in self.spans.active}
        return self.layout.place([uid for uid in self.streams if uid in recorded])

    def due(self) -> tuple[Ending, Instant] | None:
        """The reason and the time of its end, if nothing happens until then (CR-28, CR-132, CR-134, CR-136)."""
        page = self.setup.page
        if page is None or self.refused_at is not None:
            return super().due()
        seconds = page.breaks_off_after()
        if seconds is not None:
            return Ending.PAGE_FAILED, self.started_at + seconds
        return Ending.MAX_HOURS, self.started_at + page.max_hours * 3600

    def _uploading_since(self) -> Instant | None:
        """The time at which the first file is uploaded, if there is one (CR-138)."""
        if self.mode is RecordingMode.WEB:
            return self.ready_at + FIRST_FILE_AFTER
        first = self.spans.first
        return None if first is None else max(self.ready_at, first) + FIRST_FILE_AFTER

    def files(self, now: Instant) -> list[str]:
        """The names of its files, without snapshots."""
        return [file.name for file in recorded_files(self, now)]
