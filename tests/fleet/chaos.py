"""Workers that are killed at random, a service that fails at random, and a journal that has to be right in the end.

    python tests/fleet/chaos.py --journal URL --workers 4 --recordings 500 --kills 200 [--permits redis://…]

The emulator runs in this process; each worker is a process that is killed with SIGKILL at a random moment and replaced
by another. With permits that the workers share, the emulator keeps the documented limits, and counts strictly. Prints a
line of progress for each kill, and at last what was found, as JSON. Exit code 1 when a recording is left running, was
started twice, or has no outcome, or a call was refused because it was one too many.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import math
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from typing import Any, NoReturn

import httpx

from agora_rest import AsyncAgora, QiniuStorage, RecordingConfig
from agora_rest.emulator import (
    DEFAULT_CUSTOMER_CERTIFICATE,
    DEFAULT_CUSTOMER_ID,
    DEMO_APP_ID,
    Emulator,
    Fault,
    FaultKind,
)
from agora_rest.emulator.quotas import Limit, Quotas
from agora_rest.fleet import Fleet, Journal, Order, State, Timings, Worker
from agora_rest.permits.redis import RedisPermits

STORAGE = QiniuStorage(region=0, bucket="lessons", access_key="planted-access-key", secret_key="planted-secret-key")
HASTE = 30
"""Everything takes this much less time than it would at Agora."""
TIMINGS = replace(Timings().divided_by(HASTE), join_within=15.0, resource_life=4.0)
"""The emulator's recorders take their seconds; its resource IDs would live on, but nobody makes use of that."""
CALLS = 6
"""About so many calls are made for a recording."""
PATIENT = 2.0
"""The timeout of calls under a limit, which are counted before it: one that is counted later nobody can allow for."""
LEASE = 5.0
"""Of a permit; no call takes so long here, nor a start with its acquire. Without its memory, Redis waits so long."""
SILENCE = LEASE - PATIENT
"""What is left of that when those are over that had their permits from before."""


class StrictQuotas(Quotas):
    """The limits as the emulator keeps them, and what it has seen of calls."""

    refused = busiest = silences = 0
    _last = math.inf

    def admit(self, limits: tuple[Limit, ...], now: float) -> bool:
        passes = super().admit(limits, now)
        self.refused += not passes
        self.busiest = max(self.busiest, *(self.used(limit, now) for limit in limits))
        self.silences += now - self._last > SILENCE
        self._last = now
        return passes


@dataclass
class Findings:
    """What is left when it is over."""

    journal: str
    recordings: int
    kills: int
    seconds: float
    requests: int
    faults: dict[str, int]
    outcomes: dict[str, int]
    orphans: list[str] = field(default_factory=list)
    """Channels in which a recording goes on."""
    doubled: list[str] = field(default_factory=list)
    """Channels in which more than one recording was ever started."""
    unsettled: list[str] = field(default_factory=list)
    """Keys of recordings without an outcome."""
    refused: int = 0
    """Calls that were one too many for a limit, where the emulator keeps them."""
    busiest: int = 0
    """The most calls of one limit in any second."""
    silences: int = 0
    """How often nobody called for so long as only a Redis without its memory makes them wait."""

    @property
    def wrong(self) -> bool:
        return bool(self.orphans or self.doubled or self.unsettled or self.refused)


def every_fault(seed: int, share: float, timeout: float) -> list[Fault]:
    """Each kind of fault, on every operation, independently of the others."""

    def fault(kind: FaultKind, number: int, **values: Any) -> Fault:
        return Fault(kind, seed=seed + number, **{"probability": share, **values})

    return [
        fault(FaultKind.STATUS, 1, status=500),
        fault(FaultKind.STATUS, 2, status=503, after_effect=True, body="<html>Unavailable</html>"),
        fault(FaultKind.STATUS, 3, status=429, body={"message": "API rate limit exceeded"}),
        fault(FaultKind.CUT_BEFORE, 4),
        fault(FaultKind.CUT_AFTER, 5),
        fault(FaultKind.TRUNCATE, 6),
        fault(FaultKind.NOT_JSON, 7),
        fault(FaultKind.WRONG_SHAPE, 8),
        fault(FaultKind.STATUS, 9, status=206, operation="start_recording", body={"code": 65}),
        fault(FaultKind.STATUS, 10, status=404, operation="query_recording", body={"code": 404}),
        fault(FaultKind.STATUS, 11, status=404, operation="stop_recording", body={"code": 404}),
        fault(FaultKind.DELAY, 12, seconds=0.7, probability=share / 2),
        fault(FaultKind.DELAY, 13, seconds=timeout + 0.2, probability=share / 2, after_effect=True),
    ]


def timeout_of(permits_url: str | None) -> float:
    """With less patience, some calls are carried out after their callers have given them up."""
    return PATIENT if permits_url else 0.5


async def advance_all(
    journal: Journal, permits_url: str | None = None, *, until_over: bool = False, **options: Any
) -> None:
    """A worker: until it is told to end, or killed."""
    credentials = (DEFAULT_CUSTOMER_ID, DEFAULT_CUSTOMER_CERTIFICATE)
    permits = RedisPermits(permits_url) if permits_url else None
    async with (
        AsyncAgora(*credentials, permits=permits, timeout=timeout_of(permits_url), **options) as agora,
        Fleet(journal, agora, storages=lambda _: STORAGE, timings=TIMINGS) as fleet,
    ):
        if permits:
            permits.lease = LEASE  # only now, for a client insists on leases for calls of half a minute
        worker = Worker(fleet, poll=0.1)
        await (worker.run(until_over=True) if until_over else worker.run_until_signalled())


def warm_up() -> None:
    """Load everything that a worker needs, so that the one in the place of one that is killed is there at once."""
    with tempfile.TemporaryDirectory() as folder:
        journal, app = Journal(f"sqlite:///{folder}/recordings.db"), Emulator(rate_limit=False).app
        journal.submit(order(0, time.time(), time.time() + 1))
        transport = httpx.ASGITransport(app=app)
        asyncio.run(advance_all(journal, until_over=True, base_url="http://127.0.0.1:1", transport=transport))
        journal.close()


def work(journal_url: str, agora_url: str, permits_url: str | None) -> None:
    """A worker process. It comes back when the database was away for longer than a worker waits."""
    for _ in range(100):
        try:
            asyncio.run(advance_all(Journal(journal_url), permits_url, base_url=agora_url))
        except Exception:  # noqa: BLE001
            time.sleep(0.1)
        else:
            break


class Crew:
    """So many workers, at any time. A process that has done nothing but load the code makes them, by forking."""

    def __init__(self, size: int, *args: str | None) -> None:
        asked, self._ask = os.pipe()
        self._answer, answered = os.pipe()
        if os.fork() == 0:
            os.close(self._ask)
            _make_workers(asked, answered, *args)
        os.close(asked)
        os.close(answered)
        self.members = [self._hired() for _ in range(size)]

    def _hired(self) -> int:
        os.write(self._ask, b".")
        return int(os.read(self._answer, 16))

    def kill_one(self, generator: random.Random) -> None:
        """One dies without a word, and another comes in its place."""
        place = generator.randrange(len(self.members))
        os.kill(self.members[place], signal.SIGKILL)
        self.members[place] = self._hired()

    def dismiss(self) -> None:
        """All end in good order."""
        for member in self.members:
            os.kill(member, signal.SIGTERM)
        os.close(self._ask)
        os.read(self._answer, 16)  # ends when nobody is there any more who could write


def _make_workers(asked: int, answered: int, *args: Any) -> NoReturn:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that are killed
    while os.read(asked, 1):
        if (child := os.fork()) == 0:
            os.close(asked)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            work(*args)
            os._exit(0)
        os.write(answered, str(child).encode().ljust(16))
    os._exit(0)


def order(number: int, start: float, stop: float | None) -> Order:
    return Order(
        key=f"{number}",
        app_id=DEMO_APP_ID,
        channel=f"room-{number}",
        uid=number + 1,
        storage="bucket",
        config=RecordingConfig(max_idle_time=86_400),
        start_at=start,
        stop_at=stop,
    )


def rage(
    url: str, permits: str | None, *, workers: int, recordings: int, kills: int, seed: int, share: float
) -> Findings:
    """Let it pass, and look at what is left."""
    generator = random.Random(seed)
    emulator = Emulator(rate_limit=permits is not None, dialect="observed" if seed % 2 else "documented", seed=None)
    emulator.world.quotas = StrictQuotas()
    for fault in every_fault(seed, share, timeout_of(permits)):
        emulator.inject(fault)
    if permits:
        RedisPermits(permits).begin()
    server = emulator.serve()
    crew = Crew(workers, url, server.url, permits)  # before there are threads
    journal, began = Journal(url), time.time()
    with server:
        # A quarter have an end from the beginning; the others end when somebody says so, like this loop.
        ends = [None if n % 4 else began + generator.uniform(5, 5 + kills / 4) for n in range(recordings)]
        journal.submit_many(order(number, began, end) for number, end in enumerate(ends))
        for killed in range(kills):
            # In step with the work, not with the time: how fast a machine is must not decide what is tested.
            pause(emulator, CALLS * recordings / kills * generator.uniform(0.5, 1.5))
            crew.kill_one(generator)
            print(f"killed {killed + 1}", flush=True)
            insist(lambda: stop_some(journal, recordings // kills + 1, generator))
        deadline = time.time() + 240
        while time.time() < deadline and insist(journal.next_due) is not None:
            insist(lambda: stop_some(journal, recordings // 4, generator))
            time.sleep(0.1)
        crew.dismiss()
    return look(emulator, journal, kills, time.time() - began)


def pause(emulator: Emulator, calls: float) -> None:
    """Until so many more calls were made; two seconds at most."""
    enough, deadline = emulator.journal.total + calls, time.time() + 2
    while emulator.journal.total < enough and time.time() < deadline:
        time.sleep(0.005)


def stop_some(journal: Journal, count: int, generator: random.Random) -> None:
    """Let some recordings end, at once, that were begun and have no end yet."""
    begun = journal.entries(State.ACQUIRED, State.STARTED, State.LOST)
    keys = [entry.key for entry in begun if entry.stop_at is None]
    journal.stop(*generator.sample(keys, min(count, len(keys))))


def insist(do: Callable[[], Any]) -> Any:
    """What `do` gives, although the database may be away just now."""
    for _ in range(300):
        try:
            return do()
        except Exception:  # noqa: BLE001
            time.sleep(0.1)
    return do()


def look(emulator: Emulator, journal: Journal, kills: int, seconds: float) -> Findings:
    """What the emulator knows against what the journal says."""
    now = emulator.clock.now()
    started = [each.recording for each in emulator.world.recordings.resources() if each.recording is not None]
    per_channel = Counter(recording.identity.cname for recording in started)
    entries = list(journal.entries())
    known = {entry.channel for entry in entries}
    quotas = emulator.world.quotas
    assert isinstance(quotas, StrictQuotas)
    faults = Counter[str]()
    for active in emulator.faults.all(now):
        faults[str(active.fault.kind)] += active.struck
    return Findings(
        journal=journal.engine.dialect.name,
        recordings=len(entries),
        kills=kills,
        seconds=round(seconds, 1),
        requests=emulator.journal.total,
        faults=dict(faults),
        outcomes=dict(Counter(f"{entry.state}: {entry.ended}" for entry in entries)),
        orphans=[each.identity.cname for each in started if each.is_running(now) or each.identity.cname not in known],
        doubled=[channel for channel, count in per_channel.items() if count > 1],
        unsettled=[entry.key for entry in entries if not entry.state.is_final or entry.ended is None],
        refused=quotas.refused,
        busiest=quotas.busiest,
        silences=quotas.silences,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--journal", required=True)
    parser.add_argument("--permits", help="the URL of a Redis that the workers share their limits in")
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--recordings", type=int, default=60)
    parser.add_argument("--kills", type=int, default=25)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--share", type=float, default=0.02, help="of each fault")
    given = vars(parser.parse_args())
    logging.disable(logging.ERROR)  # that databases and services fail is the point
    Journal(given["journal"]).close()  # makes the tables of a new file
    warm_up()
    findings = rage(given.pop("journal"), given.pop("permits"), **given)
    print(json.dumps(asdict(findings)))
    sys.exit(1 if findings.wrong else 0)


if __name__ == "__main__":
    main()
