"""The files of a recording: their names stay, their kind is that of the mode, their times are in milliseconds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from agora_rest.state_models.deviations import Deviation, deviation
from agora_rest.state_models.lives import WEB, Life, service
from agora_rest.state_models.memory import Memory
from agora_rest.state_models.observed import Observed, dig, objects
from agora_rest.state_models.times import EARLIEST

_ONE_TRACK: Final = {0: "audio", 1: "video"}
"""`streamTypes` of which there is one track only (CR-22)."""
_WITH_FILES: Final = frozenset({"query_recording", "stop_recording"})


class _Known:
    """The files of one recording."""

    def __init__(self) -> None:
        self.index = ""
        self.index_at: Observed | None = None
        self.names: dict[str, Any] = {}
        self.names_at: Observed | None = None
        self.since: int | None = None


class Files:
    """Follows the lists of files in queries and stops."""

    def __init__(self, size: int) -> None:
        self._known: Memory[str, _Known] = Memory(size)
        self._indexes: Memory[str, tuple[str, Observed]] = Memory(size)

    def observe(self, seen: Observed, life: Life) -> Iterator[Deviation]:
        """The deviations from earlier lists of the same recording."""
        if seen.operation not in _WITH_FILES or life.started is None:
            return
        if not isinstance(seen.in_response("serverResponse"), dict):
            return  # not known, or not as documented
        known = self._known.get_or_add(life.sid, _Known)
        found = seen.in_response("serverResponse", "fileList")
        if life.mode == WEB:
            found = dig(service(seen, "web_recorder_service"), "fileList")
        if isinstance(found, str) and found:
            yield from self._index(seen, life, known, found)
        elif isinstance(found, list):
            yield from self._list(seen, life, known, objects(found))
        elif found is None and seen.after(known.index_at) and life.lost is None and seen.edition == "2019":
            title = "The list of files does not get lost"
            yield deviation("files_stay", "CR-41 CR-141", title, "the file", "no file", seen, known.index_at)
        yield from _kind(seen, life, found)
        yield from _since(seen, known)

    def _index(self, seen: Observed, life: Life, known: _Known, name: str) -> Iterator[Deviation]:
        if known.index and name != known.index and life.lost is None and seen.edition == "2019":
            title = "The index of a recording keeps its name"
            yield deviation("index_stays", "CR-41 CR-51", title, "the same file", "another", seen, known.index_at)
        other = self._indexes.recall(name)
        if other is not None and other[0] != life.sid:
            title = "Every recording has an index of its own"
            yield deviation("own_index", "CR-41 CR-160", title, "another file", "that of another", seen, other[1])
        self._indexes.keep(name, (life.sid, seen))
        known.index, known.index_at = name, seen

    def _list(self, seen: Observed, life: Life, known: _Known, files: list[dict[str, Any]]) -> Iterator[Deviation]:
        key = "filename" if life.mode == WEB else "fileName"
        names = {str(each[key]): each.get("sliceStartTime") for each in files if key in each}
        missing = known.names.keys() - names.keys()
        # Today a recording may be moved to another machine, unseen; then all names are new (CR-144).
        is_moved = seen.edition == "current" and not known.names.keys() & names.keys()
        if missing and seen.after(known.names_at) and life.lost is None and not is_moved:
            title = "A file stays in the list"
            got = f"{len(missing)} of {len(known.names)} gone"
            yield deviation("files_stay", "CR-41 CR-142", title, "every file of before", got, seen, known.names_at)
        starts = [(names[name], known.names[name]) for name in names.keys() & known.names.keys()]
        moved = [both for both in starts if None not in both and both[0] != both[1]]
        if moved and seen.after(known.names_at):
            title = "A file keeps its `sliceStartTime`"
            yield deviation("slice_start", "CR-142 CR-139", title, "the same", "another", seen, known.names_at)
        for time in names.values():
            yield from _plausible(seen, life, time)
        if len(names) <= 1000:
            known.names, known.names_at = names, seen


def _kind(seen: Observed, life: Life, found: Any) -> Iterator[Deviation]:
    """The kind of a list goes with mode and configuration (CR-41, CR-141, CR-142, CR-143)."""
    if not life.client:
        return  # the request is not known
    types = dig(life.client, "recordingFileConfig", "avFileType")
    films = isinstance(types, list) and "mp4" in types
    if life.mode == "mix" and not films and isinstance(found, list) and seen.edition == "current":
        yield deviation("list_of_mode", "CR-141", "Without MP4 files mode mix has one index", "a name", "a list", seen)
    if life.mode == "mix" and films and isinstance(found, str) and found and seen.edition == "current":
        yield deviation("list_of_mode", "CR-141", "With MP4 files there is a list", "a list", "a name", seen)
    if isinstance(found, str) and found and not films and "." in found and not found.endswith(".m3u8"):
        yield deviation("index_is_m3u8", "CR-41 CR-160", "The index is an M3U8 file", "`….m3u8`", "another", seen)
    pictures_only = "snapshotConfig" in life.client and "recordingFileConfig" not in life.client
    if life.mode == "individual" and pictures_only and found is not None:
        title = "Snapshots have no list of files"
        yield deviation("snapshots_only", "CR-143", title, "no `fileList`", "a `fileList`", seen, life.started)
    yield from _tracks(seen, life, objects(found))
    for each in objects(found) if life.mode in ("mix", "individual") else ():
        mixed, uid = each.get("mixedAllUser"), each.get("uid")
        if isinstance(mixed, bool) and mixed != (life.mode == "mix"):
            title = "`mixedAllUser` is true in mode mix, and there only"
            yield deviation("mixed_users", "CR-142", title, str(not mixed).lower(), str(mixed).lower(), seen)
            return
        if isinstance(uid, str) and (uid == "0") != (life.mode == "mix"):
            title = "A file of mode mix has the uid 0, one of mode individual that of a user"
            yield deviation("file_uid", "CR-142", title, "a uid of the mode", "another", seen)
            return


def _tracks(seen: Observed, life: Life, files: list[dict[str, Any]]) -> Iterator[Deviation]:
    """The tracks of files are those that `streamTypes` chooses, which no update changes (CR-22, CR-112, CR-142)."""
    only = _ONE_TRACK.get(dig(life.client, "recordingConfig", "streamTypes"))
    tracks = {each.get("trackType") for each in files}
    if only is not None and life.mode != WEB and tracks - {only, None}:
        title = "Files have the tracks that `streamTypes` chooses"
        yield deviation("tracks_of_types", "CR-142 CR-22", title, only, "another track", seen, life.started)


def _since(seen: Observed, known: _Known) -> Iterator[Deviation]:
    """`sliceStartTime` of the recording stays, and is in milliseconds (CR-142)."""
    since = seen.in_response("serverResponse", "sliceStartTime")
    if not isinstance(since, int) or isinstance(since, bool) or since == 0:
        return
    if known.since not in (None, since) and seen.edition == "2019":
        yield deviation("slice_start", "CR-142", "A recording keeps its `sliceStartTime`", "the same", "another", seen)
    known.since = since
    if since / 1000 < EARLIEST:
        title = "`sliceStartTime` is in milliseconds"
        yield deviation("slice_unit", "CR-142", title, "Unix milliseconds", "a time before 2014", seen)


def _plausible(seen: Observed, life: Life, time: Any) -> Iterator[Deviation]:
    """The start of a file is in milliseconds."""
    if isinstance(time, int) and not isinstance(time, bool) and 0 < time / 1000 < EARLIEST:
        title = "`sliceStartTime` of a file is in milliseconds"
        yield deviation(
            "slice_unit", "CR-142 CR-139", title, "Unix milliseconds", "a time before 2014", seen, life.started
        )
