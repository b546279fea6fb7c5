"""Server-sent events: the content of the page, sent again after changes.

Calls do not record changes, so they cost the same with and without listeners. All listeners share one snapshot of the
emulator, taken a few times a second; a slow snapshot is taken less often, with a pause of nine times its duration. The
number of listeners is bounded: a new one replaces the oldest.
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
    from agora_rest.emulator.request_log import Exchange, RequestLog
    from agora_rest.emulator.state import EmulatorState

LOOK: Final = 0.25
"""Real seconds between two snapshots."""

REST: Final = 9
"""The pause after a snapshot, as a multiple of its duration."""

MAX_LISTENERS: Final = 64
"""The maximum number of open streams."""

SILENCE: Final = 15.0
"""Real seconds without events after which a comment keeps the connection alive."""

LATEST: Final = 200
"""The maximum number of exchanges sent, the latest first."""

HEADERS: Final = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
)


class Events:
    """The event streams of one emulator."""

    def __init__(self, emulator: EmulatorState) -> None:
        self._emulator = emulator
        self._listeners: dict[_Listener, None] = {}
        self._looked = (0.0, 0.0)
        self._shown: dict[str, str] = {}

    async def stream(self) -> AsyncGenerator[bytes]:
        """Yield `clock` and `view` after changes, `requests` for new ones, and an empty chunk if nothing changed.

        Ends when `MAX_LISTENERS` newer listeners have connected.
        """
        listener = _Listener(self._emulator)
        self._listeners[listener] = None
        while len(self._listeners) > MAX_LISTENERS:
            del self._listeners[next(iter(self._listeners))]
        spoke = perf_counter()
        try:
            while listener in self._listeners:
                news = listener.news(self._look())
                now = perf_counter()
                if news:
                    spoke = now
                elif now - spoke > SILENCE:
                    news, spoke = b": nothing new\n\n", now
                yield news
                await asyncio.sleep(LOOK)
        finally:
            self._listeners.pop(listener, None)

    def _look(self) -> dict[str, str]:
        """The snapshot as JSON by event, taken now or shortly before for another listener."""
        began = perf_counter()
        at, took = self._looked
        if not self._shown or began - at >= max(LOOK / 2, REST * took):
            with self._emulator.lock:
                clock = snapshot.clock(self._emulator, self._emulator.clock.now())
                view = snapshot.view(self._emulator)
            self._shown = {"clock": _encode(clock), "view": _encode(view)}
            self._looked = (began, perf_counter() - began)
        return self._shown


class _Listener:
    """The last events sent to one listener."""

    def __init__(self, emulator: EmulatorState) -> None:
        self._emulator = emulator
        self._sent: dict[str, str] = {}
        self._request_log: RequestLog | None = None
        self._number = 0

    def news(self, shown: dict[str, str]) -> bytes:
        """The events for changes since the last call."""
        with self._emulator.lock:
            is_new = self._request_log is not self._emulator.request_log  # after a reset, numbers restart
            self._request_log = self._emulator.request_log
            after = max(0 if is_new else self._number, self._request_log.total - LATEST)
            exchanges = list(self._request_log.since(after))
            self._number = self._request_log.total
        news = "".join(self._changed(name, data) for name, data in shown.items())
        if exchanges or is_new:
            news += _event("requests", _encode({"anew": is_new, "requests": [_judged(*each) for each in exchanges]}))
        return news.encode("utf-8")

    def _changed(self, name: str, data: str) -> str:
        if self._sent.get(name) == data:
            return ""
        self._sent[name] = data
        return _event(name, data)


def _judged(number: int, exchange: Exchange) -> dict[str, Any]:
    return exchange.summary(number) | {"verdict": judge(exchange).shown()}


def _event(name: str, data: str) -> str:
    return f"event: {name}\ndata: {data}\n\n"


_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
