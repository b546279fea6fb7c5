# Derived from the file of the same name in `_async` by scripts/derive_sync.py. Change that one.
"""The calls of a recording, each recorded in a journal before it is made and after its response."""

from __future__ import annotations

from typing import Any

from agora_rest.client._arguments import uid_text
from agora_rest.client._journal_protocol import BUSY_BY_A_CRASH, JournalCalls, JournalEntry, RecordingJournal
from agora_rest.client._sync.calls import Calls
from agora_rest.client._sync.recording import Recording
from agora_rest.client._sync.recording_calls import RecordingCalls
from agora_rest.client.clocks import Clock, shield
from agora_rest.client.enums import RecordingMode
from agora_rest.client.models import Ban, Resource, StartedRecording, StoppedRecording
from agora_rest.client.settings import Storage
from agora_rest.errors import AgoraError, AlreadyRecording, CallError, RecorderBusy


class JournaledRecordings(RecordingCalls):
    """Recordings of an App ID, for one journaled recording. Leaving `with` releases its journal entry."""

    def __init__(self, calls: Calls, app_id: str, journal: RecordingJournal) -> None:
        super().__init__(calls, app_id)
        self._journal, self._journal_calls = journal, JournalCalls()
        self._entry: JournalEntry | None = None

    def acquire(
        self,
        channel: str,
        uid: int | str,
        *,
        mode: RecordingMode | str = RecordingMode.MIX,
        **more: Any,
    ) -> Resource:
        """See `RecordingCalls`."""
        entry = self._journal_calls.run(self._open_entry, channel, uid_text(uid), str(mode))
        try:
            resource = super().acquire(channel, uid, mode=mode, **more)
        except AgoraError as error:
            self._journal_calls.run(entry.failed, str(error))
            raise
        self._journal_calls.run(entry.acquired, resource.resource_id)
        return resource

    def start(self, resource: Resource, storage: Storage, **more: Any) -> StartedRecording:
        """See `RecordingCalls`."""
        try:
            return super().start(resource, storage, **more)
        except AgoraError as error:
            if isinstance(error, RecorderBusy):
                error.advice = f"{error.advice} {BUSY_BY_A_CRASH}"
            unclear = isinstance(error, CallError) and error.may_have_taken_effect
            if self._entry and not (unclear or isinstance(error, AlreadyRecording)):
                self._journal_calls.run(self._entry.failed, str(error))
            raise

    def _note_started(self, started: StartedRecording) -> None:
        """See `RecordingCalls`."""
        if self._entry:
            with shield():  # The recording is running: record that even if the task is cancelled.
                self._journal_calls.run(self._entry.started, started.sid)

    def stop(self, recording: StartedRecording, **more: Any) -> StoppedRecording:
        """See `RecordingCalls`."""
        if self._entry:
            self._journal_calls.run(self._entry.stopping)
        return super().stop(recording, **more)

    def handle(self, recording: StartedRecording) -> Recording:
        """See `RecordingCalls`."""
        return JournaledRecording(self, recording, self._calls.clock)

    def note_end(self, stopped: StoppedRecording) -> None:
        """Record that the recording has certainly ended."""
        if self._entry:
            files = [file.name for file in stopped.files]
            with shield():
                self._journal_calls.run(self._entry.stopped, files, str(stopped.uploading_status))

    def put_offline(self, channel: str, uid: int | str, *, repeat: bool = True) -> Ban:
        """See `RecordingCalls`."""
        rule = super().put_offline(channel, uid, repeat=repeat)
        if self._entry:
            self._journal_calls.run(self._entry.put_offline)
        return rule

    def _release(self) -> None:
        """Release the journal entry: a worker of the journal's fleet ends a recording that is not over."""
        with shield():
            self._journal_calls.run(self._close_entry)

    def _open_entry(self, channel: str, uid: str, mode: str) -> JournalEntry:
        # Recorded here and not by the waiting task, which may have been cancelled.
        of_mode = {} if mode == RecordingMode.MIX else {"mode": mode}  # so that journals without modes go on working
        self._entry = self._journal.open_entry(self._app_id, channel, uid, **of_mode)
        return self._entry

    def _close_entry(self) -> None:
        if self._entry:
            self._entry.release()


class JournaledRecording(Recording):
    """Records the end of the recording, which other responses than that to a stop can show too."""

    def __init__(self, recordings: JournaledRecordings, started: StartedRecording, clock: Clock) -> None:
        super().__init__(recordings, started, clock)
        self._journaled = recordings

    def _stop_once(self) -> StoppedRecording:
        if self._stopped is None:
            self._journaled.note_end(super()._stop_once())
        return super()._stop_once()
