"""Every snippet of the documentation runs as it is printed: Python, page by page, and every command."""

from __future__ import annotations

import gc
import os
import re
import shlex
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace

import pytest
from sybil import Example, Sybil
from sybil.parsers.markdown import CodeBlockParser
from typer.testing import CliRunner

from agora_rest.cli._app import app
from agora_rest.client import clocks
from agora_rest.emulator import Emulator

PROJECT = Path(__file__).parents[1]
DOCS = PROJECT / "docs"
PAGES = sorted(path for path in DOCS.rglob("*.md"))

ADDRESS = "http://127.0.0.1:8080"
"""Where the pages have their emulator; the tests have it elsewhere."""

SERVED = ("agora-rest emulator", "agora-rest fleet worker", "agora-rest fleet watch", "agora-rest fleet webhooks")
"""Not started here, for they do not end: the first is what `Stage` does, the others have tests of their own."""

SERVICES = {"redis://cache.internal:6379/0": "redis_server", "postgresql+psycopg://fleet@db/fleet": "postgresql"}
"""Servers that pages speak of, and the fixtures that are such servers."""


class Stage:
    """One page: an emulator, a directory of its own, the environment that a reader has set up by then."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path, request: pytest.FixtureRequest) -> None:
        self.emulator = Emulator(rate_limit=False)
        for number in range(42, 50):
            self.emulator.join("0123456789abcdef0123456789abcdef", f"lesson-{number}", [101, 102])
        self.folder, self.monkeypatch, self._request = folder, monkeypatch, request
        self.servers = ExitStack()
        self.url = self.servers.enter_context(self.emulator.serve()).url
        monkeypatch.chdir(folder)
        for name, value in {"ID": "emulator", "CERTIFICATE": "emulator-secret"}.items():
            monkeypatch.setenv(f"AGORA_CUSTOMER_{name}", value)
        monkeypatch.setenv("AGORA_BASE_URL", self.url)
        # `make contract` makes these runs; here their options have to be right.
        monkeypatch.setattr("agora_rest.contract.runner.run", lambda *_: 0)
        monkeypatch.setattr("agora_rest.contract.safety.dry_run.rehearse", lambda _: SimpleNamespace(lines=list))
        monkeypatch.setattr(clocks.Clock, "sleep", self.sleep)
        monkeypatch.setattr(clocks.AsyncClock, "sleep", self.sleep_in_a_task)

    def sleep(self, seconds: float) -> None:
        """Nobody waits: the emulator's clock is moved."""
        self.emulator.clock.advance(seconds)

    async def sleep_in_a_task(self, seconds: float) -> None:
        self.emulator.clock.advance(seconds)

    def here(self, code: str) -> str:
        """What is printed, with the addresses of this stage."""
        for address, fixture in SERVICES.items():
            if address in code:
                code = code.replace(address, self._request.getfixturevalue(fixture).url)
        return code.replace(ADDRESS, self.url)


def run_python(example: Example) -> None:
    """A page's blocks share their names. A block of tests is run by pytest, with our plugin."""
    stage: Stage = example.namespace["stage"]
    code = stage.here(example.parsed)
    if "def test_" in code:
        stage.monkeypatch.delenv("AGORA_BASE_URL")  # set for the tutorial's reader, and for nobody's tests
        (stage.folder / "test_page.py").write_text(code, encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_page.py"]
        shown = subprocess.run(command, cwd=stage.folder, capture_output=True, text=True)
        assert shown.returncode == 0, shown.stdout
    else:
        exec(compile(code, example.path, "exec"), example.namespace)


def run_console(example: Example) -> None:
    """Every line after a `$`."""
    for line in re.findall(r"^\$ (.*)$", example.parsed, flags=re.MULTILINE):
        if not line.startswith(SERVED):
            run_command(example.namespace["stage"].here(line))


def run_command(line: str) -> None:
    """A command of ours, which has to succeed."""
    program, *words = shlex.split(line, comments=True)
    if program == "make":
        assert re.search(rf"^{words[0] if words else 'all'}:", (PROJECT / "Makefile").read_text("utf-8"), re.MULTILINE)
        return
    assert program == "agora-rest", f"{line!r} is run by nobody"
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, f"{line}\n{done.output}\n{done.exception!r}"


def set_up(example: Example) -> None:
    """What a reader does to a machine: variables are set, but for those of the stage; packages are there already."""
    stage: Stage = example.namespace["stage"]
    for line in example.parsed.strip().splitlines():
        program, *words = shlex.split(line, comments=True)
        assert program in ("export", "pip"), f"{line!r} is run by nobody"
        for name, value in (word.split("=", 1) for word in words if program == "export"):
            if name not in os.environ:
                stage.monkeypatch.setenv(name, value)


PARSERS = [
    CodeBlockParser("python", run_python),
    CodeBlockParser("console", run_console),
    CodeBlockParser("sh", set_up),
]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(DOCS)))
def test_the_snippets_of_a_page_run(
    page: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    stage = Stage(monkeypatch, tmp_path, request)
    with stage.servers:
        document = Sybil(parsers=PARSERS).parse(page)
        document.namespace["stage"] = stage
        for example in document.examples():
            example.evaluate()
        # What a page leaves open is closed here, and not during some other test.
        document.namespace.clear()
        gc.collect()
