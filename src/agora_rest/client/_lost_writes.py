"""Finds the rule created by a call whose response was lost, so that it is not created again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from agora_rest.client.models import Ban, KickingRule

_SLACK: Final = timedelta(seconds=5)
"""The tolerated difference between requested and actual duration: a server takes its two times in succession."""


def find_created_rule(
    rules: Iterable[KickingRule],
    selector: Mapping[str, Any],
    length: timedelta,
    privileges: Sequence[str],
    since: datetime,
) -> Ban | None:
    """The latest rule with exactly this `selector` (`cname`, `uid`, `ip`) and `length`, created not before `since`.

    A rule with other privileges does not match: muting is not a ban. A rule without a creation time does not match,
    because it cannot be distinguished from older rules.
    """
    found = [
        rule
        for rule in rules
        if (rule.channel, rule.uid, rule.ip) == (selector.get("cname"), selector.get("uid"), selector.get("ip"))
        and set(rule.privileges) == set(privileges)
        and rule.created_at is not None
        and rule.ends_at is not None
        and abs(rule.ends_at - rule.created_at - length) <= _SLACK
        and rule.created_at >= since
    ]
    if not found:
        return None
    latest = max(found, key=lambda rule: (rule.created_at or since, rule.id))
    return Ban(id=latest.id, ends_at=latest.ends_at, extra=latest.extra)
