"""Runs work to completion, such as ending a recording, even if its thread or task is interrupted."""

from __future__ import annotations

import contextvars
import logging
import sys
import threading
import weakref
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Final, TypeVar

from agora_rest.client._interrupts import Interrupts, is_uninterrupted, uninterrupted

T = TypeVar("T")

_logger: Final = logging.getLogger("agora_rest")


async def async_run_uncancellable(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Return the result of `work`, which runs to completion even if the surrounding task is cancelled.

    A shield of anyio holds off cancellations of anyio's scopes, but neither those of asyncio (`task.cancel()`,
    timeouts, Ctrl-C) nor the Ctrl-C of trio, which interrupts its main task also in a shield. So the work runs in its
    own task, and the interruption is raised when the work is done.
    """
    import anyio

    trio = sys.modules.get("trio")
    in_its_own_task = _in_a_nursery if trio and trio.lowlevel.in_trio_task() else _in_its_own_task
    with _RaisedAfterwards():
        with anyio.CancelScope(shield=True):
            result = await in_its_own_task(work)
        return result  # noqa: RET504  a scope might swallow an error, as mypy sees it


def run_uncancellable(work: Callable[[], T]) -> T:
    """Return the result of `work`, which runs to completion even if a signal handler raises: that is raised afterwards.

    Any other interruption, such as an exception set by another thread, aborts `work` once; then it is run again.
    """
    with _RaisedAfterwards():
        return _persistently(work)


class _RaisedAfterwards:
    """Raises at the end of a block what a signal handler raised in it, with a note of the block's own error.

    Within a function that is marked as uninterrupted itself, that function raises it.
    """

    def __init__(self) -> None:
        self._interrupts = Interrupts()

    def __enter__(self) -> None:
        self._interrupts.hold()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        held = self._interrupts.release(inside=is_uninterrupted(sys._getframe()))  # noqa: SLF001  there is no other way
        if held is not None:
            if error is not None:
                held.add_note(_in_words(error))
            raise held


def async_end_if_abandoned(_owner: object, _end: Callable[[], Any]) -> Callable[[], object]:
    """Does nothing: the event loop ends tasks, and nothing can be awaited after it."""
    return lambda: None


def end_if_abandoned(owner: object, end: Callable[[], Any]) -> Callable[[], object]:
    """Call `end` when `owner` is garbage-collected or the program exits.

    Returns a function that cancels this.
    """

    def call() -> None:
        try:
            end()
        except Exception as error:  # noqa: BLE001  it has no caller
            _logger.warning("a recording that was abandoned could not be ended: %s", error)

    return weakref.finalize(owner, call).detach


@uninterrupted
def _persistently(work: Callable[[], T]) -> T:
    try:
        return work()
    except RecursionError:
        return _with_a_fresh_stack(work)
    except Exception:
        raise
    except BaseException as interruption:
        try:
            work()
        except Exception as failure:  # noqa: BLE001  the interruption is what the caller has to see
            interruption.add_note(_in_words(failure))
        raise


def _with_a_fresh_stack(work: Callable[[], T]) -> T:
    """Return the result of `work`, run in its own thread because the caller's stack is too deep."""
    results: list[T] = []
    failures: list[BaseException] = []
    context = contextvars.copy_context()

    def run() -> None:
        try:
            results.append(context.run(work))
        except BaseException as error:  # noqa: BLE001  raised by the caller
            failures.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failures:
        raise failures[0]
    return results[0]


@uninterrupted
async def _to_its_end(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Return the result of `work`: in this function, exceptions of signal handlers are held back."""
    return await work()


async def _in_its_own_task(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    import asyncio

    cancelled: asyncio.CancelledError | None = None
    for _ in range(2):  # A program that exits cancels all tasks once, including this one.
        task = asyncio.create_task(_to_its_end(work))
        while not task.done():
            try:
                await asyncio.wait([task])
            except asyncio.CancelledError as error:
                cancelled = error
        if not task.cancelled():
            break
    if cancelled is None or task.cancelled():
        return task.result()
    if failure := task.exception():
        cancelled.add_note(_in_words(failure))
    raise cancelled


async def _in_a_nursery(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run `work` in a child task of trio: only the main task is interrupted by Ctrl-C, and a nursery waits for it."""
    import trio

    results: list[T] = []
    failures: list[BaseException] = []
    interruption: BaseException | None = None

    @uninterrupted
    async def run() -> None:
        with trio.CancelScope(shield=True):  # An interruption cancels the nursery.
            try:
                results.append(await _to_its_end(work))
            except BaseException as error:  # noqa: BLE001  raised by the caller
                failures.append(error)

    try:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(run)
    except BaseExceptionGroup as group:
        interruption = group.exceptions[0]
    except BaseException as error:  # noqa: BLE001  raised below
        interruption = error
    if interruption is not None:
        if failures:
            interruption.add_note(_in_words(failures[0]))
        raise interruption
    if failures:
        raise failures[0]
    return results[0]


def _in_words(failure: BaseException) -> str:
    return " ".join([str(failure), *getattr(failure, "__notes__", ())])
