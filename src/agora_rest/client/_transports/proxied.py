"""Distinguishes failures of a proxy from those of the server behind it: before the proxy connects, nothing is sent.

httpx reports both in the same way, as the end or the silence of a connection. A proxy that does not speak SOCKS raises
an error of socksio.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx


class Progress:
    """Whether the request itself, not only a CONNECT, was begun. httpx calls it at each step."""

    def __init__(self) -> None:
        self.is_sent = False

    def __call__(self, event: str, info: Mapping[str, Any]) -> None:
        """Record an event of httpcore."""
        if event.endswith(".send_request_headers.started") and info["request"].method != b"CONNECT":
            self.is_sent = True


class AsyncProgress(Progress):
    """The same for tasks."""

    async def __call__(self, event: str, info: Mapping[str, Any]) -> None:  # type: ignore[override]
        """Record an event of httpcore."""
        super().__call__(event, info)


class ProxiedTransport(httpx.BaseTransport):
    """Sends requests through a proxy."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request`."""
        with _judging(request, Progress()):
            return self._inner.handle_request(request)

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()


class AsyncProxiedTransport(httpx.AsyncBaseTransport):
    """Sends requests of tasks through a proxy."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request`."""
        with _judging(request, AsyncProgress()):
            return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()


def is_unsent(request: httpx.Request) -> bool:
    """Whether `request` goes through a proxy that has not yet consented."""
    progress = request.extensions.get("trace")
    return isinstance(progress, Progress) and not progress.is_sent


@contextmanager
def _judging(request: httpx.Request, progress: Progress) -> Iterator[None]:
    request.extensions["trace"] = progress
    try:
        yield
    except httpx.TransportError as error:
        if progress.is_sent or isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout):
            raise
        kind = httpx.ConnectTimeout if isinstance(error, httpx.TimeoutException) else httpx.ProxyError
        failure = kind(str(error), request=request)
    except Exception as error:
        if type(error).__module__.partition(".")[0] != "socksio":
            raise
        failure = httpx.ProxyError(f"the proxy does not speak SOCKS5: {error}", request=request)
    raise failure
