"""`make breaking`: what would break callers is named."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import breaking

PROJECT = Path(__file__).parents[1]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The project with its specifications and sources as they are, committed."""
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
    git = ["git", "-c", "user.name=test", "-c", "user.email=test@localhost"]
    for folder in ("src", "scripts", "openapi", "generated"):
        subprocess.run(["cp", "-r", PROJECT / folder, tmp_path / folder], check=True)
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "before"]):
        subprocess.run([*git, *command], cwd=tmp_path, check=True, env=environment)
    (tmp_path / "node_modules").symlink_to(PROJECT / "node_modules")
    return tmp_path


def compared(clone: Path) -> tuple[int, str]:
    """Exit code and words of the command."""
    command = [sys.executable, "scripts/breaking.py", "HEAD"]
    shown = subprocess.run(command, cwd=clone, capture_output=True, text=True)
    return shown.returncode, shown.stdout + shown.stderr


def test_without_a_commit_the_latest_release_is_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breaking, "PROJECT", tmp_path)
    git = ["git", "-c", "user.name=test", "-c", "user.email=test@localhost"]
    subprocess.run([*git, "init", "-q"], cwd=tmp_path, check=True)
    found = []
    for tag in (None, "v0.1.0", "v0.2.0", "nightly"):
        subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "change"], cwd=tmp_path, check=True)
        if tag:
            subprocess.run([*git, "tag", tag], cwd=tmp_path, check=True)
        found.append(breaking.latest_release())
    assert found == [None, "v0.1.0", "v0.2.0", "v0.2.0"]


@pytest.mark.slow
def test_what_is_not_changed_does_not_break(clone: Path) -> None:
    code, words = compared(clone)
    assert code == 0, words


@pytest.mark.slow
def test_what_breaks_is_named(clone: Path) -> None:
    changes = [
        ("client/_sync/projects.py", "def list(self)", "def list(self, must: int)", "Projects.list(must)"),
        ("client/_async/projects.py", "def list(self)", "def list(self, must: int)", "AsyncProjects.list(must)"),
        ("client/storages.py", "    bucket: str", "    pail: str", "S3Storage.bucket"),
        ("__init__.py", "    from agora_rest.client._dataframe import to_dataframe\n", "", "to_dataframe"),
    ]
    for file, before, after, _ in changes:
        path = clone / "src/agora_rest" / file
        path.write_text(path.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    code, words = compared(clone)
    assert code == 1
    assert [named for *_, named in changes if named not in words] == []
