"""A day of the fleet itself: its workers, its SQL, its client and its permits, and the emulator, on one moved clock.

Nothing waits: where no task has anything to do, the clock is moved to the next moment at which one has. Three things
are not as they are otherwise. A commit is a pause of the clock, for nobody else would read what was written: everything
goes into one transaction. There is no network, but a pause before and after the emulator. And the processor's time is
not counted, so these workers are never late by themselves.
"""

from __future__ import annotations

import asyncio
import selectors
import tempfile
from collections.abc import Callable
from typing import Any, TypeVar
from unittest.mock import patch

import httpx
from sqlalchemy import Connection

from agora_rest import AsyncAgora, QiniuStorage, RecordingConfig
from agora_rest.client.clocks import AsyncClock
from agora_rest.emulator import DEFAULT_CUSTOMER_CERTIFICATE, DEFAULT_CUSTOMER_ID, DEMO_APP_ID, Emulator, FrozenClock
from agora_rest.emulator import recordings as domain
from agora_rest.emulator.recordings import Status
from agora_rest.fleet import Ended, Fleet, Journal, Order, State, Worker
from agora_rest.fleet.ending import UPLOADED
from agora_rest.fleet.rows import next_due
from agora_rest.permits import Limit, Limits, MemoryPermits, SystemClock

from .events import POLL
from .plan import HOUR, Outcome, Plan, StrictQuotas

STORAGE = QiniuStorage(region=0, bucket="lessons", access_key="key", secret_key="secret")
T = TypeVar("T")


class _MovingSelector(selectors.DefaultSelector):
    """Moves the clock instead of waiting."""

    clock: FrozenClock

    def select(self, timeout: float | None = None) -> Any:
        found = super().select(0)
        if not found and timeout is None:
            raise RuntimeError("everybody waits for something that never comes")
        if not found and timeout:
            self.clock.advance(timeout)
        return found


class MovedLoop(asyncio.SelectorEventLoop):
    """An event loop whose time is a clock that it moves itself."""

    def __init__(self, clock: FrozenClock) -> None:
        selector = _MovingSelector()
        selector.clock = self._moved = clock
        super().__init__(selector)

    def time(self) -> float:
        return self._moved.now()


class _Time(AsyncClock):
    """The client's clock: the loop's."""

    def now(self) -> float:
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class _Scribe:
    """In the place of the fleet's BatchWriter: writes at once, in a transaction that goes on."""

    closed = False

    def __init__(self, connection: Connection, plan: Plan) -> None:
        self._connection, self._plan = connection, plan

    async def do(self, run: Callable[[Connection], T]) -> T:
        await asyncio.sleep(self._plan.commit)
        return run(self._connection)

    def put(self, run: Callable[[Connection], Any]) -> asyncio.Future[Any]:
        return asyncio.ensure_future(self.do(run))

    async def close(self) -> None:
        """Nothing to be closed."""


class _Distance(httpx.AsyncBaseTransport):
    """The emulator, half an answer's time away; what a stop takes longer, it takes after the effect."""

    def __init__(self, emulator: Emulator, plan: Plan) -> None:
        self._inner, self._plan = httpx.ASGITransport(app=emulator.app), plan

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        away = self._plan.answer / 2
        await asyncio.sleep(away)
        response = await self._inner.handle_async_request(request)
        is_stop = request.url.path.endswith("/stop") and response.status_code == 200
        seconds, timeout = (
            self._plan.stop_takes if is_stop else self._plan.answer,
            request.extensions["timeout"]["read"],
        )
        await asyncio.sleep(min(seconds, timeout) - away)
        if seconds > timeout:
            raise httpx.ReadTimeout("no answer in time", request=request)
        return response


def worked_off(plan: Plan) -> Outcome:
    """What becomes of a day of one account."""
    clock = FrozenClock(24 * HOUR)  # in 1970, for asyncio tells nanoseconds apart, which floats of today do not
    emulator = Emulator(dialect="documented", clock=clock)  # it records channels without users too
    emulator.world.quotas = quotas = StrictQuotas(plan.limits)
    emulator.stop_with("uploaded" if plan.stops_wait else "unknown")
    uploads = ((0.0, Status.STOPPED), (plan.upload, Status.ALL_STOPPED))
    with tempfile.TemporaryDirectory() as folder, patch.object(domain, "ENDING", uploads):
        journal = Journal(f"sqlite:///{folder}/recordings.db", clock=clock)
        midnight = clock.now()
        journal.submit_many(
            Order(
                key=f"{number}",
                app_id=DEMO_APP_ID,
                channel=f"room-{number}",
                uid=1,
                storage="bucket",
                config=RecordingConfig(max_idle_time=86_400),
                start_at=midnight + start,
                stop_at=midnight + start + plan.lesson,
            )
            for number, start in enumerate(plan.starts())
        )
        with (
            journal.engine.begin() as connection,
            patch("agora_rest.fleet.fleet.BatchWriter", lambda *_, **__: _Scribe(connection, plan)),
            asyncio.Runner(loop_factory=lambda: MovedLoop(clock)) as runner,
        ):
            runner.run(_work(plan, journal, connection, emulator))
        outcome = _outcome(journal, emulator)
        journal.close()
    outcome.hear(quotas)
    return outcome


async def _work(plan: Plan, journal: Journal, connection: Connection, emulator: Emulator) -> None:
    """The workers, until all is over."""
    permits = MemoryPermits(clock=SystemClock(asyncio.get_running_loop().time))
    limits = Limits({group: Limit(calls) for group, calls in plan.limits.items()})
    extra = {} if plan.stops_wait else {"async_stop": True}
    options: dict[str, Any] = {"transport": _Distance(emulator, plan), "base_url": "http://127.0.0.1:1"}
    async with AsyncAgora(
        DEFAULT_CUSTOMER_ID, DEFAULT_CUSTOMER_CERTIFICATE, permits=permits, limits=limits, clock=_Time(), **options
    ) as agora:
        fleets = [
            Fleet(journal, agora, storages=lambda _: STORAGE, timings=plan.timings, stop_extra=extra)
            for _ in range(plan.workers)
        ]
        workers = [Worker(fleet, poll=POLL) for fleet in fleets]

        async def begun(number: int) -> None:
            await asyncio.sleep(POLL * number / plan.workers)  # They do not look at the journal all at once.
            await workers[number].run()

        running = [asyncio.create_task(begun(number)) for number in range(plan.workers)]
        while next_due(connection) is not None:  # noqa: ASYNC110  a minute passes at once
            await asyncio.sleep(60)
        for worker in workers:
            worker.end()
        await asyncio.gather(*running)
        for fleet in fleets:
            await fleet.aclose()


def _outcome(journal: Journal, emulator: Emulator) -> Outcome:
    made = {each.owner.cname: each.recording for each in emulator.world.recordings.resources() if each.recording}
    outcome = Outcome()
    for entry in journal.entries():
        outcome.unsettled += not entry.state.is_final
        recording = made.get(entry.channel)
        if recording is None:
            outcome.not_started += entry.state is State.FAILED
            continue
        assert recording.ended_at is not None
        assert entry.stop_at is not None
        outcome.late_starts.append(recording.started_at - entry.start_at)
        outcome.late_stops.append(recording.ended_at - entry.stop_at)
        outcome.put_offline += entry.ended is Ended.PUT_OFFLINE
        outcome.unconfirmed += entry.uploading_status != "uploaded" and entry.status not in UPLOADED
    return outcome
