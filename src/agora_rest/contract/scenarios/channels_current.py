"""Channels of the present documents: their hosts, users with their platforms, absent users and channels."""

from __future__ import annotations

from typing import Any, Final

from agora_rest.contract.checking.checks import check
from agora_rest.contract.http.control import Control
from agora_rest.contract.http.server import Response, Server
from agora_rest.contract.safety.access import Profile
from agora_rest.contract.scenarios._console import app_id_of

_HOST, _AUDIENCE = 2, 3
_LIVE, _COMMUNICATION = 2, 1
_NAMES: Final = ("a b", "a#b%c", "a?b", "x" * 64)


def _hosts(server: Server, app_id: str, cname: str) -> Response:
    return server.send("list_channel_hosts", path={"appid": app_id, "cname": cname})


def _live(server: Server, app_id: str, cname: str = "room") -> None:
    for uid, role in ((11, _HOST), (12, _HOST), (13, _AUDIENCE)):
        server.join(cname, uid, app_id=app_id, mode=_LIVE, role=role)


def _data(response: Response) -> dict[str, Any]:
    response.must_succeed(200).must_hold(True, "success")
    found = response.need("data")
    if not isinstance(found, dict):
        raise response.broken("an object `data`")
    return found


@check("CO-90", "CO-92", needs=Control.USERS)
def hosts_are_listed_without_the_audience(server: Server) -> None:
    """The list of hosts of a live channel has `channel_exist`, `mode` 2 and the hosts, and no audience."""
    app_id = app_id_of(server)
    _live(server, app_id)
    response = _hosts(server, app_id, "room")
    found = _data(response)
    if {**found, "broadcasters": sorted(found.get("broadcasters", []))} != {
        "channel_exist": True,
        "mode": _LIVE,
        "broadcasters": [11, 12],
    }:
        raise response.broken("`channel_exist`, `mode` 2 and the two hosts, and nothing else")


@check("CO-90", needs=Control.USERS)
def hosts_come_and_go(server: Server) -> None:
    """A host who leaves is listed no more, and a channel without hosts has an empty list."""
    app_id = app_id_of(server)
    _live(server, app_id)
    for gone, left in ((11, [12]), (12, [])):
        server.leave("room", gone, app_id=app_id)
        response = _hosts(server, app_id, "room").must_succeed()
        response.must(response.get("data", "broadcasters") == left, f"`broadcasters` {left}")


@check("CO-90", needs=Control.USERS)
def hosts_of_a_communication_channel_are_its_users(server: Server) -> None:
    """For a communication channel the list of hosts is that of its users."""
    app_id = app_id_of(server)
    server.join("room", 11, app_id=app_id, mode=_COMMUNICATION)
    response = _hosts(server, app_id, "room")
    if _data(response) != _data(server.users("room", app_id=app_id)):
        raise response.broken("the answer that the list of users gives")


@check("CO-90", needs=Control.USERS)
def hosts_of_any_channel_can_be_listed(server: Server) -> None:
    """The name of a channel may have every character in the path of the list of hosts."""
    app_id = app_id_of(server)
    for cname in _NAMES:
        _live(server, app_id, cname)
        response = _hosts(server, app_id, cname)
        response.must(len(_data(response).get("broadcasters", [])) == 2, "the two hosts of the channel")


@check("CO-91", needs=Control.USERS)
def the_audience_can_be_left_out(server: Server) -> None:
    """With `hosts_only`, whatever its value, the list of users has neither `audience` nor `audience_total`."""
    app_id = app_id_of(server)
    _live(server, app_id)
    path = {"appid": app_id, "cname": "room"}
    everybody = _data(server.send("list_channel_users", path=path))
    expected = {name: value for name, value in everybody.items() if not name.startswith("audience")}
    for value in ("true", "1", "", "false", "yes"):
        response = server.send("list_channel_users", path=path, query={"hosts_only": value})
        response.must(_data(response) == expected, "the channel's hosts, without `audience` and `audience_total`")


@check("CO-91", needs=Control.USERS)
def a_communication_channel_has_no_audience_to_leave_out(server: Server) -> None:
    """A communication channel is answered with `hosts_only` as without it."""
    app_id = app_id_of(server)
    server.join("room", 11, app_id=app_id, mode=_COMMUNICATION)
    path = {"appid": app_id, "cname": "room"}
    response = server.send("list_channel_users", path=path, query={"hosts_only": "true"})
    if _data(response) != _data(server.send("list_channel_users", path=path)):
        raise response.broken("the answer that is given without `hosts_only`")


@check("CO-88", needs=Control.USERS)
def a_user_has_an_id_and_a_platform(server: Server) -> None:
    """The state of a user who is there has the `uid` and a `platform`, which are numbers."""
    app_id = app_id_of(server)
    for uid in (7, 4294967295):
        server.join("room", uid, app_id=app_id)
        response = server.user("room", uid, app_id=app_id).must_hold(uid, "data", "uid")
        platform = response.need("data", "platform")
        if not isinstance(platform, int) or isinstance(platform, bool) or platform < 0:
            raise response.broken("a `platform` that is a number")


@check("CO-88", needs=Control.USERS)
def each_user_has_its_own_platform(server: Server) -> None:
    """`platform` is that of the user: 1 Android, 2 iOS, 5 Windows, 6 Linux, 7 Web, 8 macOS, 0 another."""
    app_id = app_id_of(server)
    platforms = (1, 2, 5, 6, 7, 8, 0)
    for uid, platform in enumerate(platforms, start=7):
        server.join("room", uid, app_id=app_id, platform=platform)
    for uid, platform in enumerate(platforms, start=7):
        server.user("room", uid, app_id=app_id).must_hold(platform, "data", "platform")


@check("CO-88", needs=Control.USERS)
def who_comes_from_another_platform_is_on_it(server: Server) -> None:
    """`platform` is that from which the user joined last, after having left the channel or not."""
    app_id = app_id_of(server)
    server.join("room", 7, app_id=app_id, platform=1)
    server.join("room", 7, app_id=app_id, platform=2)
    server.user("room", 7, app_id=app_id).must_hold(2, "data", "platform")
    server.leave("room", 7, app_id=app_id)
    server.join("room", 7, app_id=app_id, platform=7)
    server.user("room", 7, app_id=app_id).must_hold(7, "data", "platform")


@check("CO-89", profile=Profile.READ_ONLY)
def an_absent_user_has_no_state(server: Server) -> None:
    """If `in_channel` or `channel_exist` is false, `data` has no other member."""
    path = {"appid": server.app_id, "cname": "contract-nobody-was-here"}
    for operation, more, name in (
        ("get_user_property", {"uid": "7"}, "in_channel"),
        ("list_channel_users", {}, "channel_exist"),
        ("list_channel_hosts", {}, "channel_exist"),
    ):
        response = server.send(operation, path={**path, **more})
        response.must(_data(response) == {name: False}, f"`{name}` false and nothing else in `data`")


@check("CO-89", needs=Control.USERS)
def a_user_who_left_has_no_state(server: Server) -> None:
    """A user who has left, and a channel that is empty again, are as if they had never been."""
    app_id = app_id_of(server)
    server.join("room", 7, app_id=app_id)
    server.leave("room", 7, app_id=app_id)
    for response, name in (
        (server.user("room", 7, app_id=app_id), "in_channel"),
        (server.users("room", app_id=app_id), "channel_exist"),
        (_hosts(server, app_id, "room"), "channel_exist"),
    ):
        response.must(_data(response) == {name: False}, f"`{name}` false and nothing else in `data`")


@check("CO-92", profile=Profile.READ_ONLY)
def success_is_true(server: Server) -> None:
    """Every answer about channels has `success`, which is true, also for an empty channel."""
    path = {"appid": server.app_id, "cname": "contract-nobody-was-here"}
    for operation in ("get_user_property", "list_channel_users", "list_channel_hosts", "list_channels"):
        server.send(operation, path={**path, "uid": "7"}).must_succeed().must_hold(True, "success")
