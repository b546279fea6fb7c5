"""Resource IDs: each is new, serves one recording, for its channel and uid, within five minutes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from agora_rest.state_models.comparing import differ
from agora_rest.state_models.deviations import Deviation, deviation
from agora_rest.state_models.lives import WEB, Life, identity_of, page_parameters
from agora_rest.state_models.observed import Observed, dig
from agora_rest.state_models.refusals import LARGEST_AREA, is_called_invalid, is_valid, refused
from agora_rest.state_models.times import is_number

WEB_SCENE: Final = 1
"""The `scene` of a resource for recordings of web pages; the other modes need another one (CR-84)."""
LIFETIME: Final = 300.0
"""Seconds (CR-11, CR-91)."""
CLOCKS: Final = 2.0
"""Seconds by which the clocks of server and caller may differ in the measure of a time, for example if one is set."""
_EXPIRED: Final = 433
_USED: Final = 1005
_STARTED: Final = frozenset({7, 1004})
"""Codes of a start on what is recording: today and in the documents of 2019 (CR-37, CR-94)."""
_MAY_BE: Final = frozenset({*_STARTED, None, 53})
"""Codes of such a start that contradict nothing: without one it is a gateway's, and 53 is about another recording."""


class Resources:
    """Follows `acquire` and `start_recording`."""

    def observe(self, seen: Observed, life: Life) -> Iterator[Deviation]:
        """The deviations from the life of a resource ID so far. `life` is its state before this exchange."""
        if seen.operation == "acquire":
            yield from self._acquired(seen, life)
        elif seen.operation == "start_recording":
            if _sid(seen):
                yield from self._started(seen, life)
            elif seen.status:
                yield from self._refused(seen, life)

    def _acquired(self, seen: Observed, life: Life) -> Iterator[Deviation]:
        earlier = life.acquired or life.started
        if earlier is not None and (earlier is life.acquired or seen.after(earlier)):
            title = "Every resource ID is a new one"
            yield deviation("resource_ids", "CR-12 CR-92", title, "a new resource ID", "an earlier one", seen, earlier)

    def _started(self, seen: Observed, life: Life) -> Iterator[Deviation]:
        if life.started is not None:
            title = "A resource ID serves one recording"
            got = "another recording"
            yield deviation("resource_serves_once", "CR-12 CR-92", title, "error 1004 or 1005", got, seen, life.started)
        acquired = life.acquired
        if acquired is None:
            return
        ours, theirs = identity_of(seen), identity_of(acquired)
        if ours and theirs and any(map(differ, ours, theirs)):
            title = "A recording is started with the App ID, channel and uid its resource ID was acquired with"
            got = f"a recording, {_unlike(ours, theirs, acquired.number)}"
            yield deviation("resource_identity", "CR-39 CR-93", title, "an error", got, seen)
        scene, mode = scene_of(acquired), seen.path.get("mode", "")
        if mode and scene is not None and (mode == WEB) != (scene == WEB_SCENE):
            title = "A recording is started in a mode that its resource ID was acquired for"
            got = f"a recording in mode {mode}, and exchange {acquired.number} asked for scene {scene}"
            yield deviation("mode_of_scene", "CR-84", title, "an error", got, seen)
        age = seen.sent - acquired.done
        if age > LIFETIME + CLOCKS:
            title = "A resource ID is good for 5 minutes"
            got = f"a recording, after {age:.0f} seconds"
            yield deviation("resource_expires", "CR-11 CR-91", title, "error 433", got, seen, acquired)

    def _refused(self, seen: Observed, life: Life) -> Iterator[Deviation]:
        """A refusal whose code cannot be true of a resource ID that was seen from its beginning."""
        acquired = life.acquired
        if acquired is None or not seen.after(acquired):
            return
        if is_called_invalid(seen) and self._is_right(seen, acquired):
            yield refused(seen, "CR-20 CR-21 CR-62 CR-79")
        fresh = seen.done - acquired.sent < LIFETIME - CLOCKS
        unused = life.started is None and not life.unsettled
        if seen.code == _EXPIRED and fresh:
            title = "A resource ID is good for 5 minutes"
            got = f"error 433 after {seen.done - acquired.sent:.0f} seconds"
            yield deviation("resource_lasts", "CR-11 CR-91", title, "no error 433", got, seen, acquired)
        elif unused and seen.code in (_USED, *_STARTED):
            title = "Only a resource ID that has served is used up"
            got = f"error {seen.code} at the first start"
            facts = "CR-11 CR-12" if not fresh else "CR-12 CR-92"
            yield deviation("resource_is_unused", facts, title, "another error", got, seen, acquired, doubtful=True)

    @staticmethod
    def _is_right(seen: Observed, acquired: Observed) -> bool:
        """Whether nothing is wrong with a start: neither with its request nor with its resource ID."""
        if identity_of(seen) != identity_of(acquired) or "startParameter" in (
            acquired.in_request("clientRequest") or {}
        ):
            return False
        mode, scene, client = seen.path.get("mode"), scene_of(acquired), seen.in_request("clientRequest")
        if seen.edition == "2019":
            return mode == "mix" and is_valid(seen)
        if (mode == WEB) != (scene == WEB_SCENE) or not isinstance(client, dict):
            return False
        return _follows_mode(str(mode), client) and is_valid(seen)


def _follows_mode(mode: str, client: dict[str, Any]) -> bool:
    """Whether a client request follows the rules of its mode, which no schema has (CR-115, CR-123, CR-127, CR-131)."""
    if mode == "individual":
        films = "mp4" in str(dig(client, "recordingFileConfig", "avFileType"))
        return not films and dig(client, "recordingConfig", "subscribeUidGroup") is not None
    if mode == WEB:
        width, height = (page_parameters(client).get(name) or 0 for name in ("videoWidth", "videoHeight"))
        return is_number(width) and is_number(height) and 0 < width * height <= LARGEST_AREA
    return mode == "mix"


def scene_of(acquired: Observed) -> int | None:
    """The scene that an `acquire` asks for, 0 if it names none (CR-83).

    None if the file does not show it, and for an answer in an envelope: a server of that time knows no scenes.
    """
    client = acquired.in_request("clientRequest")
    if acquired.enveloped or not isinstance(client, dict):
        return None
    scene = client.get("scene", 0)
    return scene if isinstance(scene, int) else None


def repeated(seen: Observed, life: Life) -> Iterator[Deviation]:
    """Starts that were refused while the recording was going on, as this query shows (CR-37, CR-94)."""
    for start in life.refused_starts:
        if start.after(life.started) and seen.after(start) and start.code not in _MAY_BE and _is_same(start, life):
            title = "A start on what is recording is refused as started already"
            yield deviation("repeated_start", "CR-37 CR-94", title, "code 7 or 1004", f"code {start.code}", start, seen)


def _is_same(start: Observed, life: Life) -> bool:
    """Whether a start is valid, and of the same recording."""
    client = start.in_request("clientRequest")
    if start.path.get("mode") != life.mode or identity_of(start) != life.identity or not isinstance(client, dict):
        return False
    return _follows_mode(life.mode, client) and is_valid(start)


def _sid(seen: Observed) -> str:
    found = seen.in_response("sid") if seen.succeeded else None
    return found if isinstance(found, str) else ""


def _unlike(ours: tuple[str, ...], theirs: tuple[str, ...], number: int) -> str:
    names = ("App ID", "channel", "uid")
    differing = [name for name, one, other in zip(names, ours, theirs, strict=True) if differ(one, other)]
    return f"with another {' and another '.join(differing)} than in exchange {number}"
