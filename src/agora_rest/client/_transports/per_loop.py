"""Keeps connections per process and, for tasks, per event loop.

A forked process has copies of its parent's connections, on which both would read each other's responses. A connection
of another event loop cannot be awaited. So a client opens separate connections in each of them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

import httpx


class PerKey:
    """Creates one object per key, such as a process or an event loop, with `make`."""

    def __init__(self, make: Callable[[], Any], place: Callable[[], Any]) -> None:
        self._make, self._place = make, place
        # The first is created immediately, so that a missing dependency is reported when a client is created.
        self._made = {place(): make()}

    def here(self) -> Any:
        """The object of the current process or loop."""
        place = self._place()
        found = self._made.get(place)
        if found is None:
            for other in list(self._made):
                if _is_gone(other):  # It and its connections reference each other.
                    self._made.pop(other, None)
            found = self._made.setdefault(place, self._made.pop(None, None) or self._make())
        return found

    def leave(self) -> Any:
        """Remove and return the object of the current process or loop, or None."""
        return self._made.pop(self._place(), None) or self._made.pop(None, None)


class PerProcessTransport(httpx.BaseTransport):
    """Sends over connections of this process."""

    def __init__(self, make: Callable[[], httpx.BaseTransport]) -> None:
        self._by_key = PerKey(make, os.getpid)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request`."""
        response: httpx.Response = self._by_key.here().handle_request(request)
        return response

    def close(self) -> None:
        """Close the connections of this process."""
        if network := self._by_key.leave():
            network.close()


class PerLoopTransport(httpx.AsyncBaseTransport):
    """Sends over connections of this event loop."""

    def __init__(self, make: Callable[[], httpx.AsyncBaseTransport]) -> None:
        self._by_key = PerKey(make, _loop)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request`."""
        response: httpx.Response = await self._by_key.here().handle_async_request(request)
        return response

    async def aclose(self) -> None:
        """Close the connections of this event loop."""
        if network := self._by_key.leave():
            await network.aclose()


def _loop() -> Any:
    """The current event loop or trio run, or None."""
    trio = sys.modules.get("trio")
    if trio and trio.lowlevel.in_trio_run():
        return trio.lowlevel.current_trio_token()
    import asyncio  # here, because only programs with tasks need it

    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _is_gone(place: Any) -> bool:
    """Whether the loop has finished."""
    if place is None:
        return False
    if isinstance(place, int):
        return place != os.getpid()
    if hasattr(place, "is_closed"):
        return bool(place.is_closed())
    try:
        place.run_sync_soon(_nothing)
    except RuntimeError:  # trio's RunFinishedError
        return True
    return False


def _nothing() -> None:
    """Do nothing: only an unfinished run accepts it."""
