"""The status line while a command waits: shown after a moment, and only on a terminal."""

from __future__ import annotations

from threading import Lock, Timer
from typing import TYPE_CHECKING, Final, Self

from agora_rest.cli._output import printable

if TYPE_CHECKING:
    from rich.console import Console

    from agora_rest.client.hooks import Hooks, RequestEvent, RetryEvent

PATIENCE: Final = 0.7
"""Seconds before anything is shown."""


class Progress:
    """Show a line on standard error with the pending action, from `patience` seconds on until the block ends."""

    def __init__(self, console: Console | None = None, patience: float = PATIENCE) -> None:
        from rich.console import Console as RichConsole
        from rich.text import Text

        self._text = Text
        console = console or RichConsole(stderr=True)
        self._status = console.status("") if console.is_terminal else None
        self._timer = Timer(patience, self._show)
        self._timer.daemon = True
        self._lock, self._over = Lock(), False

    @property
    def hooks(self) -> Hooks:
        """Hooks for a client that report its current call and why it waits."""
        from agora_rest.client.hooks import Hooks

        return Hooks(on_request=self._on_request, on_retry=self._on_retry)

    def __enter__(self) -> Self:
        if self._status is not None:
            self._timer.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._timer.cancel()
        with self._lock:  # The timer may have rung already.
            self._over = True
            if self._status is not None:
                self._status.stop()

    def _show(self) -> None:
        with self._lock:
            if self._status is not None and not self._over:
                self._status.start()

    def _update(self, text: str) -> None:
        if self._status is not None:
            self._status.update(self._text(printable(text)))

    def _on_request(self, event: RequestEvent) -> None:
        self._update(f"{event.operation} …" + (f" (attempt {event.attempt})" if event.attempt > 1 else ""))

    def _on_retry(self, event: RetryEvent) -> None:
        self._update(f"{event.operation}: {event.reason}; again in {event.delay:.1f} s …")
