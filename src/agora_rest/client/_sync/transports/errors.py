# Derived from the file of the same name in `_async` by scripts/derive_sync.py. Change that one.
"""Turns every outcome but a success into a typed error."""

from __future__ import annotations

import httpx

from agora_rest.client._json_reader import UnexpectedShape
from agora_rest.client._transports import call_of, keep_result
from agora_rest.client._transports.content import BodyTooLarge
from agora_rest.client._transports.errors import judged, malformed, network_failure, read_at_once, too_large
from agora_rest.errors import CallError


class ErrorsTransport(httpx.BaseTransport):
    """Returns successful responses with their result, and raises a typed error for any other outcome."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request` and classify the outcome."""
        try:
            response = self._inner.handle_request(request)
        except (httpx.RequestError, OSError) as error:
            failure: CallError = network_failure(request, error)
        except BodyTooLarge as error:
            failure = too_large(request, error.response)
        else:
            if (result := read_at_once(request, response)) is not None:
                keep_result(response, result)
                return response
            outcome = judged(request, response)
            if not isinstance(outcome, CallError):
                try:
                    keep_result(response, call_of(request).reader.read(outcome))
                except UnexpectedShape as error:
                    outcome = malformed(request, response, str(error), error.field)
                else:
                    return response
            failure = outcome
        # Outside the `except`, so that the network's error, whose frames hold the request, is not chained.
        raise failure

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()
