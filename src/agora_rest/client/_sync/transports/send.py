# Derived from the file of the same name in `_async` by scripts/derive_sync.py. Change that one.
"""Sends a request once, under a permit and within the deadline, and reads its response to the end."""

from __future__ import annotations

from collections.abc import Iterator

import httpx

from agora_rest.client._transports import Call, call_of
from agora_rest.client._transports.content import Body, BodyTooLarge, check_size, check_time
from agora_rest.client._transports.send import TIME_LIMIT_MARGIN, no_time, permit, set_timeouts, too_late, waited
from agora_rest.client.clocks import time_limit
from agora_rest.permits import PermitTimeoutError


class SendTransport(httpx.BaseTransport):
    """Holds a permit from before the request until the response's last byte; it is free again one second later."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request` and return its response, fully read."""
        call = call_of(request)
        try:
            with permit(call) as granted:
                waited(call.options.hooks, call.operation.id, granted.waited)
                return self._in_time(request, call, set_timeouts(request, call))
        except PermitTimeoutError as error:
            late = no_time(call, str(error))
        raise late

    def _in_time(self, request: httpx.Request, call: Call, left: float) -> httpx.Response:
        try:
            with time_limit(left + TIME_LIMIT_MARGIN):
                return self._exchanged(request, call)
        except TimeoutError:
            late = too_late(request)
        raise late

    def _exchanged(self, request: httpx.Request, call: Call) -> httpx.Response:
        response = self._inner.handle_request(request)
        try:
            if response.is_closed:  # A transport of the caller has read it.
                check_size(len(response.content), call)
            elif "content-encoding" in response.headers:
                response = self._decoded(response, request)
            elif isinstance(response.stream, httpx.ByteStream):  # The network transport has read it.
                response.read()
                check_size(len(response.content), call)
            elif isinstance(response.stream, httpx.SyncByteStream):
                response.stream = Bounded(response.stream, request, call)
                response.read()
        except BodyTooLarge as error:
            error.response = response
            raise
        finally:
            response.close()
        return response

    def _decoded(self, response: httpx.Response, request: httpx.Request) -> httpx.Response:
        try:
            body = Body(request, response.headers)
            for piece in response.iter_raw():
                body.feed(piece)
            content = body.content()
        finally:
            response.close()
        decoded = httpx.Response(response.status_code, content=content, extensions=response.extensions)
        decoded.headers = response.headers
        return decoded

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()


class Bounded(httpx.SyncByteStream):
    """Bounds a body by the deadline and by the maximum size."""

    def __init__(self, inner: httpx.SyncByteStream, request: httpx.Request, call: Call) -> None:
        self._inner, self._request, self._call = inner, request, call

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for piece in self._inner:
            size += len(piece)
            check_size(size, self._call)
            yield piece
            check_time(self._request, self._call)

    def close(self) -> None:
        self._inner.close()
