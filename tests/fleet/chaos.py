"""Attacks on workers, their journal and the service, after which the journal has to be right.

    python tests/fleet/chaos.py --journal URL --workers 4 --recordings 500 --rounds 200 [--attack kill] [--permits …]

The emulator runs in this process; each worker is a process of its own. In each round one worker, or the journal's disk,
is attacked (see `ATTACKS`), while the service fails at random. With permits that the workers share, the emulator keeps
the documented limits, and counts strictly. Prints a line for each round, and at last the findings as JSON. Exit code 1
when a recording is left running, was started twice, is missing or has no outcome, or a call exceeded a limit.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import logging
import math
import os
import random
import resource
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
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
from agora_rest.permits import leases
from agora_rest.permits.redis import RedisPermits

STORAGE = QiniuStorage(region=0, bucket="lessons", access_key="planted-access-key", secret_key="planted-secret-key")
HASTE = 30
"""Everything takes this much less time than it would at Agora."""
TIMINGS = replace(Timings().scaled_down(HASTE), join_within=15.0, resource_life=4.0)
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
    attack: str
    rounds: int
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
    mistaken: list[str] = field(default_factory=list)
    """Keys of recordings that were started although the journal says that nothing was recorded."""
    missing: int = 0
    """Recordings that were submitted and are not in the journal."""
    refused: int = 0
    """Calls that were one too many for a limit, where the emulator keeps them."""
    busiest: int = 0
    """The most calls of one limit in any second."""
    silences: int = 0
    """How often nobody called for so long as only a Redis without its memory makes them wait."""

    @property
    def wrong(self) -> bool:
        return bool(self.orphans or self.doubled or self.unsettled or self.mistaken or self.missing or self.refused)


def every_fault(seed: int, share: float, timeout: float, cut_starts: float) -> list[Fault]:
    """Each kind of fault, on every operation, independently of the others; and starts cut after their effect."""

    def fault(kind: FaultKind, number: int, **values: Any) -> Fault:
        return Fault(kind, seed=seed + number, **{"probability": share, **values})

    return [
        fault(FaultKind.CUT_AFTER, 14, operation="start_recording", probability=cut_starts),
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
            permits.lease = LEASE  # only now, for a store insists on leases for calls of half a minute
            leases.longest_timeout = lambda _: math.inf  # and so does each client that the fleet derives
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


SKEW = 300.0
"""Seconds by which the clocks of workers are wrong, where clocks are attacked."""
JUMP_EVERY = 5.0


def jumping_clock(seed: int, true_time: Callable[[], float] = time.time) -> Callable[[], float]:
    """A clock that is five minutes fast or slow, and jumps from one to the other every few seconds."""
    first = random.Random(seed).choice((-SKEW, SKEW))

    def now() -> float:
        true = true_time()
        return true + (first if int(true / JUMP_EVERY) % 2 else -first)

    return now


def work(journal_url: str, agora_url: str, permits_url: str | None, attack: str) -> None:
    """A worker process. It comes back when the database was away for longer than a worker waits."""
    if attack == "clocks":
        time.time = jumping_clock(os.getpid())
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

    def freeze_one(self, generator: random.Random) -> None:
        """Stop one for longer than its lease, so that others take over what it had; then let it go on."""
        member = generator.choice(self.members)
        os.kill(member, signal.SIGSTOP)
        threading.Timer(TIMINGS.lease * generator.uniform(1.1, 2.0), os.kill, (member, signal.SIGCONT)).start()

    @contextmanager
    def no_larger_files(self, folder: Path) -> Iterator[None]:
        """No worker can make a file larger than the largest in `folder`."""
        largest = max(file.stat().st_size for file in folder.iterdir() if file.is_file())
        for member in self.members:
            resource.prlimit(member, resource.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))
        try:
            yield
        finally:
            for member in self.members:
                resource.prlimit(member, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    def dismiss(self) -> None:
        """All end in good order."""
        for member in self.members:
            os.kill(member, signal.SIGCONT)
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


def fill_disk(crew: Crew, journal: Journal, generator: random.Random) -> None:
    """Leave no room for a moment on the journal's disk, or, where that is not a small one, let no file grow."""
    folder = Path(journal.engine.url.database or "").parent
    seconds, disk = generator.uniform(0.2, 1.5), os.statvfs(folder)
    with filled(folder) if disk.f_blocks * disk.f_frsize <= SMALL_DISK else crew.no_larger_files(folder):
        time.sleep(seconds)


@contextmanager
def filled(folder: Path) -> Iterator[None]:
    """A file that takes all there is of the disk."""
    filler = folder / "filler"
    try:
        with suppress(OSError), filler.open("wb", buffering=0) as file:
            while file.write(b"x" * 4096):
                pass
        yield
    finally:
        filler.unlink()


SMALL_DISK = 64 << 20
"""Bytes; a larger disk is never filled."""

ATTACKS: dict[str, Callable[[Crew, Journal, random.Random], None]] = {
    "kill": lambda crew, _, generator: crew.kill_one(generator),
    "clocks": lambda crew, _, generator: crew.kill_one(generator),  # a new worker trusts the clock that it finds
    "freeze": lambda crew, _, generator: crew.freeze_one(generator),
    "full-disk": fill_disk,
    "none": lambda *_: None,
}
"""What is done in each round."""


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
    url: str,
    permits: str | None,
    *,
    workers: int,
    recordings: int,
    rounds: int,
    seed: int,
    share: float,
    attack: str,
    cut_starts: float,
) -> Findings:
    """Let it pass, and look at what is left."""
    generator = random.Random(seed)
    emulator = Emulator(rate_limit=permits is not None, dialect="observed" if seed % 2 else "documented", seed=None)
    emulator.world.quotas = StrictQuotas()
    for fault in every_fault(seed, share, timeout_of(permits), cut_starts):
        emulator.inject(fault)
    if permits:
        RedisPermits(permits).begin()
    server = emulator.serve()
    crew = Crew(workers, url, server.url, permits, attack)  # before there are threads
    journal = Journal(url)
    with server:
        began = time.time()  # now: fifty workers may delay the server until an end has passed, and that is refused
        # A quarter have an end from the beginning; the others end when somebody says so, like this loop.
        ends = [None if n % 4 else began + generator.uniform(5, 5 + rounds / 4) for n in range(recordings)]
        journal.submit_many(order(number, began, end) for number, end in enumerate(ends))
        for number in range(rounds):
            # In step with the work, not with the time: how fast a machine is must not decide what is tested.
            pause(emulator, CALLS * recordings / rounds * generator.uniform(0.5, 1.5))
            ATTACKS[attack](crew, journal, generator)
            print(f"round {number + 1}", flush=True)
            insist(lambda: stop_some(journal, recordings // rounds + 1, generator))
        deadline = time.time() + 240
        for number in itertools.count(1):
            if time.time() > deadline or insist(journal.next_due) is None:
                break
            insist(lambda: stop_some(journal, recordings // 4, generator))
            time.sleep(0.1)
            if attack == "clocks" and number % 300 == 0:
                # If all workers began with a slow clock, they would stop recordings five minutes late.
                crew.kill_one(generator)
        crew.dismiss()
    found = look(emulator, journal, rounds, time.time() - began)
    return replace(found, attack=attack, missing=recordings - found.recordings)


def pause(emulator: Emulator, calls: float) -> None:
    """Until so many more calls were made; two seconds at most."""
    enough, deadline = emulator.request_log.total + calls, time.time() + 2
    while emulator.request_log.total < enough and time.time() < deadline:
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


def look(emulator: Emulator, journal: Journal, rounds: int, seconds: float) -> Findings:
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
        attack="none",
        rounds=rounds,
        seconds=round(seconds, 1),
        requests=emulator.request_log.total,
        faults=dict(faults),
        outcomes=dict(Counter(f"{entry.state}: {entry.ended}" for entry in entries)),
        orphans=[each.identity.cname for each in started if each.is_running(now) or each.identity.cname not in known],
        doubled=[channel for channel, count in per_channel.items() if count > 1],
        unsettled=[entry.key for entry in entries if not entry.state.is_final or entry.ended is None],
        mistaken=[entry.key for entry in entries if entry.state is State.FAILED and entry.channel in per_channel],
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
    parser.add_argument("--rounds", type=int, default=25, help="attacks, one after the other")
    parser.add_argument("--attack", choices=ATTACKS, default="kill", help="what is done in each round")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--share", type=float, default=0.02, help="of each fault")
    parser.add_argument("--cut-starts", type=float, default=0.0, help="the share of starts cut after their effect")
    given = vars(parser.parse_args())
    logging.disable(logging.ERROR)  # that databases and services fail is the point
    Journal(given["journal"]).close()  # makes the tables of a new file
    warm_up()
    findings = rage(given.pop("journal"), given.pop("permits"), **given)
    print(json.dumps(asdict(findings)))
    sys.exit(1 if findings.wrong else 0)


if __name__ == "__main__":
    main()
