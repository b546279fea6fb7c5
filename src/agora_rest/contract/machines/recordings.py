"""A machine that acquires, starts, queries and stops recordings in any order, while time passes and people come and go.

Two projects with channels of the same names, two channels, two recorders; resource IDs and recordings, live and dead,
are kept and used again. Time moves by multiples of seven seconds, and no limit (5, 30, 60, 300, 600 seconds) is
one, so the model's prediction does not depend on how long the machine itself takes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from agora_rest.contract.http.server import STORAGE, Response
from agora_rest.contract.machines.base import TURNED
from agora_rest.contract.machines.recording_base import (
    APPS,
    ONE,
    OTHER,
    OURS,
    USERS,
    WHO,
    HeldResource,
    ModelResource,
    RecordingMachine,
    Who,
)
from agora_rest.contract.machines.recording_model import RecordingModel, Resource, note_status
from agora_rest.contract.scenarios._recording import settings_together

_CONFIGS = st.sampled_from(settings_together())
_OUTCOMES = st.sampled_from(("uploaded", "backuped", "unknown"))
_SECONDS = st.sampled_from([7 * number for number in (1, 2, 4, 5, 8, 9, 43, 43, 600)])
_WAITS = st.sampled_from((0, 0, 7, 28, 35, 63, 301))
_LATE = st.sampled_from(((0, 0), (0, 0), (7, 7), (294, 14)))
"""Seconds before and after something in the life of a resource ID."""
_WRONG_STARTS = st.sampled_from(("who", "who", "user", "malformed"))
_TARGETS = st.sampled_from(("cname and uid", "uid", "cname", "user"))

Draw = Callable[[st.SearchStrategy[Any]], Any]


@dataclass(eq=False)
class Held(HeldResource[Resource]):
    """A resource ID, the recording it began, and what the model knows of them."""

    index: str = ""
    """The name of its M3U8 file, once it was seen."""


class Recordings(RecordingMachine[RecordingModel, Held]):
    """See the module."""

    def __init__(self) -> None:
        super().__init__()
        self.model = RecordingModel()
        self.all: list[Held] = []

    @initialize(turned=TURNED, who=WHO, config=_CONFIGS)
    def begin(self, turned: bool, who: Who, config: dict[str, Any]) -> None:
        """There are a user in a channel of each App ID, and a recording, to begin with."""
        self.server.turned = turned
        for app in self.app_ids:
            self._come_or_go(Who(app, "lesson", ONE))
        self._record(who, config)

    @rule(data=st.data())
    def act(self, data: st.DataObject) -> None:
        """Do something. One rule, so that Hypothesis leaves no action out of an example, as it does with rules."""
        actions = (
            *(self._record_anybody, self._record_anybody, self._acquire_any, self._start_any, self._start_any),
            *(self._start_otherwise, self._query_by_any, self._stop_any, self._stop_any, self._stop_by_any),
            *(self._advance, self._advance, self._come_or_go_any, self._visit, self._visit, self._kick, self._switch),
        )
        data.draw(st.sampled_from(actions))(data.draw)
        if self.started:
            self._look(data.draw(st.sampled_from(self.started)))  # nothing else has changed

    # -- the four calls -----------------------------------------------------------------------------------------------

    def _record_anybody(self, draw: Draw) -> None:
        """Ask for a resource ID and start it."""
        self._record(draw(WHO), draw(_CONFIGS))

    def _acquire_any(self, draw: Draw) -> None:
        """Ask for a resource ID."""
        self._acquire(draw(WHO))

    def _start_any(self, draw: Draw) -> None:
        """Start a resource, at once or later, in any state."""
        held = self._any(draw)
        self._pass(draw(_WAITS))
        self._start(held, held.who, draw(_CONFIGS))

    def _start_otherwise(self, draw: Draw) -> None:
        """Start a resource as it cannot be started, and then as it should be: the former changes nothing."""
        held, (before, after), wrong = self._any(draw), draw(_LATE), draw(_WRONG_STARTS)
        held = (self._acquire(held.who) if draw(st.booleans()) else None) or held
        self._pass(before)
        if wrong == "malformed":
            self._start(held, held.who, {"maxIdleTime": 600, "streamTypes": 9}, is_malformed=True)
        elif wrong == "user" and self._can_be_a_user(held.who):
            self._come_or_go(held.who)
            self._start(held, held.who, {})
            self._come_or_go(held.who)
        else:
            self._start(held, draw(WHO), {})
        self._pass(after)
        self._start(held, held.who, {})

    def _query_by_any(self, draw: Draw) -> None:
        """Ask for a recording by way of any resource ID, under any App ID."""
        self._query(self._any(draw), self._any(draw), draw(APPS))

    def _stop_any(self, draw: Draw) -> None:
        """Stop a recording, whose files are in any state."""
        held, outcome = self._any(draw), draw(_OUTCOMES)
        chosen = self._choose(outcome)
        response = self._stop(held, held, held.who)
        if response.succeeded:
            self._must_be_its_own(held, response)
            if chosen and response.get("serverResponse", "uploadingStatus") not in (None, outcome):
                raise response.broken(f"`uploadingStatus` {outcome}").about("CR-51", "CR-52", "CR-53")

    def _stop_by_any(self, draw: Draw) -> None:
        """Stop a recording with any resource ID, as any user."""
        self._stop(self._any(draw), self._any(draw), draw(WHO))

    # -- meanwhile ----------------------------------------------------------------------------------------------------

    def _advance(self, draw: Draw) -> None:
        """Time passes."""
        self._pass(draw(_SECONDS))
        if draw(st.booleans()):
            self._look_around()

    def _come_or_go_any(self, draw: Draw) -> None:
        """A present user leaves; an absent one joins, unless a kicking rule denies it."""
        self._come_or_go(self._any(draw).who._replace(uid=draw(USERS)))

    def _visit(self, draw: Draw) -> None:
        """A user joins (or leaves), waits, and leaves (or joins) again."""
        who = self._any(draw).who._replace(uid=draw(USERS))
        for _ in range(2):
            self._come_or_go(who)
            self._pass(draw(_WAITS))
        self._look_around()

    def _kick(self, draw: Draw) -> None:
        """A rule of one minute puts matching users offline."""
        held, by, uid = self._any(draw), draw(_TARGETS), draw(USERS)
        if self.model.disabled:
            return
        self._ban(held.who, by, uid)
        self._look_around()

    def _switch(self, draw: Draw) -> None:
        """Disable or enable the other project, and ask for a resource ID there."""
        who = draw(WHO)
        if self.model.is_recording(OTHER):
            return
        self._switch_the_other_project()
        self._acquire(who._replace(app=OTHER))

    def conclude(self) -> None:
        """The users of the latest recordings leave, one of these is stopped and recorded once more, and all end.

        Last, a resource ID expires although another user tried to start it.
        """
        recorded = self.model.running()
        running = [each for each in self.started if each.resource.recording in recorded][-2:]
        for room in dict.fromkeys(each.who.room for each in running):
            for uid in sorted(self.model.users[room]):
                self._come_or_go(Who(*room, uid))
        for each in running[-1:]:
            self._stop(each, each, each.who)
            with self._namesake_elsewhere(each.who):
                self._record(each.who, {})
        self._let_all_end(within=4900)
        held = self._acquire(Who(OURS, "lesson", 4_000_000_003))
        if held is not None:
            self._pass(294)
            self._start(held, held.who._replace(uid=4_000_000_004), {})
            self._pass(14)
            self._start(held, held.who, {})

    # -- inside -------------------------------------------------------------------------------------------------------

    def _any(self, draw: Draw) -> Held:
        """A resource ID, the latest ones more often."""
        found: Held = draw(st.sampled_from((*self.all, *self.all[-2:])))
        return found

    def _look_around(self) -> None:
        """Ask for the latest recordings, now that something has changed."""
        for held in self.started[-4:]:
            self._look(held)

    def _look(self, held: Held) -> None:
        """Ask for a recording."""
        response = self._query(held, held, held.who.app)
        if held.resource.recording and (response.succeeded or response.status == 404):
            note_status(held.resource.recording, response)
            if response.succeeded:
                self._must_be_its_own(held, response)

    def _record(self, who: Who, config: dict[str, Any]) -> None:
        held = self._acquire(who)
        if held is not None:
            self._start(held, who, config)

    def _acquire(self, who: Who) -> Held | None:
        found = self._acquired(who, {})
        if found is None:
            return None
        self.all.append(Held(found, ModelResource(who, self.model.now)))
        return self.all[-1]

    def _choose(self, outcome: str) -> bool:
        """Let the next stop leave the files in this state, if the server lets us."""
        try:
            self.server.choose_upload(outcome)
        except httpx.HTTPStatusError:
            return False
        return True

    def _must_be_its_own(self, held: Held, response: Response) -> None:
        """A success names the recording's IDs, its channel and user if any, and always the same file, no other's."""
        who = held.who
        response.must_hold(held.id, "resourceId").must_hold(held.sid, "sid")
        for name, sent in (("cname", who.cname), ("uid", str(who.uid))):
            if response.get(name) is not None:
                response.must_hold(sent, name)
        index = response.get("serverResponse", "fileList")
        if isinstance(index, str) and index:
            others = {other.index for other in self.started if other is not held}
            if index in others or held.index not in ("", index):
                raise response.broken(f"an index of its own: {held.index or 'a new name'}").about("CR-41", "CR-51")
            held.index = index

    def _start(self, held: Held, who: Who, config: dict[str, Any], *, is_malformed: bool = False) -> None:
        client = {**({"recordingConfig": config} if config else {}), "storageConfig": dict(STORAGE)}
        allowed = self.model.may_start(held.resource, who, is_malformed=is_malformed)
        response = self._begun(held, who, client, allowed)
        if response is not None:
            response.must_hold(held.id, "resourceId")
            self.model.start(held.resource, config.get("maxIdleTime"))
            self._look(held)
            for former in self._former(held):
                self._query(former, held, held.who.app)

    def _query(self, held: Held, by: Held, app: str) -> Response:
        path = {"appid": self.app_ids[app], "resourceid": by.id, "sid": held.sid}
        response = self.server.send("query_recording", path=path)
        self.compare(response, *self.model.may_query(by.resource, held.resource.recording, app))
        return response

    def _stop(self, held: Held, by: Held, who: Who) -> Response:
        response = self._send("stop_recording", who, {}, resourceid=by.id, sid=held.sid)
        self.compare(response, *self.model.may_stop(by.resource, held.resource.recording, who))
        if response.status < 300 and held.resource.recording:
            held.resource.recording.end("stopped", self.model.now)
        return response
