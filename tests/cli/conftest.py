"""The command line, run in this process against an emulator; nothing it ever prints may have a secret in it."""

from __future__ import annotations

import json
import math
import os
import re
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from agora_rest import Agora, Clock, StartedRecording
from agora_rest.cli import _live
from agora_rest.cli._app import app
from agora_rest.cli._interrupting import InterruptibleClock
from agora_rest.emulator import DEMO_APP_ID, DEMO_ID, Emulator, FrozenClock, Minutes
from agora_rest.emulator.server import EmulatorServer
from agora_rest.permits import MemoryPermits
from tests.permits.simulation import AloneClock

CUSTOMER = "customer-of-these-tests"
CERTIFICATE = "planted-certificate"
SECRETS = {
    "AGORA_CUSTOMER_CERTIFICATE": CERTIFICATE,
    "AGORA_STORAGE_ACCESS_KEY": "planted-access-key",
    "AGORA_STORAGE_SECRET_KEY": "planted-secret-key",
    "AGORA_DECRYPTION_SECRET": "planted-decryption-secret",
}
STORAGE = ("--storage", "s3", "--region", "eu-west-1", "--bucket", "lessons")
CHANNEL = "lesson-42"
DAY = date(2026, 1, 5)


@dataclass
class Local:
    """An emulator on a port, and the client's view of it."""

    emulator: Emulator
    server: EmulatorServer
    api: Agora

    @property
    def world(self) -> Any:
        return self.emulator.world


MAIN = [sys.executable, "-c", "from agora_rest.cli import main; main()"]
"""The command in a process of its own."""


def account(local: Local) -> dict[str, str]:
    """The variables of the emulator's account."""
    return {
        "AGORA_CUSTOMER_ID": CUSTOMER,
        "AGORA_CUSTOMER_CERTIFICATE": CERTIFICATE,
        "AGORA_BASE_URL": local.server.url,
        "AGORA_APP_ID": DEMO_APP_ID,
    }


def environment(local: Local, **more: str) -> dict[str, str]:
    """The environment of a process with that account."""
    return {**os.environ, **account(local), **more}


@dataclass
class Ran:
    """What a command did."""

    exit_code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def error(self) -> dict[str, Any]:
        """What went wrong, with --json: one line on standard error."""
        found: dict[str, Any] = json.loads(self.err)["error"]
        return found


@dataclass
class Terminal:
    """Runs commands and keeps all that they print."""

    environment: dict[str, str]
    printed: list[str] = field(default_factory=list)

    def __call__(self, *words: object, stdin: str = "", **environment: str | None) -> Ran:
        result: Result = CliRunner().invoke(
            app, list(map(str, words)), input=stdin, env={**self.environment, **environment}
        )
        self.printed += [result.stdout, result.stderr]
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ran(result.exit_code, result.stdout, result.stderr)


@pytest.fixture(params=["documented"])
def local(request: pytest.FixtureRequest) -> Iterator[Local]:
    """With a project beside `demo` that has a certificate, users in two channels, and usage."""
    emulator = Emulator(
        dialect=request.param,
        customer_id=CUSTOMER,
        customer_certificate=CERTIFICATE,
        clock=FrozenClock(),
        rate_limit=False,
        seed=None,  # with one, request IDs are drawn in the same order as certificates, and equal them
    )
    secret = emulator.add_project("secret", enable_certificate=True, project_id="secret")
    emulator.join(DEMO_APP_ID, CHANNEL, [1, 2])
    emulator.join(DEMO_APP_ID, "show", 3, mode=2, role=2)
    emulator.join(DEMO_APP_ID, "show", [4, 5], mode=2, role=3)
    emulator.seed_minutes(DEMO_ID, DAY, Minutes(1, 2, 3, 4))
    emulator.seed_metrics(DEMO_ID, DAY, {"durationAudioAll": 1234567})
    emulator.seed_minutes(secret.id, DAY, Minutes(0, 0, 70, 0))
    with (
        emulator.serve() as server,
        Agora(CUSTOMER, CERTIFICATE, base_url=server.url, permits=None) as api,
    ):
        yield Local(emulator, server, api)


class NoWaitClock(AloneClock):
    """The clock of permits, of which a wait takes no time, except one without an end, which another thread ends."""

    def wait(self, alarm: threading.Event, seconds: float) -> None:
        if math.isinf(seconds):
            alarm.wait()
        else:
            super().wait(alarm, seconds)


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No account of whoever runs the tests, and no waiting before a repetition or for a permit."""
    for name in os.environ:
        if name.startswith("AGORA_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(Clock, "sleep", lambda *_: None)
    permits = MemoryPermits(clock=NoWaitClock())
    monkeypatch.setattr("agora_rest.client._sync.client.shared", lambda: permits)


@pytest.fixture
def run(local: Local) -> Iterator[Terminal]:
    """Commands with the emulator's account in the environment; afterwards, all they printed is searched."""
    terminal = Terminal({**account(local), **SECRETS})
    yield terminal
    text = "\n".join(terminal.printed)
    certificates = [project.certificate for project in local.world.projects.all()]
    leaked = [secret for secret in [*SECRETS.values(), *certificates] if secret in text]
    assert leaked == []
    assert "Traceback" not in text


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What a start was called with, which is not carried out."""
    calls: dict[str, Any] = {}

    def start(_self: object, resource: Any, storage: Any, *, config: Any = None, **_: object) -> StartedRecording:
        calls.update(storage=storage, config=config, channel=resource.channel, uid=resource.uid)
        return StartedRecording(resource_id=resource.resource_id, sid="s", channel=resource.channel, uid=resource.uid)

    monkeypatch.setattr("agora_rest.client._sync.recordings.Recordings.start", start)
    return calls


@pytest.fixture
def profiles(tmp_path: Path) -> Callable[..., Path]:
    """Writes the file of profiles."""

    def write(text: str, mode: int = 0o600) -> Path:
        file = tmp_path / "config" / "agora-rest" / "profiles.toml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        file.chmod(mode)
        return file

    return write


class Hastening(InterruptibleClock):
    """Passes at once, and the emulator's clock with it; `on_pause` may do something at each wait."""

    def __init__(self, emulator: Emulator, on_pause: Callable[[Hastening], None] | None = None) -> None:
        super().__init__()
        self._emulator, self._on_pause, self.pauses = emulator, on_pause, 0

    def now(self) -> float:
        return self._emulator.clock.now()

    def _pause(self, seconds: float) -> None:
        self._emulator.clock.advance(seconds)
        self.pauses += 1
        if self._on_pause:
            self._on_pause(self)


@pytest.fixture
def hasten(local: Local, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Lets `record` pass at once."""

    def patch(on_pause: Callable[[Hastening], None] | None = None) -> None:
        monkeypatch.setattr(_live, "InterruptibleClock", lambda: Hastening(local.emulator, on_pause))

    return patch


def plain(text: str) -> str:
    """Without boxes, colours and line breaks, as errors of usage have them."""
    return " ".join(re.sub(r"[│╭╮╰╯─]|\x1b\[[0-9;]*m", " ", text).split())
