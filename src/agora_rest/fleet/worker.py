"""A worker: one loop that advances all due recordings."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import heapq
import logging
import signal
from collections.abc import Callable, Mapping
from typing import Final, Unpack

from agora_rest import AsyncAgora
from agora_rest.fleet.entry import Entry
from agora_rest.fleet.errors import JournalUnavailable, LeaseLost
from agora_rest.fleet.fleet import Fleet, FleetOptions
from agora_rest.fleet.journal import Journal
from agora_rest.fleet.states import Lane

SLOTS: Final[Mapping[Lane, int]] = {Lane.STOP: 64, Lane.START: 16, Lane.QUERY: 32}
"""The most recordings a worker claims at a time in each lane. More would only wait for permits."""

logger = logging.getLogger("agora_rest.fleet")


class Worker:
    """Advances the recordings of a fleet when they are due: stops before starts, starts before queries.

        async with Fleet(journal, agora) as fleet:
            await Worker(fleet).run()

    Args:
        fleet: The fleet whose recordings it advances.
        slots: The most recordings it claims at a time in each lane.
        poll: Seconds between two polls of the journal while nothing is due; other processes may have written to it.
        drain: Seconds that calls in progress may take when the worker ends.
    """

    def __init__(
        self, fleet: Fleet, *, slots: Mapping[Lane, int] = SLOTS, poll: float = 0.5, drain: float = 60.0
    ) -> None:
        self.fleet, self._slots, self._poll, self._drain = fleet, dict(slots), poll, drain
        self._tasks: dict[asyncio.Task[None], Lane] = {}
        self._wake = asyncio.Event()
        self._alarms: list[float] = []
        self._ending = False

    async def run(self, *, until_over: bool = False, until_ended: bool = False) -> None:
        """Work until `end` is called; with `until_over` also until all recordings are over.

        With `until_ended`, until those are over whose end is due: the recordings of programs that crashed. A program
        that renews its lease for longer than a lease from now is alive.
        Calls in progress are then finished, and all other claims released.
        """
        journal, alive_after = self.fleet.journal, self.fleet.now() + self.fleet.timings.lease
        reconciling = asyncio.create_task(self._reconcile())
        try:
            while not self._ending:
                await self._turn()
                if (
                    until_over
                    and not self._tasks
                    and not await self._is_anything_left(lambda: journal.next_due() is not None)
                ):
                    return
                claimed = self.fleet.now() <= alive_after
                is_due = functools.partial(journal.is_anything_due, claimed=claimed)
                if until_ended and not self._tasks and not await self._is_anything_left(is_due):
                    return
        finally:
            reconciling.cancel()
            await self._drained()

    async def run_until_signalled(self) -> None:
        """Work until SIGTERM or SIGINT."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.end)
        try:
            await self.run()
        finally:
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(number)

    def end(self) -> None:
        """Claim nothing more; `run` returns when the calls in progress are finished."""
        self._ending = True
        self._wake.set()

    @staticmethod
    async def _is_anything_left(is_anything_left: Callable[[], bool]) -> bool:
        """Whether work is left; True while the journal is unreachable."""
        try:
            return await asyncio.to_thread(is_anything_left)
        except JournalUnavailable as error:
            logger.warning("Whether everything is over cannot be seen: %s", error)
            return True

    async def _turn(self) -> None:
        """Claim what is due, then wait until more may be due."""
        self._wake.clear()
        while self._alarms and self._alarms[0] <= self.fleet.now():
            heapq.heappop(self._alarms)
        busy = list(self._tasks.values())
        free = {lane: slots - busy.count(lane) for lane, slots in self._slots.items()}
        try:
            claimed = await self.fleet.claim(free)
        except JournalUnavailable:  # `claim` has logged it
            claimed = []
        for entry in claimed:
            task = asyncio.create_task(self._advance(entry))
            self._tasks[task] = entry.lane
            task.add_done_callback(self._finished)
        pause = min(self._poll, self._alarms[0] - self.fleet.now()) if self._alarms else self._poll
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), max(0.0, pause))

    async def _advance(self, entry: Entry) -> None:
        try:
            after = await self.fleet.process(entry, entry.lane)
        except LeaseLost as lost:
            logger.info("%s", lost)
        except JournalUnavailable as error:
            logger.warning("%s has to wait for its lease to end: %s", entry, error)
        except Exception:
            logger.exception("%s has to wait for its lease to end", entry)
        else:
            if after.next_at is not None:
                self._set_alarm(after.next_at)

    def _set_alarm(self, at: float) -> None:
        if at < self.fleet.now() + self._poll:  # Later ones are found by looking.
            heapq.heappush(self._alarms, at)
            if self._alarms[0] == at:
                self._wake.set()

    def _finished(self, task: asyncio.Task[None]) -> None:
        lane = self._tasks.pop(task)
        if list(self._tasks.values()).count(lane) + 1 >= self._slots[lane]:
            self._wake.set()  # a recording may have waited for the slot

    async def _reconcile(self) -> None:
        """Periodically release recordings that a clock jump postponed."""
        while True:
            await asyncio.sleep(self.fleet.timings.query_every)
            with contextlib.suppress(JournalUnavailable):
                if found := await self.fleet.release_stuck():
                    logger.warning("%d recordings that a clock jump had postponed are due again.", found)

    async def _drained(self) -> None:
        if self._tasks:
            _, late = await asyncio.wait(set(self._tasks), timeout=self._drain)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        with contextlib.suppress(JournalUnavailable):
            await self.fleet.release()


async def recover(journal: Journal, agora: AsyncAgora, **options: Unpack[FleetOptions]) -> None:
    """End recordings of crashed programs: those in `journal` whose end is due.

    It takes up to a lease (a minute) to be certain that a program has crashed. `options` are those of `Fleet`. Workers
    do the same continuously.
    """
    async with Fleet(journal, agora, **options) as fleet:
        await Worker(fleet).run(until_ended=True)
