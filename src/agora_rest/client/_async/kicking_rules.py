"""Rules that keep users out of channels."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

from agora_rest.client import _results
from agora_rest.client._argument_names import argument_name
from agora_rest.client._arguments import uid_number
from agora_rest.client._async.calls import AsyncCalls
from agora_rest.client._extra import merged
from agora_rest.client._lost_writes import find_created_rule
from agora_rest.client._retries import http_date
from agora_rest.client._transports.listening import listening
from agora_rest.client._transports.raw import RawResponse
from agora_rest.client.models import Ban, KickingRule
from agora_rest.errors import CallError, InvalidArgument, NotFound
from agora_rest.redaction import shielded


class AsyncKickingRules:
    """Rules that keep users out of the channels of one App ID (facts CO-40 … CO-49).

    A method that takes a rule accepts its `id`, or the `Ban` or `KickingRule` itself.
    """

    def __init__(self, calls: AsyncCalls, app_id: str) -> None:
        self._calls, self._app_id = calls, app_id

    async def ban(
        self,
        *,
        channel: str | None = None,
        uid: int | str | None = None,
        ip: str | None = None,
        minutes: float = 60,
        extra: Mapping[str, Any] | None = None,
    ) -> Ban:
        """Put matching users offline and keep them out for `minutes`.

        `channel` and `uid` together ban one user from one channel, `channel` alone all users from it, `uid` alone one
        user from all channels, `ip` alone an address from all channels (CO-44). The server limits `minutes` to
        1 … 1440; 0 bans no user (CO-42).

        `extra` sets members of the request that servers accept but the documents do not mention. It is merged with the
        other arguments; a member that both set to different values raises InvalidArgument. `privileges` is such a
        member: a ban always denies `join_channel`.

        After a lost response the rule is looked up in the list, and never created twice: if the list does not contain
        it yet, the error is raised.
        """
        from agora_console.api.kicking_rules import create_kicking_rule

        extra = shielded(extra)
        members = {
            "appid": self._app_id,
            "cname": channel,
            "uid": None if uid is None else uid_number(uid),
            "ip": ip,
            "time": minutes,
            "privileges": ["join_channel"],
        }
        body = merged(members, extra, operation=_CREATE, name_of=partial(argument_name, _CREATE))
        selector = {name: body[name] for name in ("cname", "uid", "ip") if name in body}
        for name in ("uid", "ip"):
            if selector.get(name) == "":  # The server treats "" as absent, and would then ban every user.
                raise InvalidArgument(name, "must not be empty", "", operation=_CREATE, facts=("CO-41",))
        if not selector or ("ip" in selector and len(selector) > 1):
            rule = "must be the only selector: pass exactly one of ip; channel; uid; channel and uid"
            raise InvalidArgument("ip", rule, ip, operation=_CREATE, facts=("CO-44",))
        began = self._calls.clock.now()
        try:
            reader = _results.ban if minutes else _results.kick
            return await self._calls.send(create_kicking_rule.request(body=body), reader)
        except CallError as error:
            if not error.may_have_taken_effect:
                raise
            made = await self._find_after(error, selector, minutes, body["privileges"], began)
            if made is None:
                raise
            return made

    async def kick(
        self,
        *,
        channel: str | None = None,
        uid: int | str | None = None,
        ip: str | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> Ban:
        """Put matching users offline once; they may rejoin immediately (`time` 0, CO-42). Select users as in `ban`."""
        return await self.ban(channel=channel, uid=uid, ip=ip, minutes=0, extra=extra)

    async def list(self) -> tuple[KickingRule, ...]:
        """The rules of the App ID (CO-45)."""
        from agora_console.api.kicking_rules import list_kicking_rules

        return await self._calls.send(
            list_kicking_rules.request(appid=self._app_id),
            _results.rules(self._app_id),
        )

    async def extend(self, rule: int | Ban | KickingRule, *, minutes: float) -> Ban:
        """Set a rule to end `minutes` from now, earlier or later than before. Returns the new end (CO-46).

        The server limits `minutes` to 1 … 1440, also negative values; 0 ends the rule.
        """
        from agora_console.api.kicking_rules import update_kicking_rule

        body = {"appid": self._app_id, "id": _id(rule), "time": minutes}
        return await self._calls.send(update_kicking_rule.request(body=body), _results.ban_end(_id(rule)))

    async def lift(self, rule: int | Ban | KickingRule) -> None:
        """Delete a rule: the users it kept out may join again (CO-47)."""
        from agora_console.api.kicking_rules import delete_kicking_rule

        body = {"appid": self._app_id, "id": _id(rule)}
        try:
            await self._calls.send(delete_kicking_rule.request(body=body), _results.done)
        except NotFound as error:
            if not error.may_have_taken_effect:
                raise  # Otherwise an earlier attempt, whose response was lost, deleted it.

    async def _find_after(
        self, error: CallError, selector: dict[str, Any], minutes: float, privileges: Any, began: float
    ) -> Ban | None:
        """The rule created by a call whose response was lost; None if it cannot be distinguished from older rules."""
        error.add_note("The rule may exist nevertheless: check the list before creating it again.")
        with suppress(CallError), listening() as responses:
            rules = await self.list()
            age = self._calls.clock.now() - began + _CLOCKS_DIFFER
            return find_created_rule(
                rules, selector, minutes, privileges, since=_date(responses[-1]) - timedelta(seconds=age)
            )
        return None


_CREATE: Final = "create_kicking_rule"
_CLOCKS_DIFFER: Final = 2.0
"""Seconds: the resolution of a `Date` header."""


def _date(response: RawResponse) -> datetime:
    """The response time by the server's clock, which also dates its rules."""
    sent = http_date(response.headers.get("date", ""))
    return sent or datetime.now(UTC)


def _id(rule: int | Ban | KickingRule) -> int:
    return rule.id if isinstance(rule, Ban | KickingRule) else rule
