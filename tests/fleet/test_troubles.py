"""What a worker says when it cannot do its work: each cause once, then rarely, never a secret."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from agora_rest import AsyncAgora, ConfigurationError, Hooks
from agora_rest.emulator import DEFAULT_CUSTOMER_CERTIFICATE, DEFAULT_CUSTOMER_ID, DEMO_APP_ID, FrozenClock
from agora_rest.fleet import SLOTS, Fleet, Journal, JournalUnavailable, Order
from agora_rest.fleet.troubles import PATIENCE, PAUSE, REPEAT, Troubles
from tests.fleet.harness import STORAGE, FleetHarness, new_file

CAUSE = "The cupboard is locked"


LOGGER = "agora_rest.fleet.troubles"


def told(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    """What was said of troubles since the last look."""
    found = [(record.levelname, record.getMessage()) for record in caplog.records if record.name == LOGGER]
    caplog.clear()
    return found


@pytest.fixture(autouse=True)
def _at_info(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, LOGGER)


def test_a_cause_is_told_once_then_rarely_and_when_it_has_gone(caplog: pytest.LogCaptureFixture) -> None:
    clock = FrozenClock()
    troubles = Troubles(clock.now)
    for _ in range(100):
        troubles.failed(CAUSE, "no key")
        clock.advance(REPEAT / 200)
    assert told(caplog) == [("WARNING", f"{CAUSE}; recordings wait: no key")]
    clock.advance(REPEAT / 2)
    troubles.failed(CAUSE, "no key")
    assert told(caplog) == [("WARNING", f"{CAUSE} for {REPEAT:.0f} s; recordings wait: no key")]
    for _ in range(2):
        troubles.worked(CAUSE)
    assert told(caplog) == [("INFO", f"It works again after {REPEAT:.0f} s: {CAUSE}")]


def test_a_cause_that_comes_and_goes_is_told_once_a_minute_at_most(caplog: pytest.LogCaptureFixture) -> None:
    clock = FrozenClock()
    troubles = Troubles(clock.now)
    for _ in range(120):
        troubles.failed(CAUSE, "no key")
        troubles.worked(CAUSE)
        clock.advance(PAUSE / 60)
    assert [level for level, _ in told(caplog)] == ["WARNING", "INFO"] * 2


def test_a_short_fault_is_not_told(caplog: pytest.LogCaptureFixture) -> None:
    clock = FrozenClock()
    troubles = Troubles(clock.now)
    for _ in range(3):
        troubles.failed(CAUSE, "away", patience=PATIENCE)
        clock.advance(PATIENCE - 1)
        troubles.failed(CAUSE, "away", patience=PATIENCE)
        troubles.worked(CAUSE)
    assert told(caplog) == []


def test_a_storage_that_is_not_described_is_told_once_for_all_recordings(
    harness: FleetHarness, caplog: pytest.LogCaptureFixture
) -> None:
    known: dict[str, Any] = {}

    def storages(name: str) -> Any:
        if name not in known:
            raise ConfigurationError("Set the variable AGORA_STORAGE_X_BUCKET.")
        return known[name]

    for number in range(5):
        harness.order(f"{number}", channel=f"room-{number}", storage="x")

    harness.storages = storages

    async def main() -> None:
        async with harness.at_work() as fleet:
            for number in range(5):
                await fleet.advance(f"{number}")
            known["x"] = STORAGE
            harness.clock.advance(61)
            await fleet.advance("0")

    asyncio.run(main())
    what = "This worker cannot get the storage 'x'"
    assert told(caplog) == [
        ("WARNING", f"{what}; recordings wait: Set the variable AGORA_STORAGE_X_BUCKET."),
        ("INFO", f"It works again after 61 s: {what}"),
    ]


async def advanced(harness: FleetHarness, keys: list[str], *, pause: float = 0.0, **options: Any) -> None:
    """Advance recordings with a client of these options, with a pause after each."""
    given = {
        "base_url": "http://127.0.0.1:1",
        "transport": httpx.ASGITransport(app=harness.emulator.app),
        "permits": None,
    }
    certificate = options.pop("certificate", DEFAULT_CUSTOMER_CERTIFICATE)
    async with (
        AsyncAgora(DEFAULT_CUSTOMER_ID, certificate, **{**given, **options}) as agora,
        Fleet(harness.journal, agora, storages={"bucket": STORAGE}.__getitem__) as fleet,
    ):
        for key in keys:
            await fleet.advance(key)
            harness.clock.advance(pause)


def test_refused_credentials_are_told_at_once_and_without_them(
    harness: FleetHarness, caplog: pytest.LogCaptureFixture
) -> None:
    seen: list[Any] = []
    keys = [harness.order(f"{number}", channel=f"room-{number}").key for number in range(5)]
    asyncio.run(advanced(harness, keys, certificate="planted-wrong", hooks=Hooks(on_response=seen.append)))
    [(level, text)] = told(caplog)
    assert level == "WARNING"
    assert text.startswith(f"The server refuses this worker's calls for App ID {DEMO_APP_ID}; recordings wait: acquire")
    assert "401" in text
    assert "planted" not in text
    assert [event.status for event in seen] == [401] * 5, "the program's own hooks are kept"


def test_a_server_that_is_not_reached_is_told_after_a_minute(
    harness: FleetHarness, caplog: pytest.LogCaptureFixture
) -> None:
    def unreachable(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route to host", request=request)

    keys = [harness.order(f"{number}", channel=f"room-{number}", stop_at=None).key for number in range(5)]
    away = httpx.MockTransport(unreachable)
    asyncio.run(advanced(harness, keys, transport=away, pause=PATIENCE / 3))
    [(level, text)] = told(caplog)
    assert level == "WARNING"
    assert text.startswith(f"No call has succeeded for {PATIENCE:.0f} s; recordings wait: acquire failed")


def test_a_journal_that_is_away_is_told_once(
    harness: FleetHarness, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        async with harness.at_work() as fleet:

            async def away(_: Any) -> None:
                raise JournalUnavailable("no connection")

            with monkeypatch.context() as patch:
                patch.setattr(fleet, "_taken", away)
                for _ in range(3):
                    with pytest.raises(JournalUnavailable):
                        await fleet.claim(SLOTS)
            await fleet.claim(SLOTS)

    asyncio.run(main())
    assert [level for level, _ in told(caplog)] == ["WARNING", "INFO"]


def worker_of(url: str, **environment: str) -> subprocess.Popen[str]:
    """The command as people run it."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("AGORA_")}
    given |= {"AGORA_CUSTOMER_ID": "emulator", "AGORA_CUSTOMER_CERTIFICATE": "planted-certificate"}
    given |= {"AGORA_BASE_URL": "http://127.0.0.1:9", "AGORA_JOURNAL": url, **environment}
    command = [sys.executable, "-c", "from agora_rest.cli import main; main()", "fleet", "worker"]
    return subprocess.Popen(command, env=given, stderr=subprocess.PIPE, text=True)


def test_the_command_writes_it_to_standard_error(tmp_path: Path) -> None:
    url = new_file(tmp_path)
    with Journal(url) as journal:
        journal.submit(Order(app_id=DEMO_APP_ID, channel="room", uid=7, storage="nowhere"))
    with worker_of(url) as worker:
        assert worker.stderr is not None
        lines = [worker.stderr.readline(), worker.stderr.readline()]
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(120) == 0
    assert lines[0] == f"working for {url}; the rate limits are not shared with other processes\n"
    assert " WARNING agora_rest.fleet.troubles: This worker cannot get the storage 'nowhere'; " in lines[1]
    assert "AGORA_STORAGE_NOWHERE_VENDOR" in lines[1]
    assert "planted" not in "".join(lines)


def test_a_worker_may_be_started_before_anything_is_submitted(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/recordings.db"
    with worker_of(url) as worker:
        assert worker.stderr is not None
        line = worker.stderr.readline()
        with Journal(url, create=False) as journal:
            journal.submit(Order(app_id=DEMO_APP_ID, channel="room", uid=7, storage="nowhere"))
        assert "'nowhere'" in worker.stderr.readline(), "it has found the order"
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(120) == 0
    assert line.startswith(f"working for {url}, which has no recordings to run yet; ")
