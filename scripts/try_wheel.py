"""Tries the wheel as a new user would: each extra alone in a clean environment, the tutorial in an empty directory.

    try_wheel.py [DIRECTORY]    takes the wheel from there, by default from dist/

Versions are those of requirements/dev.txt.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZipFile

PROJECT = Path(__file__).parents[1]
UV = Path(sys.executable).with_name("uv")
TUTORIAL = PROJECT / "docs/tutorial.md"

RUNS = {
    "": "from agora_rest import Agora, AsyncAgora, to_dataframe; Agora('id', 'certificate').close()",
    "cli": "from agora_rest.cli._app import app",
    "emulator": "from agora_rest.emulator import Emulator\nwith Emulator().serve() as server: print(server.url)",
    "contract": "from agora_rest.contract import run",
    "fleet": "from agora_rest.fleet import Journal; Journal('sqlite:///fleet.db').migrate()",
    "postgresql": "import agora_rest.fleet, psycopg",
    "redis": "from agora_rest.permits.redis import RedisPermits",
    "fast": "from agora_rest import Agora; Agora('id', 'certificate', transport='fast').close()",
    "http2": "from agora_rest import Agora; Agora('id', 'certificate', http2=True).close()",
    "charts": "import altair, vl_convert",
    "testing": "import agora_rest.mocks, agora_rest.pytest_plugin",
}
"""What must run with nothing installed but the wheel and one extra."""

SAYS = {
    ("", "agora-rest --help"): "agora-rest[cli]",
    ("cli", "agora-rest emulator"): "agora-rest[emulator]",
    ("cli", "agora-rest contract run"): "agora-rest[contract]",
    ("cli", "agora-rest fleet list"): "agora-rest[fleet]",
}
"""Without an extra, a command says which one brings what it needs."""

READER = """
import json, os, shlex, subprocess, sys
names = {"__name__": "__main__"}
programs = os.path.dirname(sys.executable)
for language, text in json.loads(sys.argv[1]):
    if language == "python":
        exec(compile(text, "<tutorial>", "exec"), names)
    for line in text.splitlines():
        program, *words = shlex.split(line.removeprefix("$ "), comments=True) if language != "python" else [""]
        if program == "export":
            os.environ.update(word.split("=", 1) for word in words)
        elif program == "agora-rest" and words[0] != "emulator":
            print(line, flush=True)
            subprocess.run([os.path.join(programs, program), *words], check=True)
"""
"""Does what a page says, in one interpreter: runs the snippets of Python and the commands, and sets the variables."""

IN_WHEEL = ("agora_rest/py.typed", "agora_console/py.typed", "agora_cloud_recording/openapi.json")


class Trial:
    """The distributions that were built, and environments made from them in one directory."""

    def __init__(self, distributions: Path, folder: Path) -> None:
        self.folder = folder
        self.environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        for name in ("VIRTUAL_ENV", "PYTHONPATH"):
            self.environment.pop(name, None)
        (self.wheel,) = distributions.resolve().glob("*.whl")

    def names(self) -> set[str]:
        with ZipFile(self.wheel) as wheel:
            return set(wheel.namelist())

    def extras(self) -> set[str]:
        """What the wheel can be installed with."""
        with ZipFile(self.wheel) as wheel:
            (metadata,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
            return set(re.findall(r"^Provides-Extra: (.+)$", wheel.read(metadata).decode(), flags=re.MULTILINE))

    def install(self, extra: str) -> Path:
        """A clean environment with the wheel and one extra; gives its programs' directory."""
        place = self.folder / f"with-{extra or 'nothing'}"
        subprocess.run([UV, "venv", "--quiet", "--python", sys.executable, place], check=True)
        wanted = f"agora-rest[{extra}] @ {self.wheel.as_uri()}" if extra else str(self.wheel)
        constraint = PROJECT / "requirements/dev.txt"
        install = [
            str(UV),
            "pip",
            "install",
            "--quiet",
            "--python",
            str(place / "bin/python"),
            "--constraint",
            str(constraint),
            wanted,
        ]
        subprocess.run(install, check=True, env=self.environment)
        return place / "bin"

    def run(self, programs: Path, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a program of an environment in an empty directory."""
        with tempfile.TemporaryDirectory() as empty:
            return subprocess.run(
                [programs / command[0], *command[1:]], cwd=empty, env=self.environment, capture_output=True, text=True
            )


def tutorial(trial: Trial, programs: Path) -> list[str]:
    """The README's first example and the whole tutorial against the emulator's command. Gives what went wrong."""
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    pages = {
        "the README's example": [("python", re.findall(r"```python\n(.*?)```", readme, flags=re.DOTALL)[0])],
        "the tutorial": re.findall(r"```(\w+)\n(.*?)```", TUTORIAL.read_text(encoding="utf-8"), flags=re.DOTALL),
    }
    found = []
    for name, snippets in pages.items():
        print(f"==> {name}, with agora-rest[all]", flush=True)
        with emulator(programs) as port:
            here = [(language, text.replace(":8080", f":{port}")) for language, text in snippets]
            shown = trial.run(programs, "python", "-W", "error", "-c", READER, json.dumps(here))
        if shown.returncode or "lesson-42" not in shown.stdout:
            found.append(f"{name}:\n{shown.stdout}\n{shown.stderr}")
    return found


@contextmanager
def emulator(programs: Path) -> Iterator[int]:
    """The emulator as the tutorial starts it, on a port that is free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([programs / "agora-rest", "emulator", "--port", str(port)], stdout=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def wait_for(port: int) -> None:
    """Return once the port accepts connections."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("the emulator did not start")


def problems(trial: Trial) -> list[str]:
    """Everything that does not work."""
    found = [f"{name} is not in the wheel" for name in IN_WHEEL if name not in trial.names()]
    found += [f"{extra}: an extra that is not tried, or none" for extra in trial.extras() ^ {"all", *RUNS} - {""}]
    for extra, code in RUNS.items():
        print(f"==> agora-rest{f'[{extra}]' if extra else ''} alone", flush=True)
        programs = trial.install(extra)
        shown = trial.run(programs, "python", "-W", "error", "-c", code)
        if shown.returncode:
            found.append(f"with {extra or 'no extra'}: {code!r}\n{shown.stderr}")
        for (where, command), hint in SAYS.items():
            if where == extra:
                shown = trial.run(programs, *command.split())
                if not (shown.returncode and hint in shown.stderr and "Traceback" not in shown.stderr):
                    found.append(f"with {extra or 'no extra'}: {command} does not name {hint}\n{shown.stderr}")
    return found + tutorial(trial, trial.install("all"))


def main(arguments: list[str]) -> int:
    distributions = Path(arguments[0] if arguments else PROJECT / "dist")
    for line in (distributions / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        digest, name = line.split()
        if hashlib.sha256((distributions / name).read_bytes()).hexdigest() != digest:
            raise ValueError(f"{name} is not the file that was built")
    with tempfile.TemporaryDirectory() as folder:
        found = problems(Trial(distributions, Path(folder)))
    print(*found, sep="\n")
    print(f"{len(RUNS) + 2 - len(found)} passed, {len(found)} failed")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
