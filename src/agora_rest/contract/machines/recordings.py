"""A machine that acquires, starts, queries and stops recordings in any order, while time passes and people come and go.

Two projects with channels of the same names, two channels, two recorders; resource IDs and recordings, live and dead,
are kept and used again. Time moves by multiples of seven seconds, and no limit (5, 30, 60, 300, 600 seconds) is
one, so the model's prediction does not depend on how long the machine itself takes.
"""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, MultipleResults, initialize, multiple, precondition, rule

from agora_rest.contract.http.server import OMIT, Recording, Resource, Response, path_of
from agora_rest.contract.machines.base import Machine
from agora_rest.contract.machines.recording_model import ModelResource, RecordingModel, Who, note_status
from agora_rest.contract.outcomes import Broken
from agora_rest.contract.scenarios._recording import plain_body, second_project

_CNAMES = st.sampled_from(("Lesson", "lesson"))
_RECORDERS = st.sampled_from((4_000_000_001, 4_000_000_002))
_USERS = st.sampled_from((7, 8))
_OURS, _OTHER = "ours", "other"
_APPS = st.sampled_from((_OURS, _OURS, _OTHER))
_WHO = st.builds(Who, _APPS, _CNAMES, _RECORDERS)
_IDLE_TIMES = st.sampled_from((None, 5, 60, 600))
_SECONDS = st.sampled_from([7 * number for number in (1, 2, 4, 5, 8, 9, 43, 43, 600)])
_WAITS = st.sampled_from((0, 0, 7, 28, 35, 63, 301))
_TARGETS = st.sampled_from(("cname and uid", "uid", "cname", "user"))


@dataclass(eq=False)
class Held:
    """A resource ID, the recording it began, and what the model knows of them."""

    resource: Resource
    in_model: ModelResource
    recording: Recording | None = None

    @property
    def sid(self) -> str:
        """Its recording's, or one that never was."""
        return self.recording.sid if self.recording else "nobody"


class Recordings(Machine):
    """See the module."""

    TOLERANCE = 1.9

    held: Bundle[Held] = Bundle("held")

    def __init__(self) -> None:
        super().__init__()
        self.model = RecordingModel()
        other = second_project(self.server)
        self.app_ids = {_OURS: self.server.app_id, _OTHER: other["vendor_key"]}
        self.other_project: str = other["id"]
        self.started: list[Held] = []

    # -- the four calls -----------------------------------------------------------------------------------------------

    @initialize(target=held, who=_WHO, idle_time=_IDLE_TIMES)
    def begin(self, who: Who, idle_time: int | None) -> Held | MultipleResults[Held]:
        """There is a recording to begin with."""
        return self.record(who, idle_time)

    @rule(target=held, who=_WHO, idle_time=_IDLE_TIMES)
    def record(self, who: Who, idle_time: int | None) -> Held | MultipleResults[Held]:
        """Ask for a resource ID and start it."""
        held = self._acquire(who)
        if held is None:
            return multiple()
        self._start(held, who, idle_time)
        return held

    @rule(target=held, who=_WHO)
    def acquire(self, who: Who) -> Held | MultipleResults[Held]:
        """Ask for a resource ID."""
        return self._acquire(who) or multiple()

    @rule(held=held, idle_time=_IDLE_TIMES, wait=_WAITS)
    def start(self, held: Held, idle_time: int | None, wait: int) -> None:
        """Start a resource, at once or later, in any state."""
        self._pass(wait)
        self._start(held, held.in_model.who, idle_time)

    @rule(held=held, who=_WHO)
    def start_as(self, held: Held, who: Who) -> None:
        """Start a resource as any user."""
        self._start(held, who, None)

    @rule(held=held)
    def query(self, held: Held) -> None:
        """Ask for a recording."""
        response = self._query(held, held, held.in_model.who.app)
        if held.in_model.recording and (response.succeeded or response.status == 404):
            note_status(held.in_model.recording, response)

    @rule(held=held, by=held, app=_APPS)
    def query_by(self, held: Held, by: Held, app: str) -> None:
        """Ask for a recording by way of any resource ID, under any App ID."""
        self._query(held, by, app)

    @rule(held=held)
    def stop(self, held: Held) -> None:
        """Stop a recording."""
        self._stop(held, held, held.in_model.who)

    @rule(held=held, by=held, who=_WHO)
    def stop_by(self, held: Held, by: Held, who: Who) -> None:
        """Stop a recording with any resource ID, as any user."""
        self._stop(held, by, who)

    # -- meanwhile ----------------------------------------------------------------------------------------------------

    @rule(seconds=_SECONDS, look=st.booleans())
    def advance(self, seconds: int, look: bool) -> None:
        """Time passes."""
        self._pass(seconds)
        if look:
            self._look_around()

    @rule(held=held, uid=_USERS)
    def come_or_go(self, held: Held, uid: int) -> None:
        """A present user leaves; an absent one joins, unless a kicking rule denies it."""
        self._come_or_go(held.in_model.who._replace(uid=uid))

    @rule(held=held, uid=_USERS, stay=_WAITS, wait=_WAITS)
    def visit(self, held: Held, uid: int, stay: int, wait: int) -> None:
        """A user joins (or leaves), waits, and leaves (or joins) again."""
        for seconds in (stay, wait):
            self._come_or_go(held.in_model.who._replace(uid=uid))
            self._pass(seconds)
        self._look_around()

    @precondition(lambda self: not self.model.disabled)
    @rule(held=held, by=_TARGETS, uid=_USERS)
    def kick(self, held: Held, by: str, uid: int) -> None:
        """A rule of one minute puts matching users offline."""
        who = held.in_model.who._replace(uid=uid) if by == "user" else held.in_model.who
        cname = None if by == "uid" else who.cname
        target = {} if by == "cname" else {"uid": who.uid}
        self.server.kick(appid=held.resource.app_id, cname=OMIT if cname is None else cname, **target, time=1)
        self.model.ban(who.app, cname, target.get("uid"), minutes=1)
        self._look_around()

    @precondition(lambda self: not self.model.is_recording(_OTHER))
    @rule(who=_WHO)
    def switch_the_other_project(self, who: Who) -> None:
        """Disable or enable the other project. Its effect on recordings is undocumented: the project has none."""
        enabled = _OTHER in self.model.disabled
        self.server.set_project_status(self.other_project, int(enabled)).must_succeed()
        self.model.disabled ^= {_OTHER}
        self._acquire(who._replace(app=_OTHER))

    # -- inside -------------------------------------------------------------------------------------------------------

    def _pass(self, seconds: int) -> None:
        if seconds:
            self.server.advance(seconds=seconds)
            self.model.now += seconds

    def _come_or_go(self, who: Who) -> None:
        app_id = self.app_ids[who.app]
        if who.uid in self.model.users.get(who.room, ()):
            self.server.leave(who.cname, who.uid, app_id=app_id)
            self.model.leave(who)
        elif who.app not in self.model.disabled:
            barred = self.model.is_barred(who)
            if self.server.join(who.cname, who.uid, app_id=app_id) is barred:
                wanted, seen = ("denied", "an allowed join") if barred else ("allowed", "a denied join")
                raise Broken(f"the join of user {who.uid} to {who.cname} to be {wanted} (CO-48)", seen)
            if not barred:
                self.model.join(who)

    def _look_around(self) -> None:
        """Ask for the latest recordings, now that something has changed."""
        for held in self.started[-4:]:
            self.query(held)

    def _acquire(self, who: Who) -> Held | None:
        app_id = self.app_ids[who.app]
        resource = Resource("", app_id, who.cname, str(who.uid))
        response = self.server.send("acquire", path={"appid": app_id}, body=plain_body(resource))
        self.compare(response, *self.model.may_acquire(who))
        if not response.succeeded:
            return None
        resource = Resource(response.need("resourceId"), app_id, who.cname, str(who.uid))
        return Held(resource, ModelResource(who, self.model.now))

    def _start(self, held: Held, who: Who, idle_time: int | None) -> None:
        """Start it as `who`, who matches no rule: the response for a matched user is open (see `recording_idle`)."""
        if self.model.is_barred(who):
            return
        response = self.server.start(
            held.resource,
            config=None if idle_time is None else {"maxIdleTime": idle_time},
            path={"appid": self.app_ids[who.app]},
            cname=who.cname,
            uid=str(who.uid),
        )
        self.compare(response, *self.model.may_start(held.in_model, who))
        if response.succeeded:
            response.must_hold(held.resource.id, "resourceId")
            held.recording = self.server.recording(held.resource, response)
            self.model.start(held.in_model, idle_time)
            if any(held.sid == other.sid for other in self.started):
                raise Broken("a new sid (CR-36)", held.sid, response.exchange)
            self.started.append(held)

    def _query(self, held: Held, by: Held, app: str) -> Response:
        path = {**path_of(by.resource), "appid": self.app_ids[app], "sid": held.sid}
        response = self.server.send("query_recording", path=path)
        self.compare(response, *self.model.may_query(by.in_model, held.in_model.recording, app))
        return response

    def _stop(self, held: Held, by: Held, who: Who) -> None:
        path = {**path_of(by.resource), "appid": self.app_ids[who.app], "sid": held.sid}
        body = {"cname": who.cname, "uid": str(who.uid), "clientRequest": {}}
        response = self.server.send("stop_recording", path=path, body=body)
        self.compare(response, *self.model.may_stop(by.in_model, held.in_model.recording, who))
        if response.status < 300 and held.in_model.recording:
            held.in_model.recording.ended = "stopped"
