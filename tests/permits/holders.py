"""Processes that hold shared permits, and what the worst server could have counted of them.

    python tests/permits/holders.py URL PROCESSES SECONDS TASKS LONGEST_ROUND_TRIP LEASE RESPONSE_TIMEOUT

prints a line `process + number time` when a task has got its permit and `process - number time` when it gives it back,
by the machine's clock. A server may count the call at any moment between the two.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from agora_rest.permits import Limit, PermitTimeoutError, Quota
from agora_rest.permits import sql as sql_permits
from agora_rest.permits.leases import LEASE, RESPONSE_TIMEOUT, LeasedPermits
from agora_rest.permits.redis import RedisPermits
from agora_rest.permits.sql import SqlPermits

SPAN = 0.25
"""The limit's span. A quarter of a second shows what a second would, in a quarter of the time."""
QUOTAS = (Quota("start", "somebody", Limit(10, SPAN)),)


def store(url: str, lease: float = LEASE) -> LeasedPermits:
    """Permits at `url`. Leases may be shorter than any real call allows."""
    permits = RedisPermits(url) if url.startswith("redis") else SqlPermits(url)
    permits.lease = lease
    return permits


def say(sign: str, number: int) -> None:
    os.write(1, f"{os.getpid()} {sign} {number} {time.monotonic()}\n".encode())


async def hold(permits: LeasedPermits, seconds: float, tasks: int, longest: float) -> None:
    until, numbers, generator = time.monotonic() + seconds, itertools.count(), random.Random()

    async def work() -> None:
        while (left := until - time.monotonic()) > 0:
            try:
                async with permits.hold(QUOTAS, timeout=left):
                    number = next(numbers)
                    say("+", number)
                    await asyncio.sleep(generator.uniform(0, longest))
                    say("-", number)
            except PermitTimeoutError:
                return

    await asyncio.gather(*(work() for _ in range(tasks)))


class Holders:
    """Processes of holders, and what they have said so far."""

    def __init__(self, output: IO[str], count: int) -> None:
        self._output, self._count = output, count
        self._said: list[list[str]] = []
        self._killed: dict[str, float] = {}

    def have_said(self, lines: int) -> list[str]:
        """Wait until each has said so much. Their numbers."""
        while True:
            said = Counter(process for process, *_ in self._said)
            if len(said) == self._count and min(said.values()) >= lines:
                return list(said)
            line = self._output.readline()
            assert line, "they have ended early"
            self._said.append(line.split())

    def kill(self, process: str) -> None:
        """At once, whatever it is doing."""
        os.kill(int(process), signal.SIGKILL)
        self._killed[process] = time.monotonic()

    def held(self) -> list[tuple[float, float]]:
        """From when to when each permit was held, once all have ended; by one that was killed, until then at most."""
        self._said += [line.split() for line in self._output]
        got: dict[tuple[str, str], float] = {}
        spans = []
        for process, sign, number, moment in self._said:
            if sign == "+":
                got[process, number] = float(moment)
            else:
                spans.append((got.pop((process, number)), float(moment)))
        return [*spans, *((since, self._killed[process]) for (process, _), since in got.items())]


@contextmanager
def holders(
    url: str,
    count: int,
    *,
    seconds: float,
    lease: float = LEASE,
    response_timeout: float = RESPONSE_TIMEOUT,
    under: tuple[str, ...] = (),
) -> Iterator[Holders]:
    """Processes of four holders each, which do not outlive the block. `under` is the command that runs them."""
    numbers = (count, seconds, 4, 0.03, lease, response_timeout)
    command = [*under, sys.executable, str(Path(__file__)), url, *map(str, numbers)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stdout is not None
        try:
            yield Holders(process.stdout, count)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def most_in_any_span(spans: list[tuple[float, float]], span: float = SPAN) -> int:
    """The most calls that a server can have counted in any span, both ends included, whenever it counted each."""
    changes = sorted([(since - span, 0) for since, _ in spans] + [(until, 1) for _, until in spans])
    depth = most = 0
    for _, ends in changes:
        depth += -1 if ends else 1
        most = max(most, depth)
    return most


def main() -> None:
    url, *numbers = sys.argv[1:]
    count, seconds, tasks, longest, lease, sql_permits.RESPONSE_TIMEOUT = map(float, numbers)  # type: ignore[misc]
    for _ in range(int(count)):
        if os.fork() == 0:
            asyncio.run(hold(store(url, lease), seconds, int(tasks), longest))
            return
    with suppress(ChildProcessError):
        while True:
            os.wait()


if __name__ == "__main__":
    main()
