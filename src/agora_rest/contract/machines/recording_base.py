"""Shared parts of the two machines of recordings, that of 2019 and that of today, and of their models.

Two projects have channels of the same names. Users join and leave them, kicking rules bar users, one project is
disabled and enabled, and resource IDs are acquired and started by two recorders. A model knows no server and no HTTP:
its time is in whole seconds from the start of an example, and timed transitions are applied when the state is read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import KW_ONLY, dataclass, field
from typing import Any, ClassVar, Final, Generic, NamedTuple, TypeVar

from hypothesis import strategies as st

from agora_rest.contract.http.server import OMIT, Response
from agora_rest.contract.machines.base import Machine, Outcome, success
from agora_rest.contract.outcomes import Broken
from agora_rest.contract.scenarios._recording import second_project, status_of

RESOURCE_LIFETIME: Final = 300
"""Seconds (CR-11, CR-91)."""

DEFAULT_IDLE_TIME: Final = 30
"""Seconds (CR-28, CR-108)."""

STEP: Final = 7
"""Time moves by multiples of so many seconds, and no deadline is one."""

Allowed = tuple[Outcome, ...]

# -- the model ---------------------------------------------------------------------------------------------------------


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
class ModelRecording:
    """A recording that was started."""

    who: Who
    idle_time: int | None
    """Seconds, as requested."""
    _: KW_ONLY
    idle_since: int | None = None
    ended: str = ""
    """Why it is over: "stopped", "idle", "kicked", "hours"; "" while it runs."""
    ended_at: int = 0
    status: int = -1
    """The highest one that it was seen with."""
    gone: bool = False
    """Whether it was not there any more."""

    @property
    def is_page(self) -> bool:
        """Whether it records a page: its recorder is in no channel."""
        return False

    def meet(self, users: set[int], now: int) -> None:
        """Its channel has these users from now on."""
        if not self.is_page:
            self.idle_since = None if users else now if self.idle_since is None else self.idle_since

    def deadlines(self) -> dict[str, int]:
        """When it will end if no call ends it, by the reason: its channel is idle (CR-28, CR-108)."""
        idle_time = DEFAULT_IDLE_TIME if self.idle_time is None else self.idle_time
        return {} if self.idle_since is None else {"idle": self.idle_since + idle_time}

    def settle(self, now: int) -> None:
        """End it if it has reached a deadline."""
        for why, at in self.deadlines().items():
            if now > at:
                self.end(why, at)

    def end(self, why: str, at: int) -> None:
        """It is over."""
        self.ended, self.ended_at = why, at

    def with_status(self, statuses: frozenset[int], *facts: str) -> Outcome:
        """A success with one of these statuses, none lower than was seen before."""
        open_to = [] if self.gone else sorted(status for status in statuses if status >= self.status)
        return Outcome(
            f"a status of {', '.join(map(str, open_to)) or 'nothing, because it is over'}",
            facts,
            lambda response: response.succeeded and status_of(response) in open_to,
        )


R = TypeVar("R", bound=ModelRecording)


@dataclass
class ModelResource(Generic[R]):
    """The result of an `acquire`."""

    who: Who
    acquired: int
    _: KW_ONLY
    recording: R | None = None

    def has_expired(self, now: int) -> bool:
        """Whether it cannot be started any more (CR-11, CR-91)."""
        return now - self.acquired > RESOURCE_LIFETIME


@dataclass
class RecordingsModel(Generic[R]):
    """The modelled state. `may_…` return the allowed outcomes, the others change the state."""

    DISABLED: ClassVar[Outcome]
    """The response to calls of a disabled project."""

    now: int = 0
    disabled: set[str] = field(default_factory=set)
    users: dict[tuple[str, str], set[int]] = field(default_factory=lambda: defaultdict(set))
    recordings: list[R] = field(default_factory=list)
    bans: list[Ban] = field(default_factory=list)

    def may_acquire(self, who: Who) -> Allowed:
        """The allowed responses to `acquire`."""
        return (self.DISABLED,) if who.app in self.disabled else (success("CR-10"),)

    def is_barred(self, who: Who) -> bool:
        """Whether a kicking rule matches `who` (CO-48)."""
        return any(ban.meets(who) and self.now < ban.until for ban in self.bans)

    def is_recording(self, app: str) -> bool:
        """Whether any recording runs under an App ID."""
        return any(each.who.app == app for each in self.running())

    def running(self) -> list[R]:
        """The recordings that run now."""
        self.settle()
        return [each for each in self.recordings if not each.ended]

    def settle(self) -> None:
        """Apply the timed transitions of all recordings."""
        for each in self.recordings:
            if not each.ended:
                each.settle(self.now)

    def next_deadline(self) -> int | None:
        """When the next recording ends without a call, if any does."""
        return min((at for each in self.running() for at in each.deadlines().values()), default=None)

    def begin(self, resource: ModelResource[R], recording: R) -> None:
        """The resource records from now on."""
        recording.meet(self.users[recording.who.room], self.now)
        resource.recording = recording
        self.recordings.append(recording)

    def join(self, who: Who) -> None:
        """A user joins a channel."""
        self._fill(who.room, self.users[who.room] | {who.uid})

    def leave(self, who: Who) -> None:
        """A user leaves a channel."""
        self._fill(who.room, self.users[who.room] - {who.uid})

    def ban(self, app: str, cname: str | None, uid: int | None, minutes: int) -> None:
        """Put every matching user offline, recorders of channels included, and keep them out (CO-48)."""
        ban = Ban(app, cname, uid, self.now + 60 * minutes)
        self.bans.append(ban)
        for each in self.running():
            if ban.meets(each.who) and not each.is_page:
                each.end("kicked", self.now)
        for room, uids in list(self.users.items()):
            self._fill(room, {each for each in uids if not ban.meets(Who(*room, each))})

    def _fill(self, room: tuple[str, str], users: set[int]) -> None:
        running = self.running()
        self.users[room] = users
        for each in running:
            if each.who.room == room:
                each.meet(users, self.now)


# -- the machine -------------------------------------------------------------------------------------------------------

OURS, OTHER = "ours", "other"
RECORDERS: Final = st.sampled_from((4_000_000_001, 4_000_000_002))
ONE, TWO = 4_000_000_001 - 2**31, 400_000_000
"""Users whose uids a careless comparison takes for a recorder's: without its highest bit, without its last digit."""
USERS: Final = st.sampled_from((ONE, TWO))
APPS: Final = st.sampled_from((OURS, OURS, OTHER))
CNAMES: Final = ("Lesson", "lesson")
WHO: Final = st.builds(Who, APPS, st.sampled_from(CNAMES), RECORDERS)

A = TypeVar("A", bound=ModelResource[Any])


@dataclass(eq=False)
class HeldResource(Generic[A]):
    """A resource ID, what the model knows of it, and the `sid` of the recording it began."""

    id: str
    resource: A
    sid: str = "nobody"

    @property
    def who(self) -> Who:
        """The project, channel and recorder that it was acquired for."""
        return self.resource.who


M = TypeVar("M", bound=RecordingsModel[Any])
H = TypeVar("H", bound=HeldResource[Any])


class RecordingMachine(Machine, Generic[M, H]):
    """A machine with two projects, and the recordings that it `started`; a subclass makes the `model`."""

    TOLERANCE = 1.9

    model: M

    def __init__(self) -> None:
        super().__init__()
        other = second_project(self.server)
        self.app_ids = {OURS: self.server.app_id, OTHER: other["vendor_key"]}
        self.other_project: str = other["id"]
        self.started: list[H] = []

    def _send(self, operation: str, who: Who, client: dict[str, Any], **path: str) -> Response:
        """Send a call that names `who`, with this client request."""
        body = {"cname": who.cname, "uid": str(who.uid), "clientRequest": client}
        return self.server.send(operation, path={"appid": self.app_ids[who.app], **path}, body=body)

    def _acquired(self, who: Who, client: dict[str, Any]) -> str | None:
        """Ask for a resource ID; returns None where none may be had."""
        response = self._send("acquire", who, client)
        self.compare(response, *self.model.may_acquire(who))
        return response.need("resourceId") if response.succeeded else None

    def _begun(self, held: H, who: Who, client: dict[str, Any], allowed: Allowed, **path: str) -> Response | None:
        """Start it as `who`, who matches no rule: the response for a matched user is open (see `recording_idle`).

        Returns the response if a recording began.
        """
        if self.model.is_barred(who):
            return None
        response = self._send("start_recording", who, client, resourceid=held.id, **path)
        self.compare(response, *allowed)
        if not response.succeeded:
            return None
        held.sid = response.need("sid")
        if any(held.sid == other.sid for other in self.started):
            raise Broken("a new sid (CR-36)", held.sid, response.exchange)
        self.started.append(held)
        return response

    def _former(self, held: H) -> list[H]:
        """The other recordings by the same recorder."""
        return [each for each in self.started if each is not held and each.who == held.who]

    def _can_be_a_user(self, who: Who) -> bool:
        """Whether a user may come to the channel who has the uid of this recorder (CR-14)."""
        is_recording = any(each.who == who and not each.is_page for each in self.model.running())
        return not is_recording and not self.model.is_barred(who) and who.app not in self.model.disabled

    @contextmanager
    def _namesake_elsewhere(self, who: Who) -> Iterator[None]:
        """Meanwhile, a user with the uid of this recorder is in the channel of the other project, if one may be."""
        there = who._replace(app=OTHER if who.app == OURS else OURS)
        if not self._can_be_a_user(there):
            yield
            return
        self._come_or_go(there)
        yield
        self._come_or_go(there)

    def _look_around(self) -> None:
        """Ask for recordings, now that something has changed."""
        raise NotImplementedError

    def _let_all_end(self, within: int) -> None:
        """Look around shortly before and after each of the next three deadlines."""
        for _ in range(3):
            at = self.model.next_deadline()
            if at is None or at > self.model.now + within:
                return
            before = at - at % STEP
            for moment in (before, before + STEP):
                self._pass(max(0, moment - self.model.now))
                self._look_around()

    def _pass(self, seconds: int) -> None:
        if seconds:
            self.server.advance(seconds=seconds)
            self.model.now += seconds

    def _come_or_go(self, who: Who) -> None:
        """A present user leaves; an absent one joins, unless a kicking rule denies it or the project is disabled."""
        app_id = self.app_ids[who.app]
        if who.uid in self.model.users[who.room]:
            self.server.leave(who.cname, who.uid, app_id=app_id)
            self.model.leave(who)
        elif who.app not in self.model.disabled:
            barred = self.model.is_barred(who)
            if self.server.join(who.cname, who.uid, app_id=app_id) is barred:
                wanted, seen = ("denied", "an allowed join") if barred else ("allowed", "a denied join")
                raise Broken(f"the join of user {who.uid} to {who.cname} to be {wanted} (CO-48)", seen)
            if not barred:
                self.model.join(who)

    def _ban(self, who: Who, by: str, uid: int) -> None:
        """Bar the channel of `who`, the recorder or both for a minute; `by` "user" bars `uid` from the channel."""
        cname = None if by == "uid" else who.cname
        target = {} if by == "cname" else {"uid": uid if by == "user" else who.uid}
        self.server.kick(appid=self.app_ids[who.app], cname=OMIT if cname is None else cname, **target, time=1)
        self.model.ban(who.app, cname, target.get("uid"), minutes=1)

    def _switch_the_other_project(self) -> None:
        """Disable or enable the other project. Its effect on recordings is undocumented: the project has none."""
        self.server.set_project_status(self.other_project, int(OTHER in self.model.disabled)).must_succeed()
        self.model.disabled ^= {OTHER}
