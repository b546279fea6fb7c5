"""Faults of kicking rules: a moment, a second rule, another App ID."""

from __future__ import annotations

from typing import Any

from agora_rest.emulator import rules, world
from faults.caller import APP, Caller
from faults.edits import refuses, takes
from faults.middleware import HttpCall, on_request, respond
from faults.patches import also, called_with, marked, method, result, skipped, value
from faults.seeds import identity, state, timing, units, validation

_RULE = "/v1/kicking-rule"
_NO = respond(400, {"message": "no"})


def _still_at_its_end(original: Any, self: Any, now: Any) -> bool:
    return bool(now <= self.until) and self.until > self.updated


def _a_minute_and_a_half(original: Any, time: Any) -> float:
    return max(float(original(time)), 1.5) if time else float(original(time))


def _only_longer(original: Any, self: Any, app_id: Any, rule_id: Any, minutes: Any, now: Any) -> Any:
    before = self.get(app_id, rule_id, now).until
    rule = original(self, app_id, rule_id, minutes, now)
    rule.until = max(before, rule.until)
    return rule


def _not_said_to_be_updated(original: Any, self: Any, app_id: Any, rule_id: Any, minutes: Any, now: Any) -> Any:
    before = self.get(app_id, rule_id, now).updated
    rule = original(self, app_id, rule_id, minutes, now)
    rule.updated = before
    return rule


def _of_any_app(original: Any, self: Any, app_id: Any, rule_id: Any, now: Any) -> Any:
    rule = self._rules.get(rule_id)
    return original(self, app_id if rule is None else rule.app_id, rule_id, now)


def _with_its_like(result: Any, self: Any) -> None:
    self._rules = {each.id: each for each in self._rules.values() if each.target != result.target}


def _either_fits(original: Any, self: Any, cname: Any, uid: Any, ip: Any) -> bool:
    if self.cname is not None and self.uid is not None:
        return bool(original(self, cname, uid, ip)) or self.cname == cname
    return bool(original(self, cname, uid, ip))


def _first_channel_only(original: Any, self: Any, rule: Any) -> None:
    everything = self.channels.of(rule.app_id)
    self.channels.of = lambda _: everything[:1]
    try:
        original(self, rule)
    finally:
        del self.channels.of


def _first_user_only(original: Any, self: Any, rule: Any) -> None:
    hit: list[Any] = []
    take_out = self._take_out

    def once(*place: Any) -> None:
        if not hit:
            take_out(*place)
        hit.append(place)

    self._take_out = once
    try:
        original(self, rule)
    finally:
        del self._take_out


def _first_rule_counts(original: Any, self: Any, app_id: Any, cname: Any, uid: Any, ip: Any, now: Any) -> bool:
    return any(rule.target.fits(cname, uid, ip) for rule in self.of(app_id, now)[:1])


def _kicked(a: Caller, seconds: float, **target: Any) -> Any:
    return [a.kick(**target).status, a.advance(seconds), a.join(7)]


def _other_app(a: Caller) -> str:
    return str(a.project()["vendor_key"])


def _about_somebody(call: HttpCall) -> None:
    body = call.body
    if isinstance(body, dict) and not any(body.get(name) for name in ("cname", "uid", "ip")):
        call.body = {**body, "uid": 4_000_000_000}


def _seconds_more(seconds: float) -> Any:
    def create(original: Any, self: Any, app_id: Any, target: Any, minutes: Any, now: Any, **more: Any) -> Any:
        rule = original(self, app_id, target, minutes, now, **more)
        rule.until += seconds if minutes else 0
        return rule

    return method(rules.Rules, "create", create)


def _kick(a: Caller, seconds: float, **rule: Any) -> Any:
    return [a.kick(uid=7, **rule).status, a.advance(seconds), a.join(7)]


def _in_any_case(original: Any, self: Any, cname: Any, uid: Any, ip: Any) -> bool:
    return bool(original(self, self.cname if self.cname and self.cname.lower() == cname.lower() else cname, uid, ip))


def _any_app(call: HttpCall) -> None:
    if isinstance(call.body, dict) and isinstance(call.body.get("appid"), str):
        call.body = {**call.body, "appid": APP}


FAULTS = {
    "in-force-at-its-end": timing(
        "CO-42 CO-48",
        "a rule still bars at the very moment that it ends",
        method(rules.Rule, "in_force", _still_at_its_end),
        lambda a: _kicked(a, 60, uid=7, time=1),
    ),
    "longest-is-1439": units(
        "CO-42",
        "bans are cut to 1439 minutes",
        value(rules, "LONGEST_MINUTES", 1439),
        lambda a: _kicked(a, 1439 * 60 + 30, uid=7, time=1440),
    ),
    "longest-is-1441": units(
        "CO-42",
        "bans are cut to 1441 minutes",
        value(rules, "LONGEST_MINUTES", 1441),
        lambda a: _kicked(a, 1440 * 60 + 1, uid=7, time=2000),
    ),
    "shortest-is-a-minute-and-a-half": units(
        "CO-42",
        "bans are made a minute and a half at least",
        method(world, "ban_minutes", _a_minute_and_a_half),
        lambda a: _kicked(a, 61, uid=7, time=1),
    ),
    "update-counts-from-creation": timing(
        "CO-46",
        "the new time of a rule counts from its creation",
        marked(rules.Rules, "update", until=lambda result, minutes: result.created + minutes * 60),
        lambda a: [a.kick(uid=7, time=5), a.advance(60), a.put(_RULE, appid=APP, id=1, time=5).content],
    ),
    "update-only-lengthens": state(
        "CO-46",
        "an update cannot make a ban shorter",
        method(rules.Rules, "update", _only_longer),
        lambda a: [a.kick(uid=7, time=60), a.put(_RULE, appid=APP, id=1, time=1).content],
    ),
    "update-is-not-dated": timing(
        "CO-45",
        "updateAt of a rule stays when it is updated",
        method(rules.Rules, "update", _not_said_to_be_updated),
        lambda a: [a.kick(uid=7), a.advance(5), a.put(_RULE, appid=APP, id=1, time=5), a.rules()],
    ),
    "rules-of-another-app-id": identity(
        "CO-46 CO-47",
        "a rule can be changed and lifted under another App ID",
        method(rules.Rules, "get", _of_any_app),
        lambda a: [a.kick(uid=7), a.delete(_RULE, appid=_other_app(a), id=1).status],
    ),
    "lifted-with-its-like": identity(
        "CO-47",
        "lifting a rule lifts every rule about the same",
        also(rules.Rules, "delete", _with_its_like),
        lambda a: [a.kick(uid=7), a.kick(uid=7), a.delete(_RULE, appid=APP, id=1).status, a.rules()],
    ),
    "channel-and-user-apart": identity(
        "CO-44",
        "cname with uid bars everybody from that channel, among others",
        method(rules.Target, "fits", _either_fits),
        lambda a: [a.kick(cname="lesson", uid=9), a.join(7)],
    ),
    "kicked-from-one-channel": state(
        "CO-44 CO-48",
        "uid alone puts the user offline in the first channel only",
        method(world.World, "_put_offline", _first_channel_only),
        lambda a: [a.join(7), a.join(7, cname="other"), a.kick(uid=7), a.users().content, a.users("other").content],
    ),
    "one-of-a-channel-kicked": state(
        "CO-44 CO-48",
        "cname alone puts only the first user of the channel offline",
        method(world.World, "_put_offline", _first_user_only),
        lambda a: [a.join(7, 8), a.kick(cname="lesson"), a.users().content],
    ),
    "addresses-stay": state(
        "CO-44 CO-48",
        "ip alone puts nobody offline who is there already",
        skipped(world.World, "_put_offline", lambda rule: rule.target.ip is not None),
        lambda a: [a.join(7, ip="10.0.0.1"), a.kick(ip="10.0.0.1"), a.users().content],
    ),
    "first-rule-counts": state(
        "CO-48",
        "only the oldest of several rules keeps anybody out",
        method(rules.Rules, "deny_join", _first_rule_counts),
        lambda a: [a.kick(uid=9), a.kick(uid=7), a.join(7)],
    ),
    "rule-about-nobody": validation(
        "CO-44",
        "a rule without cname, uid and ip is taken",
        on_request("create_kicking_rule", lambda call: _about_somebody(call)),
    ),
    "bans-a-second-late": timing(
        "CO-42 CO-48", "a ban ends a second late", _seconds_more(1.0), lambda a: _kick(a, 60.5, time=1)
    ),
    "bans-half-a-second-early": timing(
        "CO-42 CO-48", "a ban ends half a second early", _seconds_more(-0.5), lambda a: _kick(a, 59.75, time=1)
    ),
    "updated-a-second-late": timing(
        "CO-46",
        "an updated ban ends a second late",
        marked(rules.Rules, "update", until=lambda result, minutes: result.until + (1.0 if minutes else 0)),
        lambda a: [a.kick(uid=7), a.put(_RULE, appid=APP, id=1, time=1).status, a.advance(60.5), a.join(7)],
    ),
    "whole-minutes-only": units(
        "CO-42",
        "a ban of 2.5 minutes lasts two",
        called_with(world, "ban_minutes", time=lambda time: int(time) if time and time > 1 else time),
        lambda a: _kick(a, 140, time=2.5),
    ),
    "tiny-is-nothing": units(
        "CO-42",
        "a ban of 0.01 minutes is none instead of one minute",
        result(world, "ban_minutes", lambda result, time: 0.0 if time and 0 < time < 0.1 else result),
        lambda a: _kick(a, 10, time=0.01),
    ),
    "bars-in-any-case": identity(
        "CO-44",
        "a rule for a channel bars from one in upper case too",
        method(rules.Target, "fits", _in_any_case),
        lambda a: [a.kick(cname="Lesson").status, a.join(7, cname="lesson")],
    ),
    "rules-for-any-app-id": identity(
        "CO-40",
        "a kicking rule may be made for an App ID that is nobody's",
        on_request("create_kicking_rule", _any_app),
        lambda a: a.kick(appid="f" * 32, uid=7).status,
    ),
    "no-privileges": validation(
        "CO-43", "privileges may be empty", takes("create_kicking_rule", "privileges", [], ["join_channel"])
    ),
    "rule-for-largest-uid-is-refused": validation(
        "CO-41",
        "a kicking rule for uid 4294967295 is refused",
        refuses("create_kicking_rule", "uid", 4294967295, refusal=_NO),
        only_in="observed",
    ),
    "rule-for-long-name-is-refused": validation(
        "CO-40 CO-57",
        "a kicking rule for a name of 64 is refused",
        refuses("create_kicking_rule", "cname", "x" * 64, lambda name: len(name) == 64, _NO),
        only_in="observed",
    ),
}
