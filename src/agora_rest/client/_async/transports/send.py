"""A request is sent once: under a permit, within the deadline, and its answer is read to the end."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx

from agora_rest.client._transports import Call, call_of
from agora_rest.client._transports.send import no_time, permit, set_timeouts, waited
from agora_rest.permits import PermitTimeoutError


class AsyncSendTransport(httpx.AsyncBaseTransport):
    """Holds a permit from before the request until the answer's last byte, from when on it rests."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request`, and give its answer read."""
        call = call_of(request)
        try:
            async with permit(call) as granted:
                waited(call, granted.waited)
                set_timeouts(request, call)
                return await self._exchanged(request, call)
        except PermitTimeoutError as error:
            late = no_time(call, str(error))
        raise late

    async def _exchanged(self, request: httpx.Request, call: Call) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        try:
            if isinstance(response.stream, httpx.AsyncByteStream):
                response.stream = AsyncTimely(response.stream, request, call)
            await response.aread()
        finally:
            await response.aclose()
        return response

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()


class AsyncTimely(httpx.AsyncByteStream):
    """A body that ends with the deadline, for one that trickles never exceeds the timeout of a single step."""

    def __init__(self, inner: httpx.AsyncByteStream, request: httpx.Request, call: Call) -> None:
        self._inner, self._request, self._call = inner, request, call

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._inner:
            yield chunk
            if self._call.remaining <= 0:
                raise httpx.ReadTimeout("the deadline came before the end of the answer", request=self._request)

    async def aclose(self) -> None:
        await self._inner.aclose()
