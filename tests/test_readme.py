"""The README's promises: its Python runs as it is printed, its commands exist."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from agora_rest.emulator import Emulator

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
COMMANDS = sorted(set(re.findall(r"\$ (agora-rest [a-z]+(?: [a-z]+)?)(?= |$)", README, flags=re.MULTILINE)))
TARGETS = re.findall(r"\$ make ?([a-z]*)", README)


def run(code: str) -> str:
    """What a program prints; it must end well and warn of nothing."""
    finished = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def test_the_first_example_records_a_channel() -> None:
    with Emulator().serve() as server:
        # It waits five seconds before it asks: here the recording is far enough at once.
        code = BLOCKS[0].replace("http://127.0.0.1:8080", server.url)
        printed = run(code)
    assert "_lesson-42.m3u8'] uploaded" in printed
    assert "('lesson-42', 7, datetime" in printed


@pytest.mark.parametrize("code", BLOCKS[1:])
def test_the_other_examples_run(code: str) -> None:
    run(code)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_commands_exist(command: str) -> None:
    words = command.split()[1:]
    code = f"import sys; sys.argv = ['agora-rest', *{words!r}, '--help']; from agora_rest.cli import main; main()"
    assert "Usage" in run(code)


@pytest.mark.parametrize("target", TARGETS)
def test_the_targets_of_make_exist(target: str) -> None:
    makefile = (Path(__file__).parents[1] / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{target or 'all'}:", makefile, flags=re.MULTILINE)
