"""Lists that are not whole, and pages that do not add up."""

from __future__ import annotations

from typing import Any

from agora_rest.emulator import channels, projects, world
from agora_rest.emulator.channels import ChannelPage
from faults.caller import Caller
from faults.middleware import on_request, on_response, put
from faults.patches import called_with, method, result
from faults.seeds import paging


def _page(original: Any, self: Any, app_id: Any, number: Any, size: Any, *, begin: int, end: int) -> ChannelPage:
    found = self.of(app_id)
    return ChannelPage(found[max(begin, 0) : end], len(found))


def _last_again(original: Any, self: Any, app_id: Any, number: Any, size: Any) -> Any:
    return _page(original, self, app_id, number, size, begin=number * size - (number > 0), end=(number + 1) * size)


def _one_is_lost(original: Any, self: Any, app_id: Any, number: Any, size: Any) -> Any:
    return _page(original, self, app_id, number, size, begin=number * (size + 1), end=number * (size + 1) + size)


def _one_short(original: Any, self: Any, app_id: Any, number: Any, size: Any) -> Any:
    page = original(self, app_id, number, size)
    return ChannelPage(page.channels[: size - 1] if size > 1 else page.channels, page.total)


def _total_of_the_page(original: Any, self: Any, app_id: Any, number: Any, size: Any) -> Any:
    page = original(self, app_id, number, size)
    return ChannelPage(page.channels, len(page.channels))


def _total_of_pages(original: Any, self: Any, app_id: Any, number: Any, size: Any) -> Any:
    page = original(self, app_id, number, size)
    return ChannelPage(page.channels, -(-page.total // size))


def _total_up_to_here(original: Any, self: Any, app_id: Any, number: Any, size: Any) -> Any:
    page = original(self, app_id, number, size)
    return ChannelPage(page.channels, min(page.total, (number + 1) * size))


def _last_page_again(original: Any, self: Any, app_id: Any, number: Any, size: Any) -> Any:
    last = max(-(-len(self.of(app_id)) // size) - 1, 0)
    return original(self, app_id, min(number, last), size)


def _in_turn(original: Any, self: Any, app_id: Any) -> Any:
    turn = self.__dict__["turn"] = self.__dict__.get("turn", 0) + 1
    found = original(self, app_id)
    return found if turn % 2 else found[::-1]


def _all_apps(original: Any, self: Any, app_id: Any) -> Any:
    return [channel for each in self._by_app for channel in original(self, each)]


def _many(a: Caller, count: int, **query: Any) -> Any:
    for number in range(count):
        a.join(1, cname=f"room-{number:03}")
    return a.channels(**query)


def _without_size(call: Any) -> None:
    if "page_size" not in call.query:
        call.query = f"{call.query}&page_size=10".removeprefix("&")


def _next_page(call: Any) -> None:
    if "page_no" not in call.query:
        call.query = f"{call.query}&page_no=1".removeprefix("&")


_COUNTED = called_with(channels.Channels, "page", number=lambda number: max(number - 1, 0))

FAULTS = {
    "pages-from-one": paging(
        "CO-54", "pages are counted from 1", _COUNTED, lambda a: _many(a, 4, page_no=1, page_size=2)
    ),
    "page-one-when-left-out": paging("CO-54", "page_no is 1 when left out", on_request("list_channels", _next_page)),
    "ten-when-left-out": paging(
        "CO-54", "page_size is 10 when left out", on_request("list_channels", _without_size), lambda a: _many(a, 11)
    ),
    "page-size-is-ignored": paging(
        "CO-54",
        "every page has 100 channels",
        called_with(channels.Channels, "page", size=100),
        lambda a: _many(a, 3, page_size=2),
    ),
    "at-most-a-hundred": paging(
        "CO-54",
        "no page has more than 100 channels",
        called_with(channels.Channels, "page", size=lambda size: min(size, 100)),
        lambda a: _many(a, 101, page_size=200),
    ),
    "one-comes-twice": paging(
        "CO-55",
        "a page begins with the last channel of the one before",
        method(channels.Channels, "page", _last_again),
        lambda a: _many(a, 4, page_no=1, page_size=2),
    ),
    "one-is-lost": paging(
        "CO-55",
        "between two pages a channel is lost",
        method(channels.Channels, "page", _one_is_lost),
        lambda a: _many(a, 4, page_no=1, page_size=2),
    ),
    "pages-are-one-short": paging(
        "CO-54 CO-55",
        "a full page lacks its last channel",
        method(channels.Channels, "page", _one_short),
        lambda a: _many(a, 4, page_size=2),
    ),
    "total-of-the-page": paging(
        "CO-55",
        "total_size counts the channels of the page",
        method(channels.Channels, "page", _total_of_the_page),
        lambda a: _many(a, 3, page_size=2),
    ),
    "total-of-pages": paging(
        "CO-55",
        "total_size counts the pages",
        method(channels.Channels, "page", _total_of_pages),
        lambda a: _many(a, 3, page_size=2),
    ),
    "total-up-to-here": paging(
        "CO-55",
        "total_size counts the channels up to the end of this page",
        method(channels.Channels, "page", _total_up_to_here),
        lambda a: _many(a, 3, page_size=2),
    ),
    "last-page-for-ever": paging(
        "CO-54 CO-55",
        "after the last page comes the last page, again and again",
        method(channels.Channels, "page", _last_page_again),
        lambda a: _many(a, 2, page_no=5, page_size=2),
    ),
    "order-turns": paging(
        "CO-55",
        "each page is cut from the list in another order",
        method(channels.Channels, "of", _in_turn),
        lambda a: [_many(a, 4, page_size=2), a.channels(page_size=2)],
    ),
    "channels-of-all-apps": paging(
        "CO-55",
        "the channels of every App ID are listed and counted",
        method(channels.Channels, "of", _all_apps),
        lambda a: [app := a.project()["vendor_key"], a.control(a.emulator.join, app, "theirs", 1), a.channels()],
    ),
    "ten-projects": paging(
        "CO-14",
        "only the first ten projects are listed",
        result(projects.Projects, "all", lambda result: result[:10]),
        lambda a: [[a.create(str(number)).status for number in range(10)], a.get("/v1/projects")],
    ),
    "ten-rules": paging(
        "CO-45",
        "only the latest ten kicking rules are listed",
        result(world.World, "list_rules", lambda result: result[-10:]),
        lambda a: [[a.kick(uid=number).status for number in range(1, 12)], a.rules()],
    ),
    "the-first-is-hidden": paging(
        "CO-55",
        "the first channel of the list is never shown, though it is counted",
        on_response("list_channels", put("data.channels", lambda rows: rows[1:])),
    ),
}
