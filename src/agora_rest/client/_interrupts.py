"""Holds back Ctrl-C while a recording is started or ended by a thread, so that none is left running.

A signal's handler may raise between any two instructions of the main thread: between the response of a start and the
variable that would have kept its `sid`, or in the stop. So while a recording lasts, a handler stands before the
program's own. It calls that one at once, and where a function marked as `uninterrupted` is running it keeps what was
raised, to be raised when the recording has been ended. Everywhere else, in the block of `record` for instance, nothing
changes. A handler that ends the process by itself (SIG_DFL) is left alone.
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
    """Mark `function`: what a signal's handler raises while it runs is held back."""
    _CODES.add(cast("FunctionType", function).__code__)
    return function


class Interrupts:
    """What signals raise while one recording lasts. Outside of the main thread there are none."""

    def __init__(self) -> None:
        self._is_on = False

    def hold(self) -> None:
        """Hold back, from here on, what is raised in functions that are marked."""
        if threading.current_thread() is threading.main_thread():
            self._is_on = True
            _state.users.add(self)
            _install()

    def release(self, *, inside: bool = False) -> BaseException | None:
        """Hold nothing back any more; gives what was held, unless a marked function is still around (`inside`)."""
        if not self._is_on:
            return None
        self._is_on = False
        _state.users.discard(self)
        if not _state.users:
            _uninstall()
        return None if inside else self.take()

    def take(self) -> BaseException | None:
        """What was held back, which is then no longer held."""
        if threading.current_thread() is not threading.main_thread():
            return None
        held, _state.held = _state.held, None
        return held


class AsyncInterrupts:
    """For tasks Ctrl-C is a cancellation, which `async_run_uncancellable` holds back."""

    def hold(self) -> None:
        """Nothing to do."""

    def release(self, *, inside: bool = False) -> BaseException | None:
        """Nothing is held."""

    def take(self) -> BaseException | None:
        """Nothing is held."""


def is_uninterrupted(frame: FrameType | None) -> bool:
    """Whether `frame`, or one that it was called from, is that of a marked function."""
    while frame is not None:
        if frame.f_code in _CODES:
            return True
        frame = frame.f_back
    return False


class _State:
    """Signals belong to the process, so this does."""

    users: Final[weakref.WeakSet[Interrupts]] = weakref.WeakSet()
    """Weak, for one that was itself interrupted may never be released."""
    held: BaseException | None = None
    handlers: Final[dict[int, Callable[[int, FrameType | None], Any]]] = {}
    """The program's own."""


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
    for number in _SIGNALS:
        if signal.getsignal(number) is _handle:  # The program may have set another one meanwhile.
            signal.signal(number, _state.handlers[number])
