"""Whatever callers, network and cancellations do, a strict server never counts more than the limit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from agora_rest.permits import PermitStore, PermitTimeoutError, Priority
from tests.permits.simulation import StrictServer, World, cancelled, now, quota, simulate

CONSOLE = (quota("console"),)
KICKING = (quota("console"), quota("kicking-rules", calls=4))


@dataclass(frozen=True)
class Caller:
    """One call: when it is made, how long its answer takes, when the server counts it, how it may end early."""

    arrives: float
    kicking: bool
    priority: Priority
    round_trip: float
    counted: float
    """0: as soon as the permit is there; 1: only when the answer comes, or when it is known that none will."""
    patience: float | None
    cancelled_after: float | None


@dataclass
class Schedule:
    console: StrictServer = field(default_factory=StrictServer)
    kicking: StrictServer = field(default_factory=StrictServer)
    served: int = 0

    async def call(self, permits: PermitStore, caller: Caller) -> None:
        await asyncio.sleep(caller.arrives)
        quotas = KICKING if caller.kicking else CONSOLE
        async with permits.hold(quotas, priority=caller.priority, timeout=caller.patience):
            granted = await now()
            try:
                await asyncio.sleep(caller.round_trip)
                self.served += 1
            finally:
                counted = granted + caller.counted * (await now() - granted)
                self.console.arrivals.append(counted)
                if caller.kicking:
                    self.kicking.arrivals.append(counted)

    async def run(self, permits: PermitStore, callers: list[Caller]) -> None:
        tasks = [asyncio.create_task(self.call(permits, caller)) for caller in callers]
        for task, caller in zip(tasks, callers, strict=True):
            if caller.cancelled_after is not None:
                asyncio.get_running_loop().call_later(caller.arrives + caller.cancelled_after, task.cancel)
        ends = await asyncio.gather(*tasks, return_exceptions=True)
        early = (asyncio.CancelledError, PermitTimeoutError)
        assert all(end is None or isinstance(end, early) for end in ends), ends
        certain = sum(caller.patience is None and caller.cancelled_after is None for caller in callers)
        assert self.served >= certain, "somebody who waited as long as it takes was not served"


MOMENTS = st.floats(0, 3, allow_subnormal=False) | st.sampled_from([0.0, 0.999, 1.0, 1.001, 2.0])
CALLERS = st.builds(
    Caller,
    arrives=MOMENTS,
    kicking=st.booleans(),
    priority=st.sampled_from(Priority),
    round_trip=st.floats(0, 2, allow_subnormal=False) | st.sampled_from([0.0, 0.001, 1.0]),
    counted=st.floats(0, 1) | st.sampled_from([0.0, 1.0]),
    patience=st.none() | st.floats(0, 3),
    cancelled_after=st.none() | MOMENTS,
)


Simulate = Callable[[World[None]], None]

FEW = settings(max_examples=15, phases=[Phase.explicit, Phase.generate])
"""Where each question is a transaction, a schedule takes half a second, and making one smaller takes minutes."""


@given(st.lists(CALLERS, min_size=11, max_size=50))
def test_a_strict_server_never_counts_more_than_the_limit_in_any_second(callers: list[Caller]) -> None:
    keeps_the_limit(simulate, callers)


@given(st.lists(CALLERS, min_size=11, max_size=30))
def test_no_permit_is_lost_whatever_happened(callers: list[Caller]) -> None:
    loses_nothing(simulate, callers)


@pytest.mark.slow
@FEW
@given(st.lists(CALLERS, min_size=11, max_size=50))
def test_the_same_holds_for_permits_that_processes_share(shared: Simulate, callers: list[Caller]) -> None:
    keeps_the_limit(shared, callers)


@pytest.mark.slow
@FEW
@given(st.lists(CALLERS, min_size=11, max_size=30))
def test_permits_that_processes_share_are_not_lost_either(shared: Simulate, callers: list[Caller]) -> None:
    loses_nothing(shared, callers)


def keeps_the_limit(simulate: Simulate, callers: list[Caller]) -> None:
    world = Schedule()
    simulate(lambda permits: world.run(permits, callers))
    assert world.console.busiest() <= 10
    assert world.kicking.busiest() <= 4


def loses_nothing(simulate: Simulate, callers: list[Caller]) -> None:
    async def run(permits: PermitStore) -> None:
        await Schedule().run(permits, callers)
        await asyncio.sleep(1.01)
        for quotas, calls in ((KICKING, 4), (CONSOLE, 6)):
            for _ in range(calls):
                permit = await permits.hold(quotas).__aenter__()
                assert permit.waited < 1e-6
        eleventh = asyncio.create_task(permits.hold(CONSOLE).__aenter__())
        await asyncio.sleep(5)
        assert not eleventh.done(), "there were more permits than the limit allows"
        await cancelled(eleventh)

    simulate(run)
