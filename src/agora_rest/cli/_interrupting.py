"""Waiting that can be cut short: by a time limit, and by a termination signal."""

from __future__ import annotations

import math
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import NoReturn

from agora_rest.client.clocks import Clock


class _Over(Exception):  # noqa: N818  no error: the block is over
    """Leaves the block of `until_over`."""


class InterruptibleClock(Clock):
    """The real time. Inside `until_over`, waiting ends with the block; elsewhere nothing cuts it short.

    So a signal never breaks off a call that starts or stops a recording, only the watching between.
    """

    def __init__(self) -> None:
        self.interrupted = False
        """Whether an interruption was requested."""
        self._waiting = False
        self._ends_at: float | None = None

    def interrupt(self) -> None:
        """Ask for the end; safe in a signal handler."""
        self.interrupted = True
        if self._waiting:
            raise _Over

    @contextmanager
    def until_over(self, seconds: float | None = None) -> Iterator[None]:
        """Ends this block at its next wait once `seconds` are over or an interruption was requested."""
        self._ends_at = math.inf if seconds is None else self.now() + seconds
        try:
            yield
        except _Over:
            pass
        finally:
            self._ends_at = None

    def sleep(self, seconds: float) -> None:
        """Wait, not beyond the end of the block."""
        if self._ends_at is None:
            self._pause(seconds)
            return
        try:
            self._waiting = True
            # Requested before or after this line, the interruption takes effect: by this check, or by the handler.
            if self.interrupted or self.now() >= self._ends_at:
                raise _Over
            self._pause(min(seconds, self._ends_at - self.now()))
        finally:
            self._waiting = False
        if self.now() >= self._ends_at:
            raise _Over

    def _pause(self, seconds: float) -> None:
        time.sleep(max(0.0, seconds))


@contextmanager
def signals_call(function: Callable[[], None]) -> Iterator[None]:
    """While the block lasts, Ctrl-C, a request to terminate and the end of the terminal call `function` instead."""

    def handle(_number: int, _frame: FrameType | None) -> None:
        function()

    names = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    before = {getattr(signal, name): handle for name in names if hasattr(signal, name)}
    kept = {number: signal.signal(number, handler) for number, handler in before.items()}
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Runs the block until one of those signals ends it, without an error."""

    def leave() -> NoReturn:
        raise KeyboardInterrupt

    with suppress(KeyboardInterrupt), signals_call(leave):
        yield
