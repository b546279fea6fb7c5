"""Faults of channels and their pages, each with the checks that must see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import pytest

from agora_rest.emulator import Role
from agora_rest.emulator.channels import Channel, Channels
from agora_rest.emulator.projects import Projects
from agora_rest.emulator.web import dialects, endpoints
from agora_rest.emulator.world import World
from tests.contract.console_kinds import CHANNEL_CALLS, asks, changes, does, instead, merge, times
from tests.contract.faults import Edge, Fault, Sent, answer, edge, inside, replaced, responds, sends, wrapped


def _remembers_joins(patch: pytest.MonkeyPatch) -> None:
    """Who comes back has joined when it first came."""
    first: dict[tuple[Any, ...], float] = {}

    def around(join: Any, self: Channels, app: str, name: str, uid: int, now: float, **more: Any) -> Any:
        joined = first.setdefault((id(self), app, name, uid), now)
        return join(self, app, name, uid, joined, **more)

    wrapped(Channels, "join", around)(patch)


def _users(change: Callable[[dict[str, Any]], object]) -> Edge:
    return changes("list_channel_users", lambda b: change(b["data"]) if b["data"]["channel_exist"] else None)


def _page(change: Callable[[dict[str, Any]], object]) -> Edge:
    return changes("list_channels", lambda b: change(b["data"]))


def _property(change: Callable[[dict[str, Any]], object]) -> Edge:
    return changes("get_user_property", lambda b: change(b["data"]) if b["data"]["in_channel"] else None)


def _path(change: Callable[[str], str]) -> Edge:
    """The path of a channel call is changed; it is percent-encoded."""

    def fault(sent: Sent) -> Sent:
        if sent.operation not in CHANNEL_CALLS:
            return sent
        path, _, query = sent.request.url.raw_path.decode().partition("?")
        return sent.again(
            url=sent.request.url.copywith_(raw_path="?".join(filter(None, (change(path), query))).encode())
        )

    return sends(fault)


CHANNELS: tuple[Fault, ...] = (
    edge(
        "everybody's role is communication user", _property(lambda d: merge(d, role=1)), "a_user_is_shown_as_what_it_is"
    ),
    edge(
        "hosts are audience and audience hosts",
        _property(lambda d: merge(d, role={2: 3, 3: 2}.get(d["role"], d["role"]))),
        "a_user_is_shown_as_what_it_is",
    ),
    edge("`join` is in milliseconds", _property(lambda d: times(d, 1000, "join")), "a_user_has_joined_when_it_did"),
    edge("`join` is always the same", _property(lambda d: merge(d, join=1549073054)), "a_user_has_joined_when_it_did"),
    inside("who comes back joined when it first came", _remembers_joins, "a_user_has_joined_when_it_did"),
    edge(
        "who is not there is in the channel",
        changes("get_user_property", lambda b: merge(b["data"], in_channel=True, join=1, role=1)),
        "who_is_not_there_is_not_in_the_channel",
    ),
    inside(
        "a user is found in any channel",
        wrapped(
            World,
            "find_user",
            lambda _find, self, app, _cname, uid: next(
                (c.users[uid] for c in self.channels.of(app) if uid in c.users), None
            ),
        ),
        "channels_want_an_app_id_that_is_there",
    ),
    inside(
        "channels are those of all App IDs",
        wrapped(
            Channels,
            "find",
            lambda _find, self, _app, name: next((c[name] for c in self._by_app.values() if name in c), None),
        ),
        "a_room_lists_all_its_users",
    ),
    inside(
        "an unknown App ID has no channels",
        does(Projects, "require_app_id", lambda self, app: self._by_app_id.get(app)),
        "channels_want_an_app_id_that_is_there",
    ),
    edge(
        "who is nobody is user 1",
        _path(lambda p: p.replace("/0/", "/1/").replace("/4294967296/", "/1/")),
        "a_uid_in_a_url_is_one",
    ),
    edge(
        "users are listed but for the last", _users(lambda d: d.get("users", [0]).pop()), "a_room_lists_all_its_users"
    ),
    edge(
        "users are counted without one",
        _users(lambda d: merge(d, total=d["total"] - 1) if "total" in d else None),
        "a_room_lists_all_its_users",
    ),
    edge(
        "live channels are in communication mode",
        _users(lambda d: merge(d, mode=1)),
        "a_stage_lists_hosts_and_audience",
    ),
    edge(
        "the audience has the hosts in it",
        _users(lambda d: merge(d, audience=d["audience"] + d["broadcasters"]) if "audience" in d else None),
        "a_stage_lists_hosts_and_audience",
    ),
    edge(
        "the audience is counted with the hosts",
        _users(
            lambda d: merge(d, audience_total=d["audience_total"] + len(d["broadcasters"])) if "audience" in d else None
        ),
        "a_stage_lists_hosts_and_audience",
    ),
    edge(
        "the audience is counted as listed",
        _users(lambda d: merge(d, audience_total=len(d["audience"])) if "audience" in d else None),
        "ten_thousand_of_an_audience_are_listed",
    ),
    edge(
        "of an audience 1,000 are listed",
        _users(lambda d: merge(d, audience=d["audience"][:1000]) if "audience" in d else None),
        "ten_thousand_of_an_audience_are_listed",
    ),
    inside(
        "of an audience 9,999 are listed",
        replaced(dialects, "AUDIENCE_LISTED", 9_999),
        "ten_thousand_of_an_audience_are_listed",
    ),
    inside(
        "of an audience all are listed",
        replaced(dialects, "AUDIENCE_LISTED", 10**6),
        "ten_thousand_of_an_audience_are_listed",
    ),
    inside(
        "of an audience the last are listed",
        wrapped(
            Channel,
            "with_role",
            lambda found, self, role: found(self, role)[-10_000:] if role is Role.AUDIENCE else found(self, role),
        ),
        "ten_thousand_of_an_audience_are_listed",
    ),
    edge(
        "an absent channel is there",
        changes(
            "list_channel_users",
            lambda b: (
                b["data"]["channel_exist"] or merge(b, data={"channel_exist": True, "mode": 1, "total": 0, "users": []})
            ),
        ),
        "a_channel_that_is_not_there_is_no_error",
    ),
    edge(
        "an absent channel is a 404",
        responds(
            lambda r, s: (
                answer(404, {"error_msg": "no channel"})
                if s.operation == "list_channel_users" and not r.json().get("data", {}).get("channel_exist", True)
                else r
            )
        ),
        "a_channel_that_is_not_there_is_no_error",
    ),
    inside(
        "a channel stays when its last user leaves",
        does(Channels, "leave", lambda self, app, name, uid: self.find(app, name).users.pop(uid)),
        "a_kick_empties_its_channel",
    ),
    edge(
        "`success` is `sucess`",
        responds(
            lambda r, s: (
                answer(200, {"sucess": True, "data": r.json()["data"]})
                if s.operation in CHANNEL_CALLS and r.status_code == 200
                else r
            )
        ),
        "who_is_not_there_is_not_in_the_channel",
    ),
    edge(
        "a plus is a space",
        _path(lambda p: p.replace("%2B", "%20")),
        "names_are_decoded_once",
        "each_of_the_89_characters_arrives_as_itself",
    ),
    edge("names are decoded twice", _path(lambda p: p.replace("%25", "%")), "every_name_may_be_asked_about"),
    edge(
        "names are in lower case", _path(lambda p: p.lower().replace("%2f", "%2F")), "a_user_is_in_its_own_channel_only"
    ),
    edge(
        "names are stripped",
        _path(lambda p: "/".join(part.removeprefix("%20").removesuffix("%20") or part for part in p.split("/"))),
        "names_are_decoded_once",
    ),
    edge("names end at a question mark", _path(lambda p: p.partition("%3F")[0]), "names_are_decoded_once"),
    edge("names have no hash in them", _path(lambda p: p.replace("%23", "")), "names_are_decoded_once"),
    edge(
        "names with a tilde are refused",
        responds(lambda r, s: answer(400, {"error_msg": "no"}) if "~" in unquote(s.path.get("cname", "")) else r),
        "every_name_may_be_asked_about",
    ),
    edge("names have 100 bytes", _path(lambda p: p.replace("c" * 65, "c" * 64)), "other_names_are_refused"),
    edge(
        "names may be anything",
        _path(lambda p: p.replace("%C3%A4", "a").replace("%22", "a").replace("%2A", "a").replace("*", "a")),
        "other_names_are_refused",
    ),
    edge(
        "pages begin with 1",
        asks(
            lambda _, q: (
                {**q, "page_no": str(max(0, int(q["page_no"]) - 1))} if q.get("page_no", "x").isdecimal() else None
            ),
            "list_channels",
        ),
        "pages_have_numbers_and_sizes",
    ),
    edge(
        "pages overlap by one",
        _page(lambda d: d["channels"] and d["channels"].append(d["channels"][0])),
        "pages_part_the_channels",
    ),
    edge(
        "pages lose their last channel",
        _page(lambda d: len(d["channels"]) > 2 and d["channels"].pop()),
        "names_are_decoded_once",
    ),
    inside(
        "pages are cut one channel late",
        wrapped(
            Channels,
            "page",
            lambda page, self, app, number, size: replace(
                page(self, app, number, size),
                channels=self.of(app)[number * size + bool(number) : (number + 1) * size + bool(number)],
            ),
        ),
        "pages_part_the_channels",
        "pages_part_whatever_channels_there_are",
    ),
    inside(
        "pages are of 50 by default",
        wrapped(
            endpoints,
            "_query_value",
            lambda read, parameter, given: (
                50 if parameter.name == "page_size" and not given else read(parameter, given)
            ),
        ),
        "a_page_has_100_channels_by_default_and_500_at_most",
    ),
    inside(
        "pages are of 100 at most",
        wrapped(Channels, "page", lambda page, self, app, number, size: page(self, app, number, min(size, 100))),
        "a_page_has_100_channels_by_default_and_500_at_most",
    ),
    inside(
        "a page beyond the last is the last",
        wrapped(
            Channels,
            "page",
            lambda page, self, app, number, size: page(
                self, app, min(number, max(0, (len(self.of(app)) - 1) // size)), size
            ),
        ),
        "pages_part_the_channels",
    ),
    edge(
        "a page far beyond the last is refused",
        instead(
            "list_channels", 400, {"error_msg": "no"}, lambda _, s: s.request.url.params.get("page_no") == "1000000"
        ),
        "beyond_the_last_page_there_is_nothing",
    ),
    edge(
        "the total is the page's", _page(lambda d: merge(d, total_size=len(d["channels"]))), "pages_part_the_channels"
    ),
    edge(
        "the total counts users",
        _page(
            lambda d: merge(
                d, total_size=sum(c["user_count"] for c in d["channels"]) + d["total_size"] - len(d["channels"])
            )
        ),
        "pages_part_the_channels",
    ),
    edge(
        "every channel has one user",
        _page(lambda d: [merge(c, user_count=1) for c in d["channels"]]),
        "pages_part_the_channels",
    ),
    edge(
        "a page may have 501 channels",
        asks(lambda _, q: {**q, "page_size": "500"} if q.get("page_size") == "501" else None, "list_channels"),
        "pages_have_numbers_and_sizes",
    ),
    edge(
        "a page of no channels is one of 100",
        asks(lambda _, q: {**q, "page_size": "100"} if q.get("page_size") == "0" else None, "list_channels"),
        "pages_have_numbers_and_sizes",
    ),
    edge(
        "the page -1 is page 0",
        asks(lambda _, q: {**q, "page_no": "0"} if q.get("page_no") == "-1" else None, "list_channels"),
        "pages_have_numbers_and_sizes",
    ),
    inside(
        "channels are listed under every App ID",
        does(
            Channels,
            "of",
            lambda self, _: sorted((c for here in self._by_app.values() for c in here.values()), key=lambda c: c.name),
        ),
        "pages_part_the_channels",
    ),
)
