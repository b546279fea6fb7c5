"""Holds back Ctrl-C while a thread starts or ends a recording, so that none is left running.

A signal handler may raise between any two instructions of the main thread: between the response to a start and the
assignment of its `sid`, or during the stop. So while a recording lasts, a handler wraps the program's own. It calls
that one immediately; if a function marked as `uninterrupted` is running, it keeps the exception and raises it when the
recording has ended. Everywhere else, for instance in the block of `record`, nothing changes. A handler that ends the
process itself (SIG_DFL) is not wrapped.
"""

from __future__ import annotations

import signal
import threading
import weakref
from collections.abc import Callable
from types import CodeType, FrameType, FunctionType
from typing import Any, Final, TypeVar, cast

Function = TypeVar("Function", bound=Callable[..., Any])

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


def uninterrupted(function: Function) -> Function:
    """Mark `function`: exceptions of signal handlers are held back while it runs."""
    _CODES.add(cast("FunctionType", function).__code__)
    return function


class Interrupts:
    """The exceptions of signal handlers during one recording. Outside the main thread there are none.

    To asyncio the first Ctrl-C is a cancellation, which `async_run_uncancellable` holds back. The second one, and each
    one in trio, is an exception in the task that happens to run.
    """

    def __init__(self) -> None:
        self._is_on = False

    def hold(self) -> None:
        """Start to hold back exceptions in marked functions."""
        if threading.current_thread() is threading.main_thread():
            self._is_on = True
            if not _state.users:
                _state.held = None  # One that was interrupted in its release may have left an older one.
            _state.users.add(self)
            _install()

    def release(self, *, inside: bool = False) -> BaseException | None:
        """Stop holding back. Returns the held exception, unless a marked function is still running (`inside`)."""
        if not self._is_on:
            return None
        self._is_on = False
        _state.users.discard(self)
        if not _state.users:
            _uninstall()
        return None if inside else self.take()

    def take(self) -> BaseException | None:
        """Return the held exception, and forget it."""
        if threading.current_thread() is not threading.main_thread():
            return None
        held, _state.held = _state.held, None
        return held


def is_uninterrupted(frame: FrameType | None) -> bool:
    """Whether `frame` or one of its callers is that of a marked function."""
    while frame is not None:
        if frame.f_code in _CODES:
            return True
        frame = frame.f_back
    return False


class _State:
    """Global, because signal handlers belong to the process."""

    users: Final[weakref.WeakSet[Interrupts]] = weakref.WeakSet()
    """Weak, because one that was itself interrupted may never be released."""
    held: BaseException | None = None
    handlers: Final[dict[int, Callable[[int, FrameType | None], Any]]] = {}
    """The program's own handlers."""


_CODES: Final[set[CodeType]] = set()
_state: Final = _State()


def _handle(number: int, frame: FrameType | None) -> None:
    handler = _state.handlers[number]
    if not is_uninterrupted(frame):
        handler(number, frame)
        return
    try:
        handler(number, frame)
    except BaseException as interruption:  # noqa: BLE001  it is raised later
        _state.held = _state.held or interruption.with_traceback(None)


def _install() -> None:
    for number in _SIGNALS:
        handler = signal.getsignal(number)
        if callable(handler) and handler is not _handle:
            _state.handlers[number] = handler
            signal.signal(number, _handle)


def _uninstall() -> None:
    if threading.current_thread() is not threading.main_thread():
        return  # Only the main thread can; the end of its next recording does.
    for number in _SIGNALS:
        if signal.getsignal(number) is _handle:  # The program may have replaced the handler meanwhile.
            signal.signal(number, _state.handlers[number])
