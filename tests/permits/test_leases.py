"""Permits that processes share, on simulated time: leases, clocks that jump, ledgers that are away, and who asks."""

from __future__ import annotations

import asyncio
import math
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
import trio
from hypothesis import given
from hypothesis import strategies as st

from agora_rest import Agora, AsyncAgora, ConfigurationError
from agora_rest.permits import (
    PermitStore,
    PermitStoreError,
    PermitTimeoutError,
    Priority,
    Quota,
    SystemClock,
    open_url,
)
from agora_rest.permits.leases import LEASE, RESPONSE_TIMEOUT, LeasedPermits, longest_timeout
from agora_rest.permits.ledger import PermitRequest, Reply, Row, Unreachable, choose
from agora_rest.permits.watch import ClockWatch
from tests.forks import code_in_new_process, code_of_fork
from tests.permits.ledgers import LATER, Inline, SimulatedRedis, SimulatedSql, inline, sqlite_url
from tests.permits.simulation import Make, cancelled, now, quota, simulate

TEN = (quota(),)
ONE = (quota(calls=1),)
REST = 1.001


class Brain:
    """A ledger in memory, whose clock and reachability a test decides on."""

    name = "brain"

    def __init__(self) -> None:
        self.jump = 0.0
        self.down = False
        self.asked: list[str] = []
        self.rows: dict[str, list[Row]] = {}

    def take(self, requests: Sequence[PermitRequest], holder: str, lease: float, early: float) -> Reply:
        self.asked.append(holder)
        moment = self._now(requests)
        rows, wait = choose(requests, self.rows, moment, early)
        for request, row in zip(requests, rows, strict=False):
            self.rows[request.key][row.number] = Row(row.number, holder, moment, moment + lease + request.rest)
        return Reply(granted=bool(rows), wait=wait, now=moment)

    def give_back(self, requests: Sequence[PermitRequest], holder: str) -> None:
        moment = self._now(requests)
        for request in requests:
            for row in self.rows[request.key]:
                if row.holder == holder:
                    self.rows[request.key][row.number] = Row(row.number, None, moment, moment + request.rest)

    def _now(self, requests: Sequence[PermitRequest]) -> float:
        if self.down:
            raise Unreachable("brain did not respond: asleep")
        for request in requests:
            self.rows.setdefault(request.key, [Row(i, None, 0, 0) for i in range(request.calls)])
        return asyncio.get_running_loop().time() + 500 + self.jump

    def close(self) -> None:
        pass

    def forked(self) -> None:
        pass

    def make(self, clock: SystemClock) -> PermitStore:
        return inline(self, clock)


# Leases.


def test_permits_that_nobody_gives_back_return_with_the_end_of_the_lease_and_not_before(make: Make) -> None:
    async def run(permits: PermitStore) -> float:
        await permits.hold(ONE).__aenter__()
        with pytest.raises(PermitTimeoutError):
            await permits.hold(ONE, timeout=LEASE).__aenter__()
        async with permits.hold(ONE) as permit:
            return LEASE + permit.waited

    assert simulate(run, make) == pytest.approx(LEASE + REST, abs=1e-3)


def test_a_call_that_outlives_its_lease_takes_nothing_from_who_has_the_permit_now(make: Make) -> None:
    async def run(permits: PermitStore) -> float:
        late = permits.hold(ONE)
        await late.__aenter__()
        async with permits.hold(ONE):
            await late.__aexit__(None, None, None)
            with pytest.raises(PermitTimeoutError):
                await permits.hold(ONE, timeout=5).__aenter__()
        async with permits.hold(ONE) as permit:
            return permit.waited

    assert simulate(run, make) == pytest.approx(REST, abs=1e-3)


def test_all_permits_of_a_call_are_taken_or_none(make: Make) -> None:
    both = (quota("console"), quota("kicking-rules", calls=1))

    async def run(permits: PermitStore) -> None:
        async with permits.hold(both):
            with pytest.raises(PermitTimeoutError):
                await permits.hold(both, timeout=5).__aenter__()
            with ExitStack() as stack:
                for _ in range(9):
                    assert stack.enter_context(permits.hold((quota("console"),), timeout=1)).waited < 1e-6

    simulate(run, make)


def test_owners_do_not_share_a_limit(make: Make) -> None:
    async def run(permits: PermitStore) -> None:
        for owner in ("one", "other"):
            assert (await permits.hold((Quota("start", owner, ONE[0].limit),)).__aenter__()).waited < 1e-6

    simulate(run, make)


def test_a_timeout_that_a_lease_does_not_outlive_is_refused(tmp_path: Path) -> None:
    assert longest_timeout(LEASE) == pytest.approx(45)
    account = {"customer_id": "somebody", "customer_certificate": "secret"}
    with pytest.raises(ConfigurationError, match=r"timeout must be at most 45 s .* leased for 120 s, not 46 s"):
        Agora(**account, timeout=46, permits=sqlite_url(tmp_path))
    with Agora(**account, timeout=45, permits=sqlite_url(tmp_path)) as agora, pytest.raises(ConfigurationError):
        agora.with_options(timeout=46)


def test_a_lease_that_no_call_fits_into_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="a lease has to outlive a call, and 10 s does not"):
        LeasedPermits(Brain(), lease=10)


# Who asks.


def test_three_thousand_who_wait_ask_no_more_often_than_one_would() -> None:
    brain = Brain()

    async def run(permits: PermitStore) -> None:
        async def call() -> None:
            async with permits.hold(TEN):
                pass

        tasks = [asyncio.create_task(call()) for _ in range(3_000)]
        await asyncio.sleep(10)
        granted = sum(task.done() for task in tasks)
        assert 95 <= granted <= 110
        assert len(brain.asked) < 2.5 * granted
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    simulate(run, brain.make)


def test_who_is_more_urgent_asks_first_and_equals_ask_in_turn() -> None:
    order = []

    async def run(permits: PermitStore) -> None:
        async def call(name: str, priority: Priority) -> None:
            async with permits.hold(ONE, priority=priority):
                order.append(name)

        async with permits.hold(ONE):
            tasks = [asyncio.create_task(call("first", Priority.QUERY))]  # It asks; the others wait for their turn.
            await asyncio.sleep(0.1)
            tasks += [asyncio.create_task(call(f"query {i}", Priority.QUERY)) for i in range(2)]
            tasks += [asyncio.create_task(call("stop", Priority.STOP))]
            await asyncio.sleep(0.1)
        await asyncio.gather(*tasks)

    simulate(run, Brain().make)
    assert order == ["first", "stop", "query 0", "query 1"]


def test_who_is_cancelled_while_the_ledger_is_asked_leaves_no_permit_behind() -> None:
    async def run(permits: PermitStore) -> float:
        permits._threads = slow = Slow()
        task = asyncio.create_task(permits.hold(ONE).__aenter__())
        await asyncio.sleep(1)
        await cancelled(task)
        permits._threads = Inline()
        slow.do_it()
        async with permits.hold(ONE) as permit:
            return permit.waited

    assert simulate(run, Brain().make) == pytest.approx(REST, abs=1e-3)


def test_who_is_cancelled_before_the_ledger_is_asked_takes_nothing() -> None:
    brain = Brain()

    async def run(permits: PermitStore) -> None:
        permits._threads = slow = Slow(begun=False)
        task = asyncio.create_task(permits.hold(ONE).__aenter__())
        await asyncio.sleep(1)
        await cancelled(task)
        slow.do_it()

    simulate(run, brain.make)
    assert brain.asked == []


class Slow(Executor):
    """Does what it is given when it is told to; `begun` says that it cannot be called back any more."""

    def __init__(self, *, begun: bool = True) -> None:
        self._begun = begun
        self._given: list[tuple[Future[Any], Callable[[], Any]]] = []

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **options: Any) -> Future[Any]:
        future: Future[Any] = Future()
        if self._begun:
            future.set_running_or_notify_cancel()
        self._given.append((future, partial(function, *arguments, **options)))
        return future

    def do_it(self) -> None:
        for future, function in self._given:
            if not future.cancelled():
                future.set_result(function())


# The ledger is not there.


def test_a_ledger_that_is_away_for_a_while_is_asked_again_and_given_what_it_is_owed() -> None:
    brain = Brain()

    async def run(permits: PermitStore) -> float:
        async with permits.hold(ONE):
            brain.down = True
        asyncio.get_running_loop().call_later(10, setattr, brain, "down", False)
        async with permits.hold(ONE, timeout=60) as permit:
            return permit.waited

    waited = simulate(run, brain.make)
    assert 10 + REST - 0.01 <= waited <= 10 + REST + 1.01
    assert len(brain.asked) < 10, "nobody spins"


def test_who_waits_in_vain_is_told_that_nothing_was_sent_and_why() -> None:
    brain = Brain()
    brain.down = True

    async def run(permits: PermitStore) -> None:
        tasks = [asyncio.create_task(permits.hold(ONE, timeout=3).__aenter__()) for _ in range(3)]
        for end in await asyncio.gather(*tasks, return_exceptions=True):
            assert isinstance(end, PermitStoreError)
            assert str(end) == (
                "no permit within 3 s under the limit of start (1 calls in 1 s); nothing was sent, "
                "because brain did not respond: asleep"
            )
        assert await now() == pytest.approx(3, abs=1e-6)

    simulate(run, brain.make)


# Clocks that jump.


@pytest.mark.parametrize(("jump", "rest"), [(0.5, REST), (2 * RESPONSE_TIMEOUT, LEASE + REST)])
def test_a_ledger_whose_clock_is_set_forward_gives_nothing_too_early(jump: float, rest: float) -> None:
    brain = Brain()

    async def run(permits: PermitStore) -> float:
        async with permits.hold(ONE):
            pass
        brain.jump += jump
        async with permits.hold(ONE) as permit:
            return permit.waited

    # What was taken before the jump was noticed is given back, and rests once more.
    assert rest <= simulate(run, brain.make) <= rest + REST + 0.1


def test_a_ledger_whose_clock_is_set_back_keeps_nobody_waiting(
    make: Make, ledger: SimulatedSql | SimulatedRedis
) -> None:
    async def run(permits: PermitStore) -> float:
        async with permits.hold(ONE):
            pass
        ledger.set_back = 900
        async with permits.hold(ONE) as permit:
            return permit.waited

    assert simulate(run, make) == pytest.approx(REST, abs=1e-3)


def test_a_clock_that_was_set_forward_is_told_from_slow_answers() -> None:
    watch = ClockWatch()
    assert watch.forward_jump(sent=0, received=1, ledger=100.5) == 0
    assert watch.forward_jump(sent=10, received=14, ledger=110.1) == 0, "the answer was slow, or the question"
    assert watch.forward_jump(sent=20, received=20.1, ledger=120.2) == 0, "both clocks agree"
    assert watch.forward_jump(sent=30, received=30.1, ledger=133.3) == pytest.approx(3.1, abs=0.1)
    assert watch.forward_jump(sent=40, received=40.1, ledger=143.2) == 0, "it is only noticed once"


@given(st.lists(st.floats(0, 5e-5), max_size=20), st.sampled_from([math.floor, round]))
def test_the_microseconds_of_a_clock_are_no_jump(gaps: list[float], whole: Callable[[float], int]) -> None:
    """Redis and PostgreSQL tell microseconds, and an exchange on one machine can begin and end within one."""
    watch = ClockWatch()
    for time in accumulate(gaps, initial=LATER):
        assert watch.forward_jump(sent=time, received=time, ledger=whole(time * 1e6) / 1e6) == 0


# Where permits are.


def test_everybody_who_names_the_same_place_has_the_same_store(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    one, other = open_url(url), open_url(url)
    assert one is other
    assert open_url(f"{url}2") is not one


def test_clients_take_the_place_of_permits_as_a_url(tmp_path: Path) -> None:
    account = {"customer_id": "somebody", "customer_certificate": "secret"}
    with Agora(**account, permits=sqlite_url(tmp_path)) as agora:
        assert agora._calls.options.permits is open_url(sqlite_url(tmp_path))
        other = agora.with_options(permits=f"{sqlite_url(tmp_path)}2")
        assert other._calls.options.permits is open_url(f"{sqlite_url(tmp_path)}2")
    assert AsyncAgora(**account, permits=sqlite_url(tmp_path))._calls.options.permits is not None


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://host/x", "unsupported scheme 'mysql'"),
        ("permits.db", r"unsupported scheme '\(none\)'"),
        ("sqlite://permits.db", "three slashes before their file: sqlite:///permits.db"),
        ("sqlite://user:secret@permits.db", "three slashes before their file: sqlite:///permits.db"),
        ("sqlite://", "or in a file of SQLite, not in 'sqlite'"),
        ("sqlite:///:memory:", "or in a file of SQLite, not in 'sqlite'"),
        ("postgresql://user:se%cret@host:port/x", "is not a URL that SQLAlchemy understands"),
        ("redis://:secret@host:port/0", "is not a URL of Redis"),
        ("redis://:secret@[host/0", "is not a URL;"),
    ],
)
def test_a_place_where_no_permits_can_be_is_refused_without_its_password(url: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said) as refused:
        open_url(url)
    assert "secret" not in str(refused.value)
    assert "se%cret" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "missing", "extra"),
    [
        ("redis://host", "redis", "redis"),
        ("sqlite:///permits.db", "sqlalchemy", "fleet"),
        ("postgresql+psycopg://host/x", "psycopg", "postgresql"),
    ],
)
def test_what_is_not_installed_is_named_with_its_extra(
    url: str, missing: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [
        name for name in sys.modules if name.split(".")[0] == missing or name.startswith("agora_rest.permits.")
    ]:
        if name.endswith(("permits.redis", "permits.sql")) or not name.startswith("agora_rest"):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(ConfigurationError, match=rf"{missing}, which is not installed: .*agora-rest\[{extra}\]"):
        open_url(url)


@pytest.mark.parametrize("url", ["redis://me:s3cret@127.0.0.1:1/0", "postgresql+psycopg://me:s3cret@127.0.0.1:1/x"])
def test_a_password_is_neither_in_a_store_nor_in_its_errors(url: str, caplog: pytest.LogCaptureFixture) -> None:
    with closing(open_url(url)) as permits, pytest.raises(PermitStoreError, match=r"127\.0\.0\.1") as failed:
        permits.hold(ONE, timeout=0.5).__enter__()
    assert "s3cret" not in repr(permits) + str(failed.value) + caplog.text
    assert "127.0.0.1" in caplog.text


def test_who_owns_a_limit_cannot_be_read_in_the_store() -> None:
    request = PermitRequest.of(Quota("start", "customer-id@host"), 0.001)
    assert request.key.startswith("start:")
    assert "customer-id" not in request.key


def test_a_process_that_was_forked_shares_the_limit_and_nothing_else(tmp_path: Path) -> None:
    assert code_in_new_process(fork_while_one_is_held, sqlite_url(tmp_path)) == 0


def fork_while_one_is_held(url: str) -> int:
    with closing(open_url(url)) as permits, permits.hold(TEN):
        return code_of_fork(lambda: 0 if nine_are_left(permits) else 1)


def test_a_process_that_was_forked_returns_no_permit_of_its_parent(tmp_path: Path) -> None:
    assert code_in_new_process(fork_and_return, sqlite_url(tmp_path)) == 0


def fork_and_return(url: str) -> int:
    with closing(open_url(url)) as permits:
        hold = permits.hold(TEN)

        def give_back() -> int:
            hold.__exit__(None, None, None)
            permits.close()
            return 0

        with hold:
            code_of_fork(give_back)
            return 0 if [usage.in_use for usage in permits.usage()] == [1] else 1


def test_permits_are_taken_where_no_thread_can_be_started(tmp_path: Path) -> None:
    """At the exit of the interpreter a recording may still have to be stopped."""
    with closing(open_url(sqlite_url(tmp_path))) as permits:
        permits._threads.shutdown()
        for _ in range(2):
            with permits.hold(TEN, timeout=5):
                pass
        assert [usage.resting for usage in permits.usage()] == [2]


def nine_are_left(permits: PermitStore) -> bool:
    try:
        for _ in range(9):
            permits.hold(TEN, timeout=60).__enter__()
        permits.hold(TEN, timeout=2).__enter__()
    except PermitStoreError:
        return False
    except PermitTimeoutError:
        return True
    return False


def test_the_loops_of_several_threads_can_share_a_store(tmp_path: Path) -> None:
    async def call(permits: PermitStore) -> None:
        async with permits.hold(TEN, timeout=60):
            pass

    def several(permits: PermitStore) -> None:
        asyncio.run(call(permits))
        with permits.hold(TEN, timeout=60):
            pass

    with closing(open_url(sqlite_url(tmp_path))) as permits, ThreadPoolExecutor(4) as threads:
        for done in [threads.submit(several, permits) for _ in range(4)]:
            done.result()


def test_tasks_of_trio_share_a_store_too(tmp_path: Path) -> None:
    async def call(permits: PermitStore) -> None:
        async with permits.hold(TEN, timeout=60):
            pass

    with closing(open_url(sqlite_url(tmp_path))) as permits:
        trio.run(call, permits)
