"""Shared parts of the kicking-rule checks: creating rules, and reading them in both dialects."""

from __future__ import annotations

from typing import Any, Final

from agora_rest.contract.http.server import OMIT, Response, Server
from agora_rest.contract.outcomes import Broken, require

NEAR: Final = 2
"""How far from the end of a ban we look, and how exact moments must be, in seconds."""


def ask_rule(server: Server, app_id: str, **body: Any) -> Response:
    """Create a rule; it bans from joining for an hour unless `body` says otherwise."""
    return server.ask_kick(**{"appid": app_id, **body})


def kick(server: Server, app_id: str, **body: Any) -> int:
    """The ID of a new rule."""
    return id_of(ask_rule(server, app_id, **body).must_succeed())


def update_rule(server: Server, app_id: str, number: int, time: Any) -> Response:
    """Ask for another end of a rule, `time` minutes from now."""
    return server.send("update_kicking_rule", body={"appid": app_id, "id": number, "time": time})


def delete_rule(server: Server, app_id: str, number: int) -> Response:
    """Ask for the end of a rule."""
    return server.send("delete_kicking_rule", body={"appid": app_id, "id": number})


def id_of(response: Response, *path: str) -> int:
    """A rule's ID, which may be a number or its digits (CO-40)."""
    value = response.need(*path, "id")
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise response.broken("a numeric `id`")


def listed_rule(server: Server, app_id: str, number: int) -> dict[str, Any]:
    """A rule as the list shows it, once."""
    found = [rule for rule in server.kicking_rules(app_id) if int(rule["id"]) == number]
    require(len(found) == 1, f"the rule {number} once in the list", f"{len(found)} times", server.trail[-1])
    return found[0]


def must_be_let_in(server: Server, app_id: str, cname: str = "room", uid: int = 7, **more: Any) -> None:
    """A user may join a channel."""
    if not server.join(cname, uid, app_id=app_id, **more):
        raise Broken(f"the join of user {uid} to {cname} to be allowed", "a denied join")


def must_be_kept_out(server: Server, app_id: str, cname: str = "room", uid: int = 7) -> None:
    """A kicking rule denies a user the join to a channel."""
    if server.join(cname, uid, app_id=app_id):
        raise Broken(f"the join of user {uid} to {cname} to be denied", "an allowed join")


def in_words(time: Any) -> str:
    """A `time` as a finding names it."""
    return "left out" if time is OMIT else f"{time}"
