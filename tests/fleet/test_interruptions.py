"""Those who are cancelled, stopped for a while, or copied in the middle: nothing stays in hand, and nothing runs on."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import event
from sqlalchemy.exc import InternalError, OperationalError

from agora_rest.emulator import DEMO_APP_ID, Emulator
from agora_rest.fleet import (
    SLOTS,
    Ended,
    Entry,
    Fleet,
    Journal,
    JournalUnavailable,
    State,
    StoreClock,
    Timings,
    Worker,
    rows,
)
from agora_rest.fleet import database as journal_database
from agora_rest.fleet import engines as journal_engines
from agora_rest.fleet.batch_writer import BatchWriter
from agora_rest.fleet.rows import Change
from tests.fleet.harness import KEY, FleetHarness, new_file
from tests.fleet.test_worker import at_work, order
from tests.forks import code_in_new_process, code_of_fork


class Between(httpx.AsyncBaseTransport):
    """Does something once, before a start reaches the emulator or after."""

    def __init__(
        self, harness: FleetHarness, *, before: Callable[[], Any] = int, after: Callable[[], Any] = int
    ) -> None:
        self._inner = httpx.ASGITransport(app=harness.emulator.app)
        self._before, self._after = before, after

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        is_start = request.url.path.endswith("/start")
        if is_start:
            await asyncio.to_thread(self._before)
        response = await self._inner.handle_async_request(request)
        if is_start:
            await asyncio.to_thread(self._after)
        return response


# Cancelled


def test_a_recording_whose_advance_was_cancelled_is_free_for_the_next_one(harness: FleetHarness) -> None:
    harness.order()

    class Stuck(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            await asyncio.Event().wait()
            raise AssertionError(request)

    async def main() -> None:
        async with at_work(harness.journal, harness.emulator, transport=Stuck()) as fleet:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(fleet.advance(KEY), 0.2)
            assert fleet.held == {}
            async with at_work(harness.journal, harness.emulator) as other:
                while await other.advance(KEY) is None:
                    assert harness.entry().next_at <= harness.clock.now() + fleet.timings.lease, (
                        "nobody renews the lease"
                    )

    asyncio.run(main())
    assert harness.entry().state is State.STARTED


def test_what_was_claimed_for_somebody_who_was_cancelled_is_given_back(harness: FleetHarness) -> None:
    harness.order()
    go_on = threading.Event()

    async def main() -> None:
        async with at_work(harness.journal, harness.emulator) as fleet:
            fleet._writer.put(lambda _: go_on.wait(60))
            claiming = asyncio.create_task(fleet.claim(SLOTS))
            await asyncio.sleep(0)
            claiming.cancel()
            with pytest.raises(asyncio.CancelledError):
                await claiming
            go_on.set()
            await fleet._writer.do(lambda _: None)
            await fleet._writer.do(lambda _: None)
        assert harness.entry().owner is None

    asyncio.run(main())


def test_a_mistake_of_ours_leaves_nothing_in_hand_and_is_logged(
    harness: FleetHarness, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness.order()

    async def broken(*_: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(Fleet, "_put_back", broken)

    async def main() -> None:
        async with at_work(harness.journal, harness.emulator) as fleet:
            worker = Worker(fleet, poll=0.05)
            running = asyncio.create_task(worker.run())
            while "ZeroDivisionError" not in caplog.text:  # noqa: ASYNC110  a log has no event
                await asyncio.sleep(0)
            assert fleet.held == {}
            worker.end()
            await running

    asyncio.run(main())


# Stopped in the middle, and waking up


def given_up(harness: FleetHarness) -> None:
    """Let the lease and the due end pass, and another process finish the recording; then let its rule expire."""
    harness.clock.advance(61)
    assert harness.drive().ended is Ended.PUT_OFFLINE
    harness.clock.advance(61)


@pytest.mark.parametrize(
    ("response_is_lost", "outcome"),
    [(False, (State.DONE, Ended.STOPPED)), (True, (State.UNKNOWN, Ended.PUT_OFFLINE))],
)
def test_a_start_that_is_sent_after_its_recording_was_given_up_is_ended(
    harness: FleetHarness, response_is_lost: bool, outcome: tuple[State, Ended]
) -> None:
    """The process was suspended within the call, for longer than its lease."""
    harness.order(stop_at=harness.clock.now() + 30)
    if response_is_lost:
        harness.inject("cut_after", "start_recording", times=1)

    async def main() -> None:
        transport = Between(harness, before=lambda: given_up(harness))
        async with at_work(harness.journal, harness.emulator, transport=transport, timings=Timings()) as fleet:
            assert await fleet.advance(KEY) is None

    asyncio.run(main())
    assert len(harness.running) == 1
    entry = harness.drive()
    assert harness.running == []
    assert (entry.state, entry.ended) == outcome
    assert (entry.uploading_status == "uploaded") is not response_is_lost


def test_no_start_is_sent_when_the_lease_may_end_before_its_response(
    harness: FleetHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process was suspended after the intention to start was committed, before the call."""
    harness.order(stop_at=harness.clock.now() + 30)
    write, suspended = Fleet.write, []

    async def slow_write(fleet: Fleet, entry: Entry, change: Change) -> Entry:
        written = await write(fleet, entry, change)
        if change.values.get("maybe_started") and not suspended:
            suspended.append(written)
            await asyncio.to_thread(given_up, harness)
        return written

    async def main() -> None:
        async with at_work(harness.journal, harness.emulator, timings=Timings()) as fleet:
            assert await fleet.advance(KEY) is None

    with monkeypatch.context() as patch:
        patch.setattr(Fleet, "write", slow_write)
        asyncio.run(main())
    assert suspended
    assert harness.calls("start_recording") == 0
    assert harness.entry().ended is Ended.PUT_OFFLINE


def test_a_slow_commit_renews_the_lease_before_the_start(
    harness: FleetHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness.order()
    write, delays = Fleet.write, [40.0, 40.0]

    async def slow_write(fleet: Fleet, entry: Entry, change: Change) -> Entry:
        written = await write(fleet, entry, change)
        if change.next_at is None and delays:
            harness.clock.advance(delays.pop())
        return written

    async def main() -> None:
        async with at_work(harness.journal, harness.emulator, timings=Timings()) as fleet:
            await fleet.advance(KEY)

    monkeypatch.setattr(Fleet, "write", slow_write)
    asyncio.run(main())
    assert delays == []
    assert harness.entry().state is State.STARTED


def test_what_changed_in_the_meantime_is_in_what_advance_gives(harness: FleetHarness) -> None:
    harness.order()

    async def main() -> None:
        transport = Between(harness, after=lambda: harness.journal.stop(KEY))
        async with at_work(harness.journal, harness.emulator, transport=transport, timings=Timings()) as fleet:
            entry = await fleet.advance(KEY)
            assert entry is not None
            assert (entry.next_at, entry.stop_at) == (harness.clock.now(), harness.clock.now())

    asyncio.run(main())


def test_postgresql_takes_from_a_process_that_stands_still_what_it_has_locked(
    postgresql: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgresql.database()
    with Journal(url, check=False) as journal:
        journal.migrate()
        journal.submit(order(1))
        with journal.engine.connect() as still:
            with monkeypatch.context() as impatient:  # for this transaction only: the others may be slow
                impatient.setattr(journal_engines, "IDLE_TRANSACTION_TIMEOUT", 2.0)
                transaction = still.begin()
            now = journal.clock.now()
            assert rows.claim(still, 1, 5, owner="still", now=now, until=now + 60)
            deadline = time.monotonic() + 60
            found = []
            while not found and time.monotonic() < deadline:
                with journal.transaction() as connection:
                    found = rows.claim(connection, 1, 5, owner="me", now=now, until=now + 60)
            assert [entry.owner for entry in found] == ["me"]
            with pytest.raises((OperationalError, InternalError)):
                still.exec_driver_sql("SELECT 1")
            transaction.close()


# The database


@pytest.mark.parametrize("kind", [OperationalError, InternalError])
def test_a_database_that_only_reads_for_a_while_is_waited_for(tmp_path: Path, kind: Any) -> None:
    """PostgreSQL says InternalError where another server is about to take its place."""
    journal, failures = Journal(new_file(tmp_path)), iter([True, True, False])

    def refused(_: Any) -> str:
        if next(failures):
            raise kind("UPDATE", {}, Exception("cannot execute UPDATE in a read-only transaction"))
        return "committed"

    async def main() -> None:
        writer = BatchWriter(journal, database_timeout=10)
        assert await writer.do(refused) == "committed"
        await writer.close()

    asyncio.run(main())
    journal.close()


def test_a_sid_is_kept_until_the_database_is_back(harness: FleetHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    harness.order()
    real, away = rows.write, iter([False, True, True])

    def write(*arguments: Any, **options: Any) -> Any:
        if next(away, False):
            raise OperationalError("UPDATE", {}, Exception("the server is gone"))
        return real(*arguments, **options)

    monkeypatch.setattr(rows, "write", write)

    async def main() -> None:
        async with at_work(harness.journal, harness.emulator) as fleet:
            fleet._writer.patience = 0.0
            assert await fleet.advance(KEY) is not None

    asyncio.run(main())
    assert (harness.entry().state, harness.entry().sid) == (State.STARTED, harness.running[0].sid)


def test_two_that_wait_for_each_other_in_postgresql_both_succeed(postgresql: Any) -> None:
    with Journal(postgresql.database(), check=False) as journal:
        journal.migrate()
        first, second = (entry.id for entry in journal.submit_many([order(1), order(2)]))
        touch = "UPDATE agora_recordings SET error = 'x' WHERE id = %(id)s"
        locked, stopped = threading.Event(), []

        def stop() -> None:
            locked.wait(60)
            stopped.append(journal.stop_all())

        stopping = threading.Thread(target=stop)
        stopping.start()
        with journal.engine.begin() as connection:
            connection.exec_driver_sql("SET LOCAL deadlock_timeout = '1min'")  # so that it is the stop that gives way
            connection.exec_driver_sql(touch, {"id": second})
            locked.set()
            waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
            with journal.engine.connect() as watch:
                while not watch.exec_driver_sql(waiting).scalar():
                    watch.rollback()
            connection.exec_driver_sql(touch, {"id": first})  # now each waits for the other
        stopping.join()
        assert stopped == [2]


def test_opening_a_journal_waits_for_nobody_who_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = new_file(tmp_path)
    monkeypatch.setattr(journal_engines, "WRITE_LOCK_TIMEOUT", 0.01)
    with Journal(url) as writer, writer.engine.begin():
        Journal(url).close()


def test_a_copy_of_a_process_has_connections_of_its_own(postgresql: Any) -> None:
    assert code_in_new_process(fork_with_connection, postgresql.database()) == 0


def fork_with_connection(url: str) -> int:
    with Journal(url, check=False) as journal:
        journal.migrate()

        def process_of_mine() -> int:
            with journal.transaction(reads=True) as connection:
                return int(connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())

        mine = process_of_mine()
        code = code_of_fork(lambda: 0 if process_of_mine() != mine else 1)
        return code or (0 if process_of_mine() == mine else 2)


# The clock


def test_who_has_not_looked_for_long_believes_what_the_clock_shows() -> None:
    time_here = [1000.0]
    clock = StoreClock(lambda: time_here[0])
    clock.sync(5_000_000.0)
    time_here[0] += 86_400
    clock.sync(5_000_000.0 + 86_400 + 300)
    assert clock.now() == 5_000_000.0 + 86_400 + 300


def test_a_recording_of_a_program_that_runs_for_long_is_in_hand_by_the_time_of_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its machine was stopped for five minutes after the journal was opened, and its clock was set right then."""
    time_here = [1000.0]
    with Journal(new_file(tmp_path), clock=StoreClock(lambda: time_here[0])) as journal:
        time_here[0] += 3600
        now = time.time() + 3900
        monkeypatch.setattr(journal_database, "store_time", lambda _: now)
        owned = journal.open_entry(DEMO_APP_ID, "room", "7", lease=60)
        owned.release()
        assert owned.entry.next_at == pytest.approx(now + 60, abs=1)


def test_what_a_clock_that_jumped_has_put_off_is_taken_up_also_before_a_start_and_without_a_sid(
    harness: FleetHarness,
) -> None:
    now = harness.clock.now()
    for key, state, next_at in (
        ("retried", State.INTENT, now + 9_000),
        ("lost", State.LOST, now + 9_000),
        ("to be started then", State.INTENT, now + 5_000),
        ("to be put offline then", State.LOST, now + 8_000),
    ):
        harness.order(key, start_at=now + 5_000 if "started" in key else now, stop_at=now + 8_000)
        with harness.journal.engine.begin() as connection:
            table = rows.recordings
            connection.execute(table.update().where(table.c.key == key).values(state=state, next_at=next_at))
    with harness.journal.engine.begin() as connection:
        assert rows.release_stuck(connection, now, 500) == 2
    due = {entry.key for entry in harness.journal.entries() if entry.next_at == now}
    assert due == {"retried", "lost"}


# The worker


def test_a_lease_that_has_ended_is_nobodys_hand(harness: FleetHarness) -> None:
    harness.journal.open_entry(DEMO_APP_ID, "room", "7")._released.set()  # a program that has died
    assert not harness.journal.is_anything_due(claimed=False)
    harness.clock.advance(61)
    assert harness.journal.is_anything_due(claimed=False)


def test_a_worker_that_waits_for_the_end_of_all_outlives_a_database_that_is_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    emulator, real, away = Emulator(rate_limit=False), Journal.next_due, iter([True])

    def next_due(journal: Journal) -> float | None:
        if next(away, False):
            raise JournalUnavailable("The journal cannot be reached.")
        return real(journal)

    monkeypatch.setattr(Journal, "next_due", next_due)

    async def main() -> None:
        with Journal(new_file(tmp_path)) as journal:
            async with at_work(journal, emulator) as fleet:
                await Worker(fleet, poll=0.05).run(until_over=True)

    asyncio.run(main())


def test_what_is_due_before_the_next_look_is_not_left_until_then(tmp_path: Path) -> None:
    emulator = Emulator(rate_limit=False)

    async def main() -> None:
        with Journal(new_file(tmp_path)) as journal:
            journal.submit_many(order(number, stop_at=time.time() + 0.5 + number / 10) for number in range(3))
            async with at_work(journal, emulator) as fleet:
                worker = Worker(fleet, poll=300)
                running = asyncio.create_task(worker.run())
                async with asyncio.timeout(120):
                    while not all(entry.state.is_final for entry in journal.entries()):  # noqa: ASYNC110
                        await asyncio.sleep(0.05)
                worker.end()
                await running

    asyncio.run(main())


def test_a_resource_id_that_is_refused_at_once_is_not_asked_for_without_end(harness: FleetHarness) -> None:
    harness.order(stop_at=harness.clock.now() + 60)
    harness.inject("status", "start_recording", status=400, body={"code": 1003, "reason": "mismatch"})
    harness.drive()
    assert harness.calls("start_recording") <= 25


@pytest.mark.parametrize("question", ["due", "next_due", "release_stuck"])
def test_what_is_due_is_found_without_reading_past_what_is_over(harness: FleetHarness, question: str) -> None:
    harness.order()
    statements: list[tuple[str, Any]] = []
    event.listen(harness.journal.engine, "before_cursor_execute", lambda _, __, *said: statements.append(said[:2]))
    with harness.journal.transaction() as connection:
        if question == "release_stuck":
            rows.release_stuck(connection, harness.clock.now(), 500)
        elif question == "next_due":
            assert rows.next_due(connection) == harness.clock.now()
    assert question != "due" or harness.journal.due() == [1]
    found = [each for each in statements if each[0].startswith(("SELECT", "UPDATE"))]
    with harness.journal.engine.connect() as connection:
        for statement, values in found:
            plan = " ".join(str(row) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values))
            assert "SEARCH" in plan
            assert "next_at" in plan
    assert found
