"""`agora-rest fleet watch`: a fleet as a table that lives, as lines, or as JSON Lines."""

from __future__ import annotations

import os
import sys
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from agora_rest.cli._command import command
from agora_rest.cli._interrupting import ended_by_signals
from agora_rest.cli._journal_options import Book
from agora_rest.cli._output import cell

if TYPE_CHECKING:
    from agora_rest.fleet import Journal, Overview, State
    from agora_rest.permits import Usage
    from agora_rest.permits.leases import LeasedPermits

MINUTE: Final = 60.0
"""Over how many seconds changes are shown."""
RECENTLY: Final = 10.0
"""Over how many they are counted."""


def register(app: typer.Typer) -> None:
    """Add the command to the group of fleets."""
    command(app, "watch", example="agora-rest fleet watch --permits redis://cache.internal:6379/0")(watch)


def watch(
    session: Book,
    permits: Annotated[
        str | None,
        typer.Option(
            envvar="AGORA_PERMITS",
            metavar="URL",
            help="Where the workers keep their permits, as they were told: it knows how much of the limits is used.",
            show_envvar=True,
        ),
    ] = None,
    every: Annotated[float, typer.Option(min=0.2, metavar="SECONDS", help="How often to look.")] = 2.0,
    once: Annotated[bool, typer.Option("--once", help="Look once.")] = False,
) -> None:
    """Show how many recordings are in which state, what is late, who works, and how much of the limits is used.

    Until Ctrl-C. On a terminal it is a table; elsewhere lines; with --json a line of JSON for each look.
    """
    with session.opened() as journal, _store(permits) as store, ended_by_signals():
        watcher = Watcher(journal, store)
        if session.json:
            for look in watcher.looks(every, once=once):
                session.out.line(as_json(look))
        elif sys.stdout.isatty() and os.environ.get("TERM") != "dumb":
            from agora_rest.cli._watch_table import live

            live(watcher.looks(every, once=once), repr(journal), on_screen=not once)
        else:
            for number, look in enumerate(watcher.looks(every, once=once)):
                if number:
                    session.out.say("")
                session.out.fields(as_lines(look))


@dataclass(frozen=True)
class Look:
    """What was seen at one moment."""

    seen: Overview
    moved: Mapping[State, int]
    """How many more recordings than `over` seconds before are in each state."""
    over: float
    changes: float
    """Recordings written about, a second."""
    usage: list[Usage] | None
    """How much of each limit is used; None where nobody can be asked."""
    store: str | None
    """Where the permits are, if that was said."""
    trouble: tuple[str, ...] = ()
    """What could not be asked. Of a journal that does not answer, `seen` is what it said last."""


class Watcher:
    """Looks at a journal and at a store of permits, and remembers a minute of it."""

    def __init__(self, journal: Journal, store: LeasedPermits | None = None) -> None:
        self._journal, self._store = journal, store
        self._past: deque[Overview] = deque()

    def looks(self, every: float, *, once: bool) -> Iterator[Look]:
        """A look every so many seconds, for ever or once. Raises JournalUnavailable if already the first one fails."""
        while True:
            yield self.look()
            if once:
                return
            time.sleep(every)

    def look(self) -> Look:
        """What there is now. What cannot be asked is told, once there was a first answer."""
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
                trouble.append(f"The permits cannot be seen: {error}")
        first, last = self._past[0], self._past[-1]
        moved = {state: count - first.states[state] for state, count in last.states.items()}
        where = None if self._store is None else self._store.name
        return Look(last, moved, last.at - first.at, self._changes(), usage, where, tuple(trouble))

    def _changes(self) -> float:
        """Those under way that were written about, and those that have come to an end since a look some seconds ago."""
        last = self._past[-1]
        earlier = next(seen for seen in self._past if seen.at >= last.at - RECENTLY)
        over = sum(last.states[state] - earlier.states[state] for state in last.states if state.is_final)
        return last.changes + (max(0, over) / (last.at - earlier.at) if last.at > earlier.at else 0.0)

    def _remember(self, seen: Overview) -> None:
        self._past.append(seen)
        while self._past[0].at < seen.at - MINUTE:
            self._past.popleft()


def as_json(look: Look) -> dict[str, Any]:
    """A look for scripts. Times are ISO 8601, lengths are in seconds."""
    seen = look.seen
    return {
        "time": moment(seen.at),
        "states": {state.value: count for state, count in seen.states.items()},
        "due": {
            lane.name.lower(): {"count": due.waiting, "late": round(lateness(due.since, seen.at), 1)}
            for lane, due in seen.lanes.items()
        },
        "workers": [
            {"name": hand.owner, "in_hand": hand.in_hand, "lease_ends_in": round(hand.until - seen.at, 1)}
            for hand in seen.hands
        ],
        "changes_per_second": round(look.changes, 1),
        "lost": [
            {"key": entry.key, "channel": entry.channel, "uid": entry.uid, "stop_at": moment(entry.stop_at)}
            for entry in seen.lost
        ],
        "permits": look.usage and [{**usage._asdict(), "rate": round(usage.rate, 1)} for usage in look.usage],
        "trouble": list(look.trouble),
    }


def as_lines(look: Look) -> list[tuple[str, Any]]:
    """A look as names and values."""
    seen = look.seen
    lines: list[tuple[str, Any]] = [("time", moment(seen.at)), *((str(state), n) for state, n in seen.states.items())]
    for lane, due in seen.lanes.items():
        late = f", the longest for {seconds(lateness(due.since, seen.at))}" if due.waiting else ""
        lines.append((f"due to {lane.name.lower()}", f"{due.waiting}{late}"))
    lines += [("worker", f"{hand.owner}, {hand.in_hand} in hand") for hand in seen.hands]
    lines += [("lost", f"{entry.key} ({cell(entry.channel)} by {entry.uid})") for entry in seen.lost]
    lines.append(("changes a second", round(look.changes, 1)))
    for use in look.usage or ():
        lines.append((f"{use.group} a second", f"{use.rate:.1f} of {use.permits}, {use.in_use} under way"))
    lines.append(("rate used", usage_note(look)))
    lines += [("trouble", said) for said in look.trouble]
    return [line for line in lines if line[1] is not None]


def usage_note(look: Look) -> str | None:
    """What has to be said about the rate where no figures are; None where there are some."""
    if look.store is None:
        return "not known: --permits URL asks where the workers keep their permits"
    if look.usage is None:
        return "not known now"
    return None if look.usage else f"nobody has called yet with permits of {look.store}"


def lateness(since: float | None, now: float) -> float:
    """How many seconds ago something was due; 0 where nothing is."""
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


@contextmanager
def _store(url: str | None) -> Iterator[LeasedPermits | None]:
    """The permits at `url`. Raises ConfigurationError for one that will not do."""
    from agora_rest.permits import open_url

    with nullcontext() if url is None else closing(open_url(url)) as store:
        yield store
