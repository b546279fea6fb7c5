"""Faults of kicking rules, each with the checks that must see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Any

from agora_rest.emulator import Role, world
from agora_rest.emulator.rules import Rules, Target
from agora_rest.emulator.world import World
from tests.contract.console_kinds import also, changes, does, each_rule, instead, merge, times, with_
from tests.contract.faults import Fault, edge, inside, is_, sends, takes, wrapped


def _hour_later(text: str) -> str:
    return f"{text[:11]}{(int(text[11:13]) + 1) % 24:02}{text[13:]}"


def _puts_hosts_offline(self: World, rule: Any) -> None:
    for channel in self.channels.of(rule.app_id):
        for user in [*channel.users.values()]:
            if user.role is not Role.AUDIENCE and rule.target.fits(channel.name, user.uid, user.ip):
                self.leave(rule.app_id, channel.name, user.uid)


def _with_the_smallest_id(create: Any, self: Rules, *args: Any, **more: Any) -> Any:
    rule = create(self, *args, **more)
    if self._rules.pop(rule.id, None) is not None:
        rule.id = next(number for number in count(1) if number not in self._rules)
        self._rules[rule.id] = rule
    return rule


def _minutes(function: Callable[[float | None, float], float]) -> Any:
    """How long a ban lasts, in minutes, from what was asked and what it should be."""
    return wrapped(world, "ban_minutes", lambda right, time: function(time, right(time)))


RULES: tuple[Fault, ...] = (
    inside("bans are counted in seconds", _minutes(lambda _, right: right / 60), "an_update_moves_the_end_of_a_ban"),
    inside("bans are counted in hours", _minutes(lambda _, right: right * 60), "an_update_moves_the_end_of_a_ban"),
    inside(
        "a ban is 30 minutes by default",
        _minutes(lambda time, right: 30 if time is None else right),
        "a_ban_holds_to_its_end_and_no_longer",
    ),
    inside(
        "a ban may be half a minute",
        _minutes(lambda time, right: time if time and time < 1 else right),
        "a_ban_holds_to_its_end_and_no_longer",
    ),
    inside(
        "a ban may be two days",
        _minutes(lambda time, right: time if time and time > 1440 else right),
        "a_ban_holds_to_its_end_and_no_longer",
    ),
    inside(
        "a ban is 1439 minutes at most",
        _minutes(lambda _, right: min(right, 1439)),
        "a_ban_holds_to_its_end_and_no_longer",
    ),
    inside(
        "a ban is in whole minutes",
        _minutes(lambda _, right: int(right)),
        "a_rule_ends_so_many_minutes_after_it_was_made",
    ),
    inside("no minutes are one minute", _minutes(lambda _, right: right or 1), "an_update_to_zero_ends_a_ban"),
    inside("no minutes are for ever", _minutes(lambda _, right: right or 10**6), "an_update_to_zero_ends_a_ban"),
    inside(
        "no minutes put nobody offline",
        wrapped(
            World, "_put_offline", lambda put, self, rule: put(self, rule) if rule.in_force(self.clock.now()) else None
        ),
        "zero_minutes_put_offline_and_ban_nobody",
    ),
    inside(
        "an update counts from the rule's creation",
        wrapped(
            Rules,
            "update",
            lambda update, self, app, number, minutes, now: with_(
                update(self, app, number, minutes, now),
                until=self.get(app, number, now).created + minutes * 60 if minutes else now,
            ),
        ),
        "an_update_moves_the_end_of_a_ban",
    ),
    inside(
        "an update adds to what is left",
        wrapped(
            Rules,
            "update",
            lambda update, self, app, number, minutes, now: update(
                self, app, number, minutes + (self.get(app, number, now).until - now) / 60, now
            ),
        ),
        "an_update_moves_the_end_of_a_ban",
    ),
    inside(
        "an update never ends a rule sooner",
        wrapped(
            Rules,
            "update",
            lambda update, self, app, number, minutes, now: update(
                self, app, number, max(minutes, (self.get(app, number, now).until - now) / 60), now
            ),
        ),
        "an_update_to_zero_ends_a_ban",
    ),
    inside(
        "an update is not kept",
        wrapped(
            Rules,
            "update",
            lambda _update, self, app, number, minutes, now: replace(
                self.get(app, number, now), until=now + 60 * minutes
            ),
        ),
        "an_update_moves_the_end_of_a_ban",
    ),
    inside(
        "an update of one rule is of all",
        also(
            Rules,
            "update",
            lambda rule, self, *_: [setattr(each, "until", rule.until) for each in self._rules.values()],
        ),
        "an_update_to_zero_ends_a_ban",
    ),
    inside(
        "an update changes the creation",
        also(Rules, "update", lambda rule, *_: setattr(rule, "created", rule.updated)),
        "an_update_counts_from_now",
    ),
    inside(
        "an update leaves `updateAt`",
        also(Rules, "update", lambda rule, *_: setattr(rule, "updated", rule.created)),
        "an_update_counts_from_now",
    ),
    edge(
        "an update refuses negative minutes",
        instead("update_kicking_rule", 400, {"error_msg": "time"}, lambda _, s: s.at(("time",)) == -1),
        "an_update_counts_from_now",
    ),
    edge(
        "an update answers with another ID",
        changes("update_kicking_rule", lambda b: times(b["result"], 2, "id")),
        "an_update_counts_from_now",
    ),
    inside(
        "updates and deletions ignore the App ID",
        wrapped(
            Rules,
            "get",
            lambda get, self, app, number, now: get(
                self, self._rules[number].app_id if number in self._rules else app, number, now
            ),
        ),
        "a_rule_is_changed_under_its_own_app_id_only",
    ),
    inside(
        "lists ignore the App ID",
        does(Rules, "of", lambda self, _, now: [rule for rule in self._rules.values() if rule.in_force(now)]),
        "rules_belong_to_one_app_id",
    ),
    inside(
        "rules that have ended are listed",
        does(World, "list_rules", lambda self, app: [r for r in self.rules._rules.values() if r.app_id == app]),
        "rules_want_an_app_id_that_is_there",
    ),
    inside(
        "rules that have ended can be updated",
        wrapped(
            Rules,
            "get",
            lambda get, self, app, number, now: get(
                self, app, number, min(now, self._rules[number].created) if number in self._rules else now
            ),
        ),
        "a_rule_that_has_ended_is_not_listed",
    ),
    edge(
        "the list of rules ends too early",
        changes("list_kicking_rules", lambda b: merge(b, rules=b["rules"][:-1])),
        "a_rule_is_listed_as_it_was_made",
    ),
    edge(
        "the list shows 0 for no user",
        each_rule(lambda r: merge(r, uid=r["uid"] or 0)),
        "a_rule_is_listed_as_it_was_made",
    ),
    edge(
        "the list shows an empty string for no address",
        each_rule(lambda r: merge(r, ip=r["ip"] or "")),
        "a_rule_is_listed_as_it_was_made",
    ),
    edge("the list hides the channel", each_rule(lambda r: merge(r, cname=None)), "a_rule_is_listed_as_it_was_made"),
    edge(
        "the list shows another App ID",
        each_rule(lambda r: merge(r, appid="0123456789abcdef0123456789abcdef")),
        "a_rule_is_listed_as_it_was_made",
    ),
    edge(
        "the list's times have no zone",
        each_rule(lambda r: merge(r, ts=r["ts"].rstrip("Z"), createAt=r["createAt"].rstrip("Z"))),
        "a_rule_ends_so_many_minutes_after_it_was_made",
    ),
    edge(
        "the list shows the creation as the end",
        each_rule(lambda r: merge(r, ts=r["createAt"])),
        "a_rule_ends_so_many_minutes_after_it_was_made",
    ),
    edge(
        "the list's times are an hour off",
        each_rule(
            lambda r: merge(
                r, createAt=_hour_later(r["createAt"]), ts=_hour_later(r["ts"]), updateAt=_hour_later(r["updateAt"])
            )
        ),
        "a_rule_ends_so_many_minutes_after_it_was_made",
    ),
    inside(
        "equal rules are one rule",
        wrapped(
            Rules,
            "create",
            lambda create, self, app, target, *rest, **more: (
                next((r for r in self._rules.values() if (r.app_id, r.target) == (app, target)), None)
                or create(self, app, target, *rest, **more)
            ),
        ),
        "rules_have_ids_of_their_own",
    ),
    inside(
        "the IDs of deleted rules are given again",
        wrapped(Rules, "create", _with_the_smallest_id),
        "rules_have_ids_of_their_own",
    ),
    edge(
        "a rule's `status` is something else",
        changes("create_kicking_rule", lambda b: merge(b, status="ok")),
        "rules_have_ids_of_their_own",
    ),
    edge(
        "a deletion answers with another ID",
        changes("delete_kicking_rule", lambda b: times(b, 2, "id")),
        "a_deleted_rule_is_gone",
    ),
    inside(
        "a deletion lifts nothing",
        wrapped(Rules, "delete", lambda _, self, *rest: self.get(*rest)),
        "kicking_rules_made_at_once_are_apart",
    ),
    inside(
        "a deletion lifts all rules of the App ID",
        also(Rules, "delete", lambda _rule, self, app, *_: self.forget(app)),
        "kicking_rules_made_at_once_are_apart",
    ),
    inside(
        "a deletion lifts equal rules too",
        also(
            Rules,
            "delete",
            lambda rule, self, *_: [self._rules.pop(r.id) for r in [*self._rules.values()] if r.target == rule.target],
        ),
        "a_deletion_lifts_a_ban_at_once",
        "ten_calls_about_kicking_rules_pass_in_a_second",
    ),
    edge(
        "the deletion of a rule that is gone succeeds",
        instead("delete_kicking_rule", 200, {"status": "success", "id": 1}, lambda r, _: r.status_code == 404),
        "an_unknown_rule_is_404",
    ),
    edge(
        "the update of a rule that is gone succeeds",
        instead(
            "update_kicking_rule",
            200,
            {"status": "success", "result": {"id": 1, "ts": "2026-01-01T00:00:00Z"}},
            lambda r, _: r.status_code == 404,
        ),
        "an_unknown_rule_is_404",
    ),
    edge(
        "an unknown App ID has no rules",
        instead("list_kicking_rules", 200, {"status": "success", "rules": []}, lambda r, _: r.status_code == 400),
        "rules_want_an_app_id_that_is_there",
    ),
    edge(
        "a rule about nobody is about a channel",
        sends(
            lambda s: (
                s.with_body(("cname",), "x")
                if s.operation == "create_kicking_rule" and not any(s.body.get(n) for n in ("cname", "uid", "ip"))
                else s
            )
        ),
        "a_rule_names_somebody",
    ),
    edge("the user 0 is nobody", takes("create_kicking_rule", "uid", is_(0), ""), "a_rules_fields_have_their_limits"),
    edge(
        "the address 0 is none", takes("create_kicking_rule", "ip", is_(0, "0"), ""), "a_rules_fields_have_their_limits"
    ),
    edge(
        'no channel is called ""',
        takes("create_kicking_rule", "cname", is_(""), "x"),
        "a_rules_fields_have_their_limits",
    ),
    edge(
        "channels of rules have 100 bytes",
        takes("create_kicking_rule", "cname", lambda v: isinstance(v, str) and len(v) == 65, "x"),
        "a_rules_fields_have_their_limits",
    ),
    edge(
        "users are numbers in quotes too",
        takes("create_kicking_rule", "uid", is_("7"), 7),
        "a_rules_fields_have_their_limits",
    ),
    edge(
        "other privileges are taken",
        takes("create_kicking_rule", "privileges", is_(["publish_audio"], []), ["join_channel"]),
        "a_rules_fields_have_their_limits",
    ),
    edge(
        "privileges may be left out",
        takes("create_kicking_rule", "privileges", is_(None), ["join_channel"]),
        "console_calls_miss_what_is_left_out",
    ),
    edge(
        "a negative time is an hour",
        takes("create_kicking_rule", "time", lambda v: isinstance(v, (int, float)) and v < 0, 60),
        "a_rules_fields_have_their_limits",
    ),
    edge(
        "an update takes minutes in quotes",
        takes("update_kicking_rule", "time", is_("60"), 60),
        "an_update_wants_a_duration_that_is_one",
    ),
    inside(
        "a rule fits who fits any of it",
        does(
            Target,
            "fits",
            lambda self, cname, uid, ip: cname == self.cname or uid == self.uid or (ip is not None and ip == self.ip),
        ),
        "rules_hold_beside_each_other",
    ),
    inside(
        "a rule's address does not matter",
        does(Target, "fits", lambda self, cname, uid, _ip: self.cname in (None, cname) and self.uid in (None, uid)),
        "an_empty_field_bars_nobody",
        "a_rule_bars_whom_it_names",
    ),
    inside(
        "a rule's user does not matter beside a channel",
        does(
            Target,
            "fits",
            lambda self, cname, uid, ip: (
                self.cname in (None, cname)
                and (self.cname is not None or self.uid in (None, uid))
                and self.ip in (None, ip)
            ),
        ),
        "rules_hold_beside_each_other",
    ),
    inside(
        "a user is barred from one channel only",
        does(
            Target,
            "fits",
            lambda self, cname, uid, ip: (
                cname == (self.cname or "room") and self.uid in (None, uid) and self.ip in (None, ip)
            ),
        ),
        "rules_hold_beside_each_other",
    ),
    inside(
        "channels are barred in any case",
        does(
            Target,
            "fits",
            lambda self, cname, _uid, _ip: self.cname in (None, cname) or cname.lower() == (self.cname or "").lower(),
        ),
        "rules_hold_beside_each_other",
    ),
    inside(
        "addresses are barred by their beginning",
        does(
            Target,
            "fits",
            lambda self, cname, uid, ip: (
                self.cname in (None, cname) and self.uid in (None, uid) and (ip or "").startswith(self.ip or "")
            ),
        ),
        "an_empty_field_bars_nobody",
    ),
    inside(
        "other combinations bar nobody",
        wrapped(
            Target,
            "fits",
            lambda fits, self, *who: fits(self, *who) and (self.ip is None or self.cname is None is self.uid),
        ),
        "other_combinations_bar_whom_they_name",
    ),
    inside(
        "a rule bars under every App ID",
        does(
            Rules,
            "deny_join",
            lambda self, _, cname, uid, ip, now: any(
                r.in_force(now) and r.target.fits(cname, uid, ip) for r in self._rules.values()
            ),
        ),
        "a_ban_is_for_all_who_come_and_for_one_app_id",
    ),
    inside("a rule bars nobody", does(Rules, "deny_join", lambda *_: False), "a_deletion_lifts_a_ban_at_once"),
    inside(
        "only the latest rule bars",
        does(
            Rules,
            "deny_join",
            lambda self, app, cname, uid, ip, now: (
                bool(self.of(app, now)) and self.of(app, now)[-1].target.fits(cname, uid, ip)
            ),
        ),
        "rules_hold_beside_each_other",
        "kicking_rules_bar_as_documented",
    ),
    inside("a rule puts nobody offline", does(World, "_put_offline", lambda *_: None), "a_kick_ends_a_recording"),
    inside(
        "a rule puts everybody in the channel offline",
        wrapped(
            World,
            "_put_offline",
            lambda put, self, rule: put(
                self, replace(rule, target=Target(cname=rule.target.cname) if rule.target.cname else rule.target)
            ),
        ),
        "a_kick_ends_a_recording",
    ),
    inside(
        "a rule puts users of other App IDs offline",
        also(
            World,
            "_put_offline",
            lambda _, self, rule: [
                self.channels.leave(c.app_id, c.name, u.uid)
                for c in self.channels.all()
                for u in [*c.users.values()]
                if rule.target.fits(c.name, u.uid, u.ip)
            ],
        ),
        "other_combinations_bar_whom_they_name",
    ),
    inside(
        "a rule reaches no audience",
        does(World, "_put_offline", _puts_hosts_offline),
        "a_kick_ends_a_recording",
        "a_kick_reaches_hosts_and_audience",
    ),
    inside(
        "an emptied channel stays in the list",
        wrapped(World, "_take_out", lambda _, self, app, cname, uid: self.channels.find(app, cname).users.pop(uid)),
        "a_kick_empties_its_channel",
        "a_channel_lasts_as_long_as_its_users",
    ),
    inside(
        "a recording survives its recorder's ban",
        wrapped(World, "_put_offline", lambda put, self, rule: put(self, replace(rule, until=0))),
        "a_kick_ends_a_recording",
    ),
    inside(
        "a ban of one recorder ends the channel's recordings",
        wrapped(
            World,
            "_put_offline",
            lambda put, self, rule: put(self, replace(rule, target=Target(cname=rule.target.cname))),
        ),
        "a_deletion_lifts_a_ban_at_once",
    ),
)
