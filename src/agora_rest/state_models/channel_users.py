"""Users of a channel: a list agrees with itself, and a user's state with the request and with later ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from agora_rest.state_models.deviations import Deviation, deviation
from agora_rest.state_models.memory import Memory
from agora_rest.state_models.observed import Observed, objects
from agora_rest.state_models.times import is_number

_LISTED: Final = 10_000
"""Users of an audience that are listed at most (CO-52)."""
_WHOLE_SECONDS: Final = 2.0
"""Seconds after which two times of joining cannot be the same, or next to it, because they are rounded."""
_PUT_OUT: Final = frozenset({"create_kicking_rule", "update_kicking_rule", "delete_kicking_rule"})
_LISTS: Final = frozenset({"list_channel_users", "list_channel_hosts"})
_MODES: Final[dict[int, frozenset[int]]] = {1: frozenset({1}), 2: frozenset({2, 3})}
"""The roles of each mode of a channel (CO-50 … CO-52); 0 is unknown."""


class ChannelUsers:
    """Follows lists of users and the states of single ones."""

    def __init__(self, size: int) -> None:
        self._joined: Memory[tuple[str, str, str, str], tuple[float, Observed]] = Memory(size)
        self._absent: Memory[tuple[str, str, str, str], Observed] = Memory(size)
        self._modes: Memory[tuple[str, str, str], tuple[int, Observed]] = Memory(size)
        self._members: Memory[tuple[str, str, str], tuple[frozenset[str], Observed]] = Memory(min(size, 1_000))
        """The users of the latest list, if it was not cut."""
        self._counts: Memory[tuple[str, str, str], tuple[int, Observed]] = Memory(size)
        """The number of users in the latest page of channels."""

    def observe(self, seen: Observed) -> Iterator[Deviation]:
        """The deviations of a response about users."""
        if seen.operation in _PUT_OUT:
            self._members.clear()  # the call itself may have put users out, or let them back
            self._counts.clear()
        data = seen.in_response("data")
        if not seen.succeeded or not isinstance(data, dict):
            return
        if seen.operation in _LISTS:
            yield from _list(seen, data)
            yield from self._listed(seen, data)
            self._mode(seen, data)
        elif seen.operation == "get_user_property":
            yield from self._user(seen, data)
            yield from self._is_listed(seen, data)
        elif seen.operation == "list_channels":
            for row in objects(data.get("channels")):
                name, count = row.get("channel_name"), row.get("user_count")
                if isinstance(name, str) and isinstance(count, int):
                    self._counts.keep((seen.account, seen.path.get("appid", ""), name), (count, seen))

    def _listed(self, seen: Observed, data: dict[str, Any]) -> Iterator[Deviation]:
        """A list has as many users as the page of channels listed shortly before."""
        channel = seen.account, seen.path.get("appid", ""), seen.path.get("cname", "")
        lists = [_uids(data.get(name)) for name in ("users", "broadcasters", "audience")]
        is_whole = data.get("channel_exist") is False or lists[0] is not None or None not in lists[1:]
        users = frozenset(str(uid) for each in lists for uid in each or ())
        if not is_whole or len(users) >= _LISTED:
            return
        self._members.keep(channel, (users, seen))
        listed = self._counts.recall(channel)
        if listed is not None and listed[0] != len(users) and seen.after(listed[1]):
            title = "A list of users has as many as the list of channels shows"
            got = f"{len(users)}"
            yield deviation(
                "users_of_pages", "CO-55 CO-51 CO-57", title, f"{listed[0]}", got, seen, listed[1], doubtful=True
            )

    def _is_listed(self, seen: Observed, data: dict[str, Any]) -> Iterator[Deviation]:
        """A user is there if the list of users has them."""
        known = self._members.recall((seen.account, seen.path.get("appid", ""), seen.path.get("cname", "")))
        is_there = data.get("in_channel")
        if known is None or not isinstance(is_there, bool) or not seen.after(known[1]):
            return
        if is_there != (seen.path.get("uid") in known[0]):
            title = "A user is in the channel if the list of users has them"
            expected, got = (
                ("in the list", "not in the channel") if not is_there else ("not in the list", "in the channel")
            )
            yield deviation("user_of_list", "CO-50 CO-51 CO-52", title, expected, got, seen, known[1], doubtful=True)

    def _mode(self, seen: Observed, data: dict[str, Any]) -> None:
        mode = data.get("mode")
        if isinstance(mode, int) and data.get("channel_exist") is True:
            self._modes.keep((seen.account, seen.path.get("appid", ""), seen.path.get("cname", "")), (mode, seen))

    def _user(self, seen: Observed, data: dict[str, Any]) -> Iterator[Deviation]:
        channel = seen.account, seen.path.get("appid", ""), seen.path.get("cname", "")
        key = (*channel, seen.path.get("uid", ""))
        if data.get("in_channel") is not True:
            self._absent.keep(key, seen)
            yield from _nothing_else(seen, data, {"in_channel"})
            return
        if is_number(data.get("uid")) and f"{data['uid']}" != seen.path.get("uid", "").lstrip("+0"):
            yield deviation(
                "user_is_the_one", "CO-88", "The state is that of the requested user", "that uid", "another", seen
            )
        join: Any = data.get("join")
        if is_number(join):
            yield from self._stay(seen, key, float(join), data.get("role"))

    def _stay(self, seen: Observed, key: tuple[str, str, str, str], join: float, role: Any) -> Iterator[Deviation]:
        """One time of joining is one stay: without an absence, and in one mode of the channel."""
        before, absent = self._joined.recall(key), self._absent.recall(key)
        self._joined.keep(key, (join, seen if before is None or before[0] != join else before[1]))
        if before is None or not seen.after(before[1]):
            return
        since, first = before
        if join < since - 1:
            title = "The time of joining does not go back"
            yield deviation("joined_anew", "CO-50", title, "the same or a later one", "an earlier one", seen, first)
        elif join > since + 1:
            title = "A user who stays keeps the time of joining"
            yield deviation("join_stays", "CO-50", title, "the same", "a later one", seen, first, doubtful=True)
        elif absent is not None and absent.sent - first.done > _WHOLE_SECONDS and seen.after(absent):
            title = "A user who comes back has joined again"
            yield deviation("joined_anew", "CO-50", title, "a later time", "that of before the absence", seen, absent)
        yield from self._role(seen, key, role, first if join == since else None)

    def _role(
        self, seen: Observed, key: tuple[str, str, str, str], role: Any, first: Observed | None
    ) -> Iterator[Deviation]:
        """The role of a user is one of the mode that the channel has during their stay."""
        known = self._modes.recall(key[:3])
        if known is None or first is None or not isinstance(role, int) or role == 0 or known[0] not in _MODES:
            return
        mode, listed = known
        if role not in _MODES[mode] and listed.after(first) and seen.after(listed):
            title = "A user has a role of the channel's mode"
            got = f"role {role} in mode {mode}"
            yield deviation("role_of_mode", "CO-50 CO-51 CO-52", title, "a role of that mode", got, seen, listed)


def _list(seen: Observed, data: dict[str, Any]) -> Iterator[Deviation]:
    """A list agrees with itself (CO-51, CO-52, CO-53, CO-89, CO-90, CO-91)."""
    users, hosts, audience = (_uids(data.get(name)) for name in ("users", "broadcasters", "audience"))
    if data.get("channel_exist") is False:
        yield from _nothing_else(seen, data, {"channel_exist"})
        if users or hosts or audience:
            title = "A channel that does not exist has no users"
            yield deviation("no_channel_no_users", "CO-53", title, "no users", "users", seen)
        return
    yield from _counted(seen, data, users, audience)
    everybody = [*(users or ()), *(hosts or ()), *(audience or ())]
    if len(set(everybody)) < len(everybody):
        title = "Every user of a channel is listed once"
        yield deviation("users_once", "CO-51 CO-52 CO-90", title, "each once", "one twice", seen)
    of_hosts = seen.operation == "list_channel_hosts" or _hosts_only(seen)
    is_empty = not everybody and not data.get("audience_total") and (users, hosts, audience) != (None, None, None)
    if data.get("channel_exist") is True and is_empty and not of_hosts:
        title = "A channel exists as long as it has users"
        yield deviation("channel_has_users", "CO-53", title, "`channel_exist` false", "no users", seen)
    if (
        data.get("mode") == 2
        and of_hosts
        and any(data.get(name) is not None for name in ("audience", "audience_total"))
    ):
        title = "A list of hosts has no audience"
        yield deviation("hosts_only", "CO-90 CO-91", title, "no `audience`", "an `audience`", seen)


def _counted(
    seen: Observed, data: dict[str, Any], users: list[Any] | None, audience: list[Any] | None
) -> Iterator[Deviation]:
    for listed, name, facts in ((users, "total", "CO-51"), (audience, "audience_total", "CO-52")):
        total = data.get(name)
        if listed is None or not isinstance(total, int):
            continue
        expected = len(listed)
        is_cut = name == "audience_total" and expected >= _LISTED and total > expected
        if total != expected and not is_cut:
            title = f"`{name}` is the number of those who are listed"
            yield deviation("users_are_counted", facts, title, f"{expected}", f"{total}", seen)


def _uids(value: Any) -> list[Any] | None:
    return [each for each in value if isinstance(each, int | str)] if isinstance(value, list) else None


def _hosts_only(seen: Observed) -> bool:
    return seen.edition == "current" and "hosts_only" in seen.query


def _nothing_else(seen: Observed, data: dict[str, Any], allowed: set[str]) -> Iterator[Deviation]:
    """The state of an absent user has no other members (CO-89)."""
    if seen.edition == "current" and data.keys() - allowed:
        title = "The state of an absent user has no other members"
        yield deviation("nothing_else", "CO-89", title, "no other member", "other members", seen)
