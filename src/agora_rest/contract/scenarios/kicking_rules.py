"""Kicking rules: creating, listing, updating and deleting them, and invalid values."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from agora_rest.contract.checking.checks import check
from agora_rest.contract.http.control import Control
from agora_rest.contract.http.server import OMIT, Response, Server
from agora_rest.contract.outcomes import Broken, require
from agora_rest.contract.scenarios._console import (
    app_id_of,
    instant,
    must_be_about,
    must_be_no_app_id,
    now,
    slack,
    speaks_documented,
    unknown_app_id,
)
from agora_rest.contract.scenarios._kicking import (
    NEAR,
    ask_rule,
    delete_rule,
    id_of,
    in_words,
    kick,
    listed_rule,
    update_rule,
)
from agora_rest.contract.scenarios._recording import all_refused, alone

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
"""A requested ban (minutes, OMIT if not given) and the resulting one, in minutes (CO-42)."""

_EXTENSIONS: Final = (*_BANS, (-0.5, 1), (-1, 1), (-525600, 1))
"""The same for an update; the document states that every value below 1 becomes 1 (CO-46)."""

# -- valid rules -------------------------------------------------------------------------------------------------------


@check("CO-40", "CO-45")
def a_rule_is_listed_as_it_was_made(server: Server) -> None:
    """A rule is listed with its ID, App ID, channel, user and address, and null for what it was not given."""
    app_id = app_id_of(server)
    targets: list[dict[str, Any]] = [
        {"cname": "room"},
        {"cname": "R 1&2", "uid": 4294967295},
        {"cname": "r", "ip": "192.0.2.7"},
    ]
    made = [(kick(server, app_id, **target), target) for target in targets]
    made.append((kick(server, app_id, cname="room", uid="", ip=""), {"cname": "room"}))
    listed = server.kicking_rules(app_id)
    if sorted(int(rule["id"]) for rule in listed) != sorted(number for number, _ in made):
        raise Broken("every rule once in the list", f"{[rule['id'] for rule in listed]}", server.trail[-1])
    for number, target in made:
        rule = listed_rule(server, app_id, number)
        expected = {"appid": app_id, "cname": None, "uid": None, "ip": None, **target}
        seen = {name: rule.get(name, app_id if name == "appid" else None) for name in expected}
        if seen != expected or type(rule.get("opid", 0)) is not int:
            raise Broken(f"a rule with {expected} and, if any, a numeric `opid`", f"{rule}", server.trail[-1])


@check("CO-40", "CO-47")
def rules_have_ids_of_their_own(server: Server) -> None:
    """Each rule, an equal one too, gets a numeric ID that was never used, and `status` says "success"."""
    app_id, other_app = app_id_of(server), app_id_of(server)
    numbers = []
    for app in (app_id, app_id, other_app, app_id):
        response = ask_rule(server, app, cname="room").must_succeed().must_hold("success", "status")
        numbers.append(id_of(response))
    delete_rule(server, app_id, numbers[0]).must_succeed()
    numbers.append(kick(server, app_id, cname="room"))
    require(len(set(numbers)) == len(numbers), "five different IDs", numbers, server.trail[-1])


@check("CO-42", "CO-45")
def a_rule_ends_so_many_minutes_after_it_was_made(server: Server) -> None:
    """A rule ends `time` minutes after it was made: 60 by default, at least 1, at most 1440."""
    app_id = app_id_of(server)
    keep = tuple(server.trail)
    for asked, minutes in _BANS:
        with alone(server, keep):
            moment = now(server)
            rule = listed_rule(server, app_id, kick(server, app_id, cname="room", time=asked))
            shown = server.trail[-1]
            begin, end = instant(rule["createAt"], shown), instant(rule["ts"], shown)
            must_be_about(begin, moment, slack(server), "`createAt`", shown)
            must_be_about(instant(rule["updateAt"], shown), begin, NEAR, "`updateAt` of a new rule", shown)
            must_be_about(end - begin, 60 * minutes, NEAR, f"a ban with `time` {in_words(asked)}", shown)


@check("CO-42", "CO-46", needs=Control.CLOCK)
def an_update_counts_from_now(server: Server) -> None:
    """An update ends a rule `time` minutes from now, at least 1 and at most 1440, and changes nothing else."""
    app_id = app_id_of(server)
    number, other = kick(server, app_id, cname="room", uid=7), kick(server, app_id, cname="room", uid=8)
    made, untouched = listed_rule(server, app_id, number), listed_rule(server, app_id, other)
    keep = tuple(server.trail)
    for asked, minutes in _EXTENSIONS:
        with alone(server, keep):
            server.advance(seconds=20)
            moment = now(server)
            response = update_rule(server, app_id, number, asked).must_succeed().must_hold("success", "status")
            response.must(id_of(response, "result") == number, f"a result with the ID {number}")
            end = instant(response.need("result", "ts"), response.exchange)
            must_be_about(end - moment, 60 * minutes, NEAR, f"a ban updated to {in_words(asked)}", response.exchange)
            rule = listed_rule(server, app_id, number)
            shown = server.trail[-1]
            must_be_about(instant(rule["ts"], shown), end, 0.002, "the listed end", shown)
            must_be_about(instant(rule["updateAt"], shown), moment, NEAR, "`updateAt`", shown)
            for name in ("id", "appid", "cname", "uid", "ip", "createAt"):
                if rule.get(name) != made.get(name):
                    raise Broken(f"`{name}` as before, {made.get(name)!r}", repr(rule.get(name)), shown)
    if (listed := listed_rule(server, app_id, other)) != untouched:
        raise Broken(f"the other rule to be unchanged, {untouched}", f"{listed}", server.trail[-1])


@check("CO-45", "CO-40")
def rules_belong_to_one_app_id(server: Server) -> None:
    """A rule is in the list of its own App ID only."""
    one, other = app_id_of(server), app_id_of(server)
    number = kick(server, one, cname="room")
    if server.kicking_rules(other):
        raise Broken("no rule under another App ID", f"{server.kicking_rules(other)}", server.trail[-1])
    listed_rule(server, one, number)


@check("CO-46", "CO-47")
def a_rule_is_changed_under_its_own_app_id_only(server: Server) -> None:
    """A rule is neither updated nor deleted under another App ID: 404, and it stays unchanged."""
    one, other = app_id_of(server), app_id_of(server)
    number = kick(server, one, cname="room", uid=7)
    before = listed_rule(server, one, number)
    update_rule(server, other, number, 5).must_be_refused(404)
    delete_rule(server, other, number).must_be_refused(404)
    if listed_rule(server, one, number) != before:
        raise Broken(
            f"the other App ID's rule to be unchanged: {before}",
            f"{listed_rule(server, one, number)}",
            server.trail[-1],
        )
    delete_rule(server, one, number).must_succeed()


@check("CO-47", "CO-46")
def a_deleted_rule_is_gone(server: Server) -> None:
    """A deletion returns the rule's ID; afterwards that rule alone can no longer be listed, updated or deleted."""
    app_id = app_id_of(server)
    kept, gone = kick(server, app_id, cname="room"), kick(server, app_id, cname="room")
    response = delete_rule(server, app_id, gone).must_succeed().must_hold("success", "status")
    response.must(id_of(response) == gone, f"the ID {gone}")
    listed = [int(rule["id"]) for rule in server.kicking_rules(app_id)]
    require(listed == [kept], f"the rule {kept} alone", listed, server.trail[-1])
    update_rule(server, app_id, gone, 5).must_be_refused(404)
    delete_rule(server, app_id, gone).must_be_refused(404)
    delete_rule(server, app_id, kept).must_succeed()


@check("CO-46", "CO-47")
def an_unknown_rule_is_404(server: Server) -> None:
    """A rule that never existed is neither updated nor deleted: 404."""
    app_id = app_id_of(server)
    never = kick(server, app_id, cname="room") + 1_000_003
    update_rule(server, app_id, never, 5).must_be_refused(404)
    delete_rule(server, app_id, never).must_be_refused(404)


@check("CO-40", "CO-45", "CO-46", "CO-47")
def rules_want_an_app_id_that_is_there(server: Server) -> None:
    """An unknown App ID has no rules and gets none: 400, invalid appid, in each of the four calls."""
    app_id = app_id_of(server)
    number = kick(server, app_id, cname="room")
    unknown = unknown_app_id(server, app_id)
    must_be_no_app_id(ask_rule(server, unknown, cname="room"))
    must_be_no_app_id(server.send("list_kicking_rules", query={"appid": unknown}))
    must_be_no_app_id(update_rule(server, unknown, number, 5))
    must_be_no_app_id(delete_rule(server, unknown, number))
    server.send("list_kicking_rules", query={"appid": "short"}).must_be_refused(400)
    server.send("list_kicking_rules").must_be_refused(400)
    ask_rule(server, "short", cname="room").must_be_refused(400)
    listed_rule(server, app_id, number)


# -- invalid rules -----------------------------------------------------------------------------------------------------


@check("CO-41", "CO-44")
def a_rule_selects_users(server: Server) -> None:
    """A rule about no channel, no user and no address, left out or given as "", is refused: 400."""
    app_id = app_id_of(server)
    nobody: tuple[dict[str, str], ...] = ({}, {"uid": ""}, {"ip": ""}, {"uid": "", "ip": ""})
    all_refused(server, nobody, lambda empty: ask_rule(server, app_id, **empty), 400, keep=tuple(server.trail))
    _must_have_no_rules(server, app_id)
    kick(server, app_id, cname="room")


@check("CO-40", "CO-41", "CO-42", "CO-43")
def a_rules_fields_have_their_limits(server: Server) -> None:
    """No channel called "" or by more than 64 bytes or other characters, no user 0, no address 0: each is a 400."""
    app_id = app_id_of(server)
    observed = not speaks_documented(server)
    keep = tuple(server.trail)
    allowed = [*(_NUMBERS_IN_QUOTES if observed else ()), *([_NEWER_PRIVILEGE] if server.edition == "current" else ())]
    wrong = ((field, value) for field, values in _IMPOSSIBLE.items() for value in values if value not in allowed)

    def ask(member: tuple[str, Any]) -> Response:
        return ask_rule(server, app_id, **{"cname": "room", member[0]: member[1]})

    all_refused(server, wrong, ask, 400, keep=keep)
    _must_have_no_rules(server, app_id)
    for member in ((field, value) for field, values in _POSSIBLE.items() for value in values):
        with alone(server, keep):
            id_of(ask(member).must_succeed())


_NEWER_PRIVILEGE: Final = ["publish_audio"]
"""A value that the present documents allow besides (CO-79)."""

_IMPOSSIBLE: Final[dict[str, tuple[Any, ...]]] = {
    "cname": ("", "c" * 65, "a/b", "ä", 'a"b', "a\\b", "a\nb", 7, ["room"]),
    "uid": (0, -1, 4294967296, 1.5, "7", "x", True, [7]),
    "ip": (0, "0", "192.0.2", "192.0.2.256", "192.0.2.1.1", "192.0.2.1/24", "localhost", 3221225985, True),
    "time": (-1, -0.5, "60", "", True, [60]),
    "privileges": (OMIT, [], _NEWER_PRIVILEGE, ["Join_Channel"], "join_channel", ["join_channel", "x"], [1]),
}

_NUMBERS_IN_QUOTES: Final = ("7", "60")
"""Servers read them as numbers; the documents decide against that (CO-41, CO-42)."""

_POSSIBLE: Final[dict[str, tuple[Any, ...]]] = {
    "cname": ("c", "c" * 64, " ", "...", "a b!#$%&()+-:;<=.>?@[]^_{}|~,"),
    "uid": (1, 4294967295),
    "ip": ("192.0.2.1", "10.0.0.1", "255.255.255.254"),
}


@check("CO-46", "CO-42")
def an_update_wants_a_duration_that_is_one(server: Server) -> None:
    """An update with a `time` or an `id` that is not a number is refused with 400 and changes nothing."""
    app_id = app_id_of(server)
    number = kick(server, app_id, cname="room")
    before, observed = listed_rule(server, app_id, number), not speaks_documented(server)
    keep = tuple(server.trail)
    times: tuple[Any, ...] = ("", True, [60]) if observed else ("60", "", True, [60])
    all_refused(server, times, partial(update_rule, server, app_id, number), 400, keep=keep)
    wrong: tuple[Any, ...] = ("x", None, 1.5, True, [number], OMIT)
    for value in wrong:
        with alone(server, keep):
            body = {"appid": app_id, "id": value}
            server.send("update_kicking_rule", body={**body, "time": 5}).must_be_refused(400)
            server.send("delete_kicking_rule", body=body).must_be_refused(400)
    if listed_rule(server, app_id, number) != before:
        raise Broken(f"the rule to be unchanged: {before}", f"{listed_rule(server, app_id, number)}", server.trail[-1])


# -- insisting ---------------------------------------------------------------------------------------------------------


def _must_have_no_rules(server: Server, app_id: str) -> None:
    require(not server.kicking_rules(app_id), "no rule after refusals alone", "some", server.trail[-1])
