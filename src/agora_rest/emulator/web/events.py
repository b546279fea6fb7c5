"""Server-sent events: what the page shows, sent again when it has changed.

Nobody notes changes while they happen, so calls cost the same whether somebody listens or not. Each listener looks by
itself, a few times a second; where there is much to see it looks less often, and rests nine times as long as it looked.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from agora_rest.emulator import snapshot
from agora_rest.emulator.web.verdicts import judge

if TYPE_CHECKING:
    from agora_rest.emulator.request_log import Exchange, Journal
    from agora_rest.emulator.state import EmulatorState

LOOK: Final = 0.25
"""Real seconds between two looks."""

REST: Final = 9
"""So many times as long as it looked a listener rests."""

SILENCE: Final = 15.0
"""After so many real seconds without news a comment shows that the connection stands."""

LATEST: Final = 200
"""So many of the latest exchanges are sent."""

HEADERS: Final = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
)


async def events(emulator: EmulatorState) -> AsyncGenerator[bytes]:
    """`clock` and `view` when they have changed, `requests` when there are new ones; an empty chunk for no news."""
    listener = _Listener(emulator)
    spoke = perf_counter()
    while True:
        began = perf_counter()
        news = listener.look()
        now = perf_counter()
        if news:
            spoke = now
        elif now - spoke > SILENCE:
            news, spoke = b": nothing new\n\n", now
        yield news
        await asyncio.sleep(max(LOOK, REST * (now - began)))


class _Listener:
    """What one listener has been told."""

    def __init__(self, emulator: EmulatorState) -> None:
        self._emulator = emulator
        self._told: dict[str, str] = {}
        self._journal: Journal | None = None
        self._number = 0

    def look(self) -> bytes:
        """The events that tell what is new since the last look."""
        with self._emulator.lock:
            clock = snapshot.clock(self._emulator, self._emulator.clock.now())
            view = snapshot.view(self._emulator)
            is_new = self._journal is not self._emulator.journal  # after a reset, numbers begin again
            self._journal = self._emulator.journal
            after = max(0 if is_new else self._number, self._journal.total - LATEST)
            exchanges = list(self._journal.since(after))
            self._number = self._journal.total
        news = self._changed("clock", clock) + self._changed("view", view)
        if exchanges or is_new:
            news += _event("requests", _encode({"anew": is_new, "requests": [_judged(*each) for each in exchanges]}))
        return news.encode("utf-8")

    def _changed(self, name: str, content: dict[str, Any]) -> str:
        data = _encode(content)
        if self._told.get(name) == data:
            return ""
        self._told[name] = data
        return _event(name, data)


def _judged(number: int, exchange: Exchange) -> dict[str, Any]:
    return exchange.summary(number) | {"verdict": judge(exchange).shown()}


def _event(name: str, data: str) -> str:
    return f"event: {name}\ndata: {data}\n\n"


_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
