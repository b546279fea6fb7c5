"""Advancing recordings: claim one, perform its next step, write the result."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import itertools
import logging
import math
import os
import secrets as random
import socket
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Final, Self, TypedDict

from sqlalchemy import Connection

from agora_rest import AsyncAgora
from agora_rest.errors import AgoraError
from agora_rest.fleet import rows
from agora_rest.fleet.batch_writer import BatchWriter
from agora_rest.fleet.entry import Entry
from agora_rest.fleet.errors import JournalError, JournalUnavailable, LeaseLost
from agora_rest.fleet.journal import Journal
from agora_rest.fleet.outcomes import one_line
from agora_rest.fleet.rows import Change
from agora_rest.fleet.states import FINAL, Lane, State, Timings
from agora_rest.fleet.step_context import StepContext
from agora_rest.fleet.steps import STEPS
from agora_rest.fleet.storages import (
    SecretResolver,
    StorageResolver,
    TokenResolver,
    secret_from_environment,
    storage_from_environment,
)
from agora_rest.fleet.troubles import NO_CLIENT, NO_JOURNAL, Troubles

MAX_STEPS: Final = 8
"""The maximum number of consecutive steps of an entry without a wait."""
RECHECK_INTERVAL: Final = 1.0
"""Seconds between searches for recordings whose end is due while they wait for a query."""
RENEWALS_PER_LEASE: Final = 3
"""A lease is renewed when a third of it is over."""

_NEEDS_ATTENTION: Final = frozenset({State.LOST, State.UNKNOWN, State.FAILED})
"""States that are logged as a warning, with the error."""

logger = logging.getLogger("agora_rest.fleet")


class FleetOptions(TypedDict, total=False):
    """The options of `Fleet`."""

    storages: StorageResolver
    secrets: SecretResolver
    tokens: TokenResolver | None
    timings: Timings | None
    name: str | None
    database_timeout: float
    stop_extra: Mapping[str, Any] | None


class Fleet:
    """The recordings of a journal, and the client and keys to advance them with. Use it in `async with`.

        async with AsyncAgora.from_env() as agora, Fleet(journal, agora) as fleet:
            entry = await fleet.advance("lesson-42")     # call it again at entry.next_at

    `Worker` does so for all of them. Any number of fleets may share a journal, in one process or on many machines.

    Args:
        journal: The journal of the recordings.
        agora: The client of the account that records. Its permits and timeouts apply, and its deadline up to half a
            lease; its retries do not: each call is made once, and the journal schedules retries.
        storages: Returns the storage of a name; by default from the environment (`storage_from_environment`).
        secrets: Returns the password of a name, in the same way.
        tokens: Returns the recorder's token for an App ID, a channel and a user ID, which projects with an App
            Certificate require. It is called each time a start is due, in a thread or as a coroutine function; the
            token is not stored. By default, recordings are started without a token.
        timings: How long things take.
        name: Its name in the journal; by default made of host, process and a random part.
        database_timeout: Seconds for which an unreachable database is retried.
        stop_extra: Members of every stop's `clientRequest` that the documents do not name. Some servers accept
            `async_stop`, with which a stop does not wait for the upload; the files are then queried.
    """

    def __init__(
        self,
        journal: Journal,
        agora: AsyncAgora,
        *,
        storages: StorageResolver = storage_from_environment,
        secrets: SecretResolver = secret_from_environment,
        tokens: TokenResolver | None = None,
        timings: Timings | None = None,
        name: str | None = None,
        database_timeout: float = 30.0,
        stop_extra: Mapping[str, Any] | None = None,
    ) -> None:
        self.journal, self.timings = journal, timings or Timings()
        self.name = name or f"{socket.gethostname()}:{os.getpid()}:{random.token_hex(3)}"
        self._writer = BatchWriter(journal, database_timeout=database_timeout)
        deadline = min(agora._calls.options.policy.deadline, self.timings.call_deadline)  # noqa: SLF001  our own
        once, now = agora.with_options(retries=0, deadline=deadline), journal.clock.now
        self._troubles = Troubles(now)
        self._context = StepContext(
            once, self, self.timings, storages, secrets, now, self._troubles, tokens, stop_extra or {}
        )
        self._held: dict[int, Entry] = {}
        self._rechecked_at = -math.inf
        self._renewing: asyncio.Task[None] | None = None

    @property
    def held(self) -> Mapping[int, int]:
        """The numbers of the claimed recordings, with their fences."""
        return {number: entry.fence for number, entry in self._held.items()}

    def now(self) -> float:
        """The journal's time."""
        return self.journal.clock.now()

    async def advance(self, key: str | int) -> Entry | None:
        """Advance the recording of this key or number until it has to wait.

        Returns its entry; call this again at `next_at`. Returns None while another worker has claimed it.
        It may be called again after a crash at any point. A refusal of the service is stored in the entry, not raised.

        Raises NoSuchRecording; JournalUnavailable when the database cannot be reached.
        """
        entry = await asyncio.to_thread(self.journal.get, key)
        if entry.state in FINAL:
            return entry
        number, now = entry.id, self.now()
        until = now + self.timings.lease

        def take(connection: Connection) -> list[Entry]:
            taken = rows.claim_one(connection, number, owner=self.name, now=now, until=until)
            return [] if taken is None else [taken]

        for taken in await self._taken(take):
            with contextlib.suppress(LeaseLost):
                return taken if taken.owner is None else await self.process(taken)
        return None

    async def claim(self, wanted: Mapping[Lane, int]) -> list[Entry]:
        """Claim due recordings, up to so many of each lane. Raises JournalUnavailable, and logs it once."""
        now = self.now()
        until, held = now + self.timings.lease, tuple(self._held)
        lanes = sorted(lane for lane, limit in wanted.items() if limit > 0)
        recheck = not 0.0 <= now - self._rechecked_at < RECHECK_INTERVAL
        if recheck:
            self._rechecked_at = now

        def take(connection: Connection) -> list[Entry]:
            if recheck:
                rows.promote_due_stops(connection, now)
            return [
                entry
                for lane in lanes
                for entry in rows.claim(
                    connection, lane, wanted[lane], owner=self.name, now=now, until=until, held=held
                )
            ]

        try:
            claimed = await self._taken(take)
        except JournalUnavailable as error:
            self._troubles.failed(NO_JOURNAL, error)
            raise
        self._troubles.worked(NO_JOURNAL)
        return claimed

    async def process(self, entry: Entry, lane: Lane | None = None) -> Entry:
        """Advance a claimed entry until it has to wait or is over, and release the claim.

        With the `lane` that it was claimed from, release it also once it continues in a less urgent lane, so that one
        that waits for its files does not take the place of one that must be stopped.

        Raises LeaseLost when another worker has claimed it since, JournalUnavailable when nothing can be written.
        """
        try:
            for _ in range(MAX_STEPS):
                change = await self._step(entry)
                entry = self._held.get(entry.id, entry)  # as the step has left it
                state = change.values.get("state", entry.state)
                if state in FINAL or change.next_at is None or change.next_at > self.now():
                    break
                if lane is not None and change.lane > lane:
                    break
                entry = await self._write_result(entry, Change(change.values))
            return await self._put_back(entry, change)
        except asyncio.CancelledError:
            self._give_back(entry.id)
            raise
        except Exception:
            self._held.pop(entry.id, None)  # Another worker has claimed it, or can when the lease ends.
            raise

    async def write(self, entry: Entry, change: Change) -> Entry:
        """See `JournalWriter`."""
        written = await self._written(entry, change)
        if written is None:
            raise LeaseLost(f"Another worker has taken over {entry}.")
        if entry.id in self._held:
            self._held[entry.id] = written
        return written

    async def same_recorder(self, entry: Entry) -> list[Entry]:
        """See `JournalWriter`."""
        return await self._writer.do(lambda connection: rows.same_recorder(connection, entry))

    async def release(self) -> None:
        """Release all claims."""
        held = self.held
        self._held.clear()
        if held:
            await self._writer.do(lambda connection: rows.release(connection, held, self.now()))

    async def release_stuck(self) -> int:
        """Make recordings due that a clock jump has postponed; returns their number."""
        times = self.timings
        horizon = 2 * max(times.lease, times.query_every, times.longest, times.backoff(99)) + times.first_query
        return await self._writer.do(lambda connection: rows.release_stuck(connection, self.now(), horizon))

    async def _step(self, entry: Entry) -> Change:
        try:
            return await STEPS[entry.state](entry, self._context)
        except JournalError:
            raise
        except AgoraError as error:  # It is not about this recording: the client is closed, or a setting is wrong.
            message = one_line(error)
            self._troubles.failed(NO_CLIENT, message)
        except Exception as error:
            logger.exception("Advancing %s failed", entry)
            message = f"Advancing it failed: {type(error).__name__}."
        values = {"error": message, "attempts": entry.attempts + 1}
        return Change(values, next_at=self.now() + self.timings.longest, lane=entry.lane)

    async def _written(self, entry: Entry, change: Change) -> Entry | None:
        for attempt in itertools.count(1):
            try:
                return await self._writer.do(
                    lambda connection: rows.write(connection, entry, change, now=self.now(), lease=self.timings.lease)
                )
            except JournalUnavailable as error:
                # Only this response contains the sid, so it is kept until it is written.
                if change.values.get("state") is not State.STARTED or self._writer.closed:
                    raise
                logger.warning("The sid of %s is not written yet: %s", entry, error)
            await asyncio.sleep(self.timings.backoff(attempt))
        raise AssertionError("unreachable")

    async def _put_back(self, entry: Entry, change: Change) -> Entry:
        after = await self._write_result(entry, change)
        self._held.pop(entry.id, None)
        level = logging.WARNING if after.error and after.state in _NEEDS_ATTENTION else logging.INFO
        logger.log(level, "%s: %s%s", after, after.state, f": {after.error}" if after.error else "")
        return after

    def _give_back(self, number: int) -> None:
        """Release a claim without waiting for it: the claiming task is being cancelled."""
        entry = self._held.pop(number, None)
        if entry is None:
            return
        held, now = {number: entry.fence}, self.now()
        with contextlib.suppress(JournalUnavailable):
            self._writer.put(lambda connection: rows.release(connection, held, now)).add_done_callback(
                _log_failed_release
            )

    async def _write_result(self, entry: Entry, change: Change) -> Entry:
        """Write the result of a step."""
        try:
            return await self.write(entry, change)
        except LeaseLost:
            await self._save_start(entry, change)
            raise

    async def _save_start(self, entry: Entry, change: Change) -> None:
        """Store what is known of a start even if another worker has claimed the recording, because it must be ended."""
        if change.values.get("state") is State.STARTED:
            sid = str(change.values["sid"])
            await self._writer.do(lambda connection: rows.save_sid(connection, entry, sid, self.now()))
        elif entry.state is State.ACQUIRED and entry.maybe_started and change.values.get("maybe_started", True):
            await self._writer.do(lambda connection: rows.save_doubt(connection, entry, self.now()))

    async def _taken(self, claim: Callable[[Connection], list[Entry]]) -> list[Entry]:
        """The claimed entries. On cancellation they are released as soon as the claim is committed."""
        claimed = self._writer.put(claim)
        try:
            entries: list[Entry] = await asyncio.shield(claimed)
        except asyncio.CancelledError:
            claimed.add_done_callback(self._give_back_all)
            raise
        self._hold(entries)
        return entries

    def _give_back_all(self, claimed: asyncio.Future[list[Entry]]) -> None:
        if claimed.cancelled() or claimed.exception() is not None:
            return
        self._hold(claimed.result())
        for entry in claimed.result():
            self._give_back(entry.id)

    def _hold(self, entries: list[Entry]) -> None:
        self._held.update((entry.id, entry) for entry in entries if entry.owner is not None)
        if self._held and (self._renewing is None or self._renewing.done()):
            self._renewing = asyncio.create_task(self._renew())

    async def _renew(self) -> None:
        """Renew leases while there are claims."""
        while self._held:
            await asyncio.sleep(self.timings.lease / RENEWALS_PER_LEASE)
            if held := self.held:
                renew = functools.partial(rows.renew, held=held, until=self.now() + self.timings.lease)
                try:
                    await self._writer.do(renew)
                except JournalUnavailable as error:
                    logger.warning("Leases could not be renewed: %s", error)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Release all claims, and stop writing."""
        if self._renewing is not None:
            self._renewing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._renewing
        try:
            await self.release()
        except JournalUnavailable as failure:
            logger.warning("Claims could not be released and last until their leases end: %s", failure)
        await self._writer.close()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name} of {self.journal!r}>"


def _log_failed_release(done: asyncio.Future[Any]) -> None:
    if not done.cancelled() and done.exception() is not None:
        logger.warning("Claims could not be released and last until their leases end: %s", done.exception())
