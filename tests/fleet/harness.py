"""A journal, an emulator and workers that can die at any moment, all on one clock that stands still."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

import httpx

from agora_rest import AsyncAgora, QiniuStorage, RecordingConfig
from agora_rest.emulator import (
    DEFAULT_CUSTOMER_CERTIFICATE,
    DEFAULT_CUSTOMER_ID,
    DEMO_APP_ID,
    Emulator,
    Fault,
    FrozenClock,
)
from agora_rest.fleet import Entry, Fleet, Journal, Order, Timings
from agora_rest.fleet.rows import Change

STORAGE = QiniuStorage(region=0, bucket="lessons", access_key="planted-access-key", secret_key="planted-secret-key")
CONFIG = RecordingConfig(max_idle_time=86_400)
KEY = "lesson"
LESSON = 600.0
"""Seconds from the order to the wanted end."""


class Crash(BaseException):
    """The process is gone: nothing after this is done, and nobody tidies up."""


class Fuse:
    """Counts the moments at which a process may die, and lets it die at one of them."""

    def __init__(self, at: int | None = None) -> None:
        self.at, self.passed = at, 0

    def moment(self) -> None:
        self.passed += 1
        if self.passed == self.at:
            raise Crash


class Wire(httpx.AsyncBaseTransport):
    """The emulator without a network. A process may die before a request has left, and before its answer is there."""

    def __init__(self, app: Any, fuse: Fuse) -> None:
        self._inner, self._fuse = httpx.ASGITransport(app=app), fuse

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self._fuse.moment()
        response = await self._inner.handle_async_request(request)
        self._fuse.moment()
        return response


class MortalFleet(Fleet):
    """A fleet that may die before anything is written, and after."""

    fuse: Fuse

    async def write(self, entry: Entry, change: Change) -> Entry:
        self.fuse.moment()
        written = await super().write(entry, change)
        self.fuse.moment()
        return written


@cache
def _template() -> bytes:
    """A journal that nobody has written in: making the tables takes longer than most tests."""
    with tempfile.TemporaryDirectory() as folder:
        Journal(f"sqlite:///{folder}/recordings.db").close()
        return Path(folder, "recordings.db").read_bytes()


def new_file(folder: Path) -> str:
    """The URL of a new journal in `folder`."""
    (folder / "recordings.db").write_bytes(_template())
    return f"sqlite:///{folder}/recordings.db"


class FleetHarness:
    """Everything that a test of the fleet needs. Each `advance` is a process of its own."""

    def __init__(self, folder: Path, *, url: str | None = None, dialect: str = "documented") -> None:
        self.clock = FrozenClock()
        self.emulator = Emulator(clock=self.clock, rate_limit=False, dialect=dialect)
        self.journal = Journal(url or new_file(folder), clock=self.clock)
        self.timings = Timings()
        self.storages: Any = {"bucket": STORAGE}.__getitem__

    def order(self, key: str = KEY, **changes: Any) -> Entry:
        now = self.clock.now()
        wanted = {"app_id": DEMO_APP_ID, "channel": "room", "uid": 7, "storage": "bucket", "config": CONFIG}
        return self.journal.submit(Order(**{**wanted, "key": key, "stop_at": now + LESSON, **changes}))

    def entry(self, key: str = KEY) -> Entry:
        return self.journal.get(key)

    def advance(self, key: str = KEY, *, fuse: Fuse | None = None) -> Entry | None:
        """One process that advances the recording once, and may die meanwhile: then it raises Crash."""
        return asyncio.run(self._advance(key, fuse or Fuse()))

    async def _advance(self, key: str, fuse: Fuse) -> Entry | None:
        async with AsyncAgora(
            DEFAULT_CUSTOMER_ID,
            DEFAULT_CUSTOMER_CERTIFICATE,
            base_url="http://127.0.0.1:1",
            transport=Wire(self.emulator.app, fuse),
            permits=None,
        ) as agora:
            fleet = MortalFleet(self.journal, agora, storages=self.storages, timings=self.timings)
            fleet.fuse = fuse
            try:
                return await fleet.advance(key)
            finally:
                fleet._held.clear()  # a process that dies gives nothing back
                await fleet.aclose()

    @asynccontextmanager
    async def at_work(self, **options: Any) -> AsyncIterator[Fleet]:
        """A fleet of a process that lives on; `options` are the fleet's own."""
        async with (
            AsyncAgora(
                DEFAULT_CUSTOMER_ID,
                DEFAULT_CUSTOMER_CERTIFICATE,
                base_url="http://127.0.0.1:1",
                transport=httpx.ASGITransport(app=self.emulator.app),
                permits=None,
            ) as agora,
            Fleet(self.journal, agora, storages=self.storages, **options) as fleet,
        ):
            yield fleet

    def until_due(self, key: str = KEY) -> None:
        """Let the time pass until there is something to do for the recording, or a lease is over."""
        due = self.entry(key).next_at
        assert due is not None
        self.clock.advance(max(0.0, due - self.journal.clock.now()))

    def until_dead(self, fuse: Fuse, key: str = KEY) -> None:
        """Processes that follow each other until one dies, which one has to."""
        while not self.entry(key).state.is_final:
            self.until_due(key)
            try:
                self.advance(key, fuse=fuse)
            except Crash:
                return
        raise AssertionError("nobody has died")

    def drive(self, key: str = KEY, *, fuse: Fuse | None = None, deaths: Iterable[int] = ()) -> Entry:
        """Processes that follow each other until the recording is over. The first ones die after so many moments."""
        fuses = [Fuse(at) for at in deaths]
        for _ in range(200):
            entry = self.entry(key)
            if entry.state.is_final:
                return entry
            self.until_due(key)
            given = fuses[0] if fuses else fuse
            try:
                self.advance(key, fuse=given)
            except Crash:
                del fuses[:1]
        raise AssertionError(f"it never ends: {self.entry(key)!r}")

    def inject(self, kind: str, operation: str | None = None, **values: Any) -> None:
        self.emulator.inject(Fault(kind, operation=operation, **values))

    @property
    def recordings(self) -> list[Any]:
        """All recordings that were ever started."""
        resources = self.emulator.world.recordings.resources()
        return [resource.recording for resource in resources if resource.recording is not None]

    @property
    def running(self) -> list[Any]:
        now = self.clock.now()
        return [recording for recording in self.recordings if recording.is_running(now)]

    def calls(self, operation: str) -> int:
        return sum(exchange["operation"] == operation for exchange in self.emulator.requests())
