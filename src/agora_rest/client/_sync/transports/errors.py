# Derived from the file of the same name in `_async` by scripts/derive_sync.py. Change that one.
"""Turns every outcome but a success into a typed error."""

from __future__ import annotations

import httpx

from agora_rest.client._reading import UnexpectedShape
from agora_rest.client._transports import call_of
from agora_rest.client._transports.content import BodyTooLarge
from agora_rest.client._transports.errors import judged, malformed, network_failure, read_at_once, too_large
from agora_rest.errors import CallError


class ErrorsTransport(httpx.BaseTransport):
    """Returns successful responses with their result, and raises a typed error for any other outcome."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request` and classify the outcome."""
        outcome = self._outcome(request)
        if isinstance(outcome, CallError):
            # Here, where no variable holds the response or the network's error, whose texts may contain secrets.
            raise outcome
        return outcome

    def _outcome(self, request: httpx.Request) -> httpx.Response | CallError:
        try:
            response = self._inner.handle_request(request)
        except (httpx.RequestError, OSError) as error:
            return network_failure(request, error)
        except BodyTooLarge as error:
            return too_large(request, error.response)
        if (result := read_at_once(request, response)) is None:
            judgement = judged(request, response)
            if isinstance(judgement, CallError):
                return judgement
            try:
                result = call_of(request).reader.read(judgement)
            except UnexpectedShape as error:
                return malformed(request, response, str(error), error.field)
        call_of(request).result = result
        return response

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()
