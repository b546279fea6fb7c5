"""Writes to the journal from tasks, in a thread, so that the event loop never waits for a disk.

Writes of several tasks share a transaction, because a commit costs the same for one row as for a hundred.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
import time
from collections.abc import Callable
from typing import Any, Final, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError

from agora_rest.fleet.database import Database
from agora_rest.fleet.engines import unavailable, without_statement
from agora_rest.fleet.errors import JournalUnavailable

T = TypeVar("T")

MAX_BATCH: Final = 256
"""The most writes in one transaction."""
_TRANSIENT_ERRORS: Final = (OperationalError, InterfaceError, InternalError)
"""Errors of a database that is unreachable, restarting, or failing over."""

logger = logging.getLogger("agora_rest.fleet")


class _Work:
    """A function to run in a transaction, and the future of its result."""

    __slots__ = ("done", "loop", "run")

    def __init__(self, run: Callable[[Connection], Any]) -> None:
        self.run, self.loop = run, asyncio.get_running_loop()
        self.done: asyncio.Future[Any] = self.loop.create_future()

    def settle(self, result: Any, error: BaseException | None) -> None:
        if self.done.done():  # the waiting task was cancelled
            return
        if error is None:
            self.done.set_result(result)
        else:
            self.done.set_exception(error)


class BatchWriter:
    """Runs the work of many tasks together in transactions. It must be closed.

    If the connection breaks during a commit, work may be repeated, so each piece of work must be idempotent.
    An unreachable database is retried for `patience` seconds; then JournalUnavailable is raised.
    """

    def __init__(self, database: Database, *, database_timeout: float = 30.0) -> None:
        self.database, self.database_timeout = database, database_timeout
        self._queue: queue.SimpleQueue[_Work | None] = queue.SimpleQueue()
        self.closed = False
        self._thread = threading.Thread(target=self._serve, name="agora-journal", daemon=True)
        self._thread.start()

    async def do(self, run: Callable[[Connection], T]) -> T:
        """The result of `run`, once committed."""
        result: T = await self.put(run)
        return result

    def put(self, run: Callable[[Connection], Any]) -> asyncio.Future[Any]:
        """The same as a future. The work is done even if the future is discarded."""
        if self.closed:
            raise JournalUnavailable("The journal has been closed.")
        work = _Work(run)
        self._queue.put(work)
        return work.done

    async def close(self) -> None:
        """End the thread after the pending work."""
        self.closed = True
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    def _serve(self) -> None:
        last = False
        while not last:
            batch, last = self._next_batch()
            if batch:
                self._finish(batch, self._run_batch(batch))

    def _next_batch(self) -> tuple[list[_Work], bool]:
        """The pending work, and whether the writer ends after it."""
        batch: list[_Work] = []
        work = self._queue.get()
        while work is not None:
            batch.append(work)
            if len(batch) == MAX_BATCH:
                return batch, False
            try:
                work = self._queue.get_nowait()
            except queue.Empty:
                return batch, False
        return batch, True

    def _run_batch(self, batch: list[_Work]) -> list[tuple[Any, BaseException | None]]:
        try:
            results = self._commit(batch)
        except Exception as error:  # noqa: BLE001  passed on to the waiting tasks
            if len(batch) == 1:
                return [(None, without_statement(error))]
            if isinstance(error, JournalUnavailable):
                return [(None, error)] * len(batch)
            # One of them fails: alone, each of the others succeeds.
            return [outcome for work in batch for outcome in self._run_batch([work])]
        return [(result, None) for result in results]

    def _commit(self, batch: list[_Work]) -> list[Any]:
        began, pause = time.monotonic(), 0.05
        while True:
            try:
                with self.database.transaction() as connection:
                    return [work.run(connection) for work in batch]
            except _TRANSIENT_ERRORS as error:
                if time.monotonic() - began + pause > self.database_timeout:
                    raise unavailable(error) from None
                logger.info("%s; again in %.2f s.", unavailable(error), pause)
            time.sleep(pause)
            pause = min(pause * 2, 2.0)

    @staticmethod
    def _finish(batch: list[_Work], outcomes: list[tuple[Any, BaseException | None]]) -> None:
        """Resolve the futures, waking each event loop once."""
        loops: dict[asyncio.AbstractEventLoop, list[tuple[_Work, Any, BaseException | None]]] = {}
        for work, (result, error) in zip(batch, outcomes, strict=True):
            loops.setdefault(work.loop, []).append((work, result, error))
        for loop, settled in loops.items():
            try:
                loop.call_soon_threadsafe(_settle, settled)
            except RuntimeError:  # the event loop is closed, and its tasks with it
                logger.debug("the event loop of %d writes is closed", len(settled))


def _settle(settled: list[tuple[_Work, Any, BaseException | None]]) -> None:
    for work, result, error in settled:
        work.settle(result, error)
