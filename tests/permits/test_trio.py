"""Tasks of trio, which httpx serves as well as asyncio's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agora_rest.permits import MemoryPermits, PermitTimeoutError, SystemClock
from tests.permits.simulation import StrictServer, quota

if TYPE_CHECKING:
    import trio.testing
else:
    trio = pytest.importorskip("trio")
    pytest.importorskip("trio.testing")

TEN = (quota(),)


def test_tasks_of_trio_keep_the_limit_and_use_it() -> None:
    server = StrictServer()

    async def call(permits: MemoryPermits) -> None:
        while trio.current_time() < until:
            async with permits.hold(TEN):
                await trio.sleep(0.005)
                server.arrivals.append(trio.current_time())

    async def run() -> None:
        nonlocal until
        until = trio.current_time() + 60
        permits = MemoryPermits(clock=SystemClock(trio.current_time))
        async with trio.open_nursery() as nursery:
            for _ in range(16):
                nursery.start_soon(call, permits)

    until = 0.0
    trio.run(run, clock=trio.testing.MockClock(autojump_threshold=0))
    assert server.busiest() <= 10
    assert sum(arrival < until for arrival in server.arrivals) / 600 >= 0.95


def test_a_task_of_trio_can_be_cancelled_and_can_lose_its_patience() -> None:
    async def run() -> float:
        permits = MemoryPermits(clock=SystemClock(trio.current_time))
        one = (quota(calls=1),)
        async with permits.hold(one):
            with trio.move_on_after(1) as scope:
                await permits.hold(one).__aenter__()
            assert scope.cancelled_caught
            with pytest.raises(PermitTimeoutError):
                await permits.hold(one, timeout=1).__aenter__()
        async with permits.hold(one) as permit:
            return permit.waited

    waited = trio.run(run, clock=trio.testing.MockClock(autojump_threshold=0))
    assert waited == pytest.approx(1.001)
