"""The server of `agora-rest fleet webhooks`: uvicorn, with limits on connections that send nothing."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_CONNECTIONS: Final = 500
"""Connections at a time; a request beyond is refused with 503, and Agora sends the notification again."""

HEAD_TIMEOUT: Final = 10.0
"""Seconds in which the head of a request has to arrive. Without a limit, idle connections would use up all of them."""


class WebhookProtocol(HttpToolsProtocol):
    """Closes a connection whose next request does not begin in time, however slowly its bytes arrive."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the clock of the first request."""
        super().connection_made(transport)
        self._timer: asyncio.TimerHandle | None = None
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Start the clock of a later request with its first byte; uvicorn limits the idle time before."""
        if self._timer is None and (self.cycle is None or self.cycle.response_complete):
            self._watch()
        super().data_received(data)

    def on_headers_complete(self) -> None:
        """Stop the clock: from here on, the time for the body is limited (see `fleet.webhooks`)."""
        self._unwatch()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the clock."""
        self._unwatch()
        super().connection_lost(exc)

    def _watch(self) -> None:
        self._timer = self.loop.call_later(HEAD_TIMEOUT, self._close)

    def _unwatch(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _close(self) -> None:
        self._timer = None
        self.transport.close()


def server_of(application: Any) -> uvicorn.Server:
    """A server for an ASGI application that receives notifications."""
    return uvicorn.Server(
        uvicorn.Config(
            application,
            http=WebhookProtocol,
            lifespan="off",
            access_log=False,
            log_level="warning",
            server_header=False,
            limit_concurrency=MAX_CONNECTIONS,
        )
    )
