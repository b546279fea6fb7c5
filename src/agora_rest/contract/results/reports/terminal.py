"""A run on the terminal: a line of progress while it lasts, then what held, what was skipped and what broke."""

from __future__ import annotations

from collections import Counter
from typing import Final

from rich.console import Console, RenderableType
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from agora_rest import spec
from agora_rest.contract.results import events
from agora_rest.contract.results.baseline import Accepted
from agora_rest.contract.results.events import Event, Outcome
from agora_rest.contract.results.findings import Finding
from agora_rest.contract.results.reports.record import Record, skipped_names

_MOST_PLACES: Final = 6

_COLOURS: Final = {Outcome.HOLDS: "bold green", Outcome.BROKEN: "bold red", Outcome.COULD_NOT_RUN: "bold yellow"}


class TerminalReport:
    """Progress and a summary. Without a terminal there is no progress line, and one plain line a phase instead."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live = console.is_terminal
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.completed}/{task.total}"),
            TextColumn("[dim]{task.fields[note]}"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
        )
        self._task: TaskID | None = None
        self._found = 0
        self._record = Record()

    def handle(self, event: Event) -> None:
        """Take note of `event`."""
        self._record.handle(event)
        match event:
            case events.RunStarted():
                self._start(event)
            case events.PhaseStarted():
                self._start_phase(event)
            case events.Progress():
                self._move(event)
            case events.PhaseFinished():
                self._finish_phase(event)
            case events.FindingFound():
                self._found += 1
            case events.CleaningUp():
                self._console.print(Text("Removing what the run made …", style="dim"))
            case events.RunFinished():
                self._finish(event)
            case _:
                pass

    def _start(self, event: events.RunStarted) -> None:
        self._console.print(
            Text.assemble(
                ("Contract run", "bold"),
                f" against {event.server}: {', '.join(event.apis)}; dialect {event.dialect}, {event.access} access, ",
                f"seed {event.seed}, {event.max_examples} examples",
            )
        )
        for remark in filter(None, (event.recognised, event.note)):
            self._console.print(Text(remark, style="yellow"), soft_wrap=not self._live)

    def _start_phase(self, event: events.PhaseStarted) -> None:
        if self._live:
            self._bar.start()
            self._task = self._bar.add_task(_phase(event.phase, event.api), total=event.total, note="")

    def _move(self, event: events.Progress) -> None:
        if self._task is not None:
            found = f"{self._found} findings · " if self._found else ""
            self._bar.update(self._task, completed=event.done, note=found + event.note)

    def _finish_phase(self, event: events.PhaseFinished) -> None:
        if self._task is not None:
            self._bar.remove_task(self._task)
            self._bar.stop()
            self._task = None
        self._console.print(
            Text(f"  {_phase(event.phase, event.api):<30} {event.seconds:5.1f} s", style="dim"), highlight=False
        )

    def _finish(self, event: events.RunFinished) -> None:
        if self._live:
            self._bar.stop()
        started = self._record.started
        if started is not None:
            self._console.print()
            self._console.print(self._table(event))
            self._console.print(self._coverage(started), *self._skips(), sep="\n", soft_wrap=not self._live)
            if started.dialect == "auto" and event.dialect:
                self._console.print(f"Dialect: {event.dialect}, as the responses show.", soft_wrap=not self._live)
        for number, finding in enumerate(event.findings, 1):
            for line in _finding(number, finding):
                self._console.print(line, soft_wrap=True)
        for remark in (*map(_accepted, event.accepted), *event.remarks):
            self._console.print(Text(remark, style="yellow"), soft_wrap=not self._live)
        if started is not None:
            self._console.print()
        self._console.print(Text(event.sentence, style=_COLOURS[event.outcome]), soft_wrap=not self._live)

    def _table(self, event: events.RunFinished) -> Table:
        table = Table(box=None, pad_edge=False, header_style="bold", title_justify="left")
        for column in ("operation", "2xx", "other", "statuses"):
            table.add_column(column, justify="right" if column in ("2xx", "other") else "left")
        table.add_column("findings", justify="right")
        broken = Counter(operation for finding in event.findings for operation in finding.operations)
        for operation in self._record.operations:
            statuses = self._record.statuses[operation]
            good = sum(count for status, count in statuses.items() if 200 <= status < 300)
            table.add_row(
                operation,
                Text(str(good), style="green" if good else "bold red"),
                str(statuses.total() - good),
                Text(" ".join(map(str, sorted(statuses))), style="dim"),
                Text(str(broken[operation]), style="bold red") if broken[operation] else Text("-", style="dim"),
            )
        return table

    def _coverage(self, started: events.RunStarted) -> Text:
        checks = [each for each in self._record.checks if each.facts or each.outcome == "skipped"]
        counts = Counter(each.outcome for each in checks)
        facts = {fact for each in checks if each.outcome != "skipped" for fact in each.facts}
        edition = started.edition
        stated = [fact for fact in spec.facts().values() if fact.api in started.apis and edition in fact.editions]
        unchecked = [fact.number for fact in stated if fact.unchecked and fact.number not in facts]
        why = f"`agora-rest contract explain {unchecked[0]}` says why" if unchecked else ""
        beyond = f"; no check can guard {', '.join(unchecked)} ({why})" if unchecked else ""
        return Text(
            f"\nFacts: {len(facts)} checked by {counts['held'] + counts['broken']} checks "
            f"({counts['broken']} failed, {counts['skipped']} skipped); "
            f"the documents {'of 2019' if edition == '2019' else 'of today'} state {len(stated)}{beyond}."
        )

    def _skips(self) -> list[RenderableType]:
        lines: list[RenderableType] = []
        for reason, skipped in self._record.skipped_by_reason().items():
            text = f"Skipped {skipped_names(skipped)}: {reason}"
            lines.append(Text(text, style="yellow"))
        return lines


def _accepted(known: Accepted) -> str:
    finding = known.finding
    return f"Accepted until {known.until} ({known.reason}): {finding.operation}: {finding.title}"


def _phase(phase: str, api: str) -> str:
    return f"{phase} ({api})" if api else phase


def _places(finding: Finding) -> str:
    shown, more = finding.places[:_MOST_PLACES], len(finding.places) - _MOST_PLACES
    return "; ".join([*map(str, shown), *([f"and {more} more (see the JSON report)"] if more > 0 else [])])


def _finding(number: int, finding: Finding) -> list[Text]:
    """The lines of a finding. They are not to be wrapped: a request copied from here must run."""
    facts = f" [{', '.join(finding.facts)}]" if finding.facts else ""
    seen = f", seen {finding.times} times" if finding.times > 1 else ""
    named = [operation or "the server" for operation in finding.operations]
    return [
        Text(),
        Text(f"{number}. {finding.operation or 'the server'}{facts}: {finding.title}", style="bold red"),
        Text.assemble(("   expected  ", "bold"), finding.expected),
        Text.assemble(("   got       ", "bold"), finding.got),
        Text(f"   check     {finding.check} ({finding.phase}{seen})", style="dim"),
        *([Text(f"   affects   {', '.join(named)}", style="dim")] if len(named) > 1 else []),
        *([Text(f"   places    {_places(finding)}", style="dim")] if len(finding.places) > 1 else []),
        *([Text(f"   again     {finding.command}", style="dim")] if finding.command else []),
        *(Text(f"   {line}", style="cyan") for line in finding.requests),
    ]
