"""The worker: what goes first, what is finished before it ends, and what becomes of the recordings of one that died."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy.exc import OperationalError

from agora_rest import AsyncAgora, ConfigurationError, Limit, Limits
from agora_rest.emulator import DEFAULT_CUSTOMER_CERTIFICATE, DEFAULT_CUSTOMER_ID, DEMO_APP_ID, Emulator, Fault
from agora_rest.fleet import (
    SLOTS,
    Ended,
    Fleet,
    Journal,
    JournalUnavailable,
    Lane,
    Order,
    State,
    Timings,
    UnreadableEntry,
    Worker,
)
from agora_rest.fleet.batch_writer import BatchWriter
from agora_rest.fleet.fleet import FleetOptions
from agora_rest.permits import MemoryPermits
from tests.fleet.harness import CONFIG, STORAGE, FleetHarness, new_file

HASTY = Timings().scaled_down(50)


def test_the_options_of_recover_are_those_of_a_fleet() -> None:
    parameters = inspect.signature(Fleet).parameters
    assert list(FleetOptions.__annotations__) == [name for name in parameters if name not in ("journal", "agora")]


@asynccontextmanager
async def at_work(journal: Journal, emulator: Emulator, **options: Any) -> AsyncIterator[Fleet]:
    """A fleet whose calls go to `emulator`."""
    transport = options.pop("transport", None) or httpx.ASGITransport(app=emulator.app)
    given: dict[str, Any] = {"permits": None, "base_url": "http://127.0.0.1:1", "transport": transport, **options}
    timings = given.pop("timings", HASTY)
    async with (
        AsyncAgora(DEFAULT_CUSTOMER_ID, DEFAULT_CUSTOMER_CERTIFICATE, **given) as agora,
        Fleet(journal, agora, storages={"bucket": STORAGE}.__getitem__, timings=timings) as fleet,
    ):
        yield fleet


def order(number: int, **changes: Any) -> Order:
    wanted = {"channel": f"room-{number}", "uid": 7, "storage": "bucket", "key": f"{number}", "config": CONFIG}
    return Order(app_id=DEMO_APP_ID, **{**wanted, **changes})


async def make_all(journal: Journal, fleet: Fleet) -> None:
    """Run a worker that ends all recordings as soon as all are under way, however long a busy machine takes."""
    working = asyncio.create_task(Worker(fleet, poll=0.05).run(until_over=True))
    while {State.INTENT, State.ACQUIRED} & {entry.state for entry in journal.entries()}:  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    journal.stop_all()
    await working


def test_one_loop_makes_many_recordings_and_all_have_their_files(journal_url: str) -> None:
    emulator = Emulator(dialect="documented", rate_limit=False)  # it records empty channels too

    async def main() -> None:
        with Journal(journal_url) as journal:
            journal.submit_many(order(number) for number in range(40))
            async with at_work(journal, emulator) as fleet:
                await make_all(journal, fleet)
            entries = list(journal.entries())
        assert {(entry.state, entry.ended, len(entry.files)) for entry in entries} == {(State.DONE, Ended.STOPPED, 1)}

    asyncio.run(main())
    assert emulator.state()["totals"]["running"] == 0
    assert emulator.state()["totals"]["recordings"] == 40


def test_stops_go_before_starts_and_starts_before_queries(harness: FleetHarness) -> None:
    harness.order("query", channel="a", stop_at=None)
    harness.order("stop", channel="b", stop_at=harness.clock.now() + 1)
    harness.advance("query")
    harness.advance("stop")
    harness.clock.advance(200)
    harness.order("start", channel="c")

    async def main() -> list[str]:
        async with at_work(harness.journal, harness.emulator) as fleet:
            return [entry.key for entry in await fleet.claim(SLOTS)]

    assert asyncio.run(main()) == ["stop", "start", "query"]


def test_a_worker_takes_up_no_more_than_it_has_slots_for(harness: FleetHarness) -> None:
    for number in range(10):
        harness.order(f"{number}", channel=f"room-{number}")

    async def main() -> None:
        async with at_work(harness.journal, harness.emulator) as fleet:
            assert len(await fleet.claim({Lane.START: 3})) == 3
            assert len(fleet.held) == 3

    asyncio.run(main())
    assert [entry.owner for entry in harness.journal.entries()] == [None] * 10, "what is in hand was given back"


def test_no_resource_id_is_acquired_before_the_permit_to_start_is_there(tmp_path: Path) -> None:
    emulator, waiting = Emulator(rate_limit=False), []
    permits, limits = MemoryPermits(), Limits({"start": Limit(2, 0.2)})

    class Watching(httpx.AsyncBaseTransport):
        inner = httpx.ASGITransport(app=emulator.app)

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            resources = emulator.world.recordings.resources()
            waiting.append(sum(resource.recording is None for resource in resources))
            return await self.inner.handle_async_request(request)

    async def main() -> None:
        with Journal(new_file(tmp_path)) as journal:
            journal.submit_many(order(number) for number in range(8))
            async with at_work(journal, emulator, transport=Watching(), permits=permits, limits=limits) as fleet:
                await make_all(journal, fleet)

    asyncio.run(main())
    assert emulator.state()["totals"]["recordings"] == 8
    assert max(waiting) <= 2


def test_a_worker_that_is_told_to_end_finishes_its_calls_and_gives_the_rest_back(tmp_path: Path) -> None:
    emulator, under_way = Emulator(rate_limit=False), asyncio.Event()

    class Slow(httpx.AsyncBaseTransport):
        inner = httpx.ASGITransport(app=emulator.app)

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            response = await self.inner.handle_async_request(request)
            if request.url.path.endswith("/start"):
                under_way.set()
                await asyncio.sleep(0.1)  # the answer is on its way
            return response

    async def main() -> None:
        with Journal(new_file(tmp_path)) as journal:
            journal.submit_many(order(number) for number in range(3))
            async with at_work(journal, emulator, transport=Slow()) as fleet:
                worker = Worker(fleet, poll=0.05)
                running = asyncio.create_task(worker.run())
                await under_way.wait()
                worker.end()
                await running
                entries = list(journal.entries())
        assert {entry.owner for entry in entries} == {None}
        assert {(entry.state, entry.sid is None) for entry in entries} == {(State.STARTED, False)}

    asyncio.run(main())


def test_calls_that_take_too_long_to_end_are_given_up_and_their_recordings_given_back(tmp_path: Path) -> None:
    emulator, under_way = Emulator(rate_limit=False), asyncio.Event()

    class Stuck(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            under_way.set()
            await asyncio.Event().wait()
            raise AssertionError(request)

    async def main() -> None:
        with Journal(new_file(tmp_path)) as journal:
            journal.submit(order(1))
            async with at_work(journal, emulator, transport=Stuck()) as fleet:
                worker = Worker(fleet, poll=0.05, drain=0.05)
                running = asyncio.create_task(worker.run())
                await under_way.wait()
                worker.end()
                await running
            assert journal.get("1").owner is None

    asyncio.run(main())


def test_the_recordings_of_a_worker_that_died_are_taken_over_when_its_lease_ends(harness: FleetHarness) -> None:
    harness.order()

    async def main() -> None:
        async with at_work(harness.journal, harness.emulator, timings=Timings()) as dead:
            assert len(await dead.claim(SLOTS)) == 1
            dead._held.clear()  # it gives nothing back
        async with at_work(harness.journal, harness.emulator, timings=Timings()) as alive:
            harness.clock.advance(59)
            assert await alive.claim(SLOTS) == []
            harness.clock.advance(2)
            assert len(await alive.claim(SLOTS)) == 1

    asyncio.run(main())


def test_a_sid_that_comes_after_the_lease_was_lost_is_written_down_all_the_same(harness: FleetHarness) -> None:
    """The answer comes while another worker holds the recording lost; it is true all the same."""
    harness.order()

    class Late(httpx.AsyncBaseTransport):
        inner = httpx.ASGITransport(app=harness.emulator.app)

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            response = await self.inner.handle_async_request(request)
            if request.url.path.endswith("/start"):
                harness.clock.advance(61)
                await asyncio.to_thread(harness.advance)
            return response

    async def main() -> None:
        async with at_work(harness.journal, harness.emulator, transport=Late(), timings=Timings()) as fleet:
            assert await fleet.advance("lesson") is None

    asyncio.run(main())
    assert harness.entry().sid == harness.running[0].sid
    assert harness.drive().ended is Ended.STOPPED
    assert len(harness.recordings) == 1


def test_a_database_that_is_away_is_waited_for(tmp_path: Path) -> None:
    journal, failures = Journal(new_file(tmp_path)), iter([True, True, False])

    def fragile(_: Any) -> str:
        if next(failures):
            raise OperationalError("SELECT 'planted'", {}, Exception("server closed the connection"))
        return "committed"

    async def main() -> None:
        writer = BatchWriter(journal, database_timeout=10)
        assert await writer.do(fragile) == "committed"
        await writer.close()

    asyncio.run(main())
    journal.close()


def test_a_database_that_stays_away_is_an_error_without_statement_or_values(tmp_path: Path) -> None:
    journal = Journal(new_file(tmp_path))

    def gone(_: Any) -> None:
        raise OperationalError("SELECT 'planted'", {"p": "planted"}, Exception("connection refused"))

    async def main() -> None:
        writer = BatchWriter(journal, database_timeout=0)
        with pytest.raises(JournalUnavailable, match="connection refused") as caught:
            await writer.do(gone)
        assert "planted" not in str(caught.value)
        await writer.close()
        with pytest.raises(JournalUnavailable, match="closed"):
            await writer.do(gone)

    asyncio.run(main())
    journal.close()


def test_what_is_wrong_with_one_writing_is_no_harm_to_those_beside_it(tmp_path: Path) -> None:
    journal = Journal(new_file(tmp_path))

    def wrong(_: Any) -> None:
        raise ZeroDivisionError

    async def main() -> None:
        writer = BatchWriter(journal)
        results = await asyncio.gather(
            writer.do(lambda _: 1), writer.do(wrong), writer.do(lambda _: 3), return_exceptions=True
        )
        assert results[::2] == [1, 3]
        assert isinstance(results[1], ZeroDivisionError)
        await writer.close()

    asyncio.run(main())
    journal.close()


def test_a_storage_that_this_worker_does_not_know_is_said_and_nothing_is_acquired(harness: FleetHarness) -> None:
    harness.order(storage="elsewhere")
    entry = harness.advance()
    assert entry is not None
    assert (entry.state, entry.error) == (State.INTENT, "This worker knows no storage 'elsewhere'.")
    assert harness.calls("acquire") == 0


def test_what_the_service_will_never_accept_fails_at_once_and_nothing_runs(harness: FleetHarness) -> None:
    harness.order()
    harness.emulator.inject(Fault("status", operation="start_recording", status=400, body={"code": 2, "reason": "no"}))
    entry = harness.drive()
    assert (entry.state, entry.ended) == (State.FAILED, Ended.NOT_STARTED)
    assert harness.calls("start_recording") == 1


def test_wrong_credentials_fail_no_recording(harness: FleetHarness) -> None:
    harness.order()
    harness.emulator.inject(Fault("status", operation="acquire", status=401, times=2))
    assert harness.drive().ended is Ended.STOPPED


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("state", "bogus"),
        ("config", "{cut off"),
        ("files", "[1"),
        ("stop_at", "soon"),
        ("uid", b"\xff"),
        ("ended", "x"),
    ],
)
def test_a_damaged_row_stops_no_worker_and_is_named(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, column: str, value: Any
) -> None:
    emulator = Emulator(dialect="documented", rate_limit=False)

    async def main() -> None:
        with Journal(new_file(tmp_path)) as journal:
            damaged, *others = journal.submit_many(order(number) for number in range(3))
            with journal.writing() as connection:
                connection.exec_driver_sql(
                    f"UPDATE agora_recordings SET {column} = ? WHERE id = ?",
                    (value, damaged.id),
                )
            async with at_work(journal, emulator) as fleet:
                working = asyncio.create_task(Worker(fleet, poll=0.05).run())
                while emulator.state()["totals"]["running"] < 2:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
                journal.stop(*[entry.id for entry in others])
                while emulator.state()["totals"]["running"]:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
                assert not working.done()
                working.cancel()
            with pytest.raises(UnreadableEntry, match=f"^Row {damaged.id} of the journal cannot be read") as caught:
                journal.get(damaged.id)
            assert str(caught.value) in caplog.text
            assert sum(journal.counts().values()) == (2 if column == "state" else 3)

    asyncio.run(main())


def test_a_mistake_in_a_step_stops_no_worker_and_is_seen(
    harness: FleetHarness, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: str) -> Any:
        raise ZeroDivisionError

    harness.order()
    harness.storages = broken
    entry = harness.advance()
    assert entry is not None
    assert (entry.state, entry.error, entry.owner) == (State.INTENT, "Advancing it failed: ZeroDivisionError.", None)
    assert "ZeroDivisionError" in caplog.text


def test_a_stop_takes_members_that_the_documents_do_not_name(harness: FleetHarness) -> None:
    harness.order()

    async def main() -> None:
        async with harness.at_work(stop_extra={"async_stop": True}) as fleet:
            while not harness.entry().state.is_final:
                harness.until_due()
                await fleet.advance("lesson")

    asyncio.run(main())
    (stop,) = [found for found in harness.emulator.requests() if found["operation"] == "stop_recording"]
    assert stop["request"]["body"]["clientRequest"] == {"async_stop": True}


TOKEN = "007planted-token"


def starts(harness: FleetHarness) -> list[Any]:
    """The `clientRequest` of every start, as it was received."""
    return [
        found["request"]["body"]["clientRequest"]
        for found in harness.emulator.requests()
        if found["operation"] == "start_recording"
    ]


@pytest.mark.parametrize("is_async", [False, True])
def test_a_token_is_asked_for_when_a_start_is_due_and_kept_nowhere(
    harness: FleetHarness, caplog: pytest.LogCaptureFixture, is_async: bool
) -> None:
    caplog.set_level("DEBUG")
    asked: list[tuple[str, str, str]] = []

    def token(app_id: str, channel: str, uid: str) -> str:
        asked.append((app_id, channel, uid))
        return TOKEN

    async def token_later(app_id: str, channel: str, uid: str) -> str:
        return token(app_id, channel, uid)

    harness.order(start_at=harness.clock.now() + 60)

    async def main() -> None:
        async with harness.at_work(tokens=token_later if is_async else token) as fleet:
            await fleet.advance("lesson")
            assert asked == []
            harness.until_due()
            entry = await fleet.advance("lesson")
            assert entry is not None
            assert entry.state is State.STARTED
            assert "planted-token" not in repr(entry) + repr(fleet) + repr(vars(fleet))

    asyncio.run(main())
    assert asked == [(DEMO_APP_ID, "room", "7")]
    assert "token" in starts(harness)[0]
    with harness.journal.transaction() as connection:
        assert "planted-token" not in "".join(connection.connection.iterdump())
    assert "planted-token" not in caplog.text


@pytest.mark.parametrize("failure", [ConfigurationError("The vault is shut."), KeyError("room")])
def test_without_a_token_a_recording_waits(harness: FleetHarness, failure: Exception) -> None:
    def none_there(*_: str) -> str:
        raise failure

    harness.order()

    async def main() -> None:
        async with harness.at_work(tokens=none_there) as fleet:
            entry = await fleet.advance("lesson")
            assert entry is not None
            assert (entry.state, entry.error is not None) == (State.INTENT, True)

    asyncio.run(main())
    assert starts(harness) == []


def test_an_extra_that_contradicts_the_storage_fails_and_starts_nothing(harness: FleetHarness) -> None:
    harness.order(extra={"storageConfig": {"bucket": "another"}})
    entry = harness.advance()
    assert entry is not None
    assert entry.state is State.FAILED
    assert "extra.storageConfig.bucket must not differ" in (entry.error or "")
    assert starts(harness) == []


def test_an_extra_adds_members_to_configuration_and_storage(harness: FleetHarness) -> None:
    harness.order(extra={"recordingConfig": {"subscribeUidGroup": 0}, "storageConfig": {"fileNamePrefix": ["a"]}})
    harness.advance()
    [sent] = starts(harness)
    assert sent["recordingConfig"] == {"maxIdleTime": 86400, "subscribeUidGroup": 0}
    assert sent["storageConfig"]["fileNamePrefix"] == ["a"]
