"""How close to 10 calls a second 8 processes get that share permits in SQLite, PostgreSQL or Redis.

The server counts strictly, as in `benchmarks.limiter`: each request the moment it arrives, and what would be the
eleventh in any one second is refused. Prints a table of ratios, so that the machine matters little.

    python -m benchmarks.shared_limiter [--seconds 20] [--processes 8] [--only redis]

PostgreSQL and Redis are started from the programs that are installed (Debian's `postgresql` and `redis-server`).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Final

import httpx

from agora_rest.permits import Limit, PermitStore, Quota, open_url
from agora_rest.permits.redis import RedisPermits
from benchmarks.limiter import CALLS, NETWORKS, PER, Network, Outcome
from benchmarks.processes import line_of, process, server
from tests.services import PostgreSQL, Redis

TASKS: Final = 4
"""How many calls each process wants to make at once."""
QUOTAS: Final = (Quota("bench", "bench", Limit(CALLS, PER)),)


# The places where permits are.


@contextmanager
def sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as directory:
        yield f"sqlite:///{directory}/permits.db"


@contextmanager
def postgresql() -> Iterator[str]:
    with PostgreSQL() as started:
        yield started.database()


@contextmanager
def redis() -> Iterator[str]:
    with Redis() as started:
        RedisPermits(started.url).begin()
        yield started.url


KINDS: Final[dict[str, Callable[[], AbstractContextManager[str]]]] = {
    "SQLite": sqlite,
    "PostgreSQL": postgresql,
    "Redis": redis,
}


# The processes.


async def call(permits: PermitStore, url: str, seconds: float) -> int:
    """Calls as fast as permits come, until the time is over; how many it has made."""
    until, made = time.monotonic() + seconds, 0
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:

        async def work() -> None:
            nonlocal made
            while time.monotonic() < until:
                async with permits.hold(QUOTAS):
                    await client.get("/")
                    made += 1

        await asyncio.gather(*(work() for _ in range(TASKS)))
    return made


def measure(kind: str, network: Network, processes: int, seconds: float) -> tuple[Outcome, float]:
    """What the processes did, which begin together once all are there.

    The second is the calls of the process that made the fewest, over those it would make if all made the same.
    """
    with ExitStack() as stack:
        where = stack.enter_context(KINDS[kind]())
        url = stack.enter_context(server("-m", "benchmarks.limiter", "serve", json.dumps(network)))
        command = ("-m", "benchmarks.shared_limiter", "--call", where, url, "--seconds", str(seconds))
        callers = [stack.enter_context(process(*command)) for _ in range(processes)]
        for caller in callers:
            line_of(caller.stdout)
        for caller in callers:
            assert caller.stdin is not None
            caller.stdin.write("go\n")
            caller.stdin.flush()
        made = [int(line_of(caller.stdout)) for caller in callers]
        log: list[tuple[float, bool]] = httpx.get(f"{url}/log").json()
    return Outcome.of(log), min(made) / (sum(made) / processes)


def report(seconds: float, processes: int, only: str | None) -> int:
    """Measure and print everything. 1 when a call is refused, or less than 95 % of what is safe is made."""
    print(f"Python {sys.version.split()[0]}, {processes} processes of {TASKS} tasks, {seconds:g} s a row\n")
    print("| permits in | network, each way | rate / limit | / safe rate | refused | busiest / limit | fewest / fair |")
    print("|---|---|---|---|---|---|---|")
    kept = True
    for kind in KINDS:
        if only in (None, kind.lower()):
            for network in NETWORKS:
                seen, least = measure(kind, network, processes, seconds)
                safe = seen.saturation * (1 + network.round_trip / PER)
                print(
                    f"| {kind} | {network.name} | {seen.saturation:.3f} | {safe:.3f} "
                    f"| {seen.refused} of {seen.requests} | {seen.busiest / CALLS:.2f} | {least:.2f} |",
                    flush=True,
                )
                kept &= seen.refused == 0 and seen.saturation >= 0.95
    return 0 if kept else 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--only", choices=[kind.lower() for kind in KINDS])
    parser.add_argument("--call", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if not arguments.call:
        return report(arguments.seconds, arguments.processes, arguments.only)
    where, url = arguments.call
    permits = open_url(where)
    print("ready", flush=True)
    sys.stdin.readline()
    print(asyncio.run(call(permits, url, arguments.seconds)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
