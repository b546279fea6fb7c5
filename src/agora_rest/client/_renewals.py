"""When the keys of a recording's storage are renewed, and what runs beside the caller's block to do it.

Temporary keys end while a recording goes on: Agora asks for new ones every 60 minutes (CR-102).
"""

from __future__ import annotations

import functools
import inspect
import sys
import threading
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from agora_rest.client.storages import Storage

RENEW_EVERY: Final = 3600.0
"""Seconds after which keys are renewed at the latest (CR-102)."""
AGAIN_AFTER: Final = 60.0
"""Seconds after which a renewal that failed is tried again, and the least pause between two."""

AsyncStorageCallback = Callable[[], "Storage | Awaitable[Storage]"]
"""Gives the storage with new keys. It is called in a thread, or is a coroutine function."""
StorageCallback = Callable[[], "Storage"]
"""Gives the storage with new keys. It is called in a thread of its own."""


def pause_before_renewal(storage: Any, now: float) -> float:
    """The seconds from `now`, in Unix time, until the keys of `storage` are to be renewed.

    That is when half of their time is over, so that there is time to try again, and after an hour at the latest.
    """
    expiration = getattr(storage, "sts_expiration", None)
    if isinstance(expiration, datetime):
        expiration = expiration.timestamp()
    if not isinstance(expiration, int | float):
        return RENEW_EVERY
    return min(RENEW_EVERY, max(AGAIN_AFTER, (expiration - now) / 2))


async def async_call_back(callback: AsyncStorageCallback) -> Any:
    """The result of a callback, which may be a coroutine function; any other runs in a thread."""
    import anyio.to_thread

    if inspect.iscoroutinefunction(callback):
        return await callback()
    found = await anyio.to_thread.run_sync(functools.partial(callback))
    return await found if inspect.isawaitable(found) else found


def call_back(callback: StorageCallback) -> Any:
    """The result of a callback."""
    return callback()


_TASKS: Final[set[Any]] = set()
"""Running tasks: the event loop itself keeps only weak references."""


def async_start_beside(work: Callable[[], Coroutine[Any, Any, None]], _name: str) -> None:
    """Run `work` beside the current task, until it returns or the event loop ends."""
    trio = sys.modules.get("trio")
    if trio and trio.lowlevel.in_trio_task():
        trio.lowlevel.spawn_system_task(work)
        return
    import asyncio

    task = asyncio.create_task(work(), name=_name)
    _TASKS.add(task)
    task.add_done_callback(_TASKS.discard)


def start_beside(work: Callable[[], None], name: str) -> None:
    """Run `work` in a thread, until it returns or the program exits."""
    threading.Thread(target=work, name=name, daemon=True).start()
