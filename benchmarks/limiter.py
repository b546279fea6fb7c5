"""How close to 10 calls a second each limiter gets, and how often a server that counts strictly says no.

The server counts every request the moment it arrives, and refuses what would be the eleventh in any one second, as
the documents have it (CR-05). It runs in a process of its own and delays each request before and after it is counted,
which is what a network does. Prints a table of ratios, so that the machine matters little.

    python benchmarks/limiter.py [--seconds 12] [--only agora-rest]

pyrate-limiter and aiolimiter are measured when they are installed (dependency group `bench`).
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.metadata
import json
import random
import subprocess
import sys
import time
from bisect import bisect_right
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager, contextmanager
from typing import Any, NamedTuple

import httpx

from agora_rest import __version__
from agora_rest.permits import Limit, MemoryPermits, Quota

CALLS, PER = 10, 1.0

Guard = Callable[[], AbstractContextManager[Any]]
AsyncGuard = Callable[[], AbstractAsyncContextManager[Any]]


class Network(NamedTuple):
    """Each way takes from no time to `most` seconds, at random."""

    name: str
    most: float

    @property
    def round_trip(self) -> float:
        """The mean of there and back."""
        return self.most


class Limiter(NamedTuple):
    """A limiter: what wraps a call of a thread, and what wraps one of a task; None where it cannot."""

    name: str
    guard: Callable[[], Guard] | None
    async_guard: Callable[[], AsyncGuard] | None


class Callers(NamedTuple):
    """Who calls: so many threads, or so many tasks of one loop."""

    name: str
    tasks: bool
    number: int


NETWORKS = (Network("at once", 0), Network("0 … 10 ms", 0.010), Network("0 … 30 ms", 0.030))
CALLERS = (Callers("1 thread", False, 1), Callers("8 threads", False, 8), Callers("32 tasks", True, 32))


# The limiters.


def ours() -> Any:
    """A permit of agora-rest, in the form that suits both kinds of callers."""
    permits, quotas = MemoryPermits(), (Quota("bench", "bench", Limit(CALLS, PER)),)
    return lambda: permits.hold(quotas)


def pyrate() -> Guard:
    """pyrate-limiter with its defaults: a sliding window log in memory, waiting for a place."""
    from pyrate_limiter import Duration, Limiter, Rate

    limiter = Limiter(Rate(CALLS, Duration.SECOND))

    @contextmanager
    def guard() -> Iterator[None]:
        limiter.try_acquire("bench")
        yield

    return guard


def pyrate_async() -> AsyncGuard:
    """The same for tasks."""
    from pyrate_limiter import Duration, Limiter, Rate

    limiter = Limiter(Rate(CALLS, Duration.SECOND))

    @asynccontextmanager
    async def guard() -> AsyncIterator[None]:
        await limiter.try_acquire_async("bench")
        yield

    return guard


def aiolimiter() -> AsyncGuard:
    """The leaky bucket of aiolimiter."""
    from aiolimiter import AsyncLimiter

    limiter = AsyncLimiter(CALLS, PER)
    return lambda: limiter


LIMITERS = (
    Limiter("agora-rest", ours, ours),
    Limiter("pyrate-limiter", pyrate, pyrate_async),
    Limiter("aiolimiter", None, aiolimiter),
)


# The callers: each calls as fast as its limiter lets it, until the time is over.


def call_from_threads(url: str, count: int, seconds: float, guard: Guard) -> None:
    until = time.monotonic() + seconds

    with httpx.Client(base_url=url, timeout=30) as client, ThreadPoolExecutor(count) as pool:

        def work() -> None:
            while time.monotonic() < until:
                with guard():
                    client.get("/")

        for future in [pool.submit(work) for _ in range(count)]:
            future.result()


async def call_from_tasks(url: str, count: int, seconds: float, make: Callable[[], AsyncGuard]) -> None:
    until, guard = time.monotonic() + seconds, make()

    async with httpx.AsyncClient(base_url=url, timeout=30) as client:

        async def work() -> None:
            while time.monotonic() < until:
                async with guard():
                    await client.get("/")

        await asyncio.gather(*(work() for _ in range(count)))


# The server.


class StrictServer:
    """Lets a call pass when fewer than ten have passed in the second before it; refused calls are not counted."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.log: list[tuple[float, bool]] = []
        self._passed: deque[float] = deque(maxlen=CALLS)
        self._random = random.Random(1)

    def admit(self) -> bool:
        now = time.monotonic()
        passes = len(self._passed) < CALLS or now - self._passed[0] >= PER
        if passes:
            self._passed.append(now)
        self.log.append((now, passes))
        return passes

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await reader.readuntil(b"\r\n\r\n"):
                if request.startswith(b"GET /log "):
                    self._answer(writer, 200, json.dumps(self.log).encode())
                    continue
                await self._on_the_way()
                status = 200 if self.admit() else 429
                await self._on_the_way()
                self._answer(writer, status, b"{}")
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _on_the_way(self) -> None:
        if self.network.most:
            await asyncio.sleep(self._random.uniform(0, self.network.most))

    def _answer(self, writer: asyncio.StreamWriter, status: int, body: bytes) -> None:
        writer.write(b"HTTP/1.1 %d -\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body))


async def serve(network: Network) -> None:
    server = await asyncio.start_server(StrictServer(network).serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def server_process(network: Network) -> Iterator[str]:
    command = [sys.executable, __file__, "--serve", json.dumps(network)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
    finally:
        process.terminate()
        process.wait()


# The measuring.


class Row(NamedTuple):
    """What one limiter did with one kind of callers over one network."""

    limiter: str
    callers: str
    network: Network
    saturation: float
    refused: int
    requests: int
    busiest: int


def measure(limiter: Limiter, callers: Callers, network: Network, seconds: float) -> Row:
    with server_process(network) as url:
        if callers.tasks:
            assert limiter.async_guard is not None
            asyncio.run(call_from_tasks(url, callers.number, seconds, limiter.async_guard))
        else:
            assert limiter.guard is not None
            call_from_threads(url, callers.number, seconds, limiter.guard())
        log: list[tuple[float, bool]] = httpx.get(f"{url}/log").json()
    times = [at for at, _ in log]
    passed = [at for at, passes in log if passes]
    return Row(
        limiter.name,
        callers.name,
        network,
        saturation(passed),
        len(log) - len(passed),
        len(log),
        max(bisect_right(times, start + PER - 1e-9) - i for i, start in enumerate(times)),
    )


def saturation(passed: list[float]) -> float:
    """Calls that passed per second, over ten: from the 21st on, in whole tens, for calls come in tens."""
    tens = (len(passed) - 1 - 2 * CALLS) // CALLS
    span = passed[(2 + tens) * CALLS] - passed[2 * CALLS]
    return tens * CALLS / span / (CALLS / PER)


def installed(name: str) -> str | None:
    """The version of what is to be measured; None when it is not there."""
    if name == "agora-rest":
        return __version__
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def report(seconds: float, only: str | None) -> int:
    """Measure and print everything. 1 when agora-rest is refused a call or makes less than 95 % of those it may."""
    print(f"Python {sys.version.split()[0]}, httpx {httpx.__version__}, {seconds:g} s a row\n")
    print(
        "| limiter | callers | network, each way | rate / limit | rate / safe rate | refused | busiest second / limit |"
    )
    print("|---|---|---|---|---|---|---|")
    kept = True
    for limiter in LIMITERS:
        version = installed(limiter.name)
        if version is None:
            print(f"| {limiter.name} | not installed | | | | | |")
        elif only in (None, limiter.name):
            for row in rows(limiter, seconds):
                print(line(row, version), flush=True)
                kept &= limiter.name != "agora-rest" or (row.refused == 0 and row.saturation >= 0.95)
    return 0 if kept else 1


def rows(limiter: Limiter, seconds: float) -> Iterator[Row]:
    for callers in CALLERS:
        if (limiter.async_guard if callers.tasks else limiter.guard) is not None:
            yield from (measure(limiter, callers, network, seconds) for network in NETWORKS)


def line(row: Row, version: str) -> str:
    """One line of the table. Without trust in the network, 1 / (1 + round trip) of the limit is all that is safe."""
    safe = 1 / (1 + row.network.round_trip / PER)
    cells = (
        f"{row.limiter} {version}",
        row.callers,
        row.network.name,
        f"{row.saturation:.3f}",
        f"{row.saturation / safe:.3f}",
        f"{row.refused} of {row.requests}",
        f"{row.busiest / CALLS:.2f}",
    )
    return f"| {' | '.join(cells)} |"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=12)
    parser.add_argument("--only", choices=[limiter.name for limiter in LIMITERS])
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        asyncio.run(serve(Network(*json.loads(arguments.serve))))
    return report(arguments.seconds, arguments.only)


if __name__ == "__main__":
    sys.exit(main())
