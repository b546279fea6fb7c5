"""A snapshot of a fleet as tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Column, Table
from rich.text import Text

from agora_rest.cli._output import cell, printable
from agora_rest.cli._watch_snapshot import MINUTE, WatchSnapshot, lateness, moment, seconds, usage_note
from agora_rest.fleet import Lane, State
from agora_rest.permits import PermitUsage

BAR = 20
"""Characters for a whole limit."""
WORKERS = 3
"""The maximum number of listed workers."""

_WORRYING = {State.LOST: "bold red", State.UNKNOWN: "yellow", State.FAILED: "yellow"}
"""States that need attention."""
_LATE = {Lane.STOP: (5.0, 60.0), Lane.START: (5.0, 60.0), Lane.QUERY: (60.0, 3600.0)}
"""From how many seconds on something is late, and very late. Queries give way to everything else."""


def live(snapshots: Iterator[WatchSnapshot], journal: str, *, on_screen: bool) -> None:
    """Show one look after the other on the whole screen; the last one stays when it ends."""
    console = Console(highlight=False)
    last = picture(next(snapshots), journal, console.width)
    try:
        if on_screen:
            with Live(last, console=console, screen=True, auto_refresh=False) as display:
                for snapshot in snapshots:
                    last = picture(snapshot, journal, console.width)
                    display.update(last, refresh=True)
    finally:
        console.print(last)


def picture(snapshot: WatchSnapshot, journal: str, width: int) -> RenderableType:
    """The whole display, with parts side by side if the terminal is wide enough."""
    sides = Table.grid(padding=(0, 4, 0, 0))
    sides.add_row(_states(snapshot), Group(_lanes(snapshot), "", _workers(snapshot, width - 48)))
    head = (
        f"{cell(moment(snapshot.seen.at))}  {snapshot.changes:.1f} changes a second  {printable(journal.strip('<>'))}"
    )
    note = usage_note(snapshot)
    rate = Text(f"Rate used: {note}.") if note else _limits(snapshot.usage or [])
    trouble = [Text(printable(text), "bold red") for text in snapshot.trouble]
    lost: list[RenderableType] = ["", _lost(snapshot, width)] if snapshot.seen.lost else []
    return Group(_short(head, width, "bold"), *trouble, "", sides, "", rate, *lost)


def _states(snapshot: WatchSnapshot) -> Table:
    since = f"in {min(snapshot.over, MINUTE):.0f} s" if snapshot.over else ""
    table = _table("State", _number("Now"), _number(since, 7))
    for state, count in snapshot.seen.states.items():
        moved = snapshot.moved[state]
        table.add_row(
            str(state), f"{count:,}", f"{moved:+,}" if moved else "", style=_WORRYING.get(state) if count else None
        )
    return table


def _lanes(snapshot: WatchSnapshot) -> Table:
    table = _table("To", _number("Due", 6), _number("Late by", 12))
    for lane, due in snapshot.seen.lanes.items():
        late = lateness(due.since, snapshot.seen.at)
        worrying, bad = _LATE[lane]
        style = "bold red" if late > bad else "yellow" if late > worrying else None
        table.add_row(lane.name.lower(), f"{due.waiting:,}", seconds(late) if due.waiting else "", style=style)
    return table


def _workers(snapshot: WatchSnapshot, room: int) -> RenderableType:
    workers = snapshot.seen.workers
    if not workers:
        return Text("No worker has claimed anything.", "dim")
    table = _table("Worker", _number("Claimed"), _number("Lease", 5))
    for load in workers[:WORKERS]:
        left = load.until - snapshot.seen.at
        lease, style = (f"{left:.0f} s", None) if left > 0 else ("over", "bold red")
        table.add_row(_short(load.owner, room), f"{load.claimed:,}", lease, style=style)
    if more := workers[WORKERS:]:
        table.add_row(f"{len(more)} more", f"{sum(load.claimed for load in more):,}", "")
    return table


def _lost(snapshot: WatchSnapshot, width: int) -> Table:
    table = _table("Lost: runs without a sid", "Channel", "Uid", _number("Put offline in"))
    for entry in snapshot.seen.lost:
        end = "no end set" if entry.stop_at is None else seconds(max(0.0, entry.stop_at - snapshot.seen.at))
        room = width - len(entry.uid) - 17
        channel = _short(entry.channel, room // 3)
        table.add_row(_short(entry.key, room - max(7, len(channel))), channel, entry.uid, end)
    return table


def _limits(usage: Iterable[PermitUsage]) -> Table:
    usage = list(usage)
    several = len({use.owner for use in usage}) > 1
    accounts = ("Account",) if several else ()
    titles = "Calls", _number("A second"), _number("Limit"), "", _number("# In use"), _number("= At rest")
    table = _table(*accounts, *titles)
    for use in usage:
        account = (_short(use.owner, 8),) if several else ()
        figures = (f"{use.rate:.1f}", f"{use.permits:,}", _bar(use), f"{use.in_use:,}", f"{use.resting:,}")
        table.add_row(*account, _short(use.group, BAR), *figures, style=None if use.free else "yellow")
    return table


def _bar(use: PermitUsage) -> Text:
    under_way = round(BAR * use.in_use / use.permits)
    used = round(BAR * (use.permits - use.free) / use.permits)
    return Text("#" * under_way + "=" * (used - under_way) + "." * (BAR - used))


def _short(text: str, room: int, style: str = "") -> Text:
    """A name, shortened and without markup or control characters."""
    shown = Text(printable(text), style)
    shown.truncate(max(8, room), overflow="ellipsis")
    return shown


def _number(title: str, width: int | None = None) -> Column:
    return Column(title, justify="right", min_width=width)


def _table(*columns: Column | str) -> Table:
    return Table(*columns, box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold underline")
