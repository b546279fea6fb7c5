"""A machine that acquires, starts, queries, updates and stops recordings of today, in any order and in all three modes.

Two projects with channels of the same names, two channels, two recorders, and any settings: what one recording is
asked must not show in another, so after every change all of them are queried. Time moves by multiples of seven seconds,
and no limit is one: see `recordings`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, MultipleResults, initialize, multiple, precondition, rule

from agora_rest.contract.http.control import Control
from agora_rest.contract.http.server import OMIT, STORAGE, Recording, Resource, Response
from agora_rest.contract.machines.base import Machine
from agora_rest.contract.machines.recording_model import Who
from agora_rest.contract.machines.today_model import GIVEN, Lists, Plan, Reserved, Taken, TodayModel, Users, look
from agora_rest.contract.outcomes import Broken
from agora_rest.contract.scenarios._current import MODES, PUSHED_TO
from agora_rest.contract.scenarios._recording import is_not_there, second_project

_OURS, _OTHER = "ours", "other"
_CNAMES = st.sampled_from(("Lesson", "lesson"))
_RECORDERS = st.sampled_from((4_000_000_001, 4_000_000_002))
_USERS = st.sampled_from((7, 8))
_NEWCOMER: Final = 9
_VISITED = st.sampled_from((None, None, None, _OURS, _OTHER, _OTHER))
_APPS = st.sampled_from((_OURS, _OURS, _OTHER))
_WHO = st.builds(Who, _APPS, _CNAMES, _RECORDERS)
_MODES = st.sampled_from(MODES)
_ELSEWHERE: Final = "rtmps://other.example.com/live/another-key"
_LISTS = st.sampled_from(
    (
        None,
        None,
        Users("subscribe"),
        Users("subscribe", (7,)),
        Users("subscribe", (7, 8)),
        Users("unSubscribe", (8,)),
        Users("unsubscribe", (7,)),
    )
)
_PLANS = st.builds(
    Plan,
    mode=_MODES,
    idle_time=st.sampled_from((None, 5, 60, 600, 2_592_000, 2_592_000)),
    hours=st.sampled_from((None, None, 1)),
    types=st.sampled_from((None, None, 0, 1, 2)),
    audio=_LISTS,
    video=_LISTS,
    snapshots=st.sampled_from((False, False, False, True)),
    mp4=st.booleans(),
    page_hours=st.sampled_from((1, 1, 720)),
    on_hold=st.sampled_from((None, False, True)),
    pushed_to=st.sampled_from(("", PUSHED_TO)),
    announced=st.sampled_from((False, False, True)),
    given=st.frozensets(st.sampled_from(GIVEN), max_size=3),
)
_SECONDS = st.sampled_from([7 * number for number in (1, 5, 20, 43, 600, 600, 600)])
_WAITS = st.sampled_from((0, 0, 7, 35, 140, 140, 301))
_FOCUS = st.sampled_from(("individual", "individual", "mix", "web", "web", ""))
_PRESENT = st.sampled_from((1, 1, 1, 2, 0))
_PAUSES = st.sampled_from((False, False, True))
_ORDERS = st.sampled_from(((0,), (0, 1), (1, 0), (1,)))
_TARGETS = st.sampled_from(("user", "user", "cname and uid", "uid", "cname"))


@dataclass(eq=False)
class Held:
    """A resource ID, the `sid` of the recording it began, and what the model knows of them."""

    id: str
    reserved: Reserved
    sid: str = "nobody"

    @property
    def who(self) -> Who:
        """The project, channel and recorder that it was acquired for."""
        return self.reserved.who

    @property
    def mode(self) -> str:
        """The mode that it was acquired for."""
        return self.reserved.plan.mode


class Today(Machine):
    """See the module."""

    TOLERANCE = 1.9

    held: Bundle[Held] = Bundle("held")

    def __init__(self) -> None:
        super().__init__()
        self.model = TodayModel()
        other = second_project(self.server)
        self.app_ids = {_OURS: self.server.app_id, _OTHER: other["vendor_key"]}
        self.other_project: str = other["id"]
        self.started: list[Held] = []
        self.only = ""

    # -- recordings ---------------------------------------------------------------------------------------------------

    @initialize(target=held, who=_WHO, plan=_PLANS, only=_FOCUS, users=_PRESENT, pause=_PAUSES)
    def begin(self, who: Who, plan: Plan, only: str, users: int, pause: bool) -> Held | MultipleResults[Held]:
        """There is a recording to begin with; an example may be about one mode `only`."""
        self.only = only
        for app in (who.app, _OTHER if who.app == _OURS else _OURS)[:users]:
            self._come_or_go(Who(app, who.cname, 7))
        return self.record(who, plan, pause)

    @rule(target=held, who=_WHO, plan=_PLANS, pause=_PAUSES)
    def record(self, who: Who, plan: Plan, pause: bool = False) -> Held | MultipleResults[Held]:
        """Ask for a resource ID, start it, and pause it at once or not."""
        held = self._acquire(who, plan)
        if held is None:
            return multiple()
        self._start(held, who, held.reserved.plan)
        if pause and self._is_running(held):
            self._update(held, {}, on_hold=True)
        self._look_around()
        return held

    @rule(target=held, held=held, uid=_RECORDERS, former=_PLANS, plan=_PLANS, order=_ORDERS)
    def record_beside(
        self, held: Held, uid: int, former: Plan, plan: Plan, order: tuple[int, ...]
    ) -> MultipleResults[Held]:
        """Ask for two more resource IDs in the channel of a recording, of any modes, and start one or both."""
        who = self._running(held).who._replace(uid=uid)
        both = self._acquire(who, former, former.mode), self._acquire(who, plan)
        made = [each for each in both if each is not None]
        for number in order[: len(made)]:
            self._start(made[number], who, made[number].reserved.plan)
        self._look_around()
        return multiple(*made)

    @rule(held=held, wait=_WAITS)
    def start(self, held: Held, wait: int) -> None:
        """Start a resource, at once or later, in any state."""
        self._pass(wait)
        self._start(held, held.who, held.reserved.plan)

    @rule(held=held, who=_WHO, mode=_MODES)
    def start_otherwise(self, held: Held, who: Who, mode: str) -> None:
        """Start a resource as any user, or in another mode than its scene is for, and then as it should be."""
        plan = held.reserved.plan
        if (mode == "web") is not (plan.mode == "web"):
            self._start(held, held.who, plan._replace(mode=mode))
        else:
            self._start(held, who, plan)
        self._start(held, held.who, plan)

    @rule(held=held)
    def stop(self, held: Held) -> None:
        """Stop a recording."""
        self._stop(held, held, held.who, held.mode)
        self._look_around()

    @rule(held=held, by=held, who=_WHO, mode=_MODES)
    def call_otherwise(self, held: Held, by: Held, who: Who, mode: str) -> None:
        """Call with any resource ID, as any user, in any mode: what is refused changes nothing."""
        self._query(held, by, who.app, mode)
        if (held, held.who, held.mode) != (by, who, mode):
            self._change("update_recording", held, by, who, mode, {"webRecordingConfig": {"onhold": True}})
            self._stop(held, by, who, mode)
        self._look_around()

    @rule(
        held=held,
        lists=st.fixed_dictionaries({"audio": _LISTS, "video": _LISTS}),
        on_hold=st.sampled_from((None, True, True, False)),
        pushed_to=st.sampled_from(("", PUSHED_TO, _ELSEWHERE)),
        storage=st.booleans(),
        uid=st.sampled_from((None, 7, 8, 8)),
        wait=_WAITS,
    )
    def update(
        self,
        held: Held,
        lists: Lists,
        on_hold: bool | None,
        pushed_to: str,
        storage: bool,
        uid: int | None,
        wait: int,
    ) -> None:
        """Change a recording, also by members of another mode, and see what comes of it, with another user or not."""
        held = self._running(held)
        self._update(held, lists, on_hold, pushed_to, storage=storage)
        self._look_around()
        if uid is not None:
            self._come_or_go(held.who._replace(uid=uid))
        self._pass(wait)
        self._look_around()

    @rule(held=held, colour=st.sampled_from((None, "#112233", "#FFFFFF")))
    def change_layout(self, held: Held, colour: str | None) -> None:
        """Change the layout of a recording, which only a mix has."""
        held = self._running(held)
        client = {} if colour is None else {"backgroundColor": colour}
        response = self._change("update_layout", held, held, held.who, "mix", client)
        if response.succeeded and held.reserved.taken is not None:
            held.reserved.taken.colour = colour or "#000000"
        if Control.STATE in self.server.offers:
            for each in self.started:
                self._look_at_layout(each, response)

    # -- meanwhile ----------------------------------------------------------------------------------------------------

    @rule(seconds=_SECONDS)
    def advance(self, seconds: int) -> None:
        """Time passes."""
        self._pass(seconds)
        self._look_around()

    @rule(held=held, app=_VISITED, uid=_USERS, stay=_WAITS, wait=_WAITS, again=st.booleans())
    def visit(self, held: Held, app: str | None, uid: int, stay: int, wait: int, again: bool) -> None:
        """A user joins (or leaves), waits, and leaves (or joins) again: also in that channel of another project."""
        who = self._running(held).who._replace(uid=uid)
        who = who._replace(app=app or who.app)
        for seconds in (stay, wait)[: 1 + again]:
            self._come_or_go(who)
            self._pass(seconds)
            self._look_around()

    @precondition(lambda self: not self.model.disabled)
    @rule(held=held, by=_TARGETS, uid=_USERS)
    def kick(self, held: Held, by: str, uid: int) -> None:
        """A rule of one minute puts matching users offline."""
        who = held.who._replace(uid=uid) if by == "user" else held.who
        cname = None if by == "uid" else who.cname
        target = {} if by == "cname" else {"uid": who.uid}
        self.server.kick(appid=self.app_ids[who.app], cname=OMIT if cname is None else cname, **target, time=1)
        self.model.ban(who.app, cname, target.get("uid"), minutes=1)
        self._look_around()

    @precondition(lambda self: not self.model.is_recording(_OTHER))
    @rule(who=_WHO, plan=_PLANS)
    def switch_the_other_project(self, who: Who, plan: Plan) -> None:
        """Disable or enable the other project. Its effect on recordings is undocumented: the project has none."""
        enabled = _OTHER in self.model.disabled
        self.server.set_project_status(self.other_project, int(enabled)).must_succeed()
        self.model.disabled ^= {_OTHER}
        self._acquire(who._replace(app=_OTHER), plan)

    def conclude(self) -> None:
        """Make the effects of all calls visible in responses.

        A user joins that the first recordings exclude, pages are paused, all users leave, and hours pass. Recordings
        that ended because their channels were empty are started again.
        """
        running = [each for each in self.started if self._is_running(each)]
        rooms = dict.fromkeys(each.who.room for each in running)
        firsts = {(each.who.room, each.mode == "web"): each for each in reversed(running)}
        without = Users("unSubscribe", (_NEWCOMER,))
        for first in firsts.values():
            self._update(first, {"audio": without, "video": without})
        for room in rooms:
            self._come_or_go(Who(*room, _NEWCOMER))
        self._pass(140)
        self._look_around()
        for first in firsts.values():
            self._update(first, {}, on_hold=True)
        for app, cname in rooms:
            for uid in sorted(self.model.users.get((app, cname), ())):
                self._come_or_go(Who(app, cname, uid))
            other = _OTHER if app == _OURS else _OURS
            if (other, cname) not in rooms:
                self._come_or_go(Who(other, cname, _NEWCOMER))
        self._pass(70)
        self._look_around()
        for each in running:
            if not self._is_running(each):
                self.record(each.who, each.reserved.plan)
        for seconds in (700, 4200):
            self._pass(seconds)
            self._look_around()

    # -- inside -------------------------------------------------------------------------------------------------------

    def _is_running(self, held: Held) -> bool:
        return held.reserved.taken is not None and not held.reserved.taken.ended

    def _running(self, held: Held) -> Held:
        """This one, or one whose recording runs if there is any."""
        running = [each for each in self.started if self._is_running(each)]
        return held if held in running or not running else running[held.reserved.acquired % len(running)]

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
        """Ask for all recordings that may still be there: what has changed must show in its own recording only."""
        for held in self.started:
            if held.reserved.taken is not None and not held.reserved.taken.gone:
                self._query(held, held, held.who.app, held.mode)

    def _acquire(self, who: Who, plan: Plan, mode: str = "") -> Held | None:
        plan = plan._replace(mode=mode or self.only or plan.mode)
        client: dict[str, Any] = {"scene": 1} if plan.mode == "web" else {}
        client |= {} if plan.hours is None else {"resourceExpiredHour": plan.hours}
        client |= {"startParameter": plan.client} if plan.announced else {}
        body = {"cname": who.cname, "uid": str(who.uid), "clientRequest": client}
        response = self.server.send("acquire", path={"appid": self.app_ids[who.app]}, body=body)
        self.compare(response, *self.model.may_acquire(who))
        if not response.succeeded:
            return None
        return Held(response.need("resourceId"), Reserved(who, plan, self.model.now))

    def _start(self, held: Held, who: Who, plan: Plan) -> None:
        """Start it as `who`, who matches no rule: the response for a matched user is open (see `recording_idle`)."""
        if self.model.is_barred(who):
            return
        path = {"appid": self.app_ids[who.app], "resourceid": held.id, "mode": plan.mode}
        body = {"cname": who.cname, "uid": str(who.uid), "clientRequest": plan.client}
        response = self.server.send("start_recording", path=path, body=body)
        self.compare(response, *self.model.may_start(held.reserved, who, plan))
        if response.status == 200:
            held.sid = response.need("sid")
            _must_name(response, held)
            self.model.start(held.reserved)
            if any(held.sid == other.sid for other in self.started):
                raise Broken("a new sid (CR-36)", held.sid, response.exchange)
            self.started.append(held)

    def _query(self, held: Held, by: Held, app: str, mode: str) -> None:
        path = {"appid": self.app_ids[app], "resourceid": by.id, "sid": held.sid, "mode": mode}
        response, taken = self.server.send("query_recording", path=path), held.reserved.taken
        self.compare(response, *self.model.may_query(by.reserved, taken, app, mode))
        if taken is not None and response.succeeded:
            _must_name(response, held)
            self._look(taken, response)
        elif taken is not None and taken.ended and is_not_there(response) and (held, held.mode) == (by, mode):
            taken.gone = True

    def _update(
        self, held: Held, lists: Lists, on_hold: bool | None = None, pushed_to: str = "", *, storage: bool = False
    ) -> None:
        named = {each: users for each, users in lists.items() if users and each in held.reserved.plan.media}
        lists_named = {f"{each}UidList": users.named(each) for each, users in named.items()}
        client: dict[str, Any] = {"streamSubscribe": lists_named} if named else {}
        client |= {} if on_hold is None else {"webRecordingConfig": {"onhold": on_hold}}
        client |= {"rtmpPublishConfig": {"outputs": [{"rtmpUrl": pushed_to}]}} if pushed_to else {}
        client |= {"storageConfig": dict(STORAGE)} if storage else {}
        response = self._change("update_recording", held, held, held.who, held.mode, client)
        if response.succeeded and held.reserved.taken is not None:
            self.model.change(held.reserved.taken, lists={**named}, on_hold=on_hold, pushed_to=pushed_to)

    def _stop(self, held: Held, by: Held, who: Who, mode: str) -> None:
        taken = held.reserved.taken
        response = self._call("stop_recording", held, by, who, mode, {})
        found = self.compare(response, *self.model.may_stop(by.reserved, taken, who, mode))
        if taken is not None and set(found.facts) & {"CR-153", "CR-156", "CR-152"}:
            taken.end("stopped", self.model.now)
            if response.succeeded:
                self._look(taken, response)

    def _look(self, taken: Taken, response: Response) -> None:
        self.keep_time()
        look(self.model, taken, response)

    def _change(self, operation: str, held: Held, by: Held, who: Who, mode: str, client: dict[str, Any]) -> Response:
        response = self._call(operation, held, by, who, mode, client)
        self.compare(response, *self.model.may_change(by.reserved, held.reserved.taken, who, mode))
        if response.succeeded:
            _must_name(response, held)
        return response

    def _call(self, operation: str, held: Held, by: Held, who: Who, mode: str, client: dict[str, Any]) -> Response:
        path = {"appid": self.app_ids[who.app], "resourceid": by.id, "sid": held.sid, "mode": mode}
        body = {"cname": who.cname, "uid": str(who.uid), "clientRequest": client}
        return self.server.send(operation, path=path, body=body)

    def _look_at_layout(self, held: Held, response: Response) -> None:
        taken = held.reserved.taken
        if taken is None or taken.ended or held.mode != "mix":
            return
        resource = Resource(held.id, self.app_ids[held.who.app], held.who.cname, str(held.who.uid))
        found = self.server.layout(Recording(resource, held.sid)).get("background_color")
        response.must(found == taken.colour, f"the colour {taken.colour} in the state, not {found} (CR-151)")


def _must_name(response: Response, held: Held) -> None:
    """It is about this recording (CR-76)."""
    who = held.who
    for name, value in (("cname", who.cname), ("uid", str(who.uid)), ("resourceId", held.id), ("sid", held.sid)):
        response.must_hold(value, name)
