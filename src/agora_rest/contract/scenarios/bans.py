"""Effects of kicking rules: the users they put offline and keep out, and for how long."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any, Final

from agora_rest.contract.checking.checks import check
from agora_rest.contract.http.control import Control
from agora_rest.contract.http.exchange import Exchange
from agora_rest.contract.http.server import OMIT, Server
from agora_rest.contract.outcomes import Broken, require
from agora_rest.contract.scenarios._console import app_id_of, instant, must_be_about, now, slack
from agora_rest.contract.scenarios._kicking import (
    NEAR,
    delete_rule,
    kick,
    listed_rule,
    must_be_kept_out,
    must_be_let_in,
    update_rule,
)
from agora_rest.contract.scenarios._recording import INSTANT, alone, must_be_over, must_run, stop

_CHANNEL, _UID, _IP = {"cname": "room"}, {"uid": 7}, {"ip": "192.0.2.1"}
"""Targets of a rule: the four combinations that the document explains, and the three others (CO-44)."""

_EXPLAINED: Final[tuple[Mapping[str, Any], ...]] = (_IP, _CHANNEL, {**_CHANNEL, **_UID}, _UID)
_OTHERS: Final[tuple[Mapping[str, Any], ...]] = (
    {**_CHANNEL, **_IP},
    {**_UID, **_IP},
    {**_CHANNEL, **_UID, **_IP},
)

_USERS: Final = ((7, "192.0.2.1"), (8, "192.0.2.1"), (9, "192.0.2.2"), (70, "192.0.2.11"))
"""Users and where they come from: one that every rule above matches, and three who share one field or nothing with
it."""

_CHANNELS: Final = ("room", "Room")

# -- targets and duration ----------------------------------------------------------------------------------------------


@check("CO-44", "CO-48", needs=Control.USERS)
def a_rule_bars_the_users_it_selects(server: Server) -> None:
    """Address, channel, channel with user, user: a rule puts only matching users offline and keeps them out."""
    for target in _EXPLAINED:
        _must_bar_exactly(server, target)


@check("CO-44", "CO-41", needs=Control.USERS)
def an_empty_field_bars_no_user(server: Server) -> None:
    """A `uid` or `ip` of "" counts as not given: such a rule matches exactly the same users as without it."""
    for target, empty in ((_CHANNEL, {"uid": "", "ip": ""}), (_UID, {"ip": ""}), (_IP, {"uid": ""})):
        _must_bar_exactly(server, target, empty)


@check("CO-44", needs=Control.USERS)
def other_combinations_bar_the_users_they_select(server: Server) -> None:
    """Other combinations are accepted too: users who match all fields are denied, users who match none are not."""
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
            kick(server, app_id, cname="room", uid=7, time=asked)
            _must_be_offline(server, app_id)
            must_be_kept_out(server, app_id)
            near = _near(server)
            server.advance(seconds=60 * minutes - near)
            must_be_kept_out(server, app_id)
            server.advance(seconds=_past(near))
            _let_in(server, app_id)
            server.leave("room", 7, app_id=app_id)


@check("CO-42", "CO-46", "CO-48", needs=Control.CLOCK | Control.USERS)
def an_update_moves_the_end_of_a_ban(server: Server) -> None:
    """A ban that is updated ends later than it would have, or earlier, as the update says."""
    app_id = app_id_of(server)
    number = kick(server, app_id, cname="room", uid=7, time=1)
    server.advance(seconds=30)
    update_rule(server, app_id, number, 10).must_succeed()
    server.advance(seconds=9 * 60 + 55)
    must_be_kept_out(server, app_id)
    update_rule(server, app_id, number, 1).must_succeed()
    near = _near(server)
    server.advance(seconds=60 - near)
    must_be_kept_out(server, app_id)
    server.advance(seconds=_past(near))
    _let_in(server, app_id)


@check("CO-42", "CO-46", needs=Control.USERS)
def an_update_to_zero_ends_a_ban(server: Server) -> None:
    """A rule that is updated to 0 minutes no longer bans any user, and other rules still do."""
    app_id = app_id_of(server)
    number = kick(server, app_id, cname="room", uid=7, time=10)
    other = kick(server, app_id, cname="hall", uid=7, time=10)
    response = update_rule(server, app_id, number, 0).must_succeed()
    end = instant(response.need("result", "ts"), response.exchange)
    must_be_about(end, now(server), slack(server), "the end of a ban of 0 minutes", response.exchange)
    _let_in(server, app_id)
    must_be_kept_out(server, app_id, "hall")
    listed_rule(server, app_id, other)


@check("CO-42", "CO-48", needs=Control.USERS)
def zero_minutes_put_offline_without_a_ban(server: Server) -> None:
    """A `time` of 0 puts matching users offline once, and leaves no ban: they may join again at once, and stay."""
    app_id = app_id_of(server)
    _let_in(server, app_id)
    server.join("room", 8, app_id=app_id)
    kick(server, app_id, cname="room", uid=7, time=0)
    _must_be_offline(server, app_id)
    server.user("room", 8, app_id=app_id).must_hold(True, "data", "in_channel")
    _let_in(server, app_id)
    _must_ban_no_user(server, app_id)
    kick(server, app_id, cname="room", time=0)
    for uid in (7, 8):
        server.user("room", uid, app_id=app_id).must_hold(False, "data", "in_channel")
        must_be_let_in(server, app_id, "room", uid)
    _must_ban_no_user(server, app_id)


@check("CO-42", "CO-48", "CO-85", needs=Control.USERS)
def zero_minutes_lift_no_other_ban(server: Server) -> None:
    """A rule with a `time` of 0 leaves another one about the same users in force."""
    app_id = app_id_of(server)
    number = kick(server, app_id, cname="room", uid=7, time=10)
    kick(server, app_id, cname="room", uid=7, time=0)
    must_be_kept_out(server, app_id)
    listed_rule(server, app_id, number)


@check("CO-47", "CO-48", needs=Control.USERS)
def a_deletion_lifts_a_ban_at_once(server: Server) -> None:
    """A user kept out by a rule may join as soon as it is deleted, unless another rule matches the user."""
    app_id = app_id_of(server)
    first, second = (kick(server, app_id, cname="room", uid=7, time=1440) for _ in range(2))
    everywhere = kick(server, app_id, uid=7, time=1440)
    for number in (first, everywhere):
        must_be_kept_out(server, app_id)
        delete_rule(server, app_id, number).must_succeed()
    must_be_kept_out(server, app_id)
    delete_rule(server, app_id, second).must_succeed()
    _let_in(server, app_id)


@check("CO-42", "CO-45", "CO-46", "CO-47", needs=Control.CLOCK)
def a_rule_that_has_ended_is_not_listed(server: Server) -> None:
    """A rule is in the list until it ends, and not after; afterwards it can neither be updated nor deleted: 404."""
    app_id = app_id_of(server)
    revived, deleted, long = (kick(server, app_id, cname="room", time=time) for time in (1, 1, 3))
    near = _near(server)
    server.advance(seconds=60 - near)
    for number in (revived, deleted, long):
        listed_rule(server, app_id, number)
    server.advance(seconds=_past(near))
    update_rule(server, app_id, revived, 5).must_be_refused(404)
    delete_rule(server, app_id, deleted).must_be_refused(404)
    listed = [int(rule["id"]) for rule in server.kicking_rules(app_id)]
    require(listed == [long], f"the rule {long} alone", listed, server.trail[-1])
    update_rule(server, app_id, revived, 5).must_be_refused(404)


@check("CO-44", "CO-48", needs=Control.USERS)
def rules_hold_beside_each_other(server: Server) -> None:
    """Each of several rules denies its own targets, however many rules were created before and after it."""
    app_id = app_id_of(server)
    targets: tuple[dict[str, Any], ...] = ({"cname": "room", "uid": 7}, {"cname": "hall"}, {"uid": 9})
    for target in targets:
        kick(server, app_id, **target)
    for cname, uid in (("room", 7), ("hall", 8), ("yard", 9)):
        must_be_kept_out(server, app_id, cname, uid)
    must_be_let_in(server, app_id, "room", 8)


@check("CO-48", "CO-44", needs=Control.USERS)
def a_ban_is_for_all_who_come_and_for_one_app_id(server: Server) -> None:
    """A channel rule also denies users who were never in the channel, and has no effect under another App ID."""
    one, other = app_id_of(server), app_id_of(server)
    kick(server, one, cname="room")
    for uid in (7, 12345):
        must_be_kept_out(server, one, "room", uid)
        must_be_let_in(server, other, "room", uid)
    server.users("room", app_id=one).must_hold(False, "data", "channel_exist")
    server.users("room", app_id=other).must_hold(2, "data", "total")


@check("CO-48", "CO-55", needs=Control.USERS)
def a_kick_empties_its_channel(server: Server) -> None:
    """A channel whose users are all put offline is gone from the list, and the others keep their users."""
    app_id = app_id_of(server)
    for cname, uid in product(("room", "hall"), (7, 8)):
        server.join(cname, uid, app_id=app_id)
    kick(server, app_id, cname="room")
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
        kick(server, app_id, cname="stage", uid=uid)
    response = server.users("stage", app_id=app_id).must_hold([9], "data", "broadcasters")
    response.must_hold([10], "data", "audience").must_hold(1, "data", "audience_total")
    kick(server, app_id, cname="stage")
    server.users("stage", app_id=app_id).must_hold(False, "data", "channel_exist")


@check("CO-48")
def a_kick_ends_a_recording(server: Server) -> None:
    """A rule that matches a recorder, by its channel, its user or both, ends the matching recordings, and no others."""
    app_id = app_id_of(server)
    for target in ({"cname": "room", "uid": 7}, {"uid": 7}, {"cname": "room"}):
        recorders = (("room", 7), ("room", 8), ("hall", 7))
        recordings = [server.record(cname, str(uid), app_id=app_id, maxIdleTime=3600) for cname, uid in recorders]
        rule = kick(server, app_id, **target, time=1)
        for (cname, uid), recording in zip(recorders, recordings, strict=True):
            if target.items() <= {"cname": cname, "uid": uid}.items():
                must_be_over(server, recording, by_force=True)
            else:
                must_run(server, recording)
                stop(server, recording)
        delete_rule(server, app_id, rule).must_succeed()


# -- insisting ---------------------------------------------------------------------------------------------------------


def _near(server: Server) -> float:
    """Seconds before the end of a ban at which to check: a moment if the clock is frozen, and then at the end."""
    return INSTANT if server.stands_still() else NEAR + 1


def _past(near: float) -> float:
    """From so long before the end of a ban until it is certainly over."""
    return near if near == INSTANT else 2 * near


def _must_bar_exactly(
    server: Server, target: Mapping[str, Any], empty: Mapping[str, Any] | None = None, *, certain: bool = False
) -> None:
    """Users of all kinds are in all channels of two App IDs; then `target` is kicked, and all try to come back.

    empty: members with empty values. certain: check only users who match all of `target`, and users who match none.
    """
    app_ids = [app_id_of(server), app_id_of(server)]
    everybody = list(product(app_ids, _CHANNELS, _USERS))
    for app_id, cname, (uid, ip) in everybody:
        server.join(cname, uid, app_id=app_id, ip=ip)
    kick(server, app_ids[0], **target, **(empty or {}))
    for app_id, cname, (uid, ip) in everybody:
        person = {"cname": cname, "uid": uid, "ip": ip}
        matches = [person[name] == value for name, value in target.items()]
        if certain and app_id == app_ids[0] and any(matches) and not all(matches):
            continue
        hit = app_id == app_ids[0] and all(matches)
        who = f"{person} under {'the' if app_id == app_ids[0] else 'another'} App ID"
        response = server.user(cname, uid, app_id=app_id)
        if response.get("data", "in_channel") is hit:
            raise Broken(
                f"{who} to be {'offline' if hit else 'online'}", "online" if hit else "offline", response.exchange
            )
        if server.join(cname, uid, app_id=app_id, ip=ip) is hit:
            raise Broken(
                f"the join of {who} to be {'denied' if hit else 'allowed'}",
                "an allowed join" if hit else "a denied join",
                _kick_in(server.trail),
            )


def _kick_in(trail: list[Exchange]) -> Exchange:
    """The latest created rule: it causes the effect that a control call shows."""
    return next(each for each in reversed(trail) if each.operation == "create_kicking_rule")


def _must_be_offline(server: Server, app_id: str) -> None:
    server.user("room", 7, app_id=app_id).must_hold(False, "data", "in_channel")


def _let_in(server: Server, app_id: str) -> None:
    must_be_let_in(server, app_id)
    server.user("room", 7, app_id=app_id).must_hold(True, "data", "in_channel")


def _must_ban_no_user(server: Server, app_id: str) -> None:
    """No listed rule lasts any longer."""
    moment = now(server)
    for rule in server.kicking_rules(app_id):
        require(instant(rule["ts"], server.trail[-1]) <= moment + 1, "no rule that lasts", rule, server.trail[-1])
