"""`record(…, journal=…)`: a program that makes its recording itself, and what is left of it after a crash."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy.exc import OperationalError

from agora_rest import Agora, ApiError, AsyncAgora, RecorderBusy
from agora_rest.emulator import DEFAULT_CUSTOMER_CERTIFICATE, DEFAULT_CUSTOMER_ID, DEMO_APP_ID, Emulator, Fault
from agora_rest.fleet import Ended, Entry, Journal, LeaseLost, State, Timings, recover, rows
from agora_rest.permits import MemoryPermits
from tests.fleet.harness import CONFIG, STORAGE, Crash, FleetHarness, new_file

CREDENTIALS = (DEFAULT_CUSTOMER_ID, DEFAULT_CUSTOMER_CERTIFICATE)


def record(form: str, url: str, journal: Journal, use: Callable[[], Any], **options: Any) -> None:
    """`use()` inside of a `record` block, in one of the client's forms."""
    given: dict[str, Any] = {"uid": 7, "storage": STORAGE, "config": CONFIG, "journal": journal}
    options = {"base_url": url, "permits": None, "retries": 0, **options}
    if form == "sync":
        with Agora(*CREDENTIALS, **options) as agora, agora.app(DEMO_APP_ID).recordings.record("room", **given):
            use()
        return

    async def main() -> None:
        async with (
            AsyncAgora(*CREDENTIALS, **options) as agora,
            agora.app(DEMO_APP_ID).recordings.record("room", **given),
        ):
            use()

    asyncio.run(main())


def only(journal: Journal) -> Entry:
    (entry,) = journal.entries()
    return entry


@pytest.fixture(params=["sync", "async"])
def form(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture
def journal(tmp_path: Path) -> Any:
    with Journal(new_file(tmp_path)) as found:
        yield found


def test_every_step_is_written_down_and_the_outcome_too(form: str, journal: Journal) -> None:
    emulator, seen = Emulator(dialect="documented", rate_limit=False), []  # it has a file at once
    with emulator.serve() as server:
        record(form, server.url, journal, lambda: seen.append(only(journal)))
    (during,) = seen
    assert (during.state, during.sid) == (State.STARTED, emulator.state()["recordings"][0]["sid"])
    assert during.owner is not None
    after = only(journal)
    assert (after.state, after.ended, after.uploading_status) == (State.DONE, Ended.STOPPED, "uploaded")
    assert after.files
    assert (after.owner, after.next_at) == (None, None)


def test_no_key_gets_into_the_journal(form: str, journal: Journal, tmp_path: Path) -> None:
    with Emulator(rate_limit=False).serve() as server:
        record(form, server.url, journal, lambda: None)
    journal.close()
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"agora_recordings" in written
    assert b"planted" not in written


def test_a_program_that_crashed_is_found_by_recover(form: str, journal: Journal) -> None:
    emulator = Emulator(rate_limit=False)
    with emulator.serve() as server:
        emulator.inject(Fault("status", operation="stop_recording", status=500, times=1))
        emulator.inject(Fault("status", operation="create_kicking_rule", status=400, times=1))
        with pytest.raises(ApiError):
            record(form, server.url, journal, lambda: None)
        assert emulator.state()["totals"]["running"] == 1
        assert only(journal).state is State.STOPPING

        async def main() -> None:
            async with AsyncAgora(*CREDENTIALS, base_url=server.url, permits=None) as agora:
                await recover(journal, agora)

        asyncio.run(main())
    assert emulator.state()["totals"]["running"] == 0
    assert only(journal).state is State.DONE


def test_the_lease_of_a_program_that_is_gone_ends_and_a_worker_stops_its_recording(harness: FleetHarness) -> None:
    owned = harness.journal.open_entry(DEMO_APP_ID, "room", "7")
    key = owned.entry.key

    async def start() -> None:
        transport = httpx.ASGITransport(app=harness.emulator.app)
        options: Any = {"base_url": "http://127.0.0.1:1", "transport": transport, "permits": None}
        async with AsyncAgora(*CREDENTIALS, **options) as agora:
            recordings = agora.app(DEMO_APP_ID).recordings
            resource = await recordings.acquire("room", 7)
            owned.acquired(resource.resource_id)
            owned.started((await recordings.start(resource, STORAGE, config=CONFIG)).sid)

    asyncio.run(start())
    assert harness.advance(key) is None, "it is in the hand of a living program"
    owned._released.set()  # it is gone, and nobody renews its lease
    harness.clock.advance(Timings().lease + 1)
    entry = harness.drive(key)
    assert (entry.state, entry.ended) == (State.DONE, Ended.STOPPED)
    assert harness.running == []


def test_what_was_taken_over_before_its_start_is_not_started(harness: FleetHarness) -> None:
    owned = harness.journal.open_entry(DEMO_APP_ID, "room", "7")
    harness.clock.advance(Timings().lease + 1)
    assert harness.drive(owned.entry.key).state is State.FAILED
    with pytest.raises(LeaseLost, match="taken over"):
        owned.acquired("resource")
    owned.release()


def test_nothing_is_started_when_nothing_can_be_written_down(form: str, journal: Journal) -> None:
    emulator = Emulator(rate_limit=False)
    with journal.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE agora_recordings")
    with emulator.serve() as server, pytest.raises(Exception, match="journal cannot be reached"):
        record(form, server.url, journal, lambda: None)
    assert emulator.state()["totals"]["resources"] == 0


def test_a_recorder_that_is_busy_by_a_crash_is_told_how_to_end_that_recording(form: str, journal: Journal) -> None:
    """Code 53: a program that was killed made the recording, and the journal has it."""
    emulator = Emulator(rate_limit=False)
    busy = {"code": 53, "reason": "task conflict"}
    emulator.inject(Fault("status", operation="start_recording", status=400, body=busy))
    with emulator.serve() as server, pytest.raises(RecorderBusy, match=r"recover\(journal, .*fleet worker") as caught:
        record(form, server.url, journal, lambda: None)
    assert "with its own resource ID" in caught.value.advice


def test_a_refused_start_is_written_down_as_failed(form: str, journal: Journal) -> None:
    emulator = Emulator(rate_limit=False)
    emulator.inject(Fault("status", operation="start_recording", status=400, body={"code": 2, "reason": "no"}))
    with emulator.serve() as server, pytest.raises(ApiError):
        record(form, server.url, journal, lambda: None)
    assert (only(journal).state, only(journal).ended) == (State.FAILED, Ended.NOT_STARTED)


def test_a_block_that_fails_is_ended_and_written_down_all_the_same(form: str, journal: Journal) -> None:
    def fail() -> None:
        raise Crash

    emulator = Emulator(rate_limit=False)
    with emulator.serve() as server, pytest.raises(Crash):
        record(form, server.url, journal, fail, permits=MemoryPermits())
    assert only(journal).state is State.DONE
    assert emulator.state()["totals"]["running"] == 0


def test_a_recording_that_was_over_already_is_over_in_the_journal_too(form: str, journal: Journal) -> None:
    """The stop is refused, a query says that it has ended: nobody has to look for it, and its recorder stays."""
    emulator = Emulator(dialect="documented", rate_limit=False)
    body = {"code": 404, "reason": "failed to find worker"}
    fault = Fault("status", operation="stop_recording", status=404, body=body, after_effect=True)
    emulator.inject(fault)
    with emulator.serve() as server:
        record(form, server.url, journal, lambda: None)
    assert (only(journal).state, only(journal).ended, only(journal).next_at) == (State.DONE, Ended.STOPPED, None)
    assert only(journal).files


def test_who_is_cancelled_while_it_is_being_written_down_leaves_nothing_in_hand(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on, open_entry = threading.Event(), threading.Event(), journal.open_entry

    def slow(*arguments: Any, **named: Any) -> Any:
        begun.set()
        go_on.wait(60)
        return open_entry(*arguments, **named)

    monkeypatch.setattr(journal, "open_entry", slow)

    async def main() -> None:
        async with AsyncAgora(*CREDENTIALS, base_url="http://127.0.0.1:1", permits=None) as agora:

            async def recording() -> None:
                recordings = agora.app(DEMO_APP_ID).recordings
                async with recordings.record("room", uid=7, storage=STORAGE, journal=journal):
                    raise AssertionError("it was cancelled before")

            task = asyncio.create_task(recording())
            assert await asyncio.to_thread(begun.wait, 60)
            task.cancel()
            await asyncio.sleep(0)
            go_on.set()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(main())
    assert (only(journal).state, only(journal).owner) == (State.INTENT, None)
    assert "agora-journal-lease" not in {thread.name for thread in threading.enumerate()}


def test_what_could_not_be_written_down_when_it_happened_is_written_down_with_the_next(
    harness: FleetHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    owned = harness.journal.open_entry(DEMO_APP_ID, "room", "7")
    owned.acquired("resource")
    with monkeypatch.context() as away:
        away.setattr(rows, "write", _refused)
        owned.started("sid")
    assert owned.entry.sid is None
    owned.stopping()
    assert (owned.entry.state, owned.entry.sid, owned.entry.maybe_started) == (State.STOPPING, "sid", False)
    owned.release()


def test_the_lease_is_renewed_with_what_could_not_be_written_down(
    harness: FleetHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    owned = harness.journal.open_entry(DEMO_APP_ID, "room", "7", lease=0.03)
    owned.acquired("resource")
    with monkeypatch.context() as away:
        away.setattr(rows, "write", _refused)
        owned.started("sid")
    until = time.monotonic() + 60
    while harness.journal.get(owned.entry.id).sid is None:
        assert time.monotonic() < until
    owned.release()


def _refused(*_: Any, **__: Any) -> Any:
    raise OperationalError("UPDATE", {}, Exception("the server is gone"))
