"""A simple model of recordings that predicts which responses the documents allow. No server, no HTTP.

Time is in whole seconds from the start of an example. Timed transitions (a recording that idles out) are applied when
the state is read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from agora_rest.contract.http.response import Response
from agora_rest.contract.machines.base import Outcome, refusal, success
from agora_rest.contract.scenarios._recording import (
    EXPIRED,
    INVALID,
    MISMATCH,
    OVER,
    OVER_BY_FORCE,
    UNDER_WAY,
    USED,
    has_stopped,
    is_gone,
    is_invalid_app_id,
    is_not_there,
    is_recording_already,
    status_of,
)

RESOURCE_LIFETIME: Final = 300
"""Seconds (CR-11)."""

DEFAULT_IDLE_TIME: Final = 30
"""Seconds (CR-28)."""

GONE: Final = max(OVER_BY_FORCE) + 1
"""Beyond every status: a recording that is not there any more."""

Allowed = tuple[Outcome, ...]

_INVALID_APP_ID: Final = Outcome('"invalid appid"', ("CR-15", "CO-16"), is_invalid_app_id)
_MISMATCH: Final = refusal(400, "CR-39", code=MISMATCH)
_RUNNING: Final = Outcome("error 1004 (observed: 201, code 7)", ("CR-37",), is_recording_already)
_NOT_THERE: Final = Outcome("404: no such recording", ("CR-65",), is_not_there)
_NOTHING_TO_STOP: Final = Outcome("404: nothing to stop", ("CR-65", "CR-54"), is_gone)
_USED: Final = refusal(400, "CR-12", "CR-54", code=USED)
_EXPIRED: Final = refusal(400, "CR-11", code=EXPIRED)
_UID_TAKEN: Final = refusal(400, "CR-14")
_STOPPED: Final = Outcome("the recording to be stopped", ("CR-50", "CR-51"), has_stopped)


class Who(NamedTuple):
    """A channel and a user in it: a recorder or a participant."""

    app: str
    cname: str
    uid: int

    @property
    def room(self) -> tuple[str, str]:
        """The channel: there is one of a name for each App ID."""
        return (self.app, self.cname)


@dataclass
class ModelRecording:
    """A recording that was started."""

    who: Who
    idle_time: int
    idle_since: int | None
    ended: str = ""
    """Why it is over: "stopped", "idle", "kicked"; "" while it runs."""
    seen: int = -1
    """The highest status it was seen with; `GONE` when it was not there any more."""


@dataclass
class ModelResource:
    """The result of an `acquire`."""

    who: Who
    acquired: int
    recording: ModelRecording | None = None


@dataclass
class Ban:
    """A kicking rule; None means any."""

    app: str
    cname: str | None
    uid: int | None
    until: int

    def meets(self, who: Who) -> bool:
        """Whether it belongs to `who`."""
        return self.app == who.app and self.cname in (None, who.cname) and self.uid in (None, who.uid)


@dataclass
class RecordingModel:
    """The modelled state. Query methods return the allowed outcomes; command methods change the state."""

    now: int = 0
    disabled: set[str] = field(default_factory=set)
    users: dict[tuple[str, str], set[int]] = field(default_factory=dict)
    recordings: list[ModelRecording] = field(default_factory=list)
    bans: list[Ban] = field(default_factory=list)

    # -- allowed outcomes ---------------------------------------------------------------------------------------------

    def may_acquire(self, who: Who) -> Allowed:
        """The allowed responses to `acquire`."""
        return (_INVALID_APP_ID,) if who.app in self.disabled else (success("CR-10"),)

    def may_start(self, resource: ModelResource, who: Who) -> Allowed:
        """The allowed responses to a `start` that names `who`."""
        self._let_idle_ones_end()
        if who.app in self.disabled:
            return (_INVALID_APP_ID,)
        if who.app != resource.who.app:
            return (_MISMATCH,)
        if who != resource.who:
            return (_MISMATCH, refusal(400, "CR-39", code=INVALID))
        late = self.now - resource.acquired > RESOURCE_LIFETIME
        if resource.recording is not None:
            spent = _USED if resource.recording.ended else _RUNNING
            return (spent, _EXPIRED) if late else (spent,)
        if late:
            return (_EXPIRED,)
        if any(recording.who == who and not recording.ended for recording in self.recordings):
            return (_UID_TAKEN,)
        return (success("CR-20", "CR-36"),)

    def may_query(self, resource: ModelResource, recording: ModelRecording | None, app: str) -> Allowed:
        """The allowed responses to a `query` for `recording` (None: never existed) with `resource`, under an App ID."""
        mismatch = self._mismatch(resource, recording, app)
        if mismatch or recording is None:
            return mismatch
        if not recording.ended:
            return (_status(recording, UNDER_WAY, "CR-42"),)
        statuses = OVER_BY_FORCE if recording.ended == "kicked" else OVER
        return (_status(recording, statuses, "CR-42", "CR-54"), _NOT_THERE)

    def may_stop(self, resource: ModelResource, recording: ModelRecording | None, who: Who) -> Allowed:
        """The allowed responses to a `stop` of `recording` (None: never existed) with `resource` that names `who`."""
        mismatch = self._mismatch(resource, recording, who.app)
        if mismatch or recording is None:
            return mismatch
        if who != resource.who:
            return (_MISMATCH, refusal(400, "CR-39", code=INVALID))
        return (_NOTHING_TO_STOP,) if recording.ended else (_STOPPED,)

    def is_barred(self, who: Who) -> bool:
        """Whether a kicking rule matches `who` (CO-48)."""
        return any(ban.meets(who) and self.now < ban.until for ban in self.bans)

    def is_recording(self, app: str) -> bool:
        """Whether any recording runs under an App ID."""
        self._let_idle_ones_end()
        return any(recording.who.app == app and not recording.ended for recording in self.recordings)

    # -- state changes ------------------------------------------------------------------------------------------------

    def start(self, resource: ModelResource, idle_time: int | None) -> None:
        """The resource records from now on."""
        idle_since = None if self.users.get(resource.who.room) else self.now
        seconds = DEFAULT_IDLE_TIME if idle_time is None else idle_time
        resource.recording = ModelRecording(resource.who, seconds, idle_since)
        self.recordings.append(resource.recording)

    def join(self, who: Who) -> None:
        """A user joins a channel."""
        self._let_idle_ones_end()
        self.users.setdefault(who.room, set()).add(who.uid)
        self._set_idle(who.room, None)

    def leave(self, who: Who) -> None:
        """A user leaves a channel."""
        self._let_idle_ones_end()
        here = self.users.get(who.room, set())
        if who.uid in here:
            here.discard(who.uid)
            if not here:
                self._set_idle(who.room, self.now)

    def ban(self, app: str, cname: str | None, uid: int | None, minutes: int) -> None:
        """Put every matching user offline, recorders included, and keep them out (CO-48)."""
        self._let_idle_ones_end()
        ban = Ban(app, cname, uid, self.now + 60 * minutes)
        self.bans.append(ban)
        for recording in self.recordings:
            if ban.meets(recording.who) and not recording.ended:
                recording.ended = "kicked"
        for room, uids in list(self.users.items()):
            for each in [Who(*room, uid) for uid in uids if ban.meets(Who(*room, uid))]:
                self.leave(each)

    def _mismatch(self, resource: ModelResource, recording: ModelRecording | None, app: str) -> Allowed:
        """The allowed outcomes when the three IDs do not belong together, or () when they do."""
        self._let_idle_ones_end()
        if app in self.disabled:
            return (_INVALID_APP_ID, _MISMATCH, _NOT_THERE)
        if app == resource.who.app and recording is None:
            return (_MISMATCH, _NOT_THERE)
        return (_MISMATCH,) if app != resource.who.app or resource.recording is not recording else ()

    def _set_idle(self, room: tuple[str, str], since: int | None) -> None:
        for recording in self.recordings:
            if recording.who.room == room and not recording.ended:
                recording.idle_since = since

    def _let_idle_ones_end(self) -> None:
        for recording in self.recordings:
            idle = recording.idle_since
            if not recording.ended and idle is not None and self.now - idle > recording.idle_time:
                recording.ended = "idle"


def _status(recording: ModelRecording, statuses: frozenset[int], *facts: str) -> Outcome:
    """A success with one of these statuses, none lower than was seen before."""
    open_to = sorted(status for status in statuses if status >= recording.seen)
    return Outcome(
        f"a status of {', '.join(map(str, open_to)) or 'nothing, because it is over'}",
        facts,
        lambda response: response.succeeded and status_of(response) in open_to,
    )


def note_status(recording: ModelRecording, response: Response) -> None:
    """Remember how far a recording was seen to be."""
    recording.seen = status_of(response) if response.succeeded else GONE
