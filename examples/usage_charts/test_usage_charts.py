"""The tests of the script: as a command, and on the emulator of agora-rest's pytest plugin."""

from __future__ import annotations

import runpy
import subprocess
import sys
import xml.etree.ElementTree as ET
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from agora_rest import Agora
from agora_rest.emulator import DEMO_ID, Emulator, Minutes

SCRIPT = str(Path(__file__).with_name("usage_charts.py"))
MONTH = ("--from", "2026-01-01", "--to", "2026-01-31")


def texts(file: Path) -> set[str]:
    """The text in a chart."""
    return {element.text or "" for element in ET.parse(file).iter("{http://www.w3.org/2000/svg}text")}


@pytest.mark.slow
def test_the_demonstration_draws_every_project_and_every_kind(tmp_path: Path) -> None:
    words = [sys.executable, SCRIPT, "--demo", *MONTH, "--into", f"{tmp_path}/charts", "--format", "svg"]
    ran = subprocess.run(words, capture_output=True, text=True, check=True)
    files = sorted((tmp_path / "charts").iterdir())
    assert sorted(ran.stdout.splitlines()) == list(map(str, files))
    assert len(files) == 6
    kinds = {"Audio", "SD video", "HD video", "HDP video"}
    stacked, by_kind = (texts(tmp_path / "charts" / f"minutes-by-{what}.svg") for what in ("project", "kind"))
    assert kinds <= stacked
    assert kinds | {"demo", "school", "office hours"} <= by_kind
    projects = {text.partition(" · ")[0] for text in stacked if " · " in text}
    assert projects == {"demo", "school", "office hours"}
    recorded = texts(tmp_path / "charts" / "demo-demo-cloudRecording.svg")
    assert {"demo: cloudRecording", "Cloud Recording Duration (minutes)"} <= recorded


@pytest.mark.agora_dialect("current", "observed", "documented")
def test_an_account_is_drawn_whatever_its_projects_are_called(
    agora: Agora, agora_emulator: Emulator, tmp_path: Path
) -> None:
    script: dict[str, Any] = runpy.run_path(SCRIPT)
    agora_emulator.seed_minutes(DEMO_ID, date(2026, 1, 5), Minutes(audio=30))
    evil = agora_emulator.add_project("../../<script>", project_id="evil")
    agora_emulator.seed_metrics(evil.id, date(2026, 1, 5), {"durationAudioAll": 600})
    drawn = list(script["draw"](agora, date(2026, 1, 1), date(2026, 1, 31), tmp_path, "svg"))
    assert sorted(tmp_path.iterdir()) == sorted(drawn)
    assert len(drawn) == 3
    assert "demo · 30 minutes" in texts(tmp_path / "minutes-by-project.svg")


@pytest.mark.slow
def test_png_is_the_default(tmp_path: Path) -> None:
    words = [sys.executable, SCRIPT, "--demo", "--from", "2026-01-01", "--to", "2026-01-02"]
    subprocess.run(words, cwd=tmp_path, check=True, capture_output=True)
    assert {file.read_bytes()[:4] for file in (tmp_path / "charts").iterdir()} == {b"\x89PNG"}
