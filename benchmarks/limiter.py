"""How close to 10 calls a second each limiter gets, and how often a server that counts strictly says no.

The server counts every request the moment it arrives, and refuses what would be the eleventh in any one second, as
the documents have it (CR-05). It runs in a process of its own and delays each request before and after it is counted,
which is what a network does.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from bisect import bisect_right
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager, contextmanager
from functools import partial
from importlib.util import find_spec
from typing import Any, Final, NamedTuple

import httpx

from agora_rest.permits import Limit, MemoryPermits, Quota
from benchmarks.processes import output_of, server
from benchmarks.rows import Row, Section, Size

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


# The measuring.


class Outcome(NamedTuple):
    """What one limiter did with one kind of callers over one network."""

    saturation: float
    refused: int
    requests: int
    busiest: int

    @classmethod
    def of(cls, log: list[tuple[float, bool]]) -> Outcome:
        """From what the server has seen: when each call came, and whether it passed."""
        times = [at for at, _ in log]
        passed = [at for at, passes in log if passes]
        busiest = max(bisect_right(times, start + PER - 1e-9) - i for i, start in enumerate(times))
        return cls(saturation(passed), len(log) - len(passed), len(log), busiest)


def measure_one(limiter: Limiter, callers: Callers, network: Network, seconds: float) -> Outcome:
    with server("-m", "benchmarks.limiter", "serve", json.dumps(network)) as url:
        if callers.tasks:
            assert limiter.async_guard is not None
            asyncio.run(call_from_tasks(url, callers.number, seconds, limiter.async_guard))
        else:
            assert limiter.guard is not None
            call_from_threads(url, callers.number, seconds, limiter.guard())
        log: list[tuple[float, bool]] = httpx.get(f"{url}/log").json()
    return Outcome.of(log)


def saturation(passed: list[float]) -> float:
    """Calls that passed per second, over ten: from the 21st on, in whole tens, for calls come in tens.

    Where a busy machine lets fewer than 31 pass, all of them count.
    """
    tens = (len(passed) - 1 - 2 * CALLS) // CALLS
    counted = passed[2 * CALLS : (2 + tens) * CALLS + 1] if tens > 0 else passed
    return (len(counted) - 1) / (counted[-1] - counted[0]) / (CALLS / PER)


def measure(size: Size) -> Iterator[Row]:
    """All limiters at the same time, each with a server and a process of its own: they sleep nearly always."""
    names = [limiter.name for limiter in LIMITERS if find_spec(limiter.name.replace("-", "_"))]
    for callers in CALLERS:
        present = [name for name in names if can(name, callers)]
        for network in NETWORKS[-size.networks :]:
            with ThreadPoolExecutor(len(present)) as pool:
                outcomes = list(pool.map(partial(elsewhere, callers, network, size.watched), present))
            for name, outcome in zip(present, outcomes, strict=True):
                yield row(name, callers, network, outcome)


def elsewhere(callers: Callers, network: Network, seconds: float, name: str) -> Outcome:
    """`measure_one` in a process of its own."""
    question = json.dumps([name, callers, network, seconds])
    return Outcome(*json.loads(output_of([sys.executable, "-m", "benchmarks.limiter", "measure", question])))


def can(name: str, callers: Callers) -> bool:
    """Whether the limiter knows this kind of callers."""
    limiter = named(name)
    return (limiter.async_guard if callers.tasks else limiter.guard) is not None


def named(name: str) -> Limiter:
    return next(limiter for limiter in LIMITERS if limiter.name == name)


def row(name: str, callers: Callers, network: Network, outcome: Outcome) -> Row:
    """A refused call is what a limiter is there to prevent."""
    safe = 1 / (1 + network.round_trip / PER)
    return Row.once(
        f"{callers.name}, {network.name}: {name}",
        outcome.saturation,
        f"{outcome.refused} of {outcome.requests} refused; busiest second {outcome.busiest}; "
        f"{outcome.saturation / safe:.2f} of the safe rate",
        "≥ 0.95" if name == "agora-rest" else None,
        forbidden=outcome.refused,
    )


SECTION: Final = Section(
    name="limiter",
    title="Use of the rate limit",
    meaning="""
Agora refuses the eleventh call in any second. A limiter should let a program make almost ten calls a second without a
refusal, because each refusal costs a retry. The ratio is the accepted calls per second over ten, after the first
twenty; *refused* is the number of calls that a strict server refused, which counts each call when it arrives; *busiest
second* is the maximum number of calls that arrived in any second, accepted or not.

The network delays each request before and after it is counted, each by a random time from 0 to the given maximum. Each
caller calls as fast as its limiter allows. All limiters are measured at the same time, each with its own server. The
target of ours is 0.95 without a refusal.
""",
    limits="""
The *safe rate* is 1 / (1 + round trip) of the limit, without assumptions about the network: a permit may be used again
one second after the response to its call. That is 0.990 if the round trip takes 10 ms on average, and 0.971 if it takes
30 ms. If the load of the machine exceeds its cores, the time for which a thread waits to run adds to the round trip.
""",
    measure=measure,
    packages=("agora-rest", "pyrate-limiter", "aiolimiter", "httpx"),
)


def main() -> None:
    what, argument = sys.argv[1:]
    if what == "serve":
        asyncio.run(serve(Network(*json.loads(argument))))
    else:
        name, callers, network, seconds = json.loads(argument)
        print(json.dumps(measure_one(named(name), Callers(*callers), Network(*network), seconds)))


if __name__ == "__main__":
    main()
