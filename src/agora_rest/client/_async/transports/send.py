"""Sends a request once, under a permit and within the deadline, and reads its response to the end."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx

from agora_rest.client._transports import Call, call_of
from agora_rest.client._transports.content import Body, BodyTooLarge, check_size, check_time
from agora_rest.client._transports.send import TIME_LIMIT_MARGIN, no_time, permit, set_timeouts, too_late, waited
from agora_rest.client.clocks import async_time_limit
from agora_rest.permits import PermitTimeoutError


class AsyncSendTransport(httpx.AsyncBaseTransport):
    """Holds a permit from before the request until the response's last byte; it is free again one second later."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request` and return its response, fully read."""
        call = call_of(request)
        try:
            async with permit(call) as granted:
                waited(call.options.hooks, call.operation.id, granted.waited)
                return await self._in_time(request, call, set_timeouts(request, call))
        except PermitTimeoutError as error:
            late = no_time(call, str(error))
        raise late

    async def _in_time(self, request: httpx.Request, call: Call, left: float) -> httpx.Response:
        try:
            async with async_time_limit(left + TIME_LIMIT_MARGIN):
                return await self._exchanged(request, call)
        except TimeoutError:
            late = too_late(request)
        raise late

    async def _exchanged(self, request: httpx.Request, call: Call) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        try:
            if response.is_closed:  # A transport of the caller has read it.
                check_size(len(response.content), call)
            elif "content-encoding" in response.headers:
                response = await self._decoded(response, request)
            elif isinstance(response.stream, httpx.ByteStream):  # The network transport has read it.
                response.read()
                check_size(len(response.content), call)
            elif isinstance(response.stream, httpx.AsyncByteStream):
                response.stream = AsyncBounded(response.stream, request, call)
                await response.aread()
        except BodyTooLarge as error:
            error.response = response
            raise
        finally:
            await response.aclose()
        return response

    async def _decoded(self, response: httpx.Response, request: httpx.Request) -> httpx.Response:
        try:
            body = Body(request, response.headers)
            async for piece in response.aiter_raw():
                body.feed(piece)
            content = body.content()
        finally:
            await response.aclose()
        decoded = httpx.Response(response.status_code, content=content, extensions=response.extensions)
        decoded.headers = response.headers
        return decoded

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()


class AsyncBounded(httpx.AsyncByteStream):
    """Bounds a body by the deadline and by the maximum size."""

    def __init__(self, inner: httpx.AsyncByteStream, request: httpx.Request, call: Call) -> None:
        self._inner, self._request, self._call = inner, request, call

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for piece in self._inner:
            size += len(piece)
            check_size(size, self._call)
            yield piece
            check_time(self._request, self._call)

    async def aclose(self) -> None:
        await self._inner.aclose()
