"""A recording that is written down while a program makes it, so that somebody else can end it after a crash.

Here is only what the client asks of a journal; `agora_rest.fleet.Journal` is one. Both forms of a follower do the same,
the asynchronous one in a thread, for a journal waits for a disk.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Sequence
from typing import Any, Protocol


class Following(Protocol):
    """One recording in a journal, kept in hand by the program that makes it."""

    def acquired(self, resource_id: str) -> None:
        """It is going to be started with this. What this raises prevents the start."""
        ...

    def started(self, sid: str) -> None:
        """It runs."""
        ...

    def stopping(self) -> None:
        """It is going to be stopped."""
        ...

    def stopped(self, files: Sequence[str], uploading_status: str | None) -> None:
        """It is over."""
        ...

    def put_offline(self) -> None:
        """It is over, because its recorder was put offline."""
        ...

    def failed(self, why: str) -> None:
        """Nothing was started."""
        ...

    def leave(self) -> None:
        """The program has done what it could; if it is not over now, somebody else has to end it."""
        ...


class RecordingJournal(Protocol):
    """What `record(…, journal=…)` takes."""

    def follow(self, app_id: str, channel: str, uid: str) -> Following:
        """Write a recording down that is going to be made by this program, and keep it in hand."""
        ...


class AsyncFollower:
    """Calls a journal in a thread, one call after the other: who is cancelled leaves its call to be finished first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    async def do(self, call: Callable[..., Any], *arguments: Any) -> Any:
        """What `call` gives."""
        import anyio.to_thread

        return await anyio.to_thread.run_sync(functools.partial(self._in_turn, call, *arguments))

    def _in_turn(self, call: Callable[..., Any], *arguments: Any) -> Any:
        with self._lock:
            return call(*arguments)


class Follower:
    """Calls a journal."""

    def do(self, call: Callable[..., Any], *arguments: Any) -> Any:
        """What `call` gives."""
        return call(*arguments)
