"""Which of several programs a test runs on, and what happens where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import programs


def script(folder: Path, output: str, code: int = 0) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "server"
    path.write_text(f"#!/bin/sh\necho '{output}'\nexit {code}\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    "output", ["Redis server v=7.0.15 sha=0", "postgres (PostgreSQL) 18.10", "Chromium 147.0.1.2 "]
)
def test_the_newest_program_is_used_and_of_equal_ones_the_installed(tmp_path: Path, output: str) -> None:
    installed, packaged = script(tmp_path / "installed", output), script(tmp_path / "packaged", output)
    older = script(tmp_path / "older", "server v=7.0.9")
    assert programs.newest("server", [installed, packaged], "") == installed
    assert programs.newest("server", [older, packaged], "") == packaged
    assert programs.newest("server", [packaged, older], "") == packaged


def test_a_program_that_does_not_run_here_is_not_used(tmp_path: Path) -> None:
    broken = script(tmp_path / "broken", "server v=9.9", code=127)
    foreign = tmp_path / "foreign"
    foreign.write_bytes(b"\x7fELF of another machine")
    foreign.chmod(0o755)
    works = script(tmp_path / "works", "server v=1.0")
    assert programs.newest("server", [broken, foreign, tmp_path / "absent", works], "") == works


def test_a_missing_program_skips_and_in_ci_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="server is missing: run this"):
        programs.newest("server", [], "run this")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="run this"):
        programs.newest("server", [], "run this")


def test_the_locked_packages_bring_servers_that_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "installed", lambda *_: [])
    assert programs.version_of(programs.redis_server()) >= (9, 1)
    assert programs.version_of(programs.postgres_bin() / "postgres") >= (18, 6)
