"""Who goes first: the order of waiting, the share of each priority, and the groups inside each other (CO-49)."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence

import pytest

from agora_rest.permits import Limit, Limits, MemoryPermits, Priority, Quota
from agora_rest.spec import operation
from tests.permits.simulation import cancelled, now, quota, simulate

ONE = (quota(calls=1),)
CONSOLE = (quota("console", calls=2),)
KICKING = (quota("console", calls=2), quota("kicking-rules", calls=1))


async def order_of(permits: MemoryPermits, callers: Sequence[tuple[str, Sequence[Quota], Priority]]) -> list[str]:
    """The names of the callers in the order they are served, all waiting before the first permit is ready."""
    served: list[str] = []

    async def call(name: str, quotas: Sequence[Quota], priority: Priority) -> None:
        async with permits.hold(quotas, priority=priority):
            served.append(name)

    busy = [permits.hold(CONSOLE), permits.hold(CONSOLE), permits.hold(ONE)]
    for hold in busy:
        await hold.__aenter__()
    tasks = []
    for caller in callers:
        tasks.append(asyncio.create_task(call(*caller)))
        await asyncio.sleep(0.001)
    for hold in busy:
        await hold.__aexit__(None, None, None)
    await asyncio.gather(*tasks)
    return served


def test_who_came_first_is_served_first() -> None:
    names = [str(i) for i in range(30)]
    assert simulate(lambda p: order_of(p, [(name, ONE, Priority.OTHER) for name in names])) == names


def test_stop_goes_before_start_before_query_before_the_rest() -> None:
    callers = [(priority.name, ONE, priority) for priority in reversed(Priority) for _ in range(5)]
    expected = [priority.name for priority in Priority for _ in range(5)]
    assert simulate(lambda p: order_of(p, callers)) == expected


def test_a_stop_overtakes_a_backlog_of_starts() -> None:
    callers = [("start", ONE, Priority.START)] * 300 + [("stop", ONE, Priority.STOP)]
    assert simulate(lambda p: order_of(p, callers))[0] == "stop"


@pytest.mark.parametrize("less", [Priority.START, Priority.QUERY, Priority.OTHER])
def test_the_less_urgent_get_every_eleventh_permit_while_the_more_urgent_never_stop_coming(less: Priority) -> None:
    more = Priority(less - 1)
    callers = [(more.name, ONE, more)] * 100 + [(less.name, ONE, less)] * 20
    assert Counter(simulate(lambda p: order_of(p, callers))[:99]) == {more.name: 90, less.name: 9}


def test_priorities_saved_up_by_waiting_for_nothing_do_not_exist() -> None:
    """Queries that had the limit to themselves for long do not make a later one wait longer, nor shorter."""

    async def run(permits: MemoryPermits) -> list[str]:
        for _ in range(200):
            async with permits.hold(ONE, priority=Priority.QUERY):
                pass
        mixed = [("start", ONE, Priority.START)] * 40 + [("query", ONE, Priority.QUERY)] * 40
        return await order_of(permits, mixed)

    assert Counter(simulate(run)[:22]) == {"start": 20, "query": 2}


def test_a_caller_that_waits_for_an_inner_group_does_not_hold_up_the_outer_one() -> None:
    async def run(permits: MemoryPermits) -> list[str]:
        async with permits.hold(KICKING):
            kicking = asyncio.create_task(permits.hold(KICKING).__aenter__())
            await asyncio.sleep(0.01)
            served = []
            for _ in range(3):  # The console's other permit serves others all the while.
                async with permits.hold(CONSOLE):
                    served.append(await now())
            assert not kicking.done()
        await kicking
        return served

    assert len(simulate(run)) == 3


def test_a_caller_of_an_inner_group_is_not_starved_by_the_outer_one() -> None:
    callers = [("console", CONSOLE, Priority.OTHER)] * 4 + [("kicking", KICKING, Priority.OTHER)]
    callers += [("console", CONSOLE, Priority.OTHER)] * 40
    assert simulate(lambda p: order_of(p, callers)).index("kicking") == 4


def test_groups_inside_each_other_never_lock_up() -> None:
    """The loop of the simulation fails when everybody waits for ever."""
    callers = [("k", KICKING, Priority.OTHER), ("c", CONSOLE, Priority.OTHER)] * 20
    assert Counter(simulate(lambda p: order_of(p, callers))) == {"k": 20, "c": 20}


def test_one_who_gives_up_lets_the_next_one_up() -> None:
    async def run(permits: MemoryPermits) -> float:
        async with permits.hold(ONE):
            waiting = [asyncio.create_task(permits.hold(ONE).__aenter__()) for _ in range(50)]
            await asyncio.sleep(0.01)
            for task in waiting[:49]:
                await cancelled(task)
        began = await now()
        await waiting[49]
        return await now() - began

    assert simulate(run) == pytest.approx(1.001, abs=1e-4)


def test_the_specifications_say_which_limits_a_call_is_under() -> None:
    limits = Limits()
    assert limits.quotas(operation("start_recording"), "me") == (Quota("start", "me", Limit(10, 1)),)
    assert [q.group for q in limits.quotas(operation("create_kicking_rule"), "me")] == ["console", "kicking-rules"]
    assert [q.group for q in limits.quotas(operation("list_projects"), "me")] == ["console"]


def test_limits_can_be_changed_and_lifted_by_group() -> None:
    limits = Limits({"console": Limit(20), "query": None})
    assert limits.quotas(operation("create_kicking_rule"), "me") == (
        Quota("console", "me", Limit(20)),
        Quota("kicking-rules", "me", Limit(10)),
    )
    assert limits.quotas(operation("query_recording"), "me") == ()
    with pytest.raises(ValueError, match="no group of calls reading; there are acquire"):
        Limits({"reading": Limit()})


def test_a_customer_id_is_not_shown() -> None:
    assert "4711" not in repr(Quota("start", "4711"))


@pytest.mark.parametrize(
    ("calls", "per"), [(0, 1.0), (-1, 1.0), (1.5, 1.0), (1, 0.0), (1, float("inf")), (1, float("nan"))]
)
def test_what_is_no_limit_is_refused(calls: float, per: float) -> None:
    with pytest.raises(ValueError, match="a limit"):
        Limit(calls, per)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "priority"),
    [
        ("stop_recording", Priority.STOP),
        ("start_recording", Priority.START),
        ("query_recording", Priority.QUERY),
        ("acquire", Priority.OTHER),
        ("list_channels", Priority.OTHER),
    ],
)
def test_every_operation_has_its_priority(name: str, priority: Priority) -> None:
    assert Priority.of(operation(name).id) is priority
