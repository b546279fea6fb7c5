"""Kicking rules: what they do, how they are listed, changed and refused."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any

from agora_rest.emulator import Role, world
from agora_rest.emulator.rules import Rules, Target
from agora_rest.emulator.world import World
from faults.fault import Category, Table, targeted
from faults.middleware import admit, exactly, given, on_response, put, refuse, respond
from faults.patches import also, called_with, method, result


def _only_hosts_offline(_original: Any, self: Any, rule: Any) -> None:
    for channel in self.channels.of(rule.app_id):
        for user in [*channel.users.values()]:
            if user.role is not Role.AUDIENCE and rule.target.fits(channel.name, user.uid, user.ip):
                self.leave(rule.app_id, channel.name, user.uid)


def _other_apps_offline(self: Any, rule: Any) -> None:
    for channel in self.channels.all():
        for user in [*channel.users.values()]:
            if rule.target.fits(channel.name, user.uid, user.ip):
                self.channels.leave(channel.app_id, channel.name, user.uid)


def _smallest_id(result: Any, self: Any) -> None:
    if self._rules.pop(result.id, None) is not None:
        result.id = next(number for number in count(1) if number not in self._rules)
        self._rules[result.id] = result


def _all_end_with(result: Any, self: Any) -> None:
    for each in self._rules.values():
        each.until = result.until


def _equal_rule(create: Any, self: Any, app: Any, target: Any, *rest: Any, **more: Any) -> Any:
    equal = (rule for rule in self._rules.values() if (rule.app_id, rule.target) == (app, target))
    return next(equal, None) or create(self, app, target, *rest, **more)


def _ended_rules_too(get: Any, self: Any, app: Any, number: Any, now: Any) -> Any:
    return get(self, app, number, min(now, self._rules[number].created) if number in self._rules else now)


RULES: Table = {
    "an_update_moves_the_end_of_a_ban": {
        "bans are counted in hours": method(world, "ban_minutes", lambda right, time: right(time) * 60),
    },
    "a_rule_ends_so_many_minutes_after_it_was_made": {
        "the list's times have no zone": on_response(
            "list_kicking_rules",
            lambda call: [put(f"rules.*.{name}", lambda at: at[:-1])(call) for name in ("ts", "createAt")],
        ),
    },
    "an_update_to_zero_ends_a_ban": {
        "no minutes are for ever": result(world, "ban_minutes", lambda result: result or 10**6),
        "an update of one rule is of all": also(
            Rules,
            "update",
            _all_end_with,
        ),
    },
    "an_update_counts_from_now": {
        "an update refuses negative minutes": refuse(
            "update_kicking_rule", given("time", exactly(-1)), respond(400, {"error_msg": "time"})
        ),
    },
    "rules_want_an_app_id_that_is_there": {
        "rules that have ended are listed": method(
            World, "list_rules", lambda _original, self, app: [r for r in self.rules._rules.values() if r.app_id == app]
        ),
        "an unknown App ID has no rules": on_response(
            "list_kicking_rules", respond(200, {"status": "success", "rules": []}), status=400
        ),
    },
    "a_rule_that_has_ended_is_not_listed": {
        "rules that have ended can be updated": method(Rules, "get", _ended_rules_too),
    },
    "a_rule_is_listed_as_it_was_made": {
        "the list of rules ends too early": on_response("list_kicking_rules", put("rules", lambda rules: rules[:-1])),
        "the list shows an empty string for no address": on_response(
            "list_kicking_rules", put("rules.*.ip", lambda ip: ip or "")
        ),
        "the list hides the channel": on_response("list_kicking_rules", put("rules.*.cname", None)),
        "the list shows another App ID": on_response(
            "list_kicking_rules", put("rules.*.appid", "0123456789abcdef" * 2)
        ),
    },
    "rules_have_ids_of_their_own": {
        "equal rules are one rule": method(Rules, "create", _equal_rule),
        "the IDs of deleted rules are given again": also(Rules, "create", _smallest_id),
        "a rule's `status` is something else": on_response("create_kicking_rule", put("status", "ok")),
    },
    "kicking_rules_made_at_once_are_apart": {
        "a deletion lifts all rules of the App ID": also(Rules, "delete", lambda self, app_id: self.forget(app_id)),
    },
    "an_unknown_rule_is_404": {
        "the deletion of a rule that is gone succeeds": on_response(
            "delete_kicking_rule", respond(200, {"status": "success", "id": 1}), status=404
        ),
        "the update of a rule that is gone succeeds": on_response(
            "update_kicking_rule",
            respond(200, {"status": "success", "result": {"id": 1, "ts": "2026-01-01T00:00:00Z"}}),
            status=404,
        ),
    },
    "a_rules_fields_have_their_limits": {
        "the address 0 is none": admit("create_kicking_rule", "ip", exactly(0, "0"), ""),
        "channels of rules have 100 bytes": admit("create_kicking_rule", "cname", lambda name: len(name) == 65, "x"),
        "users are numbers in quotes too": admit("create_kicking_rule", "uid", exactly("7"), 7),
    },
    "console_calls_miss_what_is_left_out": {
        "privileges may be left out": admit("create_kicking_rule", "privileges", exactly(None), ["join_channel"]),
    },
    "rules_hold_beside_each_other": {
        "a rule fits who fits any of it": method(
            Target,
            "fits",
            lambda _original, self, cname, uid, ip: (
                cname == self.cname or uid == self.uid or (ip is not None and ip == self.ip)
            ),
        ),
        "a user is barred from one channel only": result(
            Target, "fits", lambda result, self, cname: cname == (self.cname or "room") and result
        ),
    },
    "an_empty_field_bars_no_user a_rule_bars_the_users_it_selects": {
        "a rule's address does not matter": called_with(Target, "fits", ip=lambda self: self.ip),
    },
    "an_empty_field_bars_no_user": {
        "addresses are barred by their beginning": called_with(
            Target, "fits", ip=lambda self, ip: self.ip if (ip or "").startswith(self.ip or "") else ip
        ),
    },
    "other_combinations_bar_the_users_they_select": {
        "other combinations bar nobody": result(
            Target, "fits", lambda result, self: result and (self.ip is None or self.cname is None is self.uid)
        ),
        "a rule puts users of other App IDs offline": also(World, "_put_offline", _other_apps_offline),
    },
    "a_deletion_lifts_a_ban_at_once": {
        "a ban of one recorder ends the channel's recordings": called_with(
            World, "_put_offline", rule=lambda rule: replace(rule, target=Target(cname=rule.target.cname))
        ),
    },
    "a_kick_ends_a_recording": {
        "a rule puts nobody offline": method(World, "_put_offline", lambda _original, *_: None),
        "a rule puts everybody in the channel offline": method(
            World,
            "_put_offline",
            lambda put_, self, rule: put_(
                self, replace(rule, target=Target(cname=rule.target.cname) if rule.target.cname else rule.target)
            ),
        ),
    },
    "a_kick_ends_a_recording a_kick_reaches_hosts_and_audience": {
        "a rule reaches no audience": method(World, "_put_offline", _only_hosts_offline),
    },
}

FAULTS = targeted(Category.STATE, RULES)
