"""Channels that are in use: who is in them, what they are called, and their pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from agora_rest.contract.checking.checks import check
from agora_rest.contract.http.control import Control
from agora_rest.contract.http.server import Response, Server
from agora_rest.contract.outcomes import Broken
from agora_rest.contract.safety.access import Profile
from agora_rest.contract.scenarios._console import (
    app_id_of,
    join_all,
    must_be_about,
    must_be_no_app_id,
    now,
    slack,
    unknown_app_id,
)
from agora_rest.contract.scenarios._recording import CHANNEL_CHARACTERS, all_refused, alone

COMMUNICATION_USER, HOST, AUDIENCE = 1, 2, 3
"""Properties that identify a user in the Console (CO-50), and a channel (CO-51, CO-52)."""

COMMUNICATION, LIVE = 1, 2

_LISTED: Final = 10_000
"""So many of the audience are listed (CO-52); so many channels a page has by default, and at most (CO-54)."""

_MANY: Final = 1500
"""So many hosts and users that a list which is cut off anywhere shows it."""

_DEFAULT_SIZE, _GREATEST_SIZE = 100, 500

_HARD_NAMES: Final = (
    "...",
    ".a",
    "a.",
    ". .",
    "%",
    "%%",
    "%41",
    "%2541",
    "%2F",
    "%2e",
    "%",
    "a b",
    "a+b",
    "a%20b",
    " a",
    "a ",
    "?",
    "a?b=c",
    "#",
    "a#b",
    "a&b",
    "a;b",
    "a=b",
    "a:b",
    "property",
    "Lesson",
    "lesson",
    "users",
    "0",
    "null",
    "=" * 64,
    "%" * 64,
)
"""Names that change if a URL is decoded once too often, not at all, or as a form."""


# -- one user ----------------------------------------------------------------------------------------------------------


@check("CO-50", needs=Control.USERS)
def a_user_is_shown_as_what_it_is(server: Server) -> None:
    """A user who is there has `in_channel` true, its own role, and the Unix second it joined in `join`."""
    app_id = app_id_of(server)
    cases: tuple[tuple[str, int, dict[str, int], int], ...] = (
        ("room", 7, {}, COMMUNICATION_USER),
        ("stage", 8, {"mode": LIVE, "role": HOST}, HOST),
        ("stage", 9, {"mode": LIVE, "role": AUDIENCE}, AUDIENCE),
    )
    for cname, uid, more, role in cases:
        moment = now(server)
        server.join(cname, uid, app_id=app_id, **more)
        response = (
            server.user(cname, uid, app_id=app_id).must_hold(True, "success").must_hold(True, "data", "in_channel")
        )
        response.must_hold(role, "data", "role")
        joined = response.need("data", "join")
        response.must(isinstance(joined, int) and not isinstance(joined, bool), "`join` in whole seconds")
        must_be_about(joined, moment, slack(server), "`join`", response.exchange)


@check("CO-50", needs=Control.USERS | Control.CLOCK)
def a_user_has_joined_when_it_did(server: Server) -> None:
    """Time passes without changing when a user joined; who leaves and comes back has joined when it came back."""
    app_id = app_id_of(server)
    server.join("room", 7, app_id=app_id)
    server.join("room", 8, app_id=app_id)
    first = server.user("room", 7, app_id=app_id).need("data", "join")
    server.advance(seconds=100)
    server.user("room", 7, app_id=app_id).must_hold(first, "data", "join")
    server.leave("room", 7, app_id=app_id)
    server.user("room", 7, app_id=app_id).must_hold(False, "data", "in_channel")
    server.join("room", 7, app_id=app_id)
    again = server.user("room", 7, app_id=app_id)
    must_be_about(again.need("data", "join"), first + 100, slack(server), "`join` of who came back", again.exchange)


@check("CO-50", "CO-53", profile=Profile.READ_ONLY)
def who_is_not_there_is_not_in_the_channel(server: Server) -> None:
    """In a channel that does not exist `in_channel` is false for any user, without an error."""
    cname = server.fresh_channel()
    for uid in (1, 4294967295):
        server.user(cname, uid).must_hold(True, "success").must_hold(False, "data", "in_channel")


@check("CO-50", needs=Control.USERS)
def a_user_is_in_its_own_channel_only(server: Server) -> None:
    """A user is only in the channel it joined, not in another channel or under another App ID; others are not in it."""
    app_id, other = app_id_of(server), app_id_of(server)
    server.join("room", 7, app_id=app_id)
    server.join("hall", 8, app_id=app_id)
    server.join("room", 9, app_id=other)
    present = {(app_id, "room", 7), (app_id, "hall", 8), (other, "room", 9)}
    for app in (app_id, other):
        for cname in ("room", "hall", "Room"):
            for uid in (7, 8, 9, 77, 4294967295):
                expected = (app, cname, uid) in present
                server.user(cname, uid, app_id=app).must_hold(expected, "data", "in_channel")


@check("CO-50", "CO-04", profile=Profile.READ_ONLY)
def a_uid_in_a_url_is_one(server: Server) -> None:
    """A uid of 0, one over 4294967295 and one that is not a number are refused with 400."""

    def ask(uid: str) -> Response:
        return server.send("get_user_property", path={"uid": uid, "cname": server.fresh_channel()})

    wrong = ("0", "-1", "4294967296", "1.5", "x", "99999999999999999999")
    all_refused(server, wrong, ask, 400, keep=tuple(server.trail))


# -- all users ---------------------------------------------------------------------------------------------------------


@check("CO-51", "CO-56", needs=Control.USERS)
def a_room_lists_all_its_users(server: Server) -> None:
    """In communication mode the users of the channel are all listed and counted, and those of no other channel."""
    app_id, other = app_id_of(server), app_id_of(server)
    uids = [4294967295, 7, 8, 1]
    for uid in uids:
        server.join("room", uid, app_id=app_id)
    server.join("hall", 9, app_id=app_id)
    server.join("room", 10, app_id=other)
    _must_be_room(server.users("room", app_id=app_id), uids)
    server.join("room", 8, app_id=app_id)  # from another device, or after a lost connection
    _must_be_room(server.users("room", app_id=app_id), uids)
    server.leave("room", 7, app_id=app_id)
    _must_be_room(server.users("room", app_id=app_id), [4294967295, 8, 1])
    _must_be_room(server.users("hall", app_id=app_id), [9])
    _must_be_room(server.users("room", app_id=other), [10])


@check("CO-52", needs=Control.USERS)
def a_stage_lists_hosts_and_audience(server: Server) -> None:
    """In live mode hosts and audience are listed apart, each by its role, and the audience is counted."""
    app_id = app_id_of(server)
    hosts, audience = [8, 6], [1, 4294967295, 7]
    for uid in hosts:
        server.join("stage", uid, app_id=app_id, mode=LIVE, role=HOST)
    _must_be_stage(server.users("stage", app_id=app_id), hosts, [])
    for uid in audience:
        server.join("stage", uid, app_id=app_id, mode=LIVE, role=AUDIENCE)
    _must_be_stage(server.users("stage", app_id=app_id), hosts, audience)
    server.leave("stage", 8, app_id=app_id)
    server.leave("stage", 1, app_id=app_id)
    _must_be_stage(server.users("stage", app_id=app_id), [6], [4294967295, 7])
    server.leave("stage", 6, app_id=app_id)
    _must_be_stage(server.users("stage", app_id=app_id), [], [4294967295, 7])


@check("CO-50", "CO-52", needs=Control.USERS)
def who_joins_again_may_have_another_role(server: Server) -> None:
    """A user who joins again in another role has that one, and is listed among those who have it only."""
    app_id = app_id_of(server)
    server.join("stage", 6, app_id=app_id, mode=LIVE, role=HOST)
    for role in (AUDIENCE, HOST, AUDIENCE):
        server.join("stage", 7, app_id=app_id, mode=LIVE, role=role)
        server.user("stage", 7, app_id=app_id).must_hold(role, "data", "role")
        hosts, audience = ([6], [7]) if role == AUDIENCE else ([6, 7], [])
        _must_be_stage(server.users("stage", app_id=app_id), hosts, audience)


@check("CO-52", "CO-55", needs=Control.USERS)
def ten_thousand_of_an_audience_are_listed(server: Server) -> None:
    """Of an audience of 10,000 all are listed, of 10,001 the first 10,000; counted are all of it and no hosts.

    Hosts, and the users of a communication channel, are all listed, however many they are.
    """
    app_id = app_id_of(server)
    server.join("stage", 4294967295, app_id=app_id, mode=LIVE, role=HOST)
    join_all(server, app_id, "stage", range(1, _LISTED + 1), mode=LIVE, role=AUDIENCE)
    _must_be_stage(server.users("stage", app_id=app_id), [4294967295], range(1, _LISTED + 1))
    server.join("stage", _LISTED + 1, app_id=app_id, mode=LIVE, role=AUDIENCE)
    response = server.users("stage", app_id=app_id)
    if sorted(response.need("data", "audience")) != list(range(1, _LISTED + 1)):
        raise response.broken("the 10,000 who joined first")
    response.must_hold(_LISTED + 1, "data", "audience_total").must_hold([4294967295], "data", "broadcasters")
    crowded, many = app_id_of(server), range(1, _MANY + 1)
    join_all(server, crowded, "hall", many, mode=LIVE, role=HOST)
    _must_be_stage(server.users("hall", app_id=crowded), many, [])
    join_all(server, crowded, "room", many)
    _must_be_room(server.users("room", app_id=crowded), many)
    _must_page(server.channels(app_id=app_id), {"stage": _LISTED + 2}, 1)


@check("CO-53", "CO-56", profile=Profile.READ_ONLY)
def a_channel_that_is_not_there_is_no_error(server: Server) -> None:
    """A channel without users has `channel_exist` false, with success."""
    server.users(server.fresh_channel()).must_hold(True, "success").must_hold(False, "data", "channel_exist")


@check("CO-53", "CO-55", "CO-50", needs=Control.USERS)
def a_channel_lasts_as_long_as_its_users(server: Server) -> None:
    """A channel exists from its first user to its last: in the list, for its users, and with its current mode."""
    app_id = app_id_of(server)
    server.join("room", 7, app_id=app_id)
    server.join("room", 8, app_id=app_id)
    server.leave("room", 7, app_id=app_id)
    _must_be_room(server.users("room", app_id=app_id), [8])
    _must_page(server.channels(app_id=app_id), {"room": 1}, 1)
    server.leave("room", 8, app_id=app_id)
    server.users("room", app_id=app_id).must_hold(False, "data", "channel_exist")
    server.user("room", 8, app_id=app_id).must_hold(False, "data", "in_channel")
    _must_page(server.channels(app_id=app_id), {}, 0)
    server.join("room", 9, app_id=app_id, mode=LIVE, role=AUDIENCE)
    _must_be_stage(server.users("room", app_id=app_id), [], [9])


# -- App IDs -----------------------------------------------------------------------------------------------------------


@check("CO-50", "CO-51", "CO-54", profile=Profile.READ_ONLY)
def channels_want_an_app_id_that_is_there(server: Server) -> None:
    """An unknown App ID has no channels and no users: 400, invalid appid."""
    path = {"appid": unknown_app_id(server), "cname": "room", "uid": "7"}
    for operation in ("get_user_property", "list_channel_users", "list_channels"):
        must_be_no_app_id(server.send(operation, path=path))
        server.send(operation, path={**path, "appid": "short"}).must_be_refused(400)


# -- names -------------------------------------------------------------------------------------------------------------


@check("CO-57", "CO-55", needs=Control.USERS)
def each_of_the_89_characters_arrives_as_itself(server: Server) -> None:
    """A channel name with any of the 89 characters, anywhere in it or alone, names that channel and no other."""
    alone_in_a_url = [each for each in CHANNEL_CHARACTERS if each != "."]
    _must_name(server, [f"{each}x{each}y{each}" for each in CHANNEL_CHARACTERS])
    _must_name(server, alone_in_a_url)


@check("CO-57", "CO-55", needs=Control.USERS)
def names_are_decoded_once(server: Server) -> None:
    """Names that look like escapes, queries or dots name themselves; upper and lower case differ, + and space too."""
    _must_name(server, dict.fromkeys(_HARD_NAMES))


@check("CO-57", "CO-53", profile=Profile.READ_ONLY)
def every_channel_name_can_be_queried(server: Server) -> None:
    """A channel of any name of the 89 characters can be queried, whether it exists or not."""
    begin = server.fresh_channel()[:20]
    half = len(CHANNEL_CHARACTERS) // 2
    halves = (f"{begin}{part}"[:64] for part in (CHANNEL_CHARACTERS[:half], CHANNEL_CHARACTERS[half:]))
    names = (*halves, f"{begin}%2F%41+%", "c" * 64)
    for name in names:
        server.users(name).must_hold(False, "data", "channel_exist")
        server.user(name, 1).must_hold(False, "data", "in_channel")


@check("CO-57", "CO-04", profile=Profile.READ_ONLY)
def other_names_are_refused(server: Server) -> None:
    """A name of more than 64 bytes or with a character outside the 89 is invalid: 400."""
    keep = tuple(server.trail)
    for name in ("c" * 65, "ä", 'a"b', "a'b", "a*b", "a\\b", "a`b", "a\nb", "a\x00b", "课程", "a/b"):
        with alone(server, keep):
            server.send("list_channel_users", path={"cname": name}).must_be_refused(400)
            server.send("get_user_property", path={"cname": name, "uid": "1"}).must_be_refused(400)


# -- pages -------------------------------------------------------------------------------------------------------------


@check("CO-54", "CO-55", needs=Control.USERS)
def pages_part_the_channels(server: Server) -> None:
    """Pages of any size contain every channel once, with its number of users, and each page gives the total of all."""
    app_id, other = app_id_of(server), app_id_of(server)
    expected = {f"channel-{number}": 1 + number % 3 for number in range(11)}
    for name, count in expected.items():
        join_all(server, app_id, name, range(1, count + 1))
    server.join("channel-1", 99, app_id=other)
    server.join("elsewhere", 99, app_id=other)
    keep = tuple(server.trail[:2])
    for size in (1, 2, 3, 4, 5, 6, 10, 11, 12, 500):
        with alone(server, keep):
            _must_part(server, app_id, expected, size)
    _must_part(server, other, {"channel-1": 1, "elsewhere": 1}, 1)


@check("CO-54", "CO-55", needs=Control.USERS)
def a_page_has_100_channels_by_default_and_500_at_most(server: Server) -> None:
    """Of 501 channels a page has 100 if no size is given, the requested number otherwise, and 500 at most."""
    app_id = app_id_of(server)
    expected = {f"c{number}": 1 for number in range(_GREATEST_SIZE + 1)}
    for name in expected:
        server.join(name, 7, app_id=app_id)
    for query, count in (
        ({}, _DEFAULT_SIZE),
        ({"page_no": 0}, _DEFAULT_SIZE),
        ({"page_no": 5}, 1),
        ({"page_no": 6}, 0),
        ({"page_size": 99}, 99),
        ({"page_size": 101}, 101),
        ({"page_size": _GREATEST_SIZE}, _GREATEST_SIZE),
        ({"page_size": _GREATEST_SIZE, "page_no": 1}, 1),
        ({"page_size": _GREATEST_SIZE, "page_no": 2}, 0),
    ):
        response = server.channels(app_id=app_id, **query).must_hold(len(expected), "data", "total_size")
        if len(response.need("data", "channels")) != count:
            raise Broken(
                f"{count} channels for {query}", f"{len(response.need('data', 'channels'))}", response.exchange
            )
    for query in ({}, {"page_size": _DEFAULT_SIZE}, {"page_no": 0, "page_size": _DEFAULT_SIZE}):
        first = server.channels(app_id=app_id, **query)
        if first.need("data", "channels") != server.channels(app_id=app_id, page_no=0).need("data", "channels"):
            raise Broken("page 0 with 100 channels by default", f"a different page for {query}", first.exchange)
    _must_part(server, app_id, expected, _DEFAULT_SIZE)
    server.send("list_channels", path={"appid": app_id}, query={"page_size": _GREATEST_SIZE + 1}).must_be_refused(400)


@check("CO-54", "CO-04", profile=Profile.READ_ONLY)
def pages_have_numbers_and_sizes(server: Server) -> None:
    """A page's number is at least 0, its size 1 to 500; everything else is refused with 400."""
    keep = tuple(server.trail)
    wrong = [{"page_size": size} for size in (0, -1, 501, 10_000, "x", "1.5", "")]
    wrong += [{"page_no": number} for number in (-1, "x", "1.5", "")]
    all_refused(server, wrong, lambda query: server.send("list_channels", query=query), 400, keep=keep)
    for size in (1, 500):
        server.channels(page_size=size).must_hold(True, "success")


@check("CO-54", "CO-55", profile=Profile.READ_ONLY)
def beyond_the_last_page_there_is_nothing(server: Server) -> None:
    """A page far beyond the last one is empty and no error, and counts the channels as the first page does."""
    first = server.channels(page_no=0)
    beyond = server.channels(page_no=1_000_000, page_size=500)
    beyond.must(beyond.need("data", "channels") == [], "no channels on page 1000000")
    if Control.USERS in server.offers:
        beyond.must_hold(first.need("data", "total_size"), "data", "total_size")


# -- insisting ---------------------------------------------------------------------------------------------------------


def _must_be_room(response: Response, uids: Iterable[int]) -> None:
    """A communication channel with exactly these users."""
    expected = sorted(uids)
    response.must_hold(True, "success").must_hold(True, "data", "channel_exist").must_hold(
        COMMUNICATION, "data", "mode"
    )
    response.must(sorted(response.need("data", "users")) == expected, f"the users {expected}")
    response.must_hold(len(expected), "data", "total")


def _must_be_stage(response: Response, hosts: Iterable[int], audience: Iterable[int]) -> None:
    """A live channel with exactly these hosts and this audience."""
    response.must_hold(True, "success").must_hold(True, "data", "channel_exist").must_hold(LIVE, "data", "mode")
    for member, uids in (("broadcasters", sorted(hosts)), ("audience", sorted(audience))):
        if sorted(response.need("data", member)) != uids:
            raise response.broken(f"`{member}` {uids}" if len(uids) < _DEFAULT_SIZE else f"{len(uids)} in `{member}`")
    response.must_hold(len(sorted(audience)), "data", "audience_total")


def _must_page(response: Response, expected: Mapping[str, int], total: int) -> None:
    """A page with exactly these channels and their numbers of users."""
    response.must_hold(True, "success").must_hold(total, "data", "total_size")
    channels = response.need("data", "channels")
    response.must(len(channels) == len(expected) and _counts(channels) == expected, f"the channels {dict(expected)}")


def _must_part(server: Server, app_id: str, expected: Mapping[str, int], size: int) -> None:
    """The pages of this size are full up to the last one, and hold the expected channels once between them."""
    seen: list[dict[str, Any]] = []
    pages = -(-len(expected) // size)
    for number in range(pages + 1):
        response = server.channels(app_id=app_id, page_no=number, page_size=size)
        response.must_hold(len(expected), "data", "total_size")
        channels = response.need("data", "channels")
        if len(channels) != min(size, max(0, len(expected) - number * size)):
            raise response.broken(f"page {number} of {len(expected)} channels, {size} on each")
        seen += channels
    if len(seen) != len(expected) or _counts(seen) != expected:
        raise Broken(f"every channel once, {dict(expected)}", f"{seen}", server.trail[-1])


def _counts(channels: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    return {each["channel_name"]: each["user_count"] for each in channels}


def _must_name(server: Server, names: Iterable[str]) -> None:
    """Asserts that each name is a channel of its own, with its own user, and is listed that way."""
    app_id = app_id_of(server)
    users = {name: 100 + number for number, name in enumerate(names)}
    for name, uid in users.items():
        server.join(name, uid, app_id=app_id)
    keep = (server.trail[0],)
    for name, uid in users.items():
        with alone(server, keep):
            response = server.users(name, app_id=app_id)
            response.must(response.get("data", "users") == [uid], f"the channel {name!r} with its one user {uid}")
            server.user(name, uid, app_id=app_id).must_hold(True, "data", "in_channel")
    response = server.channels(app_id=app_id, page_size=_GREATEST_SIZE)
    if _counts(response.need("data", "channels")) != dict.fromkeys(users, 1):
        raise Broken(
            f"the channels {sorted(users)}", f"{sorted(_counts(response.need('data', 'channels')))}", response.exchange
        )
