"""The results of calls of kicking rules."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any, Final

from agora_rest.client._json_reader import Reader, Wire, WrittenInteger, in_utc
from agora_rest.client.enums import Privilege
from agora_rest.client.models import Ban, KickingRule


class _Created(Wire):
    id: WrittenInteger
    status: Any = None


class _Kicked(Wire):
    """The ID is not used: a one-time kick creates no rule, whichever ID the response has (CO-42, CO-85)."""

    id: Any = None
    status: Any = None


ban: Final = Reader(_Created, lambda response: Ban(id=int(response.id) or None, extra=response.rest))
"""A rule that was created (CO-40). The ID 0 is that of no rule (CO-85)."""

kick: Final = Reader(_Kicked, lambda response: Ban(id=None, extra=response.rest))
"""Users that were put offline without a rule (CO-42)."""


class _Update(Wire):
    id: WrittenInteger | None = None
    ts: datetime | None = None


class _Updated(Wire):
    result: _Update | None = None
    status: Any = None


def ban_end(rule: int) -> Reader[Ban]:
    """The changed rule and its new end (CO-46). The request contains its ID; the new end may be unknown."""

    def build(response: _Updated) -> Ban:
        result = response.result or _Update()
        ends_at = None if result.ts is None else in_utc(result.ts)
        return Ban(id=rule if result.id is None else int(result.id), ends_at=ends_at, extra=result.rest)

    return Reader(_Updated, build)


class _Rule(Wire):
    id: WrittenInteger
    appid: str | None = None
    cname: str | None = None
    uid: int | str | None = None
    ip: str | None = None
    ts: datetime | None = None
    createAt: datetime | None = None  # noqa: N815  the API's spelling
    updateAt: datetime | None = None  # noqa: N815
    opid: int | None = None
    privileges: list[str] | None = None


class _Rules(Wire):
    rules: list[_Rule]
    status: str | None = None


@cache
def rules(app_id: str) -> Reader[tuple[KickingRule, ...]]:
    """All rules of the App ID (CO-45), which is taken from the request if a rule omits it."""

    def build(response: _Rules) -> tuple[KickingRule, ...]:
        if response.status is not None and response.status.lower() != "success":
            raise ValueError("a refusal")
        return tuple(
            [
                KickingRule(
                    id=int(rule.id),
                    app_id=rule.appid or app_id,
                    channel=rule.cname or None,
                    uid=None if rule.uid == "" else rule.uid,
                    ip=rule.ip or None,
                    ends_at=_moment(rule.ts),
                    created_at=_moment(rule.createAt),
                    updated_at=_moment(rule.updateAt),
                    operation_id=rule.opid,
                    privileges=_privileges(tuple(rule.privileges or (Privilege.JOIN_CHANNEL,))),
                    extra=rule.rest,
                )
                for rule in response.rules
            ]
        )

    return Reader(_Rules, build, is_list=True)


def _moment(value: datetime | None) -> datetime | None:
    # Most are in UTC already: a call less for each of thousands of rules.
    return value if value is None or value.tzinfo is UTC else in_utc(value)


@lru_cache(maxsize=64)
def _privileges(names: tuple[str, ...]) -> tuple[Privilege, ...]:
    """The privileges of these names. Cached, because thousands of rules have the same few."""
    return tuple(map(Privilege, names))
