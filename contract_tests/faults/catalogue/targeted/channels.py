"""Channels, their users and their pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from agora_rest.emulator import Role
from agora_rest.emulator.channels import Channel
from agora_rest.emulator.projects import Projects
from faults.fault import Category, Table, targeted
from faults.middleware import At, HttpCall, edit, on_request, on_response, put, refuse, respond
from faults.patches import method

_CALLS = "get_user_property list_channel_users list_channels"


def _path(change: Callable[[str], str]) -> At:
    """The path of a channel call is changed; it is percent-encoded."""
    return on_request(_CALLS, lambda call: setattr(call, "path", change(call.path)))


def _of_a_user(path: str, new: Any) -> At:
    """A property of a user who is in the channel is changed."""

    def change(call: HttpCall) -> None:
        if call.payload["data"]["in_channel"]:
            put(f"data.{path}", new)(call)

    return on_response("get_user_property", change)


def _absent_is_there(body: Any) -> None:
    if not body["data"]["channel_exist"]:
        body["data"] = {"channel_exist": True, "mode": 1, "total": 0, "users": []}


CHANNELS: Table = {
    "a_user_is_shown_as_what_it_is": {
        "everybody's role is communication user": _of_a_user("role", 1),
        "hosts are audience and audience hosts": _of_a_user("role", lambda role: {2: 3, 3: 2}.get(role, role)),
    },
    "a_user_has_joined_when_it_did": {
        "`join` is always the same": _of_a_user("join", 1549073054),
    },
    "who_is_not_there_is_not_in_the_channel": {
        "who is not there is in the channel": on_response(
            "get_user_property", edit(lambda body: body["data"].update(in_channel=True, join=1, role=1))
        ),
    },
    "channels_want_an_app_id_that_is_there": {
        "an unknown App ID has no channels": method(
            Projects, "require_app_id", lambda _original, self, app: self._by_app_id.get(app)
        ),
    },
    "a_room_lists_all_its_users": {
        "users are listed but for the last": on_response(
            "list_channel_users", put("data.users", lambda users: users[:-1])
        ),
    },
    "a_uid_in_a_url_is_one": {
        "a uid that is none is 1": _path(lambda p: p.replace("/0/", "/1/").replace("/4294967296/", "/1/")),
    },
    "ten_thousand_of_an_audience_are_listed": {
        "of an audience the last are listed": method(
            Channel,
            "with_role",
            lambda found, self, role: found(self, role)[-10_000:] if role is Role.AUDIENCE else found(self, role),
        ),
    },
    "a_channel_that_is_not_there_is_no_error": {
        "an absent channel is there": on_response("list_channel_users", edit(_absent_is_there)),
    },
    "every_channel_name_can_be_queried": {
        "names with a tilde are refused": refuse(
            _CALLS, lambda call: "~" in unquote(call.parameters.get("cname", "")), respond(400, {"error_msg": "no"})
        ),
    },
    "names_are_decoded_once": {
        "names are stripped": _path(
            lambda p: "/".join(part.removeprefix("%20").removesuffix("%20") or part for part in p.split("/"))
        ),
        "names have no hash in them": _path(lambda p: p.replace("%23", "")),
    },
    "other_names_are_refused": {
        "names in URLs have 100 bytes": _path(lambda p: p.replace("c" * 65, "c" * 64)),
        "names in URLs may be anything": _path(
            lambda p: p.replace("%C3%A4", "a").replace("%22", "a").replace("%2A", "a").replace("*", "a")
        ),
    },
    "pages_part_the_channels": {
        "the total counts users": on_response(
            "list_channels",
            edit(
                lambda body: body["data"].update(
                    total_size=body["data"]["total_size"]
                    + sum(channel["user_count"] - 1 for channel in body["data"]["channels"])
                )
            ),
        ),
        "every channel has one user": on_response("list_channels", put("data.channels.*.user_count", 1)),
    },
    "beyond_the_last_page_there_is_nothing": {
        "a page far beyond the last is refused": refuse(
            "list_channels", lambda call: "page_no=1000000" in call.query, respond(400, {"error_msg": "no"})
        ),
    },
}

FAULTS = targeted(Category.STATE, CHANNELS)
