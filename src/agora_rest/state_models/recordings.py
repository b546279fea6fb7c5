"""Recordings: whose they are, how their status changes, and what remains of them after their end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from agora_rest.state_models import resources
from agora_rest.state_models.comparing import differ
from agora_rest.state_models.deviations import Deviation, deviation
from agora_rest.state_models.files import Files
from agora_rest.state_models.lives import (
    RUNNING,
    WEB,
    Life,
    Lives,
    identity_of,
    page_parameters,
    resource_of,
    status_of,
)
from agora_rest.state_models.memory import Memory
from agora_rest.state_models.observed import Observed, dig
from agora_rest.state_models.pages import Pages
from agora_rest.state_models.refusals import is_about_app, is_called_invalid, is_valid, refused

_NOT_FOUND: Final = 404
_AFTER_THE_END: Final = frozenset({404, 49, 50, 65, 435, 1003})
"""Codes of calls of a recording that is over: gone, ending already, not completed, empty, another sid."""
_READY_WITHIN: Final = 90.0
"""Seconds in which a recording has started well (CR-138)."""
_READY: Final = 4
_OVER: Final = 6
_KNOWN: Final = frozenset({*range(9), 20})
"""Statuses from which on a recording is ready, and is over, and all of them (CR-137). Others say nothing."""
_BUSY: Final = 53
"""The code of a start whose channel and uid are recording already (CR-95)."""
_HOUR: Final = 3600.0
_SLACK: Final = 120.0
"""Seconds by which a server may end a recording later than it has to."""


class Recordings:
    """Follows all calls of Cloud Recording."""

    def __init__(self, size: int) -> None:
        self._lives = Lives(size)
        self._resources, self._files, self._pages = resources.Resources(), Files(size), Pages()
        self._sids: Memory[str, Observed] = Memory(size)
        self._recorders: Memory[tuple[str, ...], tuple[Observed, Life]] = Memory(size)

    def observe(self, seen: Observed) -> Iterator[Deviation]:
        """The deviations from the known state of the recording."""
        life = self._lives.of(seen)
        if life is None:
            return
        yield from self._resources.observe(seen, life)
        if seen.operation == "acquire":
            life.acquired = seen
        elif seen.operation == "start_recording":
            yield from self._start(seen, life)
        elif seen.effect.resource == "recording":
            yield from self._call(seen, life)

    # -- start --------------------------------------------------------------------------------------------------------

    def _start(self, seen: Observed, life: Life) -> Iterator[Deviation]:
        sid = seen.in_response("sid")
        if not (seen.succeeded and isinstance(sid, str) and sid):
            life.unsettled = True
            if seen.status and len(life.refused_starts) < 10:
                life.refused_starts.append(seen)
            if seen.code is not None and isinstance(sid, str):
                title = "A start that begins nothing gives no sid"
                yield deviation("refused_without_sid", "CR-94 CR-37", title, "no `sid`", "a `sid`", seen)
            return
        earlier = self._sids.recall(sid)
        if earlier is not None and resource_of(earlier) != resource_of(seen):
            title = "Every recording has a sid of its own"
            yield deviation("sids", "CR-36", title, "a new sid", "that of another recording", seen, earlier)
        self._sids.keep(sid, seen)
        if life.started is None:
            life.started, life.sid, life.mode = seen, sid, seen.path.get("mode", "")
        life.refused_starts.clear()
        yield from self._one_recorder(seen, life)

    def _one_recorder(self, seen: Observed, life: Life) -> Iterator[Deviation]:
        identity = (seen.account, *identity_of(seen), life.mode)
        earlier = self._recorders.recall(identity)
        if earlier is not None and seen.edition == "current" and earlier[1] is not life:
            first, before = earlier
            since = before.running or first
            goes_on = before.stopped is None and seen.after(since) and seen.done - since.sent < _shortest_idle(before)
            if goes_on:
                title = "A channel and uid have one recorder at a time"
                got = "a second recording, and the first continues"
                yield deviation("one_recorder", "CR-95", title, f"error {_BUSY}", got, seen, since, doubtful=True)
        self._recorders.keep(identity, (seen, life))

    # -- query, update and stop ---------------------------------------------------------------------------------------

    def _call(self, seen: Observed, life: Life) -> Iterator[Deviation]:
        yield from _identity(seen, life)
        if seen.succeeded:
            yield from _known(seen, life)
            yield from _after_the_end(seen, life)
            yield from _out_of_reach(seen, life)
        elif seen.status >= 400 and seen.status not in (401, 429) and seen.status < 500:
            yield from _refused(seen, life)
            yield from _called_invalid(seen, life)
        if seen.path.get("sid") != life.sid:
            return
        if seen.operation == "query_recording":
            yield from self._query(seen, life)
        if seen.succeeded:
            yield from self._files.observe(seen, life)
            if seen.operation != "query_recording":
                yield from _found_again(seen, life)
        if seen.succeeded or (seen.operation == "update_recording" and not 400 <= seen.status < 500):
            yield from self._pages.observe(seen, life)
        if seen.operation == "stop_recording" and life.stopped is None and 200 <= seen.status < 300:
            life.stopped = seen if seen.code in (None, 200, 435) else None

    def _query(self, seen: Observed, life: Life) -> Iterator[Deviation]:
        if seen.status == _NOT_FOUND:
            if seen.path.get("mode") == life.mode and not _of_another(seen, life):
                yield from _ended_early(seen, life)
                life.lost = seen
            return
        status = status_of(seen) if seen.succeeded else None
        if status is None or status not in _KNOWN:
            return
        yield from _progress(seen, life, status)
        if status >= _OVER:
            yield from _ended_early(seen, life)
        if status in RUNNING:
            yield from resources.repeated(seen, life)
            yield from _found_again(seen, life)
            yield from _overdue(seen, life)
            life.refused_starts.clear()
            life.running, life.lost = seen, None
        if not life.status_at or seen.after(life.status_at):
            life.status, life.status_at = status, seen


def _identity(seen: Observed, life: Life) -> Iterator[Deviation]:
    """A response repeats cname and uid of the recording (CR-76)."""
    if not seen.succeeded and seen.operation != "query_recording":
        return  # a refusal repeats those of its request
    names = ("cname", "uid")
    known = dict(zip(names, life.identity[1:], strict=True)) if life.identity else {}
    for name in names:
        received = seen.in_response(name)
        if differ(received, known.get(name)) and seen.path.get("sid") == life.sid:
            title = f"A response about a recording repeats its `{name}`"
            yield deviation(
                "recording_identity", "CR-76 CR-39", title, "that of acquire", "another", seen, life.started
            )


def _known(seen: Observed, life: Life) -> Iterator[Deviation]:
    """A call that succeeded is about a recording that was started, in its mode."""
    title = "A recording is queried by the sid that its start returned"
    if life.started is not None and seen.path.get("sid") != life.sid:
        got = f"{seen.status}, and its start gave another sid"
        yield deviation("known_sid", "CR-39 CR-93", title, "error 1003 or 404", got, seen, life.started)
    elif life.started is not None and seen.path.get("mode") not in (None, life.mode):
        title = "A recording is queried in the mode in which it was started"
        got = f"{seen.status} in mode {seen.path['mode']}, after a start in mode {life.mode}"
        yield deviation("same_mode", "CR-80", title, "an error", got, seen, life.started)
    elif life.acquired and life.started is None and not life.unsettled:
        got = f"{seen.status}, and nothing was started with this resource ID"
        yield deviation("known_sid", "CR-39 CR-93", title, "error 1003 or 404", got, seen, life.acquired, doubtful=True)


def _after_the_end(seen: Observed, life: Life) -> Iterator[Deviation]:
    """The deviations of a response about a recording that was stopped."""
    stop = life.stopped
    if stop is None or not seen.after(stop) or seen.path.get("sid") != life.sid:
        return
    if seen.operation == "stop_recording":
        title = "A recording is stopped once"
        yield deviation("second_stop", "CR-50 CR-65 CR-155", title, "an error", "success again", seen, stop)
    elif seen.operation != "query_recording":
        title = "A recording that is over is not changed any more"
        yield deviation("change_after_stop", "CR-144", title, "error 404", "success", seen, stop)
    elif (status := status_of(seen)) in RUNNING and not stop.in_request("clientRequest", "async_stop"):
        title = "A recording that was stopped does not continue"
        yield deviation("stop_ends", "CR-50 CR-42", title, "status 6 or more, or 404", f"status {status}", seen, stop)


def _out_of_reach(seen: Observed, life: Life) -> Iterator[Deviation]:
    """After `resourceExpiredHour` a recording cannot be called any more (CR-86)."""
    hours = None if life.acquired is None else life.acquired.in_request("clientRequest", "resourceExpiredHour")
    if life.started is None or not isinstance(hours, int) or seen.edition != "current":
        return
    age = seen.sent - life.started.done
    if age > hours * _HOUR + resources.CLOCKS:
        title = "A recording cannot be called after `resourceExpiredHour`"
        got = f"success after {age / _HOUR:.1f} hours of {hours}"
        yield deviation("resource_hours", "CR-86", title, "error 404", got, seen, life.started)


def _refused(seen: Observed, life: Life) -> Iterator[Deviation]:
    """A recording that is over is not found, and nothing else (CR-65, CR-144, CR-155)."""
    stop = life.stopped
    if stop is None or not seen.after(stop) or seen.path.get("sid") != life.sid or seen.path.get("mode") != life.mode:
        return
    if seen.code is None and is_about_app(seen):
        return  # its project may have been disabled, or the body is not known
    may_be_invalid = not is_valid(seen) or (seen.operation == "update_layout" and life.mode != "mix")
    if _of_another(seen, life) or (is_called_invalid(seen) and may_be_invalid):
        return
    is_gone = seen.code in (404, 1003, None)
    if seen.code not in _AFTER_THE_END or (is_gone and seen.status != _NOT_FOUND):
        title = "A recording that is over is not found"
        got = f"{seen.status} with code {seen.code}"
        yield deviation("gone", "CR-65 CR-144 CR-155", title, "404 with code 404", got, seen, stop)


def _of_another(seen: Observed, life: Life) -> bool:
    """Whether a call may be refused because it names another App ID, channel or uid than its recording."""
    if seen.operation == "query_recording":
        return bool(life.identity) and seen.path.get("appid", "") != life.identity[0]
    return identity_of(seen) != life.identity


def _called_invalid(seen: Observed, life: Life) -> Iterator[Deviation]:
    """A valid update or stop of a recording that continues, which is refused as invalid."""
    known = life.started is not None and life.stopped is None and seen.path.get("mode") == life.mode
    if not known or seen.operation == "query_recording" or seen.path.get("sid") != life.sid:
        return
    of_mode = seen.operation != "update_layout" or life.mode == "mix"
    if seen.in_request("clientRequest", "streamSubscribe") is not None and not _records_both(life):
        return  # there may be no list for what is not recorded (CR-112)
    if of_mode and is_called_invalid(seen) and identity_of(seen) == life.identity and is_valid(seen):
        yield refused(seen, "CR-50 CR-145 CR-150 CR-152")


def _records_both(life: Life) -> bool:
    """Whether a recording certainly has sound and pictures."""
    return bool(life.client) and dig(life.client, "recordingConfig", "streamTypes") in (None, 2)


def _progress(seen: Observed, life: Life, status: int) -> Iterator[Deviation]:
    """The status of a recording grows, and is 4 or 5 in time (CR-42, CR-137, CR-138)."""
    before = life.status
    # Today a recording may be moved to another machine, unseen, and begin there anew (CR-144).
    is_back = before is not None and status < before and (seen.edition == "2019" or status < _OVER <= before)
    if is_back and seen.after(life.status_at) and life.lost is None:
        title = "The status of a recording does not go back"
        yield deviation("status_grows", "CR-42 CR-137", title, f"{before} or more", f"{status}", seen, life.status_at)
    if life.started is None or life.stopped is not None or seen.edition != "current" or life.mode == WEB:
        return
    yield from _ready(seen, life, status)


def _ready(seen: Observed, life: Life, status: int) -> Iterator[Deviation]:
    """A recording that is ready too late. One that is never ready may not have started (CR-138)."""
    started, slow = life.started, life.slow
    if started is None or life.lost is not None or seen.sent - started.done <= _READY_WITHIN or status >= _OVER:
        life.slow = None
    elif status < _READY:
        life.slow = slow or seen
    elif slow is not None:
        life.slow = None
        if seen.after(slow) and seen.sent - slow.done > _READY_WITHIN:
            title = "A recording is ready within 90 seconds"
            got = f"status {status} after {seen.sent - started.done:.0f} seconds"
            yield deviation("ready_in_time", "CR-138", title, "status 4 or 5", got, seen, slow)


def _ended_early(seen: Observed, life: Life) -> Iterator[Deviation]:
    """A recording that is gone before it may end on its own, without a stop (CR-28, CR-107, CR-132)."""
    if life.started is None or life.stopped is not None or not seen.after(life.started):
        return
    since = life.running or life.started
    age = seen.done - life.started.sent
    if age < _shortest_idle(life):
        title = "A recording does not end on its own before its time"
        facts = "CR-28 CR-107" if life.mode != WEB else "CR-132 CR-108"
        got = f"its end after {age:.0f} seconds"
        yield deviation("lasts", facts, title, "a recording", got, seen, since, doubtful=True)


def _found_again(seen: Observed, life: Life) -> Iterator[Deviation]:
    """A query that did not find a recording that continues later, or is stopped (CR-40, CR-65).

    Today that can be a failover (CR-144). Another 404 than that of Cloud Recording, which has a code, is a gateway's.
    """
    lost = life.lost
    if lost is not None and lost.code is not None and seen.after(lost) and seen.edition != "current":
        title = "A recording that continues is found"
        got = "404, and later it " + ("continues" if seen.operation == "query_recording" else "is not over")
        yield deviation("found", "CR-40 CR-65", title, "a recording", got, lost, seen)
        life.lost = None


def _overdue(seen: Observed, life: Life) -> Iterator[Deviation]:
    """A page that is recorded beyond `maxRecordingHour` (CR-132)."""
    hours = page_parameters(life.client).get("maxRecordingHour")
    if life.mode != WEB or life.started is None or not isinstance(hours, int):
        return
    age = seen.sent - life.started.done
    if age > hours * _HOUR + _SLACK and not service_is_over(seen):
        title = "The recording of a page ends after `maxRecordingHour`"
        got = f"a recording after {age / _HOUR:.1f} hours of {hours}"
        yield deviation("page_hours", "CR-132", title, "no recording", got, seen, life.started)


def service_is_over(seen: Observed) -> bool:
    """Whether the services of a page say that they have ended."""
    states = seen.in_response("serverResponse", "extensionServiceState")
    return any(dig(state, "payload", "state") == "exit" for state in states) if isinstance(states, list) else False


def _shortest_idle(life: Life) -> float:
    """Seconds for which a recording continues at least."""
    client: dict[str, Any] = life.client
    if life.mode == WEB:
        hours = page_parameters(client).get("maxRecordingHour")
        return hours * _HOUR if isinstance(hours, int) else 0.0
    if life.started is None or not isinstance(life.started.in_request("clientRequest"), dict):
        return 0.0
    idle = dig(client, "recordingConfig", "maxIdleTime")
    return float(idle) if isinstance(idle, int) else 30.0
