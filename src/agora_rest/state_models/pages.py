"""Recordings of web pages: pause and address of a push are those that were set last (CR-133, CR-147, CR-148)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from agora_rest.state_models.comparing import differ
from agora_rest.state_models.deviations import Deviation, deviation
from agora_rest.state_models.lives import WEB, Life, page_parameters, service
from agora_rest.state_models.memory import Memory
from agora_rest.state_models.observed import Observed, dig

_PUSH: Final = "rtmp_publish_service"
_OPENED_WITHIN: Final = 600.0
"""Seconds after which a page is open, or has failed, for certain."""


class _Set:
    """The latest setting, and the exchange that made it; None if it is unknown."""

    def __init__(self) -> None:
        self.hold: bool | None = None
        self.hold_by: Observed | None = None
        self.address: str | None = None
        self.address_by: Observed | None = None


class Pages:
    """Follows start, update and query in mode `web`."""

    def __init__(self, size: int = 1_000) -> None:
        self._sets: Memory[str, _Set] = Memory(size)

    def observe(self, seen: Observed, life: Life) -> Iterator[Deviation]:
        """A query that shows another pause or address than the last that was set."""
        if life.mode != WEB or life.started is None:
            return
        known = self._sets.recall(life.sid) or self._sets.keep(life.sid, _begun(life))
        if seen.operation == "update_recording":
            _changed(seen, known)
        elif seen.operation == "query_recording":
            yield from _hold(seen, known)
            yield from _address(seen, known)
            yield from _first_file(seen, life, known)


def _begun(life: Life) -> _Set:
    known = _Set()
    hold = page_parameters(life.client).get("onhold", False)
    known.hold, known.hold_by = (hold if isinstance(hold, bool) else None), life.started
    address = dig(page_parameters(life.client, _PUSH), "outputs", 0, "rtmpUrl")
    known.address, known.address_by = (address if isinstance(address, str) else None), life.started
    return known


def _changed(seen: Observed, known: _Set) -> None:
    hold = seen.in_request("clientRequest", "webRecordingConfig", "onhold")
    if isinstance(hold, bool):
        known.hold, known.hold_by = hold, seen
    address = seen.in_request("clientRequest", "rtmpPublishConfig", "outputs", 0, "rtmpUrl")
    if isinstance(address, str):
        known.address, known.address_by = address, seen


def _hold(seen: Observed, known: _Set) -> Iterator[Deviation]:
    shown = dig(service(seen, "web_recorder_service"), "onhold")
    if isinstance(shown, bool) and known.hold is not None and shown != known.hold and seen.after(known.hold_by):
        title = "A page is paused as it was set last"
        expected, got = str(known.hold).lower(), str(shown).lower()
        yield deviation("page_hold", "CR-147 CR-133 CR-139", title, expected, got, seen, known.hold_by)


def _address(seen: Observed, known: _Set) -> Iterator[Deviation]:
    payload = service(seen, _PUSH)
    if known.address is None or not seen.after(known.address_by):
        return
    if payload is None:
        title = "A query shows the push of a page"
        yield deviation("push_shown", "CR-140", title, "the push", "no push", seen, known.address_by)
        return
    shown: Any = dig(payload, "outputs", 0, "rtmpUrl")
    if differ(shown, known.address):
        title = "A page is pushed to the address that was set last"
        yield deviation("push_address", "CR-148 CR-140", title, "that address", "another", seen, known.address_by)


def _first_file(seen: Observed, life: Life, known: _Set) -> Iterator[Deviation]:
    """A page that was never paused has a file in the end (CR-139)."""
    payload, started = service(seen, "web_recorder_service"), life.started
    if payload is None or started is None or known.hold_by is not started or known.hold:
        return
    is_empty = payload.get("state") == "inProgress" and not payload.get("fileList")
    if is_empty and seen.sent - started.done > _OPENED_WITHIN:
        title = "A page that is being recorded has a file"
        yield deviation("page_files", "CR-139", title, "a file", "none", seen, started)
