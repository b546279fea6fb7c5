"""Permits of one process: in tasks on simulated time, in a thread on a clock of its own, in real threads and loops."""

from __future__ import annotations

import asyncio
import copy
import pickle
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from agora_rest.permits import Limit, MemoryPermits, PermitStoreError, PermitTimeoutError, Quota
from agora_rest.permits.wait_queue import Ticket, WaitQueue
from tests.forks import code_in_new_process, code_of_fork
from tests.permits.simulation import AloneClock, StrictServer, cancelled, now, quota, simulate

TEN = (quota(),)
ONE = (quota(calls=1),)


async def saturation(permits: MemoryPermits, tasks: int, round_trip: Callable[[], float], seconds: float = 60) -> float:
    """Calls that reach the server per second, over ten, with `tasks` that call as fast as they may."""
    server = StrictServer()

    async def call() -> None:
        while await now() < seconds:
            async with permits.hold(TEN):
                there, back = round_trip() / 2, round_trip() / 2
                await asyncio.sleep(there)
                server.arrivals.append(await now())
                await asyncio.sleep(back)

    await asyncio.gather(*(call() for _ in range(tasks)))
    assert server.busiest() <= 10
    return sum(arrival < seconds for arrival in server.arrivals) / seconds / 10


@pytest.mark.parametrize("tasks", [1, 8, 32])
def test_the_limit_is_used_to_more_than_95_percent_when_answers_are_quick(tasks: int) -> None:
    assert 0.95 <= simulate(lambda p: saturation(p, tasks, lambda: 0.005)) <= 1.01


@pytest.mark.parametrize("tasks", [8, 32])
def test_the_limit_is_used_to_more_than_95_percent_when_answers_take_longer_and_vary(tasks: int) -> None:
    generator = random.Random(1)
    assert 0.95 <= simulate(lambda p: saturation(p, tasks, lambda: generator.uniform(0.001, 0.06))) <= 1.01


def test_slow_answers_cost_what_they_must_and_no_more() -> None:
    """With a round trip of T, 1 / (1 + T) of the limit is all that is safe."""
    assert simulate(lambda p: saturation(p, 32, lambda: 0.5)) == pytest.approx(1 / 1.5, rel=0.02)


def test_a_permit_rests_from_the_answer_on_not_from_the_request() -> None:
    async def run(permits: MemoryPermits) -> float:
        async with permits.hold(ONE):
            await asyncio.sleep(7)
        answered = await now()
        async with permits.hold(ONE):
            return await now() - answered

    assert simulate(run) == pytest.approx(1.001, abs=1e-6)


def test_a_call_whose_answer_never_comes_frees_its_permit_a_second_after_that_is_known() -> None:
    async def run(permits: MemoryPermits) -> float:
        async def lost() -> None:
            async with permits.hold(ONE):
                await asyncio.sleep(3)
                raise ConnectionError

        with pytest.raises(ConnectionError):
            await lost()
        async with permits.hold(ONE) as permit:
            return permit.waited

    assert simulate(run) == pytest.approx(1.001, abs=1e-6)


def test_a_storm_of_cancellations_leaves_every_permit_where_it_was() -> None:
    async def run(permits: MemoryPermits) -> None:
        generator = random.Random(2)

        async def call() -> None:
            async with permits.hold(TEN):
                await asyncio.sleep(generator.uniform(0, 0.2))

        tasks = [asyncio.create_task(call()) for _ in range(1_000)]
        while tasks:
            await asyncio.sleep(generator.uniform(0, 0.02))
            await cancelled(tasks.pop(generator.randrange(len(tasks))))
        await asyncio.sleep(1.01)
        for _ in range(10):
            assert (await permits.hold(TEN).__aenter__()).waited < 1e-6

    simulate(run)


def test_who_waits_too_long_is_told_that_nothing_was_sent() -> None:
    async def run(permits: MemoryPermits) -> float:
        async with permits.hold(ONE):
            began = await now()
            with pytest.raises(PermitTimeoutError, match=r"within 2.5 s .* start \(1 calls in 1 s\); nothing was sent"):
                await permits.hold(ONE, timeout=2.5).__aenter__()
            return await now() - began

    assert simulate(run) == pytest.approx(2.5, abs=1e-6)


def test_no_patience_at_all_is_enough_when_a_permit_is_there() -> None:
    with MemoryPermits(clock=AloneClock()).hold(ONE, timeout=0) as permit:
        assert permit.waited == 0


def test_calls_under_no_limit_wait_for_nothing() -> None:
    permits = MemoryPermits(clock=AloneClock())
    with permits.hold(()) as permit:
        assert permit.waited == 0


def test_a_single_thread_gets_ten_at_once_and_ten_more_each_second() -> None:
    clock = AloneClock()
    permits, times = MemoryPermits(clock=clock), []
    for _ in range(25):
        with permits.hold(TEN):
            times.append(round(clock.now(), 6))
    assert times == [0.0] * 10 + [1.001] * 10 + [2.002] * 5


def test_a_thread_that_waits_too_long_leaves_the_line() -> None:
    clock = AloneClock()
    permits = MemoryPermits(clock=clock)
    with permits.hold(ONE):
        pass
    with pytest.raises(PermitTimeoutError):
        permits.hold(ONE, timeout=0.5).__enter__()
    with permits.hold(ONE) as permit:
        assert permit.waited == pytest.approx(0.501)


def test_a_thread_that_is_interrupted_leaves_the_line() -> None:
    class InterruptedOnce(AloneClock):
        interrupted = False

        def wait(self, alarm: threading.Event, seconds: float) -> None:
            if not self.interrupted:
                self.interrupted = True
                raise KeyboardInterrupt
            super().wait(alarm, seconds)

    permits = MemoryPermits(clock=InterruptedOnce())
    with permits.hold(ONE):
        pass
    with pytest.raises(KeyboardInterrupt):
        permits.hold(ONE).__enter__()
    with permits.hold(ONE) as permit:
        assert permit.waited == pytest.approx(1.001)


def test_a_thread_that_is_interrupted_with_the_permit_in_its_hands_gives_it_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    permits, claim = MemoryPermits(clock=AloneClock()), WaitQueue.claim

    def interrupted(line: WaitQueue, ticket: Ticket, now: float) -> float | None:
        claim(line, ticket, now)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(WaitQueue, "claim", interrupted)
        with pytest.raises(KeyboardInterrupt):
            permits.hold(ONE).__enter__()
    with permits.hold(ONE) as permit:
        assert permit.waited == pytest.approx(1.001)


@pytest.mark.parametrize("error", [PermitTimeoutError(TEN, 2.0), PermitStoreError(TEN, 2.0, "Redis is away")], ids=type)
def test_who_got_no_permit_can_tell_another_process(error: PermitTimeoutError) -> None:
    error.add_note("a note")
    for twin in (pickle.loads(pickle.dumps(error)), copy.deepcopy(error)):
        assert (type(twin), str(twin), vars(twin)) == (type(error), str(error), vars(error))


def test_a_limit_that_contradicts_an_earlier_one_is_refused() -> None:
    permits = MemoryPermits(clock=AloneClock())
    with permits.hold((Quota("start", "me", Limit(10)),)):
        pass
    with pytest.raises(ValueError, match="start has a Limit"):
        permits.hold((Quota("start", "me", Limit(20)),)).__enter__()


def test_groups_that_overlap_without_being_inside_each_other_are_refused() -> None:
    permits = MemoryPermits(clock=AloneClock())
    permits.hold((quota("console"), quota("kicking-rules")))
    permits.hold((quota("kicking-rules"),))
    with pytest.raises(ValueError, match="kicking-rules is not inside start"):
        permits.hold((quota("start"), quota("kicking-rules")))


def test_owners_do_not_share_a_limit() -> None:
    permits = MemoryPermits(clock=AloneClock())
    for owner in ("one", "other"):
        with permits.hold((Quota("start", owner, Limit(1)),)) as permit:
            assert permit.waited == 0


SHORT = (quota(calls=10, per=0.05),)


def test_threads_and_two_event_loops_share_one_limit() -> None:
    """In real time: 6 threads and 2 loops of 6 tasks each."""
    permits, server = MemoryPermits(), StrictServer()

    def in_a_thread() -> None:
        for _ in range(10):
            with permits.hold(SHORT, timeout=200):
                server.arrivals.append(time.monotonic())

    async def in_a_task() -> None:
        for _ in range(10):
            async with permits.hold(SHORT, timeout=200):
                server.arrivals.append(time.monotonic())

    async def in_a_loop() -> None:
        await asyncio.gather(*(in_a_task() for _ in range(6)))

    with ThreadPoolExecutor(8) as pool:
        work = [pool.submit(in_a_thread) for _ in range(6)]
        work += [pool.submit(asyncio.run, in_a_loop()) for _ in range(2)]
        for future in work:
            future.result()
    assert len(server.arrivals) == 180
    assert server.busiest(0.05) <= 10


def test_a_thread_that_waits_for_an_answer_to_another_is_woken_by_it() -> None:
    permits, line = MemoryPermits(), (quota(calls=1, per=0.001),)
    first = permits.hold(line)
    first.__enter__()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(lambda: permits.hold(line, timeout=200).__enter__())
        while not (waiting.done() or permits._wait_queues[line[0].key]._queues):  # until it stands in line
            pass
        assert not waiting.done()
        first.__exit__(None, None, None)
        assert waiting.result().waited < 200


def test_a_forked_process_waits_for_nothing_that_its_parents_threads_have_in_hand() -> None:
    assert code_in_new_process(fork_while_locked) == 0


def fork_while_locked() -> int:
    permits = MemoryPermits()
    with permits.hold(ONE), permits._lock:
        return code_of_fork(lambda: 0 if one_is_left(permits) else 1)


def one_is_left(permits: MemoryPermits) -> bool:
    """Asked by another thread, which would wait for the lock for ever."""

    def take() -> None:
        permits.hold(ONE, timeout=0).__enter__()
        taken.append(True)

    taken: list[bool] = []
    thread = threading.Thread(target=take, daemon=True)
    thread.start()
    thread.join(timeout=120)
    return bool(taken)


def test_a_loop_that_was_closed_with_tasks_in_line_does_not_hold_up_others() -> None:
    clock = AloneClock()
    permits = MemoryPermits(clock=clock)
    first = permits.hold(ONE)
    first.__enter__()
    loop = asyncio.new_event_loop()
    forgotten = permits.hold(ONE).__aenter__()
    left = loop.create_task(_never(forgotten, clock))
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
    first.__exit__(None, None, None)
    with permits.hold(ONE) as permit:
        assert permit.waited == pytest.approx(1.001)
    left._log_destroy_pending = False  # type: ignore[attr-defined] # asyncio would complain of what this test is about


async def _never(waiting: object, clock: AloneClock) -> None:
    async def wait_async(alarm: asyncio.Event, seconds: float) -> None:
        await alarm.wait()

    clock.wait_async = wait_async  # type: ignore[method-assign]
    await waiting  # type: ignore[misc]
