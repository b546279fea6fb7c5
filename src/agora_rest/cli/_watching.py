"""`agora-rest fleet watch`: a fleet as a live table, as lines, or as JSON Lines."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agora_rest.cli._command import command
from agora_rest.cli._interrupting import ended_by_signals
from agora_rest.cli._journal_options import JournalOptions
from agora_rest.cli._options import flag, option
from agora_rest.cli._output import cell
from agora_rest.cli._watch_snapshot import Watcher, WatchSnapshot, lateness, moment, seconds, usage_note

if TYPE_CHECKING:
    from agora_rest.permits.leases import LeasedPermits


app = typer.Typer()


@command(app, "watch", example="agora-rest fleet watch --permits redis://cache.internal:6379/0")
def watch(
    session: JournalOptions,
    permits: Annotated[
        str | None,
        option("The workers' store of permits; needed to show the usage of the limits.", "URL", envvar="AGORA_PERMITS"),
    ] = None,
    every: Annotated[float, option("Seconds between two readings.", "SECONDS", min=0.2)] = 2.0,
    once: Annotated[bool, flag("Read once and exit.")] = False,
) -> None:
    """Show recordings by state, late work, the load of workers, and how much of the limits is used.

    Runs until Ctrl-C: as a live table on a terminal, as lines elsewhere, with --json as a line of JSON per reading.
    """
    with session.opened() as journal, _store(permits) as store, ended_by_signals():
        watcher = Watcher(journal, store)
        if session.json:
            for snapshot in watcher.snapshots(every, once=once):
                session.out.line(as_json(snapshot))
        elif sys.stdout.isatty() and os.environ.get("TERM") != "dumb":
            from agora_rest.cli._watch_table import live

            live(watcher.snapshots(every, once=once), repr(journal), on_screen=not once)
        else:
            for number, snapshot in enumerate(watcher.snapshots(every, once=once)):
                if number:
                    session.out.message("")
                session.out.fields(as_lines(snapshot))


def as_json(snapshot: WatchSnapshot) -> dict[str, Any]:
    """A snapshot for scripts. Times are ISO 8601, lengths are in seconds."""
    seen = snapshot.seen
    return {
        "time": moment(seen.at),
        "states": {state.value: count for state, count in seen.states.items()},
        "due": {
            lane.name.lower(): {"count": due.waiting, "late": round(lateness(due.since, seen.at), 1)}
            for lane, due in seen.lanes.items()
        },
        "workers": [
            {"name": load.owner, "claimed": load.claimed, "lease_ends_in": round(load.until - seen.at, 1)}
            for load in seen.workers
        ],
        "changes_per_second": round(snapshot.changes, 1),
        "lost": [
            {"key": entry.key, "channel": entry.channel, "uid": entry.uid, "stop_at": moment(entry.stop_at)}
            for entry in seen.lost
        ],
        "permits": snapshot.usage and [{**usage._asdict(), "rate": round(usage.rate, 1)} for usage in snapshot.usage],
        "trouble": list(snapshot.trouble),
    }


def as_lines(snapshot: WatchSnapshot) -> list[tuple[str, Any]]:
    """A snapshot as names and values."""
    seen = snapshot.seen
    lines: list[tuple[str, Any]] = [("time", moment(seen.at)), *((str(state), n) for state, n in seen.states.items())]
    for lane, due in seen.lanes.items():
        late = f", the longest for {seconds(lateness(due.since, seen.at))}" if due.waiting else ""
        lines.append((f"due to {lane.name.lower()}", f"{due.waiting}{late}"))
    lines += [("worker", f"{load.owner}, {load.claimed} claimed") for load in seen.workers]
    lines += [("lost", f"{entry.key} ({cell(entry.channel)} by {entry.uid})") for entry in seen.lost]
    lines.append(("changes a second", round(snapshot.changes, 1)))
    for use in snapshot.usage or ():
        lines.append((f"{use.group} a second", f"{use.rate:.1f} of {use.permits}, {use.in_use} in use"))
    lines.append(("rate used", usage_note(snapshot)))
    lines += [("trouble", text) for text in snapshot.trouble]
    return [line for line in lines if line[1] is not None]


@contextmanager
def _store(url: str | None) -> Iterator[LeasedPermits | None]:
    """The permits at `url`. Raises ConfigurationError for one that will not do."""
    from agora_rest.permits import open_url

    with nullcontext() if url is None else closing(open_url(url)) as store:
        yield store
