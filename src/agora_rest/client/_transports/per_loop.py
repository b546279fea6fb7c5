"""Connections at home: in the process that opened them, and those of tasks in their event loop.

A forked process has copies of its parent's connections, by which both would read what was meant for the other. For an
answer on a connection of another event loop nobody can wait. So a client has connections of its own in each of them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

import httpx


class Homes:
    """What `make` has made in each place where it was asked for."""

    def __init__(self, make: Callable[[], Any], place: Callable[[], Any]) -> None:
        self._make, self._place = make, place
        # The first is made at once, so that what is missing for it is said when a client is made.
        self._made = {place(): make()}

    def here(self) -> Any:
        """The one of this place."""
        place = self._place()
        found = self._made.get(place)
        if found is None:
            for other in list(self._made):
                if _is_gone(other):  # Its connections hold it, and it holds them.
                    self._made.pop(other, None)
            found = self._made.setdefault(place, self._made.pop(None, None) or self._make())
        return found

    def leave(self) -> Any:
        """The one of this place, which is forgotten; None where there is none."""
        return self._made.pop(self._place(), None) or self._made.pop(None, None)


class HomeTransport(httpx.BaseTransport):
    """Sends by connections of this process."""

    def __init__(self, make: Callable[[], httpx.BaseTransport]) -> None:
        self._homes = Homes(make, os.getpid)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request`."""
        response: httpx.Response = self._homes.here().handle_request(request)
        return response

    def close(self) -> None:
        """Close the connections of this process."""
        if network := self._homes.leave():
            network.close()


class AsyncHomeTransport(httpx.AsyncBaseTransport):
    """Sends by connections of this event loop."""

    def __init__(self, make: Callable[[], httpx.AsyncBaseTransport]) -> None:
        self._homes = Homes(make, _loop)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request`."""
        response: httpx.Response = await self._homes.here().handle_async_request(request)
        return response

    async def aclose(self) -> None:
        """Close the connections of this event loop."""
        if network := self._homes.leave():
            await network.aclose()


def _loop() -> Any:
    """The event loop, or trio's run, that this is in; None outside of any."""
    trio = sys.modules.get("trio")
    if trio and trio.lowlevel.in_trio_run():
        return trio.lowlevel.current_trio_token()
    import asyncio  # here, for a program without tasks has not loaded it

    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _is_gone(place: Any) -> bool:
    """Whether nothing will ever be asked for there again."""
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
    """Only a run that has not finished takes it."""
