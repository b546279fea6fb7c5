"""The bounds of a run: how long it may take, how many requests it may send, and when a server counts as broken down.

A server that hangs, drips, redirects or fails on everything must not keep a run going for hours. The gate counts every
request here; once a bound is reached no request goes out any more, and `Stopped` ends the run.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

DEFAULT_TIMEOUT: Final = 900.0
"""Seconds a run may take: a run with full access at 8 requests a second needs about half of it."""

MAX_REQUESTS: Final = 200_000
"""Requests a run may send: five times what the longest default run sends."""

CLEAN_UP_TIMEOUT: Final = 120.0
"""Seconds for removing what a run created, whether or not the run was stopped early."""

RESTORE_TIMEOUT: Final = 10.0
"""Seconds for giving an emulator its settings back."""

_FAILURES_IN_A_ROW: Final = 40
_SECONDS_IN_A_ROW: Final = 60.0
_OPERATIONS_IN_A_ROW: Final = 2


class Stopped(BaseException):
    """Ends a run at one of its bounds; the message names it.

    Not an `Exception`, so that no check takes it for a response that it cannot read.
    """


class Bounds:
    """The bounds of one run, counted from when it was made."""

    def __init__(
        self,
        seconds: float = DEFAULT_TIMEOUT,
        requests: int = MAX_REQUESTS,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._now, self._seconds, self._requests = now, seconds, requests
        self._ends_at = now() + seconds
        self._sent = 0
        self._failed = 0
        self._failed_for = 0.0
        self._failing: set[str] = set()
        self._reason = ""

    @property
    def remaining(self) -> float:
        """Seconds that are left."""
        return max(0.0, self._ends_at - self._now())

    @property
    def reason(self) -> str:
        """Why the run must end; "" while it may continue."""
        if not self._reason and self._now() >= self._ends_at:
            self._reason = f"it took longer than {_duration(self._seconds)}, the limit of --timeout"
        return self._reason

    def require(self) -> None:
        """Raise `Stopped` if the run must end."""
        if reason := self.reason:
            raise Stopped(reason)

    def count(self) -> None:
        """A request is about to be sent; raises `Stopped` if it may not be."""
        self.require()
        self._sent += 1
        if self._sent > self._requests:
            self._reason = f"it sent {self._requests} requests, the most a run may send"
            raise Stopped(self._reason)

    def succeeded(self) -> None:
        """The server responded normally, possibly with a refusal."""
        if self._failed:
            self._failed, self._failed_for = 0, 0.0
            self._failing.clear()

    def failed(self, operation: str, seconds: float, last: str) -> None:
        """The server failed a request for `operation` after this many seconds; `last` describes the failure.

        One broken operation does not end a run: consecutive failures count only across several operations.
        """
        self._failed += 1
        self._failed_for += seconds
        self._failing.add(operation)
        enough = self._failed >= _FAILURES_IN_A_ROW or self._failed_for >= _SECONDS_IN_A_ROW
        if enough and len(self._failing) >= _OPERATIONS_IN_A_ROW:
            self._reason = f"{self._failed} requests in a row failed, the last one with {last}"

    def allow(self, seconds: float) -> None:
        """Allow this many seconds from now on, regardless of earlier limits: to remove or restore something."""
        self._reason = ""
        self._seconds, self._ends_at = seconds, self._now() + seconds
        self._requests += self._sent
        self.succeeded()


def _duration(seconds: float) -> str:
    """`seconds` in words."""
    return f"{seconds / 60:g} minutes" if seconds >= 120 and seconds % 60 == 0 else f"{seconds:g} seconds"
