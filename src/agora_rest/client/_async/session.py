"""The block of `record`, and the recording that it starts and ends."""

from __future__ import annotations

import os
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import TYPE_CHECKING

from agora_rest.client._async.rescue import rescue_start
from agora_rest.client._interrupts import Interrupts, uninterrupted
from agora_rest.client._uncancellable import async_end_if_abandoned, async_run_uncancellable
from agora_rest.errors import AgoraError, AlreadyRecording, CallError

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from agora_rest.client._async.recording import AsyncRecording
    from agora_rest.client._async.recording_calls import AsyncRecordingCalls
    from agora_rest.client._async.renewal import AsyncStorageRenewal
    from agora_rest.client.enums import RecordingMode
    from agora_rest.client.models import Resource, StartedRecording
    from agora_rest.errors import RecordingLost


class AsyncOwnedRecording:
    """A recording from before its start until its end. Its state is stored here as soon as it is known.

    It belongs to the process that makes it: a forked process has a copy of the block, and leaving that ends nothing.
    """

    def __init__(
        self,
        recordings: AsyncRecordingCalls,
        start: Callable[[Resource], Any],
        mode: RecordingMode,
        renewal: AsyncStorageRenewal | None,
    ) -> None:
        self._recordings, self._start, self._mode, self._renewal = recordings, start, mode, renewal
        self._process = os.getpid()
        self._acquired: Resource | None = None
        self._is_sent = False
        self._recording: AsyncRecording | None = None

    async def acquire(self, acquire: Callable[[], Any]) -> None:
        """Acquire a resource ID for it."""
        self._acquired = await acquire()

    @uninterrupted
    async def start(self) -> AsyncRecording:
        """Start it."""
        self._is_sent = True
        if self._mode == "web":  # No kicking rule reaches it, so a cancelled task must not lose its sid.
            await async_run_uncancellable(self._send)
        else:
            await self._send()
        recording = self._recording
        assert recording is not None  # noqa: S101  for mypy
        if self._renewal is not None:
            self._renewal.begin(recording.started)
        return recording

    async def _send(self) -> None:
        assert self._acquired is not None  # noqa: S101  for mypy
        started: StartedRecording = await self._start(self._acquired)
        self._recording = self._recordings.handle(started)
        await self._recordings._note_started(started)  # noqa: SLF001  the session is part of these recordings

    async def end(self) -> None:
        """End it. Raises the error of the stop."""
        if self._is_of_another_process():
            return
        self._end_renewal()
        if self._recording is not None:
            await self._recording.end()
        elif self._acquired is not None and self._is_sent:
            await self._rescue(self._acquired, None)

    async def end_after(self, error: BaseException) -> BaseException:
        """End it because of `error`. Returns the error to raise."""
        if self._is_of_another_process():
            return error
        self._end_renewal()
        if self._recording is not None:
            await self._recording.end_after(error)
        elif self._acquired is not None and self._may_have_started(error):
            lost = await self._rescue(self._acquired, error)
            if isinstance(error, CallError):
                return lost
            error.add_note(str(lost))
        return error

    async def release(self) -> None:
        """Called when the program can do no more."""
        if not self._is_of_another_process():
            await self._recordings._release()  # noqa: SLF001

    async def _rescue(self, acquired: Resource, error: BaseException | None) -> RecordingLost:
        return await rescue_start(self._recordings, acquired, error, self._mode, self._start)

    def _end_renewal(self) -> None:
        if self._renewal is not None:
            self._renewal.end()

    def _is_of_another_process(self) -> bool:
        return self._process != os.getpid()

    def _may_have_started(self, error: BaseException) -> bool:
        if isinstance(error, CallError):
            # The resource ID is new and unshared: if it is already recording, this start did it.
            return error.may_have_taken_effect or isinstance(error, AlreadyRecording)
        # Anything else can be raised before the request as well as after its response, except for our own errors.
        return self._is_sent and not isinstance(error, AgoraError)


class AsyncRecordSession(AbstractAsyncContextManager["AsyncRecording"]):
    """The context manager that `record` returns."""

    def __init__(
        self,
        recordings: AsyncRecordingCalls,
        acquire: Callable[[], Any],
        start: Callable[[Resource], Any],
        mode: RecordingMode,
        renewal: AsyncStorageRenewal | None = None,
        *,
        has_push: bool | None = None,
    ) -> None:
        self._recordings, self._acquire, self._start = recordings, acquire, start
        self._mode, self._renewal, self._has_push = mode, renewal, has_push

    if not TYPE_CHECKING:  # otherwise type checkers accept any attribute

        def __getattr__(self, name: str) -> Any:
            """Raise AttributeError: the members of the recording exist in the block only."""
            hint = "" if name.startswith("_") else ': use "with", whose variable is the recording'
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}{hint}", name=name, obj=self)

    async def __aenter__(self) -> AsyncRecording:
        self._interrupts = Interrupts()
        self._owned = AsyncOwnedRecording(self._recordings, self._start, self._mode, self._renewal)
        self._keep = async_end_if_abandoned(self, self._owned.end)
        # Any instruction in this `try` may be interrupted: the recording is ended below.
        try:
            self._interrupts.hold()
            await self._owned.acquire(self._acquire)
            recording = await self._owned.start()
            recording._has_push = self._has_push  # noqa: SLF001  only its block knows
            if (held := self._interrupts.take()) is not None:
                raise held  # noqa: TRY301
            return recording  # noqa: TRY300
        except BaseException as error:
            failure = await self._abandon(error)
            if failure is error:
                raise
            raise failure from error

    @uninterrupted
    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            if error is None:
                await self._owned.end()
            else:
                await self._owned.end_after(error)
        finally:
            if (held := await self._finish()) is not None and not isinstance(error, type(held)):
                raise held

    @uninterrupted
    async def _abandon(self, error: BaseException) -> BaseException:
        try:
            failure = await self._owned.end_after(error)
        finally:
            held = await self._finish()
        return failure if held is None or isinstance(error, type(held)) else held

    async def _finish(self) -> BaseException | None:
        """Release the signal handlers. Returns the interruption that was held back."""
        try:
            await self._owned.release()
        finally:
            self._keep()
            held = self._interrupts.release()
        return held
