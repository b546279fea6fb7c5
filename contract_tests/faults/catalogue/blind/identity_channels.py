"""The right change or response for the wrong rule, user or channel."""

from __future__ import annotations

from typing import Any

from agora_rest.emulator import channels, ids, rules, world
from agora_rest.emulator.web import endpoints
from agora_rest.emulator.web.routing import decode
from faults.caller import Caller
from faults.middleware import edit, on_response, put
from faults.patches import called_with, method
from faults.seeds import identity


def _rules_of_all(original: Any, self: Any, app_id: Any) -> Any:
    self.projects.require_app_id(app_id)
    return self.rules.all(self.clock.now())


def _bars_in_all_apps(original: Any, self: Any, app_id: Any, cname: Any, uid: Any, ip: Any, now: Any) -> bool:
    return any(rule.target.fits(cname, uid, ip) for rule in self.all(now))


def _channel_is_ignored(original: Any, self: Any, cname: Any, uid: Any, ip: Any) -> bool:
    if self.cname is not None and self.uid is not None:
        return bool(self.uid == uid)
    return bool(original(self, cname, uid, ip))


def _uid_is_ignored(original: Any, self: Any, cname: Any, uid: Any, ip: Any) -> bool:
    if self.cname is not None and self.uid is not None:
        return bool(self.cname == cname)
    return bool(original(self, cname, uid, ip))


def _ip_is_ignored(original: Any, self: Any, cname: Any, uid: Any, ip: Any) -> bool:
    if self.ip is not None and self.cname is None and self.uid is None:
        return False
    return bool(original(self, cname, uid, ip))


def _any_channel(original: Any, self: Any, app_id: Any, cname: Any, uid: Any) -> Any:
    self.projects.require_app_id(app_id)
    found = (channel.users.get(uid) for channel in self.channels.of(app_id))
    return next((user for user in found if user is not None), None)


def _any_app_channel(original: Any, self: Any, app_id: Any, name: Any) -> Any:
    return original(self, app_id, name) or next((each for each in self.all() if each.name == name), None)


def _decoded_twice(original: Any, name: Any, segment: Any) -> str:
    once = str(original(name, segment))
    try:
        return decode(once)
    except ValueError:
        return once


def _lower_case(original: Any, name: Any, segment: Any) -> str:
    text = str(original(name, segment))
    return text.lower() if name == "cname" else text


def _kick(a: Caller, *joins: dict[str, Any], **rule: Any) -> Any:
    return [
        a.kick(**rule).status,
        *(a.join(each["uid"], cname=each.get("cname", "lesson"), ip=each.get("ip")) for each in joins),
    ]


FAULTS = {
    "rules-of-all-apps": identity(
        "CO-45",
        "the rules of every App ID are listed",
        method(world.World, "list_rules", _rules_of_all),
        lambda a: [app := a.other_app(), a.kick(uid=7, appid=app), a.rules()],
    ),
    "bans-in-all-apps": identity(
        "CO-44",
        "a rule keeps users out of the channels of other App IDs",
        method(rules.Rules, "deny_join", _bars_in_all_apps),
        lambda a: [a.kick(uid=7, appid=a.other_app()), a.join(7)],
    ),
    "ban-from-all-channels": identity(
        "CO-44",
        "cname with uid bars the user from every channel",
        method(rules.Target, "fits", _channel_is_ignored),
        lambda a: _kick(a, {"uid": 7, "cname": "other"}, cname="lesson", uid=7),
    ),
    "ban-of-everybody": identity(
        "CO-44",
        "cname with uid bars everybody from the channel",
        method(rules.Target, "fits", _uid_is_ignored),
        lambda a: _kick(a, {"uid": 8}, cname="lesson", uid=7),
    ),
    "ip-bars-nobody": identity(
        "CO-44",
        "a rule for an address alone bars nobody",
        method(rules.Target, "fits", _ip_is_ignored),
        lambda a: _kick(a, {"uid": 8, "ip": "9.9.9.9"}, ip="9.9.9.9"),
    ),
    "one-id-for-all-rules": identity(
        "CO-40",
        "every rule has the id 1",
        method(ids.Ids, "rule_id", lambda _original, _self: 1),
        lambda a: [a.kick(uid=7), a.kick(uid=8)],
    ),
    "update-of-another": identity(
        "CO-46",
        "an update is answered with the id of the next rule",
        on_response("update_kicking_rule", put("result.id", lambda number: number + 1)),
    ),
    "deletion-of-none": identity(
        "CO-47", "a deletion is answered with the id 0", on_response("delete_kicking_rule", put("id", 0))
    ),
    "uid-listed-as-its-rule": identity(
        "CO-45",
        "a listed rule has its id in place of the uid",
        on_response("list_kicking_rules", edit(lambda reply: [rule.update(uid=rule["id"]) for rule in reply["rules"]])),
    ),
    "user-of-any-channel": identity(
        "CO-50",
        "a user of another channel counts as one of this",
        method(world.World, "find_user", _any_channel),
        lambda a: [a.join(7, cname="other"), a.user(7)],
    ),
    "channel-of-any-app": identity(
        "CO-51 CO-53",
        "a channel of another App ID counts as one of this",
        method(channels.Channels, "find", _any_app_channel),
        lambda a: [app := a.other_app(), a.join(7), a.users(app=app)],
    ),
    "plus-is-space": identity(
        "CO-57",
        "+ in a channel's name arrives as a space",
        called_with(endpoints, "decoded", segment=lambda segment: segment.replace("+", "%20").replace("%2B", "%20")),
        lambda a: [a.join(7, cname="a+b"), a.users("a+b")],
    ),
    "decoded-twice": identity(
        "CO-57",
        "a channel's name is percent-decoded twice",
        method(endpoints, "decoded", _decoded_twice),
        lambda a: [a.join(7, cname="a%41"), a.users("a%41")],
    ),
    "channel-names-in-any-case": identity(
        "CO-57",
        "a channel's name in a URL is put into lower case",
        method(endpoints, "decoded", _lower_case),
        lambda a: [a.join(7, cname="Room"), a.users("Room")],
    ),
}
