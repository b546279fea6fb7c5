"""When the keys of a recording's storage are renewed, and what runs beside the caller's block to do it.

Temporary keys expire while a recording runs: Agora asks for new ones every 60 minutes (CR-102).
"""

from __future__ import annotations

import functools
import inspect
import sys
import threading
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from agora_rest.errors import InvalidArgument

if TYPE_CHECKING:
    from agora_rest.client.storages import Storage

RENEW_EVERY: Final = 3600.0
"""Seconds after which keys are renewed at the latest (CR-102)."""
AGAIN_AFTER: Final = 60.0
"""Seconds after which a renewal that failed is tried again, and the least pause between two."""

AsyncStorageCallback = Callable[[], "Storage | Awaitable[Storage]"]
"""Returns the storage with new keys. It is called in a thread, or is a coroutine function."""
StorageCallback = Callable[[], "Storage"]
"""Returns the storage with new keys. It is called in its own thread."""


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


def check_renewable(storage: Any, renew: Any) -> None:
    """Raise InvalidArgument unless `renew` is a function and `storage` states when its keys expire."""
    from agora_rest.client.storages import Storage

    if not callable(renew):
        raise InvalidArgument("renew_storage", "must be a function that returns a storage", type(renew))
    if isinstance(storage, Storage) and getattr(storage, "sts_expiration", None) is None:
        rule = "is required with renew_storage, so that the keys are renewed in time"
        raise InvalidArgument("sts_expiration", rule, None, facts=("CR-102",))


def checked_storage(found: Any) -> Storage:
    """The storage that a callback returned. Raises InvalidArgument for any other object, without showing it."""
    from agora_rest.client.storages import Storage

    if not isinstance(found, Storage):
        raise InvalidArgument("renew_storage", "must return a storage", None if found is None else type(found))
    return found


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


def async_can_go_on(error: BaseException) -> bool:
    """Whether renewals continue after `error`: not if it cancels their own task, or interrupts the program.

    A callback may raise the CancelledError of something that it waits for, or exit like a program.
    """
    if isinstance(error, Exception | SystemExit):
        return True
    asyncio = sys.modules.get("asyncio")
    if asyncio is None or not isinstance(error, asyncio.CancelledError):
        return False
    try:
        task = asyncio.current_task()
    except RuntimeError:  # under trio, which cancels by exceptions of its own
        return True
    return task is not None and not task.cancelling()


def can_go_on(_error: BaseException) -> bool:
    """Always: nothing but the callback interrupts a thread."""
    return True


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
