"""Interrupts: Ctrl-C and the signals of service managers, handled so that a run can clean up before it ends."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

_ASKING_TO_STOP: Final = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)
)


@contextmanager
def stoppable() -> Iterator[None]:
    """Within the block, signals that ask the process to stop raise `KeyboardInterrupt`, as Ctrl-C does."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with _handled(_ASKING_TO_STOP, stop):
        yield


@contextmanager
def undisturbed() -> Iterator[None]:
    """Inside, Ctrl-C and its like are not heard: what is done here must be done to its end."""
    with _handled((signal.SIGINT, *_ASKING_TO_STOP), signal.SIG_IGN):
        yield


@contextmanager
def _handled(signals: tuple[signal.Signals, ...], handler: Callable[..., Any] | signal.Handlers) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():  # no other thread gets signals, or may set handlers
        yield
        return
    before = {each: signal.getsignal(each) for each in signals}
    for each, known in before.items():
        if known is not None and known is not signal.SIG_IGN:  # what is ignored from outside (nohup) stays ignored
            signal.signal(each, handler)
    try:
        yield
    finally:
        for each, known in before.items():
            if known is not None:
                signal.signal(each, known)
