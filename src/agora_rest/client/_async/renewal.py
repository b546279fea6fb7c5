"""Renews the keys of a recording's storage for as long as the recording lasts."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from agora_rest.client._renewals import (
    AGAIN_AFTER,
    AsyncStorageCallback,
    async_call_back,
    async_can_go_on,
    async_start_beside,
    checked_storage,
    pause_before_renewal,
)
from agora_rest.client.clocks import AsyncClock, AsyncSignal
from agora_rest.errors import NotFound

if TYPE_CHECKING:
    from agora_rest.client._async.recording_calls import AsyncRecordingCalls
    from agora_rest.client.models import StartedRecording
    from agora_rest.client.storages import Storage

_logger: Final = logging.getLogger("agora_rest")


class AsyncStorageRenewal:
    """Calls `renew` when the keys of the storage are about to end, and updates the recording with what it returns.

    It runs concurrently with the caller's block. A renewal that fails is logged and retried after a minute. In any
    case the recording continues, and Agora keeps files that it cannot upload.
    """

    def __init__(
        self, recordings: AsyncRecordingCalls, renew: AsyncStorageCallback, storage: Storage, clock: AsyncClock
    ) -> None:
        self._recordings, self._renew, self._storage, self._clock = recordings, renew, storage, clock
        self._over = AsyncSignal()

    def begin(self, started: StartedRecording) -> None:
        """Renew from now on."""
        self._started = started
        async_start_beside(self._run, "agora-storage-renewal")

    def end(self) -> None:
        """Begin no more renewals. Waits for none: a callback may take long, and the recording is to be stopped."""
        self._over.set()

    async def _run(self) -> None:
        pause = pause_before_renewal(self._storage, self._clock.unix_time())
        while not await self._clock.wait(self._over, pause):
            pause = await self._renewed()

    async def _renewed(self) -> float:
        """Renew once. Returns the pause until the next time."""
        try:
            found = await async_call_back(self._renew)
            if self._over.is_set():
                return 0.0
            storage = checked_storage(found)
            await self._recordings.update(self._started, storage=storage)
        except NotFound:
            return AGAIN_AFTER  # It has ended, or the service is moving it to another machine.
        except BaseException as error:  # whatever a callback raises, the keys must be renewed
            if not async_can_go_on(error):
                raise
            if not self._over.is_set():
                text = "The storage of recording %s could not be renewed and will be in %g seconds: %s"
                _logger.warning(text, self._started.sid, AGAIN_AFTER, _without_callers_text(error))
            return AGAIN_AFTER
        return pause_before_renewal(storage, self._clock.unix_time())


def _without_callers_text(error: BaseException) -> str:
    """An error without what a callback of the caller's may have put into its message, such as a key."""
    return str(error) if type(error).__module__.startswith("agora_rest.") else type(error).__name__
