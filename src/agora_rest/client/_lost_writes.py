"""Finding what a call has made whose answer was lost, so that it is not made again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from agora_rest.client.models import Ban, KickingRule

_SLACK: Final = timedelta(seconds=5)
"""How far a rule's length may be from what was asked for: a server takes its times one after the other."""


def made_by(rules: Iterable[KickingRule], whom: Mapping[str, Any], minutes: float, since: datetime) -> Ban | None:
    """The rule about just `whom` (`cname`, `uid`, `ip`), of this length, and made not before `since`; the latest."""
    length = timedelta(minutes=0 if minutes == 0 else min(max(minutes, 1), 1440))  # CO-42
    found = [
        rule
        for rule in rules
        if (rule.channel, rule.uid, rule.ip) == (whom.get("cname"), whom.get("uid"), whom.get("ip"))
        and abs(rule.ends_at - rule.created_at - length) <= _SLACK
        and rule.created_at >= since
    ]
    if not found:
        return None
    latest = max(found, key=lambda rule: rule.created_at)
    return Ban(id=latest.id, ends_at=latest.ends_at, extra=latest.extra)
