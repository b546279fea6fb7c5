"""Processes that take part: the servers, and callers that are told over a pipe what to do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import IO, Any

PROJECT = Path(__file__).parents[1]


@cache
def environment() -> dict[str, str]:
    """That of a process that is measured: modules stay compiled, as in an installation, whatever is set here."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "AGORA_"))}
    return {**kept, "PYTHONPYCACHEPREFIX": str(PROJECT / ".venv" / "benchmarks-pycache")}


@contextmanager
def process(*command: str | Path, python: str | Path = sys.executable) -> Iterator[subprocess.Popen[str]]:
    """`python command`, from the project's root, until the block ends."""
    arguments = [str(part) for part in (python, *command)]
    with subprocess.Popen(
        arguments, cwd=PROJECT, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as started:
        try:
            yield started
        finally:
            started.terminate()


@contextmanager
def server(*command: str) -> Iterator[str]:
    """A server that prints its port when it answers: its address."""
    with process(*command) as started:
        port = line_of(started.stdout)
        yield f"http://127.0.0.1:{port}"


class Worker:
    """A process that answers each line of JSON with one."""

    def __init__(self, started: subprocess.Popen[str]) -> None:
        self._process = started

    def __call__(self, question: object) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        return json.loads(line_of(self._process.stdout))


@contextmanager
def worker(module: str, *arguments: str, python: str | Path = sys.executable) -> Iterator[Worker]:
    """`python -m module arguments`, asked over its pipes."""
    with process("-m", module, *arguments, python=python) as started:
        yield Worker(started)


def line_of(stream: IO[str] | None) -> str:
    """The next line of a process. Raises RuntimeError when there is none, for it has ended: its error is above."""
    assert stream is not None
    line = stream.readline()
    if not line:
        raise RuntimeError("a process of the benchmark has ended early; what it said is above")
    return line.strip()


def output_of(arguments: Sequence[str | Path], **variables: str) -> str:
    """What a command prints, in an environment with these variables."""
    done = subprocess.run(
        [str(part) for part in arguments],
        cwd=PROJECT,
        env={**environment(), **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{arguments[0]} failed: {done.stderr.strip()[-2000:]}")
    return done.stdout.strip()
