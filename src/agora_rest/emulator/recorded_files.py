"""The files of a recording of the present documents, with the documented names (CR-142)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from agora_rest.emulator.clock import Instant
from agora_rest.emulator.modes import RecordingMode, StreamMode
from agora_rest.emulator.recordings import FIRST_FILE_AFTER
from agora_rest.emulator.subscriptions import Medium, Track

if TYPE_CHECKING:
    from agora_rest.emulator.current_recordings import CurrentRecording, Segment

_SPECIAL: Final = re.compile(r"[^A-Za-z0-9_-]")
"""The characters of a channel name that become `-` in the name of a file."""

AUDIO_AND_VIDEO: Final = "audio_and_video"


class RecordedFile(NamedTuple):
    """One M3U8 or MP4 file."""

    name: str
    """With the folders of the storage in front."""
    track_type: str
    """`audio`, `video` or `audio_and_video`."""
    uid: int
    """The user; 0 for all users, or a page."""
    since: Instant
    """When its content begins."""


class SnapshotSeries(NamedTuple):
    """The snapshots of one user."""

    uid: int
    taken: int
    latest: str
    """The name of the latest file."""


def recorded_files(recording: CurrentRecording, now: Instant) -> list[RecordedFile]:
    """Its files so far, in the order of their contents. A file exists once its first slice is uploaded."""
    if recording.setup.snapshots is not None and recording.setup.snapshots.only:
        return []
    make = _of_users if recording.mode is RecordingMode.INDIVIDUAL else _of_all
    files = [file for segment in recording.segments(now) for file in make(recording, segment)]
    return [file for file in files if not recording.is_running(now) or file.since + FIRST_FILE_AFTER <= now]


def snapshot_series(recording: CurrentRecording, now: Instant) -> list[SnapshotSeries]:
    """The snapshots of each user so far: one when the video begins, then one every `captureInterval` (CR-125)."""
    settings = recording.setup.snapshots
    if settings is None:
        return []
    found: dict[int, SnapshotSeries] = {}
    for segment in recording.segments(now):
        stem = _stem(recording, segment)
        for uid, (begin, end) in _videos(recording, segment):
            more = int((end - begin) // settings.interval)  # after the first
            latest = f"{stem}__uid_s_{uid}__uid_e_video_{_utc(begin + more * settings.interval)}.jpg"
            before = found[uid].taken if uid in found else 0
            found[uid] = SnapshotSeries(uid, before + more + 1, latest)
    return list(found.values())


def _videos(recording: CurrentRecording, segment: Segment) -> Iterator[tuple[int, tuple[Instant, Instant]]]:
    """The spans of video in this part, each with its user."""
    for track, spans in recording.spans.by_key.items():
        if track.medium is Medium.VIDEO:
            parts = (span.overlap(segment.begin, segment.end) for span in spans)
            yield from ((track.uid, part) for part in parts if part is not None)


def _of_users(recording: CurrentRecording, segment: Segment) -> Iterator[RecordedFile]:
    """Mode `individual`: an index for each stream of each user, and in stream mode `standard` one for both (CR-116)."""
    begins = {track: since for track in recording.spans.by_key if (since := _begin(recording, track, segment))}
    for uid in dict.fromkeys(track.uid for track in begins):
        own = {track.medium: since for track, since in begins.items() if track.uid == uid}
        stem = f"{_stem(recording, segment)}__uid_s_{uid}__uid_e"
        for medium, since in sorted(own.items()):
            yield RecordedFile(f"{stem}_{medium}.m3u8", medium, uid, since)
        if recording.setup.stream_mode is StreamMode.STANDARD and len(own) == len(Medium):
            yield RecordedFile(f"{stem}_av.m3u8", AUDIO_AND_VIDEO, uid, max(own.values()))


def _of_all(recording: CurrentRecording, segment: Segment) -> Iterator[RecordedFile]:
    """Modes `mix` and `web`: one index, and MP4 files if requested."""
    begins = [since for track in recording.spans.by_key if (since := _begin(recording, track, segment))]
    if not begins:
        return
    since, stem, kind = min(begins), _stem(recording, segment), _track_type(recording)
    yield RecordedFile(f"{stem}.m3u8", kind, 0, since)
    if "mp4" in recording.file_types:
        for index, at in enumerate(_cuts(recording, since, segment.end)):
            yield RecordedFile(f"{stem}_{index}.mp4", kind, 0, at)


def _cuts(recording: CurrentRecording, since: Instant, until: Instant) -> list[Instant]:
    """When each MP4 file begins: that of a page has at most `maxVideoDuration` minutes (CR-130), pauses not counted."""
    page = recording.setup.page
    if page is None:
        return [since]
    longest, recorded = page.max_video_minutes * 60, 0.0
    found: list[Instant] = []
    for begin, end in _parts(recording, since, until):
        while len(found) * longest <= recorded + end - begin:
            found.append(begin + len(found) * longest - recorded)
        recorded += end - begin
    return found


def _parts(recording: CurrentRecording, since: Instant, until: Instant) -> list[tuple[Instant, Instant]]:
    """When the page was recorded in this time."""
    spans = (span for spans in recording.spans.by_key.values() for span in spans)
    return [part for span in spans if (part := span.overlap(since, until)) is not None]


def _track_type(recording: CurrentRecording) -> str:
    media = recording.subscription.media
    return next(iter(media)).value if len(media) == 1 and recording.is_in_channel else AUDIO_AND_VIDEO


def _begin(recording: CurrentRecording, track: Track, segment: Segment) -> Instant | None:
    """When this stream is first recorded in this part, if it is."""
    parts = [span.overlap(segment.begin, segment.end) for span in recording.spans.by_key[track]]
    return min((part[0] for part in parts if part is not None), default=None)


def _stem(recording: CurrentRecording, segment: Segment) -> str:
    folders = "".join(f"{folder}/" for folder in recording.storage.folders)
    cname = _SPECIAL.sub("-", recording.identity.cname)
    return f"{folders}{segment.prefix}{recording.sid}_{cname}"


def _utc(at: Instant) -> str:
    """Such as 20190611073246073."""
    moment = datetime.fromtimestamp(at, UTC)
    return f"{moment:%Y%m%d%H%M%S}{moment.microsecond // 1000:03}"
