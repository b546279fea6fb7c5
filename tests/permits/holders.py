"""Processes that hold shared permits, and what the worst server could have counted of them.

    python tests/permits/holders.py URL PROCESSES TASKS LONGEST_ROUND_TRIP LEASE RESPONSE_TIMEOUT

prints a line `process + number time` when a task has got its permit and `process - number time` when it gives it back,
by the machine's clock. A server may count the call at any moment between the two. Each process ends after its calls
when standard input is closed.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import queue
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from agora_rest.permits import Limit, PermitTimeoutError, Quota
from agora_rest.permits import sql as sql_permits
from agora_rest.permits.leases import LEASE, RESPONSE_TIMEOUT, LeasedPermits
from agora_rest.permits.redis import RedisPermits
from agora_rest.permits.sql import SqlPermits

SPAN = 0.25
"""The limit's span. A quarter of a second shows what a second would, in a quarter of the time."""
QUOTAS = (Quota("start", "somebody", Limit(10, SPAN)),)
PATIENCE = 120.0
"""Seconds for what comes at once, which is long because machines are shared."""


def store(url: str, lease: float = LEASE) -> LeasedPermits:
    """Permits at `url`. Leases may be shorter than any real call allows."""
    permits = RedisPermits(url) if url.startswith("redis") else SqlPermits(url)
    permits.lease = lease
    return permits


def say(sign: str, number: int) -> None:
    os.write(1, f"{os.getpid()} {sign} {number} {time.monotonic()}\n".encode())


async def hold(permits: LeasedPermits, tasks: int, longest: float) -> None:
    ended, numbers, generator = asyncio.Event(), itertools.count(), random.Random()
    asyncio.get_running_loop().add_reader(0, ended.set)

    async def work() -> None:
        while not ended.is_set():
            with suppress(PermitTimeoutError):
                async with permits.hold(QUOTAS, timeout=PATIENCE):
                    number = next(numbers)
                    say("+", number)
                    await asyncio.sleep(generator.uniform(0, longest))
                    say("-", number)

    working = [asyncio.create_task(work()) for _ in range(tasks)]
    await ended.wait()
    await asyncio.gather(*working)


class Holders:
    """Processes of holders, and what they have said so far."""

    def __init__(self, process: subprocess.Popen[str], count: int, lease: float) -> None:
        self._process, self._count, self._lease = process, count, lease
        self._said: list[list[str]] = []
        self._killed: dict[str, float] = {}
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        # A thread reads, so that nobody has to wait until what he says is read.
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put("")

    def _hear(self) -> None:
        line = self._lines.get(timeout=PATIENCE)
        assert line, "they have ended early"
        self._said.append(line.split())

    def have_said(self, lines: int) -> list[str]:
        """Wait until each has said so much. Their numbers."""
        while True:
            said = Counter(process for process, *_ in self._said)
            if len(said) == self._count and min(said.values()) >= lines:
                return list(said)
            self._hear()

    def have_used_all(self, calls: int) -> None:
        """Wait until so many calls were made, and as many as allowed in one span."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and (len(self._said) < 2 * calls or most_in_any_span(self._spans()) < 10):
            for _ in range(calls):
                self._hear()

    def go_on(self, after: float) -> None:
        """Wait until one has got a permit after this moment."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and not (self._said and max(map(_got_at, self._said)) > after):
            self._hear()

    def kill(self, process: str) -> None:
        """At once, whatever it is doing."""
        os.kill(int(process), signal.SIGKILL)
        self._killed[process] = time.monotonic()

    def held(self) -> list[tuple[float, float]]:
        """Let all end. From when to when each permit was held; by one that was killed, until then at most."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._reader.join()
        while line := self._lines.get():
            self._said.append(line.split())
        return self._spans()

    def _spans(self) -> list[tuple[float, float]]:
        got: dict[tuple[str, str], float] = {}
        spans = []
        for process, sign, number, moment in self._said:
            if sign == "+":
                got[process, number] = float(moment)
            else:
                spans.append((got.pop((process, number)), float(moment)))
        spans += [(since, self._killed[process]) for (process, _), since in got.items() if process in self._killed]
        # A busy machine may stop a process for long. A call would have reached its timeout before its lease ended.
        return [(since, min(until, since + self._lease / 2)) for since, until in spans]


def _got_at(said: list[str]) -> float:
    _, sign, _, moment = said
    return float(moment) if sign == "+" else 0.0


@contextmanager
def holders(
    url: str,
    count: int,
    *,
    lease: float = LEASE,
    response_timeout: float = RESPONSE_TIMEOUT,
    under: tuple[str, ...] = (),
) -> Iterator[Holders]:
    """Processes of four holders each, which do not outlive the block. `under` is the command that runs them."""
    numbers = (count, 4, 0.03, lease, response_timeout)
    command = [*under, sys.executable, str(Path(__file__)), url, *map(str, numbers)]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, text=True, start_new_session=True, **pipes) as process:
        found = Holders(process, count, lease)
        try:
            yield found
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            found._reader.join()


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
    count, tasks, longest, lease, sql_permits.RESPONSE_TIMEOUT = map(float, numbers)  # type: ignore[misc]
    for _ in range(int(count)):
        if os.fork() == 0:
            asyncio.run(hold(store(url, lease), int(tasks), longest))
            return
    with suppress(ChildProcessError):
        while True:
            os.wait()


if __name__ == "__main__":
    main()
