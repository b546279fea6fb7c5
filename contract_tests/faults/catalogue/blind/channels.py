"""Faults of channels and their pages: who left, what is behind the last page."""

from __future__ import annotations

import dataclasses
from typing import Any

from agora_rest.emulator.channels import Channels, Role
from agora_rest.emulator.refusals import NoSuchProject
from agora_rest.emulator.web import dialects
from faults.caller import APP, Caller
from faults.middleware import At, HttpCall, admit_query, on_request, on_response, put
from faults.patches import also, called_with, method, value
from faults.seeds import cross, identity, paging, state, statuses, timing, units


def _most_ever() -> At:
    """user_count stays when a user leaves."""

    def make() -> Any:
        most: dict[str, int] = {}

        async def middleware(call: HttpCall, forward: Any) -> None:
            await forward()
            if call.operation == "list_channels" and call.status == 200:
                reply = call.payload
                for row in reply["data"]["channels"]:
                    name = row["channel_name"]
                    row["user_count"] = most[name] = max(most.get(name, 0), row["user_count"])
                call.payload = reply

        return middleware

    return At(make)


def _past_the_end_is_missing(result: Any, number: Any) -> None:
    if number and not result.channels:
        raise NoSuchProject


def _nothing_to_count_past_the_end(original: Any, self: Any, app_id: Any, number: Any, size: Any) -> Any:
    page = original(self, app_id, number, size)
    return page if page.channels else dataclasses.replace(page, total=0)


def _joined_with_the_first(original: Any, self: Any, app_id: Any, name: Any, uid: Any, now: Any, **more: Any) -> Any:
    channel = self.find(app_id, name)
    begun = now if channel is None else min(user.joined for user in channel.users.values())
    return original(self, app_id, name, uid, begun, **more)


def _never_leaves_alone(original: Any, self: Any, app_id: Any, name: Any, uid: Any) -> None:
    channel = self.find(app_id, name)
    original(self, app_id, name, uid)
    if channel is not None and channel.users:
        channel.users.pop(next(iter(channel.users)))
        if not channel.users:
            del self._by_app[app_id][name]


def _listeners_talk(call: HttpCall) -> None:
    reply = call.payload
    data = reply.get("data", {})
    if data.get("mode") == 2 and not data.get("broadcasters"):
        data["mode"] = 1
        data["total"], data["users"] = data["audience_total"], data["audience"]
    call.payload = reply


def _cut_at(letter: str) -> At:
    """A channel name in a URL ends at this letter."""
    code = f"%{ord(letter):02X}"

    def change(call: HttpCall) -> None:
        if call.operation in ("list_channel_users", "get_user_property"):
            head, _, name = call.path.rpartition("/")
            for cut in (code, code.lower(), letter):
                name = name.partition(cut)[0] or name
            call.path = f"{head}/{name}"

    return on_request("", change)


def _channels(a: Caller, count: int = 4) -> list[bool]:
    return [a.join(1, cname=f"room{number}") for number in range(count)]


def _joined_once(original: Any, self: Any, app_id: Any, name: Any, uid: Any, now: Any, **more: Any) -> Any:
    first = vars(self).setdefault("first", {}).setdefault((app_id, name, uid), now)
    return original(self, app_id, name, uid, first, **more)


def _no_such_thing(call: HttpCall) -> None:
    data = call.payload["data"]
    if data.get("in_channel") is False or data.get("channel_exist") is False:
        call.status, call.payload = 404, {"message": "not there"}


FAULTS = {
    "counts-never-fall": state(
        "CO-55",
        "user_count of a channel stays when users leave",
        _most_ever(),
        lambda a: [a.join(1, 2), a.channels(), a.control(a.emulator.leave, APP, "lesson", 1), a.channels()],
    ),
    "past-the-end-is-404": paging(
        "CO-54",
        "a page behind the last one is 404",
        also(Channels, "page", _past_the_end_is_missing),
        lambda a: [_channels(a), a.channels(page_no=5).status],
    ),
    "no-total-past-the-end": paging(
        "CO-55",
        "total_size is 0 behind the last page",
        method(Channels, "page", _nothing_to_count_past_the_end),
        lambda a: [_channels(a), a.channels(page_no=5).content],
    ),
    "three-pages": paging(
        "CO-54 CO-55",
        "there is nothing on the fourth page and behind",
        called_with(Channels, "page", number=lambda number: number if number < 3 else 10**6),
        lambda a: [_channels(a), a.channels(page_no=3, page_size=1).content],
    ),
    "two-at-least": paging(
        "CO-54",
        "a page has two channels at least",
        called_with(Channels, "page", size=lambda size: max(size, 2)),
        lambda a: [_channels(a), a.channels(page_no=0, page_size=1).content],
    ),
    "page-of-none": paging(
        "CO-54",
        "a page of 0 channels is taken",
        admit_query("list_channels", "page_size", lambda given: int(given) == 0, "1"),
        lambda a: a.channels(page_size=0).status,
    ),
    "joined-with-the-first": timing(
        "CO-50",
        "everybody joined when the channel began",
        method(Channels, "join", _joined_with_the_first),
        lambda a: [a.join(1), a.advance(100), a.join(2), a.user(2)],
    ),
    "one-takes-another-along": state(
        "CO-50 CO-51",
        "who leaves takes the first of the others along",
        method(Channels, "leave", _never_leaves_alone),
        lambda a: [a.join(1, 2, 3), a.control(a.emulator.leave, APP, "lesson", 3), a.users().content],
    ),
    "listeners-alone-talk": cross(
        "CO-51 CO-52",
        "a live channel with an audience only is in communication mode",
        on_response("list_channel_users", _listeners_talk),
        lambda a: [a.join(1, role=Role.AUDIENCE), a.users().content],
    ),
    "cut-at-question-mark": identity(
        "CO-57",
        "a channel's name in a URL ends at a ? in it",
        _cut_at("?"),
        lambda a: [a.join(1, cname="a?b"), a.users("a?b").content],
    ),
    "cut-at-semicolon": identity(
        "CO-57",
        "a channel's name in a URL ends at a ; in it",
        _cut_at(";"),
        lambda a: [a.join(1, cname="a;b"), a.users("a;b").content],
    ),
    "cut-at-percent": identity(
        "CO-57",
        "a channel's name in a URL ends at a % in it",
        _cut_at("%"),
        lambda a: [a.join(1, cname="a%b"), a.users("a%b").content],
    ),
    "joined-once": state(
        "CO-50",
        "who comes back has the time of the first joining",
        method(Channels, "join", _joined_once),
        lambda a: [
            a.join(7),
            a.control(a.emulator.leave, APP, "lesson", 7),
            a.advance(60),
            a.join(7),
            a.user(7).content,
        ],
    ),
    "nobody-is-404": statuses(
        "CO-50 CO-53",
        "a user or a channel that is not there is 404",
        on_response("get_user_property list_channel_users", _no_such_thing),
    ),
    "audience-of-9999": units(
        "CO-52",
        "9,999 of an audience are listed",
        value(dialects, "AUDIENCE_LISTED", 9999),
        lambda a: [a.join(*range(1, 10_002), role=Role.AUDIENCE), len(a.users().json["data"]["audience"])],
    ),
    "ten-broadcasters": units(
        "CO-52",
        "only ten broadcasters are listed",
        on_response("list_channel_users", put("data.broadcasters", lambda hosts: hosts[:10])),
        lambda a: [a.join(*range(1, 12), role=Role.HOST), a.users().content],
    ),
}
