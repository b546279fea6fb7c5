"""A machine that acquires, starts, queries, updates and stops recordings of today, in any order and in all three modes.

Two projects with channels of the same names, two channels, two recorders, and any settings: what one recording is
asked must not show in another, so after every change all of them are queried. Time moves by multiples of seven seconds,
and no limit is one: see `recordings`.
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, MultipleResults, initialize, multiple, precondition, rule

from agora_rest.contract.http.control import Control
from agora_rest.contract.http.server import STORAGE, Recording, Resource, Response
from agora_rest.contract.machines.base import TURNED
from agora_rest.contract.machines.recording_base import (
    CNAMES,
    ONE,
    OTHER,
    OURS,
    RECORDERS,
    TWO,
    USERS,
    WHO,
    HeldResource,
    RecordingMachine,
    Who,
)
from agora_rest.contract.machines.today_model import (
    GIVEN,
    LAYOUTS,
    MALFORMED,
    Lists,
    Plan,
    Reserved,
    Taken,
    TodayModel,
    Users,
    look,
    shown_layout,
)
from agora_rest.contract.outcomes import Broken
from agora_rest.contract.scenarios._current import MODES, PUSHED_TO
from agora_rest.contract.scenarios._recording import is_not_there

_NEWCOMER, _WELCOME, _STRANGER = 9, 10, 11
"""Users who come late: one who is excluded, one who is recorded, and one in the other project."""
_BESIDE: Final = 4_000_000_003
_VISITED = st.sampled_from((None, None, None, OURS, OTHER, OTHER))
_MODES = st.sampled_from(MODES)
_EMPTY: Final[dict[str, Any]] = {"streamSubscribe": {}, "webRecordingConfig": {}, "rtmpPublishConfig": {"outputs": []}}
"""Parts of an `update` that say nothing."""
_ELSEWHERE: Final = "rtmps://other.example.com/live/another-key"
_LISTS = st.sampled_from(
    (
        None,
        None,
        Users("subscribe"),
        Users("subscribe", (ONE,)),
        Users("subscribe", (ONE, TWO)),
        Users("unSubscribe", (TWO,)),
        Users("unsubscribe", (ONE,)),
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
    mp4=st.sampled_from((("hls", "mp4"), ("mp4", "hls"), ())),
    page_hours=st.sampled_from((1, 1, 720)),
    on_hold=st.sampled_from((None, False, True)),
    pushed_to=st.sampled_from(("", PUSHED_TO)),
    longest=st.sampled_from((30, 30, None)),
    announced=st.sampled_from((False, False, True)),
    given=st.frozensets(st.sampled_from(GIVEN), max_size=3),
    is_malformed=st.just(False),
)
_SECONDS = st.sampled_from([7 * number for number in (1, 5, 20, 43, 600, 600, 600)])
_WAITS = st.sampled_from((0, 0, 7, 35, 140, 140, 301))
_FOCUS = st.sampled_from(("individual", "individual", "mix", "mix", "web", "web", ""))
_WRONG_STARTS = st.sampled_from((*MODES, "user", "malformed", "who"))
_PRESENT = st.sampled_from((1, 1, 1, 2, 0))
_PAUSES = st.sampled_from((False, False, True))
_ORDERS = st.sampled_from(((0,), (0, 1), (1, 0), (1,)))
_LATE = st.sampled_from(((0, 0), (0, 0), (7, 7), (140, 140), (294, 14)))
"""Seconds before and after something in the life of a resource ID."""
_WRONG_PARTS = st.sampled_from(("", "", "", "storage", "own"))
_TARGETS = st.sampled_from(("user", "user", "cname and uid", "uid", "cname"))


class Held(HeldResource[Reserved]):
    """A resource ID, the `sid` of the recording it began, and what the model knows of them."""

    @property
    def mode(self) -> str:
        """The mode that it was acquired for."""
        return self.resource.plan.mode


class Today(RecordingMachine[TodayModel, Held]):
    """See the module."""

    held: Bundle[Held] = Bundle("held")

    def __init__(self) -> None:
        super().__init__()
        self.model = TodayModel()
        self.only = ""

    # -- recordings ---------------------------------------------------------------------------------------------------

    @initialize(target=held, turned=TURNED, who=WHO, plan=_PLANS, only=_FOCUS, users=_PRESENT, pause=_PAUSES)
    def begin(
        self, turned: bool, who: Who, plan: Plan, only: str, users: int, pause: bool
    ) -> Held | MultipleResults[Held]:
        """There is a recording to begin with; an example may be about one mode `only`."""
        self.server.turned, self.only = turned, only
        for app in (who.app, OTHER if who.app == OURS else OURS)[:users]:
            self._come_or_go(Who(app, who.cname, ONE))
        return self.record(who, plan, pause)

    @rule(target=held, who=WHO, plan=_PLANS, pause=_PAUSES)
    def record(self, who: Who, plan: Plan, pause: bool = False) -> Held | MultipleResults[Held]:
        """Ask for a resource ID, start it, and pause it at once or not."""
        held = self._acquire(who, plan)
        if held is None:
            return multiple()
        self._start(held, who, held.resource.plan)
        if pause and self._is_running(held):
            self._update(held, {}, on_hold=True)
        self._look_around()
        return held

    @rule(target=held, held=held, uid=RECORDERS, former=_PLANS, plan=_PLANS, order=_ORDERS)
    def record_beside(
        self, held: Held, uid: int, former: Plan, plan: Plan, order: tuple[int, ...]
    ) -> MultipleResults[Held]:
        """Ask for two more resource IDs in the channel of a recording, of any modes, and start one or both."""
        who = self._running(held).who._replace(uid=uid)
        both = self._acquire(who, former, former.mode), self._acquire(who, plan)
        made = [each for each in both if each is not None]
        for number in order[: len(made)]:
            self._start(made[number], who, made[number].resource.plan)
        self._look_around()
        return multiple(*made)

    @rule(held=held, wait=_WAITS)
    def start(self, held: Held, wait: int) -> None:
        """Start a resource, at once or later, in any state."""
        self._pass(wait)
        self._start(held, held.who, held.resource.plan)

    @rule(target=held, held=held, who=WHO, wrong=_WRONG_STARTS, waits=_LATE, fresh=st.booleans())
    def start_otherwise(self, held: Held, who: Who, wrong: str, waits: tuple[int, int], fresh: bool) -> Held:
        """Start a resource as it cannot be started, and then as it should be: the former changes nothing."""
        plan, right = held.resource.plan, held.who
        held = (self._acquire(right, plan, plan.mode) if fresh else None) or held
        self._pass(waits[0])
        if wrong == "malformed":
            self._start(held, right, plan._replace(is_malformed=True, idle_time=2_592_000))
        elif wrong == "user" and self._can_be_a_user(right):
            self._come_or_go(right)
            self._start(held, right, plan)
            self._come_or_go(right)
        elif wrong in MODES and (wrong == "web") is not (plan.mode == "web"):
            self._start(held, right, plan._replace(mode=wrong))
        else:
            self._start(held, who, plan)
        self._pass(waits[1])
        with self._namesake_elsewhere(right) if wrong == "user" else nullcontext():
            self._start(held, right, plan)
        return held

    @rule(held=held)
    def stop(self, held: Held) -> None:
        """Stop a recording."""
        self._stop(held, held, held.who, held.mode)
        self._look_around()

    @rule(held=held, by=held, who=WHO, mode=_MODES)
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
        empty=st.booleans(),
        wrong=_WRONG_PARTS,
        uid=st.sampled_from((None, ONE, TWO, TWO)),
        wait=_WAITS,
    )
    def update(
        self,
        held: Held,
        lists: Lists,
        on_hold: bool | None,
        pushed_to: str,
        storage: bool,
        empty: bool,
        wrong: str,
        uid: int | None,
        wait: int,
    ) -> None:
        """Change a recording, also by members of another mode, and see what comes of it, with another user or not.

        What is refused because one member is wrong changes nothing.
        """
        held = self._running(held)
        self._update(held, lists, on_hold, pushed_to, storage=storage, empty=empty, wrong=wrong)
        self._look_around()
        if uid is not None:
            self._come_or_go(held.who._replace(uid=uid))
        self._pass(wait)
        self._look_around()

    @rule(held=held, layout=st.sampled_from(LAYOUTS))
    def change_layout(self, held: Held, layout: dict[str, Any]) -> None:
        """Change the layout of a recording, which only a mix has."""
        self._set_layout(self._running(held), layout)
        self._look_at_layouts()

    # -- meanwhile ----------------------------------------------------------------------------------------------------

    @rule(seconds=_SECONDS)
    def advance(self, seconds: int) -> None:
        """Time passes."""
        self._pass(seconds)
        self._look_around()

    @rule(held=held, app=_VISITED, uid=USERS, stay=_WAITS, wait=_WAITS, again=st.booleans())
    def visit(self, held: Held, app: str | None, uid: int, stay: int, wait: int, again: bool) -> None:
        """A user joins (or leaves), waits, and leaves (or joins) again: also in that channel of another project."""
        who = self._running(held).who._replace(uid=uid)
        who = who._replace(app=app or who.app)
        for seconds in (stay, wait)[: 1 + again]:
            self._come_or_go(who)
            self._pass(seconds)
            self._look_around()

    @precondition(lambda self: not self.model.disabled)
    @rule(held=held, by=_TARGETS, uid=USERS)
    def kick(self, held: Held, by: str, uid: int) -> None:
        """A rule of one minute puts matching users offline."""
        self._ban(held.who, by, uid)
        self._look_around()

    @precondition(lambda self: not self.model.is_recording(OTHER))
    @rule(who=WHO, plan=_PLANS)
    def switch_the_other_project(self, who: Who, plan: Plan) -> None:
        """Disable or enable the other project, and ask for a resource ID there."""
        self._switch_the_other_project()
        self._acquire(who._replace(app=OTHER), plan)

    def conclude(self) -> None:
        """Make the effects of all calls visible in responses.

        There is a recording if there was none, and one beside it. The first recordings of each channel get a layout,
        and exclude a user who joins; pages are paused, and all users leave. The one beside is stopped. What is over is
        recorded once more, time passes beyond the next deadlines, and the recordings that still run are stopped.
        """
        if not self._running_ones() and self.started:
            self.record(self.started[0].who, self.started[0].resource.plan)
        running = self._running_ones()
        beside = self._begin_beside(running)
        self._change_and_empty(running, beside)
        for each in beside:
            self._stop(each, each, each.who, each.mode)
        for each in (*running, *beside[:1]):
            if not self._is_running(each):
                self.start_otherwise(each, each.who, "user", (0, 0), fresh=True)
        for page in [each for each in self._running_ones() if each.mode == "web"][:1]:
            self._ban(page.who, "cname", 0)  # its label is no channel
        self._look_around()
        self._let_all_end(within=4900)
        self._pass(4200)
        self._look_around()
        for each in beside[:1]:
            self.start_otherwise(each, each.who._replace(uid=_BESIDE + 1), "who", (294, 14), fresh=True)
        for each in self._running_ones():
            self._stop(each, each, each.who, each.mode)

    def _change_and_empty(self, running: list[Held], beside: list[Held]) -> None:
        """Change the first recordings of each channel and those beside, until all users have left."""
        rooms = dict.fromkeys(each.who.room for each in running)
        firsts = {(each.who.room, each.mode == "web"): each for each in reversed(running)}
        self._change_all(list(firsts.values()))
        for room in rooms:
            self._come_or_go(Who(*room, _NEWCOMER))
            self._come_or_go(Who(*room, _WELCOME))
        self._pass(140)
        self._look_around()
        for each in (*firsts.values(), *beside[:1]):
            self._update(each, {}, on_hold=True, storage=True)
            self._update(each, {}, pushed_to=_ELSEWHERE, empty=True)
            self._update(each, {}, empty=True)
        self._empty_all(list(rooms))
        self._pass(70)
        self._look_around()

    def _begin_beside(self, running: list[Held]) -> list[Held]:
        """Begin recordings beside the first one that runs, with the same settings but for short MP4 files.

        Each differs in its recorder, in the case of its channel's name, or in its project, and in nothing else.
        """
        begun: list[Held] = []
        for each in running[:1]:
            plan = each.resource.plan._replace(mp4=("mp4", "hls"), longest=30)
            app, cname = OTHER if each.who.app == OURS else OURS, CNAMES[each.who.cname == CNAMES[0]]
            for who in (each.who._replace(**one) for one in ({"uid": _BESIDE}, {"cname": cname}, {"app": app})):
                held = self._acquire(who, plan, each.mode)
                if held is not None:
                    self._start(held, who, held.resource.plan)
                    begun += [held] if self._is_running(held) else []
        return begun

    def _change_all(self, recordings: list[Held]) -> None:
        """Give recordings a layout, and then lists without a user who is to come: one leaves the other as it is.

        An update that is refused, which subscribes to this user, changes nothing.
        """
        users = tuple(Users(verb, (_NEWCOMER,)) for verb in ("unSubscribe", "subscribe"))
        for each in recordings:
            self._set_layout(each, LAYOUTS[-1])
            for some, wrong in zip(users, ("", "storage"), strict=True):
                self._update(each, {"audio": some, "video": some}, wrong=wrong)
        self._look_at_layouts()

    def _empty_all(self, rooms: list[tuple[str, str]]) -> None:
        """All users leave these channels; one joins the channel of the other project, if nothing is recorded there."""
        for app, cname in rooms:
            for uid in sorted(self.model.users[app, cname]):
                self._come_or_go(Who(app, cname, uid))
            other = OTHER if app == OURS else OURS
            if (other, cname) not in rooms:
                self._come_or_go(Who(other, cname, _STRANGER))

    # -- inside -------------------------------------------------------------------------------------------------------

    def _is_running(self, held: Held) -> bool:
        return held.resource.recording is not None and not held.resource.recording.ended

    def _running_ones(self) -> list[Held]:
        return [each for each in self.started if self._is_running(each)]

    def _running(self, held: Held) -> Held:
        """This one, or one whose recording runs if there is any."""
        running = self._running_ones()
        return held if held in running or not running else running[held.resource.acquired % len(running)]

    def _look_around(self) -> None:
        """Ask for all recordings that may still be there: what has changed must show in its own recording only."""
        for held in self.started:
            if held.resource.recording is not None and not held.resource.recording.gone:
                self._query(held, held, held.who.app, held.mode)

    def _acquire(self, who: Who, plan: Plan, mode: str = "") -> Held | None:
        plan = plan._replace(mode=mode or self.only or plan.mode)
        client: dict[str, Any] = {"scene": 1} if plan.mode == "web" else {}
        client |= {} if plan.hours is None else {"resourceExpiredHour": plan.hours}
        client |= {"startParameter": plan.client} if plan.announced else {}
        found = self._acquired(who, client)
        return None if found is None else Held(found, Reserved(who, self.model.now, plan))

    def _start(self, held: Held, who: Who, plan: Plan) -> None:
        response = self._begun(held, who, plan.client, self.model.may_start(held.resource, who, plan), mode=plan.mode)
        if response is not None:
            _must_name(response, held)
            self.model.start(held.resource)
            for former in self._former(held):
                self._query(former, held, held.who.app, former.mode)

    def _query(self, held: Held, by: Held, app: str, mode: str) -> None:
        path = {"appid": self.app_ids[app], "resourceid": by.id, "sid": held.sid, "mode": mode}
        response, taken = self.server.send("query_recording", path=path), held.resource.recording
        self.compare(response, *self.model.may_query(by.resource, taken, app, mode))
        if taken is not None and response.succeeded:
            _must_name(response, held)
            self._look(taken, response)
        elif taken is not None and taken.ended and is_not_there(response) and (held, held.mode) == (by, mode):
            taken.gone = True

    def _update(
        self,
        held: Held,
        lists: Lists,
        on_hold: bool | None = None,
        pushed_to: str = "",
        *,
        storage: bool = False,
        empty: bool = False,
        wrong: str = "",
    ) -> None:
        named = {each: users for each, users in lists.items() if users and each in held.resource.plan.media}
        lists_named = {f"{each}UidList": users.named(each) for each, users in named.items()}
        client: dict[str, Any] = dict(_EMPTY) if empty else {}
        client |= {"streamSubscribe": lists_named} if named else {}
        client |= {} if on_hold is None else {"webRecordingConfig": {"onhold": on_hold}}
        client |= {"rtmpPublishConfig": {"outputs": [{"rtmpUrl": pushed_to}]}} if pushed_to else {}
        client |= {"storageConfig": dict(STORAGE)} if storage else {}
        client |= {"storageConfig": MALFORMED} if wrong == "storage" else _wrong_part(held.mode) if wrong else {}
        response = self._change("update_recording", held, held, held.who, held.mode, client, is_malformed=bool(wrong))
        if response.succeeded and held.resource.recording is not None:
            self.model.change(held.resource.recording, lists={**named}, on_hold=on_hold, pushed_to=pushed_to)

    def _stop(self, held: Held, by: Held, who: Who, mode: str) -> None:
        taken = held.resource.recording
        response = self._send("stop_recording", who, {}, resourceid=by.id, sid=held.sid, mode=mode)
        found = self.compare(response, *self.model.may_stop(by.resource, taken, who, mode))
        if taken is not None and set(found.facts) & {"CR-153", "CR-156", "CR-152"}:
            taken.end("stopped", self.model.now)
            if response.succeeded:
                self._look(taken, response)

    def _look(self, taken: Taken, response: Response) -> None:
        self.keep_time()
        look(self.model, taken, response)

    def _change(
        self,
        operation: str,
        held: Held,
        by: Held,
        who: Who,
        mode: str,
        client: dict[str, Any],
        *,
        is_malformed: bool = False,
    ) -> Response:
        allowed = self.model.may_change(by.resource, held.resource.recording, who, mode, is_malformed=is_malformed)
        for _ in range(2):  # once more changes nothing
            response = self._send(operation, who, client, resourceid=by.id, sid=held.sid, mode=mode)
            self.compare(response, *allowed)
            if not response.succeeded:
                break
            _must_name(response, held)
        return response

    def _set_layout(self, held: Held, layout: dict[str, Any]) -> None:
        response = self._change("update_layout", held, held, held.who, "mix", layout)
        if response.succeeded and held.resource.recording is not None:
            held.resource.recording.layout = layout

    def _look_at_layouts(self) -> None:
        """Compare the layouts of all mixes that run, where the state of the server shows them."""
        for held in self.started if Control.STATE in self.server.offers else ():
            taken = held.resource.recording
            if taken is not None and not taken.ended and held.mode == "mix":
                resource = Resource(held.id, self.app_ids[held.who.app], held.who.cname, str(held.who.uid))
                wanted = shown_layout(taken.layout)
                shown = self.server.layout(Recording(resource, held.sid))
                found = {name: shown.get(name) for name in wanted}
                for region in found.get("regions") or ():
                    del region["uid"]  # who is where depends on who came first
                if found != wanted:
                    words = f"the layout {wanted} of {held.sid} in the state"
                    raise Broken(words, str(found), self.server.trail[-1]).about("CR-151", "CR-119")


def _wrong_part(mode: str) -> dict[str, Any]:
    """A member of an `update` in this mode that breaks a rule."""
    if mode == "web":
        return {"webRecordingConfig": {"onhold": 1}}
    return {"streamSubscribe": {"audioUidList": {"subscribeAudioUids": ["0"]}}}


def _must_name(response: Response, held: Held) -> None:
    """It is about this recording (CR-76)."""
    who = held.who
    for name, value in (("cname", who.cname), ("uid", str(who.uid)), ("resourceId", held.id), ("sid", held.sid)):
        response.must_hold(value, name)
