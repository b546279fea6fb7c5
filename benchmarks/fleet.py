"""How much a journal and a worker can carry.

    python benchmarks/fleet.py journal [--processes 4] [--seconds 5] [--url URL]
    python benchmarks/fleet.py worker [--under-way 100 1000 10000] [--seconds 20]

`journal` counts the transitions that workers write, each one the claim of a due recording and the writing of what came
of it. `worker` lets one worker look after recordings that are under way, under the documented limit of ten queries a
second, and measures its memory and its share of a core. The service answers at once and from memory: what is measured
is ours.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import resource
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

from agora_rest import AsyncAgora, MemoryPermits, QiniuStorage
from agora_rest.fleet import SLOTS, Fleet, Journal, Lane, Order, State, Worker
from agora_rest.fleet.rows import Change
from agora_rest.fleet.tables import recordings

APP_ID = "0123456789abcdef0123456789abcdef"
STORAGE = QiniuStorage(region=0, bucket="b", access_key="a", secret_key="s")
ANSWER = json.dumps(
    {"Code": 200, "Body": {"resourceId": "r", "sid": "s", "serverResponse": {"status": "5", "fileList": "s.m3u8"}}}
)


class Prompt(httpx.AsyncBaseTransport):
    """A service that answers at once: it records."""

    calls = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.calls += 1
        return httpx.Response(200, text=ANSWER, headers={"content-type": "application/json"}, request=request)


def filled(url: str, count: int, spread: float) -> None:
    """Recordings under way, due for a query within the next `spread` seconds."""
    with Journal(url) as journal:
        for _ in journal.submitting(
            Order(app_id=APP_ID, channel=f"room-{n}", uid=n + 1, storage="b", key=f"{n}") for n in range(count)
        ):
            pass
        now = time.time()
        due = now + spread * recordings.c.id / count
        values: dict[str, Any] = {"state": State.STARTED, "resource_id": "r", "sid": "s", "started_at": now}
        with journal.engine.begin() as connection:
            connection.execute(recordings.update().values(**values, lane=Lane.QUERY, next_at=due))


def client(transport: httpx.AsyncBaseTransport, permits: MemoryPermits | None) -> AsyncAgora:
    return AsyncAgora("a", "b", base_url="http://127.0.0.1:1", transport=transport, permits=permits)


async def transitions(url: str, seconds: float) -> int:
    """How many transitions one worker writes that has nothing else to do."""
    done = 0
    with Journal(url) as journal:
        async with client(Prompt(), None) as agora, Fleet(journal, agora) as fleet:
            deadline = time.monotonic() + seconds
            while time.monotonic() < deadline:
                if entries := await fleet.claim({Lane.QUERY: 32}):
                    changes = [Change({"status": 5}, next_at=fleet.now() + 120, lane=Lane.QUERY) for _ in entries]
                    await asyncio.gather(
                        *[fleet._put_back(entry, change) for entry, change in zip(entries, changes, strict=True)]
                    )
                    done += len(entries)
    return done


def one_process(url: str, seconds: float, counted: Any) -> None:
    counted.put(asyncio.run(transitions(url, seconds)))


def measure_journal(url: str, processes: int, seconds: float) -> None:
    filled(url, 20_000, 0)
    context = multiprocessing.get_context("spawn")
    counted = context.Queue()
    workers = [context.Process(target=one_process, args=(url, seconds, counted)) for _ in range(processes)]
    for worker in workers:
        worker.start()
    total = sum(counted.get() for _ in workers)
    for worker in workers:
        worker.join()
    print(f"{url.partition(':')[0]}, {processes} process(es): {total / seconds:.0f} transitions a second")


async def look_after(url: str, seconds: float) -> tuple[int, float]:
    transport = Prompt()
    with Journal(url) as journal:
        async with (
            client(transport, MemoryPermits()) as agora,
            Fleet(journal, agora, storages=lambda _: STORAGE) as fleet,
        ):
            worker = Worker(fleet, slots=SLOTS)
            running = asyncio.create_task(worker.run())
            await asyncio.sleep(1)  # everything is loaded
            began = time.process_time()
            await asyncio.sleep(seconds)
            used, calls = time.process_time() - began, transport.calls
            worker.end()
            await running
    return calls, used


def one_worker(url: str, count: int, seconds: float) -> None:
    calls, used = asyncio.run(look_after(url, seconds))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{count:6} under way: {memory:5.0f} MB, {used / seconds:6.1%} of a core, {calls / (seconds + 1):.1f} calls/s",
        flush=True,
    )


def measure_worker(under_way: list[int], seconds: float) -> None:
    context = multiprocessing.get_context("spawn")
    for count in under_way:
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{folder}/recordings.db"
            filled(url, count, 120)
            worker = context.Process(target=one_worker, args=(url, count, seconds))
            worker.start()
            worker.join()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["journal", "worker"])
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--under-way", type=int, nargs="+", default=[100, 1000, 10000])
    parser.add_argument("--url", help="of an empty journal; a new SQLite file without it")
    given = parser.parse_args()
    if given.what == "worker":
        measure_worker(given.under_way, given.seconds)
        return
    with tempfile.TemporaryDirectory() as folder:
        measure_journal(given.url or f"sqlite:///{Path(folder)}/recordings.db", given.processes, given.seconds)


if __name__ == "__main__":
    main()
