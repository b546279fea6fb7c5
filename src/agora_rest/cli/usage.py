"""`agora-rest usage`: what projects have used, as table, CSV, JSON or chart."""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from agora_rest.cli import _completing
from agora_rest.cli._command import command
from agora_rest.cli._exits import EPILOG, CliError, Exit
from agora_rest.cli._options import flag, option
from agora_rest.cli._output import Column, cell
from agora_rest.cli._session import Session
from agora_rest.cli.projects import ProjectId
from agora_rest.client.enums import Business

if TYPE_CHECKING:
    from agora_rest import Agora, ProjectMinutes

app = typer.Typer(help="Usage of projects, by day.", no_args_is_help=True, epilog=EPILOG)


def today() -> date:
    """The day it is, UTC."""
    return datetime.now(UTC).date()


def day(text: str) -> date:
    """A day as people write it to `--from` and `--to`."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a day; write it as 2026-01-31.") from None


@dataclass(frozen=True)
class Days:
    """From when to when."""

    from_date: Annotated[
        Any,
        option(
            "The first day (UTC); by default the period has 30 days.", "YYYY-MM-DD", "--from-date", "--from", parser=day
        ),
    ] = None
    to_date: Annotated[
        Any, option("The last day; by default today.", "YYYY-MM-DD", "--to-date", "--to", parser=day)
    ] = None

    @property
    def bounds(self) -> tuple[date, date]:
        """The first and the last."""
        last = self.to_date or today()
        return self.from_date or last - timedelta(days=29), last


@dataclass(frozen=True)
class UsageFormat:
    """The format of the output."""

    csv: Annotated[bool, flag("Print CSV: a row for each day (and project).")] = False
    chart: Annotated[
        Path | None, option("Draw a chart into this file: .png, .svg or .html, by its name.", "FILE", dir_okay=False)
    ] = None

    def check(self, session: Session) -> None:
        """Raises CliError for conflicting options, before any request is sent."""
        if self.csv and session.json:
            raise CliError("--csv and --json exclude each other: choose one.")
        if self.chart is not None:
            from agora_rest import charts

            charts.check_file(self.chart)

    def draw(self, session: Session, kind: Literal["minutes", "metrics"], used: Any, **more: Any) -> None:
        """Draw the chart, if one is wanted. Raises CliError if its file cannot be written."""
        if self.chart is None:
            return
        from agora_rest import charts

        try:
            charts.save(getattr(charts, kind)(used, **more), self.chart)
        except OSError as error:
            raise CliError(f"{self.chart} cannot be written: {error.strerror or error}.") from None
        session.out.note(f"The chart is in {cell(str(self.chart))}.")


@command(
    app,
    "metrics",
    example="agora-rest usage metrics demo --business cloudRecording --from 2026-01-01 --to 2026-01-31 --csv",
)
def metrics(
    session: Session,
    days: Days,
    form: UsageFormat,
    project: ProjectId,
    business: Annotated[Business, option(f"Which kind of usage: {', '.join(Business)}.", "NAME")] = Business.DEFAULT,
) -> None:
    """All figures of one project for one kind of usage, by day (UTC); each column names its unit."""
    form.check(session)
    first, last = days.bounds
    with session.agora() as agora:
        used = agora.usage.metrics(project, first, last, business=business)
    form.draw(session, "metrics", used, title=f"Usage of {project} ({business})")
    session.out.document(used)
    if form.csv:
        _print_csv(("date", *used.meta), used)
    elif form.chart is None:
        columns = [Column("Day", lambda of: of.date.date(), whole=True), *map(_metric_column, used.meta.items())]
        session.out.table(columns, used.days, empty="No usage.")


@command(
    app,
    "minutes",
    example="agora-rest usage minutes --from 2026-01-01 --to 2026-01-31 --chart january.png",
    of_2019=True,
)
def minutes(
    session: Session,
    days: Days,
    form: UsageFormat,
    project: Annotated[
        list[str] | None,
        option("Only this project; may be given several times.", "ID", autocompletion=_completing.project_ids),
    ] = None,
) -> None:
    """Minutes of audio and video, by day and project.

    Agora's present documents do not have this call, so its servers may refuse it: use `usage metrics`.
    """
    form.check(session)
    first, last = days.bounds
    names: Mapping[str, str] = {}
    with session.agora() as agora:
        used = agora.usage.minutes(first, last, projects=project)
        unknown = set(project or ()) - {each.project for each in used}
        if unknown or not (session.json or form.csv):
            names = _names(agora)
    if names and (unknown := unknown - set(names)):
        listed = ", ".join(sorted(map(cell, unknown)))
        raise CliError(
            f"The account has no project with the ID {listed}; `agora-rest projects list` shows the IDs.", Exit.REFUSED
        )
    form.draw(session, "minutes", used, names=names)
    session.out.document(used)
    if form.csv:
        _print_csv(("project", "date", "audio", "sd", "hd", "hdp"), used)
    elif form.chart is None:
        _minutes_table(session, used, names)


def _metric_column(described: tuple[str, Any]) -> Column:
    name, metric = described
    return Column(f"{metric.en} ({metric.unit})", lambda of: _number(of.usage.get(name)), number=True)


def _number(value: float | None) -> float | None:
    """A figure, as a float: whole numbers may be IDs, and are shown without separators."""
    return None if value is None else float(value)


def _minutes_table(session: Session, used: Sequence[ProjectMinutes], names: Mapping[str, str]) -> None:
    """Days without usage are left out; each project ends with its total."""
    rows: list[tuple[str, Any, Sequence[float]]] = []
    for of in used:
        name = names.get(of.project, of.project)
        found = [(each.date, (each.audio, each.sd, each.hd, each.hdp)) for each in of.daily]
        rows += [(name, when, kinds) for when, kinds in found if any(kinds)]
        rows.append((name, "total", [sum(kinds[index] for _, kinds in found) for index in range(4)]))
    columns = [Column("Project", lambda row: row[0]), Column("Day", lambda row: row[1], whole=True)]
    columns += [_kind_column(title, index) for index, title in enumerate(("Audio", "SD", "HD", "HDP"))]
    columns.append(Column("Minutes", lambda row: _number(sum(row[2])), number=True))
    session.out.table(columns, rows, empty="No usage of these projects.")


def _kind_column(title: str, index: int) -> Column:
    return Column(title, lambda row: _number(row[2][index]), number=True)


def _names(agora: Agora) -> Mapping[str, str]:
    """The names of the projects, or their IDs if the account does not list them."""
    from agora_rest import CallError

    try:
        return {project.id: project.name for project in agora.projects.list()}
    except CallError:
        return {}


def _print_csv(columns: Sequence[str], used: Any) -> None:
    from agora_rest.client._dataframe import rows_of

    writer = csv.DictWriter(sys.stdout, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows_of(used))
