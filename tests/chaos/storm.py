"""A faulty network in front of the emulator, a client in the middle of it, and what is left when it is over."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from agora_rest import Agora, AgoraError, AsyncAgora, AsyncClock, Clock, QiniuStorage, RecordingConfig, RetryPolicy
from agora_rest.emulator import DEFAULT_CUSTOMER_ID, DEMO_APP_ID, Emulator, Fault, FaultKind

CERTIFICATE = "planted-certificate"
STORAGE = QiniuStorage(region=0, bucket="lessons", access_key="planted-access-key", secret_key="planted-secret-key")
CONFIG = RecordingConfig(decryption_mode=1, secret="planted-password", max_idle_time=86_400)

HASTE = 50
"""The client's pauses are this much shorter than they would be. All else takes its real time."""
DEADLINE = 4.0
SLACK = 10.0
"""Seconds by which a loaded machine may be late."""
POLICY = RetryPolicy(attempts=6, deadline=DEADLINE, start_delays=(3.0 / HASTE, 6.0 / HASTE, 9.0 / HASTE))


class Hasty(Clock):
    def sleep(self, seconds: float) -> None:
        time.sleep(seconds / HASTE)


class AsyncHasty(AsyncClock):
    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / HASTE)


def every_fault(seed: int, probability: float) -> list[Fault]:
    """Each kind of fault, on every operation, independently of the others; together about eight times `probability`."""
    share = {"probability": probability}
    return [
        Fault(FaultKind.STATUS, status=500, seed=seed + 1, **share),
        Fault(FaultKind.STATUS, status=503, seed=seed + 2, after_effect=True, body="<html>Unavailable</html>", **share),
        Fault(FaultKind.STATUS, status=429, seed=seed + 3, body={"message": "API rate limit exceeded"}, **share),
        Fault(FaultKind.CUT_BEFORE, seed=seed + 4, **share),
        Fault(FaultKind.CUT_AFTER, seed=seed + 5, **share),
        Fault(FaultKind.TRUNCATE, seed=seed + 6, **share),
        Fault(FaultKind.NOT_JSON, seed=seed + 7, **share),
        Fault(FaultKind.WRONG_SHAPE, seed=seed + 8, **share),
        Fault(FaultKind.STATUS, status=206, seed=seed + 9, operation="start_recording", body={"code": 65}, **share),
        Fault(FaultKind.STATUS, status=404, seed=seed + 10, operation="query_recording", body={"code": 404}, **share),
        Fault(FaultKind.DELAY, seconds=0.6, seed=seed + 11, probability=probability / 4),
        Fault(FaultKind.DELAY, seconds=0.6, seed=seed + 12, probability=probability / 4, after_effect=True),
        Fault(FaultKind.DELAY, seconds=0.01, seed=seed + 13, probability=0.2),
    ]


@dataclass
class Findings:
    """What came of a storm. All of it but `outcomes` has to be empty."""

    outcomes: Counter[str] = field(default_factory=Counter)
    """How the calls came out: `ok`, or the class of the error."""
    strangers: list[str] = field(default_factory=list)
    """Exceptions that are not ours."""
    late: list[str] = field(default_factory=list)
    """Console writes that took longer than their deadline."""
    running: list[Any] = field(default_factory=list)
    """Recordings that go on."""
    doubled: list[Any] = field(default_factory=list)
    """Projects and rules that are there more than once."""
    missing: list[Any] = field(default_factory=list)
    """Projects and rules that a call said it had made, and that are not there."""

    @property
    def wrong(self) -> dict[str, list[Any]]:
        """Everything that must not be."""
        kinds = ("strangers", "late", "running", "doubled", "missing")
        return {name: found for name in kinds if (found := getattr(self, name))}


class Storm:
    """Recordings and Console writes under every fault, in one of the forms `sync`, `threads`, `asyncio`."""

    def __init__(self, form: str, *, recordings: int, writes: int, seed: int, probability: float = 0.025) -> None:
        self.form, self.recordings, self.writes = form, recordings, writes
        dialect = "observed" if seed % 2 else "documented"
        self.emulator = Emulator(rate_limit=False, dialect=dialect, customer_certificate=CERTIFICATE, seed=None)
        self.faults = every_fault(seed, probability)
        self.findings = Findings()
        self.errors: list[BaseException] = []
        self.made: set[str] = set()

    def rage(self) -> Findings:
        """Let it pass, and look at what is left."""
        with self.emulator.serve() as server:
            for fault in self.faults:
                self.emulator.inject(fault)
            options: dict[str, Any] = {
                "base_url": server.url,
                "permits": None,
                "retries": POLICY,
                "timeout": 0.3,
            }
            credentials = (DEFAULT_CUSTOMER_ID, CERTIFICATE)
            if self.form == "asyncio":
                asyncio.run(self._in_tasks(credentials, options))
            else:
                with Agora(*credentials, clock=Hasty(), **options) as agora:
                    self._in_threads(agora, 1 if self.form == "sync" else 8)
            self.emulator.clear_faults()
        self._look()
        return self.findings

    def _in_threads(self, agora: Agora, count: int) -> None:
        work = self._work(lambda number: self._record(agora, number), lambda number: self._write(agora, number))
        with ThreadPoolExecutor(count) as pool:
            for done in [pool.submit(use, number) for use, number in work]:
                done.result()

    async def _in_tasks(self, credentials: tuple[str, str], options: Any) -> None:
        async with AsyncAgora(*credentials, clock=AsyncHasty(), **options) as agora:
            turns = asyncio.Semaphore(8)

            async def turn(use: Any, number: int) -> None:
                async with turns:
                    await use(number)

            work = self._work(
                lambda number: self._record_async(agora, number), lambda number: self._write_async(agora, number)
            )
            await asyncio.gather(*[turn(use, number) for use, number in work])

    def _work(self, record: Any, write: Any) -> list[tuple[Any, int]]:
        numbers = range(max(self.recordings, self.writes))
        pairs = [((record, number), (write, number)) for number in numbers]
        return [
            item
            for pair in pairs
            for item, limit in zip(pair, (self.recordings, self.writes), strict=True)
            if item[1] < limit
        ]

    def _record(self, agora: Agora, number: int) -> None:
        try:
            with agora.app(DEMO_APP_ID).recordings.record(
                f"lesson-{number}", uid=number + 1, storage=STORAGE, config=CONFIG
            ) as recording:
                recording.query()
        except BaseException as error:  # noqa: BLE001  which one is the question
            self._note(error)
        else:
            self.findings.outcomes["ok"] += 1

    async def _record_async(self, agora: AsyncAgora, number: int) -> None:
        try:
            async with agora.app(DEMO_APP_ID).recordings.record(
                f"lesson-{number}", uid=number + 1, storage=STORAGE, config=CONFIG
            ) as recording:
                await recording.query()
        except BaseException as error:  # noqa: BLE001
            self._note(error)
        else:
            self.findings.outcomes["ok"] += 1

    def _write(self, agora: Agora, number: int) -> None:
        name, began = f"write-{number}", time.monotonic()
        try:
            if number % 2:
                agora.projects.create(name, enable_sign_key=True)
            else:
                agora.app(DEMO_APP_ID).kicking_rules.ban(channel=name, uid=number + 1, minutes=90)
        except BaseException as error:  # noqa: BLE001
            self._note(error)
        else:
            self._done(name)
        self._in_time(name, began)

    async def _write_async(self, agora: AsyncAgora, number: int) -> None:
        name, began = f"write-{number}", time.monotonic()
        try:
            if number % 2:
                await agora.projects.create(name, enable_sign_key=True)
            else:
                await agora.app(DEMO_APP_ID).kicking_rules.ban(channel=name, uid=number + 1, minutes=90)
        except BaseException as error:  # noqa: BLE001
            self._note(error)
        else:
            self._done(name)
        self._in_time(name, began)

    def _done(self, name: str) -> None:
        self.findings.outcomes["ok"] += 1
        self.made.add(name)

    def _in_time(self, name: str, began: float) -> None:
        calls = 2  # the write, and a look into the list
        if (took := time.monotonic() - began) > calls * DEADLINE + SLACK:
            self.findings.late.append((name, took))

    def _note(self, error: BaseException) -> None:
        self.findings.outcomes[type(error).__name__] += 1
        self.errors.append(error)
        if not isinstance(error, AgoraError):
            self.findings.strangers.append(repr(error))

    def _look(self) -> None:
        state = self.emulator.state()
        self.findings.running = [found for found in state["recordings"] if found["running"]]
        there = Counter(project["name"] for project in state["projects"])
        there += Counter(
            rule["channel"] for rule in state["kicking_rules"] if str(rule["channel"]).startswith("write-")
        )
        self.findings.doubled = [name for name, count in there.items() if count > 1]
        self.findings.missing = sorted(self.made - set(there))


def struck(storm: Storm, of: Callable[[Any], Any]) -> Counter[Any]:
    """How often the exchanges that the emulator remembers had which fault."""
    return Counter(of(exchange) for exchange in storm.emulator.requests() if exchange["fault"])
