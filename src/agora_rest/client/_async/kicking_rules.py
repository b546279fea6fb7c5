"""Rules that take privileges from users: joining a channel, sending audio, sending video."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

from agora_rest.client._argument_names import argument_name
from agora_rest.client._arguments import uid_number
from agora_rest.client._async.calls import AsyncCalls
from agora_rest.client._extra import merged
from agora_rest.client._lost_writes import find_created_rule
from agora_rest.client._results import kicking_rules as results
from agora_rest.client._results.success import done
from agora_rest.client._retries import http_date
from agora_rest.client._rule_durations import duration_member, has_no_duration, rule_length
from agora_rest.client._transports.listening import listening
from agora_rest.client._transports.raw import RawResponse
from agora_rest.client.enums import Privilege
from agora_rest.client.models import Ban, KickingRule
from agora_rest.errors import CallError, InvalidArgument, NotFound
from agora_rest.redaction import Payload, shielded


class AsyncKickingRules:
    """Rules that take privileges from users of one App ID's channels (facts CO-40 … CO-49, CO-78 … CO-86).

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
        minutes: float | None = None,
        seconds: float | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> Ban:
        """Put matching users offline and keep them out for a while; without a duration, for 60 minutes.

        `channel` and `uid` together ban one user from one channel, `channel` alone all users from it, `uid` alone one
        user from all channels, `ip` alone an address from all channels (CO-44). Give the duration either in `minutes`,
        which the server limits to 1 … 1440, or in `seconds`, which it limits to 10 … 86430 and which servers of 2019 do
        not know (CO-84). A duration of 0 creates no rule: see `kick` (CO-42).

        `extra` sets members of the request that servers accept but the documents do not mention. It is merged with the
        other arguments; a member that both set to different values raises InvalidArgument. `privileges` is such a
        member: a ban always denies `join_channel`.

        After a lost response the rule is looked up in the list, and never created twice: if the list does not contain
        it yet, the error is raised.
        """
        extra = shielded(extra)
        if minutes is None and seconds is None:
            minutes = _DEFAULT_MINUTES
        duration = duration_member(minutes, seconds, operation=_CREATE)
        return await self._create(channel, uid, ip, duration, [Privilege.JOIN_CHANNEL], extra)

    async def mute(
        self,
        *,
        channel: str | None = None,
        uid: int | str | None = None,
        ip: str | None = None,
        audio: bool = True,
        video: bool = True,
        minutes: float | None = None,
        seconds: float | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> Ban:
        """Keep matching users from sending audio, video or both for a while; they stay in their channels (CO-79).

        Users are selected as in `ban`: four combinations only (CO-80). Give exactly one of `minutes` and `seconds`, and
        keep the time short: if lifting the rule fails, users cannot speak until it ends. A duration of 0 would put
        users offline instead of muting them, so it raises InvalidArgument, as does neither `audio` nor `video`.

        Servers of 2019 refuse this. After a lost response the rule is looked up as in `ban`; a ban is never taken for
        it. `extra` is as in `ban`.
        """
        extra = shielded(extra)
        duration = duration_member(minutes, seconds, operation=_CREATE)
        if has_no_duration(duration):
            rule = "must not be 0: that would put users offline instead of muting them"
            given = minutes if seconds is None else seconds
            name = next(iter(duration))
            argument = argument_name(_CREATE, name)
            raise InvalidArgument(name, rule, given, operation=_CREATE, facts=("CO-84",), argument=argument)
        for name, value in (("audio", audio), ("video", video)):
            if not isinstance(value, bool):
                raise InvalidArgument(name, "must be true or false", value, operation=_CREATE, facts=("CO-79",))
        denied = [Privilege.PUBLISH_AUDIO] * bool(audio) + [Privilege.PUBLISH_VIDEO] * bool(video)
        if not denied:
            rule = "must include audio or video: pass audio=True, video=True or both"
            raise InvalidArgument("privileges", rule, [], operation=_CREATE, facts=("CO-79",), argument="audio")
        return await self._create(channel, uid, ip, duration, denied, extra)

    async def kick(
        self,
        *,
        channel: str | None = None,
        uid: int | str | None = None,
        ip: str | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> Ban:
        """Put matching users offline once; they may rejoin immediately (`time` 0, CO-42). Select users as in `ban`.

        No rule is created: `kicked_once` of the result is True, and there is nothing to extend or to lift (CO-85).
        """
        return await self.ban(channel=channel, uid=uid, ip=ip, minutes=0, extra=extra)

    async def list(self) -> tuple[KickingRule, ...]:
        """The rules of the App ID (CO-45). Servers may leave some out when their network is bad (CO-82)."""
        from agora_console.api.kicking_rules import list_kicking_rules

        return await self._calls.send(
            list_kicking_rules.request(appid=self._app_id),
            results.rules(self._app_id),
        )

    async def extend(
        self, rule: int | Ban | KickingRule, *, minutes: float | None = None, seconds: float | None = None
    ) -> Ban:
        """Set a rule to end `minutes` or `seconds` from now, earlier or later than before. Returns the new end (CO-46).

        Give exactly one of them. The server limits them as in `ban`, also negative values; 0 ends the rule (CO-83).
        """
        from agora_console.api.kicking_rules import update_kicking_rule

        duration = duration_member(minutes, seconds, operation=_UPDATE)
        body = {"appid": self._app_id, "id": _id(rule, _UPDATE), **duration}
        return await self._calls.send(update_kicking_rule.request(body=body), results.ban_end(_id(rule, _UPDATE)))

    async def lift(self, rule: int | Ban | KickingRule) -> None:
        """Delete a rule: the users have their privileges again (CO-47)."""
        from agora_console.api.kicking_rules import delete_kicking_rule

        body = {"appid": self._app_id, "id": _id(rule, _DELETE)}
        try:
            await self._calls.send(delete_kicking_rule.request(body=body), done)
        except NotFound as error:
            if not error.may_have_taken_effect:
                raise  # Otherwise an earlier attempt, whose response was lost, deleted it.

    async def _create(
        self,
        channel: str | None,
        uid: int | str | None,
        ip: str | None,
        duration: Mapping[str, float],
        denied: Sequence[Privilege],
        extra: Mapping[str, Any] | None,
    ) -> Ban:
        """Create a rule; after a lost response, look it up."""
        from agora_console.api.kicking_rules import create_kicking_rule

        members = {
            "appid": self._app_id,
            "cname": channel,
            "uid": None if uid is None else uid_number(uid),
            "ip": ip,
            **duration,
            "privileges": [privilege.value for privilege in denied],
        }
        body = merged(members, extra, operation=_CREATE, name_of=partial(argument_name, _CREATE))
        selector = _selector(body)
        began = self._calls.clock.now()
        try:
            reader = results.kick if has_no_duration(duration) else results.ban
            return await self._calls.send(create_kicking_rule.request(body=body), reader)
        except CallError as error:
            if not error.may_have_taken_effect:
                raise
            made = await self._find_after(error, selector, rule_length(duration), body["privileges"], began)
            if made is None:
                raise
            return made

    async def _find_after(
        self, error: CallError, selector: dict[str, Any], length: timedelta, privileges: Any, began: float
    ) -> Ban | None:
        """The rule created by a call whose response was lost; None if it cannot be distinguished from older rules."""
        error.add_note("The rule may exist nevertheless: check the list before creating it again.")
        with suppress(CallError), listening() as responses:
            rules = await self.list()
            age = self._calls.clock.now() - began + _CLOCKS_DIFFER
            return find_created_rule(
                rules, selector, length, privileges, since=_date(responses[-1]) - timedelta(seconds=age)
            )
        return None


_CREATE: Final = "create_kicking_rule"
_UPDATE: Final = "update_kicking_rule"
_DELETE: Final = "delete_kicking_rule"
_DEFAULT_MINUTES: Final = 60
_CLOCKS_DIFFER: Final = 2.0
"""Seconds: the resolution of a `Date` header."""


def _selector(body: Payload) -> dict[str, Any]:
    """The members that select users. Raises InvalidArgument unless they are one of the four combinations (CO-44)."""
    if "time" in body and "time_in_seconds" in body:
        rule = "must not be combined with time: pass seconds= instead of minutes="
        raise InvalidArgument(
            "time_in_seconds", rule, body["time_in_seconds"], operation=_CREATE, facts=("CO-84",), argument="seconds"
        )
    selector = {name: body[name] for name in ("cname", "uid", "ip") if name in body}
    for name in ("uid", "ip"):
        if selector.get(name) == "":  # The server treats "" as absent, and would then ban every user.
            raise InvalidArgument(name, "must not be empty", "", operation=_CREATE, facts=("CO-41",))
    if not selector:
        rule = "must select users: pass exactly one of ip; channel; uid; channel and uid"
        raise InvalidArgument("channel, uid, ip", rule, None, operation=_CREATE, facts=("CO-44",))
    if "ip" in selector and len(selector) > 1:
        rule = "must be the only selector: pass exactly one of ip; channel; uid; channel and uid"
        raise InvalidArgument("ip", rule, selector.get("ip"), operation=_CREATE, facts=("CO-44",))
    return selector


def _date(response: RawResponse) -> datetime:
    """The response time by the server's clock, which also dates its rules."""
    sent = http_date(response.headers.get("date", ""))
    return sent or datetime.now(UTC)


def _id(rule: int | Ban | KickingRule, operation: str) -> int:
    if not isinstance(rule, Ban | KickingRule):
        return rule
    if rule.id is None:
        why = "must be a rule that exists: users were put offline once, which creates none"
        raise InvalidArgument("id", why, None, operation=operation, facts=("CO-85",), argument="rule")
    return rule.id
