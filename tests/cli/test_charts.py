"""`agora-rest usage … --chart FILE`, and the charts behind it."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agora_rest import DayMetrics, DayMinutes, InvalidArgument, Metric, ProjectMinutes, UsageMetrics, charts
from agora_rest.emulator import DEMO_ID
from tests.cli.conftest import DAY, Local, Terminal

DAYS = ("--from", DAY, "--to", DAY + timedelta(days=9))


def used(project: str, *minutes: float, first: date = DAY) -> ProjectMinutes:
    days = [
        DayMinutes(date=first + timedelta(days=number), audio=each, sd=0, hd=2 * each, hdp=0)
        for number, each in enumerate(minutes)
    ]
    return ProjectMinutes(project=project, daily=tuple(days))


def values(chart: Any) -> list[dict[str, Any]]:
    shown = chart.to_dict()
    found: list[dict[str, Any]] = shown["datasets"][shown["data"]["name"]]
    return found


def texts(file: Path) -> list[str]:
    return [element.text or "" for element in ET.parse(file).iter("{http://www.w3.org/2000/svg}text")]


def test_a_picture_shows_title_kinds_units_days_and_projects(local: Local, run: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "usage.svg"
    ran = run("usage", "minutes", *DAYS, "--chart", file)
    assert (ran.exit_code, ran.out) == (0, "")
    assert str(file) in ran.err
    shown = texts(file)
    assert {"Minutes used per day", "5 January 2026 to 14 January 2026, days in UTC"} <= set(shown)
    assert {"Audio", "SD video", "HD video", "HDP video", "Minutes", "5 Jan"} <= set(shown)
    assert [text for text in shown if text.endswith("0 minutes")] == ["secret · 70 minutes", "demo · 10 minutes"]


def test_metrics_are_drawn_in_minutes_and_silent_ones_left_out(run: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "metrics.svg"
    assert run("usage", "metrics", DEMO_ID, *DAYS, "--chart", file).exit_code == 0
    shown = texts(file)
    assert "Total Audio Duration (minutes)" in shown
    assert "5 January 2026 to 14 January 2026, days in UTC · 2 metrics without usage not shown" in shown
    assert "20,000" in shown


def test_a_png_is_one(run: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "usage.PNG"
    assert run("usage", "minutes", *DAYS, "--chart", file).exit_code == 0
    assert file.read_bytes().startswith(b"\x89PNG")


def test_a_page_needs_no_network_and_a_name_cannot_break_out_of_it(local: Local, run: Terminal, tmp_path: Path) -> None:
    name = "</script><script>alert(1)</script>"
    local.emulator.add_project(name, project_id="evil")
    from agora_rest.emulator import Minutes

    local.emulator.seed_minutes("evil", DAY, Minutes(5))
    file = tmp_path / "usage.html"
    assert run("usage", "minutes", *DAYS, "--chart", file).exit_code == 0
    page = file.read_text(encoding="utf-8")
    assert name not in page
    assert "\\u003c/script>" in page
    assert not re.search(r"<(script|link)[^>]*\s(src|href)=|(src|href)=.?https?:|@import|url\(.?http", page)
    assert "<title>Minutes used per day</title>" in page


def test_a_chart_and_json_go_together(local: Local, run: Terminal, tmp_path: Path) -> None:
    ran = run("usage", "minutes", *DAYS, "--chart", tmp_path / "usage.svg", "--json")
    assert len(ran.json) == 2
    assert (tmp_path / "usage.svg").exists()


@pytest.mark.parametrize("name", ["chart.pdf", "chart", "missing/chart.svg", "missing/chart.html"])
def test_a_file_that_cannot_be_written_is_said_in_a_sentence(run: Terminal, tmp_path: Path, name: str) -> None:
    ran = run("usage", "minutes", *DAYS, "--chart", tmp_path / name)
    assert ran.exit_code == 2
    assert ran.err.startswith("agora-rest: ")
    assert ran.err.count("\n") == 1


def test_each_day_is_drawn_once_for_each_kind() -> None:
    rows = values(charts.minutes([used("a", 1, 2, 3)]))
    assert [(row["day"], row["kind"], row["minutes"]) for row in rows[:4]] == [
        ("2026-01-05", "Audio", 1),
        ("2026-01-05", "SD video", 0),
        ("2026-01-05", "HD video", 2),
        ("2026-01-05", "HDP video", 0),
    ]
    assert len(rows) == 12


def test_the_project_with_the_most_minutes_is_on_top_and_silent_ones_are_counted() -> None:
    chart = charts.minutes([used("small", 1), used("none", 0), used("large", 50)], names={"large": "Large"}).to_dict()
    assert chart["facet"]["sort"] == ["Large · 150 minutes", "small · 3 minutes"]
    assert chart["title"]["subtitle"] == "5 January 2026, days in UTC · 1 project without usage not shown"


def test_two_projects_of_one_name_are_told_apart() -> None:
    chart = charts.minutes([used("a", 2), used("b", 1)], names={"a": "same", "b": "same"}).to_dict()
    assert chart["facet"]["sort"] == ["same (a) · 6 minutes", "same (b) · 3 minutes"]


def test_where_nobody_used_anything_all_are_drawn_on_a_scale_that_begins_at_zero() -> None:
    chart = charts.minutes([used("a", 0), used("b", 0)]).to_dict()
    assert len(chart["facet"]["sort"]) == 2
    assert chart["spec"]["encoding"]["y"]["scale"] == {"domain": [0, 1]}

    assert chart["title"]["subtitle"].endswith("nothing was used")
    assert chart["spec"]["encoding"]["y"]["axis"]["grid"] is False


def test_projects_share_a_scale_so_that_equal_heights_are_equal_minutes() -> None:
    chart = charts.minutes([used("large", 5000), used("small", 900)]).to_dict()
    assert chart["resolve"]["scale"]["y"] == "shared"


def test_a_page_fits_a_narrow_window(tmp_path: Path) -> None:
    charts.save(charts.minutes([used("a", 1)]), tmp_path / "chart.html")
    page = (tmp_path / "chart.html").read_text(encoding="utf-8")
    assert "max-width: 100%" in page
    assert '"renderer": "svg"' in page


def test_an_unknown_project_is_an_error_and_no_empty_table(run: Terminal) -> None:
    ran = run("usage", "minutes", "--project", "nosuch")
    assert ran.exit_code == 1
    assert "no project with the ID nosuch" in ran.err
    assert run("usage", "minutes", "--project", "nosuch", "--json").exit_code == 1


def test_days_that_are_missing_leave_a_gap() -> None:
    chart = charts.minutes([used("a", 1), used("b", 1, first=DAY + timedelta(days=3))]).to_dict()
    assert chart["spec"]["encoding"]["x"]["scale"]["domain"] == [f"2026-01-0{day}" for day in (5, 6, 7, 8)]


@pytest.mark.slow
@pytest.mark.parametrize("days", [1, 2, 31, 62, 63, 366, 1500])
def test_labels_are_few_and_bars_whole_pixels_however_long_the_time(days: int, tmp_path: Path) -> None:
    chart = charts.minutes([used("a", *[1.0] * days)])
    spec = chart.to_dict()["spec"]
    assert 1 <= len(spec["encoding"]["x"]["axis"]["values"]) <= 13
    assert spec["width"] % days == 0 or days <= 62
    charts.save(chart, tmp_path / "chart.svg")
    labels = [text for text in texts(tmp_path / "chart.svg") if re.fullmatch(r"(\d+ )?[A-Z][a-z]{2}( \d{4})?", text)]
    assert labels


@pytest.mark.slow
def test_more_rows_than_altair_takes_by_itself_are_drawn(tmp_path: Path) -> None:
    chart = charts.minutes([used(str(number), *[1.0] * 366) for number in range(5)])
    assert len(values(chart)) == 5 * 366 * 4
    charts.save(chart, tmp_path / "chart.svg")


def test_units_of_metrics_other_than_seconds_stay() -> None:
    day = DayMetrics(date=datetime(2026, 1, 5, tzinfo=UTC), usage={"n": 7, "s": 120})
    meta = {"n": Metric(cn=None, en="Number", unit="count"), "s": Metric(cn=None, en="Time", unit="second")}
    rows = values(charts.metrics(UsageMetrics(meta=meta, days=(day,))))
    assert [(row["row"], row["value"]) for row in rows] == [("Number (count)", 7), ("Time (minutes)", 2)]


def test_nothing_to_draw_is_said() -> None:
    with pytest.raises(InvalidArgument, match="must have a day to draw"):
        charts.minutes([])
    with pytest.raises(InvalidArgument, match="must have a day to draw"):
        charts.metrics(UsageMetrics(meta={}, days=()))


def test_the_colours_are_those_that_everybody_can_tell_apart() -> None:
    colours = charts.minutes([used("a", 1)]).to_dict()["spec"]["encoding"]["color"]["scale"]["range"]
    assert json.dumps(colours) == '["#0072B2", "#56B4E9", "#E69F00", "#D55E00"]'
