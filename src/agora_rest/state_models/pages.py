"""Recordings of web pages: pause and address of a push are those that were set last (CR-133, CR-147, CR-148)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from agora_rest.state_models.comparing import differ
from agora_rest.state_models.deviations import Deviation, deviation
from agora_rest.state_models.lives import WEB, Life, page_parameters, service
from agora_rest.state_models.memory import Memory
from agora_rest.state_models.observed import Observed, dig, objects

_PUSH: Final = "rtmp_publish_service"
_SERVICES: Final = ("serverResponse", "extensionServiceState")
_OPENED_WITHIN: Final = 600.0
"""Seconds after which a page is open, or has failed, for certain."""


class _Set:
    """The latest setting, and the exchange that made it; None if it is unknown."""

    def __init__(self) -> None:
        self.hold: bool | None = None
        self.hold_by: Observed | None = None
        self.address: str | None = None
        self.address_by: Observed | None = None
        self.begun = False
        """Whether the page was started with a push."""


class Pages:
    """Follows start, update and query in mode `web`.

    Another client that has the IDs may change the same page, so a contradiction is reported only on the assumption
    that none did.
    """

    def __init__(self, size: int = 1_000) -> None:
        self._sets: Memory[str, _Set] = Memory(size)

    def observe(self, seen: Observed, life: Life) -> Iterator[Deviation]:
        """A query that shows another pause or address than the last that was set.

        Exchanges are those that succeeded, and updates of which it is unknown whether they did.
        """
        if life.mode != WEB or life.started is None:
            return
        known = self._sets.recall(life.sid) or self._sets.keep(life.sid, _begun(life))
        if seen.operation == "update_recording":
            _changed(seen, known)
        elif seen.operation == "query_recording" and isinstance(seen.in_response(*_SERVICES), list):
            yield from _one_push(seen)
            yield from _hold(seen, known)
            yield from _address(seen, known)
            yield from _first_file(seen, life, known)


def _begun(life: Life) -> _Set:
    known = _Set()
    hold = page_parameters(life.client).get("onhold", False)
    known.hold, known.hold_by = (hold if isinstance(hold, bool) else None), life.started
    address = dig(page_parameters(life.client, _PUSH), "outputs", 0, "rtmpUrl")
    known.address, known.address_by = (address if isinstance(address, str) else None), life.started
    known.begun = known.address is not None
    return known


def _changed(seen: Observed, known: _Set) -> None:
    """Remember what an update set; nothing is known after one that may have failed, or that overlaps another."""
    client = seen.in_request("clientRequest")
    if client is None or dig(client, "webRecordingConfig") is not None:
        hold = dig(client, "webRecordingConfig", "onhold")
        is_clear = isinstance(hold, bool) and seen.succeeded and seen.after(known.hold_by)
        known.hold, known.hold_by = (hold if is_clear else None), seen
    if client is None or dig(client, "rtmpPublishConfig") is not None:
        address = dig(client, "rtmpPublishConfig", "outputs", 0, "rtmpUrl")
        is_clear = isinstance(address, str) and seen.succeeded and seen.after(known.address_by)
        known.address, known.address_by = (address if is_clear else None), seen


def _hold(seen: Observed, known: _Set) -> Iterator[Deviation]:
    shown = dig(service(seen, "web_recorder_service"), "onhold")
    if isinstance(shown, bool) and known.hold is not None and shown != known.hold and seen.after(known.hold_by):
        title = "A page is paused as it was set last"
        expected, got = str(known.hold).lower(), str(shown).lower()
        facts = "CR-147 CR-133 CR-139"
        yield deviation("page_hold", facts, title, expected, got, seen, known.hold_by, doubtful=True)


def _address(seen: Observed, known: _Set) -> Iterator[Deviation]:
    payload = service(seen, _PUSH)
    if known.address is None or not seen.after(known.address_by):
        return
    if payload is None:
        title = "A query shows the push of a page"
        # No call ends a push that a page was started with, but it ends with the page.
        is_sure = known.begun and dig(service(seen, "web_recorder_service"), "state") != "exit"
        earlier = known.address_by
        yield deviation("push_shown", "CR-140", title, "the push", "no push", seen, earlier, doubtful=not is_sure)
        return
    if any(differ(each.get("rtmpUrl"), known.address) for each in objects(payload.get("outputs"))):
        title = "A page is pushed to the address that was set last"
        facts = "CR-148 CR-140"
        yield deviation("push_address", facts, title, "that address", "another", seen, known.address_by, doubtful=True)


def _one_push(seen: Observed) -> Iterator[Deviation]:
    """A page is pushed to one address at a time: a new one takes the place of the former one (CR-135, CR-148)."""
    outputs = objects(dig(service(seen, _PUSH), "outputs"))
    if len(outputs) > 1:
        title = "A page is pushed to one address"
        yield deviation("one_push", "CR-148 CR-135 CR-140", title, "one output", f"{len(outputs)}", seen)


def _first_file(seen: Observed, life: Life, known: _Set) -> Iterator[Deviation]:
    """A page that was never paused has a file in the end (CR-139)."""
    payload, started = service(seen, "web_recorder_service"), life.started
    if payload is None or started is None or known.hold_by is not started or known.hold:
        return
    is_empty = payload.get("state") == "inProgress" and not payload.get("fileList")
    if is_empty and seen.sent - started.done > _OPENED_WITHIN:
        title = "A page that is being recorded has a file"
        yield deviation("page_files", "CR-139", title, "a file", "none", seen, started, doubtful=True)
