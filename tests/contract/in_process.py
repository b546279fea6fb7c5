"""An ASGI application as if it were on the wire: for tests and benchmarks of many servers, each for a moment."""

from __future__ import annotations

import asyncio
import threading
from types import TracebackType
from typing import Any, Final, Self

import httpx

TURN: Final = 0.0005
"""Seconds after which a waiting thread looks whether the event loop needs a thread to run it."""


class InProcess(httpx.BaseTransport):
    """Calls `app` on one event loop, where requests of several threads meet as they would on a server.

    The loop has no thread of its own: handing every request from thread to thread costs more than answering it. The
    thread that finds the loop at rest runs it until it has its response, and serves those of other threads meanwhile.
    """

    def __init__(self, app: Any) -> None:
        self._transport = httpx.ASGITransport(app=app)
        self._loop = asyncio.new_event_loop()
        self._running = threading.Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer `request`. What the application raises is raised here."""
        if self._running.acquire(blocking=False):
            try:
                return self._loop.run_until_complete(self._answer(request))
            finally:
                self._running.release()
        answer = asyncio.run_coroutine_threadsafe(self._answer(request), self._loop)
        while True:
            try:
                return answer.result(TURN)
            except TimeoutError:
                if answer.done():  # the application's own TimeoutError
                    raise
            if self._running.acquire(blocking=False):
                try:
                    return self._loop.run_until_complete(asyncio.wrap_future(answer, loop=self._loop))
                finally:
                    self._running.release()

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        asked = httpx.Request(
            request.method, request.url, headers=request.headers, content=request.read(), extensions=request.extensions
        )
        response = await self._transport.handle_async_request(asked)
        return httpx.Response(response.status_code, headers=response.headers, content=await response.aread())

    def close(self) -> None:
        """End the loop. A second time does nothing."""
        self._loop.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        self.close()
