"""The README's promises: its Python runs as it is printed, its commands exist."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
COMMANDS = sorted(set(re.findall(r"\$ (agora-rest [a-z]+(?: [a-z]+)?)(?= |$)", README, flags=re.MULTILINE)))
TARGETS = re.findall(r"\$ make ?([a-z]*)", README)


def run(code: str) -> str:
    """What a program prints; it must end well and warn of nothing."""
    finished = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


PRINTED = ["_lesson-42.m3u8'] uploaded", "('lesson-42', 7, datetime"]
"""A part of what each example prints: a recorded file, a rule."""


@pytest.mark.parametrize(("code", "printed"), list(zip(BLOCKS, PRINTED, strict=True)))
def test_the_examples_run(code: str, printed: str) -> None:
    assert printed in run(code)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_commands_exist(command: str) -> None:
    words = command.split()[1:]
    code = f"import sys; sys.argv = ['agora-rest', *{words!r}, '--help']; from agora_rest.cli import main; main()"
    assert "Usage" in run(code)


@pytest.mark.parametrize("target", TARGETS)
def test_the_targets_of_make_exist(target: str) -> None:
    makefile = (Path(__file__).parents[1] / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{target or 'all'}:", makefile, flags=re.MULTILINE)
