"""Users that a rule keeps out: while it lasts, they are in none of its channels (CO-44, CO-48)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from agora_rest.state_models.deviations import Deviation, deviation
from agora_rest.state_models.kicking_rules import KickingRules, Rule
from agora_rest.state_models.observed import Observed

_JOIN: Final = "join_channel"
_MOST_RULES: Final = 200
"""Rules in force beyond which users are not compared with them: it would take too long."""


class Bans:
    """Compares who is in a channel with the rules that were made."""

    def __init__(self, rules: KickingRules) -> None:
        self._rules = rules

    def observe(self, seen: Observed) -> Iterator[Deviation]:
        """A user who is there although a rule keeps them out; another client may have lifted it."""
        if seen.operation not in ("get_user_property", "list_channel_users") or not seen.succeeded:
            return
        app, cname = seen.path.get("appid"), seen.path.get("cname")
        users = _users(seen)
        if not users:
            return
        for count, (made, rule) in enumerate(self._rules.in_force(seen.account, seen.done)):
            if count >= _MOST_RULES:
                return
            if rule.values.get("appid") != app or not seen.after(rule.set_by) or not _bars(rule, cname, users):
                continue
            title = "A user that a rule keeps out is not in the channel"
            yield deviation(
                "banned_user", "CO-48 CO-44", title, "no such user", "a banned user", seen, made, doubtful=True
            )
            return


def _bars(rule: Rule, cname: str | None, users: set[Any]) -> bool:
    """Whether a rule keeps one of these users out of the channel. Addresses of users are unknown."""
    values = rule.values
    if "ip" in values or _JOIN not in values.get("privileges", [_JOIN]):
        return False
    if values.get("cname") not in (None, cname):
        return False
    return "uid" not in values or values["uid"] in users


def _users(seen: Observed) -> set[Any]:
    """The users that a response shows in the channel."""
    if seen.operation == "get_user_property":
        uid = seen.path.get("uid", "")
        return {int(uid)} if seen.in_response("data", "in_channel") is True and uid.isdecimal() else set()
    found: set[Any] = set()
    for name in ("users", "broadcasters", "audience"):
        listed = seen.in_response("data", name)
        found |= {each for each in listed if isinstance(each, int)} if isinstance(listed, list) else set()
    return found
