"""Kicking rules: whom they put offline and keep out, for how long, and what the list says of them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any, Final

from agora_rest.contract.checks import Broken, check
from agora_rest.contract.control import Control
from agora_rest.contract.exchange import Exchange
from agora_rest.contract.scenarios._console import (
    app_id_of,
    instant,
    must_be_about,
    must_be_no_app_id,
    now,
    slack,
    unknown_app_id,
)
from agora_rest.contract.scenarios._recording import alone, must_be_over, must_run
from agora_rest.contract.server import OMIT, Answer, Server

#: A ban asked for (minutes, OMIT for none given) and the one that is made of it, in minutes (CO-42).
_BANS: Final = (
    (OMIT, 60),
    (0.01, 1),
    (0.5, 1),
    (1, 1),
    (1.5, 1.5),
    (2, 2),
    (60, 60),
    (1439, 1439),
    (1440, 1440),
    (1441, 1440),
    (1440.5, 1440),
    (525600, 1440),
)

#: Whom a rule may name: the four combinations that the document explains, and the three it does not (CO-44).
_CHANNEL, _UID, _IP = {"cname": "room"}, {"uid": 7}, {"ip": "192.0.2.1"}
_EXPLAINED: Final[tuple[Mapping[str, Any], ...]] = (_IP, _CHANNEL, {**_CHANNEL, **_UID}, _UID)
_OTHERS: Final[tuple[Mapping[str, Any], ...]] = (
    {**_CHANNEL, **_IP},
    {**_UID, **_IP},
    {**_CHANNEL, **_UID, **_IP},
)

#: Users and where they come from: one whom every rule above is about, and three who share one thing or nothing with it.
_USERS: Final = ((7, "192.0.2.1"), (8, "192.0.2.1"), (9, "192.0.2.2"), (70, "192.0.2.11"))
_CHANNELS: Final = ("room", "Room")

#: How far from the end of a ban we look, in seconds.
_NEAR: Final = 2


# -- what a rule says --------------------------------------------------------------------------------------------------


@check("CO-40", "CO-45")
def a_rule_is_listed_as_it_was_made(server: Server) -> None:
    """A rule is listed with its ID, App ID, channel, user and address, and null for what it was not given."""
    app_id = app_id_of(server)
    targets: list[dict[str, Any]] = [
        {"cname": "room"},
        {"cname": "R 1&2", "uid": 4294967295},
        {"cname": "r", "ip": "192.0.2.7"},
    ]
    made = [(_kick(server, app_id, **target), target) for target in targets]
    made.append((_kick(server, app_id, cname="room", uid="", ip=""), {"cname": "room"}))
    listed = server.kicking_rules(app_id)
    if sorted(int(rule["id"]) for rule in listed) != sorted(number for number, _ in made):
        raise Broken("every rule once in the list", f"{[rule['id'] for rule in listed]}", server.trail[-1])
    for number, target in made:
        rule = _listed(server, app_id, number)
        expected = {"appid": app_id, "cname": None, "uid": None, "ip": None, **target}
        seen = {name: rule.get(name) for name in expected}
        if seen != expected or type(rule.get("opid")) is not int:
            raise Broken(f"a rule with {expected} and a numeric `opid`", f"{rule}", server.trail[-1])


@check("CO-40", "CO-47")
def rules_have_ids_of_their_own(server: Server) -> None:
    """Each rule, an equal one too, gets a numeric ID that no other rule has or had, and `status` says "success"."""
    app_id, other_app = app_id_of(server), app_id_of(server)
    numbers = []
    for app in (app_id, app_id, other_app, app_id):
        answer = _ask(server, app, cname="room").must_succeed().must_hold("success", "status")
        numbers.append(_id_of(answer))
    _delete(server, app_id, numbers[0]).must_succeed()
    numbers.append(_kick(server, app_id, cname="room"))
    if len(set(numbers)) != len(numbers):
        raise Broken("five different IDs", f"{numbers}", server.trail[-1])


@check("CO-42", "CO-45")
def a_rule_ends_so_many_minutes_after_it_was_made(server: Server) -> None:
    """A rule ends `time` minutes after it was made: 60 by default, at least 1, at most 1440."""
    app_id = app_id_of(server)
    keep = tuple(server.trail)
    for asked, minutes in _BANS:
        with alone(server, keep):
            moment = now(server)
            rule = _listed(server, app_id, _kick(server, app_id, cname="room", time=asked))
            shown = server.trail[-1]
            begin, end = instant(rule["createAt"], shown), instant(rule["ts"], shown)
            must_be_about(begin, moment, slack(server), "`createAt`", shown)
            must_be_about(instant(rule["updateAt"], shown), begin, _NEAR, "`updateAt` of a new rule", shown)
            must_be_about(end - begin, 60 * minutes, _NEAR, f"a ban with `time` {_shown(asked)}", shown)


@check("CO-42", "CO-46", needs=Control.CLOCK)
def an_update_counts_from_now(server: Server) -> None:
    """An update ends a rule `time` minutes from now, with the same limits, says so, and changes nothing else."""
    app_id = app_id_of(server)
    number, other = _kick(server, app_id, cname="room", uid=7), _kick(server, app_id, cname="room", uid=8)
    made, untouched = _listed(server, app_id, number), _listed(server, app_id, other)
    keep = tuple(server.trail)
    for asked, minutes in _BANS:
        with alone(server, keep):
            server.advance(seconds=20)
            moment = now(server)
            answer = _update(server, app_id, number, asked).must_succeed().must_hold("success", "status")
            if _id_of(answer, "result") != number:
                raise answer.broken(f"a result with the ID {number}")
            end = instant(answer.need("result", "ts"), answer.exchange)
            must_be_about(end - moment, 60 * minutes, _NEAR, f"a ban updated to {_shown(asked)}", answer.exchange)
            rule = _listed(server, app_id, number)
            shown = server.trail[-1]
            must_be_about(instant(rule["ts"], shown), end, 0.002, "the listed end", shown)
            must_be_about(instant(rule["updateAt"], shown), moment, _NEAR, "`updateAt`", shown)
            for name in ("id", "appid", "cname", "uid", "ip", "createAt"):
                if rule[name] != made[name]:
                    raise Broken(f"`{name}` as before, {made[name]!r}", repr(rule[name]), shown)
    if _listed(server, app_id, other) != untouched:
        raise Broken("the other rule as it was", "another one", server.trail[-1])


@check("CO-45", "CO-40")
def rules_belong_to_one_app_id(server: Server) -> None:
    """A rule is in the list of its own App ID only."""
    one, other = app_id_of(server), app_id_of(server)
    number = _kick(server, one, cname="room")
    if server.kicking_rules(other):
        raise Broken("no rule under another App ID", f"{server.kicking_rules(other)}", server.trail[-1])
    _listed(server, one, number)


@check("CO-46", "CO-47")
def a_rule_is_changed_under_its_own_app_id_only(server: Server) -> None:
    """A rule is neither updated nor deleted under another App ID: 404, and it stays as it was."""
    one, other = app_id_of(server), app_id_of(server)
    number = _kick(server, one, cname="room", uid=7)
    before = _listed(server, one, number)
    _update(server, other, number, 5).must_be_refused(404)
    _delete(server, other, number).must_be_refused(404)
    if _listed(server, one, number) != before:
        raise Broken("the rule as it was", "another one", server.trail[-1])
    _delete(server, one, number).must_succeed()


@check("CO-47", "CO-46")
def a_deleted_rule_is_gone(server: Server) -> None:
    """A deletion is answered with the rule's ID; then that rule alone is not listed, changed or deleted any more."""
    app_id = app_id_of(server)
    kept, gone = _kick(server, app_id, cname="room"), _kick(server, app_id, cname="room")
    answer = _delete(server, app_id, gone).must_succeed().must_hold("success", "status")
    if _id_of(answer) != gone:
        raise answer.broken(f"the ID {gone}")
    listed = [int(rule["id"]) for rule in server.kicking_rules(app_id)]
    if listed != [kept]:
        raise Broken(f"the rule {kept} alone", f"{listed}", server.trail[-1])
    _update(server, app_id, gone, 5).must_be_refused(404)
    _delete(server, app_id, gone).must_be_refused(404)
    _delete(server, app_id, kept).must_succeed()


@check("CO-46", "CO-47")
def an_unknown_rule_is_404(server: Server) -> None:
    """A rule that never was is neither updated nor deleted: 404."""
    app_id = app_id_of(server)
    never = _kick(server, app_id, cname="room") + 1_000_003
    _update(server, app_id, never, 5).must_be_refused(404)
    _delete(server, app_id, never).must_be_refused(404)


@check("CO-40", "CO-45", "CO-46", "CO-47")
def rules_want_an_app_id_that_is_there(server: Server) -> None:
    """An App ID that is nobody's has no rules and gets none: 400, invalid appid, in each of the four calls."""
    app_id = app_id_of(server)
    number = _kick(server, app_id, cname="room")
    unknown = unknown_app_id(server, app_id)
    must_be_no_app_id(_ask(server, unknown, cname="room"))
    must_be_no_app_id(server.send("list_kicking_rules", query={"appid": unknown}))
    must_be_no_app_id(_update(server, unknown, number, 5))
    must_be_no_app_id(_delete(server, unknown, number))
    server.send("list_kicking_rules", query={"appid": "short"}).must_be_refused(400)
    server.send("list_kicking_rules").must_be_refused(400)
    _ask(server, "short", cname="room").must_be_refused(400)
    _listed(server, app_id, number)


# -- what a rule may not say -------------------------------------------------------------------------------------------


@check("CO-41", "CO-44")
def a_rule_names_somebody(server: Server) -> None:
    """A rule about no channel, no user and no address, left out or given as "", is refused: 400."""
    app_id = app_id_of(server)
    keep = tuple(server.trail)
    for nobody in ({}, {"uid": ""}, {"ip": ""}, {"uid": "", "ip": ""}):
        with alone(server, keep):
            _ask(server, app_id, **nobody).must_be_refused(400)
    _must_have_no_rules(server, app_id)
    _kick(server, app_id, cname="room")


@check("CO-40", "CO-41", "CO-42", "CO-43")
def a_rules_fields_have_their_limits(server: Server) -> None:
    """No channel called "" or by more than 64 bytes or other characters, no user 0, no address 0: each is a 400."""
    app_id = app_id_of(server)
    keep = tuple(server.trail)
    for field, values in _IMPOSSIBLE.items():
        for value in values:
            with alone(server, keep):
                _ask(server, app_id, **{"cname": "room", field: value}).must_be_refused(400)
    _must_have_no_rules(server, app_id)
    for field, values in _POSSIBLE.items():
        for value in values:
            with alone(server, keep):
                _kick(server, app_id, **{"cname": "room", field: value})


_IMPOSSIBLE: Final[dict[str, tuple[Any, ...]]] = {
    "cname": ("", "c" * 65, "a/b", "ä", 'a"b', "a\\b", "a\nb", 7, ["room"]),
    "uid": (0, -1, 4294967296, 1.5, "7", "x", True, [7]),
    "ip": (0, "0", "192.0.2", "192.0.2.256", "192.0.2.1.1", "192.0.2.1/24", "localhost", 3221225985, True),
    "time": (-1, -0.5, "60", "", True, [60]),
    "privileges": (OMIT, [], ["publish_audio"], ["Join_Channel"], "join_channel", ["join_channel", "x"], [1]),
}

_POSSIBLE: Final[dict[str, tuple[Any, ...]]] = {
    "cname": ("c", "c" * 64, " ", "...", "a b!#$%&()+-:;<=.>?@[]^_{}|~,"),
    "uid": (1, 4294967295),
    "ip": ("192.0.2.1", "10.0.0.1", "255.255.255.254"),
}


@check("CO-46", "CO-42")
def an_update_wants_a_duration_that_is_one(server: Server) -> None:
    """An update with a `time` or an `id` that is no number is refused with 400 and changes nothing."""
    app_id = app_id_of(server)
    number = _kick(server, app_id, cname="room")
    before = _listed(server, app_id, number)
    keep = tuple(server.trail)
    for time in ("60", "", True, [60]):
        with alone(server, keep):
            _update(server, app_id, number, time).must_be_refused(400)
    wrong: tuple[Any, ...] = ("x", None, 1.5, True, [number], OMIT)
    for value in wrong:
        with alone(server, keep):
            body = {"appid": app_id, "id": value}
            server.send("update_kicking_rule", body={**body, "time": 5}).must_be_refused(400)
            server.send("delete_kicking_rule", body=body).must_be_refused(400)
    if _listed(server, app_id, number) != before:
        raise Broken("the rule as it was", "another one", server.trail[-1])


# -- what a rule does --------------------------------------------------------------------------------------------------


@check("CO-44", "CO-48", needs=Control.USERS)
def a_rule_bars_whom_it_names(server: Server) -> None:
    """Address, channel, channel with user, user: whom a rule names is put offline and kept out, nobody else is."""
    for target in _EXPLAINED:
        _must_bar_exactly(server, target)


@check("CO-44", "CO-41", needs=Control.USERS)
def an_empty_field_bars_nobody(server: Server) -> None:
    """A `uid` or `ip` of "" means that none is given: such a rule bars exactly whom it would without."""
    for target, empty in ((_CHANNEL, {"uid": "", "ip": ""}), (_UID, {"ip": ""}), (_IP, {"uid": ""})):
        _must_bar_exactly(server, target, empty)


@check("CO-44", needs=Control.USERS)
def other_combinations_bar_whom_they_name(server: Server) -> None:
    """Other combinations are taken too: who is all that the rule names is barred, who is none of it is not."""
    for target in _OTHERS:
        _must_bar_exactly(server, target, certain=True)


@check("CO-42", "CO-48", needs=Control.CLOCK | Control.USERS)
def a_ban_holds_to_its_end_and_no_longer(server: Server) -> None:
    """A ban of 1, of 2, of 60 minutes (the default) and of 1440 holds up to its end, and not after it."""
    app_id = app_id_of(server)
    keep = tuple(server.trail)
    for asked, minutes in ((1, 1), (0.5, 1), (2, 2), (OMIT, 60), (60, 60), (1440, 1440), (5000, 1440)):
        with alone(server, keep):
            _let_in(server, app_id)
            _kick(server, app_id, cname="room", uid=7, time=asked)
            _must_be_offline(server, app_id)
            _must_stay_out(server, app_id)
            server.advance(seconds=60 * minutes - 1 - _NEAR)
            _must_stay_out(server, app_id)
            server.advance(seconds=2 * _NEAR)
            _let_in(server, app_id)
            server.leave("room", 7, app_id=app_id)


@check("CO-42", "CO-46", "CO-48", needs=Control.CLOCK | Control.USERS)
def an_update_moves_the_end_of_a_ban(server: Server) -> None:
    """A ban that is updated ends later than it would have, or earlier, as the update says."""
    app_id = app_id_of(server)
    number = _kick(server, app_id, cname="room", uid=7, time=1)
    server.advance(seconds=30)
    _update(server, app_id, number, 10).must_succeed()
    server.advance(seconds=9 * 60 + 55)
    _must_stay_out(server, app_id)
    _update(server, app_id, number, 1).must_succeed()
    server.advance(seconds=60 - _NEAR)
    _must_stay_out(server, app_id)
    server.advance(seconds=2 * _NEAR)
    _let_in(server, app_id)


@check("CO-42", "CO-46", needs=Control.USERS)
def an_update_to_zero_ends_a_ban(server: Server) -> None:
    """A rule that is updated to 0 minutes bans nobody any more, and other rules still do."""
    app_id = app_id_of(server)
    number = _kick(server, app_id, cname="room", uid=7, time=10)
    other = _kick(server, app_id, cname="hall", uid=7, time=10)
    answer = _update(server, app_id, number, 0).must_succeed()
    end = instant(answer.need("result", "ts"), answer.exchange)
    must_be_about(end, now(server), slack(server), "the end of a ban of 0 minutes", answer.exchange)
    _let_in(server, app_id)
    if server.join("hall", 7, app_id=app_id):
        raise Broken("the other rule to hold", "its user let in", server.trail[-1])
    _listed(server, app_id, other)


@check("CO-42", "CO-48", needs=Control.USERS)
def zero_minutes_put_offline_and_ban_nobody(server: Server) -> None:
    """A `time` of 0 puts whom it names offline once, and leaves no ban: they may come back at once, and stay."""
    app_id = app_id_of(server)
    _let_in(server, app_id)
    server.join("room", 8, app_id=app_id)
    _kick(server, app_id, cname="room", uid=7, time=0)
    _must_be_offline(server, app_id)
    server.user("room", 8, app_id=app_id).must_hold(True, "data", "in_channel")
    _let_in(server, app_id)
    _must_ban_nobody(server, app_id)
    _kick(server, app_id, cname="room", time=0)
    for uid in (7, 8):
        server.user("room", uid, app_id=app_id).must_hold(False, "data", "in_channel")
        if not server.join("room", uid, app_id=app_id):
            raise Broken("users to be let in again", "one barred", server.trail[-1])
    _must_ban_nobody(server, app_id)


@check("CO-47", "CO-48", needs=Control.USERS)
def a_deletion_lifts_a_ban_at_once(server: Server) -> None:
    """Whom a rule kept out may join as soon as it is deleted, unless another rule is against it."""
    app_id = app_id_of(server)
    first, second = (_kick(server, app_id, cname="room", uid=7, time=1440) for _ in range(2))
    everywhere = _kick(server, app_id, uid=7, time=1440)
    for number in (first, everywhere):
        _must_stay_out(server, app_id)
        _delete(server, app_id, number).must_succeed()
    _must_stay_out(server, app_id)
    _delete(server, app_id, second).must_succeed()
    _let_in(server, app_id)


@check("CO-42", "CO-45", "CO-46", "CO-47", needs=Control.CLOCK)
def a_rule_that_has_ended_is_not_listed(server: Server) -> None:
    """A rule is in the list until it ends, and not after; it can neither be revived nor deleted then: 404."""
    app_id = app_id_of(server)
    revived, deleted, long = (_kick(server, app_id, cname="room", time=time) for time in (1, 1, 3))
    server.advance(seconds=60 - _NEAR)
    for number in (revived, deleted, long):
        _listed(server, app_id, number)
    server.advance(seconds=2 * _NEAR)
    _update(server, app_id, revived, 5).must_be_refused(404)
    _delete(server, app_id, deleted).must_be_refused(404)
    listed = [int(rule["id"]) for rule in server.kicking_rules(app_id)]
    if listed != [long]:
        raise Broken(f"the rule {long} alone", f"{listed}", server.trail[-1])
    _update(server, app_id, revived, 5).must_be_refused(404)


@check("CO-44", "CO-48", needs=Control.USERS)
def rules_hold_beside_each_other(server: Server) -> None:
    """Each of several rules bars whom it names, however many were made before it and after it."""
    app_id = app_id_of(server)
    barred: list[tuple[str, int, dict[str, Any]]] = [
        ("room", 7, {"cname": "room", "uid": 7}),
        ("hall", 8, {"cname": "hall"}),
        ("yard", 9, {"uid": 9}),
    ]
    for _, _, target in barred:
        _kick(server, app_id, **target)
    for cname, uid, target in barred:
        if server.join(cname, uid, app_id=app_id):
            raise Broken(f"the rule about {target} to hold", f"user {uid} let into {cname}", _kick_in(server.trail))
    if not server.join("room", 8, app_id=app_id):
        raise Broken("a user whom no rule names to be let in", "kept out", _kick_in(server.trail))


@check("CO-48", "CO-44", needs=Control.USERS)
def a_ban_is_for_all_who_come_and_for_one_app_id(server: Server) -> None:
    """A rule about a channel bars who was never there as well, and nobody under another App ID."""
    one, other = app_id_of(server), app_id_of(server)
    _kick(server, one, cname="room")
    for uid in (7, 12345):
        if server.join("room", uid, app_id=one):
            raise Broken("everybody kept out of the channel", f"the user {uid} let in", server.trail[-1])
        if not server.join("room", uid, app_id=other):
            raise Broken("another App ID's channel open", f"the user {uid} barred", server.trail[-1])
    server.users("room", app_id=one).must_hold(False, "data", "channel_exist")
    server.users("room", app_id=other).must_hold(2, "data", "total")


@check("CO-48", "CO-55", needs=Control.USERS)
def a_kick_empties_its_channel(server: Server) -> None:
    """A channel whose users are all put offline is gone from the list, and the others keep their users."""
    app_id = app_id_of(server)
    for cname, uid in product(("room", "hall"), (7, 8)):
        server.join(cname, uid, app_id=app_id)
    _kick(server, app_id, cname="room")
    page = server.channels(app_id=app_id).must_hold(1, "data", "total_size")
    if page.need("data", "channels") != [{"channel_name": "hall", "user_count": 2}]:
        raise page.broken("the other channel with its 2 users")
    server.users("room", app_id=app_id).must_hold(False, "data", "channel_exist")
    server.users("hall", app_id=app_id).must_hold(2, "data", "total")


@check("CO-48", "CO-52", needs=Control.USERS)
def a_kick_reaches_hosts_and_audience(server: Server) -> None:
    """In a live channel hosts and audience are put offline alike, all of them or the one that a rule names."""
    app_id = app_id_of(server)
    for uid, role in ((7, 2), (8, 3), (9, 2), (10, 3)):
        server.join("stage", uid, app_id=app_id, mode=2, role=role)
    for uid in (7, 8):
        _kick(server, app_id, cname="stage", uid=uid)
    answer = server.users("stage", app_id=app_id).must_hold([9], "data", "broadcasters")
    answer.must_hold([10], "data", "audience").must_hold(1, "data", "audience_total")
    _kick(server, app_id, cname="stage")
    server.users("stage", app_id=app_id).must_hold(False, "data", "channel_exist")


@check("CO-48")
def a_kick_ends_a_recording(server: Server) -> None:
    """A rule about a recorder's user ends its recording, and no other one: not the channel's other, not the user's."""
    cname, other = server.fresh_channel(), server.fresh_channel()
    kicked, neighbour, namesake = (
        server.record(room, uid, maxIdleTime=3600) for room, uid in ((cname, "7"), (cname, "8"), (other, "7"))
    )
    _kick(server, server.app_id, cname=cname, uid=7, time=1)
    must_be_over(server, kicked, by_force=True)
    for recording in (neighbour, namesake):
        must_run(server, recording)


# -- asking ------------------------------------------------------------------------------------------------------------


def _ask(server: Server, app_id: str, **body: Any) -> Answer:
    return server.ask_kick(**{"appid": app_id, **body})


def _kick(server: Server, app_id: str, **body: Any) -> int:
    """The ID of a new rule."""
    return _id_of(_ask(server, app_id, **body).must_succeed())


def _update(server: Server, app_id: str, number: int, time: Any) -> Answer:
    return server.send("update_kicking_rule", body={"appid": app_id, "id": number, "time": time})


def _delete(server: Server, app_id: str, number: int) -> Answer:
    return server.send("delete_kicking_rule", body={"appid": app_id, "id": number})


def _id_of(answer: Answer, *path: str) -> int:
    """A rule's ID, which may be a number or its digits (CO-40)."""
    value = answer.need(*path, "id")
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise answer.broken("a numeric `id`")


def _listed(server: Server, app_id: str, number: int) -> dict[str, Any]:
    """A rule as the list shows it, once."""
    found = [rule for rule in server.kicking_rules(app_id) if int(rule["id"]) == number]
    if len(found) != 1:
        raise Broken(f"the rule {number} once in the list", f"{len(found)} times", server.trail[-1])
    return found[0]


def _shown(time: Any) -> str:
    return "left out" if time is OMIT else f"{time}"


# -- insisting ---------------------------------------------------------------------------------------------------------


def _must_bar_exactly(
    server: Server, target: Mapping[str, Any], empty: Mapping[str, Any] | None = None, *, certain: bool = False
) -> None:
    """Users of all kinds are in all channels of two App IDs; then `target` is kicked, and all try to come back.

    empty: members that say nothing. certain: look only at those who match all of `target`, and those who match none.
    """
    app_ids = [app_id_of(server), app_id_of(server)]
    everybody = list(product(app_ids, _CHANNELS, _USERS))
    for app_id, cname, (uid, ip) in everybody:
        server.join(cname, uid, app_id=app_id, ip=ip)
    _kick(server, app_ids[0], **target, **(empty or {}))
    for app_id, cname, (uid, ip) in everybody:
        person = {"cname": cname, "uid": uid, "ip": ip}
        matches = [person[name] == value for name, value in target.items()]
        if certain and app_id == app_ids[0] and any(matches) and not all(matches):
            continue
        hit = app_id == app_ids[0] and all(matches)
        who = f"{person} under {'the' if app_id == app_ids[0] else 'another'} App ID"
        answer = server.user(cname, uid, app_id=app_id)
        if answer.get("data", "in_channel") is hit:
            raise Broken(f"{who} to be {'offline' if hit else 'online'}", "the contrary", answer.exchange)
        if server.join(cname, uid, app_id=app_id, ip=ip) is hit:
            raise Broken(f"{who} to be {'kept out' if hit else 'let in'}", "the contrary", _kick_in(server.trail))


def _kick_in(trail: list[Exchange]) -> Exchange:
    """The latest rule made: what a control call shows is the rule's doing."""
    return next(each for each in reversed(trail) if each.operation == "create_kicking_rule")


def _must_be_offline(server: Server, app_id: str) -> None:
    server.user("room", 7, app_id=app_id).must_hold(False, "data", "in_channel")


def _must_stay_out(server: Server, app_id: str) -> None:
    if server.join("room", 7, app_id=app_id):
        raise Broken("the user to be kept out", "let in")


def _let_in(server: Server, app_id: str) -> None:
    if not server.join("room", 7, app_id=app_id):
        raise Broken("the user to be let in", "kept out")
    server.user("room", 7, app_id=app_id).must_hold(True, "data", "in_channel")


def _must_ban_nobody(server: Server, app_id: str) -> None:
    """No listed rule lasts any longer."""
    moment = now(server)
    for rule in server.kicking_rules(app_id):
        if instant(rule["ts"], server.trail[-1]) > moment + 1:
            raise Broken("no rule that lasts", f"{rule}", server.trail[-1])


def _must_have_no_rules(server: Server, app_id: str) -> None:
    if server.kicking_rules(app_id):
        raise Broken("no rule after refusals alone", "some", server.trail[-1])
