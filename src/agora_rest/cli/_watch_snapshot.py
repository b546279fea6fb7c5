"""The content of `agora-rest fleet watch`: a journal and the use of permits at one moment, and how both changed."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from agora_rest.fleet import Journal, Overview, State
    from agora_rest.permits import PermitUsage
    from agora_rest.permits.leases import LeasedPermits

MINUTE: Final = 60.0
"""Over how many seconds changes are shown."""
RECENTLY: Final = 10.0
"""Over how many they are counted."""


@dataclass(frozen=True)
class WatchSnapshot:
    """One reading."""

    seen: Overview
    moved: Mapping[State, int]
    """How many more recordings than `over` seconds before are in each state."""
    over: float
    changes: float
    """Recordings written about, a second."""
    usage: list[PermitUsage] | None
    """Usage of each limit; None if no store of permits is known or reachable."""
    store: str | None
    """The store of permits, if known."""
    trouble: tuple[str, ...] = ()
    """Parts that could not be read. While the journal is unreachable, `seen` is its last overview."""


class Watcher:
    """Looks at a journal and at a store of permits, and remembers a minute of it."""

    def __init__(self, journal: Journal, store: LeasedPermits | None = None) -> None:
        self._journal, self._store = journal, store
        self._past: deque[Overview] = deque()

    def snapshots(self, every: float, *, once: bool) -> Iterator[WatchSnapshot]:
        """Readings at an interval, endlessly or once. Raises JournalUnavailable if the first one fails."""
        while True:
            yield self.snapshot()
            if once:
                return
            time.sleep(every)

    def snapshot(self) -> WatchSnapshot:
        """The present state. After the first success, failures are reported in `trouble`."""
        from agora_rest.fleet import JournalUnavailable

        trouble = []
        try:
            self._remember(self._journal.overview())
        except JournalUnavailable as error:
            if not self._past:
                raise
            trouble.append(str(error))
        usage = None
        if self._store is not None:
            try:
                usage = self._store.usage()
            except ConnectionError as error:
                trouble.append(f"The permits cannot be read: {error}")
        first, last = self._past[0], self._past[-1]
        moved = {state: count - first.states[state] for state, count in last.states.items()}
        where = None if self._store is None else self._store.name
        return WatchSnapshot(last, moved, last.at - first.at, self._changes(), usage, where, tuple(trouble))

    def _changes(self) -> float:
        """Recordings in progress that have changed, and those that have ended, since a reading some seconds ago."""
        last = self._past[-1]
        earlier = next(seen for seen in self._past if seen.at >= last.at - RECENTLY)
        over = sum(last.states[state] - earlier.states[state] for state in last.states if state.is_final)
        return last.changes + (max(0, over) / (last.at - earlier.at) if last.at > earlier.at else 0.0)

    def _remember(self, seen: Overview) -> None:
        self._past.append(seen)
        while self._past[0].at < seen.at - MINUTE:
            self._past.popleft()


def usage_note(snapshot: WatchSnapshot) -> str | None:
    """Why the usage is unknown; None if it is known."""
    if snapshot.store is None:
        return "unknown: --permits URL reads the store of permits that the workers share"
    if snapshot.usage is None:
        return "not known now"
    return None if snapshot.usage else f"no calls recorded yet in {snapshot.store}"


def lateness(since: float | None, now: float) -> float:
    """How many seconds ago the oldest work was due; 0 if none is."""
    return 0.0 if since is None else max(0.0, now - since)


def seconds(length: float) -> str:
    """A length of time as people read it."""
    minutes, rest = divmod(round(length), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    if minutes:
        return f"{minutes} min {rest:02} s"
    return f"{length:.1f} s" if rest < 10 else f"{rest} s"


def moment(at: float | None) -> datetime | None:
    """A time of the journal's, to the second."""
    return None if at is None else datetime.fromtimestamp(int(at), UTC)
