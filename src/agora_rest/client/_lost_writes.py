"""Finding what a call has made whose answer was lost, so that it is not made again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from agora_rest.client.models import Ban, KickingRule

_SLACK: Final = timedelta(seconds=5)
"""How far a rule's length may be from what was asked for: a server takes its times one after the other."""


def made_by(
    rules: Iterable[KickingRule], whom: Mapping[str, Any], minutes: float, privileges: Sequence[str], since: datetime
) -> Ban | None:
    """The latest rule about just `whom` (`cname`, `uid`, `ip`), of this length, made not before `since`.

    A rule that takes other privileges is another rule: one that mutes is no ban. One that does not say when it was made
    cannot be told from older ones, so it is not taken.
    """
    length = timedelta(minutes=0 if minutes == 0 else min(max(minutes, 1), 1440))  # CO-42
    found = [
        rule
        for rule in rules
        if (rule.channel, rule.uid, rule.ip) == (whom.get("cname"), whom.get("uid"), whom.get("ip"))
        and _takes(rule, privileges)
        and rule.created_at is not None
        and rule.ends_at is not None
        and abs(rule.ends_at - rule.created_at - length) <= _SLACK
        and rule.created_at >= since
    ]
    if not found:
        return None
    latest = max(found, key=lambda rule: (rule.created_at or since, rule.id))
    return Ban(id=latest.id, ends_at=latest.ends_at, extra=latest.extra)


def _takes(rule: KickingRule, privileges: Sequence[str]) -> bool:
    """Whether `rule` takes just these privileges. A rule that names none is a ban, as in the documents of 2020."""
    named = rule.extra.get("privileges")
    if not isinstance(named, list):
        named = ["join_channel"]
    return all(isinstance(each, str) for each in named) and set(named) == set(privileges)
