# Derived from the file of the same name in `_async` by scripts/derive_sync.py. Change that one.
"""A request is sent once: under a permit, within the deadline, and its answer is read to the end."""

from __future__ import annotations

from collections.abc import Iterator

import httpx

from agora_rest.client._transports import Call, call_of
from agora_rest.client._transports.send import no_time, permit, set_timeouts, waited
from agora_rest.permits import PermitTimeoutError


class SendTransport(httpx.BaseTransport):
    """Holds a permit from before the request until the answer's last byte, from when on it rests."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request`, and give its answer read."""
        call = call_of(request)
        try:
            with permit(call) as granted:
                waited(call, granted.waited)
                set_timeouts(request, call)
                return self._exchanged(request, call)
        except PermitTimeoutError as error:
            late = no_time(call, str(error))
        raise late

    def _exchanged(self, request: httpx.Request, call: Call) -> httpx.Response:
        response = self._inner.handle_request(request)
        try:
            if isinstance(response.stream, httpx.SyncByteStream):
                response.stream = Timely(response.stream, request, call)
            response.read()
        finally:
            response.close()
        return response

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()


class Timely(httpx.SyncByteStream):
    """A body that ends with the deadline, for one that trickles never exceeds the timeout of a single step."""

    def __init__(self, inner: httpx.SyncByteStream, request: httpx.Request, call: Call) -> None:
        self._inner, self._request, self._call = inner, request, call

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._inner:
            yield chunk
            if self._call.remaining <= 0:
                raise httpx.ReadTimeout("the deadline came before the end of the answer", request=self._request)

    def close(self) -> None:
        self._inner.close()
