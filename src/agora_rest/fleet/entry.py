"""A row of the journal as a frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import NoneType
from typing import Any, Final, Self

from sqlalchemy import RowMapping

from agora_rest.fleet.errors import UnreadableEntry
from agora_rest.fleet.states import Ended, Lane, State
from agora_rest.text import printable

_TIME: Final = (float, int, NoneType)
_KINDS: Final[dict[str, type | tuple[type, ...]]] = {
    **dict.fromkeys(("app_id", "channel", "uid", "mode", "key"), str),
    **dict.fromkeys(("config", "extra"), dict),
    "files": list,
    "start_at": (float, int),
    **dict.fromkeys(("stop_at", "next_at", "acquired_at", "started_at", "stopping_at", "missing_since"), _TIME),
}
"""Types of the columns that a step relies on. SQLite does not enforce them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A recording in the journal. Times are seconds since 1970 on the journal's clock."""

    id: int
    key: str
    """The caller's own name for it: submitting the same key again makes no second recording."""
    app_id: str
    channel: str
    uid: str
    mode: str
    storage: str | None
    """The name of the storage. Its keys are never in the journal."""
    secret: str | None
    """The name of the password of an encrypted channel."""
    config: Mapping[str, Any] = field(repr=False)
    extra: Mapping[str, Any] = field(repr=False)
    start_at: float
    stop_at: float | None
    """When it has to end; None for a recording that ends with `Journal.stop` only."""
    revision: int = field(repr=False)
    """Incremented with each change of the order, so that a worker notices."""
    state: State
    resource_id: str | None
    acquired_at: float | None
    maybe_started: bool
    """Whether a start without a known response may have taken effect."""
    sid: str | None
    started_at: float | None
    stopping_at: float | None
    missing_since: float | None
    """Since when the service has not found the recording."""
    status: int | None
    """The last known status (CR-42)."""
    lane: Lane
    next_at: float | None
    """When the next step is due; while it is claimed, when the lease ends; None for a final entry."""
    attempts: int
    """Failed attempts at the present step."""
    owner: str | None
    """The worker that has claimed it."""
    fence: int
    """The fencing token: incremented by each claim. A write with an older value is refused."""
    files: tuple[str, ...]
    uploading_status: str | None
    ended: Ended | None
    ended_at: float | None
    error: str | None
    """The latest error, in one sentence."""
    created_at: float
    updated_at: float

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """The entry in a row of the table. Raises UnreadableEntry if it holds what no version of this package wrote."""
        given: dict[str, Any] = {item.name: row[item.name] for item in fields(cls)}
        try:
            given["state"], given["lane"] = State(given["state"]), Lane(given["lane"])
            given["ended"] = None if given["ended"] is None else Ended(given["ended"])
            wrong = next((name for name, kinds in _KINDS.items() if not isinstance(given[name], kinds)), None)
        except ValueError as error:
            wrong = str(error)
        if wrong is not None:
            raise UnreadableEntry(
                f"Row {given['id']} of the journal cannot be read ({printable(wrong, limit=80)}): correct or delete it."
            )
        given["files"] = tuple(given["files"])
        return cls(**given)

    def is_to_end(self, now: float) -> bool:
        """Whether its end is due."""
        return self.stop_at is not None and self.stop_at <= now

    def __str__(self) -> str:
        sid = "no sid" if self.sid is None else f"sid {self.sid}"
        return f"recording {self.key!r} of {self.channel!r} by {self.uid} ({self.state}, {sid})"
