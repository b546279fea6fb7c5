"""Charts of usage, as images and as self-contained HTML pages (`agora-rest[charts]`).

    from agora_rest import charts

    used = agora.usage.minutes(date(2026, 1, 1), date(2026, 1, 31))
    charts.save(charts.minutes(used, names={project.id: project.name}), Path("january.png"))

Each chart is an Altair chart, so it can be changed before it is saved, and shows itself in a notebook.
"""

from __future__ import annotations

import html
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from agora_rest.client.models import ProjectMinutes, UsageMetrics
from agora_rest.errors import InvalidArgument

if TYPE_CHECKING:
    import altair as alt

FORMATS: Final = (".png", ".svg", ".html")
"""The file formats a chart can be saved in."""

KINDS: Final = {"audio": "Audio", "sd": "SD video", "hd": "HD video", "hdp": "HDP video"}
"""The kinds of minutes (CO-32), from the bottom of a bar to its top."""

_COLOURS: Final = ("#0072B2", "#56B4E9", "#E69F00", "#D55E00")
"""The palette of Okabe and Ito, distinguishable with any colour vision and in greyscale."""

_WIDTH: Final = 720
_FEW_DAYS: Final = 62
"""Up to this many days, the axis is labelled by day; beyond it, by month."""


def minutes(usage: Iterable[ProjectMinutes], *, names: Mapping[str, str] | None = None) -> alt.FacetChart:
    """Draw minutes by day, stacked by kind, one row per project, the project with the most minutes on top.

    `names` maps project IDs to titles; the title defaults to the ID. Projects without usage are left out. All rows
    share one scale, so that equal heights are equal minutes. Raises InvalidArgument if there is no day to draw.
    """
    import altair as alt

    used = [project for project in usage if project.daily]
    first, last = _span(day.date for project in used for day in project.daily)
    shown = [project for project in used if _sum(project)] or used
    shown.sort(key=_sum, reverse=True)
    titles = _titles(shown, names or {})
    rows = [row for project in shown for row in _rows(project, titles[project.project])]
    chart = _bars(alt, rows, first, last).encode(
        y=_axis(alt, "minutes", "Minutes", silent=not any(map(_sum, shown))),
        color=alt.Color(
            "kind:N",
            title="Kind of minutes",
            scale=alt.Scale(domain=list(KINDS.values()), range=list(_COLOURS)),
            legend=alt.Legend(orient="top", direction="horizontal", symbolType="square"),
        ),
        order=alt.Order("layer:Q"),
        tooltip=[
            alt.Tooltip("day:N", title="Day"),
            alt.Tooltip("kind:N", title="Kind"),
            alt.Tooltip("minutes:Q", title="Minutes", format=",.0f"),
        ],
    )
    silent = not any(map(_sum, shown))
    subtitle = _nothing_used(first, last) if silent else _subtitle(first, last, len(used) - len(shown), "project")
    drawn: alt.FacetChart = _stacked(alt, chart, "Minutes used per day", subtitle, list(titles.values()), y="shared")
    return drawn


def metrics(usage: UsageMetrics, *, title: str = "Usage per day") -> alt.FacetChart:
    """Draw every metric by day, one row per metric with its unit; seconds are shown as minutes.

    Raises InvalidArgument if there is no day or no metric to draw.
    """
    import altair as alt

    first, last = _span(day.date.date() for day in usage.days if usage.meta)
    shown = [name for name in usage.meta if any(day.usage.get(name) for day in usage.days)]
    silent = len(usage.meta) - len(shown) if shown else 0
    rows: list[dict[str, Any]] = []
    labels = []
    for name in shown or usage.meta:
        metric = usage.meta[name]
        share, unit = (60, "minutes") if metric.unit == "second" else (1, metric.unit)
        labels.append(f"{metric.en} ({unit})")
        rows += [
            {"row": labels[-1], "day": day.date.date().isoformat(), "value": day.usage.get(name, 0) / share}
            for day in usage.days
        ]
    chart = _bars(alt, rows, first, last).encode(
        y=_axis(alt, "value", None, silent=not shown),
        color=alt.value(_COLOURS[0]),
        tooltip=[
            alt.Tooltip("day:N", title="Day"),
            alt.Tooltip("row:N", title="Metric"),
            alt.Tooltip("value:Q", title="Value", format=",.1f"),
        ],
    )
    subtitle = _subtitle(first, last, silent, "metric") if shown else _nothing_used(first, last)
    drawn: alt.FacetChart = _stacked(alt, chart, title, subtitle, labels, y="independent")
    return drawn


def check_file(file: Path) -> None:
    """Check that `save` can write `file`.

    Raises InvalidArgument for an unsupported file name, and ModuleNotFoundError without the extra.
    """
    import altair as _altair
    import vl_convert as _vl_convert  # noqa: F401  to fail before the server is asked, not after

    del _altair
    if file.suffix.lower() not in FORMATS:
        raise InvalidArgument("chart", f"must end in {', '.join(FORMATS)}", file.name)


def save(chart: alt.TopLevelMixin, file: Path) -> None:
    """Write a chart as .png, .svg or .html, chosen by the file name; an HTML page is self-contained.

    Raises InvalidArgument for another file name, OSError if the file cannot be written.
    """
    check_file(file)
    match file.suffix.lower():
        case ".html":
            file.write_text(_page(chart), encoding="utf-8")
        case ".png":
            chart.save(str(file), format="png", scale_factor=2)
        case _:
            chart.save(str(file), format="svg")


def _bars(alt: Any, rows: list[dict[str, Any]], first: date, last: date) -> Any:
    """A bar for each day.

    Days are categories, not times: each label is centred below its bar in any viewer's time zone, and each bar is a
    whole number of pixels wide, without which the bars of a year blur. The data is inline, because Altair refuses more
    than 5,000 rows by default, and a year of four projects has more.
    """
    days = [date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1)]
    few = len(days) <= _FEW_DAYS
    step = min(48, max(_WIDTH // len(days), 2))
    axis = alt.Axis(
        values=[day.isoformat() for day in (days[:: -(-len(days) // 12)] if few else _months(days))],
        labelExpr=f"utcFormat(toDate(datum.value), '{'%-d %b' if few else '%b %Y'}')",
        labelAngle=0,
        ticks=not few,
        labelPadding=6,
        title=None,
    )
    scale = alt.Scale(domain=[day.isoformat() for day in days], padding=0.1 if few else 0)
    chart = alt.Chart(alt.InlineData(values=rows)).mark_bar().encode(x=alt.X("day:O", axis=axis, scale=scale))
    return chart.properties(width=max(step * len(days), 240) if few else step * len(days))


def _months(days: list[date]) -> list[date]:
    """The first days of months, at most twelve of them."""
    firsts = [day for day in days if day.day == 1]
    return firsts[:: max(1, -(-len(firsts) // 13))]


def _axis(alt: Any, field: str, title: str | None, *, silent: bool) -> Any:
    # The same width in each row, so that the titles are aligned. Without usage, only zero is marked.
    ticks = {"values": [0], "grid": False} if silent else {"tickCount": 4}
    axis = alt.Axis(format=",f", minExtent=48, **ticks)
    scale = alt.Scale(domain=[0, 1]) if silent else alt.Scale(zero=True)
    return alt.Y(f"{field}:Q", title=title, axis=axis, scale=scale)


def _stacked(alt: Any, chart: Any, title: str, subtitle: str, order: list[str], *, y: str) -> Any:
    facet = alt.Facet(
        "row:N",
        title=None,
        sort=order,
        header=alt.Header(labelAnchor="start", labelFontSize=12, labelFontWeight="bold", labelLimit=_WIDTH),
    )
    return (
        chart.properties(height=max(90, 320 // len(order)))
        .facet(facet, columns=1, spacing=14)
        .resolve_scale(y=y)
        .resolve_axis(x="shared")
        .properties(title=alt.Title(title, subtitle=subtitle, anchor="start"), background="white", padding=16)
        .configure(font="sans-serif")
        .configure_title(fontSize=18, subtitleFontSize=12, subtitleColor="#555", offset=14)
        .configure_axis(labelFontSize=11, titleFontSize=11, gridColor="#e6e6e6", domainColor="#888")
        .configure_legend(labelFontSize=12, titleFontSize=12, symbolSize=120)
        .configure_view(stroke=None)
    )


def _subtitle(first: date, last: date, silent: int, what: str) -> str:
    span = f"{_in_words(first)} to {_in_words(last)}" if first != last else _in_words(first)
    left_out = f" · {silent} {what}{'s' if silent != 1 else ''} without usage not shown" if silent else ""
    return f"{span}, days in UTC{left_out}"


def _nothing_used(first: date, last: date) -> str:
    return f"{_subtitle(first, last, 0, '')} · nothing was used"


def _in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _rows(project: ProjectMinutes, title: str) -> Iterator[dict[str, Any]]:
    for day in project.daily:
        for layer, (field, kind) in enumerate(KINDS.items()):
            yield {
                "row": title,
                "day": day.date.isoformat(),
                "kind": kind,
                "layer": layer,
                "minutes": getattr(day, field),
            }


def _titles(projects: list[ProjectMinutes], names: Mapping[str, str]) -> dict[str, str]:
    """The title of each project: name and sum; with the ID if two projects share a name."""
    called = Counter(names.get(project.project, project.project) for project in projects)
    found = {}
    for project in projects:
        name = names.get(project.project, project.project)
        label = f"{name} ({project.project})" if called[name] > 1 else name
        found[project.project] = f"{label} · {_sum(project):,.0f} minutes"
    return found


def _sum(project: ProjectMinutes) -> float:
    return sum(day.audio + day.sd + day.hd + day.hdp for day in project.daily)


def _span(days: Iterable[date]) -> tuple[date, date]:
    found = list(days)
    if not found:
        raise InvalidArgument("usage", "must have a day to draw", None)
    return min(found), max(found)


class _ScriptSafe(json.JSONEncoder):
    """JSON that is safe inside a page, even for a project named `</script>`."""

    def iterencode(self, o: Any, _one_shot: bool = False) -> Iterator[str]:
        return (part.replace("<", "\\u003c") for part in super().iterencode(o, _one_shot))

    def encode(self, o: Any) -> str:
        return "".join(self.iterencode(o))


_FITS_THE_SCREEN: Final = (
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    "  <style>#vis, #vis.vega-embed { display: block; } #vis svg { max-width: 100%; height: auto; }</style>"
)
"""Styles that limit the chart to the width of the window, also on a phone."""


def _page(chart: Any) -> str:
    actions = {"export": True, "source": False, "compiled": False, "editor": False}
    options = {"actions": actions, "renderer": "svg"}
    page: str = chart.to_html(inline=True, embed_options=options, json_kwds={"cls": _ScriptSafe})
    title = html.escape(chart.title.text)
    head = f"<head>\n  <title>{title}</title>\n  {_FITS_THE_SCREEN}"
    return page.replace("<head>", head, 1).replace("<html>", '<html lang="en">', 1)
