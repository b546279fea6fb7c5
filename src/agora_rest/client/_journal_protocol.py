"""The journal interface of the client: a worker can end journaled recordings after the program crashed.

`agora_rest.fleet.Journal` implements it. Journal calls may wait for a disk, so the asynchronous client makes them in a
thread.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol

BUSY_BY_A_CRASH: Final = (
    "If a program that crashed made that recording, the journal has it: `await agora_rest.fleet.recover(journal, "
    "async_agora)` or `agora-rest fleet worker --journal …` ends it, up to a minute after the crash."
)
"""The advice of `RecorderBusy` in a program that has a journal."""


class JournalEntry(Protocol):
    """The journal entry of one recording, owned by the program that makes the recording."""

    def acquired(self, resource_id: str) -> None:
        """Record that it is about to be started. An exception prevents the start."""
        ...

    def started(self, sid: str) -> None:
        """Record that it is running."""
        ...

    def stopping(self) -> None:
        """Record that it is about to be stopped."""
        ...

    def stopped(self, files: Sequence[str], uploading_status: str | None) -> None:
        """Record that it is over."""
        ...

    def put_offline(self) -> None:
        """Record that it is over because its recorder was put offline."""
        ...

    def failed(self, why: str) -> None:
        """Record that nothing was started."""
        ...

    def release(self) -> None:
        """Give up ownership; if the recording is not over, a worker of the journal ends it."""
        ...


class RecordingJournal(Protocol):
    """A journal for `record(…, journal=…)`."""

    def open_entry(self, app_id: str, channel: str, uid: str, *, mode: str = "mix") -> JournalEntry:
        """Record that this program is about to make a recording, and return its entry, owned by this program."""
        ...


class AsyncJournalCalls:
    """Calls a journal in a thread, one call at a time. A cancelled caller's call is still finished."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    async def run(self, call: Callable[..., Any], *arguments: Any) -> Any:
        """Return the result of `call`."""
        import anyio.to_thread

        return await anyio.to_thread.run_sync(functools.partial(self._in_turn, call, *arguments))

    def _in_turn(self, call: Callable[..., Any], *arguments: Any) -> Any:
        with self._lock:
            return call(*arguments)


class JournalCalls:
    """Calls a journal."""

    def run(self, call: Callable[..., Any], *arguments: Any) -> Any:
        """Return the result of `call`."""
        return call(*arguments)
