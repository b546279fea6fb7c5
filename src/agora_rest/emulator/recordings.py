"""Resource IDs and their recordings (CR-10 … CR-54).

A recording has no timer: its state is computed from the times of its start, of its channel becoming empty, of its end,
and of the query. The two tables below define its statuses over time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from itertools import islice
from typing import Any, Final, NamedTuple

from agora_rest.emulator.clock import Instant
from agora_rest.emulator.ids import Ids
from agora_rest.emulator.modes import RecordingMode, fits
from agora_rest.emulator.refusals import Code, RecordingRefused
from agora_rest.emulator.setups import UNRESERVED, Reservation
from agora_rest.emulator.subscriptions import Published, Streams

RESOURCE_LIFETIME: Final = 300.0
"""The lifetime of a resource ID in seconds; at exactly 300 it is still valid (CR-11)."""

DEFAULT_MAX_IDLE_TIME: Final = 30.0
"""Seconds (CR-28)."""

MAX_RESOURCES: Final = 50_000
"""The maximum number of resource IDs. Beyond it, the oldest finished ones are forgotten and no longer decodable."""

REFUSED_AFTER: Final = 5.0
"""Seconds from its start until a recording ends whose storage refuses its files. Not in the documents."""

REMEMBERED_FOR: Final = 300.0
"""Seconds after its end during which a recording can be queried; then it is not found. Not in the documents."""

FILE_TYPES: Final = ("hls",)
"""The file types recorded by default (`avFileType`, observed)."""


class Status(IntEnum):
    """The status of a recording (CR-42). 0 means never started; the emulator has no sid for such a recording."""

    NOT_STARTED = 0
    INITIALISED = 1
    RECORDER_STARTING = 2
    UPLOADER_READY = 3
    RECORDER_READY = 4
    UPLOADING = 5
    STOPPED = 6
    ALL_STOPPED = 7
    EXITING = 8
    ABNORMAL_EXIT = 20


STARTING: Final = (
    (0.0, Status.INITIALISED),
    (1.0, Status.RECORDER_STARTING),
    (2.0, Status.UPLOADER_READY),
    (3.0, Status.RECORDER_READY),
)
"""Seconds after the start from which a status holds, until the first file is uploaded (CR-42)."""

FIRST_FILE_AFTER: Final = 2.0
"""Seconds from the time at which a recorder is ready and has something to record, to status 5 (CR-42)."""

ENDING: Final = ((0.0, Status.STOPPED), (5.0, Status.ALL_STOPPED), (10.0, Status.EXITING))
"""Seconds after the end from which a status holds, until the recording is forgotten (`REMEMBERED_FOR`)."""


PUT_OFFLINE: Final = ((0.0, Status.ABNORMAL_EXIT),)
"""The statuses instead of `ENDING` for a recorder that was put offline (CO-48), or whose page failed."""


class Step(NamedTuple):
    """A status, and the time from which it holds."""

    status: Status
    since: Instant


class Ending(StrEnum):
    """The reason for the end of a recording."""

    STOPPED = "stopped"
    """By `stop`."""
    IDLE = "idle"
    """The channel was empty for longer than `maxIdleTime` (CR-28)."""
    PUT_OFFLINE = "put offline"
    """A kicking rule keeps the recorder out, or its project was deleted: status 20 (CO-48)."""
    PAGE_FAILED = "page failed"
    """Its web page did not open, or did not report in time that it is ready: status 20 (CR-134, CR-136)."""
    MAX_HOURS = "max hours"
    """It recorded its web page for `maxRecordingHour` (CR-132)."""
    STORAGE_REFUSED = "storage refused"
    """Its storage refused its files, as with a wrong key. It is not found any more."""


_ABNORMAL: Final = frozenset({Ending.PUT_OFFLINE, Ending.PAGE_FAILED})


class UploadingStatus(StrEnum):
    """The upload status when a recording is stopped (CR-51, CR-52, CR-53)."""

    UPLOADED = "uploaded"
    BACKUPED = "backuped"
    UNKNOWN = "unknown"


class Identity(NamedTuple):
    """The identity of a recording: `start` and `stop` must send the values of `acquire` (CR-39)."""

    app_id: str
    cname: str
    uid: int


@dataclass
class Recording:
    """One recording, from its start until it is forgotten."""

    sid: str
    resource_id: str
    identity: Identity
    started_at: Instant
    max_idle_time: float = DEFAULT_MAX_IDLE_TIME
    idle_since: Instant | None = None
    """The time since which the channel is empty; that of the start, if it was empty then."""
    needs_users: bool = False
    """Whether nothing is recorded while the channel is empty, as observed on servers but not documented."""
    first_stream_at: Instant | None = None
    """The time at which a sending user was first in the channel."""
    file_types: tuple[str, ...] = FILE_TYPES
    """The recorded file types: `hls`, and optionally `mp4`."""
    refused_at: Instant | None = None
    """The time at which its storage refuses its files; None if it takes them."""
    ended_at: Instant | None = None
    ending: Ending | None = None
    uploading_status: UploadingStatus = UploadingStatus.UNKNOWN
    """The upload status in the response to `stop` (CR-51)."""

    @property
    def index_file(self) -> str:
        """The name of the M3U8 index; each recording has exactly one (CR-41)."""
        return f"{self.sid}_{self.identity.cname}.m3u8"

    @property
    def has_content(self) -> bool:
        """Whether there is or was anything to record."""
        return not self.needs_users or self.first_stream_at is not None

    def files(self, now: Instant) -> list[str]:
        """The names of its files: the M3U8 index (CR-41), an MP4 file if requested, none before status 5."""
        uploading_since = self._uploading_since()
        if uploading_since is None or (self.is_running(now) and now < uploading_since):
            return []
        names = {"hls": self.index_file, "mp4": f"{self.sid}_{self.identity.cname}_0.mp4"}
        return [names[each] for each in self.file_types]

    def is_running(self, now: Instant) -> bool:
        """Whether it is running. A recording whose idle time is over ends here (CR-28)."""
        if self.ended_at is None and (due := self.due()) is not None and now > due[1]:
            self.end(*due)
        return self.ended_at is None

    def due(self) -> tuple[Ending, Instant] | None:
        """The reason and the time of its end, if nothing happens until then."""
        if self.refused_at is not None:
            return Ending.STORAGE_REFUSED, self.refused_at
        return None if self.idle_since is None else (Ending.IDLE, self.idle_since + self.max_idle_time)

    @property
    def is_in_channel(self) -> bool:
        """Whether it has a recorder in a channel."""
        return True

    def observe(self, streams: Streams, now: Instant) -> None:
        """Record what the users of the channel publish from now on."""
        if self.first_stream_at is None and any(streams.values()):
            self.first_stream_at = now

    def observe_user(self, uid: int, published: Published | None, now: Instant) -> None:  # noqa: ARG002  for others
        """Record what one user of the channel publishes from now on; None if the user has left."""
        if self.first_stream_at is None and published:
            self.first_stream_at = now

    def end(self, ending: Ending, now: Instant) -> None:
        """End it, for this reason."""
        self.ended_at, self.ending = now, ending

    def is_remembered(self, now: Instant) -> bool:
        """Whether it can still be queried. A recording that ended without content, or for its storage, cannot."""
        if self.is_running(now):
            return True
        if self.ending is Ending.STORAGE_REFUSED:
            return False
        if not self.has_content and self.ending is not Ending.PUT_OFFLINE:
            return False
        return now - (self.ended_at or 0) <= REMEMBERED_FOR

    def is_shown(self, now: Instant) -> bool:
        """Whether the state still shows it."""
        return self.is_remembered(now)

    def status(self, now: Instant) -> Status:
        """The current status (CR-42)."""
        return self.course(now)[-1].status

    def course(self, now: Instant) -> list[Step]:
        """Every status it has had so far, oldest first (CR-42)."""
        running = self.is_running(now)
        until = now if self.ended_at is None else self.ended_at
        course = _reached(STARTING, self.started_at, until)
        uploading_since = self._uploading_since()
        if uploading_since is not None and uploading_since <= until:
            course.append(Step(Status.UPLOADING, uploading_since))
        if not running:
            course += _reached(PUT_OFFLINE if self.ending in _ABNORMAL else ENDING, until, now)
        return course

    def _uploading_since(self) -> Instant | None:
        """The time at which the first file is uploaded, if there is one (CR-42)."""
        if not self.has_content:
            return None
        ready = self.started_at + STARTING[-1][0]
        begin = max(ready, self.first_stream_at or ready) if self.needs_users else ready
        return begin + FIRST_FILE_AFTER


@dataclass
class Resource:
    """A resource ID, valid for five minutes (CR-11) and for one recording (CR-12)."""

    id: str
    owner: Identity
    acquired_at: Instant
    recording: Recording | None = None
    valid_for: float | None = None
    """Seconds after its start during which a recording can be queried and stopped (`resourceExpiredHour`, observed)."""
    start_digest: bytes | None = None
    """The digest of the request that `start` must send if `acquire` announced it (`startParameter`, observed)."""
    reservation: Reservation = UNRESERVED
    """The further arguments of `acquire`, in the present documents."""

    def check_startable(self, now: Instant) -> None:
        """Refuse a start while recording, after a recording, or too late, in this order (CR-37, CR-12, CR-11)."""
        if self.recording is not None:
            if self.recording.is_running(now):
                raise self.refused(Code.ALREADY_RECORDING, "this resource ID is recording already")
            raise self.refused(Code.RESOURCE_USED, "this resource ID has been used for a recording")
        if now - self.acquired_at > RESOURCE_LIFETIME:
            raise self.refused(Code.RESOURCE_EXPIRED, "this resource ID has expired")

    def check_mode(self, mode: RecordingMode) -> None:
        """Refuse a mode that does not fit the scene (CR-84)."""
        if not fits(self.reservation.scene, mode):
            scene = self.reservation.scene
            raise self.refused(Code.INVALID_PARAMETER, f"mode: {mode} does not fit scene {scene.value}", "CR-84")

    def is_over(self, now: Instant) -> bool:
        """Whether it is of no further use."""
        if self.recording is None:
            return now - self.acquired_at > RESOURCE_LIFETIME
        return not self.recording.is_remembered(now)

    def find(self, sid: str, now: Instant) -> Recording:
        """Its recording, if its sid is `sid` (CR-39) and it is still remembered (CR-65)."""
        if self.recording is None or self.recording.sid != sid:
            raise self.refused(Code.RESOURCE_MISMATCH, "the sid does not belong to the resource ID")
        too_late = self.valid_for is not None and now - self.recording.started_at > self.valid_for
        if too_late or not self.recording.is_remembered(now):
            raise self.worker_not_found()
        return self.recording

    def worker_not_found(self, *facts: str) -> RecordingRefused:
        """The refusal for a recording that does not exist, or no longer exists (CR-65)."""
        return self.refused(Code.RECORDING_NOT_FOUND, "failed to find worker", *facts)

    def refused(self, code: Code, reason: str, *facts: str) -> RecordingRefused:
        """A refusal that names the channel and uid the resource was acquired for."""
        return RecordingRefused(code, reason, *facts, cname=self.owner.cname, uid=self.owner.uid)


@dataclass
class Recordings:
    """Every issued resource ID, and the running recordings of each channel."""

    ids: Ids
    stop_outcome: UploadingStatus = UploadingStatus.UPLOADED
    """The upload status in the response to the next `stop`; set by control."""
    account_active: bool = True
    """Whether the account may record; set by control (CR-157)."""
    max_recordings: int = 0
    """The limit of recordings at the same time, 0 for no limit; set by control (CR-157)."""
    refused_buckets: frozenset[str] = frozenset()
    """The buckets that refuse files; set by control."""
    _resources: dict[str, Resource] = field(default_factory=dict)
    _running: dict[tuple[str, str], dict[int, Recording]] = field(default_factory=dict)
    _sweep_at: int = 0
    resources_forgotten: int = 0
    recordings_forgotten: int = 0

    def acquire(self, identity: Identity, now: Instant, **announced: Any) -> Resource:
        """A fresh resource ID (CR-10); what `acquire` has `announced` are fields of `Resource`."""
        resource = Resource(self.ids.resource_id(), identity, now, **announced)
        if len(self._resources) >= max(MAX_RESOURCES, self._sweep_at):
            self._sweep(now)
        self._resources[resource.id] = resource
        return resource

    def check_account(self, now: Instant) -> None:
        """Refuse a resource ID to an account that is stopped, or that is at its limit of recordings (CR-157)."""
        if not self.account_active:
            raise RecordingRefused(Code.ACCOUNT_STOPPED, "no_active_status")
        if self.max_recordings:
            running = (each.is_running(now) for here in self._running.values() for each in here.values())
            if sum(islice(filter(None, running), self.max_recordings)) >= self.max_recordings:
                raise RecordingRefused(Code.TOO_MANY_RECORDINGS, "vendor_over_load")

    def restore(self, resource: Resource) -> None:
        """Add a resource as it is, with its recording."""
        self._resources[resource.id] = resource
        if (recording := resource.recording) is not None and recording.ended_at is None:
            identity = recording.identity
            self._running.setdefault((identity.app_id, identity.cname), {})[identity.uid] = recording

    def resource(self, app_id: str, resource_id: str) -> Resource:
        """The resource with this ID (CR-38) that was acquired with this App ID (CR-39)."""
        resource = self._resources.get(resource_id)
        if resource is None:
            raise RecordingRefused(Code.RESOURCE_UNDECODABLE, "the resource ID cannot be decoded")
        if resource.owner.app_id != app_id:
            raise RecordingRefused(Code.RESOURCE_MISMATCH, "the App ID does not belong to the resource ID")
        return resource

    def start(
        self,
        resource_id: str,
        identity: Identity,
        now: Instant,
        *,
        max_idle_time: float,
        users: Collection[int],
        is_idle: bool,
        needs_users: bool = False,
        file_types: Sequence[str] = FILE_TYPES,
        digest: bytes | None = None,
        mode: RecordingMode = RecordingMode.MIX,
        create: Callable[..., Recording] = Recording,
    ) -> Recording:
        """Start the one recording of a resource (CR-20), in a channel with these users. `create` makes it.

        Checked in this order: 1001, 1003, 1004, 1005, 433; then whether the same recorder is busy (53), whether its
        uid is a user's (2), whether the request is the one that `acquire` announced (2), and whether the mode fits the
        scene (2).
        """
        resource = self.owned(resource_id, identity)
        resource.check_startable(now)
        if identity.uid in self._in_channel(identity.app_id, identity.cname, now):
            raise resource.refused(Code.RECORDER_BUSY, "a recording of this channel with this uid is running")
        if identity.uid in users:
            raise resource.refused(Code.INVALID_PARAMETER, "uid: is a user's in this channel", "CR-14")
        if resource.start_digest not in (None, digest):
            raise resource.refused(Code.INVALID_PARAMETER, "request_hash mismatch!", "CR-62", "CR-90")
        resource.check_mode(mode)
        recording = create(
            self.ids.sid(),
            resource.id,
            identity,
            now,
            max_idle_time,
            idle_since=now if is_idle else None,
            needs_users=needs_users,
            file_types=tuple(file_types),
        )
        resource.recording = recording
        self._running.setdefault((identity.app_id, identity.cname), {})[identity.uid] = recording
        return recording

    def stop(self, resource_id: str, sid: str, identity: Identity, now: Instant) -> Recording:
        """End a recording (CR-50) with the upload status `stop_outcome`. A recording that is over is not found."""
        resource = self.owned(resource_id, identity)
        recording = resource.find(sid, now)
        if not recording.is_running(now):
            raise resource.worker_not_found()
        recording.end(Ending.STOPPED, now)
        recording.uploading_status = self.stop_outcome
        return recording

    def in_channel(self, app_id: str, cname: str, now: Instant) -> list[Recording]:
        """The running recordings of a channel. One of a web page is in no channel, whatever its label is."""
        return [found for found in self._in_channel(app_id, cname, now).values() if found.is_in_channel]

    def of(self, app_id: str, now: Instant) -> list[Recording]:
        """The running recordings of an App ID."""
        names = [cname for owner, cname in self._running if owner == app_id]
        return [recording for cname in names for recording in self._in_channel(app_id, cname, now).values()]

    def unended(self, app_id: str, cname: str | None = None) -> Iterator[Recording]:
        """The recordings of an App ID, or of one channel, that no call has ended; see `is_running` for the others."""
        if cname is not None:
            return iter(self._running.get((app_id, cname), {}).values())
        return (found for (owner, _), here in self._running.items() if owner == app_id for found in here.values())

    def resources(self) -> Iterator[Resource]:
        """Every resource, oldest first."""
        return iter(self._resources.values())

    def on_users_joined(self, app_id: str, cname: str, now: Instant) -> None:
        """Record that the channel has a user: its recordings are no longer idle (CR-28)."""
        for recording in self.in_channel(app_id, cname, now):
            recording.idle_since = None

    def on_users_left(self, app_id: str, cname: str, now: Instant) -> None:
        """Record that the last user has left: the channel's recordings are idle from now on (CR-28)."""
        for recording in self.in_channel(app_id, cname, now):
            recording.idle_since = now

    def on_streams(self, app_id: str, cname: str, streams: Streams, now: Instant) -> None:
        """Record what the users of the channel publish from now on."""
        for recording in self.in_channel(app_id, cname, now):
            recording.observe(streams, now)

    def _sweep(self, now: Instant) -> None:
        """Forget the oldest finished resources, down to three quarters of the maximum."""
        surplus = len(self._resources) - MAX_RESOURCES * 3 // 4
        over = (found for found in self._resources.values() if found.is_over(now))
        for resource in list(islice(over, surplus)):
            del self._resources[resource.id]
            self.resources_forgotten += 1
            self.recordings_forgotten += resource.recording is not None
        self._sweep_at = 2 * len(self._resources) if len(self._resources) >= MAX_RESOURCES else 0
        for app_id, cname in list(self._running):
            self._in_channel(app_id, cname, now)

    def owned(self, resource_id: str, identity: Identity) -> Resource:
        """The resource with this ID that was acquired with this identity (CR-39)."""
        resource = self.resource(identity.app_id, resource_id)
        if resource.owner != identity:
            raise RecordingRefused(
                Code.RESOURCE_MISMATCH,
                "cname, uid: not those the resource ID was acquired for",
                cname=identity.cname,
                uid=identity.uid,
            )
        return resource

    def _in_channel(self, app_id: str, cname: str, now: Instant) -> dict[int, Recording]:
        """The running recordings by uid; finished ones are removed from the index."""
        key = (app_id, cname)
        known = self._running.get(key)
        if known is None or all(found.is_running(now) for found in known.values()):
            return known or {}
        running = {uid: found for uid, found in known.items() if found.is_running(now)}
        if running:
            self._running[key] = running
        else:
            self._running.pop(key, None)
        return running


def _reached(table: tuple[tuple[float, Status], ...], begin: Instant, now: Instant) -> list[Step]:
    return [Step(status, begin + since) for since, status in table if since <= now - begin]
