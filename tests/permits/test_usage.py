"""How much of a limit is used: everybody who looks sees the same, and looking takes nothing."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from agora_rest.permits import Limit, PermitStore, PermitUsage, Quota, open_url
from agora_rest.permits.leases import LEASE, LeasedPermits
from tests.permits.ledgers import sqlite_url
from tests.permits.simulation import Make, simulate

START, STOP = (Quota("start", "school@host", Limit(10)),), (Quota("stop", "school@host", Limit(75)),)


def used(permits: PermitStore) -> dict[str, tuple[int, int, int, float]]:
    assert isinstance(permits, LeasedPermits)
    return {use.group: (use.permits, use.in_use, use.resting, round(use.rate, 1)) for use in permits.usage()}


def test_permits_that_serve_a_call_or_rest_after_one_are_counted_until_they_are_free(make: Make) -> None:
    async def run(permits: PermitStore) -> None:
        assert used(permits) == {}
        async with AsyncExitStack() as calls:
            for quotas in (START, START, START, STOP):
                await calls.enter_async_context(permits.hold(quotas))
            assert used(permits) == {"start": (10, 3, 0, 0.0), "stop": (75, 1, 0, 0.0)}
        assert used(permits) == {"start": (10, 0, 3, 3.0), "stop": (75, 0, 1, 1.0)}
        await asyncio.sleep(1.002)
        assert used(permits) == {"start": (10, 0, 0, 0.0), "stop": (75, 0, 0, 0.0)}

    simulate(run, make)


def test_a_limit_that_is_used_up_is_seen_as_that(make: Make) -> None:
    async def run(permits: PermitStore) -> None:
        async def call() -> None:
            async with permits.hold(START):
                await asyncio.sleep(0.25)

        await asyncio.gather(*(call() for _ in range(25)))
        assert isinstance(permits, LeasedPermits)
        (use,) = permits.usage()
        assert use.free == use.permits - use.in_use - use.resting
        assert (use.in_use, use.resting) == (0, 5)

    simulate(run, make)


def test_what_a_process_that_died_had_counts_as_in_use_until_its_lease_ends(make: Make) -> None:
    async def run(permits: PermitStore) -> None:
        await permits.hold(START).__aenter__()
        await asyncio.sleep(LEASE)
        assert used(permits)["start"][1] == 1
        await asyncio.sleep(1.002)
        assert used(permits)["start"] == (10, 0, 0, 0.0)

    simulate(run, make)


def test_looking_makes_nobody_wait(make: Make) -> None:
    async def run(permits: PermitStore) -> float:
        for _ in range(10):
            used(permits)
            async with permits.hold(START):
                used(permits)
        return asyncio.get_running_loop().time()

    assert simulate(run, make) == pytest.approx(0, abs=0.01)


def test_accounts_are_apart_and_cannot_be_read(make: Make) -> None:
    async def run(permits: PermitStore) -> None:
        for owner in ("school@host", "planted-customer@host"):
            async with permits.hold((Quota("start", owner),)):
                pass
        assert isinstance(permits, LeasedPermits)
        usage = permits.usage()
        assert [(use.group, use.resting) for use in usage] == [("start", 1), ("start", 1)]
        assert len({use.owner for use in usage}) == 2
        assert "planted" not in str(usage)

    simulate(run, make)


def test_a_place_that_is_away_is_named_without_its_password() -> None:
    for url in ("redis://:planted@127.0.0.1:9/0", "postgresql+psycopg://me:planted@127.0.0.1:9/db"):
        permits = open_url(url)
        with pytest.raises(ConnectionError, match="did not respond") as caught:
            permits.usage()
        assert "planted" not in str(caught.value) + permits.name
        permits.close()


def test_another_process_sees_the_same(tmp_path: Path) -> None:
    """Two stores on one file are what two processes have."""
    from agora_rest.permits.sql import SqlPermits

    here, there = SqlPermits(sqlite_url(tmp_path)), SqlPermits(sqlite_url(tmp_path))
    with here.hold(START):
        assert there.usage() == here.usage() == [PermitUsage("start", there.usage()[0].owner, 10, 1, 0, 0.0)]
    here.close()
    there.close()
