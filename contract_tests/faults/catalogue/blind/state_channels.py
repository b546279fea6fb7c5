"""Rules and channels: what happened and is forgotten, or did not happen and is claimed."""

from __future__ import annotations

from typing import Any

from agora_rest.emulator import channels, recordings, rules, world
from faults.caller import APP, Caller
from faults.patches import Patch, method
from faults.seeds import state


def _nobody_leaves(original: Any, self: Any, rule: Any) -> None:
    now = self.clock.now()
    for recording in self.recordings.of(rule.app_id, now) if rule.in_force(now) else ():
        if rule.target.fits(recording.identity.cname, recording.identity.uid, None):
            recording.end(recordings.Ending.PUT_OFFLINE, now)


def _recorders_stay(original: Any, self: Any, rule: Any) -> None:
    running = self.recordings.of(rule.app_id, self.clock.now())
    original(self, rule)
    for recording in running:
        recording.ended_at = recording.ending = None


def _barred_for_good() -> tuple[Patch, ...]:
    def create(original: Any, self: Any, app_id: Any, target: Any, minutes: Any, now: Any, **more: Any) -> Any:
        rule = original(self, app_id, target, minutes, now, **more)
        if minutes:
            self.__dict__.setdefault("ever", []).append(rule)
        return rule

    def bar(original: Any, self: Any, app_id: Any, cname: Any, uid: Any, ip: Any, now: Any) -> bool:
        ever = self.__dict__.get("ever", [])
        return any(rule.app_id == app_id and rule.target.fits(cname, uid, ip) for rule in ever)

    return method(rules.Rules, "create", create), method(rules.Rules, "deny_join", bar)


def _barred_until_the_end() -> tuple[Patch, ...]:
    """Deleted, but in force until it would have ended."""

    def delete(original: Any, self: Any, app_id: Any, rule_id: Any, now: Any) -> Any:
        rule = original(self, app_id, rule_id, now)
        self.__dict__.setdefault("lifted", []).append(rule)
        return rule

    def bar(original: Any, self: Any, app_id: Any, cname: Any, uid: Any, ip: Any, now: Any) -> bool:
        lifted = [rule for rule in self.__dict__.get("lifted", []) if rule.in_force(now)]
        return original(self, app_id, cname, uid, ip, now) or any(rule.target.fits(cname, uid, ip) for rule in lifted)

    return method(rules.Rules, "delete", delete), method(rules.Rules, "deny_join", bar)


def _update_forgotten(original: Any, self: Any, app_id: Any, rule_id: Any, minutes: Any, now: Any) -> Any:
    rule = self.get(app_id, rule_id, now)
    copy = rules.Rule(**vars(rule))
    copy.until, copy.updated = now + minutes * 60, now
    return copy


def _old_rules_too(original: Any, self: Any, app_id: Any) -> Any:
    self.projects.require_app_id(app_id)
    return [rule for rule in self.rules._rules.values() if rule.app_id == app_id]


def _empty_channels_stay(original: Any, self: Any, app_id: Any, name: Any, uid: Any) -> None:
    channel = self.find(app_id, name)
    if channel is None or uid not in channel.users:
        original(self, app_id, name, uid)
    else:
        del channel.users[uid]


def _stays_a_user(original: Any, self: Any, app_id: Any, cname: Any, uid: Any) -> Any:
    seen = self.__dict__.setdefault("seen", {})
    found = original(self, app_id, cname, uid)
    if found is not None:
        seen[app_id, cname, uid] = found
    return seen.get((app_id, cname, uid))


def _update(a: Caller, **body: Any) -> Any:
    return a.put("/v1/kicking-rule", **{"appid": APP, "id": 1, **body})


def _lift(a: Caller) -> Any:
    return a.delete("/v1/kicking-rule", appid=APP, id=1)


FAULTS = {
    "kicked-and-there": state(
        "CO-48",
        "a kicked user stays in the channel",
        method(world.World, "_put_offline", _nobody_leaves),
        lambda a: [a.join(7, 8), a.kick(uid=7), a.users()],
    ),
    "kicked-recorder-records": state(
        "CO-48",
        "a rule for a recorder's uid does not end its recording",
        method(world.World, "_put_offline", _recorders_stay),
        lambda a: [a.join(1), made := a.record(), a.kick(uid=527841), a.status(*made)],
    ),
    "kicked-and-back": state(
        "CO-48",
        "a kicked user can join again at once",
        method(rules.Rules, "deny_join", lambda _original, _self, _app_id, _cname, _uid, _ip, _now: False),
        lambda a: [a.kick(uid=7, time=5), a.join(7)],
    ),
    "barred-for-ever": state(
        "CO-48 CO-42",
        "a kicked user cannot join when the rule is over",
        _barred_for_good(),
        lambda a: [a.kick(uid=7, time=1), a.advance(61), a.join(7)],
    ),
    "lifted-and-barred": state(
        "CO-47 CO-48",
        "a deleted rule keeps the user out until it would have ended",
        _barred_until_the_end(),
        lambda a: [a.kick(uid=7), _lift(a), a.join(7)],
    ),
    "deleted-rule-stays": state(
        "CO-47 CO-45",
        "a deleted rule stays in the list and in force",
        method(rules.Rules, "delete", lambda _original, self, app_id, rule_id, now: self.get(app_id, rule_id, now)),
        lambda a: [a.kick(uid=7), _lift(a), a.rules()],
    ),
    "update-is-not-kept": state(
        "CO-46",
        "the new end of a rule is answered and not kept",
        method(rules.Rules, "update", _update_forgotten),
        lambda a: [a.kick(uid=7), _update(a, time=5), a.advance(301), a.join(7)],
    ),
    "empty-channel-exists": state(
        "CO-53",
        "a channel is still there when the last user has left it",
        method(channels.Channels, "leave", _empty_channels_stay),
        lambda a: [a.join(7), a.control(a.emulator.leave, APP, "lesson", 7), a.users()],
    ),
    "left-and-there": state(
        "CO-50",
        "a user who has left is still in the channel when asked about",
        method(world.World, "find_user", _stays_a_user),
        lambda a: [a.join(7, 8), a.user(7).status, a.control(a.emulator.leave, APP, "lesson", 7), a.user(7)],
    ),
    "ended-rules-are-listed": state(
        "CO-45",
        "rules that are over stay in the list",
        method(world.World, "list_rules", _old_rules_too),
        lambda a: [a.kick(uid=7, time=1), a.advance(61), a.rules()],
        excluded="The documents do not say that a rule which is over leaves the list.",
    ),
}
