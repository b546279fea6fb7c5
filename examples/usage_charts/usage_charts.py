"""Charts of an account's usage: minutes by project, minutes by kind, and every figure of each project.

    python usage_charts.py --demo
    python usage_charts.py --from 2026-01-01 --to 2026-01-31 --into january --format html

--demo draws an emulator with three projects and two months of usage. Otherwise, the account is that of the credentials
in AGORA_CUSTOMER_ID and AGORA_CUSTOMER_CERTIFICATE, of which nothing is changed. Days are UTC.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import altair as alt

from agora_rest import Agora, Business, ProjectMinutes, charts
from agora_rest.emulator import DEMO_ID, Emulator, Minutes

_NOT_IN_A_FILE_NAME = re.compile(r"[^\w-]+")


def draw(agora: Agora, first: date, last: date, folder: Path, ending: str) -> Iterator[Path]:
    """Write all charts of these days into `folder`; yields each file after writing it."""
    projects = agora.projects.list()
    names = {project.id: project.name for project in projects}
    minutes = agora.usage.minutes(first, last)
    pictures = {"minutes-by-project": charts.minutes(minutes, names=names), "minutes-by-kind": by_kind(minutes, names)}
    for project in projects:
        for business in Business:
            used = agora.usage.metrics(project.id, first, last, business=business)
            if any(any(day.usage.values()) for day in used.days):  # most projects use one kind or two
                title = f"{project.name}: {business}"
                pictures[f"{project.name}-{project.id}-{business}"] = charts.metrics(used, title=title)
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in pictures.items():
        file = folder / f"{_NOT_IN_A_FILE_NAME.sub('-', name)}.{ending}"
        charts.save(picture, file)
        yield file


def by_kind(usage: Sequence[ProjectMinutes], names: Mapping[str, str]) -> alt.FacetChart:
    """A row for each kind of minutes, projects side by side. `charts` has no such chart, so Altair draws it."""
    rows = [
        {
            "day": day.date.isoformat(),
            "project": names.get(used.project, used.project),
            "kind": kind,
            "minutes": getattr(day, field),
        }
        for used in usage
        for day in used.daily
        for field, kind in charts.KINDS.items()
    ]
    chart: alt.FacetChart = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_line()
        .encode(
            x=alt.X("day:T", title=None, axis=alt.Axis(format="%-d %b"), scale=alt.Scale(type="utc")),
            y=alt.Y("minutes:Q", title="Minutes"),
            color=alt.Color("project:N", title="Project", legend=alt.Legend(orient="top")),
        )
        .properties(width=720, height=90)
        .facet(alt.Facet("kind:N", title=None, sort=list(charts.KINDS.values())), columns=1)
        .resolve_scale(y="independent")
        .properties(title=alt.Title("Minutes used per day, by kind", anchor="start"), background="white", padding=16)
    )
    return chart


@contextmanager
def demonstration(first: date, last: date) -> Iterator[Agora]:
    """A client of an emulator whose projects have been busy on these days, more on some of the week than on others."""
    emulator = Emulator()
    projects = {DEMO_ID: 1.0, emulator.add_project("school").id: 6.0, emulator.add_project("office hours").id: 2.5}
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        busy = (9, 10, 11, 10, 8, 2, 1)[day.weekday()] * (1 + number / 60)
        for project, size in projects.items():
            used = [round(busy * size * share) for share in (12, 5, 20, 6)]
            emulator.seed_minutes(project, day, Minutes(*used))
            seconds = {"AudioAll": used[0] * 60, "VideoHd": used[2] * 60, "VideoHdp": used[3] * 60}
            emulator.seed_metrics(project, day, {f"duration{name}": value for name, value in seconds.items()})
        recorded = {"durationCloudRecording": busy * 900}
        emulator.seed_metrics(DEMO_ID, day, recorded, business="cloudRecording")
    with (
        emulator.serve() as server,
        Agora(emulator.customer_id, "emulator-secret", base_url=server.url) as agora,
    ):
        yield agora


def main() -> None:
    """The command."""
    today = datetime.now(UTC).date()
    parser = argparse.ArgumentParser(description="Draw what an account uses.")
    parser.add_argument("--demo", action="store_true", help="draw an emulator's usage; no account is needed")
    parser.add_argument("--from", dest="first", type=date.fromisoformat, default=today - timedelta(days=59))
    parser.add_argument("--to", dest="last", type=date.fromisoformat, default=today, help="the last day, UTC")
    parser.add_argument("--into", type=Path, default=Path("charts"), help="a directory (default: charts)")
    parser.add_argument("--format", choices=[each[1:] for each in charts.FORMATS], default="png")
    asked = parser.parse_args()
    with demonstration(asked.first, asked.last) if asked.demo else Agora.from_env() as agora:
        for file in draw(agora, asked.first, asked.last, asked.into, asked.format):
            print(file)


if __name__ == "__main__":
    main()
