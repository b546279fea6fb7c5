"""The limits of a call, and its priority, as plain values."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from agora_rest.spec import Operation


class Priority(IntEnum):
    """The order of calls that wait for permits of one limit. A smaller number is more urgent."""

    STOP = 0
    """A recording that is not stopped costs money."""
    START = 1
    """A resource ID is valid for five minutes only (CR-11)."""
    QUERY = 2
    OTHER = 3

    @classmethod
    def of(cls, operation_id: str) -> Priority:
        """The priority of the operation called `operation_id` (`x-priority`). KeyError for an unknown one."""
        return _priority(operation_id)


@cache
def _priority(operation_id: str) -> Priority:
    from agora_rest.spec import operation

    return Priority[operation(operation_id).priority.upper()]


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `calls` calls in any `per` seconds (CR-05, CO-03, CO-49). Raises ValueError unless both are positive."""

    calls: int = 10
    per: float = 1.0
    """Seconds."""

    def __post_init__(self) -> None:
        """Refuse a limit that allows no call, or is not finite."""
        if self.calls < 1 or self.calls != int(self.calls):
            raise ValueError(f"a limit allows a whole number of calls, at least 1; not {self.calls}")
        if not (self.per > 0 and math.isfinite(self.per)):
            raise ValueError(f"a limit counts over a number of seconds above 0; not {self.per}")


class Key(NamedTuple):
    """The calls that a server counts together."""

    group: str
    """The operations: `start`, `console`, …"""
    owner: str
    """The caller: an account or an App ID, at a host."""


@dataclass(frozen=True, slots=True)
class Quota:
    """A limit and the calls that it applies to."""

    group: str
    owner: str = field(repr=False)
    """Not in `repr`, because a customer ID is half of a credential."""
    limit: Limit = Limit()
    key: Key = field(init=False, repr=False, compare=False)
    """The calls that are counted together."""

    def __post_init__(self) -> None:
        """Compute the key once, because every step needs it."""
        object.__setattr__(self, "key", Key(self.group, self.owner))


class Limits:
    """The limit of every group: that of the specifications (`x-rate-limit`), unless the caller changes it.

    `changes` has another Limit by group, or None for no limit. Raises ValueError for an unknown group.
    """

    def __init__(self, changes: Mapping[str, Limit | None] | None = None) -> None:
        documented = documented_limits()
        changes = changes or {}
        if unknown := sorted(set(changes) - set(documented)):
            raise ValueError(f"there is no group of calls {', '.join(unknown)}; there are {', '.join(documented)}")
        self._limits: dict[str, Limit | None] = {**documented, **changes}

    def quotas(self, operation: Operation, owner: str) -> tuple[Quota, ...]:
        """Everything a call of `operation` is counted in for `owner`, the widest group first.

        A call on kicking rules is one of the Console's ten a second and one of its own ten as well (CO-49).
        """
        groups = (operation.rate_limit.within, operation.rate_limit.group)
        limits = ((group, self._limits[group]) for group in groups if group)
        return tuple(Quota(group, owner, limit) for group, limit in limits if limit)


@cache
def documented_limits() -> dict[str, Limit]:
    """The limits in the specifications, by group."""
    from agora_rest.spec import operations

    rows = (operation.rate_limit for operation in operations().values())
    return {row.group: Limit(row.calls, row.per) for row in rows}
