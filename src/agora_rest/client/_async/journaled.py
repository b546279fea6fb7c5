"""The calls of a recording, each recorded in a journal before it is made and after its response."""

from __future__ import annotations

from typing import Any

from agora_rest.client._arguments import uid_text
from agora_rest.client._async.calls import AsyncCalls
from agora_rest.client._async.recording import AsyncRecording
from agora_rest.client._async.recording_calls import AsyncRecordingCalls
from agora_rest.client._journal_protocol import BUSY_BY_A_CRASH, AsyncJournalCalls, JournalEntry, RecordingJournal
from agora_rest.client.clocks import AsyncClock, async_shield
from agora_rest.client.enums import RecordingMode
from agora_rest.client.models import Ban, Resource, StartedRecording, StoppedRecording
from agora_rest.client.settings import Storage
from agora_rest.errors import AgoraError, AlreadyRecording, CallError, RecorderBusy


class AsyncJournaledRecordings(AsyncRecordingCalls):
    """Recordings of an App ID, for one journaled recording. Leaving `async with` releases its journal entry."""

    def __init__(self, calls: AsyncCalls, app_id: str, journal: RecordingJournal) -> None:
        super().__init__(calls, app_id)
        self._journal, self._journal_calls = journal, AsyncJournalCalls()
        self._entry: JournalEntry | None = None

    async def acquire(
        self,
        channel: str,
        uid: int | str,
        *,
        mode: RecordingMode | str = RecordingMode.MIX,
        **more: Any,
    ) -> Resource:
        """See `AsyncRecordingCalls`."""
        entry = await self._journal_calls.run(self._open_entry, channel, uid_text(uid), str(mode))
        try:
            resource = await super().acquire(channel, uid, mode=mode, **more)
        except AgoraError as error:
            await self._journal_calls.run(entry.failed, str(error))
            raise
        await self._journal_calls.run(entry.acquired, resource.resource_id)
        return resource

    async def start(self, resource: Resource, storage: Storage, **more: Any) -> StartedRecording:
        """See `AsyncRecordingCalls`."""
        try:
            return await super().start(resource, storage, **more)
        except AgoraError as error:
            if isinstance(error, RecorderBusy):
                error.advice = f"{error.advice} {BUSY_BY_A_CRASH}"
            unclear = isinstance(error, CallError) and error.may_have_taken_effect
            if self._entry and not (unclear or isinstance(error, AlreadyRecording)):
                await self._journal_calls.run(self._entry.failed, str(error))
            raise

    async def _note_started(self, started: StartedRecording) -> None:
        """See `AsyncRecordingCalls`."""
        if self._entry:
            with async_shield():  # The recording is running: record that even if the task is cancelled.
                await self._journal_calls.run(self._entry.started, started.sid)

    async def stop(self, recording: StartedRecording, **more: Any) -> StoppedRecording:
        """See `AsyncRecordingCalls`."""
        if self._entry:
            await self._journal_calls.run(self._entry.stopping)
        return await super().stop(recording, **more)

    def handle(self, recording: StartedRecording) -> AsyncRecording:
        """See `AsyncRecordingCalls`."""
        return AsyncJournaledRecording(self, recording, self._calls.clock)

    async def note_end(self, stopped: StoppedRecording) -> None:
        """Record that the recording has certainly ended."""
        if self._entry:
            files = [file.name for file in stopped.files]
            with async_shield():
                await self._journal_calls.run(self._entry.stopped, files, str(stopped.uploading_status))

    async def put_offline(self, channel: str, uid: int | str, *, repeat: bool = True) -> Ban:
        """See `AsyncRecordingCalls`."""
        rule = await super().put_offline(channel, uid, repeat=repeat)
        if self._entry:
            await self._journal_calls.run(self._entry.put_offline)
        return rule

    async def _release(self) -> None:
        """Release the journal entry: a worker of the journal's fleet ends a recording that is not over."""
        with async_shield():
            await self._journal_calls.run(self._close_entry)

    def _open_entry(self, channel: str, uid: str, mode: str) -> JournalEntry:
        # Recorded here and not by the waiting task, which may have been cancelled.
        of_mode = {} if mode == RecordingMode.MIX else {"mode": mode}  # so that journals without modes go on working
        self._entry = self._journal.open_entry(self._app_id, channel, uid, **of_mode)
        return self._entry

    def _close_entry(self) -> None:
        if self._entry:
            self._entry.release()


class AsyncJournaledRecording(AsyncRecording):
    """Records the end of the recording, which other responses than that to a stop can show too."""

    def __init__(self, recordings: AsyncJournaledRecordings, started: StartedRecording, clock: AsyncClock) -> None:
        super().__init__(recordings, started, clock)
        self._journaled = recordings

    async def _stop_once(self) -> StoppedRecording:
        if self._stopped is None:
            await self._journaled.note_end(await super()._stop_once())
        return await super()._stop_once()
