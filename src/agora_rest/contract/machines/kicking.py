"""A machine that makes, changes and lifts kicking rules, while users come and go and time passes.

Two App IDs with channels of the same names, one for communication and one live. The model knows what responses show:
the rules with their targets, privileges and times, and who is where, since when, in which role. Time moves by multiples
of 17 seconds, and no ban lasts one, so the prediction does not depend on how long the machine itself takes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from agora_rest.contract.http.response import Response
from agora_rest.contract.http.wire import OMIT
from agora_rest.contract.machines.base import TURNED, Machine, Outcome, refusal, success
from agora_rest.contract.outcomes import Broken
from agora_rest.contract.scenarios._console import app_id_of, instant, now

_CNAMES: Final = ("Room", "room")
_UIDS: Final = (7, 8)
_LIVE: Final = "room"
"""The live channel of each App ID, in which one user is a host and the other one is audience."""

_COMMUNICATION, _HOST, _AUDIENCE = 1, 2, 3
"""Roles (CO-50)."""

_ADDRESSES: Final = ("192.0.2.1", "192.0.2.2")
_APPS = st.sampled_from((0, 0, 1))
_SECONDS = st.sampled_from([17 * number for number in (1, 2, 3, 4, 10, 11, 212, 5083)])

_DURATIONS: Final[Sequence[tuple[dict[str, Any], float]]] = (
    ({}, 3600),
    ({"time": 0}, 0),
    ({"time": 0.5}, 60),
    ({"time": 1}, 60),
    ({"time": 3}, 180),
    ({"time": 2000}, 86400),
)
"""Durations as they are requested, and the resulting seconds (CO-42)."""

_DURATIONS_OF_TODAY: Final[Sequence[tuple[dict[str, Any], float]]] = (
    *_DURATIONS,
    ({"time_in_seconds": 0}, 0),
    ({"time_in_seconds": 5}, 10),
    ({"time_in_seconds": 90}, 90),
    ({"time": 0, "time_in_seconds": 600}, 600),
    ({"time": 60, "time_in_seconds": 0}, 0),
    ({"time": 2000, "time_in_seconds": 10}, 10),
)
"""The same with the present documents' seconds, alone and beside minutes (CO-84)."""

_JOIN: Final = "join_channel"
_PRIVILEGES: Final[Sequence[list[str]]] = (
    *[[_JOIN]] * 3,
    ["publish_audio"],
    [_JOIN, "publish_video"],
    ["publish_audio", "publish_video"],
)
"""In the documents of 2019 there is but the first (CO-43, CO-79)."""

_PLATFORMS: Final = (1, 2, 7)

_APART: Final = 5
"""Tolerance of a moment, in seconds: the duration of an example."""


@dataclass(frozen=True)
class Person:
    """A user in a channel of an App ID."""

    app: int
    cname: str
    uid: int
    ip: str
    platform: int
    joined: float

    @property
    def role(self) -> int:
        """The role in the channel."""
        return _COMMUNICATION if self.cname != _LIVE else _HOST if self.uid == _UIDS[0] else _AUDIENCE


@dataclass
class ModelRule:
    """The expected state of a rule: its target, its privileges and its times."""

    id: int
    app: int
    target: dict[str, Any]
    privileges: list[str]
    created: float
    end: float
    updated: float = 0
    deleted: bool = False

    def __post_init__(self) -> None:
        self.updated = self.created

    @property
    def bars(self) -> bool:
        """Whether its users may not join; otherwise they only may not send (CO-80)."""
        return _JOIN in self.privileges

    def is_in_force(self, now: float) -> bool:
        """Whether the rule is still in force."""
        return not self.deleted and now < self.end

    def is_about(self, person: Person) -> bool:
        """Whether the rule matches this user: every given field must match (CO-44)."""
        return self.app == person.app and all(getattr(person, name) == value for name, value in self.target.items())


@dataclass
class KickingModel:
    """The state that the documents require after the calls so far."""

    now: float = 0
    rules: list[ModelRule] = field(default_factory=list)
    people: dict[tuple[int, str, int], Person] = field(default_factory=dict)

    def bars(self, person: Person) -> bool:
        """Whether any rule keeps this user out."""
        return any(each.bars and each.is_in_force(self.now) and each.is_about(person) for each in self.rules)

    def add(self, rule_: ModelRule) -> None:
        """Create a rule: matching users are put offline, even if it expires at once (CO-42, CO-48)."""
        self.rules.append(rule_)
        self.put_offline(rule_)

    def put_offline(self, rule_: ModelRule) -> None:
        """Put the users offline that a rule keeps out."""
        if rule_.bars:
            self.people = {key: person for key, person in self.people.items() if not rule_.is_about(person)}

    def listed(self, app: int) -> list[ModelRule]:
        """The rules of an App ID that last."""
        return [each for each in self.rules if each.app == app and each.is_in_force(self.now)]

    def users(self, app: int, cname: str, role: int | None = None) -> list[int]:
        """The users in a channel, all or those with a role."""
        here = [person for person in self.people.values() if (person.app, person.cname) == (app, cname)]
        return sorted(person.uid for person in here if role in (None, person.role))


_TARGETS: Final = st.builds(
    lambda nothing, target: {**nothing, **target},
    st.sampled_from(({}, {"uid": ""}, {"ip": ""}, {"uid": "", "ip": ""})),
    st.one_of(
        st.fixed_dictionaries({"ip": st.sampled_from(_ADDRESSES)}),
        st.fixed_dictionaries({"cname": st.sampled_from(_CNAMES)}),
        st.fixed_dictionaries({"cname": st.sampled_from(_CNAMES), "uid": st.sampled_from(_UIDS)}),
        st.fixed_dictionaries({"uid": st.sampled_from(_UIDS)}),
    ),
)
"""The four combinations that the document explains, some with "" for an omitted member (CO-41, CO-44)."""

Draw = Callable[[st.SearchStrategy[Any]], Any]


class Kicking(Machine):
    """See the module."""

    TOLERANCE = 3.0

    @initialize(turned=TURNED)
    def begin(self, turned: bool) -> None:
        """Two App IDs without rules, and users in all channels."""
        self.server.turned = turned
        self.model = KickingModel()
        self.app_ids = [app_id_of(self.server), app_id_of(self.server)]
        self.is_of_today = self.server.edition == "current"
        self.durations = _DURATIONS_OF_TODAY if self.is_of_today else _DURATIONS
        self.began = now(self.server)
        self._come(_ADDRESSES[0], _PLATFORMS[0])

    @rule(data=st.data())
    def act(self, data: st.DataObject) -> None:
        """Do something. One rule, so that Hypothesis leaves no action out of an example, as it does with rules."""
        actions = (self._kick, self._kick, self._kick, self._come_from_somewhere, self._leave, self._pass_time)
        on_rules = (self._update, self._update, self._delete, self._change_under_the_other_app_id)
        data.draw(st.sampled_from(actions + on_rules if self.model.rules else actions))(data.draw)
        self._must_be_as_expected(*data.draw(st.tuples(_APPS, st.sampled_from(_CNAMES), st.sampled_from(_UIDS))))

    # -- rules --------------------------------------------------------------------------------------------------------

    def _kick(self, draw: Draw) -> None:
        """Make a rule, with a target of its own or with that of the latest one, which lasts beside it."""
        app, selector, (requested, lasting) = draw(_APPS), draw(_TARGETS), draw(st.sampled_from(self.durations))
        if self.model.rules and draw(st.sampled_from((False, False, True))):
            app, selector = self.model.rules[-1].app, self.model.rules[-1].target
        privileges = draw(st.sampled_from(_PRIVILEGES)) if self.is_of_today else [_JOIN]
        members = {"appid": self.app_ids[app], "time": OMIT, **requested, **selector, "privileges": privileges}
        response = self.server.ask_kick(**members)
        self.compare(response, success("CO-40"))
        number = int(response.need("id"))
        target = {name: value for name, value in selector.items() if value != ""}
        made = ModelRule(number, app, target, privileges, self.model.now, self.model.now + lasting)
        if lasting == 0 and self.is_of_today:  # no rule is made (CO-85)
            if number:
                raise response.broken("the ID 0").about("CO-85")
            self.model.put_offline(made)
            return
        if any(each.id == number for each in self.model.rules):
            raise response.broken("an ID never used by a rule").about("CO-40")
        self.model.add(made)

    def _update(self, draw: Draw) -> None:
        """Give a rule another end."""
        held, (requested, lasting) = draw(st.sampled_from(self.model.rules)), draw(st.sampled_from(self.durations))
        body = {"appid": self.app_ids[held.app], "id": held.id, **requested}
        response = self.server.send("update_kicking_rule", body=body)
        self.compare(response, self._if_it_lasts(held, "CO-46"))
        if response.succeeded:
            held.updated, held.end = self.model.now, self.model.now + lasting
            _must_be_its_id(response, held, "result")
            self._must_be_at(response.need("result", "ts"), held.end, "the rule's `ts`", response, "CO-46", "CO-42")

    def _delete(self, draw: Draw) -> None:
        """Lift a rule."""
        held = draw(st.sampled_from(self.model.rules))
        body = {"appid": self.app_ids[held.app], "id": held.id}
        response = self.server.send("delete_kicking_rule", body=body)
        self.compare(response, self._if_it_lasts(held, "CO-47"))
        if response.succeeded:
            held.deleted = True
            _must_be_its_id(response, held)

    def _change_under_the_other_app_id(self, draw: Draw) -> None:
        """Neither update nor deletion finds a rule under another App ID."""
        held = draw(st.sampled_from(self.model.rules))
        body = {"appid": self.app_ids[1 - held.app], "id": held.id}
        self.compare(self.server.send("delete_kicking_rule", body=body), refusal(404, "CO-47"))
        requested, _ = draw(st.sampled_from(self.durations))
        response = self.server.send("update_kicking_rule", body={**body, **requested})
        self.compare(response, refusal(404, "CO-46"))

    # -- people and time ----------------------------------------------------------------------------------------------

    def _come_from_somewhere(self, draw: Draw) -> None:
        """All absent users rejoin, from one address and with one platform."""
        self._come(draw(st.sampled_from(_ADDRESSES)), draw(st.sampled_from(_PLATFORMS)))

    def _come(self, ip: str, platform: int) -> None:
        """Every absent user tries to join; users that a rule keeps out are refused."""
        for app, cname, uid in product((0, 1), _CNAMES, _UIDS):
            if (app, cname, uid) not in self.model.people:
                person = Person(app, cname, uid, ip, platform, self.model.now)
                more = {"ip": ip, "role": person.role, **({"platform": platform} if self.is_of_today else {})}
                let_in = self.server.join(cname, uid, app_id=self.app_ids[app], **more)
                self.keep_time()
                self._must_be_let_in(person, let_in)

    def _leave(self, draw: Draw) -> None:
        """A present user leaves, if there is one."""
        if self.model.people:
            app, cname, uid = draw(st.sampled_from(sorted(self.model.people)))
            del self.model.people[app, cname, uid]
            self.server.leave(cname, uid, app_id=self.app_ids[app])

    def _pass_time(self, draw: Draw) -> None:
        """Time passes, and all users who are allowed to rejoin."""
        seconds = draw(_SECONDS)
        self.server.advance(seconds=seconds)
        self.model.now += seconds
        self._come(_ADDRESSES[0], _PLATFORMS[0])

    @invariant()
    def everything_is_as_it_should_be(self) -> None:
        """Rules, channels and users are what they should be."""
        for app in (0, 1):
            self._must_have_rules(app)
            self._must_have_channels(app)
            for cname in _CNAMES:
                self._must_have_users(app, cname)

    # -- inside -------------------------------------------------------------------------------------------------------

    def _if_it_lasts(self, held: ModelRule, *facts: str) -> Outcome:
        return success(*facts) if held.is_in_force(self.model.now) else refusal(404, *facts)

    def _must_be_let_in(self, person: Person, let_in: bool) -> None:
        barred = self.model.bars(person)
        if let_in is barred:
            wanted, seen = ("denied", "an allowed join") if barred else ("allowed", "a denied join")
            join = f"the join of user {person.uid} from {person.ip} to {person.cname}"
            raise Broken(f"{join} to be {wanted}", seen).about("CO-44", "CO-48", "CO-42")
        if let_in:
            self.model.people[person.app, person.cname, person.uid] = person

    def _must_have_rules(self, app: int) -> None:
        """The rules in force, with their fields."""
        response = self.server.send("list_kicking_rules", query={"appid": self.app_ids[app]})
        self.compare(response, success("CO-45"))
        listed = {int(each["id"]): each for each in response.need("rules")}
        expected = {each.id: each for each in self.model.listed(app)}
        if len(response.need("rules")) != len(expected) or listed.keys() != expected.keys():
            raise response.broken(f"the rules {sorted(expected)} once each").about("CO-45", "CO-42")
        for number, each in expected.items():
            shown = {"appid": self.app_ids[app], "cname": None, "uid": None, "ip": None, **each.target}
            if {name: listed[number].get(name) for name in shown} != shown:
                raise response.broken(f"the rule {number} with {shown}").about("CO-45")
            if self.is_of_today and sorted(listed[number].get("privileges", ())) != sorted(each.privileges):
                raise response.broken(f"the rule {number} with {each.privileges}").about("CO-81")
            for name, moment in (("createAt", each.created), ("updateAt", each.updated), ("ts", each.end)):
                self._must_be_at(listed[number][name], moment, f"`{name}`", response, "CO-45", "CO-42", "CO-46")

    def _must_be_at(self, text: Any, moment: float, what: str, response: Response, *facts: str) -> None:
        """A time is that of the model."""
        seen, expected = instant(text, response.exchange), self.began + moment
        if abs(seen - expected) > _APART:
            raise Broken(f"{what} {seen - expected:+.0f} s off", str(text), response.exchange).about(*facts)

    def _must_have_channels(self, app: int) -> None:
        """The channels with users, and the number of users in each."""
        response = self.server.channels(app_id=self.app_ids[app])
        counts = {cname: len(self.model.users(app, cname)) for cname in _CNAMES}
        expected = {cname: count for cname, count in counts.items() if count}
        seen = {each["channel_name"]: each["user_count"] for each in response.need("data", "channels")}
        if seen != expected or response.get("data", "total_size") != len(expected):
            raise response.broken(f"the channels {expected}").about("CO-55", "CO-48")

    def _must_have_users(self, app: int, cname: str) -> None:
        """The users of a channel, by role if it is live, or no channel."""
        users = self.model.users(app, cname)
        response = self.server.users(cname, app_id=self.app_ids[app]).must_hold(bool(users), "data", "channel_exist")
        if not users:
            return
        if cname != _LIVE:
            lists, numbers = {"users": users}, {"mode": 1, "total": len(users)}
        else:
            hosts, audience = (self.model.users(app, cname, role) for role in (_HOST, _AUDIENCE))
            lists, numbers = (
                {"broadcasters": hosts, "audience": audience},
                {"mode": 2, "audience_total": len(audience)},
            )
        for name, uids in lists.items():
            if sorted(response.need("data", name)) != uids:
                raise response.broken(f"the {name} {uids}").about("CO-51", "CO-52", "CO-48")
        for name, number in numbers.items():
            if response.get("data", name) != number:
                raise response.broken(f"`{name}` {number}").about("CO-51", "CO-52")

    def _must_be_as_expected(self, app: int, cname: str, uid: int) -> None:
        """A user is in a channel, since then and in that role, or is not."""
        person = self.model.people.get((app, cname, uid))
        response = self.server.user(cname, uid, app_id=self.app_ids[app])
        response.must_hold(person is not None, "data", "in_channel")
        if person is None:
            return
        shown = {"role": person.role, **({"uid": uid, "platform": person.platform} if self.is_of_today else {})}
        if {name: response.get("data", name) for name in shown} != shown:
            raise response.broken(f"the user with {shown}").about("CO-50", "CO-88")
        if abs(response.need("data", "join") - self.began - person.joined) > _APART:
            raise response.broken(f"`join` {self.began + person.joined:.0f}").about("CO-50")


def _must_be_its_id(response: Response, held: ModelRule, *path: str) -> None:
    if str(response.need(*path, "id")) != str(held.id):
        raise response.broken(f"the ID {held.id}").about("CO-46", "CO-47")
