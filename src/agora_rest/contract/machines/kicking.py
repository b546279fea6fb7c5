"""A machine that makes, changes and lifts kicking rules, while users come and go and time passes.

Two App IDs with channels of the same names. The model knows the rules with their ends, and who is where. Time moves by
multiples of 17 seconds, and no ban (1, 3, 60 or 1440 minutes) lasts one, so the model's prediction does not depend on
how long the machine itself takes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise, product
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from agora_rest.contract.http.response import Response
from agora_rest.contract.http.wire import OMIT
from agora_rest.contract.machines.base import Machine, Outcome, refusal, success
from agora_rest.contract.outcomes import Broken
from agora_rest.contract.scenarios._console import app_id_of, instant

_CNAMES: Final = ("Room", "room")
_UIDS: Final = (7, 8)
_ADDRESSES: Final = ("192.0.2.1", "192.0.2.2")
_APPS = st.sampled_from((0, 0, 1))
_SECONDS = st.sampled_from([17 * number for number in (1, 2, 3, 4, 10, 11, 212, 5083)])

_TIMES: Final = {"left out": (OMIT, 60), "0": (0, 0), "0.5": (0.5, 1), "1": (1, 1), "3": (3, 3), "2000": (2000, 1440)}
"""Values requested as `time`, and the resulting minutes (CO-42)."""

_MINUTES = st.sampled_from(tuple(_TIMES))

_APART: Final = 5
"""Tolerance between two end times, in seconds: the duration of an example."""


@dataclass(frozen=True)
class Person:
    """A user in a channel of an App ID."""

    app: int
    cname: str
    uid: int
    ip: str


@dataclass
class ModelRule:
    """The expected state of a rule: its target and its end."""

    id: int
    app: int
    target: dict[str, Any]
    end: float
    deleted: bool = False

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
        """Whether any rule matches this user."""
        return any(each.is_in_force(self.now) and each.is_about(person) for each in self.rules)

    def add(self, rule_: ModelRule) -> None:
        """Create a rule: matching users are put offline, even if it expires at once (CO-42, CO-48)."""
        self.rules.append(rule_)
        self.put_offline(rule_)

    def put_offline(self, rule_: ModelRule) -> None:
        """Put the users offline that match a rule."""
        self.people = {key: person for key, person in self.people.items() if not rule_.is_about(person)}

    def listed(self, app: int) -> list[ModelRule]:
        """The rules of an App ID that last."""
        return [each for each in self.rules if each.app == app and each.is_in_force(self.now)]

    def users(self, app: int, cname: str) -> list[int]:
        """The users in a channel."""
        return sorted(person.uid for person in self.people.values() if (person.app, person.cname) == (app, cname))


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

    @initialize()
    def begin(self) -> None:
        """Two App IDs without rules, and users in all channels."""
        self.model = KickingModel()
        self.app_ids = [app_id_of(self.server), app_id_of(self.server)]
        self._come(_ADDRESSES[0])

    @rule(data=st.data())
    def act(self, data: st.DataObject) -> None:
        """Do something. One rule, so that Hypothesis leaves no action out of an example, as it does with rules."""
        actions = (self._kick, self._kick, self._kick, self._come_from_somewhere, self._leave, self._pass_time)
        on_rules = (self._update, self._update, self._delete, self._change_under_the_other_app_id)
        data.draw(st.sampled_from(actions + on_rules if self.model.rules else actions))(data.draw)

    # -- rules --------------------------------------------------------------------------------------------------------

    def _kick(self, draw: Draw) -> None:
        """Make a rule."""
        app, selector, (requested, lasting) = draw(_APPS), draw(_TARGETS), _TIMES[draw(_MINUTES)]
        response = self.server.ask_kick(appid=self.app_ids[app], time=requested, **selector)
        self.compare(response, success("CO-40"))
        number = int(response.need("id"))
        target = {name: value for name, value in selector.items() if value != ""}
        made = ModelRule(number, app, target, self.model.now + 60 * lasting)
        if lasting == 0 and self.server.edition == "current":  # no rule is made (CO-85)
            if number:
                raise response.broken("the ID 0").about("CO-85")
            self.model.put_offline(made)
            return
        if any(each.id == number for each in self.model.rules):
            raise response.broken("an ID never used by a rule").about("CO-40")
        self.model.add(made)

    def _update(self, draw: Draw) -> None:
        """Give a rule another end."""
        held, (requested, lasting) = draw(st.sampled_from(self.model.rules)), _TIMES[draw(_MINUTES)]
        body = {"appid": self.app_ids[held.app], "id": held.id, "time": requested}
        response = self.server.send("update_kicking_rule", body=body)
        self.compare(response, self._if_it_lasts(held, "CO-46"))
        if response.succeeded:
            held.end = self.model.now + 60 * lasting
            _must_be_its_id(response, held, "result")

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
        body["time"] = _TIMES[draw(_MINUTES)][0]
        self.compare(self.server.send("update_kicking_rule", body=body), refusal(404, "CO-46"))

    # -- people and time ----------------------------------------------------------------------------------------------

    def _come_from_somewhere(self, draw: Draw) -> None:
        """All absent users rejoin, from one address."""
        self._come(draw(st.sampled_from(_ADDRESSES)))

    def _come(self, ip: str) -> None:
        """Every absent user tries to join; users matched by a rule are refused."""
        for app, cname, uid in product((0, 1), _CNAMES, _UIDS):
            if (app, cname, uid) not in self.model.people:
                person = Person(app, cname, uid, ip)
                let_in = self.server.join(cname, uid, app_id=self.app_ids[app], ip=ip)
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
        self._come(_ADDRESSES[0])

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
        # The server's clock reading does not matter: only the differences between the ends are compared.
        for one, other in pairwise(expected.values()):
            apart = instant(listed[other.id]["ts"], response.exchange) - instant(
                listed[one.id]["ts"], response.exchange
            )
            if abs(apart - (other.end - one.end)) > _APART:
                words = f"rule {other.id} to end {other.end - one.end:.0f} s after rule {one.id}"
                raise Broken(words, f"{apart:.0f} s", response.exchange).about("CO-42", "CO-45", "CO-46")

    def _must_have_channels(self, app: int) -> None:
        """The channels with users, and the number of users in each."""
        response = self.server.channels(app_id=self.app_ids[app])
        counts = {cname: len(self.model.users(app, cname)) for cname in _CNAMES}
        expected = {cname: count for cname, count in counts.items() if count}
        seen = {each["channel_name"]: each["user_count"] for each in response.need("data", "channels")}
        if seen != expected or response.get("data", "total_size") != len(expected):
            raise response.broken(f"the channels {expected}").about("CO-55", "CO-48")

    def _must_have_users(self, app: int, cname: str) -> None:
        """The users of a channel, or no channel."""
        users = self.model.users(app, cname)
        response = self.server.users(cname, app_id=self.app_ids[app]).must_hold(bool(users), "data", "channel_exist")
        if users and sorted(response.need("data", "users")) != users:
            raise response.broken(f"the users {users}").about("CO-51", "CO-48")


def _must_be_its_id(response: Response, held: ModelRule, *path: str) -> None:
    if str(response.need(*path, "id")) != str(held.id):
        raise response.broken(f"the ID {held.id}").about("CO-46", "CO-47")
