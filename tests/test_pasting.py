"""Every Python snippet that readers meet can be pasted into Python's prompt as it is printed."""

from __future__ import annotations

import codeop
import re
import subprocess
import sys
from pathlib import Path

import pytest

from agora_rest.emulator import Emulator

PROJECT = Path(__file__).parents[1]
PAGES = [PROJECT / "README.md", *sorted((PROJECT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"```python\n(.*?)```", flags=re.DOTALL)

SNIPPETS = [
    pytest.param(code, id=f"{page.relative_to(PROJECT)}-{number}")
    for page in PAGES
    for number, code in enumerate(BLOCK.findall(page.read_text(encoding="utf-8")))
    if "def test_" not in code and "@pytest.fixture" not in code  # these belong into a file
]


@pytest.mark.parametrize("code", SNIPPETS)
def test_a_snippet_can_be_pasted_into_the_prompt(code: str) -> None:
    """At the prompt, an empty line ends a block, and a block that no empty line follows is not run."""
    complete, waiting = codeop.CommandCompiler(), ""
    for line in code.splitlines():
        waiting = f"{waiting}{line}\n"
        if complete(waiting.rstrip("\n") if line.strip() else waiting, "<prompt>") is not None:
            waiting = ""
    assert waiting == "", f"the prompt waits for an empty line after:\n{waiting}"


def test_the_first_example_works_in_a_real_prompt() -> None:
    emulator = Emulator()
    emulator.join("0123456789abcdef0123456789abcdef", "lesson-42", 1)
    (first, *_) = BLOCK.findall(PAGES[0].read_text(encoding="utf-8"))
    with emulator.serve() as server:
        pasted = first.replace("http://127.0.0.1:8080", server.url)
        prompt = subprocess.run([sys.executable, "-i", "-q"], input=pasted, capture_output=True, text=True, timeout=120)
    assert "Error" not in prompt.stderr
    assert "_lesson-42.m3u8'] uploaded" in prompt.stdout
